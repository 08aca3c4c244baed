/** The promised time as a range that holds still: it widens rather than jumps, and small moves are not shown. */

import type { Estimate, OrderEvent } from "../lib/api.ts";

/** Two moments on the full minute, in milliseconds since 1970. */
export interface Range {
  from: number;
  until: number;
}

export interface Promised {
  shown: Range;
  /** What was promised in the beginning. */
  first: Range;
}

const MINUTE = 60_000;
/** The least move that is worth showing. */
const MOVE = 2 * MINUTE;
/** Wider than this, a range says nothing, and a new one is said instead. */
const WIDEST = 10 * MINUTE;

/** The range that everybody who follows the order sees: it depends on what happened, not on when they looked. */
export function promised(history: readonly OrderEvent[], estimate: Estimate | null): Promised | null {
  const said = ranges(history);
  if (estimate) said.push(rounded(Date.parse(estimate.ready_at), Date.parse(estimate.ready_by)));
  const [first, ...later] = said;
  return first ? { shown: later.reduce(settled, first), first } : null;
}

/** What to show next where *shown* is shown and the kitchen now reckons with *next*. */
export function settled(shown: Range, next: Range): Range {
  if (Math.max(Math.abs(next.from - shown.from), Math.abs(next.until - shown.until)) < MOVE) return shown;
  const both = { from: Math.min(shown.from, next.from), until: Math.max(shown.until, next.until) };
  const touching = next.from <= shown.until && shown.from <= next.until;
  return touching && both.until - both.from <= WIDEST ? both : next;
}

/** How many milliseconds later than first promised it will be, or is already; 0 while that is not worth saying. */
export function delay({ shown, first }: Promised, at: number): number {
  const behind = Math.max(shown.until, at) - first.until;
  const worth = shown.until - first.until >= MOVE || at - shown.until >= MINUTE;
  return worth && behind > 0 ? behind : 0;
}

function ranges(history: readonly OrderEvent[]): Range[] {
  const said: Range[] = [];
  let last: { readyAt: number; readyBy: number } | null = null;
  for (const { type, data } of history) {
    if (type === "order.estimated") last = { readyAt: moment(data.ready_at), readyBy: moment(data.ready_by) };
    else if (type === "order.delayed" && last) last = shifted(last, Number(data.seconds) * 1000);
    else continue;
    if (last) said.push(rounded(last.readyAt, last.readyBy));
  }
  return said;
}

function shifted({ readyAt, readyBy }: { readyAt: number; readyBy: number }, by: number) {
  return { readyAt: readyAt + by, readyBy: readyBy + by };
}

/** To full minutes, outwards, and at least two apart: nobody cooks to the second. */
function rounded(readyAt: number, readyBy: number): Range {
  const from = Math.floor(readyAt / MINUTE) * MINUTE;
  return { from, until: Math.max(Math.ceil(readyBy / MINUTE) * MINUTE, from + MOVE) };
}

function moment(text: unknown): number {
  return Date.parse(String(text));
}
