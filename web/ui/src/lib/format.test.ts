import { describe, expect, it } from "vitest";
import { about, ago, count, day, duration, money, time, timeRange } from "./format.ts";

describe("what people read", () => {
  it("is money in whole units, with as many digits as the currency has", () => {
    expect(money(1150, "EUR")).toContain("11.50");
    expect(money(1150, "JPY")).toContain("1,150");
    expect(money(0, "EUR")).toContain("0.00");
  });

  it.each([
    [0, "0:00"],
    [9.9, "0:09"],
    [522, "8:42"],
    [3599, "59:59"],
    [3725, "1:02:05"],
    [-4, "0:00"],
  ])("is %d seconds as a timer shows them: %s", (seconds, shown) => {
    expect(duration(seconds)).toBe(shown);
  });

  it.each([
    [-5, "any moment now"],
    [44, "any moment now"],
    [45, "about a minute"],
    [530, "about 9 minutes"],
    [3600, "about an hour"],
    [3600 * 2 + 60 * 4, "about 2 hours"],
    [3600 + 60 * 20, "about 1 h 20 min"],
  ])("is %d seconds to wait: %s", (seconds, shown) => {
    expect(about(seconds)).toBe(shown);
  });

  it.each([
    [0, "just now"],
    [4.2, "4 s ago"],
    [61, "1 min ago"],
    [7300, "2 h ago"],
  ])("is %d seconds past: %s", (seconds, shown) => {
    expect(ago(seconds)).toBe(shown);
  });

  it("is one time where a range has no length to speak of", () => {
    const from = "2026-11-22T18:54:10Z";
    expect(timeRange(from, "2026-11-22T18:54:40Z")).toBe(time(from));
    expect(timeRange(from, "2026-11-22T18:58:00Z")).toContain("–");
  });

  it("is the business day that was meant, wherever the reader is", () => {
    expect(day("2026-11-22")).toMatch(/Sunday.*22|22.*Sunday/);
  });

  it("counts", () => {
    expect([count(1, "item"), count(2, "item"), count(0, "dish", "dishes")]).toEqual(["1 item", "2 items", "0 dishes"]);
  });
});
