/** One ticket. It is drawn again when it changes; the clock on it ticks by itself. */

import { Component, type VNode } from "preact";
import type { Order } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { count, duration, time } from "../lib/format.ts";
import { CHANNEL_ICON, MoreIcon, NoteIcon, WarningIcon } from "../lib/icons.tsx";
import { join } from "../lib/parts.tsx";
import { speaksOfAllergy } from "./allergy.ts";
import { kept, nameOf, waitingFor } from "./book.ts";
import { acknowledgeTicket, bumpTicket, turnCourse } from "./commands.ts";
import { useDerived } from "./derived.ts";
import { numberOf, printed } from "./keys.ts";
import { Course } from "./line.tsx";
import { outlined, recalled, untouched } from "./notices.ts";
import { elapsed, levelOf, promiseOf } from "./pace.ts";
import { arm, armed, panel, selected, waiting } from "./screen.ts";
import { thresholdsOf } from "./settings.ts";
import { isCooked, isUnseenVoid, type Ticket } from "./tickets.ts";

interface Props {
  ticket: Ticket;
  /** Where it is on the screen, from 0. */
  place: number;
}

const DOUBLE_TAP_MS = 350;

/** Neighbours that change, and screens that tick, leave it alone. */
export class TicketCard extends Component<Props> {
  override shouldComponentUpdate(next: Readonly<Props>): boolean {
    return next.ticket !== this.props.ticket || next.place !== this.props.place;
  }

  override render({ ticket, place }: Props): VNode {
    return <Card ticket={ticket} place={place} />;
  }
}

function Card({ ticket, place }: Props): VNode {
  const { order, id } = ticket;
  const level = useDerived(
    () => ticket.state === "open" ? levelOf(ticket, now.value, thresholdsOf(ticket.station)) : ticket.state,
    [ticket],
  ).value;
  const isSelected = useDerived(() => selected.value === id, [id]).value;
  const news = useDerived(() => outlined.value.get(id) ?? null, [id]).value;
  const fresh = useDerived(() => untouched.value.has(id), [id]).value;
  const back = useDerived(
    () => ticket.lines.some((item) => !isCooked(item) && recalled.value.has(item.id)),
    [ticket],
  ).value;
  const saved = useDerived(() => waiting.value && waitingFor(order.id).length > 0, [order.id]).value;
  const tags = [
    ticket.state === "cancelled" && "CANCELLED",
    order.priority && "RUSH",
    level === "late" && "LATE",
    back && "RECALLED",
    fresh && level !== "late" && "NEW",
    // In the head, and not in a line of its own: that would slide the next line away under the finger.
    saved && "SAVED",
  ].filter((tag) => typeof tag === "string");
  return (
    <article
      class={join("t", level, isSelected && "sel", news && "outlined", fresh && "new")}
      aria-label={`Order ${order.number}, ${whose(order)}${tags.length ? `, ${tags.join(", ").toLowerCase()}` : ""}`}
      data-ticket={id}
      data-number={order.number}
    >
      <Head ticket={ticket} tags={tags} />
      <Bar ticket={ticket} />
      {order.notes && (
        <div class="papers">
          <OrderNote text={order.notes} />
        </div>
      )}
      <ul class="lines">
        {ticket.courses.map((course) => (
          <Course key={course.number} ticket={ticket} course={course} named={isInCourses(ticket)} />
        ))}
      </ul>
      {ticket.elsewhere.length > 0 && <Also ticket={ticket} />}
      <Buttons ticket={ticket} place={place} />
    </article>
  );
}

function isInCourses({ order, courses }: Ticket): boolean {
  return courses.length > 1 || new Set(order.items.map((item) => item.course)).size > 1 || !!courses[0]?.held;
}

let tapped = { id: "", at: 0 };

/** Two touches on the head bump the whole ticket. */
function Head({ ticket, tags }: { ticket: Ticket; tags: string[] }): VNode {
  const { order } = ticket;
  const Sign = CHANNEL_ICON[order.channel];
  const twice = (event: MouseEvent) => {
    const isSecond = tapped.id === ticket.id && event.timeStamp - tapped.at < DOUBLE_TAP_MS;
    tapped = isSecond ? { id: "", at: 0 } : { id: ticket.id, at: event.timeStamp };
    if (isSecond) bumpTicket(ticket);
  };
  return (
    <div class="head" data-twice onClick={twice}>
      <Number number={order.number} />
      <Timer from={ticket.firedAt === null ? null : ticket.sentAt} />
      <p class="who">
        <Sign size="1.35rem" />
        <span>{whose(order)}</span>
        <Fired ticket={ticket} />
        {tags.map((tag) => <em key={tag} class={tag.toLowerCase()}>{tag}</em>)}
      </p>
    </div>
  );
}

/** A-042: what changes from order to order is large. */
function Number({ number }: { number: string }): VNode {
  const short = shortNumber(number);
  return (
    <h2 class="no">
      {short !== number && <small>{number.slice(0, -short.length)}</small>}
      {short}
    </h2>
  );
}

function shortNumber(number: string): string {
  return number.slice(number.lastIndexOf("-") + 1);
}

function Timer({ from }: { from: number | null }): VNode {
  const shown = useDerived(() => (from === null ? "held" : duration((now.value - from) / 1000)), [from]);
  return <span class="time" role="timer" aria-live="off">{shown}</span>;
}

/** The second clock: how long this station has had it, where that is another time than the order's. */
function Fired({ ticket }: { ticket: Ticket }): VNode | null {
  const { station, firedAt, sentAt } = ticket;
  const shown = useDerived(() => `fired ${duration((now.value - (firedAt ?? 0)) / 1000)}`, [firedAt]);
  if (station === null || firedAt === null || firedAt - sentAt < 5000) return null;
  return <span class="fired num">{shown}</span>;
}

function Bar({ ticket }: { ticket: Ticket }): VNode {
  const promise = promiseOf(ticket);
  const style = useDerived(() => {
    if (!promise) return "transform:scaleX(0)";
    const share = elapsed(promise, now.value, thresholdsOf(ticket.station)[ticket.order.channel]);
    return `transform:scaleX(${share.toFixed(3)})`;
  }, [ticket]);
  return (
    <div class="prog" aria-hidden>
      <i style={style} />
    </div>
  );
}

function OrderNote({ text }: { text: string }): VNode {
  if (speaksOfAllergy(text)) {
    return (
      <p class="alg whole">
        <WarningIcon size="1.7rem" />
        <span>{text}</span>
      </p>
    );
  }
  return (
    <p class="note">
      <NoteIcon size="1.4rem" />
      {text}
    </p>
  );
}

const STATE = { waiting: "to start", cooking: "cooking", done: "done", later: "held" } as const;

function Also({ ticket }: { ticket: Ticket }): VNode {
  return (
    <p class="also">
      {"Also: "}
      {ticket.elsewhere.map(({ station, quantity, state }) => (
        <span key={station} class={state === "done" ? "done" : undefined}>
          {nameOf(station)} {quantity} ({STATE[state]})
        </span>
      ))}
    </p>
  );
}

function Buttons({ ticket, place }: Props): VNode {
  const number = numberOf(place);
  const isArmed = useDerived(() => armed.value === ticket.id, [ticket.id]).value;
  const { orderId, station } = { orderId: ticket.order.id, station: ticket.station };
  const more = () => (panel.value = { name: "ticket", orderId, station });
  const { label, run, kind } = mainButton(ticket, isArmed);
  return (
    <div class="buttons">
      <button type="button" class={join("bump", kind)} onClick={run}>
        <span>{label}</span>
        <small class="of" aria-hidden>{shortNumber(ticket.order.number)}</small>
        {number && <kbd aria-label={`key ${number}`}>{printed(number)}</kbd>}
      </button>
      <button type="button" class="more" aria-label={`More for order ${ticket.order.number}`} onClick={more}>
        <MoreIcon size="1.9rem" />
      </button>
    </div>
  );
}

interface MainButton {
  label: string;
  kind: string;
  run: () => void;
}

function mainButton(ticket: Ticket, isArmed: boolean): MainButton {
  const { state, open } = ticket;
  if (open > 0) {
    const label = isArmed ? `Tap again · ${open} open` : "Bump";
    return { label, kind: isArmed ? "armed" : "", run: () => arm(ticket.id) && bumpTicket(ticket) };
  }
  if (ticket.lines.some(isUnseenVoid)) return { label: "Seen · clear", kind: "", run: () => acknowledgeTicket(ticket) };
  if (state === "done" && (kept.value.has(ticket.id) || !ticket.lines.some((item) => item.status === "held"))) {
    return { label: "All done · bump", kind: "", run: () => bumpTicket(ticket) };
  }
  const course = ticket.courses.find((one) => one.held)?.number ?? 1;
  return { label: `Fire course ${course}`, kind: "", run: () => turnCourse(ticket.order, course, "fire") };
}

/** What Enter does, and a touch on the big button. */
export function pressMain(ticket: Ticket): void {
  mainButton(ticket, armed.value === ticket.id).run();
}

/** Table 12 · 4 guests; Pickup 7:58 · Marta. */
export function whose(order: Order): string {
  const name = order.customer?.name;
  const when = order.scheduled_for ? ` ${time(order.scheduled_for)}` : "";
  if (order.channel === "dine_in") {
    const parts = [
      order.table ? `Table ${order.table}` : "Dine in",
      order.guests ? count(order.guests, "guest") : name,
    ];
    return parts.filter(Boolean).join(" · ");
  }
  return [`${order.channel === "takeaway" ? "Pickup" : "Delivery"}${when}`, name].filter(Boolean).join(" · ");
}
