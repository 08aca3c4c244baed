/** Fills the book: the stream of the house, what is ready, the stations and the menu. */

import { batch, signal } from "@preact/signals";
import { load, type Menu, type Order, type Station } from "../lib/api.ts";
import { follow, type Live, type Source } from "../lib/live.ts";
import * as storage from "../lib/storage.ts";
import { book, inHouse, kept, menu, orders, station, stations, take, ticketAt } from "./book.ts";
import { newsOf, recalledLines } from "./changes.ts";
import * as outbox from "../lib/outbox.ts";
import { onOrder } from "./outbox.ts";
import { markRecalled, notice } from "./notices.ts";
import { keepTo } from "./screen.ts";
import { isUnseenVoid, ticketId } from "./tickets.ts";

const FINISHED = new Set(["ready", "completed", "cancelled", "rejected"]);
/** A board that is bumped by another screen, or forgotten, clears itself. */
const KEPT_MS = 5 * 60_000;
let drawn = false;

/** Whether what stands around the tickets is there: drawn before it, they would be pushed away by it. */
export const furnished = signal(false);
const PATIENCE_MS = 1500;

export function followHouse(): Live {
  onOrder(hear);
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  void Promise.race([furnish(), patience]).then(() => (furnished.value = true));
  return follow<Order>({
    stream: `/v1/kitchen/stream${inHouse("?")}`,
    poll: `/v1/orders?active=true&limit=200${inHouse("&")}`,
    cacheKey: `kitchen${inHouse("?")}`,
    apply: gather,
    reset: (all, source) => {
      redraw(all, source);
      if (source === "stream") void furnish();
    },
    events: { menu: (told) => dishIs(told as { sku: string; available: boolean }) },
    beforeReopening: () => outbox.replay(),
  });
}

/** One touch of a cook moves the estimates of many orders: what comes within a frame is drawn once. */
const FRAME_MS = 16;
let gathered: Order[] = [];

function gather(order: Order): void {
  if (!gathered.length) setTimeout(hearAll, FRAME_MS);
  gathered.push(order);
}

function hearAll(): void {
  const all = gathered;
  gathered = [];
  batch(() => all.forEach(hear));
}

/** One order in a newer version, from the stream or as the answer to one of our commands. */
export function hear(order: Order): void {
  const before = book.peek().get(order.id);
  const earlier = before ? ticketAt(before, station.peek()) : null;
  batch(() => {
    if (!take(order)) return;
    const id = ticketId(order.id, station.peek());
    const now = book.value.get(order.id)!;
    if (finishedElsewhere(earlier !== null, now)) keep(id);
    markRecalled(recalledLines(before, now));
    const news = newsOf(earlier, ticketAt(now, station.peek()), before);
    if (news) notice(id, news);
  });
}

/** On expo an order turns green when its stations are through, and stays until it is bumped. */
function finishedElsewhere(wasOnBoard: boolean, order: Order): boolean {
  return wasOnBoard && station.peek() === null && order.status === "ready";
}

export function keep(id: string): void {
  if (kept.peek().has(id)) return;
  kept.value = new Set(kept.peek()).add(id);
  setTimeout(() => letGo(id), KEPT_MS);
}

export function letGo(id: string): void {
  if (!kept.peek().has(id)) return;
  const left = new Set(kept.peek());
  left.delete(id);
  kept.value = left;
}

/** Everything that is open now. What else we knew stays as far as it is finished, for recall. */
function redraw(all: Order[], source: Source): void {
  const open = new Set(all.map((order) => order.id));
  const first = !drawn;
  drawn = true;
  batch(() => {
    const gone = [...orders.value.values()].filter((order) => !open.has(order.id));
    // Polling tells of open orders only: a cancelled one whose voids nobody has seen is not over here.
    const isOver = (order: Order) => source !== "poll" && order.items.some(isUnseenVoid);
    const remaining = gone.filter((order) => FINISHED.has(order.status) && !isOver(order));
    const fresh = all.filter((order) => !first && !orders.value.has(order.id));
    orders.value = new Map(
      [...remaining, ...all.filter((order) => !fresh.includes(order))].map((one) => [one.id, one]),
    );
    fresh.forEach(hear);
  });
}

/** What the stream does not carry: orders to hand out or to recall, stations, dishes. */
async function furnish(): Promise<void> {
  await Promise.all([
    refreshRecent(),
    fetched<{ data: Order[] }>(`/v1/orders?status=ready&limit=50${inHouse("&")}`, ({ data }) => merge(data)),
    fetched<{ data: Station[] }>(`/v1/stations${inHouse("?")}`, ({ data }, fresh) => {
      stations.value = data;
      if (fresh) keepTo(data);
    }),
    fetched<Menu>(`/v1/menu${inHouse("?")}`, ({ items }) => (menu.value = items)),
  ]);
}

export async function refreshRecent(): Promise<void> {
  await fetched<{ data: Order[] }>(`/v1/kitchen/recent${inHouse("?")}`, ({ data }) => merge(data));
}

function merge(found: Order[]): void {
  batch(() => found.forEach(take));
}

/** What was fetched last stays at hand for a start without a network. */
async function fetched<T>(path: string, then: (told: T, fresh: boolean) => void): Promise<void> {
  try {
    const { data } = await load<T>(path);
    if (data === null) return;
    then(data, true);
    await storage.put("cache", path, data);
  } catch {
    const known = await storage.get<T>("cache", path);
    if (known) then(known, false);
  }
}

function dishIs({ sku, available }: { sku: string; available: boolean }): void {
  menu.value = menu.value.map((dish) => (dish.sku === sku ? { ...dish, available } : dish));
}
