import { beforeEach, expect, test } from "vitest";
import { kept, orders, ready, station, tickets } from "./book.ts";
import { hear, keep, letGo } from "./feed.ts";
import { calm, outlined, recalled, touched, untouched } from "./notices.ts";
import { item, order } from "./samples.ts";

beforeEach(() => {
  orders.value = new Map();
  kept.value = new Set();
  station.value = null;
  recalled.value = new Set();
  calm();
});

const next = (before: ReturnType<typeof order>, members: Partial<typeof before>) => ({
  ...before,
  version: before.version + 1,
  confirmed_at: new Date().toISOString(),
  ...members,
});
const fresh = (items = [item({ id: "a" })]) => order(items, { confirmed_at: new Date().toISOString() });

test("a new order has a ticket, and calls until somebody touches it", () => {
  const placed = fresh();
  hear(placed);
  expect(tickets.value.map((ticket) => ticket.order)).toEqual([placed]);
  expect([...untouched.value.keys()]).toEqual([placed.id]);
  touched(placed.id);
  expect(untouched.value.size).toBe(0);
});

test("an old version changes nothing", () => {
  const placed = fresh();
  hear(next(placed, { priority: true }));
  hear(placed);
  expect(orders.value.get(placed.id)!.priority).toBe(true);
});

test("tickets of orders that did not change stay the same", () => {
  const [first, second] = [fresh(), fresh()];
  [first, second].forEach(hear);
  const before = tickets.value;
  hear(next(second, { priority: true }));
  expect(tickets.value.find((ticket) => ticket.id === first.id)).toBe(before.find(({ id }) => id === first.id));
});

test("on expo an order that its stations finished stays, until it is bumped; then it waits to be handed out", () => {
  const placed = fresh();
  hear(placed);
  const items = [{ ...placed.items[0]!, status: "ready" as const, ready_at: new Date().toISOString() }];
  hear(next(placed, { status: "ready", items, ready_at: items[0]!.ready_at }));
  expect(tickets.value[0]!.state).toBe("done");
  expect(ready.value).toEqual([]);
  letGo(placed.id);
  expect(tickets.value).toEqual([]);
  expect(ready.value.map(({ id }) => id)).toEqual([placed.id]);
});

test("at a station it goes when somebody else bumps it, and stays green when it was finished here", () => {
  station.value = "grill";
  const placed = fresh([item({ id: "a" }), item({ id: "b", station: "fry" })]);
  hear(placed);
  const items = placed.items.map((one) => (one.id === "a" ? { ...one, status: "ready" as const } : one));
  keep(`${placed.id}/grill`);
  hear(next(placed, { status: "preparing", items }));
  expect(tickets.value[0]!.state).toBe("done");
  letGo(`${placed.id}/grill`);
  expect(tickets.value).toEqual([]);
});

test("what comes back is marked and outlined", () => {
  const done = order([item({ id: "a", status: "ready" })], { status: "ready" });
  hear(done);
  const items = [{ ...done.items[0]!, status: "preparing" as const, ready_at: null }];
  hear(next(done, { status: "preparing", items }));
  expect(recalled.value.has("a")).toBe(true);
  expect(outlined.value.get(done.id)).toBe("recalled");
});
