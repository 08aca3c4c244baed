/** What a command that is on its way will make of an order: the screen shows it at once, and the server's answer after. */

import type { Item, Order } from "../lib/api.ts";

/** A command as the outbox keeps it. */
export interface Sent {
  path: string;
  body?: unknown;
  /** Milliseconds. */
  at: number;
}

export interface Target {
  orderId: string;
  kind: "order" | "item" | "station";
  /** The item's or the station's. */
  id: string | null;
  action: string;
}

const ADDRESS = /^\/v1\/orders\/([^/]+)(?:\/(items|stations)\/([^/]+))?\/([^/]+)$/;
const IN_THE_KITCHEN = new Set(["confirmed", "preparing", "ready"]);
const CLOSED = new Set(["completed", "cancelled", "rejected"]);

/** What a command is about, from its address; null for one that is about no order. */
export function targetOf(path: string): Target | null {
  const found = ADDRESS.exec(path);
  if (!found) return null;
  const [, orderId = "", of, id, action = ""] = found;
  const kind = of === "items" ? "item" : of === "stations" ? "station" : "order";
  return { orderId, kind, id: id === undefined ? null : decodeURIComponent(id), action };
}

/** *order* as it will be once *commands* are done, in their order. */
export function predicted(order: Order, commands: readonly Sent[]): Order {
  return commands.reduce(after, order);
}

function after(order: Order, command: Sent): Order {
  const target = targetOf(command.path);
  if (!target || CLOSED.has(order.status) && target.action !== "recall" && target.action !== "acknowledge") {
    return order;
  }
  const body = (command.body ?? {}) as Record<string, unknown>;
  const at = new Date(command.at).toISOString();
  if (target.kind === "order") return orderAfter(order, target.action, body, at);
  const concerned = (item: Item) => (target.kind === "item" ? item.id === target.id : item.station === target.id);
  return rolledUp({
    ...order,
    items: order.items.map((item) => (concerned(item) ? itemAfter(item, target.action, body, at) : item)),
  });
}

function orderAfter(order: Order, action: string, body: Record<string, unknown>, at: string): Order {
  switch (action) {
    case "rush":
      return { ...order, priority: true, actions: swapped(order.actions, "rush", "unrush") };
    case "unrush":
      return { ...order, priority: false, actions: swapped(order.actions, "unrush", "rush") };
    case "complete":
      return order.status === "ready" ? { ...order, status: "completed", completed_at: at } : order;
    case "cancel":
      return cancelled(order, body, at);
    case "fire":
    case "hold":
      return rolledUp({ ...order, items: order.items.map((item) => turned(item, action, body.course, at)) });
    case "recall": {
      const status = order.status === "completed" ? "preparing" : order.status;
      const items = order.items.map((item) => itemAfter(item, "recall", body, at));
      return rolledUp({ ...order, status, completed_at: null, items });
    }
    case "start":
    case "bump":
      return rolledUp({ ...order, items: order.items.map((item) => itemAfter(item, action, body, at)) });
    default:
      return order;
  }
}

function cancelled(order: Order, body: Record<string, unknown>, at: string): Order {
  const items = order.items.map((item) => (item.status === "served" ? item : itemAfter(item, "void", body, at)));
  return { ...order, status: "cancelled", cancelled_at: at, cancel_reason: text(body.reason), items, actions: [] };
}

function turned(item: Item, action: string, course: unknown, at: string): Item {
  if (item.course !== course) return item;
  if (action === "fire" && item.status === "held") return { ...item, status: "pending", fired_at: at };
  if (action === "hold" && item.status === "pending") return { ...item, status: "held", fired_at: null };
  return item;
}

function itemAfter(item: Item, action: string, body: Record<string, unknown>, at: string): Item {
  const { status } = item;
  switch (action) {
    case "start":
      return status === "pending" ? { ...item, status: "preparing", started_at: at } : item;
    case "bump":
      return status === "pending" || status === "preparing" ? { ...item, status: "ready", ready_at: at } : item;
    case "recall":
      if (status !== "ready" && status !== "served") return item;
      return { ...item, status: "preparing", started_at: item.started_at ?? at, ready_at: null, served_at: null };
    case "serve":
      return status === "ready" ? { ...item, status: "served", served_at: at } : item;
    case "void": {
      if (status === "voided" || status === "served") return item;
      const actions = status === "held" ? [] : ["acknowledge"];
      return { ...item, status: "voided", voided_at: at, void_reason: text(body.reason), actions };
    }
    case "acknowledge":
      return status === "voided" ? { ...item, actions: [] } : item;
    default:
      return item;
  }
}

/** The status that the items demand. */
function rolledUp(order: Order): Order {
  if (!IN_THE_KITCHEN.has(order.status)) return order;
  const active = order.items.filter((item) => item.status !== "voided");
  if (!active.length) return { ...order, status: "cancelled" };
  const cooked = (item: Item) => item.status === "ready" || item.status === "served";
  if (active.every(cooked)) {
    const ready_at = order.ready_at ?? new Date(Math.max(...active.map(cookedAt))).toISOString();
    return { ...order, status: "ready", ready_at };
  }
  const begun = order.items.some((item) => item.started_at !== null || item.ready_at !== null);
  return { ...order, status: begun ? "preparing" : "confirmed", ready_at: null };
}

function cookedAt(item: Item): number {
  return item.ready_at ? Date.parse(item.ready_at) : 0;
}

function swapped(actions: string[], gone: string, come: string): string[] {
  return [...actions.filter((action) => action !== gone), come].sort();
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
