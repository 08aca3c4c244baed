/**
 * A screen that shows the truth: a stream, polling where there is none, and what was known last where there is neither.
 *
 * `apply` is called for newer versions only and `reset` with everything that is open, so a page merges nothing itself.
 */

import { type Signal, signal } from "@preact/signals";
import { load, Problem } from "./api.ts";
import { heard, serverNow } from "./clock.ts";
import { type Connection, type Link, openLink, type Polled } from "./link.ts";
import * as storage from "./storage.ts";
import { Orders, type Versioned } from "./versions.ts";

/** connecting: not heard of yet · live · stale: lost a moment ago · polling: by 3-second polling · offline: as it was. */
export type LiveStatus = "connecting" | "live" | "polling" | "offline" | "stale";
export type Source = "stream" | "poll" | "cache";

export interface Following<T extends Versioned> {
  /** The address of the stream. */
  stream: string;
  /** The address that gives the same by polling: one order, or `{"data": [orders]}`. */
  poll: string;
  /** The name under which the last of it is kept on this device; nothing is kept without one. */
  cacheKey?: string;
  /** One order in a newer version. */
  apply: (order: T) => void;
  /** All there is; whatever was shown and is not in it has gone. */
  reset: (orders: T[], source: Source) => void;
  /** An order that is not shown yet, as the page is paused: what must not wait is not paused by that. */
  held?: (order: T) => void;
  /** Which orders to keep knowing; the others are applied once more and then forgotten. All by default. */
  keep?: (order: T) => boolean;
  /** Other events of the stream by name: `health`, `menu`. */
  events?: Record<string, (told: unknown) => void>;
  /** Awaited before the stream is opened again after a loss, for saved commands to go first. At most 3 s. */
  beforeReopening?: () => Promise<unknown>;
}

export interface Live {
  state: Signal<LiveStatus>;
  /** When the server was heard of last, by its clock; 0 for never. Of a cached copy, when that was. */
  updatedAt: Signal<number>;
  /** How many changes are held back while paused. */
  waiting: Signal<number>;
  paused: Signal<boolean>;
  /** When it will be tried again, by our own clock (Date.now); null while that is not needed. */
  nextTryAt: Signal<number | null>;
  /** Why the server will not show it: 404 for a link that leads nowhere, 401 for nobody signed in. */
  problem: Signal<Problem | null>;
  /** The connection stays, the drawing waits. */
  pause(): void;
  resume(): void;
  /** Try now. */
  retry(): void;
  close(): void;
}

interface Kept<T> {
  at: number;
  orders: T[];
}

const SAVED_EVERY_MS = 800;

export function follow<T extends Versioned>(following: Following<T>): Live {
  return new Follower(following).live;
}

class Follower<T extends Versioned> {
  readonly live: Live;
  readonly #following: Following<T>;
  readonly #orders = new Orders<T>();
  readonly #link: Link;
  #etag: string | null = null;
  #held: { all: T[] | null; source: Source; changed: Map<string, T> } | null = null;
  #known = false;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #savedAt = 0;

  constructor(following: Following<T>) {
    this.#following = following;
    const live = this.live = {
      state: signal<LiveStatus>("connecting"),
      updatedAt: signal(0),
      waiting: signal(0),
      paused: signal(false),
      nextTryAt: signal<number | null>(null),
      problem: signal<Problem | null>(null),
      pause: () => this.#pause(),
      resume: () => this.#resume(),
      retry: () => this.#retry(),
      close: () => this.#close(),
    };
    const connection: Connection = {
      address: following.stream,
      events: ["snapshot", "order", "beat", ...Object.keys(following.events ?? {})],
      heard: (event, told) => this.#heard(event, told),
      poll: () => this.#poll(),
      beforeReopening: following.beforeReopening,
      changed: (state, nextTryAt) => {
        live.state.value = state;
        live.nextTryAt.value = nextTryAt;
        if (state !== "live" && state !== "connecting") void this.#drawKept();
      },
    };
    this.#link = openLink(connection);
  }

  #heard(event: string, told: unknown): void {
    this.live.problem.value = null;
    if (event === "beat") heard((told as { at: string }).at);
    if (event === "snapshot") this.#reset((told as { data: T[] }).data, "stream");
    if (event === "order") this.#apply(told as T);
    this.#following.events?.[event]?.(told);
    this.live.updatedAt.value = serverNow();
  }

  /** Raises NetworkError; a Problem that will stay is told to the page, and is no reason to try again. */
  async #poll(): Promise<Polled> {
    try {
      const { data, etag } = await load<T | { data: T[] }>(this.#following.poll, { etag: this.#etag });
      return () => this.#polled(data, etag);
    } catch (reason) {
      if (!(reason instanceof Problem) || reason.passing) throw reason;
      this.live.problem.value = reason;
      return "refused";
    }
  }

  #polled(data: T | { data: T[] } | null, etag: string | null): void {
    this.#etag = etag;
    if (data) this.#reset("data" in data && Array.isArray(data.data) ? data.data : [data as T], "poll");
    this.live.problem.value = null;
    this.live.updatedAt.value = serverNow();
  }

  #apply(order: T): void {
    if (!this.#orders.merge(order)) return;
    if (this.#following.keep?.(order) === false) this.#orders.drop(order.id);
    this.#save();
    if (this.#held) this.#hold(order);
    else this.#following.apply(order);
  }

  #reset(orders: T[], source: Source): void {
    const before = new Map(this.#orders.all().map((order) => [order.id, order.version]));
    const all = this.#orders.reset(orders);
    this.#known = true;
    if (source !== "cache") this.#save();
    if (!this.#held) return this.#following.reset(all, source);
    this.#held.all = all;
    this.#held.source = source;
    for (const order of all) if (before.get(order.id) !== order.version) this.#hold(order);
  }

  #hold(order: T): void {
    this.#held!.changed.set(order.id, order);
    this.live.waiting.value = this.#held!.changed.size;
    this.#following.held?.(order);
  }

  #pause(): void {
    this.#held ??= { all: null, source: "stream", changed: new Map() };
    this.live.paused.value = true;
  }

  #resume(): void {
    const held = this.#held;
    this.#held = null;
    this.live.paused.value = false;
    this.live.waiting.value = 0;
    if (held?.all) this.#following.reset(this.#orders.all(), held.source);
    for (const order of held?.changed.values() ?? []) this.#following.apply(order);
  }

  #retry(): void {
    this.live.problem.value = null;
    this.#link.retry();
  }

  #close(): void {
    this.#link.close();
    clearTimeout(this.#saving);
  }

  async #drawKept(): Promise<void> {
    const { cacheKey } = this.#following;
    if (this.#known || !cacheKey) return;
    const kept = await storage.get<Kept<T>>("cache", cacheKey);
    if (this.#known || !kept) return;
    this.live.updatedAt.value = kept.at;
    this.#reset(kept.orders, "cache");
  }

  /** At once, then at most every 0.8 s: whoever closes the page a moment later finds it again. */
  #save(): void {
    if (!this.#following.cacheKey || this.#saving !== undefined) return;
    const wait = Math.max(0, this.#savedAt + SAVED_EVERY_MS - Date.now());
    if (wait === 0) return this.#saveNow();
    this.#saving = setTimeout(() => {
      this.#saving = undefined;
      this.#saveNow();
    }, wait);
  }

  #saveNow(): void {
    this.#savedAt = Date.now();
    const kept: Kept<T> = { at: serverNow(), orders: this.#orders.all() };
    void storage.put("cache", this.#following.cacheKey!, kept);
  }
}
