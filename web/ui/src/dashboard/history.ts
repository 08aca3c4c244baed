/** An order's history in sentences. */

import type { Item, Order, OrderEvent } from "../lib/api.ts";
import { count, money, time } from "../lib/format.ts";

export interface Entry {
  seq: number;
  at: string;
  /** What happened, the reason or notes given with it, and who did it. */
  words: string;
  said: string | null;
  who: string;
  tone: "plain" | "good" | "bad" | "quiet";
}

const WHO: Record<string, string> = { engine: "by itself", timer: "by itself", customer: "the guest" };
const BAD = new Set([
  "order.rejected",
  "order.cancelled",
  "order.overdue",
  "item.voided",
  "order.recalled",
  "item.recalled",
]);
const GOOD = new Set(["order.completed", "item.served"]);
const QUIET = new Set(["order.estimated", "item.acknowledged"]);

export function entries(events: readonly OrderEvent[], order: Order): Entry[] {
  return events.map((event) => ({
    seq: event.seq,
    at: event.at,
    words: words(event, order),
    said: said(event),
    who: who(event.actor),
    tone: BAD.has(event.type)
      ? "bad"
      : GOOD.has(event.type) || event.data.to === "ready"
      ? "good"
      : QUIET.has(event.type)
      ? "quiet"
      : "plain",
  }));
}

/** What the guest was told first, and what the estimate has moved to; null where there was never one. */
export function firstPromise(events: readonly OrderEvent[]): { first: string; last: string } | null {
  const told = events.filter((event) => event.type === "order.estimated").map((event) => String(event.data.ready_by));
  return told.length ? { first: told[0]!, last: told.at(-1)! } : null;
}

/** `kitchen:grill` → kitchen (grill) */
export function who(actor: string): string {
  const [role = "", name] = actor.split(":");
  const known = WHO[role] ?? role;
  return name && !WHO[role] ? `${known} · ${name}` : known;
}

function said({ data }: OrderEvent): string | null {
  const told = [data.reason, data.notes].filter((text) => typeof text === "string" && text);
  return [...new Set(told)].join(" · ") || null;
}

function words(event: OrderEvent, order: Order): string {
  const { type, data } = event;
  const items = named(data.items, order);
  switch (type) {
    case "order.placed":
      return data.scheduled_for ? `Placed, for ${time(String(data.scheduled_for))}` : "Placed";
    case "order.estimated":
      return `${data.first ? "Promised" : "New estimate:"} by ${time(String(data.ready_by))}`;
    case "order.overdue":
      return `Late: the promise was ${time(String(data.ready_by))}`;
    case "order.delayed":
      return `Put off by ${Math.round(Number(data.seconds) / 60)} min`;
    case "payment.taken":
      return `Paid ${money(Number(data.amount), order.currency)}, ${String(data.tender)}`;
    case "course.fired":
      return `Course ${String(data.course)} fired`;
    case "course.held":
      return `Course ${String(data.course)} held`;
    case "item.added":
      return `${count((data.items as unknown[]).length, "item")} added`;
  }
  const plain = PLAIN[type];
  if (plain) return plain;
  const verb = type.startsWith("item.") ? ITEM_VERB[type.slice(5)] ?? type.slice(5) : type.replace(".", " ");
  return items ? `${items} ${verb}` : verb;
}

const PLAIN: Record<string, string> = {
  "order.released": "Sent to the kitchen for its time",
  "order.confirmed": "Accepted",
  "order.rejected": "Rejected",
  "order.started": "Cooking began",
  "order.bumped": "All ready",
  "order.completed": "Completed",
  "order.cancelled": "Cancelled",
  "order.recalled": "Recalled to the kitchen",
  "order.reopened": "Back in the kitchen",
  "order.rushed": "Rushed",
  "order.unrushed": "No rush any more",
};

const ITEM_VERB: Record<string, string> = {
  started: "started",
  bumped: "ready",
  recalled: "recalled",
  served: "served",
  voided: "voided",
  acknowledged: "void seen by the kitchen",
};

function named(ids: unknown, order: Order): string {
  if (!Array.isArray(ids)) return "";
  const items = ids.map((id) => order.items.find((item) => item.id === id)).filter((item) => item !== undefined);
  if (items.length > 3) return count(items.length, "item");
  return items.map((item: Item) => (item.quantity > 1 ? `${item.quantity} × ${item.name}` : item.name)).join(", ");
}
