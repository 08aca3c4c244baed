/** The trade's terms in words that guests, cooks and managers use. */

import type { Channel, ItemStatus, OrderStatus } from "./api.ts";
import { NetworkError, Problem } from "./api.ts";

/** What a guest reads. */
export const ORDER_STATUS: Record<OrderStatus, string> = {
  scheduled: "Scheduled",
  pending: "Received",
  confirmed: "Confirmed",
  preparing: "Cooking",
  ready: "Ready",
  completed: "Completed",
  cancelled: "Cancelled",
  rejected: "Not accepted",
};

export const ITEM_STATUS: Record<ItemStatus, string> = {
  held: "Later",
  pending: "Waiting",
  preparing: "Cooking",
  ready: "Done",
  served: "Served",
  voided: "Cancelled",
};

export const CHANNEL: Record<Channel, string> = { dine_in: "Dine in", takeaway: "Pickup", delivery: "Delivery" };

/** The buttons. */
export const ACTION: Record<string, string> = {
  confirm: "Accept",
  reject: "Reject",
  start: "Start",
  bump: "Bump",
  complete: "Complete",
  cancel: "Cancel",
  recall: "Recall",
  fire: "Fire",
  hold: "Hold",
  rush: "Rush",
  unrush: "No rush",
  delay: "Delay",
  serve: "Serve",
  void: "Void",
  acknowledge: "Seen",
};

/** What happened, for a toast: `PAST.bump` → bumped */
export const PAST: Record<string, string> = {
  confirm: "accepted",
  reject: "rejected",
  start: "started",
  bump: "bumped",
  complete: "completed",
  cancel: "cancelled",
  recall: "recalled",
  fire: "fired",
  hold: "held",
  rush: "rushed",
  unrush: "back in line",
  delay: "delayed",
  serve: "served",
  void: "voided",
  acknowledge: "seen",
};

const PROBLEMS: Record<string, string> = {
  "invalid-transition": "That cannot be done any more: the order has moved on.",
  "items-pending": "Some items are not ready yet.",
  "order-closed": "The order is closed.",
  "recall-window-passed": "It is too late to recall it.",
  "reason-required": "Say why, please.",
  "stale-version": "Somebody else was faster. This is the newest state.",
  "order-not-found": "There is no such order.",
  "item-unavailable": "This has just sold out.",
  "unknown-item": "This is no longer on the menu.",
  "price-mismatch": "The price has changed.",
  "rate-limited": "Too many tries. Wait a minute.",
  overloaded: "The kitchen's computer is very busy. Try again.",
  unauthorized: "Sign in again.",
  forbidden: "This key may not do that.",
};

/** A sentence for whatever was thrown. The server's own detail is better than ours where it names the facts. */
export function sentence(thrown: unknown): string {
  if (thrown instanceof NetworkError) return "No connection. Nothing is lost; it can be tried again.";
  if (!(thrown instanceof Problem)) return "Something went wrong here.";
  const generic = thrown.code === "invalid-transition" || thrown.status === 429 || thrown.status >= 500;
  return (generic ? PROBLEMS[thrown.code] : thrown.detail) ?? PROBLEMS[thrown.code] ?? thrown.detail;
}

/** Allergens as guests read them. */
export const ALLERGEN: Record<string, string> = {
  gluten: "gluten",
  crustaceans: "crustaceans",
  egg: "egg",
  fish: "fish",
  peanuts: "peanuts",
  soya: "soya",
  milk: "milk",
  nuts: "nuts",
  celery: "celery",
  mustard: "mustard",
  sesame: "sesame",
  sulphites: "sulphites",
  lupin: "lupin",
  molluscs: "molluscs",
};
