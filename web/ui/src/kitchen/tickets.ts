/** Tickets as the screens show them, derived from whole orders: one station's share, or for expo the whole order. */

import type { Item, Order } from "../lib/api.ts";

export type TicketState = "open" | "held" | "done" | "cancelled";

/** What other stations still do for the same order. */
export interface Elsewhere {
  station: string;
  quantity: number;
  state: "waiting" | "cooking" | "done" | "later";
}

export interface Course {
  number: number;
  lines: Item[];
  /** Nothing of it was sent to the stations yet. */
  held: boolean;
  /** It was sent, and nobody has begun it: it can be taken back. */
  holdable: boolean;
}

export interface Ticket {
  /** The order's id, and the station's behind a slash where it is one station's share. */
  id: string;
  order: Order;
  station: string | null;
  lines: Item[];
  courses: Course[];
  elsewhere: Elsewhere[];
  /** How many lines are fired and not cooked yet. */
  open: number;
  state: TicketState;
  /** When the order came into the kitchen, in milliseconds: its place in the row, also after a recall. */
  sentAt: number;
  /** When the first line that is shown was fired; null while all are held. */
  firedAt: number | null;
}

export interface AllDayLine {
  sku: string | null;
  name: string;
  open: number;
  cooking: number;
}

export interface StationCount {
  tickets: number;
  late: number;
}

const IN_THE_KITCHEN = new Set(["confirmed", "preparing", "ready"]);
const UNFINISHED = new Set(["held", "pending", "preparing"]);
const STALE_MS = 12 * 3600 * 1000;
/** A line that came more than this after its order was added to it. */
const ADDED_LATER_MS = 1500;
const NOBODY: ReadonlySet<string> = new Set();

/** Whether somebody voided *item* and no cook has said yet that they saw it. */
export function isUnseenVoid(item: Item): boolean {
  return item.status === "voided" && item.actions.includes("acknowledge");
}

/** Whether *item* keeps its ticket on the board, as `/v1/kitchen/tickets` has it. */
export function isOnBoard(order: Order, item: Item): boolean {
  return isUnseenVoid(item) || (IN_THE_KITCHEN.has(order.status) && UNFINISHED.has(item.status));
}

export function isOpen(item: Item): boolean {
  return item.status === "pending" || item.status === "preparing";
}

export function isCooked(item: Item): boolean {
  return item.status === "ready" || item.status === "served";
}

export function ticketId(orderId: string, station: string | null): string {
  return station === null ? orderId : `${orderId}/${station}`;
}

/**
 * The ticket of *station* (null: the whole order); null when nothing of it belongs on the board.
 * *kept* are ids of tickets that stay although all is cooked, until they are bumped.
 */
export function ticketOf(order: Order, station: string | null, kept: ReadonlySet<string> = NOBODY): Ticket | null {
  const id = ticketId(order.id, station);
  const share = station === null ? order.items : order.items.filter((item) => item.station === station);
  const lines = share.filter((item) => item.status !== "voided" || isUnseenVoid(item));
  const stays = kept.has(id) && IN_THE_KITCHEN.has(order.status) && lines.some(isCooked);
  if (!stays && !lines.some((item) => isOnBoard(order, item))) return null;
  const courses = coursesOf(order, lines);
  return {
    id,
    order,
    station,
    lines: courses.flatMap((course) => course.lines),
    courses,
    elsewhere: station === null ? [] : elsewhereOf(order, station),
    open: lines.filter(isOpen).length,
    state: stateOf(lines),
    sentAt: sentAt(order),
    firedAt: earliest(lines.filter((item) => item.status !== "voided")) ?? earliest(lines),
  };
}

function stateOf(lines: Item[]): TicketState {
  const active = lines.filter((item) => item.status !== "voided");
  if (!active.length) return "cancelled";
  if (active.some(isOpen)) return "open";
  return active.some(isCooked) ? "done" : "held";
}

function coursesOf(order: Order, lines: Item[]): Course[] {
  const numbers = [...new Set(lines.map((item) => item.course))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const shown = lines.filter((item) => item.course === number).sort((a, b) => a.line - b.line);
    const whole = order.items.filter((item) => item.course === number && item.status !== "voided");
    return {
      number,
      lines: shown,
      held: whole.some((item) => item.status === "held"),
      holdable: whole.length > 0 && whole.every((item) => item.status === "pending"),
    };
  });
}

function elsewhereOf(order: Order, station: string): Elsewhere[] {
  const others = order.items.filter((item) => item.station !== station && item.status !== "voided");
  return [...new Set(others.map((item) => item.station))].map((other) => {
    const theirs = others.filter((item) => item.station === other);
    return {
      station: other,
      quantity: theirs.reduce((sum, item) => sum + item.quantity, 0),
      state: progressOf(theirs),
    };
  });
}

function progressOf(items: Item[]): Elsewhere["state"] {
  if (items.every(isCooked)) return "done";
  if (items.some((item) => item.status === "preparing" || isCooked(item))) return "cooking";
  return items.every((item) => item.status === "held") ? "later" : "waiting";
}

export function sentAt(order: Order): number {
  return Date.parse(order.confirmed_at ?? order.placed_at);
}

function earliest(lines: Item[]): number | null {
  const moments = lines.flatMap((item) => (item.fired_at ? [Date.parse(item.fired_at)] : []));
  return moments.length ? Math.min(...moments) : null;
}

/** Rushed ones first, then the oldest first. */
export function inOrder(tickets: Ticket[]): Ticket[] {
  return tickets.sort((a, b) =>
    Number(b.order.priority) - Number(a.order.priority) || a.sentAt - b.sentAt || (a.order.id < b.order.id ? -1 : 1)
  );
}

/** Whether the order is of another day: it is listed apart, and no clock of it counts. */
export function isStale(ticket: Ticket, at: number): boolean {
  return at - ticket.sentAt > STALE_MS;
}

/** When a line was added to an order that was there already; ids tell their birth (UUIDv7). */
export function isAdded(item: Item, order: Order): boolean {
  return born(item.id) - born(order.id) > ADDED_LATER_MS;
}

function born(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) || 0;
}

/** How many of each dish are still to be made over all *tickets*, the most first. */
export function allDay(tickets: Iterable<Ticket>): AllDayLine[] {
  const found = new Map<string, AllDayLine>();
  for (const ticket of tickets) {
    for (const item of ticket.lines.filter(isOpen)) {
      const key = item.sku ?? `${item.name}/`;
      const line = found.get(key) ?? { sku: item.sku, name: item.name, open: 0, cooking: 0 };
      line.open += item.quantity;
      if (item.status === "preparing") line.cooking += item.quantity;
      found.set(key, line);
    }
  }
  return [...found.values()].sort((a, b) => b.open - a.open || a.name.localeCompare(b.name));
}

/** Cooked orders that wait to be handed out, the one that waits longest first. */
export function toHandOut(orders: Iterable<Order>, onBoard: ReadonlySet<string>): Order[] {
  const ready = [...orders].filter((order) => order.status === "ready" && !onBoard.has(order.id));
  return ready.sort((a, b) => readyAt(a) - readyAt(b));
}

export function readyAt(order: Order): number {
  return Date.parse(order.ready_at ?? order.placed_at);
}

/** What can be brought back at *station*, the newest first: finished orders, and shares of orders that go on elsewhere. */
export function recallable(orders: Iterable<Order>, station: string | null, shown: ReadonlySet<string>): Order[] {
  const found = [...orders].filter((order) => {
    if (shown.has(ticketId(order.id, station))) return false;
    if (order.status === "ready" || order.status === "completed") {
      return order.actions.includes("recall") && (station === null || order.items.some((i) => i.station === station));
    }
    const share = order.items.filter((item) => item.station === station && item.status !== "voided");
    return order.status === "preparing" && share.length > 0 && share.every(isCooked);
  });
  return found.sort((a, b) => finishedAt(b, station) - finishedAt(a, station)).slice(0, 50);
}

/** When the last line of the share was cooked. */
export function finishedAt(order: Order, station: string | null): number {
  const share = station === null ? order.items : order.items.filter((item) => item.station === station);
  return Math.max(0, ...share.flatMap((item) => (item.ready_at ? [Date.parse(item.ready_at)] : [])));
}
