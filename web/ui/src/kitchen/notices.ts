/** What catches the eye on the board: fresh tickets, tickets that changed, lines that came back. */

import { effect, signal } from "@preact/signals";
import { now, serverNow } from "../lib/clock.ts";
import type { News } from "./changes.ts";
import { levelOf } from "./pace.ts";
import { thresholdsOf } from "./settings.ts";
import { type Sound, sound } from "./sounds.ts";
import { station, tickets } from "./book.ts";

/** How long a changed ticket has an outline. */
const OUTLINED_MS = 10_000;
const AGAIN_MS = 20_000;

/** Tickets that nobody has touched since they appeared, and when they did or were last called out. */
export const untouched = signal<ReadonlyMap<string, number>>(new Map());
/** Tickets with an outline, and what happened to them. */
export const outlined = signal<ReadonlyMap<string, News>>(new Map());
/** Lines that were bumped and came back. */
export const recalled = signal<ReadonlySet<string>>(new Set());

const heardLate = new Set<string>();
const SOUND_OF: Record<News, Sound> = {
  new: "new",
  changed: "changed",
  cancelled: "cancelled",
  recalled: "changed",
  ready: "ready",
};

/** A cook laid a finger on it: it calls no longer. */
export function touched(ticketId: string): void {
  if (untouched.peek().has(ticketId)) untouched.value = without(untouched.peek(), ticketId);
  if (outlined.peek().has(ticketId)) outlined.value = without(outlined.peek(), ticketId);
}

/** Show and sound *news* of a ticket on this board. */
export function notice(ticketId: string, news: News): void {
  if (news === "new") untouched.value = new Map(untouched.value).set(ticketId, serverNow());
  if (news !== "ready") outline(ticketId, news);
  sound(SOUND_OF[news]);
}

export function outline(ticketId: string, news: News): void {
  outlined.value = new Map(outlined.value).set(ticketId, news);
  setTimeout(() => (outlined.value = without(outlined.peek(), ticketId)), OUTLINED_MS);
}

export function markRecalled(lines: Iterable<string>): void {
  recalled.value = new Set([...recalled.value, ...lines]);
}

/** Another board: nothing of it calls yet. */
export function calm(): void {
  untouched.value = new Map();
  outlined.value = new Map();
  heardLate.clear();
  for (const ticket of lateOnes()) heardLate.add(ticket);
}

/** Each second: what is late for the first time, and what still waits for somebody's touch. */
export function keepCalling(): () => void {
  let board: string | null | undefined;
  return effect(() => {
    const at = now.value;
    const late = lateOnes();
    if (board !== station.value) {
      board = station.value;
      late.forEach((id) => heardLate.add(id));
    }
    const newly = late.filter((id) => !heardLate.has(id));
    newly.forEach((id) => heardLate.add(id));
    if (newly.length) sound("late");
    callAgain(at);
  });
}

function callAgain(at: number): void {
  const there = new Set(tickets.peek().map((ticket) => ticket.id));
  const kept = [...untouched.peek()].filter(([id]) => there.has(id));
  const due = kept.filter(([, since]) => at - since >= AGAIN_MS);
  if (due.length) sound("new");
  if (due.length || kept.length !== untouched.peek().size) {
    untouched.value = new Map(kept.map(([id, since]) => [id, at - since >= AGAIN_MS ? at : since]));
  }
}

function lateOnes(): string[] {
  const thresholds = thresholdsOf(station.value);
  const open = tickets.value.filter((ticket) => ticket.state === "open");
  return open.filter((ticket) => levelOf(ticket, now.value, thresholds) === "late").map((ticket) => ticket.id);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): Map<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
