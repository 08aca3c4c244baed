/** What a new version of an order means to whoever looks at a board: is it new, changed, cancelled, brought back? */

import type { Order } from "../lib/api.ts";
import { isCooked, isUnseenVoid, type Ticket } from "./tickets.ts";

export type News = "new" | "changed" | "cancelled" | "recalled" | "ready";

/**
 * What happened to the ticket that was *before* and is *after*; null for what needs nobody's eyes.
 * Cooking that goes on is no news.
 */
export function newsOf(before: Ticket | null, after: Ticket | null, known: Order | undefined): News | null {
  if (!after) return null;
  if (!before) return known && after.lines.some((item) => wasCooked(known, item.id)) ? "recalled" : "new";
  const unseen = (ticket: Ticket) => ticket.lines.filter(isUnseenVoid).length;
  if (unseen(after) > unseen(before)) return "cancelled";
  if (after.lines.length > before.lines.length || after.order.notes !== before.order.notes) return "changed";
  if (after.lines.some((item) => !isCooked(item) && item.status !== "voided" && wasCooked(before.order, item.id))) {
    return "recalled";
  }
  if (after.state === "open" && before.state === "held") return "new";
  return after.state === "done" && before.state !== "done" ? "ready" : null;
}

/** The lines that were cooked in *before* and are to be made again. */
export function recalledLines(before: Order | undefined, after: Order): string[] {
  if (!before) return [];
  return after.items
    .filter((item) => (item.status === "preparing" || item.status === "pending") && wasCooked(before, item.id))
    .map((item) => item.id);
}

function wasCooked(order: Order, itemId: string): boolean {
  const item = order.items.find((one) => one.id === itemId);
  return item !== undefined && isCooked(item);
}
