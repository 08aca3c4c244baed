/** One EventSource that is watched, opened again, and stood in for by polling: the connection behind a screen. */

import type { LiveStatus } from "./live.ts";

/** The server beats every 10 s; a silence longer than this is a line that is dead without saying so. */
export const SILENCE_MS = 25_000;
/** How long a stream may take until it says something. */
export const OPENING_MS = 10_000;
export const POLL_MS = 3_000;
export const MOST_WAIT_MS = 30_000;
const FLUSHING_MS = 3_000;

/** What to do with the answer if it is still wanted by then; "refused" when asking again would lead to the same. */
export type Polled = (() => void) | "refused";

export interface Connection {
  address: string;
  /** The names of the events that are listened to. */
  events: readonly string[];
  heard: (event: string, told: unknown) => void;
  /** Ask once. Throws when nobody answers. */
  poll: () => Promise<Polled>;
  changed: (state: LiveStatus, nextTryAt: number | null) => void;
  beforeReopening?: (() => Promise<unknown>) | undefined;
}

export interface Link {
  retry(): void;
  close(): void;
}

/** Milliseconds to wait after so many failures in a row: 1, 2, 4 … 30 s, a fifth more or less. */
export function waitAfter(failures: number, random: () => number = Math.random): number {
  const plain = Math.min(MOST_WAIT_MS, 1000 * 2 ** Math.max(0, failures - 1));
  return Math.round(plain * (0.8 + 0.4 * random()));
}

export function openLink(connection: Connection): Link {
  return new Watched(connection);
}

class Watched implements Link {
  readonly #connection: Connection;
  #source: EventSource | null = null;
  #state: LiveStatus = "connecting";
  #failures = 0;
  #polling = false;
  #nextTryAt: number | null = null;
  #heardAt = 0;
  #closed = false;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #nextPoll: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners: [EventTarget, string, () => void][];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#listeners = [
      [globalThis, "online", () => this.retry()],
      [globalThis, "offline", () => this.#lost("offline")],
      [globalThis, "pagehide", () => this.#quiet()],
      [globalThis, "pageshow", () => this.#source || this.retry()],
      [document, "visibilitychange", () => document.visibilityState === "visible" && this.#lookAround()],
    ];
    for (const [target, event, listener] of this.#listeners) target.addEventListener(event, listener);
    this.#open();
  }

  retry(): void {
    if (this.#closed || (this.#state === "live" && this.#isFresh())) return;
    void this.#reopen();
  }

  close(): void {
    this.#closed = true;
    this.#quiet();
    for (const [target, event, listener] of this.#listeners) target.removeEventListener(event, listener);
  }

  #open(): void {
    this.#source?.close();
    const source = this.#source = new EventSource(this.#connection.address);
    for (const name of this.#connection.events) {
      source.addEventListener(name, (event) => this.#source === source && this.#heard(name, event as MessageEvent));
    }
    source.onerror = () => this.#source === source && this.#failed(source);
    this.#watch(OPENING_MS);
  }

  #heard(name: string, event: MessageEvent<string>): void {
    this.#failures = 0;
    this.#heardAt = Date.now();
    this.#watch(SILENCE_MS);
    this.#stopPolling();
    clearTimeout(this.#reopening);
    this.#connection.heard(name, JSON.parse(event.data));
    this.#become("live", null);
  }

  /** The browser tries again by itself once, with Last-Event-ID; after that, and after a refusal, we do. */
  #failed(source: EventSource): void {
    if (source.readyState === EventSource.CONNECTING && this.#failures === 0) {
      this.#failures = 1;
      this.#watch(OPENING_MS);
      this.#become(this.#state === "connecting" ? "connecting" : "stale", null);
      return;
    }
    this.#lost();
  }

  #lost(state?: LiveStatus): void {
    if (this.#closed) return;
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#watchdog);
    this.#failures += 1;
    this.#waitAndReopen();
    if (state) this.#become(state, this.#nextTryAt);
    else if (this.#state === "live") this.#become("stale", this.#nextTryAt);
    else this.#become(this.#state, this.#nextTryAt);
    if (!this.#polling) void this.#pollOn();
  }

  #waitAndReopen(): void {
    const wait = waitAfter(this.#failures);
    this.#nextTryAt = Date.now() + wait;
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => void this.#reopen(), wait);
  }

  async #reopen(): Promise<void> {
    clearTimeout(this.#reopening);
    const flush = this.#connection.beforeReopening?.().catch(() => undefined);
    if (flush) await Promise.race([flush, new Promise((resolve) => setTimeout(resolve, FLUSHING_MS))]);
    if (!this.#closed) this.#open();
  }

  /** Every 3 s for as long as somebody answers; once only where nobody does, as the next try opens the stream first. */
  async #pollOn(): Promise<void> {
    this.#polling = true;
    const outcome = await this.#connection.poll().catch(() => "unreachable" as const);
    if (!this.#polling || this.#closed) return;
    if (outcome === "unreachable") {
      this.#polling = false;
      this.#become("offline", this.#nextTryAt);
      return;
    }
    if (outcome === "refused") {
      this.#quiet();
      this.#become("offline", null);
      return;
    }
    outcome();
    this.#become("polling", this.#nextTryAt);
    this.#nextPoll = setTimeout(() => void this.#pollOn(), POLL_MS);
  }

  #stopPolling(): void {
    this.#polling = false;
    clearTimeout(this.#nextPoll);
  }

  #lookAround(): void {
    if (!this.#isFresh()) this.retry();
  }

  #isFresh(): boolean {
    return this.#source !== null && Date.now() - this.#heardAt < SILENCE_MS;
  }

  #watch(milliseconds: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lost(), milliseconds);
  }

  #quiet(): void {
    this.#source?.close();
    this.#source = null;
    this.#stopPolling();
    clearTimeout(this.#watchdog);
    clearTimeout(this.#reopening);
  }

  #become(state: LiveStatus, nextTryAt: number | null): void {
    this.#state = state;
    this.#nextTryAt = nextTryAt;
    this.#connection.changed(state, nextTryAt);
  }
}
