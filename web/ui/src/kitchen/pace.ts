/** How old a ticket is, and when that is too old. */

import type { Channel, Item, Order } from "../lib/api.ts";
import type { Ticket } from "./tickets.ts";

export type Level = "fresh" | "warn" | "late";

/** A channel's two thresholds, in percent of what the longest dish of the ticket takes. */
export interface Threshold {
  warn: number;
  late: number;
}

export type Thresholds = Record<Channel, Threshold>;

const USUAL: Threshold = { warn: 65, late: 100 };
export const THRESHOLDS: Thresholds = { dine_in: USUAL, takeaway: USUAL, delivery: USUAL };
/** A glass of wine takes a minute and a half, but nobody runs for it. */
const SHORTEST_MS = 4 * 60_000;
const PACE_WINDOW_MS = 30 * 60_000;
const PACE_TICKETS = 20;

export interface Span {
  from: number;
  due: number;
}

const promises = new WeakMap<Ticket, Span | null>();

/** From when until when the ticket may take; null while nothing of it was fired. A later course has its own time. */
export function promiseOf(ticket: Ticket): Span | null {
  let promise = promises.get(ticket);
  if (promise === undefined) promises.set(ticket, promise = reckoned(ticket));
  return promise;
}

function reckoned(ticket: Ticket): Span | null {
  const fired = ticket.lines.filter((item) => item.fired_at && item.status !== "voided");
  if (!fired.length || ticket.firedAt === null) return null;
  return { from: ticket.firedAt, due: Math.max(...fired.map(dueOf)) };
}

function dueOf(item: Item): number {
  return Date.parse(item.fired_at!) + Math.max(SHORTEST_MS, item.prep_seconds * 1000);
}

/** How much of its promise the ticket has used: 1 is due. */
export function used(promise: Span, at: number): number {
  return Math.max(0, (at - promise.from) / (promise.due - promise.from));
}

export function levelOf(ticket: Ticket, at: number, thresholds: Thresholds): Level {
  const promise = promiseOf(ticket);
  if (!promise) return "fresh";
  const percent = used(promise, at) * 100;
  const { warn, late } = thresholds[ticket.order.channel];
  if (percent >= late) return "late";
  return percent >= warn ? "warn" : "fresh";
}

/** The bar under the header: how far to late, 0 to 1. */
export function elapsed(promise: Span, at: number, { late }: Threshold): number {
  return Math.min(1, (used(promise, at) * 100) / late);
}

/** How many seconds the last tickets of *station* took from fired to cooked; null when nothing was cooked lately. */
export function averageNow(orders: Iterable<Order>, station: string | null, at: number): number | null {
  const took: { until: number; seconds: number }[] = [];
  for (const order of orders) {
    const share = order.items.filter((item) => item.status !== "voided" && (!station || item.station === station));
    if (!share.length || !share.every((item) => item.ready_at && item.fired_at)) continue;
    const until = Math.max(...share.map((item) => Date.parse(item.ready_at!)));
    const from = Math.min(...share.map((item) => Date.parse(item.fired_at!)));
    if (at - until < PACE_WINDOW_MS) took.push({ until, seconds: (until - from) / 1000 });
  }
  const last = took.sort((a, b) => b.until - a.until).slice(0, PACE_TICKETS);
  return last.length ? last.reduce((sum, one) => sum + one.seconds, 0) / last.length : null;
}
