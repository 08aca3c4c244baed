/** How an outbox keeps, sends and repeats commands; pages use the one of outbox.ts. */

import { type Signal, signal } from "@preact/signals";
import { type Answer, newKey, type Order, Problem, send, signedOut } from "./api.ts";
import { serverNow } from "./clock.ts";
import { waitAfter } from "./link.ts";
import { type Command, type Conflict, type Entry, Queue } from "./queue.ts";
import * as storage from "./storage.ts";

export type { Command, Conflict, Entry };

export interface Outbox {
  /** What has not been answered yet, in line. */
  pending: Signal<readonly Entry[]>;
  /** What was refused, the oldest first. */
  conflicts: Signal<readonly Conflict[]>;
  /** Whether the last try found nobody, so that what is pending waits. */
  stuck: Signal<boolean>;
  /** Saved, then sent as soon as can be; without a key one is made. */
  enqueue(command: Omit<Command, "key"> & { key?: string }): Entry;
  /** Take it back before it is sent; false when it is too late, and only a command can undo it. */
  cancel(key: string): boolean;
  dismiss(conflict: Conflict): void;
  /** Send what waits; resolves when nothing is left to send, or nobody answers. For follow's `beforeReopening`. */
  flush(): Promise<void>;
  close(): void;
}

export interface OutboxOptions {
  /** Called with the order of each answer, at once: the stream's own event may still be on its way. */
  answered?: (order: Order, entry: Entry) => void;
  refused?: (conflict: Conflict) => void;
  /** How a command is sent; the real way by default. */
  sender?: (entry: Entry) => Promise<Answer<Order>>;
}

export function openOutbox(options: OutboxOptions = {}): Outbox {
  return new Kept(options);
}

class Kept implements Outbox {
  readonly pending = signal<readonly Entry[]>([]);
  readonly conflicts = signal<readonly Conflict[]>([]);
  readonly stuck = signal(false);
  readonly #queue = new Queue();
  readonly #options: OutboxOptions;
  readonly #restored: Promise<void>;
  #running: Promise<void> | null = null;
  #failures = 0;
  #closed = false;
  #later: ReturnType<typeof setTimeout> | undefined;
  readonly #online = () => void this.flush();
  readonly #unsubscribe: () => void;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#restored = this.#restore();
    globalThis.addEventListener("online", this.#online);
    this.#unsubscribe = signedOut.subscribe((out) => out || void this.flush());
  }

  enqueue(command: Omit<Command, "key"> & { key?: string }): Entry {
    const entry = this.#queue.add({ ...command, key: command.key ?? newKey() }, serverNow());
    void storage.put("outbox", entry.key, entry);
    this.#show();
    void this.flush();
    return entry;
  }

  cancel(key: string): boolean {
    const cancelled = this.#queue.cancel(key);
    if (cancelled) void storage.remove("outbox", key);
    this.#show();
    return cancelled;
  }

  dismiss(conflict: Conflict): void {
    this.conflicts.value = this.conflicts.value.filter((one) => one !== conflict);
  }

  flush(): Promise<void> {
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#later);
    globalThis.removeEventListener("online", this.#online);
    this.#unsubscribe();
  }

  async #restore(): Promise<void> {
    this.#queue.restore(await storage.all<Entry>("outbox"));
    this.#show();
  }

  async #sendAll(): Promise<void> {
    await this.#restored;
    clearTimeout(this.#later);
    this.stuck.value = false;
    const lines = new Map<string, Promise<void>>();
    while (!this.#closed && !this.stuck.value) {
      for (const entry of this.#queue.take()) {
        lines.set(entry.key, this.#sendOne(entry).finally(() => lines.delete(entry.key)));
      }
      this.#show();
      if (!lines.size) return;
      await Promise.race(lines.values());
    }
    await Promise.all(lines.values());
  }

  async #sendOne(entry: Entry): Promise<void> {
    try {
      const { data } = await (this.#options.sender ?? sendEntry)(entry);
      this.#failures = 0;
      this.#queue.done(entry.key, data?.version);
      void storage.remove("outbox", entry.key);
      if (data) this.#options.answered?.(data, entry);
    } catch (reason) {
      if (reason instanceof Problem && !reason.passing && reason.status !== 401) this.#refuse(entry, reason);
      else this.#wait(entry);
    }
    this.#show();
  }

  #refuse(entry: Entry, problem: Problem): void {
    this.#queue.refused(entry.key);
    void storage.remove("outbox", entry.key);
    const conflict = { entry, problem };
    this.conflicts.value = [...this.conflicts.value, conflict];
    this.#options.refused?.(conflict);
  }

  #wait(entry: Entry): void {
    this.#queue.failed(entry.key);
    this.#failures += 1;
    this.stuck.value = true;
    clearTimeout(this.#later);
    if (!this.#closed) this.#later = setTimeout(() => void this.flush(), waitAfter(this.#failures));
  }

  #show(): void {
    this.pending.value = this.#queue.entries;
  }
}

function sendEntry({ method, path, body, key, ifMatch }: Entry): Promise<Answer<Order>> {
  return send<Order>(method, path, body, ifMatch === undefined ? { key } : { key, ifMatch });
}
