import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const AT = Date.parse("2026-11-22T19:00:00Z");

describe("the server's clock", () => {
  let clock: typeof import("./clock.ts");

  beforeEach(async () => {
    vi.useFakeTimers({ now: AT });
    vi.resetModules();
    clock = await import("./clock.ts");
  });
  afterEach(() => vi.useRealTimers());

  it("is ours until something is heard", () => {
    expect(clock.serverNow()).toBe(AT);
  });

  it("is taken from a Date header where it is far from ours, and not where it is near", () => {
    clock.heardDate("Sun, 22 Nov 2026 19:00:00 GMT");
    expect(clock.serverNow()).toBe(AT);
    clock.heardDate("Sun, 22 Nov 2026 19:05:00 GMT");
    expect(clock.serverNow()).toBe(AT + 300_500);
    clock.heardDate(null);
    clock.heardDate("yesterday");
    expect(clock.serverNow()).toBe(AT + 300_500);
  });

  it("is what was under way for the shortest time", () => {
    clock.heardDate("Sun, 22 Nov 2026 19:05:00 GMT");
    clock.heard("2026-11-22T19:01:00.000Z", AT + 400);
    clock.heard("2026-11-22T19:01:00.000Z", AT + 20);
    clock.heard("2026-11-22T19:01:00.000Z", AT + 90);
    clock.heard("not a time");
    expect(clock.serverNow()).toBe(AT + 60_000 - 20);
    clock.heardDate("Sun, 22 Nov 2026 19:05:00 GMT");
    expect(clock.serverNow()).toBe(AT + 60_000 - 20);
  });

  it("ticks with each of its seconds", () => {
    clock.heard("2026-11-22T19:00:00.300Z", AT);
    const seen: number[] = [];
    const stop = clock.now.subscribe((moment) => seen.push(moment));
    vi.advanceTimersByTime(3000);
    stop();
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(seen.at(-1)! - seen[0]!).toBeGreaterThanOrEqual(2000);
  });

  it("says how long ago a moment was", () => {
    expect(clock.secondsSince("2026-11-22T18:59:00Z", AT)).toBe(60);
    expect(clock.secondsSince("2026-11-22T19:01:00Z", AT)).toBe(-60);
  });
});
