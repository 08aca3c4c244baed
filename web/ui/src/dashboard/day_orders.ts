/** Every order of a business day, a page after the other; the newest first. */

import type { Order } from "../lib/api.ts";
import { load } from "../lib/api.ts";
import { addressOf } from "./addresses.ts";

interface Page {
  data: Order[];
  next_cursor: string | null;
}

const PAGE = 200;

/** *take* is given each page as it comes. Raises NetworkError and Problem; ends quietly once *signal* is aborted. */
export async function eachPage(
  day: string,
  location: string | null,
  take: (orders: Order[]) => void,
  signal?: AbortSignal,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const asked: Record<string, string> = { business_day: day, limit: String(PAGE) };
    if (cursor) asked.cursor = cursor;
    const { data }: { data: Page | null } = await load<Page>(addressOf("/v1/orders", location, asked), { signal });
    if (signal?.aborted) return;
    take(data?.data ?? []);
    cursor = data?.next_cursor ?? null;
  } while (cursor);
}
