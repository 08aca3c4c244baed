/** The history as a story that goes forward: what happened, what it was about, and what comes next. */

import type { Channel, OrderEvent, PublicOrder } from "../lib/api.ts";
import { about, count, time, timeRange } from "../lib/format.ts";
import type { Range } from "./promise.ts";
import { list } from "./story.ts";

export interface Entry {
  key: string;
  title: string;
  /** ISO 8601; null of what is still to come and cannot be foreseen. */
  at: string | null;
  tone: "done" | "now" | "todo" | "warn" | "off";
  /** Smaller things that belong to it. */
  notes: string[];
}

const READY: Record<Channel, string> = { takeaway: "Ready for pickup", delivery: "Ready to leave", dine_in: "Ready" };
const COMPLETED: Record<Channel, string> = {
  takeaway: "Picked up",
  delivery: "Left the restaurant",
  dine_in: "Served",
};

export function timeline(order: PublicOrder, history: readonly OrderEvent[], shown: Range | null): Entry[] {
  const entries: Entry[] = history.length ? [] : [received(order)];
  const names = new Map(order.items.map((item) => [item.id, item.name]));
  for (const together of commands(history)) {
    const moves = together.flatMap((event) => entryOf(event, order) ?? []);
    entries.push(...moves);
    // That every dish is ready needs not be said beside that the order is.
    const said = moves.length && together.some(({ data }) => SAYS_ALL.has(String(data.to)));
    if (!said) entries.at(-1)?.notes.push(...together.flatMap((event) => noteOf(event, names)));
  }
  const newest = entries.at(-1);
  if (newest?.tone === "done" && !order.completed_at) newest.tone = "now";
  return [...entries.map(shortened), ...toCome(order, shown)];
}

const SAYS_ALL = new Set(["ready", "cancelled", "rejected"]);

/** What one command led to happened at one moment. */
function commands(history: readonly OrderEvent[]): OrderEvent[][] {
  const groups: OrderEvent[][] = [];
  for (const event of history) {
    const group = groups.at(-1);
    if (group?.[0]?.at === event.at) group.push(event);
    else groups.push([event]);
  }
  return groups;
}

function entryOf(event: OrderEvent, order: PublicOrder): Entry | null {
  const title = titleOf(event, order);
  return title ? { key: String(event.seq), title, at: event.at, tone: toneOf(event), notes: reasonOf(event) } : null;
}

/** Where the history has not been read yet, the order itself knows its beginning. */
function received(order: PublicOrder): Entry {
  return { key: "1", title: "Received", at: order.placed_at, tone: "done", notes: [] };
}

function titleOf({ type, data }: OrderEvent, order: PublicOrder): string | null {
  switch (type) {
    case "order.placed":
      return "Received";
    case "order.released":
      return "Sent to the restaurant";
    case "order.confirmed":
      return "Confirmed";
    case "order.started":
      return "Cooking";
    case "order.recalled":
      return "Taken back to the kitchen";
    case "order.reopened":
      return "Cooking again";
    case "order.completed":
      return COMPLETED[order.channel];
    case "order.cancelled":
      return "Cancelled";
    case "order.rejected":
      return "Not accepted";
    default:
      return type === "order.bumped" && data.to === "ready" ? READY[order.channel] : null;
  }
}

function toneOf({ type }: OrderEvent): Entry["tone"] {
  if (type === "order.recalled") return "warn";
  return type === "order.cancelled" || type === "order.rejected" ? "off" : "done";
}

function reasonOf({ type, data }: OrderEvent): string[] {
  if (type === "order.placed" && data.scheduled_for) return [`For ${time(String(data.scheduled_for))}`];
  return toneOf({ type } as OrderEvent) !== "done" && data.reason ? [String(data.reason)] : [];
}

function noteOf({ type, at, data }: OrderEvent, names: Map<string, string>): string[] {
  const what = list(namesIn(data, names));
  const because = data.reason ? `: ${data.reason}` : "";
  switch (type) {
    case "item.bumped":
      return [`${what} done at ${time(at)}`];
    case "item.recalled":
      return [`${what} made again at ${time(at)}${because}`];
    case "item.voided":
      return [`${what} taken off at ${time(at)}${because}`];
    case "item.added":
      return [`${what || "More"} added at ${time(at)}`];
    case "course.fired":
      return [`Course ${data.course} goes to the kitchen at ${time(at)}`];
    case "order.delayed":
      return [moved(Number(data.seconds), at)];
    case "order.overdue":
      return [`Later than promised: ${time(String(data.ready_by))}`];
    default:
      return [];
  }
}

function moved(seconds: number, at: string): string {
  return `${seconds < 0 ? "Sooner" : "Delayed"} by ${about(Math.abs(seconds))} at ${time(at)}`;
}

function namesIn(data: Record<string, unknown>, names: Map<string, string>): string[] {
  const items = Array.isArray(data.items) ? (data.items as unknown[]) : [];
  const found = items.map((item) => (typeof item === "string" ? names.get(item) : (item as { name?: string }).name));
  return [...new Set(found.filter((name) => name !== undefined))];
}

const MOST_NOTES = 4;

function shortened(entry: Entry): Entry {
  const hidden = entry.notes.length - MOST_NOTES;
  if (hidden <= 1) return entry;
  return { ...entry, notes: [`${count(hidden, "smaller change")}`, ...entry.notes.slice(-MOST_NOTES)] };
}

function toCome(order: PublicOrder, shown: Range | null): Entry[] {
  const rest = { scheduled: 0, pending: 0, confirmed: 1, preparing: 2 }[order.status as string];
  if (rest === undefined) return [];
  const estimate = shown && `~${timeRange(shown.from, shown.until)}`;
  const titles = ["Confirmed", "Cooking", READY[order.channel]].slice(rest);
  return titles.map((title, index) => ({
    key: `to come: ${title}`,
    title,
    at: null,
    tone: "todo",
    notes: estimate && index === titles.length - 1 ? [estimate] : [],
  }));
}
