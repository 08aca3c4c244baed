import { describe, expect, test } from "vitest";
import type { OrderEvent, PublicItem, PublicOrder } from "../lib/api.ts";
import { time, timeRange } from "../lib/format.ts";
import { alertFor, callOf, titleOf } from "./alerts.ts";
import { delay, promised, settled } from "./promise.ts";
import { steps } from "./steps.ts";
import { isRecalled, lastSeen, list, progressOf, story } from "./story.ts";
import { timeline } from "./timeline.ts";
import { onlyEstimated } from "./versions.ts";

const START = Date.parse("2026-11-22T18:30:00Z");
const MINUTE = 60_000;
const moment = (minutes: number): number => START + minutes * MINUTE;
const iso = (minutes: number): string => new Date(moment(minutes)).toISOString();

function item(name: string, status: PublicItem["status"], id = name): PublicItem {
  return {
    id,
    line: 1,
    sku: null,
    name,
    quantity: 1,
    unit_price: 100,
    modifiers: [],
    notes: null,
    allergens: [],
    station: "pizza",
    course: 1,
    prep_seconds: 480,
    status,
    fired_at: null,
    started_at: null,
    ready_at: null,
    served_at: null,
    voided_at: null,
    void_reason: null,
  };
}

function order(changes: Partial<PublicOrder> = {}): PublicOrder {
  return {
    id: "0199",
    number: "A-042",
    location: "main",
    business_day: "2026-11-22",
    channel: "takeaway",
    table: null,
    guests: null,
    customer: null,
    notes: null,
    status: "preparing",
    version: 5,
    progress: 50,
    priority: false,
    items: [item("Margherita", "preparing"), item("House salad", "ready")],
    currency: "EUR",
    subtotal: 200,
    discount: 0,
    total: 200,
    estimate: { ready_at: iso(20), ready_by: iso(25), remaining_seconds: 1200, computed_at: iso(0) },
    placed_at: iso(0),
    confirmed_at: iso(1),
    started_at: iso(5),
    ready_at: null,
    completed_at: null,
    cancelled_at: null,
    cancel_reason: null,
    scheduled_for: null,
    accept_by: null,
    tracking_token: "token",
    tracking_url: "/order-tracking/token",
    ...changes,
  };
}

function event(seq: number, type: string, minutes: number, data: Record<string, unknown> = {}): OrderEvent {
  return { seq, type, at: iso(minutes), actor: "engine", data };
}

const estimated = (seq: number, from: number, until: number) =>
  event(seq, "order.estimated", 0, { ready_at: iso(from), ready_by: iso(until) });

describe("the promised range", () => {
  const range = (from: number, until: number) => ({ from: moment(from), until: moment(until) });

  test("stands on full minutes, and is two minutes wide at least", () => {
    const told = promised([], { ...order().estimate!, ready_at: iso(20.4), ready_by: iso(20.7) });
    expect(told!.shown).toEqual(range(20, 22));
    expect(promised([], null)).toBeNull();
  });

  test("holds still while it moves by less than two minutes", () => {
    expect(settled(range(20, 25), range(21, 26))).toEqual(range(20, 25));
  });

  test("widens rather than jumps", () => {
    expect(settled(range(20, 25), range(23, 28))).toEqual(range(20, 28));
    expect(settled(range(20, 25), range(17, 21))).toEqual(range(17, 25));
  });

  test("jumps where it would become too wide, or does not touch at all", () => {
    expect(settled(range(20, 25), range(25, 33))).toEqual(range(25, 33));
    expect(settled(range(20, 25), range(40, 45))).toEqual(range(40, 45));
  });

  test("follows from the history, so that everybody sees the same, and remembers the first", () => {
    const history = [estimated(2, 20, 25), estimated(3, 22, 27), event(4, "order.delayed", 3, { seconds: 900 })];
    const told = promised(history, { ...order().estimate!, ready_at: iso(37), ready_by: iso(42) })!;
    expect(told.first).toEqual(range(20, 25));
    expect(told.shown).toEqual(range(37, 42));
    expect(delay(told, moment(10))).toBe(17 * MINUTE);
  });

  test("is late when it has passed, and not by a few seconds", () => {
    const told = promised([estimated(2, 20, 25)], null)!;
    expect(delay(told, moment(25.5))).toBe(0);
    expect(delay(told, moment(29))).toBe(4 * MINUTE);
  });
});

describe("the steps", () => {
  const fills = (changes: Partial<PublicOrder>, minutes: number) =>
    steps(order(changes), moment(minutes)).map(({ fill }) => fill);

  test("fill as time passes, and never quite before the event", () => {
    expect(fills({}, 12.5)).toEqual([100, 100, 50, 0]);
    expect(fills({}, 300)).toEqual([100, 100, 92, 0]);
    expect(fills({ status: "pending", accept_by: iso(10) }, 5)).toEqual([50, 0, 0, 0]);
    expect(fills({ status: "confirmed" }, 6.5)).toEqual([100, 50, 0, 0]);
    expect(fills({ status: "ready" }, 0)).toEqual([100, 100, 100, 100]);
    expect(fills({ status: "scheduled" }, 0)).toEqual([100, 0, 0, 0]);
  });

  test("are none of an order that was cancelled", () => expect(fills({ status: "cancelled" }, 0)).toEqual([]));
});

describe("the story", () => {
  const tell = (changes: Partial<PublicOrder>, history: OrderEvent[] = [], minutes = 10) => {
    const shown = order(changes);
    return story(shown, history, promised(history, shown.estimate), moment(minutes));
  };

  test("says what is cooking and what is done", () => {
    expect(tell({})).toMatchObject({ mood: "cooking", detail: "Margherita is cooking. House salad is already done." });
    const waiting = order({ items: [item("Soup", "preparing"), item("Pie", "pending"), item("Tart", "pending")] });
    expect(progressOf(waiting)).toBe("Soup is cooking. Pie and Tart come next.");
    expect(progressOf(order({ status: "confirmed", items: [item("Soup", "pending")] }))).toContain("in line");
    expect(list(["A", "B", "C", "D"])).toBe("A, B and 2 more");
  });

  test("says a delay with the old and the new time", () => {
    const told = tell({}, [estimated(2, 10, 14)], 11);
    expect(told).toMatchObject({ mood: "late", badge: "Running late" });
    expect(told.delay).toContain(time(moment(14)));
    expect(told.delay).toContain(timeRange(moment(20), moment(25)));
  });

  test("says that it is not ready after all, until it is again", () => {
    const recalled = event(7, "order.recalled", 9, { from: "ready", to: "preparing" });
    const history = [event(1, "order.placed", 0, { from: null, to: "pending" }), recalled, estimated(8, 20, 25)];
    expect(tell({}, history)).toMatchObject({ mood: "recalled", delay: null });
    expect(isRecalled(order({ status: "ready" }), history)).toBe(false);
    const reopened = event(9, "order.reopened", 10, { from: "ready", to: "preparing" });
    expect(isRecalled(order(), [...history, reopened])).toBe(false);
  });

  test("gives the reason of a cancellation, and none that nobody gave", () => {
    expect(tell({ status: "cancelled", cancel_reason: "We ran out of flour." }).detail)
      .toBe("The reason: We ran out of flour. Questions? Give the restaurant the number A-042.");
    expect(tell({ status: "rejected" }).detail).toBe("Questions? Give the restaurant the number A-042.");
  });

  test("speaks of the table where there is one, and of nobody who drives", () => {
    expect(tell({ status: "ready", channel: "dine_in", table: "12" }).detail).toContain("table 12");
    expect(tell({ status: "ready", channel: "delivery" }).headline).toBe("Ready to leave");
    expect(tell({ status: "scheduled", scheduled_for: iso(90) }).headline).toBe(`Set for ${time(iso(90))}`);
  });

  test("is what was seen last while there is no connection", () => {
    expect(lastSeen(tell({})).headline).toBe("Last seen: cooking");
    expect(lastSeen(tell({ status: "ready" })).headline).toBe("Ready. Come and get it");
  });
});

describe("the timeline", () => {
  const history = [
    event(1, "order.placed", 0, { from: null, to: "pending", scheduled_for: null }),
    event(2, "order.confirmed", 1, { from: "pending", to: "confirmed" }),
    estimated(3, 20, 25),
    event(4, "item.started", 5, { items: ["Margherita"] }),
    event(5, "order.started", 5, { from: "confirmed", to: "preparing" }),
    event(6, "item.bumped", 9, { items: ["House salad"] }),
    event(7, "order.overdue", 26, { ready_by: iso(25) }),
  ];

  test("goes forward, with the small things at the great ones, and ends with what is to come", () => {
    const entries = timeline(order(), history, { from: moment(20), until: moment(25) });
    expect(entries.map(({ title, tone }) => [title, tone])).toEqual([
      ["Received", "done"],
      ["Confirmed", "done"],
      ["Cooking", "now"],
      ["Ready for pickup", "todo"],
    ]);
    expect(entries[2]!.notes).toEqual([`House salad done at ${time(iso(9))}`, `Later than promised: ${time(iso(25))}`]);
    expect(entries[3]!.notes).toEqual([`~${timeRange(moment(20), moment(25))}`]);
  });

  test("tells a recall and a cancellation with their reasons", () => {
    const recalled = event(8, "order.recalled", 27, { from: "ready", to: "preparing", reason: "cold" });
    const cancelled = event(9, "order.cancelled", 28, { from: "preparing", to: "cancelled", reason: "no gas" });
    const entries = timeline(order({ status: "cancelled" }), [...history, recalled, cancelled], null);
    expect(entries.slice(-2)).toMatchObject([
      { title: "Taken back to the kitchen", tone: "warn", notes: ["cold"] },
      { title: "Cancelled", tone: "off", notes: ["no gas"] },
    ]);
  });

  test("begins with the order itself while the history has not come", () => {
    expect(timeline(order(), [], null)[0]).toMatchObject({ title: "Received", at: iso(0) });
  });
});

describe("a call", () => {
  const ready = order({ status: "ready", version: 6, progress: 100 });

  test("is made when it is ready, taken back or cancelled", () => {
    expect(alertFor(order(), ready)).toBe("ready");
    expect(alertFor(ready, order({ version: 7, progress: 60 }))).toBe("recalled");
    expect(alertFor(order(), order({ status: "cancelled", version: 6 }))).toBe("cancelled");
  });

  test("is not made at first sight, twice, for old news, or when a dish was added", () => {
    expect(alertFor(null, ready)).toBeNull();
    expect(alertFor(ready, { ...ready, version: 7 })).toBeNull();
    expect(alertFor(ready, order({ version: 5 }))).toBeNull();
    expect(alertFor(ready, order({ version: 7, progress: 100 }))).toBeNull();
  });

  test("has the number in it, as the tab has", () => {
    expect(callOf("ready", ready).title).toBe("Order A-042 is ready");
    expect(titleOf(ready, "Ready", "Trattoria")).toBe("(Ready) Order A-042 · Trattoria");
    expect(titleOf(order(), "Cooking", null)).toBe("Order A-042 · cooking");
  });
});

test("a version by an estimate alone needs no history", () => {
  const next = order({ version: 6, estimate: { ...order().estimate!, ready_at: iso(30) } });
  expect(onlyEstimated(order(), next)).toBe(true);
  expect(onlyEstimated(order(), { ...next, version: 7 })).toBe(false);
  expect(onlyEstimated(order(), { ...next, progress: 60 })).toBe(false);
});
