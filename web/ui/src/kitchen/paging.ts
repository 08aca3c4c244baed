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
