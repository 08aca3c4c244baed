/** What is chosen, armed and open on this screen. */

import { batch, computed, signal } from "@preact/signals";
import type { LiveStatus } from "../lib/live.ts";
import { kept, type Place, soldOut, station, stations, tickets } from "./book.ts";
import { calm } from "./notices.ts";
import * as outbox from "../lib/outbox.ts";
import * as paging from "./paging.ts";
import type { Ticket } from "./tickets.ts";

export type Panel =
  | { name: "ticket"; orderId: string; station: string | null }
  | { name: "recall" | "settings" | "help" | "dishes" | "stale" };

/** For how long a bump with open items waits for its second touch. */
const ARMED_MS = 2000;

export const panel = signal<Panel | null>(null);
export const selected = signal<string | null>(null);
/** The line of the selected ticket that Space moves. */
export const cursor = signal(0);
export const armed = signal<string | null>(null);
export const touching = signal(false);
export const pages = signal<paging.Pages>(paging.FIRST);
/** Place in the row of the first ticket that does not fit; null when all do. */
export const firstHidden = signal<number | null>(null);
/** The station that was asked for and is not there. */
export const astray = signal<string | null>(null);
export const liveState = signal<LiveStatus>("connecting");

export const start = computed(() => paging.start(paging.within(pages.value, tickets.value.length)));
/** Whether what is touched has to wait. */
export const waiting = computed(() =>
  outbox.pending.value.length > 0 && (outbox.stuck.value || liveState.value === "offline")
);
export const hiddenAfter = computed(() =>
  firstHidden.value === null ? 0 : Math.max(0, tickets.value.length - firstHidden.value)
);

let disarming: ReturnType<typeof setTimeout> | undefined;

/** The first touch of two; whether this was already the second. */
export function arm(ticketId: string): boolean {
  clearTimeout(disarming);
  if (armed.value === ticketId) {
    armed.value = null;
    return true;
  }
  armed.value = ticketId;
  disarming = setTimeout(() => (armed.value = null), ARMED_MS);
  return false;
}

export function showStation(id: string | null): void {
  batch(() => {
    station.value = id;
    kept.value = new Set();
    pages.value = paging.FIRST;
    selected.value = armed.value = null;
    calm();
  });
  const address = new URL(location.href);
  if (id === null) address.searchParams.delete("station");
  else address.searchParams.set("station", id);
  history.replaceState(null, "", address);
}

/** The board of a station that is not there would look like that of a quiet evening: all are shown instead. */
export function keepTo(places: readonly Place[]): void {
  const id = station.value;
  if (id === null || places.some((place) => place.id === id)) return;
  astray.value = id;
  showStation(null);
}

export function nextStation(): void {
  const places = [null, ...stations.value.map((place) => place.id)];
  showStation(places[(places.indexOf(station.value) + 1) % places.length] ?? null);
}

export function pageOn(): void {
  pages.value = paging.onward(paging.within(pages.value, tickets.value.length), firstHidden.value);
}

export function pageBack(): void {
  pages.value = paging.back(pages.value);
}

export function select(ticket: Ticket | undefined): void {
  if (!ticket) return;
  batch(() => {
    selected.value = ticket.id;
    cursor.value = Math.max(
      0,
      ticket.lines.findIndex((item) => item.status === "pending" || item.status === "preparing"),
    );
  });
}

export function selectedTicket(): Ticket | undefined {
  return tickets.value.find((ticket) => ticket.id === selected.value);
}

/** One ticket on or back, turning the page where needed. */
export function step(by: 1 | -1): void {
  const row = tickets.value;
  const at = row.findIndex((ticket) => ticket.id === selected.value);
  const next = at < 0 ? start.value : Math.min(row.length - 1, Math.max(0, at + by));
  if (firstHidden.value !== null && next >= firstHidden.value) pageOn();
  if (next < start.value) pageBack();
  select(row[next]);
}

export const isOut = (sku: string | null): boolean => sku !== null && soldOut.value.has(sku);
