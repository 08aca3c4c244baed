/** What this screen knows: the orders of the house, as the server told them and as our own commands will make them. */

import { computed, signal } from "@preact/signals";
import type { MenuItem, Order } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import type { Entry } from "../lib/outbox.ts";
import * as outbox from "../lib/outbox.ts";
import { DISHES } from "./outbox.ts";
import { averageNow, levelOf } from "./pace.ts";
import { predicted } from "./predict.ts";
import { thresholdsOf } from "./settings.ts";
import {
  allDay as allDayOf,
  inOrder,
  isStale,
  type StationCount,
  type Ticket,
  ticketId,
  ticketOf,
  toHandOut,
} from "./tickets.ts";

export interface Place {
  id: string;
  name: string;
}

/** Which station's board this is; null: all of them. */
export const station = signal<string | null>(null);
/** Which house, for keys that may see several. */
export const house = signal<string | null>(null);
export const stations = signal<Place[]>([]);
export const menu = signal<MenuItem[]>([]);
/** As the server told them. */
export const orders = signal<ReadonlyMap<string, Order>>(new Map());
/** Tickets that are all cooked and stay until they are bumped. */
export const kept = signal<ReadonlySet<string>>(new Set());

const NONE: readonly Entry[] = [];

/** The commands on their way, by order. */
export const onTheirWay = computed<ReadonlyMap<string, Entry[]>>(() => {
  const found = new Map<string, Entry[]>();
  for (const entry of outbox.pending.value) {
    if (entry.orderId === DISHES) continue;
    const known = found.get(entry.orderId);
    if (known) known.push(entry);
    else found.set(entry.orderId, [entry]);
  }
  return found;
});

/** Memory of the last prediction of each order, so that what did not change is the same object. */
const predictions = new Map<string, { order: Order; keys: string; made: Order }>();

/** The orders as they will be when all commands have arrived. */
export const book = computed<ReadonlyMap<string, Order>>(() => {
  const sent = onTheirWay.value;
  if (!sent.size) return orders.value;
  const found = new Map(orders.value);
  for (const [id, entries] of sent) {
    const order = found.get(id);
    if (order) found.set(id, predict(order, entries));
  }
  return found;
});

function predict(order: Order, entries: readonly Entry[]): Order {
  const keys = entries.map((entry) => entry.key).join();
  const before = predictions.get(order.id);
  if (before?.order === order && before.keys === keys) return before.made;
  const made = predicted(order, entries);
  if (predictions.size > 500) predictions.clear();
  predictions.set(order.id, { order, keys, made });
  return made;
}

interface Drawn {
  stays: boolean;
  ticket: Ticket | null;
}

const drawn = new WeakMap<Order, Map<string | null, Drawn>>();

/** The ticket of *at* for *order*: the same object as long as nothing of it changed. */
export function ticketAt(order: Order, at: string | null): Ticket | null {
  const stays = kept.value.size > 0 && kept.value.has(ticketId(order.id, at));
  let known = drawn.get(order);
  if (!known) drawn.set(order, known = new Map());
  const before = known.get(at);
  if (before?.stays === stays) return before.ticket;
  const ticket = ticketOf(order, at, stays ? kept.value : undefined);
  known.set(at, { stays, ticket });
  return ticket;
}

/** By the minute: when an order is so old that it belongs to another day. */
const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);

function boardOf(at: string | null): Ticket[] {
  const found: Ticket[] = [];
  for (const order of book.value.values()) {
    const ticket = ticketAt(order, at);
    if (ticket) found.push(ticket);
  }
  return found;
}

const everything = computed(() => boardOf(station.value));
/** The board: rushed ones first, then the oldest. */
export const tickets = computed(() => inOrder(everything.value.filter((ticket) => !isStale(ticket, minute.value))));
/** Those of another day. */
export const stale = computed(() => inOrder(everything.value.filter((ticket) => isStale(ticket, minute.value))));

/** The orders that have a ticket anywhere: the others need no look each second. */
const cooking = computed(() => [...book.value.values()].filter((order) => ticketAt(order, null)));

export const counts = computed<ReadonlyMap<string | null, StationCount>>(() => {
  const at = now.value;
  const places = [null, ...stations.value.map((place) => place.id)];
  return new Map(places.map((place) => [place, countOf(place, at)]));
});

function countOf(place: string | null, at: number): StationCount {
  const count = { tickets: 0, late: 0 };
  const thresholds = thresholdsOf(place);
  for (const order of cooking.value) {
    const ticket = ticketAt(order, place);
    if (!ticket || ticket.state === "done" || isStale(ticket, minute.value)) continue;
    count.tickets += 1;
    if (ticket.state === "open" && levelOf(ticket, at, thresholds) === "late") count.late += 1;
  }
  return count;
}

export const allDay = computed(() => allDayOf(tickets.value));
/** The dishes as they will be. */
export const dishes = computed(() => {
  const meant = new Map<string, boolean>();
  for (const { orderId, path, body } of outbox.pending.value) {
    if (orderId === DISHES) {
      meant.set(decodeURIComponent(path.split("?")[0]!.split("/").pop()!), (body as { available: boolean }).available);
    }
  }
  return meant.size
    ? menu.value.map((dish) => ({ ...dish, available: meant.get(dish.sku) ?? dish.available }))
    : menu.value;
});
export const soldOut = computed(() => new Set(dishes.value.filter((dish) => !dish.available).map((dish) => dish.sku)));
const onBoard = computed(() => new Set(station.value === null ? tickets.value.map((ticket) => ticket.order.id) : []));
export const ready = computed(() => (station.value === null ? toHandOut(book.value.values(), onBoard.value) : []));
export const average = computed(() => averageNow(book.value.values(), station.value, minute.value));

/** The commands on their way that concern one line, or the order as a whole (itemId null). */
export function waitingFor(orderId: string): readonly Entry[] {
  return onTheirWay.value.get(orderId) ?? NONE;
}

export function nameOf(id: string): string {
  return stations.value.find((place) => place.id === id)?.name ?? id.charAt(0).toUpperCase() + id.slice(1);
}

/** For the end of an address: which house is meant, where that has to be said. */
export function inHouse(joint: "?" | "&"): string {
  return house.value ? `${joint}location=${encodeURIComponent(house.value)}` : "";
}

/** Take *order* over, unless we know it as new; whether it was newer. */
export function take(order: Order): boolean {
  const known = orders.value.get(order.id);
  if (known && known.version >= order.version) return false;
  orders.value = new Map(orders.value).set(order.id, order);
  return true;
}
