/** The four segments: how far the order is, and how far the step that it is in. */

import type { OrderStatus, PublicOrder } from "../lib/api.ts";

export interface Step {
  name: string;
  state: "done" | "now" | "todo";
  /** 0 to 100. */
  fill: number;
}

const NAMES = ["Received", "Confirmed", "Cooking", "Ready"];
const AT: Record<OrderStatus, number> = {
  scheduled: 0,
  pending: 0,
  confirmed: 1,
  preparing: 2,
  ready: 4,
  completed: 4,
  cancelled: -1,
  rejected: -1,
};
/** A step is not full before it is over. */
const CAP = 92;
/** A step has begun: that should be seen at once. */
const LEAST = 12;

/** The steps of an order that is under way or done; none of one that was cancelled. */
export function steps(order: PublicOrder, at: number): Step[] {
  const here = AT[order.status];
  if (here < 0) return [];
  return NAMES.map((name, index) => {
    if (index < here) return { name, state: "done", fill: 100 };
    if (index > here) return { name, state: "todo", fill: 0 };
    return { name, state: "now", fill: fill(order, at) };
  });
}

/** By the time that has passed of the time that was expected. */
function fill(order: PublicOrder, at: number): number {
  const [from, until] = span(order);
  if (order.status === "scheduled") return 100;
  if (from === null || until === null || until <= from) return LEAST;
  const share = (at - from) / (until - from);
  return Math.round(Math.min(CAP, Math.max(LEAST, share * 100)));
}

function span(order: PublicOrder): [number | null, number | null] {
  const ready = moment(order.estimate?.ready_at);
  if (order.status === "pending") return [moment(order.placed_at), moment(order.accept_by)];
  if (order.status === "preparing") return [moment(order.started_at), ready];
  const longest = Math.max(0, ...order.items.map((item) => item.prep_seconds));
  return [moment(order.confirmed_at), ready === null ? null : ready - longest * 1000];
}

function moment(text: string | null | undefined): number | null {
  return text ? Date.parse(text) : null;
}
