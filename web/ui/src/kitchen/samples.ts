/** Orders for tests. */

import type { Item, Order } from "../lib/api.ts";

/** When sample orders come into the kitchen. */
export const SENT_AT = Date.parse("2026-11-22T12:00:00Z");
const SENT = "2026-11-22T12:00:00Z";
let made = 0;

export function item(members: Partial<Item> = {}): Item {
  const id = `0199aaaa-0000-7000-8000-${String(++made).padStart(12, "0")}`;
  return {
    id,
    line: made,
    sku: `DISH-${made}`,
    name: `Dish ${made}`,
    quantity: 1,
    unit_price: 1000,
    modifiers: [],
    notes: null,
    allergens: [],
    station: "grill",
    course: 1,
    prep_seconds: 600,
    status: "pending",
    fired_at: SENT,
    started_at: null,
    ready_at: members.status === "ready" ? "2026-11-22T12:08:00Z" : null,
    served_at: null,
    voided_at: null,
    void_reason: null,
    actions: [],
    ...members,
  };
}

export function order(items: Item[], members: Partial<Order> = {}): Order {
  const id = `0199aaaa-0000-7000-8000-${String(++made).padStart(12, "0")}`;
  return {
    id,
    number: `A-${made}`,
    location: "main",
    business_day: "2026-11-22",
    external_id: null,
    channel: "dine_in",
    table: "4",
    guests: 2,
    customer: null,
    notes: null,
    status: "confirmed",
    version: 1,
    progress: 10,
    priority: false,
    items,
    currency: "EUR",
    subtotal: 0,
    discount: 0,
    total: 0,
    paid: 0,
    tips: 0,
    estimate: null,
    placed_at: SENT,
    confirmed_at: SENT,
    started_at: null,
    ready_at: null,
    completed_at: null,
    cancelled_at: null,
    cancel_reason: null,
    scheduled_for: null,
    accept_by: null,
    actions: [],
    blocked: [],
    tracking_token: "t",
    tracking_url: "/order-tracking/t",
    ...members,
  };
}
