/** The kitchen's commands on their way, counted as what they were: touches. */

import { computed } from "@preact/signals";
import type { Order } from "../lib/api.ts";
import * as outbox from "../lib/outbox.ts";
import type { Entry } from "../lib/outbox.ts";

/** Commands about dishes wait in a line of their own. */
export const DISHES = "menu";

/** Called with the order of each answer, until its own answer is called. */
export function onOrder(hook: (order: Order) => void): () => void {
  return outbox.onAnswer((order, { orderId }) => {
    if (orderId !== DISHES) hook(order);
  });
}

/** A touch may have been several commands; they share what comes before the dot of their keys. */
export function tapOf(entry: Entry): string {
  return entry.key.split(".")[0]!;
}

/** How many touches wait. */
export const savedTaps = computed(() => new Set(outbox.pending.value.map(tapOf)).size);
