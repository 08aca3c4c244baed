/** The row of tickets: the oldest first, filling columns from top to bottom and left to right. */

import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { count } from "../lib/format.ts";
import { CheckIcon } from "../lib/icons.tsx";
import { Nothing } from "../lib/parts.tsx";
import { nameOf, station, tickets } from "./book.ts";
import { untouched } from "./notices.ts";
import { DRAWN, flowing, type Shape, steady } from "./paging.ts";
import { firstHidden, liveState, select, start, touching } from "./screen.ts";
import { settings } from "./settings.ts";
import { isMeant, type Tap } from "./taps.ts";
import { TicketCard } from "./ticket.tsx";
import type { Ticket } from "./tickets.ts";

const REST_MS = 700;
const unrolled = signal(DRAWN);
/** One column, all of it: a phone. */
const phone = matchMedia("(max-width: 799px)");
const isNarrow = signal(phone.matches);
phone.addEventListener("change", () => (isNarrow.value = phone.matches));

export function Board(): VNode {
  const board = useRef<HTMLDivElement>(null);
  const shown = useRef<string[]>([]);
  const row = touching.value ? steady(tickets.value, shown.current) : tickets.value;
  shown.current = row.map((ticket) => ticket.id);
  const from = start.value;
  const narrow = isNarrow.value;
  const page = narrow ? row.slice(0, unrolled.value) : row.slice(from, from + DRAWN);

  const measure = useRef(() => {});
  measure.current = () => {
    if (!board.current) return;
    letFlow(board.current, narrow ? null : page);
    firstHidden.value = narrow ? null : hiddenFrom(board.current, from, row.length, page.length);
  };
  useLayoutEffect(() => measure.current());
  useEffect(() => {
    const watch = new ResizeObserver(() => measure.current());
    if (board.current) watch.observe(board.current);
    void document.fonts?.ready.then(() => measure.current());
    return () => watch.disconnect();
  }, []);

  return (
    <main class="rail">
      <h1 class="sr">Kitchen, {station.value === null ? "all stations" : nameOf(station.value)}</h1>
      <div
        class="board"
        ref={board}
        onClickCapture={meant}
        onPointerDown={hold}
      >
        {page.map((ticket, place) => <TicketCard key={ticket.id} ticket={ticket} place={place} />)}
      </div>
      {narrow && row.length > page.length && <Unroll left={row.length - page.length} />}
      {row.length === 0 && <Empty />}
    </main>
  );

  function hold(event: PointerEvent): void {
    touching.value = true;
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, release, { once: true });
    const card = (event.target as Element).closest<HTMLElement>("[data-ticket]");
    const ticket: Ticket | undefined = row.find((one) => one.id === card?.dataset.ticket);
    if (!ticket) return;
    select(ticket);
    if (untouched.peek().has(ticket.id)) calmDown(ticket.id);
  }
}

/** On a phone the row goes on where it is read. */
function Unroll({ left }: { left: number }): VNode {
  const end = useRef<HTMLButtonElement>(null);
  const more = () => (unrolled.value += DRAWN);
  useEffect(() => {
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && more(), { rootMargin: "600px" });
    if (end.current) watch.observe(end.current);
    return () => watch.disconnect();
  }, [left]);
  return (
    <button type="button" class="page" ref={end} onClick={more}>
      {count(left, "more ticket")}
    </button>
  );
}

function Empty(): VNode {
  const known = liveState.value !== "connecting";
  return (
    <div class="empty">
      <Nothing icon={CheckIcon} title={known ? "Nothing to cook" : "One moment"}>
        {known && <p>New orders appear here by themselves.</p>}
      </Nothing>
    </div>
  );
}

function calmDown(id: string): void {
  const left = new Map(untouched.peek());
  left.delete(id);
  untouched.value = left;
}

let resting: ReturnType<typeof setTimeout> | undefined;

/** Nothing moves under a finger, nor right after it. */
function release(): void {
  clearTimeout(resting);
  resting = setTimeout(() => (touching.value = false), REST_MS);
}

let before: Tap | null = null;

/** Stops a click that was not meant before it reaches anything. */
function meant(event: MouseEvent): void {
  if (event.detail === 0) return; // a key or a script
  const target = (event.target as Element).closest("button, [data-twice]");
  const tap = { target, x: event.clientX, y: event.clientY, at: event.timeStamp };
  const isHead = target instanceof HTMLElement && "twice" in target.dataset && before?.target === target;
  if (!isHead && !isMeant(tap, before)) event.stopPropagation();
  else before = tap;
}

interface Measured {
  ticket: Ticket;
  /** Whatever else it depends on. */
  under: string;
  shape: Shape;
}

const measured = new WeakMap<HTMLElement, Measured>();

/** Lets those tickets go on in the next column that would leave a hole in this one. */
function letFlow(board: HTMLElement, tickets: readonly Ticket[] | null): void {
  const cards = [...board.children] as HTMLElement[];
  const size = `${board.clientWidth}/${
    getComputedStyle(board).fontSize
  }/${settings.value.allergens}/${document.fonts?.status}`;
  const shapes = tickets ? cards.map((card, place) => shapeAs(card, tickets[place]!, size)) : [];
  const flows = shapes.length ? flowing(shapes, board.clientHeight, space(cards[0]!, "marginBottom")) : [];
  cards.forEach((card, place) => {
    if (flows[place] ?? false) card.dataset.flows = "";
    else delete card.dataset.flows;
  });
}

/** Reading heights costs more than all else, so a ticket is measured again only when it is another. */
function shapeAs(card: HTMLElement, ticket: Ticket, size: string): Shape {
  const under = `${size}/${card.childElementCount}`;
  const before = measured.get(card);
  if (before?.ticket === ticket && before.under === under) return before.shape;
  const shape = shapeOf(card);
  measured.set(card, { ticket, under, shape });
  return shape;
}

/** From the heights of its parts, which are the same whether it is torn or not; the last line stays with the buttons. */
function shapeOf(card: HTMLElement): Shape {
  const breaks: number[] = [];
  let height = 0;
  for (const part of card.children as HTMLCollectionOf<HTMLElement>) {
    height += space(part, "marginTop");
    if (part.tagName !== "UL") {
      height += part.offsetHeight;
      continue;
    }
    for (const line of part.children as HTMLCollectionOf<HTMLElement>) {
      height += line.offsetHeight;
      if (!line.classList.contains("course")) breaks.push(height);
    }
    breaks.pop();
  }
  return { height, breaks };
}

function space(part: HTMLElement, name: "marginTop" | "marginBottom"): number {
  return part.tagName === "DIV" ? 0 : Number.parseFloat(getComputedStyle(part)[name]) || 0;
}

/** The place in the row of the first ticket that begins beyond the last column. */
function hiddenFrom(board: HTMLElement, from: number, length: number, drawn: number): number | null {
  const edge = board.getBoundingClientRect().right - 4;
  const cards = board.children;
  for (let place = 0; place < cards.length; place++) {
    const box = cards[place]!.getClientRects();
    // A ticket that goes on in the next column has a box in each; the last must be on the screen too.
    if (box.length && box[box.length - 1]!.left >= edge && place > 0) return from + place;
  }
  return from + drawn < length ? from + drawn : null;
}
