/** The report of a business day: X while it is open, Z once it is closed. Amounts are in minor units. */

import { count, money } from "../lib/format.ts";

export interface Sums {
  items: number;
  amount: number;
}

export interface Taken extends Sums {
  before_start: Sums;
  after_start: Sums;
  by_reason: (Sums & { reason: string; orders?: number })[];
}

export interface Hour {
  starts_at: string;
  local: string;
  orders: number;
  items_sold: number;
  gross: number;
  net: number;
}

export interface Sold {
  ordered: number;
  taken_off: number;
  sold: number;
  gross: number;
  sales: number;
}

export interface TimeToReady {
  count: number;
  p50_seconds: number | null;
  p90_seconds: number | null;
}

export interface ReportOrder {
  order_id: string;
  number: string;
  business_day: string;
  status: string;
  total: number;
  paid: number;
}

export interface DayReport {
  kind: "X" | "Z";
  number: number | null;
  status: string;
  location: string;
  location_name: string;
  business_day: string;
  timezone: string;
  opens_at: string;
  closes_at: string;
  as_of: string;
  currency: string;
  orders: {
    placed: number;
    completed: number;
    cancelled: number;
    rejected: number;
    open: number;
    carried_over: number;
    by_channel: (Omit<Hour, "starts_at" | "local"> & { channel: string })[];
  };
  guests: number;
  items: { ordered: number; voided: number; cancelled: number; sold: number };
  gross: number;
  voids: Taken;
  cancellations: Taken & { orders: number };
  rejections: Taken & { orders: number };
  discounts: { count: number; amount: number; by_name: { name: string; count: number; amount: number }[] };
  net: number;
  waste: Sums;
  adjustments: { count: number; net: number; orders: (ReportOrder & { status_before: string | null; net: number })[] };
  net_total: number;
  grand_total: number;
  payments: {
    count: number;
    amount: number;
    tips: number;
    by_tender: { tender: string; count: number; amount: number; tips: number }[];
    for_orders_of: { this_day: number; earlier_days: number; later_days: number };
  };
  settlement: { net: number; paid: number; difference: number };
  time_to_ready: TimeToReady;
  by_hour: Hour[];
  by_item: (Sold & { sku: string | null; name: string })[];
  by_station: (Sold & { station: string; time_to_ready: TimeToReady })[];
  exceptions: {
    open_orders: (ReportOrder & { since: string; age_seconds: number })[];
    unsettled_orders: (ReportOrder & { due: number })[];
    unknown_stations: { order_id: string; number: string; name: string; station: string }[];
  };
}

export interface Day {
  business_day: string;
  status: "open" | "closing" | "closed";
  number: number | null;
  run: string | null;
  closed_at: string | null;
}

export interface Run {
  id: string;
  business_day: string;
  status: string;
  progress: number;
  number: number | null;
}

/** An hour with what is usual for it; null where nobody knows. */
export interface HourBar {
  label: string;
  value: number;
  usual: number | null;
  /** The hour that is passing now. */
  current: boolean;
}

export interface Rung {
  name: string;
  amount: number;
  kind: "start" | "less" | "sum";
  note: string;
}

/** The hours in which something was sold, today or a week ago, without gaps; those to come too as far as usual. */
export function hourBars(report: DayReport, usual: DayReport | null, value: "net" | "orders", at: number): HourBar[] {
  const before = new Map(usual?.by_hour.map((hour) => [hour.local, hour[value]]));
  const hours = report.by_hour.map((hour, index) => {
    const ends = report.by_hour[index + 1]?.starts_at ?? report.closes_at;
    return {
      label: hour.local.slice(0, 2).replace(/^0(?=\d)/, ""),
      value: hour[value],
      usual: usual ? before.get(hour.local) ?? 0 : null,
      current: Date.parse(hour.starts_at) <= at && at < Date.parse(ends),
    };
  });
  const used = hours.map((hour, index) => (hour.value || hour.usual || hour.current ? index : -1)).filter((i) =>
    i >= 0
  );
  return used.length ? hours.slice(used[0], used.at(-1)! + 1) : [];
}

/** What the day a week ago had sold by this time of its day, the hour under way in proportion. */
export function soldByNow(usual: DayReport, report: DayReport, at: number): number {
  let sum = 0;
  const amounts = new Map(usual.by_hour.map((hour) => [hour.local, hour.net]));
  for (const [index, hour] of report.by_hour.entries()) {
    const [begins, ends] = [hour.starts_at, report.by_hour[index + 1]?.starts_at ?? report.closes_at].map(Date.parse);
    const passed = Math.min(1, Math.max(0, (at - begins!) / (ends! - begins!)));
    sum += passed * (amounts.get(hour.local) ?? 0);
  }
  return Math.round(sum);
}

/** From gross to net, as the books have it. */
export function ladder(report: DayReport): Rung[] {
  const less = (name: string, amount: number, note: string): Rung => ({ name, amount: -amount, kind: "less", note });
  const orders = (taken: { orders: number }) => count(taken.orders, "order");
  return [
    { name: "Gross", amount: report.gross, kind: "start", note: `${count(report.items.ordered, "item")} ordered` },
    less("Voids", report.voids.amount, count(report.voids.items, "item")),
    less("Cancellations", report.cancellations.amount, orders(report.cancellations)),
    less("Rejections", report.rejections.amount, orders(report.rejections)),
    less("Discounts", report.discounts.amount, `given ${report.discounts.count} ×`),
    { name: "Net", amount: report.net, kind: "sum", note: `${count(report.items.sold, "item")} sold` },
  ];
}

export function topItems(report: DayReport, most = 10): DayReport["by_item"] {
  const sold = report.by_item.filter((item) => item.sold > 0);
  return sold.sort((a, b) => b.sold - a.sold || b.sales - a.sales || a.name.localeCompare(b.name)).slice(0, most);
}

/** The slowest first; stations that have cooked nothing last. */
export function slowestStations(report: DayReport): DayReport["by_station"] {
  const p90 = (row: DayReport["by_station"][number]) => row.time_to_ready.p90_seconds ?? -1;
  return [...report.by_station].sort((a, b) => p90(b) - p90(a) || a.station.localeCompare(b.station));
}

/** What was taken off and why, the dearest first. */
export interface TakenOff {
  what: "Voided" | "Cancelled" | "Rejected" | "Discount";
  reason: string;
  count: string;
  amount: number;
}

export function takenOff(report: DayReport): TakenOff[] {
  const reasons = (what: TakenOff["what"], taken: Taken) =>
    taken.by_reason.map(({ reason, orders, items, amount }) => ({
      what,
      reason,
      count: orders === undefined ? count(items, "item") : count(orders, "order"),
      amount,
    }));
  const rows: TakenOff[] = [
    ...reasons("Voided", report.voids),
    ...reasons("Cancelled", report.cancellations),
    ...reasons("Rejected", report.rejections),
    ...report.discounts.by_name.map(({ name, count: times, amount }) => ({
      what: "Discount" as const,
      reason: name,
      count: `${times} ×`,
      amount,
    })),
  ];
  return rows.sort((a, b) => b.amount - a.amount);
}

/** What to settle before the day is closed, each a sentence; none when all is well. */
export function loose(report: DayReport): string[] {
  const { open_orders, unsettled_orders, unknown_stations } = report.exceptions;
  const due = unsettled_orders.reduce((sum, order) => sum + Math.max(0, order.due), 0);
  const found: string[] = [];
  if (open_orders.length) {
    found.push(
      `${
        count(open_orders.length, "order is", "orders are")
      } still open. They stay open and are listed again tomorrow.`,
    );
  }
  if (unsettled_orders.length) {
    const unpaid = due ? `: ${money(due, report.currency)} still to be paid` : "";
    found.push(`${count(unsettled_orders.length, "order is", "orders are")} over and not even${unpaid}.`);
  }
  if (unknown_stations.length) {
    found.push(
      `${
        count(unknown_stations.length, "dish", "dishes")
      } went to a station that does not exist; no cook has seen them.`,
    );
  }
  return found;
}
