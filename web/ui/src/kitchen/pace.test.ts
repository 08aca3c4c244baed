import { expect, test } from "vitest";
import { averageNow, elapsed, levelOf, promiseOf, THRESHOLDS } from "./pace.ts";
import { item, order, SENT_AT } from "./samples.ts";
import { ticketOf } from "./tickets.ts";

const minutes = (number: number) => SENT_AT + number * 60_000;

test("the longest dish of the ticket is the promise", () => {
  const ticket = ticketOf(order([item({ prep_seconds: 300 }), item({ prep_seconds: 600 })]), null)!;
  expect(promiseOf(ticket)).toEqual({ from: SENT_AT, due: minutes(10) });
});

test("nobody runs for a glass of wine", () => {
  expect(promiseOf(ticketOf(order([item({ prep_seconds: 60 })]), null)!)!.due).toBe(minutes(4));
});

test("yellow at 65 %, red at 100 % of the promise", () => {
  const ticket = ticketOf(order([item({ prep_seconds: 600 })]), null)!;
  const levels = [0, 6.4, 6.5, 9.9, 10, 30].map((at) => levelOf(ticket, minutes(at), THRESHOLDS));
  expect(levels).toEqual(["fresh", "fresh", "warn", "warn", "late", "late"]);
});

test("each channel has its own two thresholds", () => {
  const ticket = ticketOf(order([item({ prep_seconds: 600 })], { channel: "delivery" }), null)!;
  const patient = { ...THRESHOLDS, delivery: { warn: 100, late: 150 } };
  expect([9, 10, 15].map((at) => levelOf(ticket, minutes(at), patient))).toEqual(["fresh", "warn", "late"]);
  expect(elapsed(promiseOf(ticket)!, minutes(7.5), patient.delivery)).toBeCloseTo(0.5);
  expect(elapsed(promiseOf(ticket)!, minutes(99), patient.delivery)).toBe(1);
});

test("a course that was fired later has its own time", () => {
  const later = item({ course: 2, fired_at: "2026-11-22T12:20:00Z", prep_seconds: 600 });
  const ticket = ticketOf(order([item({ status: "ready" }), later]), null)!;
  expect(promiseOf(ticket)!.due).toBe(minutes(30));
});

test("nothing fired, no promise", () => {
  const ticket = ticketOf(order([item({ status: "held", fired_at: null })]), null)!;
  expect(promiseOf(ticket)).toBeNull();
  expect(levelOf(ticket, minutes(99), THRESHOLDS)).toBe("fresh");
});

test("the pace is what the last tickets took, from fired to cooked", () => {
  const took = (until: string) => order([item({ status: "ready", ready_at: `2026-11-22T12:${until}:00Z` })]);
  const open = order([item()]);
  expect(averageNow([took("06"), took("10"), open], "grill", minutes(12))).toBe(8 * 60);
  expect(averageNow([took("06")], "grill", minutes(90))).toBeNull();
  expect(averageNow([open], "grill", minutes(12))).toBeNull();
});
