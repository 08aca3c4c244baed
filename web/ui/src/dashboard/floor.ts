/** The orders of the floor as a manager looks at them: narrowed down, searched, in the order in which they matter. */

import type { Channel, Order, OrderStatus } from "../lib/api.ts";
import type { Lateness, Slots } from "./promise.ts";
import { inKitchen, isOpen, latenessOf, PASS_SECONDS, unfinished, waitingSince } from "./promise.ts";

export type View = "open" | "late" | "closed" | "all";

export interface Filters {
  view: View;
  status: OrderStatus | "";
  channel: Channel | "";
  station: string;
  text: string;
}

export interface Row {
  order: Order;
  lateness: Lateness;
  /** Past its promise and not ready yet, or forgotten on the pass: somebody has to do something. */
  late: boolean;
  since: number;
}

export const NO_FILTERS: Filters = { view: "open", status: "", channel: "", station: "", text: "" };

export function rowOf(order: Order, at: number, slots: Slots): Row {
  const lateness = latenessOf(order, at, slots);
  const late = (inKitchen(order) && lateness.lateSeconds > 0) || (lateness.onPassSeconds ?? 0) > PASS_SECONDS;
  return { order, lateness, late, since: waitingSince(order) };
}

/** The rows that *filters* leave, whoever waits longest first. */
export function narrowed(rows: readonly Row[], filters: Filters): Row[] {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => fits(row, filters) && words.every((word) => found(row.order, word))).sort(byNeed);
}

/** How many there are in each view, before it is narrowed down further. */
export function countViews(rows: readonly Row[]): Record<View, number> {
  const open = rows.filter((row) => isOpen(row.order)).length;
  return { open, late: rows.filter((row) => row.late).length, closed: rows.length - open, all: rows.length };
}

/** Open before closed; of the open the longest waiting first, what is ordered for later by its time; then the latest closed. */
export function byNeed(a: Row, b: Row): number {
  const [classA, classB] = [rank(a.order), rank(b.order)];
  if (classA !== classB) return classA - classB;
  const [first, second] = classA === 2 ? [closedAt(b.order), closedAt(a.order)] : [a.since, b.since];
  return first - second || (a.order.id < b.order.id ? -1 : 1);
}

/** Whether *word*, in small letters, is in the order's number, table, name, contact or the till's own id. */
export function found(order: Order, word: string): boolean {
  const table = order.table ? `table ${order.table}` : "";
  const told = [order.number, table, order.customer?.name, order.customer?.contact, order.external_id];
  return told.some((text) => text?.toLowerCase().includes(word));
}

export function isNarrowed(filters: Filters): boolean {
  return Boolean(filters.status || filters.channel || filters.station || filters.text.trim());
}

/** `Table 12`, `Pickup · Marta` */
export function whereabouts(order: Order, channelName: (channel: Channel) => string): string {
  if (order.channel === "dine_in" && order.table) return `Table ${order.table}`;
  const name = order.customer?.name;
  return name ? `${channelName(order.channel)} · ${name}` : channelName(order.channel);
}

function fits({ order, late }: Row, { view, status, channel, station }: Filters): boolean {
  if (view === "late" && !late) return false;
  if (view === "open" && !isOpen(order)) return false;
  if (view === "closed" && isOpen(order)) return false;
  if (status && order.status !== status) return false;
  if (channel && order.channel !== channel) return false;
  return !station || order.items.some((item) => item.station === station && (!isOpen(order) || unfinished(item)));
}

function rank(order: Order): number {
  if (!isOpen(order)) return 2;
  return order.status === "scheduled" ? 1 : 0;
}

function closedAt(order: Order): number {
  return Date.parse(order.completed_at ?? order.cancelled_at ?? order.placed_at);
}
