/** What a touch or a key does: at once on the screen, in order to the server, and for six seconds back again. */

import { batch } from "@preact/signals";
import { type Item, newKey, type Order } from "../lib/api.ts";
import { toast } from "../lib/parts.tsx";
import { book, inHouse, kept, nameOf } from "./book.ts";
import * as cycle from "./cycle.ts";
import type { Step } from "./cycle.ts";
import { keep, letGo } from "./feed.ts";
import { markRecalled, outline, touched } from "./notices.ts";
import * as outbox from "../lib/outbox.ts";
import { DISHES } from "./outbox.ts";
import { isCooked, isOpen, type Ticket, ticketId } from "./tickets.ts";

interface Doing {
  /** For a toast with an undo; nothing is said without it. */
  said?: string;
  /** More to do when it is taken back. */
  back?: () => void;
}

/** Do *steps* of one order, as one touch. */
function act(orderId: string, steps: readonly Step[], { said, back }: Doing = {}): void {
  if (!steps.length) return;
  const tap = newKey();
  const keys = steps.map((step, index) => {
    const command = { method: "POST" as const, path: step.path, label: step.label, orderId, key: `${tap}.${index}` };
    return outbox.enqueue(step.body ? { ...command, body: step.body } : command).key;
  });
  if (!said) return;
  const undo = () => {
    takeBack(orderId, steps, keys);
    back?.();
  };
  const possible = cycle.undoSteps(steps) !== null;
  toast(possible ? { text: said, action: { label: "Undo", run: undo } } : { text: said });
}

/** What has not been sent is forgotten; what has been is reversed. */
function takeBack(orderId: string, steps: readonly Step[], keys: readonly string[]): void {
  const sent: Step[] = [];
  [...keys].reverse().forEach((key, index) => {
    if (!outbox.cancel(key)) sent.unshift(steps[keys.length - 1 - index]!);
  });
  act(orderId, cycle.undoSteps(sent) ?? []);
}

/** Queued → cooking → done → cooking; a voided line is seen and goes. */
export function touchItem(ticket: Ticket, item: Item): void {
  const action = cycle.nextAction(item);
  touched(ticket.id);
  if (!action) return;
  const step = cycle.itemStep(ticket.order.id, item, action);
  if (action !== "bump") return act(ticket.order.id, [step]);
  keep(ticket.id);
  act(ticket.order.id, [step], { said: `${cycle.named(item)} done · ${ticket.order.number}` });
}

export function startTicket(ticket: Ticket): void {
  touched(ticket.id);
  const waiting = ticket.lines.filter((item) => item.status === "pending");
  act(ticket.order.id, waiting.map((item) => cycle.itemStep(ticket.order.id, item, "start")));
}

/** The ticket is cooked and off this screen. */
export function bumpTicket(ticket: Ticket): void {
  const { order, id } = ticket;
  const wasKept = kept.peek().has(id);
  batch(() => {
    touched(id);
    letGo(id);
    const back = () => wasKept && keep(id);
    const steps = cycle.bumpSteps(ticket);
    const said = `${order.number} bumped`;
    if (steps.length) act(order.id, steps, { said, back });
    else toast({ text: said, action: { label: "Undo", run: () => keep(id) } });
  });
}

/** All that was voided has been seen. */
export function acknowledgeTicket(ticket: Ticket): void {
  touched(ticket.id);
  act(ticket.order.id, cycle.acknowledgeSteps(ticket));
}

/** The guest, or whoever carries it, has it. */
export function handOut(order: Order): void {
  const steps = [cycle.orderStep(order.id, "complete")];
  // What will be refused is not announced as done; the refusal says what is in the way.
  if (order.status !== "ready") return act(order.id, steps);
  letGo(order.id);
  act(order.id, steps, { said: `${order.number} handed out` });
}

/** Back to where it stood, with the clock it had. */
export function recallTicket(order: Order, station: string | null): void {
  const share = order.items.filter((item) => isCooked(item) && (station === null || item.station === station));
  act(order.id, cycle.recallSteps(order, station));
  markRecalled(share.map((item) => item.id));
  outline(ticketId(order.id, station), "recalled");
  toast({ text: `${order.number} is back` });
}

export function rush(order: Order): void {
  const action = order.priority ? "unrush" : "rush";
  const said = order.priority ? `${order.number} is back in line` : `${order.number} goes first`;
  act(order.id, [cycle.orderStep(order.id, action)], { said });
}

export function delay(order: Order, minutes: number): void {
  const step = cycle.orderStep(order.id, "delay", { seconds: minutes * 60 });
  act(order.id, [step], { said: `${order.number} promised ${minutes} min later` });
}

export function turnCourse(order: Order, course: number, action: "fire" | "hold"): void {
  const said = `${order.number} · course ${course} ${action === "fire" ? "fired" : "held"}`;
  act(order.id, [cycle.orderStep(order.id, action, { course })], { said });
}

export function voidItem(order: Order, item: Item, reason: string): void {
  act(order.id, [cycle.itemStep(order.id, item, "void", { reason })], { said: `${cycle.named(item)} voided` });
}

export function cancelOrder(order: Order, reason: string): void {
  act(order.id, [cycle.orderStep(order.id, "cancel", { reason })], { said: `${order.number} cancelled` });
}

/** A dish is out, or back. */
export function setSoldOut(sku: string, name: string, out: boolean): void {
  const send = (available: boolean) =>
    outbox.enqueue({
      method: "PATCH",
      path: `/v1/menu/items/${encodeURIComponent(sku)}${inHouse("?")}`,
      body: { available },
      orderId: DISHES,
      label: available ? `${name} is back` : `${name} is out`,
    });
  send(!out);
  const said = out ? `${name} is sold out` : `${name} is back on the menu`;
  toast({ text: said, action: { label: "Undo", run: () => void send(out) } });
}

/** What is not ready yet of an order, in words. */
export function unready(order: Order): string[] {
  const waiting = order.items.filter((item) => isOpen(item) || item.status === "held");
  return waiting.map((item) => `${cycle.named(item)} (${nameOf(item.station)}, ${WORDS[item.status]})`);
}

const WORDS: Record<string, string> = { held: "held", pending: "not started", preparing: "cooking" };

/** The newest that we know of an order. */
export function orderOf(id: string): Order | undefined {
  return book.value.get(id);
}
