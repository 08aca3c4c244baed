/**
 * Commands that survive a lost network, and a reload: kept on the device, sent in order, each done once.
 *
 * A refusal is not lost either: it becomes a conflict that somebody reads and dismisses.
 */

import type { Order } from "./api.ts";
import type { Command, Conflict, Entry } from "./queue.ts";
import { openOutbox } from "./sending.ts";

export type { Command, Conflict, Entry };

const hooks = {
  answered: new Set<(order: Order, entry: Entry) => void>(),
  refused: new Set<(conflict: Conflict) => void>(),
};

const outbox = openOutbox({
  answered: (order, entry) => hooks.answered.forEach((hook) => hook(order, entry)),
  refused: (conflict) => hooks.refused.forEach((hook) => hook(conflict)),
});

/**
 * `pending`: what has not been answered yet, in line. `conflicts`: what was refused, the oldest first.
 * `stuck`: whether the last try found nobody, so that what is pending waits.
 */
export const { pending, conflicts, stuck } = outbox;

/** Saved, then sent as soon as can be; without a key one is made. */
export function enqueue(command: Omit<Command, "key"> & { key?: string }): Entry {
  return outbox.enqueue(command);
}

/** Take it back before it is sent; false when it is too late, and only another command can undo it. */
export function cancel(key: string): boolean {
  return outbox.cancel(key);
}

export function dismiss(conflict: Conflict): void {
  outbox.dismiss(conflict);
}

/** Send what waits; resolves when nothing is left to send, or nobody answers. For follow's `beforeReopening`. */
export function replay(): Promise<void> {
  return outbox.flush();
}

/** Be told of each answer's order at once; the stream's own event may still be on its way. Its answer ends that. */
export function onAnswer(hook: (order: Order, entry: Entry) => void): () => void {
  hooks.answered.add(hook);
  return () => void hooks.answered.delete(hook);
}

export function onRefusal(hook: (conflict: Conflict) => void): () => void {
  hooks.refused.add(hook);
  return () => void hooks.refused.delete(hook);
}
