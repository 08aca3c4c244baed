/** What the page knows of the house: today's orders, stations, health and books, kept true by the stream. */

import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Order, Station } from "../lib/api.ts";
import { load } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { follow, type Live } from "../lib/live.ts";
import { Orders } from "../lib/versions.ts";
import { sentence } from "../lib/words.ts";
import { addressOf } from "./addresses.ts";
import { eachPage } from "./day_orders.ts";
import { slotsOf } from "./figures.ts";
import type { Row } from "./floor.ts";
import { rowOf } from "./floor.ts";
import type { Health, JobLetter } from "./health.ts";
import { isOpen, type Slots } from "./promise.ts";
import type { Day, DayReport } from "./report.ts";

const WEEK = 7;
/** A report costs the server a look at the whole day. */
const REPORT_EVERY_MS = 10_000;
const MOST_LOOKED_UP = 25;
const TOGETHER_MS = 40;

export class House {
  readonly live: Live;
  readonly orders = signal<readonly Order[]>([]);
  readonly stations = signal<readonly Station[]>([]);
  readonly health = signal<Health | null>(null);
  readonly letters = signal<readonly JobLetter[]>([]);
  /** The books' days, newest first. */
  readonly days = signal<readonly Day[]>([]);
  readonly report = signal<DayReport | null>(null);
  /** The report of the same day a week ago. */
  readonly usual = signal<DayReport | null>(null);
  /** Whether every order of today is here, not only the open ones. */
  readonly whole = signal(false);
  readonly trouble = signal<string | null>(null);
  readonly day: ReadonlySignal<string | null> = computed(() => this.days.value[0]?.business_day ?? null);
  readonly slots: ReadonlySignal<Slots> = computed(() => slotsOf(this.stations.value));
  readonly rows: ReadonlySignal<Row[]> = computed(() => this.#rows());
  readonly location: string | null;

  readonly #known = new Orders<Order>();
  readonly #ended = new AbortController();
  readonly #unwatch: () => void;
  #settled = new WeakMap<Order, Row>();
  #settledWith: Slots | null = null;
  #drawn = false;
  #asked = false;
  #reportAt = 0;
  #reporting: ReturnType<typeof setTimeout> | null = null;

  constructor(location: string | null) {
    this.location = location;
    this.live = follow<Order>({
      stream: this.#at("/v1/dashboard/stream"),
      poll: this.#at("/v1/orders", { active: "true", limit: "200" }),
      apply: (order) => this.#take([order]),
      reset: (orders) => this.#reset(orders),
      events: { health: (told) => this.#examined(told as Health) },
    });
    void this.#open();
    this.#unwatch = effect(() => {
      if (this.live.state.value === "live" && this.trouble.peek()) void this.retry();
    });
  }

  close(): void {
    this.#unwatch();
    this.#ended.abort();
    this.live.close();
    if (this.#reporting) clearTimeout(this.#reporting);
  }

  stationName = (id: string): string => this.stations.value.find((station) => station.id === id)?.name ?? id;

  order(id: string): Order | undefined {
    return this.#known.get(id);
  }

  /** An answer to a command is as good as an event. */
  heard(order: Order): void {
    this.#take([order]);
  }

  /** Load again what did not come. */
  async retry(): Promise<void> {
    this.trouble.value = null;
    await this.#open();
  }

  /** Have today's report as it is now, if anything has changed since it was drawn; not more often than it is worth. */
  refreshReport(): void {
    if (this.#reporting || this.#ended.signal.aborted) return;
    const wait = Math.max(0, this.#reportAt + REPORT_EVERY_MS - Date.now());
    this.#reporting = setTimeout(() => void this.#loadReport(), wait);
  }

  /** The books' days again, as after one was closed. */
  async refreshDays(): Promise<void> {
    this.days.value = (await this.#get<{ data: Day[] }>("/v1/reports/days")).data;
    this.#reportAt = 0;
    this.refreshReport();
  }

  async refreshLetters(): Promise<void> {
    const { data } = await this.#get<{ data: JobLetter[] }>("/v1/dead-letters");
    this.letters.value = data;
    const health = this.health.peek();
    if (health && health.dead_letters !== data.length && data.length < 50) {
      this.health.value = { ...health, dead_letters: data.length };
    }
  }

  async reportOf(day: string): Promise<DayReport> {
    return await this.#get<DayReport>(`/v1/reports/days/${day}`);
  }

  async daysBefore(day: string): Promise<Day[]> {
    const to = shifted(day, -1);
    return (await this.#get<{ data: Day[] }>("/v1/reports/days", { from: shifted(day, -31), to })).data;
  }

  async #open(): Promise<void> {
    try {
      const [stations, days] = await Promise.all([
        this.#get<{ data: Station[] }>("/v1/stations"),
        this.#get<{ data: Day[] }>("/v1/reports/days"),
      ]);
      batch(() => {
        this.stations.value = stations.data;
        this.days.value = days.data;
      });
      await Promise.all([this.#loadDay(), this.#loadReport(), this.#loadUsual()]);
    } catch (reason) {
      if (!this.#ended.signal.aborted) this.trouble.value = sentence(reason);
    }
  }

  async #loadDay(): Promise<void> {
    const day = this.day.peek();
    if (!day) return;
    this.whole.value = false;
    await eachPage(day, this.location, (orders) => this.#take(orders), this.#ended.signal);
    this.whole.value = true;
  }

  async #loadReport(): Promise<void> {
    this.#reporting = null;
    const day = this.day.peek();
    if (!day) return;
    this.#reportAt = Date.now();
    try {
      this.report.value = await this.reportOf(day);
    } catch (reason) {
      if (!this.report.peek()) throw reason;
    }
  }

  async #loadUsual(): Promise<void> {
    const day = this.day.peek();
    const before = day && shifted(day, -WEEK);
    if (before && this.days.peek().some(({ business_day }) => business_day === before)) {
      this.usual.value = await this.reportOf(before);
    }
  }

  #take(orders: readonly Order[]): void {
    let changed = false;
    for (const order of orders) changed = this.#known.merge(order) || changed;
    if (changed) this.#draw();
    const today = this.day.peek();
    if (today && orders.some((order) => order.business_day > today && order.status !== "scheduled")) {
      void this.#newDay();
    }
  }

  /** All that is open. What we took for open and is not among them has been closed while we were away. */
  #reset(orders: readonly Order[]): void {
    const open = new Set(orders.map(({ id }) => id));
    const missed = this.#known.all().filter((order) => isOpen(order) && !open.has(order.id));
    this.#take(orders);
    this.#draw();
    if (missed.length) void this.#lookUp(missed.map(({ id }) => id));
  }

  async #lookUp(ids: readonly string[]): Promise<void> {
    try {
      if (ids.length > MOST_LOOKED_UP) return await this.#loadDay();
      const answers = await Promise.all(ids.map((id) => load<Order>(`/v1/orders/${id}`)));
      this.#take(answers.map(({ data }) => data).filter((order) => order !== null));
    } catch {
      // The next snapshot finds them missing again.
    }
  }

  async #newDay(): Promise<void> {
    const before = this.day.peek();
    try {
      await this.refreshDays();
      if (this.day.peek() === before) return;
      await Promise.all([this.#loadDay(), this.#loadUsual()]);
    } catch (reason) {
      this.trouble.value = sentence(reason);
    }
  }

  #examined(health: Health): void {
    const before = this.health.peek();
    // A server that nobody has watched for a while is only just asking for its broker: no reason for an alarm.
    if (!before && health.broker === false && !this.#asked) {
      this.#asked = true;
      return;
    }
    this.health.value = health;
    if ((before?.dead_letters ?? 0) !== health.dead_letters || (health.dead_letters && !this.letters.peek().length)) {
      void this.refreshLetters().catch(() => undefined);
    }
  }

  /** Many orders that come at once are one change. A timer, as pages that nobody looks at are given no frames. */
  #draw(): void {
    if (this.#drawn) return;
    this.#drawn = true;
    setTimeout(() => {
      this.#drawn = false;
      this.orders.value = this.#known.all();
    }, TOGETHER_MS);
  }

  /** Today's orders, and whatever else is open. Those that are over are judged once. */
  #rows(): Row[] {
    const [orders, slots, day] = [this.orders.value, this.slots.value, this.day.value];
    const at = now.value;
    if (this.#settledWith !== slots) this.#settled = new WeakMap();
    this.#settledWith = slots;
    return orders
      .filter((order) => isOpen(order) || order.business_day === day)
      .map((order) => (isOpen(order) ? rowOf(order, at, slots) : this.#once(order, at, slots)));
  }

  #once(order: Order, at: number, slots: Slots): Row {
    const known = this.#settled.get(order);
    if (known) return known;
    const row = rowOf(order, at, slots);
    this.#settled.set(order, row);
    return row;
  }

  async #get<T>(path: string, query?: Record<string, string>): Promise<T> {
    const { data } = await load<T>(this.#at(path, query), { signal: this.#ended.signal });
    return data as T;
  }

  #at(path: string, query?: Record<string, string>): string {
    return addressOf(path, this.location, query);
  }
}

/** `shifted("2026-11-22", -7)` → 2026-11-15 */
export function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
