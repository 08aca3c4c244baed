import { expect, test } from "vitest";
import { allDay, inOrder, isAdded, isStale, recallable, ticketOf, toHandOut } from "./tickets.ts";
import { item, order, SENT_AT } from "./samples.ts";

test("a station sees its own lines, and in one line what the others still do", () => {
  const both = order([item({ station: "grill" }), item({ station: "fry", quantity: 2, status: "preparing" })]);
  const ticket = ticketOf(both, "grill")!;
  expect(ticket.lines.map((line) => line.station)).toEqual(["grill"]);
  expect(ticket.elsewhere).toEqual([{ station: "fry", quantity: 2, state: "cooking" }]);
});

test("expo sees the whole order", () => {
  const both = order([item({ station: "grill" }), item({ station: "fry" })]);
  const ticket = ticketOf(both, null)!;
  expect(ticket.lines).toHaveLength(2);
  expect(ticket.elsewhere).toEqual([]);
});

test("what a station has cooked is off its board, though the order goes on", () => {
  const both = order([item({ station: "grill", status: "ready" }), item({ station: "fry" })]);
  expect(ticketOf(both, "grill")).toBeNull();
  expect(ticketOf(both, "fry")).not.toBeNull();
});

test("a ticket that was just finished here stays, green, until it is bumped", () => {
  const both = order([item({ id: "a", station: "grill", status: "ready" }), item({ station: "fry" })]);
  const ticket = ticketOf(both, "grill", new Set([`${both.id}/grill`]))!;
  expect(ticket.state).toBe("done");
  expect(ticket.open).toBe(0);
});

test("orders that are not confirmed, or over, have no ticket", () => {
  for (const status of ["scheduled", "pending", "completed", "rejected"] as const) {
    expect(ticketOf(order([item()], { status }), null)).toBeNull();
  }
});

test("a void stays until a cook has seen it, also of a cancelled order", () => {
  const seen = item({ status: "voided", actions: [] });
  const unseen = item({ status: "voided", actions: ["acknowledge"] });
  expect(ticketOf(order([seen], { status: "cancelled" }), null)).toBeNull();
  expect(ticketOf(order([unseen], { status: "cancelled" }), null)!.state).toBe("cancelled");
  const ticket = ticketOf(order([unseen, seen, item()]), null)!;
  expect(ticket.lines).toHaveLength(2);
  expect(ticket.state).toBe("open");
});

test("held courses are on the ticket, and a ticket of nothing else has no clock", () => {
  const held = item({ course: 2, status: "held", fired_at: null });
  const ticket = ticketOf(order([item({ status: "ready" }), held]), null)!;
  expect(ticket.courses.map(({ number, held }) => [number, held])).toEqual([[1, false], [2, true]]);
  const waiting = ticketOf(order([held]), null)!;
  expect(waiting.state).toBe("held");
  expect(waiting.firedAt).toBeNull();
});

test("a fired course can be held as long as nobody has begun it", () => {
  const courses = (status: "pending" | "preparing") =>
    ticketOf(order([item(), item({ course: 2, status })]), null)!.courses.map(({ holdable }) => holdable);
  expect(courses("pending")).toEqual([true, true]);
  expect(courses("preparing")).toEqual([true, false]);
});

test("the oldest comes first, and rushed ones before all", () => {
  const at = (minutes: number) => new Date(SENT_AT + minutes * 60_000).toISOString();
  const [old, young, rushed] = [
    order([item()], { confirmed_at: at(0) }),
    order([item()], { confirmed_at: at(5) }),
    order([item()], { confirmed_at: at(9), priority: true }),
  ];
  const row = inOrder([young, rushed, old].map((one) => ticketOf(one, null)!));
  expect(row.map((ticket) => ticket.order.id)).toEqual([rushed.id, old.id, young.id]);
});

test("a ticket of yesterday is stale", () => {
  const ticket = ticketOf(order([item()]), null)!;
  expect(isStale(ticket, SENT_AT + 3600_000)).toBe(false);
  expect(isStale(ticket, SENT_AT + 13 * 3600_000)).toBe(true);
});

test("ids tell which lines were added later", () => {
  const made = order([], { id: "0199b000-0000-7000-8000-000000000000" });
  expect(isAdded(item({ id: "0199b000-0010-7000-8000-000000000000" }), made)).toBe(false);
  expect(isAdded(item({ id: "0199b001-0000-7000-8000-000000000000" }), made)).toBe(true);
});

test("all-day counts pieces that are open over all tickets, the most first", () => {
  const first = order([item({ sku: "FRIES", name: "Fries", quantity: 2, status: "preparing" }), item({ sku: "B" })]);
  const second = order([item({ sku: "FRIES", name: "Fries" }), item({ sku: "C", status: "ready" })]);
  const lines = allDay([first, second].map((one) => ticketOf(one, null)!));
  expect(lines.map(({ sku, open, cooking }) => [sku, open, cooking])).toEqual([["FRIES", 3, 2], ["B", 1, 0]]);
});

test("what is ready waits to be handed out, the longest first, unless it is still on the board", () => {
  const ready = (minute: string) =>
    order([item({ status: "ready" })], { status: "ready", ready_at: `2026-11-22T12:${minute}:00Z` });
  const [early, later, shown] = [ready("10"), ready("12"), ready("09")];
  expect(toHandOut([later, shown, early, order([item()])], new Set([shown.id]))).toEqual([early, later]);
});

test("recall offers finished orders, and shares of orders that go on elsewhere", () => {
  const done = order([item({ status: "ready" })], { status: "completed", actions: ["recall"] });
  const late = order([item({ status: "ready" })], { status: "completed", actions: [] });
  const goesOn = order([item({ status: "ready", ready_at: "2026-11-22T12:30:00Z" }), item({ station: "fry" })], {
    status: "preparing",
  });
  expect(recallable([done, late, goesOn], "grill", new Set())).toEqual([goesOn, done]);
  expect(recallable([done, late, goesOn], null, new Set())).toEqual([done]);
  expect(recallable([goesOn], "grill", new Set([`${goesOn.id}/grill`]))).toEqual([]);
});
