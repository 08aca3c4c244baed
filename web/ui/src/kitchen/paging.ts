/** Which tickets of a long row are on the screen. */

/** No screen holds more; so many are drawn at once, however long the row is. */
export const DRAWN = 36;

/** The first ticket of each page up to the one that is shown. */
export type Pages = readonly number[];

export const FIRST: Pages = [0];

/** One page on, to the ticket that was the first not to fit. */
export function onward(pages: Pages, firstHidden: number | null): Pages {
  return firstHidden === null ? pages : [...pages, firstHidden];
}

export function back(pages: Pages): Pages {
  return pages.length > 1 ? pages.slice(0, -1) : pages;
}

/** The row has become shorter: the last page that still has something. */
export function within(pages: Pages, length: number): Pages {
  let kept = pages;
  while (kept.length > 1 && kept[kept.length - 1]! >= length) kept = back(kept);
  return kept;
}

export function start(pages: Pages): number {
  return pages[pages.length - 1] ?? 0;
}

/** *tickets* as they were under the finger, new ones behind: for as long as somebody touches, nothing moves. */
export function steady<T extends { id: string }>(tickets: T[], before: readonly string[]): T[] {
  const place = new Map(before.map((id, index) => [id, index]));
  const known = tickets.filter((ticket) => place.has(ticket.id));
  const fresh = tickets.filter((ticket) => !place.has(ticket.id));
  return [...known.sort((a, b) => place.get(a.id)! - place.get(b.id)!), ...fresh];
}

/** How high a ticket is, and how much of it is above each place where it may be torn. */
export interface Shape {
  height: number;
  breaks: readonly number[];
}

/** A hole of more than this share of a column is worth going on in the next one. */
const HOLE = 0.2;

/**
 * Which tickets go on in the next column: those that no column holds, and those before which too much of this one
 * would stay empty.
 */
export function flowing(shapes: readonly Shape[], column: number, gap: number): boolean[] {
  let used = 0;
  return shapes.map((shape) => {
    const left = column - used;
    if (shape.height <= left) {
      used += shape.height + gap;
      return false;
    }
    const flows = shape.height > column || (left > column * HOLE && torn(shape.breaks, 0, left) > 0);
    used = (flows ? lastPiece(shape, left, column) : shape.height) + gap;
    return flows;
  });
}

/** The last place after *from* at which no more than *room* goes on this side; *from* where there is none. */
function torn(breaks: readonly number[], from: number, room: number): number {
  return breaks.findLast((place) => place > from && place - from <= room) ?? from;
}

/** How much of it stands in the last column that it reaches. */
function lastPiece({ height, breaks }: Shape, left: number, column: number): number {
  let done = torn(breaks, 0, left);
  while (height - done > column) {
    const next = torn(breaks, done, column);
    if (next === done) return column;
    done = next;
  }
  return height - done;
}
