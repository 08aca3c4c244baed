import { expect, test } from "vitest";
import { aloneSeconds, dueOf, holdsOf, latenessOf, reason, secondsToReady } from "./promise.ts";
import { at, done, item, minute, order } from "./samples.ts";

const SLOTS = { grill: 1, fry: 2 };
const name = (id: string) => ({ grill: "Grill", fry: "Fry" })[id] ?? id;

test("the promise is what the dishes take, and a third more, from the moment they were fired", () => {
  expect(dueOf(order([item({ prep_seconds: 600 })]), SLOTS)).toEqual({ at: minute(13.5), against: "cooking" });
});

test("what the guest was told counts where it is earlier", () => {
  const told = (minutes: number) => ({
    ready_at: at(5),
    ready_by: at(minutes),
    remaining_seconds: 0,
    computed_at: at(0),
  });
  const dish = item({ prep_seconds: 600 });
  expect(dueOf(order([dish], { estimate: told(9) }), SLOTS)).toEqual({ at: minute(9), against: "told" });
  expect(dueOf(order([dish], { estimate: told(20) }), SLOTS)).toEqual({ at: minute(13.5), against: "cooking" });
});

test("an order for later is promised for its time", () => {
  const later = order([item()], { scheduled_for: at(60) });
  expect(dueOf(later, SLOTS)).toEqual({ at: minute(60), against: "pickup" });
});

test("a later course has its own time, and a held one none", () => {
  const second = item({ course: 2, fired_at: at(20) });
  expect(dueOf(order([item(), second]), SLOTS)!.at).toBe(minute(33.5));
  expect(dueOf(order([item({ status: "held", fired_at: null })]), SLOTS)).toBeNull();
});

test("nobody runs for a drink", () => {
  expect(dueOf(order([item({ prep_seconds: 60 })]), SLOTS)!.at).toBe(minute(4));
});

test("dishes share the places of their station", () => {
  const two = [item({ prep_seconds: 300 }), item({ prep_seconds: 300 })];
  expect(aloneSeconds(two, { grill: 1 })).toBe(600);
  expect(aloneSeconds(two, { grill: 2 })).toBe(300);
  expect(aloneSeconds([item({ quantity: 3, prep_seconds: 300 })], { grill: 2 })).toBe(600);
  expect(aloneSeconds([], SLOTS)).toBe(0);
});

test("an order is late once its promise has passed, and stays so when it got ready too late", () => {
  expect(latenessOf(order(), minute(13), SLOTS).lateSeconds).toBe(0);
  expect(latenessOf(order(), minute(15), SLOTS).lateSeconds).toBe(90);
  expect(latenessOf(done(20), minute(90), SLOTS).lateSeconds).toBe(390);
  expect(latenessOf(done(10), minute(90), SLOTS).lateSeconds).toBe(0);
});

test("a cancelled order is not late", () => {
  expect(latenessOf(order([item()], { status: "cancelled" }), minute(90), SLOTS).lateSeconds).toBe(0);
});

test("the reason names the station that is behind the furthest, and what it has", () => {
  const late = order([
    item({ name: "Rib eye", prep_seconds: 600, status: "preparing", started_at: at(2) }),
    item({ name: "Fries", station: "fry", prep_seconds: 300 }),
  ], { status: "preparing" });
  expect(reason(latenessOf(late, minute(21), SLOTS), name)).toBe("Fry: Fries not started, 21:00, and 1 more station");
});

test("what is ready holds nothing up", () => {
  const half = order([item({ status: "ready" }), item({ station: "fry", name: "Fries", quantity: 2 })]);
  expect(holdsOf(half, minute(30)).map(({ station }) => station)).toEqual(["fry"]);
  expect(reason(latenessOf(half, minute(30), SLOTS), name)).toBe("Fry: 2 × Fries not started, 30:00");
});

test("an order in time has no reason, and one forgotten on the pass has", () => {
  expect(reason(latenessOf(order(), minute(5), SLOTS), name)).toBeNull();
  const ready = order([item({ status: "ready", ready_at: at(10) })], { status: "ready", ready_at: at(10) });
  expect(reason(latenessOf(ready, minute(12), SLOTS), name)).toBeNull();
  expect(reason(latenessOf(ready, minute(16), SLOTS), name)).toBe("On the pass for 6:00");
});

test("time to ready is counted as reports do, from accepting", () => {
  expect(secondsToReady(done(10, { confirmed_at: at(2) }))).toBe(480);
  expect(secondsToReady(order())).toBeNull();
});
