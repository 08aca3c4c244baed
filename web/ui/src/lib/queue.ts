/** Commands in line: which may go, and what becomes of the others. Nothing here knows a network or a disk. */

import type { Method, Problem } from "./api.ts";

export interface Command {
  method: Method;
  path: string;
  body?: unknown;
  /** Its Idempotency-Key; made when it was meant, so that sending it twice does it once. */
  key: string;
  /** Commands of one order go one after the other. What is of no order names a line of its own: "menu". */
  orderId: string;
  /** What it does in words, for the list of what waits: "Bump order 112". */
  label: string;
  /** The version that it is meant for. Leave it out where the order's state alone decides. */
  ifMatch?: number | undefined;
}

export interface Entry extends Command {
  /** When it was meant, by the server's clock. */
  at: number;
  /** Its place in line. */
  place: number;
  sending: boolean;
}

/** A command that the server refused, for somebody to read. */
export interface Conflict {
  entry: Entry;
  problem: Problem;
}

/** In order for each order; orders do not wait for each other. */
export class Queue {
  #entries: Entry[] = [];
  #place = 0;

  add(command: Command, at: number): Entry {
    const entry = { ...command, at, place: ++this.#place, sending: false };
    this.#entries = [...this.#entries, entry];
    return entry;
  }

  /** What an earlier page left behind goes before what was meant since. */
  restore(entries: readonly Entry[]): void {
    const known = new Set(this.#entries.map((entry) => entry.key));
    const older = entries.filter((entry) => !known.has(entry.key)).sort((a, b) => a.at - b.at || a.place - b.place);
    this.#entries = [...older, ...this.#entries].map((entry, index) => ({
      ...entry,
      place: index + 1,
      sending: known.has(entry.key) && entry.sending,
    }));
    this.#place = this.#entries.length;
  }

  /** Those that may be sent now: the first of each order, unless it is under way. They count as under way from here. */
  take(): Entry[] {
    const seen = new Set<string>();
    const taken: Entry[] = [];
    for (const entry of this.#entries) {
      if (!seen.has(entry.orderId) && !entry.sending) taken.push(entry);
      seen.add(entry.orderId);
    }
    this.#change(taken, { sending: true });
    return taken.map((entry) => ({ ...entry, sending: true }));
  }

  /** It was done; the order has *version* now. What was meant for the version before it is meant for this one. */
  done(key: string, version?: number): void {
    const entry = this.#find(key);
    if (!entry) return;
    this.#remove(key);
    if (version === undefined || entry.ifMatch === undefined) return;
    const followers = this.#entries.filter((one) => one.orderId === entry.orderId && one.ifMatch === entry.ifMatch);
    this.#change(followers, { ifMatch: version });
  }

  /** It was refused, and will be whenever it is sent: out of the line. */
  refused(key: string): void {
    this.#remove(key);
  }

  /** Nobody answered: it keeps its place. */
  failed(key: string): void {
    const entry = this.#find(key);
    if (entry) this.#change([entry], { sending: false });
  }

  /** Take it back; whether it could be: one that is under way cannot. */
  cancel(key: string): boolean {
    const entry = this.#find(key);
    if (!entry || entry.sending) return false;
    this.#remove(key);
    return true;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  #find(key: string): Entry | undefined {
    return this.#entries.find((entry) => entry.key === key);
  }

  #remove(key: string): void {
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
  }

  #change(entries: readonly Entry[], change: Partial<Entry>): void {
    const keys = new Set(entries.map((entry) => entry.key));
    this.#entries = this.#entries.map((entry) => (keys.has(entry.key) ? { ...entry, ...change } : entry));
  }
}
