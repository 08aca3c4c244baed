/** From what was filled in to what is sent, and from what the server objects to back to the field. */

import type { Channel, Problem } from "../lib/api.ts";
import { type Line } from "./basket.ts";
import { contactOf } from "./contact.ts";
import { isAhead } from "./times.ts";

export interface Draft {
  channel: Exclude<Channel, "dine_in">;
  name: string;
  /** An e-mail address or a phone number, as typed. */
  contact: string;
  /** Where to, for a delivery. */
  address: string;
  notes: string;
  /** Milliseconds since 1970; null for as soon as possible. */
  due: number | null;
}

export const EMPTY: Draft = { channel: "takeaway", name: "", contact: "", address: "", notes: "", due: null };

export type FieldName = "name" | "contact" | "address" | "notes" | "due";
export type Complaints = Partial<Record<FieldName, string>>;

export interface Request {
  channel: Draft["channel"];
  customer: { name: string; contact: string | null };
  items: { sku: string; quantity: number; unit_price: number; modifiers: { name: string }[]; notes: string | null }[];
  scheduled_for: string | null;
  notes: string | null;
}

const LONGEST = 1000;

/** What has to be filled in differently before it makes sense to send it. */
export function complaints(draft: Draft, at: number): Complaints {
  const found: Complaints = {};
  if (!draft.name.trim()) found.name = "Tell us the name to call out.";
  if (draft.contact.trim() && !contactOf(draft.contact)) {
    found.contact = "This is neither an e-mail address nor a phone number.";
  }
  if (draft.channel === "delivery") {
    if (!draft.contact.trim()) found.contact = "For a delivery we need a way to reach you.";
    if (!draft.address.trim()) found.address = "Where shall we bring it?";
  }
  if (noteOf(draft).length > LONGEST) found.notes = "That is too long. Keep it short, please.";
  if (draft.due !== null && !isAhead(draft.due, at)) found.due = "That time has come too close. Choose a later one.";
  return found;
}

/** The prices go along, so that nobody pays another than the one that was shown. */
export function requestOf(draft: Draft, lines: readonly Line[]): Request {
  return {
    channel: draft.channel,
    customer: { name: draft.name.trim(), contact: contactOf(draft.contact) },
    items: lines.map(({ sku, quantity, price, modifiers, notes }) => ({
      sku,
      quantity,
      unit_price: price,
      modifiers: modifiers.map(({ name }) => ({ name })),
      notes: notes || null,
    })),
    scheduled_for: draft.due === null ? null : new Date(draft.due).toISOString(),
    notes: noteOf(draft) || null,
  };
}

/** The API knows no addresses; who drives reads the note. */
function noteOf({ channel, address, notes }: Draft): string {
  const to = channel === "delivery" ? `Deliver to: ${address.trim()}` : "";
  return [to, notes.trim()].filter(Boolean).join("\n");
}

const FIELDS: [RegExp, FieldName][] = [
  [/^\/customer\/name/, "name"],
  [/^\/customer/, "contact"],
  [/^\/scheduled_for/, "due"],
  [/^\/notes/, "notes"],
];

export interface Objections {
  fields: Complaints;
  /** By the position of the item. */
  items: Map<number, string>;
}

/** A 422's `errors`, each at the field or the item that its pointer names. */
export function objections(problem: Problem): Objections {
  const found: Objections = { fields: {}, items: new Map() };
  const errors = (problem.members.errors ?? []) as { pointer?: string; detail: string }[];
  for (const { pointer = "", detail } of errors) {
    const item = /^\/items\/(\d+)/.exec(pointer);
    const field = FIELDS.find(([pattern]) => pattern.test(pointer))?.[1];
    if (item) found.items.set(Number(item[1]), detail);
    else if (field) found.fields[field] = detail;
  }
  return found;
}
