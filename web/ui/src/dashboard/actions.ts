/** What a manager can do with an order: what the order itself offers, in the order in which it is wanted. */

import type { Blocked, Item, Order } from "../lib/api.ts";
import { ACTION } from "../lib/words.ts";

export interface Offer {
  /** The address's last part, and what goes with it. */
  action: string;
  body: Record<string, unknown>;
  label: string;
  /** Asks for a reason first. */
  asks: boolean;
  tone: "main" | "plain" | "danger";
}

export interface Obstacle {
  label: string;
  detail: string;
  /** The items that are in the way. */
  items: Item[];
}

export const REASONS: Record<string, readonly string[]> = {
  cancel: ["Guest changed their mind", "Guest left", "Ordered twice", "Cannot be cooked"],
  reject: ["Kitchen is full", "Sold out", "Closing soon"],
  void: ["Guest changed their mind", "Sold out", "Wrong dish", "Dropped"],
  discard: ["Done by hand", "Not needed any more"],
};

const MAIN = ["confirm", "start", "bump", "complete"];
const ASKING = new Set(["cancel", "reject", "void"]);
const DELAYS = [300, 600];

export function offersOf(order: Order): Offer[] {
  const main = MAIN.filter((action) => order.actions.includes(action)).at(-1);
  const offered = order.actions.flatMap((action) => offersFor(action, order)).sort((a, b) => place(a) - place(b));
  return offered.map((offer) => (offer.action === main ? { ...offer, tone: "main" } : offer));
}

export function itemOffers(item: Item): Offer[] {
  return item.actions.map((action) => offer(action));
}

/** What one would expect to do now and cannot, with the server's own words. */
export function obstacles(order: Order): Obstacle[] {
  return order.blocked.map((blocked) => obstacle(blocked, order));
}

export function obstacle(
  { action, detail, items }: Pick<Blocked, "action" | "detail" | "items">,
  order: Order,
): Obstacle {
  const inTheWay = items.map((id) => order.items.find((item) => item.id === id)).filter((item) => item !== undefined);
  return { label: ACTION[action] ?? action, detail, items: inTheWay };
}

function offersFor(action: string, order: Order): Offer[] {
  if (action === "delay") return DELAYS.map((seconds) => offer("delay", { seconds }, `+${seconds / 60} min`));
  if (action === "fire") {
    return courses(order, "held").map((course) => offer("fire", { course }, `Fire course ${course}`));
  }
  if (action === "hold") {
    return courses(order, "pending").map((course) => offer("hold", { course }, `Hold course ${course}`));
  }
  return [offer(action)];
}

function offer(action: string, body: Record<string, unknown> = {}, label = ACTION[action] ?? action): Offer {
  const asks = ASKING.has(action);
  return { action, body, label, asks, tone: asks ? "danger" : "plain" };
}

function courses(order: Order, status: Item["status"]): number[] {
  return [...new Set(order.items.filter((item) => item.status === status).map((item) => item.course))].sort((a, b) =>
    a - b
  );
}

const PLACES = [
  "confirm",
  "complete",
  "bump",
  "start",
  "recall",
  "fire",
  "rush",
  "unrush",
  "delay",
  "hold",
  "reject",
  "cancel",
];

function place({ action }: Offer): number {
  const index = PLACES.indexOf(action);
  return index < 0 ? PLACES.length : index;
}
