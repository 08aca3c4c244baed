import { expect, test } from "vitest";
import type { OrderEvent } from "../lib/api.ts";
import { hashOf, placeOf } from "./addresses.ts";
import { obstacles, offersOf } from "./actions.ts";
import { entries, firstPromise, who } from "./history.ts";
import { lasted } from "./spans.ts";
import { at, item, order } from "./samples.ts";

const event = (type: string, data: Record<string, unknown> = {}, actor = "pos:till-7"): OrderEvent => ({
  seq: 1,
  type,
  at: at(0),
  actor,
  data,
});

test("the order's own actions are offered, the next step first and the destructive last", () => {
  const found = offersOf(order([item()], { actions: ["bump", "cancel", "confirm", "delay", "rush"] }));
  expect(found.map(({ label }) => label)).toEqual(["Accept", "Bump", "Rush", "+5 min", "+10 min", "Cancel"]);
  expect(found.filter(({ tone }) => tone === "main").map(({ action }) => action)).toEqual(["bump"]);
  expect(found.at(-1)).toMatchObject({ tone: "danger", asks: true });
});

test("each held course can be fired", () => {
  const courses = [item(), item({ course: 2, status: "held" }), item({ course: 3, status: "held" })];
  const found = offersOf(order(courses, { actions: ["fire"] }));
  expect(found.map(({ label, body }) => [label, body])).toEqual([["Fire course 2", { course: 2 }], ["Fire course 3", {
    course: 3,
  }]]);
});

test("what is blocked is said in the server's words, with the items in the way", () => {
  const steak = item();
  const blocked = { action: "complete", code: "items-pending", detail: "1 item is not ready yet.", items: [steak.id] };
  expect(obstacles(order([steak], { blocked: [blocked] }))).toEqual([{
    label: "Complete",
    detail: blocked.detail,
    items: [steak],
  }]);
});

test("history is told in sentences, with who did it and why", () => {
  const steak = item({ quantity: 2 });
  const told = entries([
    event("order.placed"),
    event("item.started", { from: "pending", to: "preparing", items: [steak.id] }, "kitchen:grill"),
    event("item.bumped", { to: "ready", items: [steak.id] }, "kitchen:grill"),
    event("order.cancelled", { reason: "Guest left", notes: "Guest left" }, "manager:demo"),
    event("order.delayed", { seconds: 300 }),
    event("something.new", {}),
  ], order([steak]));
  expect(told.map(({ words }) => words)).toEqual([
    "Placed",
    "2 × Rib eye started",
    "2 × Rib eye ready",
    "Cancelled",
    "Put off by 5 min",
    "something new",
  ]);
  expect(told.map(({ tone }) => tone)).toEqual(["plain", "plain", "good", "bad", "plain", "plain"]);
  expect(told[3]!.said).toBe("Guest left");
  expect([who("kitchen:grill"), who("timer"), who("customer")]).toEqual(["kitchen · grill", "by itself", "the guest"]);
});

test("the first promise is known from the history", () => {
  const [first, last] = [
    event("order.estimated", { ready_by: at(10), first: true }),
    event("order.estimated", { ready_by: at(20) }),
  ];
  expect(firstPromise([event("order.placed"), first, last])).toEqual({ first: at(10), last: at(20) });
  expect(firstPromise([])).toBeNull();
});

test("long waits are told as long ones", () => {
  expect([lasted(522), lasted(4271), lasted(7200), lasted(592_000)]).toEqual(["8:42", "1 h 11 min", "2 h", "6 days"]);
});

test("the page's address says which part of it is open", () => {
  expect(placeOf("#days/2026-11-22")).toEqual({ tab: "days", day: "2026-11-22" });
  expect(placeOf("#days/soon")).toEqual({ tab: "days", day: null });
  expect(placeOf("")).toEqual({ tab: "live" });
  expect(hashOf(placeOf("#end"))).toBe("#end");
  expect(hashOf(placeOf("#days/2026-11-22"))).toBe("#days/2026-11-22");
});
