/** Bump bars and keyboards, for the whole page. */

import { pressToast } from "../lib/parts.tsx";
import { tickets } from "./book.ts";
import { rush, touchItem } from "./commands.ts";
import { type Intent, meaning } from "./keys.ts";
import { cursor, firstHidden, nextStation, panel, select, selectedTicket, start, step } from "./screen.ts";
import { set, settings } from "./settings.ts";
import { pressMain } from "./ticket.tsx";

/** Until the answer is called. */
export function listenToKeys(): () => void {
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || panel.value || isTyping(event.target)) return;
  const meant = meaning(event.key, settings.value.keys);
  if (!meant || onButton(event)) return;
  event.preventDefault();
  if (event.repeat && !("intent" in meant && MOVES.has(meant.intent))) return;
  if ("pick" in meant) pick(meant.pick);
  else DO[meant.intent]();
}

const MOVES = new Set<Intent>(["up", "down", "left", "right"]);

/** A button that has the focus keeps Enter and Space for itself. */
function onButton({ target, key }: KeyboardEvent): boolean {
  return (key === "Enter" || key === " ") && target instanceof HTMLElement && target.matches("button:focus-visible");
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);
}

function pick(place: number): void {
  const at = start.value + place;
  if (firstHidden.value === null || at < firstHidden.value) select(tickets.value[at]);
}

function move(by: 1 | -1): void {
  const ticket = selectedTicket();
  if (!ticket) return step(1);
  cursor.value = Math.min(ticket.lines.length - 1, Math.max(0, cursor.value + by));
}

const DO: Record<Intent, () => void> = {
  bump: () => {
    const ticket = selectedTicket();
    if (ticket) pressMain(ticket);
  },
  next: () => {
    const ticket = selectedTicket();
    const item = ticket?.lines[cursor.value];
    if (ticket && item) touchItem(ticket, item);
  },
  up: () => move(-1),
  down: () => move(1),
  left: () => step(-1),
  right: () => step(1),
  recall: () => (panel.value = { name: "recall" }),
  undo: () => void pressToast(),
  station: nextStation,
  allday: () => set({ allDay: !settings.value.allDay }),
  rush: () => {
    const order = selectedTicket()?.order;
    if (order && (order.actions.includes("rush") || order.actions.includes("unrush"))) rush(order);
  },
  help: () => (panel.value = { name: "help" }),
};
