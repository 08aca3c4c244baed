/** Orders and reports for tests. */

import type { Item, Order } from "../lib/api.ts";
import type { DayReport, Hour } from "./report.ts";

export const PLACED = Date.parse("2026-11-22T18:00:00Z");
let last = 0;

/** The moment so many minutes after the sample orders were placed. */
export function minute(minutes: number): number {
  return PLACED + minutes * 60_000;
}

export function at(minutes: number): string {
  return new Date(minute(minutes)).toISOString();
}

export function item(members: Partial<Item> = {}): Item {
  const id = `item-${++last}`;
  const standard = {
    id,
    line: 1,
    sku: null,
    name: "Rib eye",
    quantity: 1,
    unit_price: 2000,
    modifiers: [],
    notes: null,
  };
  const place = { allergens: [], station: "grill", course: 1, prep_seconds: 600, status: "pending" as const };
  const moments = { fired_at: at(0), started_at: null, ready_at: null, served_at: null, voided_at: null };
  return { ...standard, ...place, ...moments, void_reason: null, actions: [], ...members };
}

export function order(items: Item[] = [item()], members: Partial<Order> = {}): Order {
  const id = `order-${String(++last).padStart(4, "0")}`;
  const standard = {
    id,
    number: `A-${String(last).padStart(3, "0")}`,
    location: "main",
    business_day: "2026-11-22",
    external_id: null,
    channel: "dine_in" as const,
    table: "12",
    guests: 2,
    customer: null,
    notes: null,
    status: "confirmed" as const,
    version: 2,
    progress: 0,
    priority: false,
  };
  const money = { currency: "EUR", subtotal: 2000, discount: 0, total: 2000, paid: 0, tips: 0, estimate: null };
  const moments = {
    placed_at: at(0),
    confirmed_at: at(0),
    started_at: null,
    ready_at: null,
    completed_at: null,
    cancelled_at: null,
    cancel_reason: null,
    scheduled_for: null,
    accept_by: null,
  };
  const ways = { actions: [], blocked: [], tracking_token: "t", tracking_url: "/order-tracking/t" };
  return { ...standard, items, ...money, ...moments, ...ways, ...members };
}

/** An order that was ready after so many minutes, and handed over. */
export function done(minutes: number, members: Partial<Order> = {}, dish: Partial<Item> = {}): Order {
  const cooked = item({ status: "served", ready_at: at(minutes), ...dish });
  return order([cooked], { status: "completed", ready_at: at(minutes), completed_at: at(minutes + 1), ...members });
}

export function hour(index: number, members: Partial<Hour> = {}): Hour {
  const starts = new Date(Date.parse("2026-11-22T10:00:00Z") + index * 3_600_000).toISOString();
  const local = `${String(11 + index).padStart(2, "0")}:00`;
  return { starts_at: starts, local, orders: 0, items_sold: 0, gross: 0, net: 0, ...members };
}

const NOTHING = { items: 0, amount: 0 };
const NONE_TAKEN = { ...NOTHING, before_start: NOTHING, after_start: NOTHING, by_reason: [] };

export function report(members: Partial<DayReport> = {}): DayReport {
  return {
    kind: "X",
    number: null,
    status: "open",
    location: "main",
    location_name: "Trattoria",
    business_day: "2026-11-22",
    timezone: "Europe/Berlin",
    opens_at: "2026-11-22T03:00:00Z",
    closes_at: "2026-11-23T03:00:00Z",
    as_of: at(0),
    currency: "EUR",
    orders: { placed: 0, completed: 0, cancelled: 0, rejected: 0, open: 0, carried_over: 0, by_channel: [] },
    guests: 0,
    items: { ordered: 0, voided: 0, cancelled: 0, sold: 0 },
    gross: 0,
    voids: NONE_TAKEN,
    cancellations: { ...NONE_TAKEN, orders: 0 },
    rejections: { ...NONE_TAKEN, orders: 0 },
    discounts: { count: 0, amount: 0, by_name: [] },
    net: 0,
    waste: NOTHING,
    adjustments: { count: 0, net: 0, orders: [] },
    net_total: 0,
    grand_total: 0,
    payments: {
      count: 0,
      amount: 0,
      tips: 0,
      by_tender: [],
      for_orders_of: { this_day: 0, earlier_days: 0, later_days: 0 },
    },
    settlement: { net: 0, paid: 0, difference: 0 },
    time_to_ready: { count: 0, p50_seconds: null, p90_seconds: null },
    by_hour: [],
    by_item: [],
    by_station: [],
    exceptions: { open_orders: [], unsettled_orders: [], unknown_stations: [] },
    ...members,
  };
}
