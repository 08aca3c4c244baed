import { expect, test } from "vitest";
import { CHANNEL } from "../lib/words.ts";
import { countViews, narrowed, NO_FILTERS, rowOf, whereabouts } from "./floor.ts";
import { at, done, item, minute, order } from "./samples.ts";

const NOW = minute(20);
const row = (one: ReturnType<typeof order>) => rowOf(one, NOW, { grill: 1 });

test("whoever waits longest comes first, then orders for later, then what is closed, the latest first", () => {
  const young = order([item()], { placed_at: at(15) });
  const old = order([item()], { placed_at: at(3) });
  const later = order([item()], { status: "scheduled", confirmed_at: null, scheduled_for: at(90) });
  const [early, recent] = [done(5), done(12)];
  const found = narrowed([early, later, young, recent, old].map(row), { ...NO_FILTERS, view: "all" });
  expect(found.map(({ order }) => order.id)).toEqual([old.id, young.id, later.id, recent.id, early.id]);
});

test("an order that was made for its time has waited since it was accepted", () => {
  const ahead = order([item()], { placed_at: at(-90), confirmed_at: at(12), scheduled_for: at(30) });
  expect(row(ahead).since).toBe(minute(12));
});

test("each view has its orders, and says how many", () => {
  const late = order();
  const rows = [late, order([item({ fired_at: at(18) })]), done(5)].map(row);
  expect(countViews(rows)).toEqual({ open: 2, late: 1, closed: 1, all: 3 });
  expect(narrowed(rows, { ...NO_FILTERS, view: "late" }).map(({ order }) => order.id)).toEqual([late.id]);
  expect(narrowed(rows, { ...NO_FILTERS, view: "closed" })).toHaveLength(1);
});

test("a search finds number, table, name and the till's id, and every word of it counts", () => {
  const [first, second] = [
    order([item()], { number: "A-042", table: "7", external_id: "till-7-000123" }),
    order([item()], { number: "A-043", table: null, channel: "takeaway", customer: { name: "Ada", contact: null } }),
  ];
  const search = (text: string) => narrowed([first, second].map(row), { ...NO_FILTERS, text }).map((one) => one.order);
  expect(search("042")).toEqual([first]);
  expect(search("Table 7")).toEqual([first]);
  expect(search("TILL-7-000123")).toEqual([first]);
  expect(search(" ada ")).toEqual([second]);
  expect(search("ada 042")).toEqual([]);
  expect(search("a-04")).toHaveLength(2);
});

test("status, channel and station narrow down; a station only while it still has something to do", () => {
  const both = order([item({ status: "ready" }), item({ station: "fry" })], { status: "preparing" });
  const away = order([item()], { channel: "delivery" });
  const rows = [both, away].map(row);
  const ids = (filters: object) => narrowed(rows, { ...NO_FILTERS, ...filters }).map((one) => one.order.id);
  expect(ids({ status: "preparing" })).toEqual([both.id]);
  expect(ids({ channel: "delivery" })).toEqual([away.id]);
  expect(ids({ station: "grill" })).toEqual([away.id]);
  expect(ids({ station: "fry" })).toEqual([both.id]);
});

test("an order is somewhere: at a table, or somebody's", () => {
  const words = (members: object) => whereabouts(order([item()], members), (channel) => CHANNEL[channel]);
  expect(words({})).toBe("Table 12");
  expect(words({ channel: "takeaway", customer: { name: "Marta", contact: null } })).toBe("Pickup · Marta");
  expect(words({ channel: "delivery" })).toBe("Delivery");
});

test("a thousand orders are narrowed down within a frame", () => {
  const rows = Array.from({ length: 1000 }, (_, index) => row(index % 20 ? done(index % 30) : order()));
  const began = performance.now();
  narrowed(rows, { ...NO_FILTERS, view: "all", text: "a-" });
  expect(performance.now() - began).toBeLessThan(300);
});
