/** Which orders are late, against which promise, and what holds them up. */

import type { Item, Order } from "../lib/api.ts";
import { count } from "../lib/format.ts";
import { grouped } from "./grouped.ts";
import { lasted } from "./spans.ts";

/** Nine of ten orders take no longer than this many times the plain cooking time; the engine's own factor. */
export const SAFETY = 1.35;
/** Nobody runs for a glass of wine, though it takes a minute and a half; the kitchen's screens have the same least. */
export const SHORTEST_SECONDS = 240;
/** How long a plate may stand on the pass before somebody should look. */
export const PASS_SECONDS = 300;

/** How many dishes each station cooks at once. */
export type Slots = Readonly<Record<string, number>>;

/** What was promised: a pick-up time, what the guest was told last, or what these dishes take once they are fired. */
export interface Due {
  at: number;
  against: "pickup" | "told" | "cooking";
}

/** One station that an order waits for. */
export interface Hold {
  station: string;
  items: Item[];
  /** The longest that one of them has been on the station's screen; null while it is held. */
  waitingSeconds: number | null;
  /** Nobody has begun any of them. */
  untouched: boolean;
}

export interface Lateness {
  due: Due | null;
  /** How far past its promise an order is, or was when it got ready; 0 while it is in time. */
  lateSeconds: number;
  /** What it still waits for, the worst first. */
  holds: Hold[];
  /** Seconds since it was ready, while it stands on the pass. */
  onPassSeconds: number | null;
}

const UNFINISHED = new Set<Item["status"]>(["held", "pending", "preparing"]);
const IN_KITCHEN = new Set<Order["status"]>(["confirmed", "preparing"]);

export function isOpen(order: Order): boolean {
  return order.status !== "completed" && order.status !== "cancelled" && order.status !== "rejected";
}

export function inKitchen(order: Order): boolean {
  return IN_KITCHEN.has(order.status);
}

export function unfinished(item: Item): boolean {
  return UNFINISHED.has(item.status);
}

/** When the order began to wait: accepted for its time where it was ordered ahead, placed otherwise. */
export function waitingSince(order: Order): number {
  return Date.parse(order.scheduled_for ? order.confirmed_at ?? order.scheduled_for : order.placed_at);
}

const took = new WeakMap<Order, number | null>();

/**
 * Seconds from the kitchen's yes to ready; null until it is, and of orders that nobody was served. As reports have it.
 *
 * It is asked of every order of the day at each change, and an order as it is handed out never changes.
 */
export function secondsToReady(order: Order): number | null {
  let seconds = took.get(order);
  if (seconds === undefined) took.set(order, seconds = reckoned(order));
  return seconds;
}

function reckoned(order: Order): number | null {
  if (!order.ready_at || order.status === "cancelled" || order.status === "rejected") return null;
  const since = Date.parse(order.confirmed_at ?? order.placed_at);
  return Math.max(0, Math.floor((Date.parse(order.ready_at) - since) / 1000));
}

/** The nearest of its promises; null where nothing is promised yet: not accepted, or every dish is held. */
export function dueOf(order: Order, slots: Slots): Due | null {
  if (order.scheduled_for) return { at: Date.parse(order.scheduled_for), against: "pickup" };
  const waves = grouped(order.items.filter(wasFired), (item) => item.fired_at!);
  const ends = [...waves].map(([at, items]) => Date.parse(at) + 1000 * allowed(aloneSeconds(items, slots)));
  const promises: Due[] = ends.length ? [{ at: Math.max(...ends), against: "cooking" }] : [];
  if (order.estimate) promises.push({ at: Date.parse(order.estimate.ready_by), against: "told" });
  return promises.sort((a, b) => a.at - b.at)[0] ?? null;
}

/** How long *items* take in a kitchen that has nothing else to do: each dish goes to the place that is free first. */
export function aloneSeconds(items: readonly Item[], slots: Slots): number {
  const places = new Map<string, number[]>();
  for (const item of items) {
    const free = places.get(item.station) ?? Array<number>(Math.max(1, slots[item.station] ?? item.quantity)).fill(0);
    const side = Math.min(item.quantity, free.length);
    const seconds = item.prep_seconds * Math.ceil(item.quantity / side);
    free.sort((a, b) => a - b);
    for (let place = 0; place < side; place++) free[place]! += seconds;
    places.set(item.station, free);
  }
  return Math.max(0, ...[...places.values()].flat());
}

export function latenessOf(order: Order, at: number, slots: Slots): Lateness {
  const due = dueOf(order, slots);
  const served = order.ready_at ?? order.completed_at;
  const judged = inKitchen(order) ? at : served ? Date.parse(served) : null;
  const ended = order.status === "cancelled" || order.status === "rejected";
  const late = due && judged !== null && !ended ? Math.max(0, Math.floor((judged - due.at) / 1000)) : 0;
  return {
    due,
    lateSeconds: late,
    holds: inKitchen(order) ? holdsOf(order, at) : [],
    onPassSeconds: order.status === "ready" && order.ready_at ? secondsBetween(order.ready_at, at) : null,
  };
}

/** Why an order is late, in one line; null where it is not, and nobody needs to look at it. */
export function reason(found: Lateness, stationName: (id: string) => string): string | null {
  if (found.onPassSeconds !== null && found.onPassSeconds > PASS_SECONDS) {
    return `On the pass for ${lasted(found.onPassSeconds)}`;
  }
  const worst = found.holds[0];
  if (!found.lateSeconds || !worst) return null;
  const rest = found.holds.length - 1;
  return `${holdWords(worst, stationName)}${rest ? `, and ${count(rest, "more station")}` : ""}`;
}

/** `Grill: Rib eye cooking, 21:04` */
export function holdWords(hold: Hold, stationName: (id: string) => string): string {
  const names = hold.items.map((item) => (item.quantity > 1 ? `${item.quantity} × ${item.name}` : item.name));
  const listed = names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(" and ");
  const state = hold.waitingSeconds === null ? "held" : hold.untouched ? "not started" : "cooking";
  const since = hold.waitingSeconds === null ? "" : `, ${lasted(hold.waitingSeconds)}`;
  return `${stationName(hold.station)}: ${listed} ${state}${since}`;
}

/** What was promised, in words. */
export function promiseWords(due: Due, clock: (at: number) => string): string {
  if (due.against === "pickup") return `Ordered for ${clock(due.at)}.`;
  if (due.against === "told") return `The guest was told ${clock(due.at)}.`;
  return `Nine in ten such orders are ready by ${clock(due.at)}.`;
}

/** What an order still waits for, station by station, the one that is behind the furthest first. */
export function holdsOf(order: Order, at: number): Hold[] {
  const byStation = grouped(order.items.filter(unfinished), (item) => item.station);
  const behind = (item: Item) => (item.fired_at ? secondsBetween(item.fired_at, at) - item.prep_seconds : -Infinity);
  const holds = [...byStation].map(([station, items]) => {
    const fired = items.filter((item) => item.fired_at);
    const waits = fired.map((item) => secondsBetween(item.fired_at!, at));
    return {
      station,
      items: fired.length ? fired : items,
      waitingSeconds: waits.length ? Math.max(...waits) : null,
      untouched: !items.some((item) => item.status === "preparing"),
      behind: Math.max(...items.map(behind)),
    };
  });
  return holds.sort((a, b) => b.behind - a.behind).map(({ behind: _, ...hold }) => hold);
}

function allowed(seconds: number): number {
  return Math.max(SHORTEST_SECONDS, SAFETY * seconds);
}

function wasFired(item: Item): boolean {
  return item.fired_at !== null && item.status !== "voided";
}

function secondsBetween(since: string, at: number): number {
  return Math.max(0, Math.floor((at - Date.parse(since)) / 1000));
}
