/** What is going on, in words: only what the engine knows, never a step or a person that it does not. */

import type { Channel, OrderEvent, PublicItem, PublicOrder } from "../lib/api.ts";
import { about, time, timeRange } from "../lib/format.ts";
import { ORDER_STATUS } from "../lib/words.ts";
import { dayOf } from "./days.ts";
import { delay, type Promised } from "./promise.ts";

export type Mood = "planned" | "cooking" | "late" | "recalled" | "ready" | "done" | "off";

export interface Story {
  mood: Mood;
  badge: string;
  headline: string;
  /** One or two sentences. */
  detail: string;
  /** A delay, said plainly with the old and the new time. */
  delay: string | null;
}

/** Whether what came last is that it was ready, and is not after all. */
export function isRecalled(order: PublicOrder, history: readonly OrderEvent[]): boolean {
  if (order.status !== "preparing") return false;
  const moves = history.filter(({ type, data }) => type.startsWith("order.") && data.to && data.from !== data.to);
  return moves.at(-1)?.type === "order.recalled";
}

export function story(order: PublicOrder, history: readonly OrderEvent[], promise: Promised | null, at: number): Story {
  const badge = ORDER_STATUS[order.status];
  const calm = { badge, delay: null };
  switch (order.status) {
    case "scheduled":
      return { ...calm, mood: "planned", headline: `Set for ${when(order, at)}`, detail: planned(order) };
    case "ready":
      return { ...calm, mood: "ready", ...READY[order.channel](order) };
    case "completed":
      return { ...calm, mood: "done", ...COMPLETED[order.channel] };
    case "cancelled":
      return { ...calm, mood: "off", headline: "Order cancelled", detail: because(order) };
    case "rejected":
      return { ...calm, mood: "off", headline: "We could not take it", detail: because(order) };
    default:
      return underWay(order, isRecalled(order, history), promise, at);
  }
}

/** For a page that has not heard from the kitchen for a while. */
export function lastSeen(told: Story): Story {
  const open = ["planned", "cooking", "late", "recalled"].includes(told.mood);
  const detail = "This page catches up the moment the connection is back.";
  return open ? { ...told, headline: `Last seen: ${told.badge.toLowerCase()}`, detail, delay: null } : told;
}

function underWay(order: PublicOrder, recalled: boolean, promise: Promised | null, at: number): Story {
  const badge = ORDER_STATUS[order.status];
  if (recalled) {
    const detail = "The kitchen took it back to put something right. We are sorry.";
    return {
      mood: "recalled",
      badge: "Back in the kitchen",
      headline: "Not quite ready after all",
      detail,
      delay: null,
    };
  }
  const behind = promise ? delay(promise, at) : 0;
  if (promise && behind) {
    const told = { badge: "Running late", headline: "Taking a little longer", detail: progressOf(order) };
    return { mood: "late", ...told, delay: apology(promise, behind, at) };
  }
  return { mood: "cooking", badge, headline: HEADLINES[order.status] ?? badge, detail: progressOf(order), delay: null };
}

const HEADLINES: Partial<Record<PublicOrder["status"], string>> = {
  pending: "We have your order",
  confirmed: "The kitchen said yes",
  preparing: "Cooking now",
};

const READY: Record<Channel, (order: PublicOrder) => { headline: string; detail: string }> = {
  takeaway: () => ({ headline: "Ready. Come and get it", detail: "Show this number at the counter." }),
  delivery: () => ({ headline: "Ready to leave", detail: "It is packed and waits to be taken out to you." }),
  dine_in: ({ table }) => ({
    headline: "Ready to be served",
    detail: table ? `It is on its way to table ${table}.` : "It is on its way to you.",
  }),
};

const COMPLETED: Record<Channel, { headline: string; detail: string }> = {
  takeaway: { headline: "Picked up", detail: "Thank you. Enjoy your meal." },
  delivery: { headline: "Out of the door", detail: "It has left the restaurant. Enjoy your meal." },
  dine_in: { headline: "Served", detail: "Enjoy your meal." },
};

function when(order: PublicOrder, at: number): string {
  const moment = Date.parse(order.scheduled_for ?? order.placed_at);
  const day = dayOf(moment, at);
  return day === "today" ? time(moment) : `${day}, ${time(moment)}`;
}

function planned(order: PublicOrder): string {
  return `We start cooking in time for it. ${
    order.channel === "dine_in" ? "See you then." : "Nothing to do until then."
  }`;
}

function because(order: PublicOrder): string {
  const reason = order.cancel_reason?.trim().replace(/[.]+$/, "");
  const asked = `Questions? Give the restaurant the number ${order.number}.`;
  return reason ? `The reason: ${reason}. ${asked}` : asked;
}

function apology({ shown, first }: Promised, behind: number, at: number): string {
  const promise = `You were promised ${time(first.until)}`;
  if (at > shown.until) return `We are sorry. ${promise}, and that has passed. The kitchen is on it.`;
  return `We are sorry. ${promise}; now it is ${timeRange(shown.from, shown.until)}, ${later(behind)}.`;
}

function later(behind: number): string {
  return `${about(behind / 1000)} later`;
}

/** A line that is built from the items: "Margherita is cooking. House salad is already done." */
export function progressOf(order: PublicOrder): string {
  if (order.status === "pending") {
    return order.accept_by
      ? `The restaurant answers by ${time(order.accept_by)}.`
      : "The restaurant answers in a moment.";
  }
  const cooking = names(order.items, "preparing");
  const done = names(order.items, "ready", "served");
  const next = names(order.items, "pending");
  const later = names(order.items, "held");
  if (!cooking.length && !done.length) return "It is in line, and cooking starts soon.";
  const parts = [
    cooking.length ? `${list(cooking)} ${be(cooking)} cooking.` : "",
    done.length ? `${list(done)} ${be(done)} ${cooking.length ? "already " : ""}done.` : "",
    next.length ? `${list(next)} ${next.length > 1 ? "come" : "comes"} next.` : "",
    later.length ? `${list(later)} ${later.length > 1 ? "follow" : "follows"} later.` : "",
  ];
  return parts.filter(Boolean).slice(0, 2).join(" ");
}

function names(items: readonly PublicItem[], ...statuses: string[]): string[] {
  return [...new Set(items.filter((item) => statuses.includes(item.status)).map((item) => item.name))];
}

/** "A", "A and B", "A, B and 2 more" */
export function list(names: readonly string[]): string {
  const [first = "", second, ...rest] = names;
  if (second === undefined) return first;
  return rest.length ? `${first}, ${second} and ${rest.length} more` : `${first} and ${second}`;
}

function be(names: readonly string[]): string {
  return names.length > 1 ? "are" : "is";
}
