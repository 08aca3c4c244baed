import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serverNow } from "./clock.ts";
import { FakeEventSource, FakeServer } from "./fakes.ts";
import { MOST_WAIT_MS, OPENING_MS, POLL_MS, SILENCE_MS, waitAfter } from "./link.ts";
import { follow, type Following, type Live } from "./live.ts";

interface Thing {
  id: string;
  version: number;
}

const thing = (id: string, version: number): Thing => ({ id, version });
const NOBODY = new TypeError("Failed to fetch");

let server: FakeServer;
let live: Live;
let drawn: string[];

function watch(more: Partial<Following<Thing>> = {}): void {
  live = follow<Thing>({
    stream: "/stream",
    poll: "/poll",
    apply: ({ id, version }) => drawn.push(`${id}${version}`),
    reset: (all, source) => drawn.push(`${source}:${all.map(({ id, version }) => `${id}${version}`).join(" ")}`),
    ...more,
  });
}

const stream = () => FakeEventSource.newest;
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-22T19:00:00Z") });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  FakeEventSource.all = [];
  server = new FakeServer([NOBODY]);
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("fetch", server.fetch);
  drawn = [];
});

afterEach(() => {
  live.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a screen that is connected", () => {
  it("draws the snapshot, then whatever is newer", () => {
    watch();
    expect(live.state.value).toBe("connecting");
    stream().say("snapshot", { data: [thing("a", 1), thing("b", 4)] });
    stream().say("order", thing("a", 2));
    stream().say("order", thing("b", 3));
    stream().say("order", thing("c", 1));
    expect(drawn).toEqual(["stream:a1 b4", "a2", "c1"]);
    expect(live.state.value).toBe("live");
    expect(live.updatedAt.value).toBe(Date.now());
  });

  it("hands on the other events", () => {
    const health = vi.fn();
    watch({ events: { health } });
    stream().say("health", { dead_letters: 0 });
    expect(health).toHaveBeenCalledWith({ dead_letters: 0 });
  });

  it("forgets those that it need not keep, and still draws them once", () => {
    watch({ keep: ({ version }) => version < 3 });
    stream().say("snapshot", { data: [thing("a", 2)] });
    stream().say("order", thing("a", 3));
    stream().say("order", thing("a", 3));
    expect(drawn).toEqual(["stream:a2", "a3"]);
  });

  it("holds the drawing while paused, and keeps the connection", () => {
    watch();
    stream().say("snapshot", { data: [thing("a", 1)] });
    live.pause();
    stream().say("order", thing("a", 2));
    stream().say("order", thing("a", 3));
    stream().say("order", thing("b", 1));
    expect([drawn, live.waiting.value, live.paused.value]).toEqual([["stream:a1"], 2, true]);
    live.resume();
    expect(drawn).toEqual(["stream:a1", "a3", "b1"]);
    expect([live.waiting.value, live.paused.value]).toEqual([0, false]);
  });

  it("draws a snapshot that came while it was paused when it goes on", () => {
    watch();
    stream().say("snapshot", { data: [thing("a", 1)] });
    live.pause();
    stream().say("snapshot", { data: [thing("b", 1)] });
    expect(live.waiting.value).toBe(1);
    live.resume();
    expect(drawn).toEqual(["stream:a1", "stream:b1", "b1"]);
  });
});

describe("a screen whose line breaks", () => {
  it("lets the browser try once, which asks for what was missed", async () => {
    watch();
    stream().say("snapshot", { data: [thing("a", 1)] });
    stream().breakOff();
    expect(live.state.value).toBe("stale");
    expect(FakeEventSource.all).toHaveLength(1);
    stream().say("order", thing("a", 2));
    expect(live.state.value).toBe("live");
    await pass(POLL_MS);
    expect(server.asked).toEqual([]);
  });

  it("polls when that fails, draws what it hears, and goes back to the stream", async () => {
    watch();
    stream().say("snapshot", { data: [thing("a", 1)] });
    server.answers = [{ body: { data: [thing("a", 2)] }, etag: '"x"' }, { status: 304, etag: '"x"' }];
    stream().breakOff();
    stream().breakOff();
    await pass(0);
    expect(live.state.value).toBe("polling");
    expect(drawn.at(-1)).toBe("poll:a2");
    await pass(POLL_MS);
    expect(server.asked[1]!.headers["If-None-Match"]).toBe('"x"');
    expect(FakeEventSource.all).toHaveLength(2);
    stream().say("snapshot", { data: [thing("a", 3)] });
    expect(live.state.value).toBe("live");
    const asked = server.asked.length;
    await pass(POLL_MS * 2);
    expect(server.asked).toHaveLength(asked);
  });

  it("does not draw the answer to a poll that the stream has overtaken", async () => {
    watch();
    let answer: (told: Response) => void = () => undefined;
    vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (answer = resolve)));
    stream().refuse();
    live.retry();
    await pass(0);
    stream().say("snapshot", { data: [thing("a", 2), thing("b", 1)] });
    answer(Response.json({ data: [thing("a", 1)] }));
    await pass(0);
    expect(drawn).toEqual(["stream:a2 b1"]);
  });

  it("says when it tries again, waits longer each time, and tries at once when told to", async () => {
    watch();
    stream().refuse();
    await pass(0);
    expect(live.state.value).toBe("offline");
    expect(live.nextTryAt.value).toBe(Date.now() + 1000);
    await pass(1000);
    expect(FakeEventSource.all).toHaveLength(2);
    stream().refuse();
    await pass(0);
    expect(live.nextTryAt.value).toBe(Date.now() + 2000);
    live.retry();
    await pass(0);
    expect(FakeEventSource.all).toHaveLength(3);
  });

  it("knows a line that is dead without saying so", async () => {
    watch();
    stream().say("snapshot", { data: [] });
    await pass(SILENCE_MS - 1);
    expect(live.state.value).toBe("live");
    stream().say("beat", { at: "2026-11-22T19:00:25Z" });
    await pass(SILENCE_MS);
    expect(live.state.value).toBe("offline");
  });

  it("does not wait forever for a stream that never says anything", async () => {
    server.answers = [{ body: { data: [thing("a", 1)] } }];
    watch();
    await pass(OPENING_MS);
    expect(live.state.value).toBe("polling");
  });

  it("sends what was saved before it looks again", async () => {
    const order: string[] = [];
    watch({ beforeReopening: () => Promise.resolve(order.push("sent")) });
    stream().say("snapshot", { data: [] });
    stream().refuse();
    await pass(1000);
    expect(order).toEqual(["sent"]);
    expect(FakeEventSource.all).toHaveLength(2);
  });

  it("stops when the server says that there is nothing to see, until somebody asks again", async () => {
    server.answers = [{ status: 404, body: { code: "order-not-found", detail: "There is no order with this token." } }];
    watch();
    stream().refuse();
    await pass(MOST_WAIT_MS * 2);
    expect(live.problem.value?.code).toBe("order-not-found");
    expect(FakeEventSource.all).toHaveLength(1);
    live.retry();
    await pass(0);
    expect(FakeEventSource.all).toHaveLength(2);
  });

  it("tries again at once when the network is back, and says that it is gone when it goes", async () => {
    watch();
    stream().say("snapshot", { data: [] });
    globalThis.dispatchEvent(new Event("offline"));
    expect(live.state.value).toBe("offline");
    globalThis.dispatchEvent(new Event("online"));
    await pass(0);
    expect(FakeEventSource.all).toHaveLength(2);
    stream().say("snapshot", { data: [] });
    expect(live.state.value).toBe("live");
  });

  it("shows what was known last where nobody answers, and when that was", async () => {
    watch({ cacheKey: "things" });
    stream().say("snapshot", { data: [thing("a", 1), thing("b", 1)] });
    const at = serverNow();
    await pass(1000);
    stream().say("order", thing("a", 2));
    await pass(10);
    live.close();
    drawn = [];
    watch({ cacheKey: "things" });
    stream().refuse();
    await pass(10);
    expect(drawn).toEqual(["cache:a2 b1"]);
    expect([live.state.value, live.updatedAt.value]).toEqual(["offline", at + 1000]);
    stream().say("snapshot", { data: [thing("a", 3)] });
    expect(drawn.at(-1)).toBe("cache:a2 b1");
    live.retry();
    await pass(0);
    stream().say("snapshot", { data: [thing("a", 3)] });
    expect(drawn.at(-1)).toBe("stream:a3");
  });

  it("is silent once it is closed", async () => {
    watch();
    live.close();
    await pass(MOST_WAIT_MS);
    globalThis.dispatchEvent(new Event("online"));
    await pass(0);
    expect(FakeEventSource.all).toHaveLength(1);
    expect(stream().readyState).toBe(FakeEventSource.CLOSED);
  });
});

describe("the wait between tries", () => {
  it("doubles up to half a minute, and is never the same for all screens", () => {
    const plain = [1, 2, 3, 4, 5, 6, 9].map((failures) => waitAfter(failures, () => 0.5));
    expect(plain).toEqual([1000, 2000, 4000, 8000, 16_000, MOST_WAIT_MS, MOST_WAIT_MS]);
    expect([waitAfter(3, () => 0), waitAfter(3, () => 1)]).toEqual([3200, 4800]);
  });
});
