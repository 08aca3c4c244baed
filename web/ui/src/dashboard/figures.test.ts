import { expect, test } from "vitest";
import type { Station } from "../lib/api.ts";
import { figuresOf, histogram, loadsOf, nearestRank, ordersPerHour, stepFor, timesOf } from "./figures.ts";
import { rowOf } from "./floor.ts";
import { at, done, item, minute, order } from "./samples.ts";

const SLOTS = { grill: 2 };
const STATIONS: Station[] = [
  { id: "grill", name: "Grill", slots: 2, open_items: 0, load_seconds: 0 },
  { id: "bar", name: "Bar", slots: 1, open_items: 0, load_seconds: 0 },
];
const row = (one: ReturnType<typeof order>) => rowOf(one, minute(20), SLOTS);

test("percentiles are times that happened", () => {
  expect(nearestRank([], 50)).toBeNull();
  expect(nearestRank([7], 90)).toBe(7);
  expect(nearestRank([1, 2, 3, 4], 50)).toBe(2);
  expect(nearestRank([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90)).toBe(9);
  expect(timesOf([done(4), done(8), order()])).toEqual({ count: 2, p50: 240, p90: 480 });
});

test("today's figures are those of today's orders", () => {
  const cancelled = order([item()], { status: "cancelled", total: 0 });
  const before = done(5, { business_day: "2026-11-21" });
  const figures = figuresOf([done(10), done(20), cancelled, before, order()].map(row), "2026-11-22");
  expect(figures).toMatchObject({ sales: 6000, placed: 4, average: 2000, judged: 3, late: 2, cooking: 1, lateNow: 1 });
  expect(figures.times).toEqual({ count: 2, p50: 600, p90: 1200 });
  expect(figures.oldest).toBe(minute(0));
});

test("before the first order there is no average and nothing waits", () => {
  expect(figuresOf([], "2026-11-22")).toMatchObject({ sales: 0, average: null, oldest: null, judged: 0 });
});

test("a station has ahead what is left of its dishes, side by side in its places", () => {
  const cooking = item({ status: "preparing", started_at: at(15), prep_seconds: 600 });
  const waiting = item({ quantity: 2, prep_seconds: 300, fired_at: at(18) });
  const held = item({ status: "held", fired_at: null });
  const [grill, bar] = loadsOf([row(order([cooking, waiting, held], { status: "preparing" }))], STATIONS, minute(20));
  expect(grill).toMatchObject({ id: "grill", open: 3, cooking: 1, oldest: minute(0), loadSeconds: 450 });
  expect(bar).toMatchObject({ id: "bar", open: 0, loadSeconds: 0, oldest: null });
});

test("a dish that takes longer than it should still takes a while", () => {
  const stuck = item({ status: "preparing", started_at: at(0), prep_seconds: 600 });
  expect(loadsOf([row(order([stuck], { status: "preparing" }))], STATIONS, minute(60))[0]!.loadSeconds).toBe(45);
});

test("a station that the house does not have is shown as it is named", () => {
  const lost = loadsOf([row(order([item({ station: "wok" })]))], STATIONS, minute(20));
  expect(lost.find(({ id }) => id === "wok")).toMatchObject({ name: "wok", open: 1 });
});

test("orders are of the hour they were placed in, or ordered for", () => {
  const starts = [0, 60, 120].map(minute);
  const later = order([item()], { scheduled_for: at(125) });
  expect(ordersPerHour([order(), order([item()], { placed_at: at(61) }), later], starts)).toEqual([1, 1, 1]);
  expect(ordersPerHour([order()], [])).toEqual([]);
});

test("the bins hold every order that got ready, the last of them the slowest", () => {
  const bins = histogram([done(1), done(2), done(3), done(90), order()], 120, 4);
  expect(bins.map(({ label, count }) => [label, count])).toEqual([["0–2", 1], ["2–4", 2], ["4–6", 0], ["6+", 1]]);
  expect([stepFor(timesOf([])), stepFor(timesOf([done(12)])), stepFor(timesOf([done(20)]))]).toEqual([60, 120, 180]);
});
