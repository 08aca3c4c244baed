/** What changed between two versions of an order. */

import type { PublicOrder } from "../lib/api.ts";

/** Whether nothing but the estimate is new: then there is no history to read. */
export function onlyEstimated(before: PublicOrder, after: PublicOrder): boolean {
  return after.version === before.version + 1 && rest(before) === rest(after);
}

function rest({ estimate: _, version: __, ...other }: PublicOrder): string {
  return JSON.stringify(other);
}
