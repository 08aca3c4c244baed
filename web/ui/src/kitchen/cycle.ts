/** What one touch means, and what takes it back. */

import type { Item } from "../lib/api.ts";
import { isCooked, isOpen, type Ticket } from "./tickets.ts";

/** One request: `POST path`. */
export interface Step {
  path: string;
  body?: Record<string, unknown>;
  label: string;
}

/** Queued → cooking → done → cooking again; a voided one is seen and goes. Null where a touch means nothing. */
export function nextAction(item: Item): "start" | "bump" | "recall" | "acknowledge" | null {
  if (item.status === "pending") return "start";
  if (item.status === "preparing") return "bump";
  if (item.status === "ready" || item.status === "served") return "recall";
  return item.actions.includes("acknowledge") ? "acknowledge" : null;
}

export function itemStep(orderId: string, item: Item, action: string, body?: Record<string, unknown>): Step {
  return { path: `/v1/orders/${orderId}/items/${item.id}/${action}`, body, label: named(item) };
}

export function orderStep(orderId: string, action: string, body?: Record<string, unknown>): Step {
  return { path: `/v1/orders/${orderId}/${action}`, body, label: "" };
}

/**
 * A bump of the whole ticket names the lines that the cook saw, each for itself: what was added on the way, or while the
 * network was away, is not taken off a screen that never showed it.
 */
export function bumpSteps(ticket: Ticket): Step[] {
  return ticket.lines.filter(isOpen).map((item) => itemStep(ticket.order.id, item, "bump"));
}

export function acknowledgeSteps(ticket: Ticket): Step[] {
  const voided = ticket.lines.filter((item) => nextAction(item) === "acknowledge");
  return voided.map((item) => itemStep(ticket.order.id, item, "acknowledge"));
}

/** Bring a whole share back; of a finished order everything, with one word to the guest. */
export function recallSteps(order: { id: string; status: string; items: Item[] }, station: string | null): Step[] {
  if (station === null) return [orderStep(order.id, "recall")];
  if (order.status === "completed") return [orderStep(order.id, "recall")];
  const share = order.items.filter((item) => item.station === station && isCooked(item));
  return share.map((item) => itemStep(order.id, item, "recall"));
}

const OPPOSITE: Record<string, string> = {
  bump: "recall",
  rush: "unrush",
  unrush: "rush",
  fire: "hold",
  hold: "fire",
};

/** What takes *steps* back once they were done, last first; null where nothing does. */
export function undoSteps(steps: readonly Step[]): Step[] | null {
  const back: Step[] = [];
  for (const step of [...steps].reverse()) {
    const cut = step.path.lastIndexOf("/");
    const action = step.path.slice(cut + 1);
    // A guest who was told that it was handed out is told that it is ready again.
    if (action === "complete") {
      back.push(...["recall", "bump"].map((one) => ({ ...step, path: `${step.path.slice(0, cut)}/${one}` })));
      continue;
    }
    if (action === "delay") {
      back.push({ ...step, body: { seconds: -Number(step.body?.seconds) } });
      continue;
    }
    const opposite = OPPOSITE[action];
    if (!opposite) return null;
    back.push({ ...step, path: `${step.path.slice(0, cut)}/${opposite}` });
  }
  return back;
}

export function named(item: Item): string {
  return item.quantity > 1 ? `${item.quantity} × ${item.name}` : item.name;
}
