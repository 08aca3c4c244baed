/** Today in numbers, from the day's orders; the same sums as the X report's. */

import type { Order, Station } from "../lib/api.ts";
import type { Row } from "./floor.ts";
import type { Slots } from "./promise.ts";
import { inKitchen, isOpen, secondsToReady, unfinished } from "./promise.ts";

export interface Times {
  count: number;
  p50: number | null;
  p90: number | null;
}

export interface Figures {
  sales: number;
  placed: number;
  /** Of the orders that were not cancelled or rejected; null before the first. */
  average: number | null;
  times: Times;
  /** Orders that got ready, or are overdue now. */
  judged: number;
  late: number;
  cooking: number;
  lateNow: number;
  /** Since when the oldest of them waits, in milliseconds. */
  oldest: number | null;
  ready: number;
}

export interface StationLoad {
  id: string;
  name: string;
  /** Pieces that are waited for, and how many of them are on the fire. */
  open: number;
  cooking: number;
  /** When the oldest of them came to its screen, in milliseconds. */
  oldest: number | null;
  /** How much work a place at it has ahead. */
  loadSeconds: number;
  late: number;
}

export interface Bin {
  label: string;
  from: number;
  to: number;
  count: number;
}

const LEAST_REST = 0.15;

/** The smallest of the sorted *values* that so many percent of them do not exceed; null of none. */
export function nearestRank(values: readonly number[], percent: number): number | null {
  return values.length ? values[Math.ceil((percent * values.length) / 100) - 1]! : null;
}

export function timesOf(orders: readonly Order[]): Times {
  const seconds = orders.map(secondsToReady).filter((value) => value !== null).sort((a, b) => a - b);
  return { count: seconds.length, p50: nearestRank(seconds, 50), p90: nearestRank(seconds, 90) };
}

/** *day*: the business day that sales are counted for; what is in the kitchen is there, whatever day it is of. */
export function figuresOf(rows: readonly Row[], day: string): Figures {
  const own = rows.filter(({ order }) => order.business_day === day);
  const sold = own.filter(({ order }) => order.status !== "cancelled" && order.status !== "rejected");
  const sales = own.reduce((sum, { order }) => sum + order.total, 0);
  const cooking = rows.filter(({ order }) => inKitchen(order));
  const late = sold.filter(({ lateness }) => lateness.lateSeconds > 0);
  return {
    sales,
    placed: own.length,
    average: sold.length ? Math.round(sales / sold.length) : null,
    times: timesOf(own.map(({ order }) => order)),
    judged: sold.filter(({ order, lateness }) => secondsToReady(order) !== null || lateness.lateSeconds > 0).length,
    late: late.length,
    cooking: cooking.length,
    lateNow: rows.filter((row) => row.late).length,
    oldest: cooking.length ? Math.min(...cooking.map((row) => row.since)) : null,
    ready: rows.filter(({ order }) => order.status === "ready").length,
  };
}

export function slotsOf(stations: readonly Station[]): Slots {
  return Object.fromEntries(stations.map((station) => [station.id, station.slots]));
}

/** Every station, in the house's order, so that none moves; also one that items name though the house has none of that name. */
export function loadsOf(rows: readonly Row[], stations: readonly Station[], at: number): StationLoad[] {
  const known = new Map(stations.map(({ id, name, slots }) => [id, { id, name, slots }]));
  const loads = new Map([...known.values()].map(({ id, name }) => [id, nothingAt(id, name)]));
  for (const { order, late } of rows) {
    if (!inKitchen(order)) continue;
    for (const item of order.items) {
      if (!unfinished(item) || item.status === "held") continue;
      const load = loads.get(item.station) ?? nothingAt(item.station, item.station);
      loads.set(item.station, load);
      const fired = item.fired_at ? Date.parse(item.fired_at) : at;
      load.open += item.quantity;
      load.cooking += item.status === "preparing" ? item.quantity : 0;
      load.oldest = Math.min(load.oldest ?? fired, fired);
      load.loadSeconds += (restOf(item, at) * item.quantity) / Math.max(1, known.get(item.station)?.slots ?? 1);
      load.late += late ? 1 : 0;
    }
  }
  return [...loads.values()].map((load) => ({ ...load, loadSeconds: Math.round(load.loadSeconds) }));
}

/** How many orders were placed, or ordered for, in each of the hours that begin at *starts* (milliseconds, rising). */
export function ordersPerHour(orders: readonly Order[], starts: readonly number[]): number[] {
  const counts = starts.map(() => 0);
  for (const order of orders) {
    const at = Date.parse(order.scheduled_for ?? order.placed_at);
    const hour = starts.findLastIndex((start) => start <= at);
    if (counts.length) counts[Math.max(0, hour)]! += 1;
  }
  return counts;
}

/** Orders by the minutes from accepting to ready, in steps of *step* seconds; the last bin has no end. */
export function histogram(orders: readonly Order[], step = 120, bins = 9): Bin[] {
  const found: Bin[] = Array.from({ length: bins }, (_, index) => ({
    label: index === bins - 1 ? `${(index * step) / 60}+` : `${(index * step) / 60}–${((index + 1) * step) / 60}`,
    from: index * step,
    to: index === bins - 1 ? Infinity : (index + 1) * step,
    count: 0,
  }));
  for (const order of orders) {
    const seconds = secondsToReady(order);
    if (seconds !== null) found[Math.min(bins - 1, Math.floor(seconds / step))]!.count += 1;
  }
  return found;
}

/** A step that lets most of the orders fit: 2 minutes, or more where they take longer. */
export function stepFor(times: Times): number {
  return [60, 120, 180, 300, 600].find((step) => (times.p90 ?? 0) <= step * 7) ?? 900;
}

function restOf({ status, started_at, prep_seconds }: Order["items"][number], at: number): number {
  if (status !== "preparing" || !started_at) return prep_seconds;
  return Math.max(prep_seconds - (at - Date.parse(started_at)) / 1000, LEAST_REST * prep_seconds);
}

function nothingAt(id: string, name: string): StationLoad {
  return { id, name, open: 0, cooking: 0, oldest: null, loadSeconds: 0, late: 0 };
}

export function openOrders(rows: readonly Row[]): Row[] {
  return rows.filter(({ order }) => isOpen(order));
}
