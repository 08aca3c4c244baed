import { expect, test } from "vitest";
import {
  binTone,
  itemsFinding,
  loadFinding,
  ordersFinding,
  paymentsFinding,
  salesFinding,
  stationsFinding,
  takenOffFinding,
  timesFinding,
} from "./findings.ts";
import { hourBars, ladder, loose, soldByNow, takenOff, topItems } from "./report.ts";
import { hour, report } from "./samples.ts";

const NOON = Date.parse("2026-11-22T11:30:00Z");
const today = report({
  by_hour: [hour(0, { net: 5000, orders: 2 }), hour(1, { net: 9000, orders: 4 }), hour(2), hour(3)],
});
const before = report({ by_hour: [hour(0, { net: 4000 }), hour(1, { net: 6000 }), hour(2, { net: 2000 }), hour(3)] });
const dish = (name: string, sold: number) => ({
  sku: name,
  name,
  ordered: sold,
  taken_off: 0,
  sold,
  gross: 0,
  sales: sold,
});
const cooked = (station: string, p90_seconds: number | null) => ({
  ...dish("", 0),
  station,
  time_to_ready: { count: 1, p50_seconds: p90_seconds, p90_seconds },
});

test("hours are shown as far as something was sold, is being sold, or is usual", () => {
  const bars = hourBars(today, before, "net", NOON);
  expect(bars.map(({ label, value, usual, current }) => [label, value, usual, current])).toEqual([
    ["11", 5000, 4000, false],
    ["12", 9000, 6000, true],
    ["13", 0, 2000, false],
  ]);
  expect(hourBars(report(), null, "net", NOON)).toEqual([]);
});

test("the week before is counted up to this time of its day", () => {
  expect(soldByNow(before, today, NOON)).toBe(7000);
});

test("the chart's title is what it shows", () => {
  expect(salesFinding(hourBars(today, null, "net", NOON), "EUR", "2026-11-22")).toMatch(
    /^12:00 is the best hour so far, .*90/,
  );
  expect(salesFinding(hourBars(today, before, "net", NOON), "EUR", "2026-11-22")).toMatch(/30 above last Sunday$/);
  expect(salesFinding([], "EUR", "2026-11-22")).toBe("Nothing sold yet");
  expect(ordersFinding(hourBars(today, null, "orders", NOON))).toBe("4 orders this hour, the most today");
  expect(ordersFinding(hourBars(today, null, "orders", NOON + 3_600_000))).toBe(
    "0 orders this hour; 12:00 was the peak with 4 orders",
  );
});

test("times, items, stations and payments are told by what stands out", () => {
  expect(timesFinding({ late: 3, judged: 20 }, { count: 20, p50: 1, p90: 2 })).toBe(
    "3 of 20 orders missed their promise",
  );
  expect(timesFinding({ late: 0, judged: 20 }, { count: 20, p50: 1, p90: 2 })).toBe("All 20 orders were in time");
  expect(itemsFinding(report({ by_item: [dish("Fries", 3), dish("Cola", 5)] }))).toBe("Most sold: Cola");
  const named = (stations: ReturnType<typeof cooked>[]) =>
    stationsFinding(report({ by_station: stations }), (id) => id);
  expect(named([cooked("Bar", 100), cooked("Grill", 800)])).toBe("Grill is the slow station");
  expect(named([cooked("Fry", 780), cooked("Grill", 800)])).toBe("Grill and Fry set the pace");
  expect(named([cooked("Fry", null)])).toBe("No station has cooked yet");
  const paid = (difference: number) =>
    paymentsFinding(
      report({ settlement: { net: 0, paid: 0, difference }, payments: { ...report().payments, count: 1 } }),
    );
  expect(paid(0)).toBe("Paid to the cent");
  expect(paid(-500)).toMatch(/5.00 not paid yet/);
});

test("a station is behind when it has more ahead than nobody worries about", () => {
  const load = (name: string, loadSeconds: number) => ({
    id: name,
    name,
    open: 1,
    cooking: 0,
    oldest: null,
    loadSeconds,
    late: 0,
  });
  expect(loadFinding([load("Grill", 1500), load("Fry", 300)])).toBe("Grill has 25 minutes ahead");
  expect(loadFinding([load("Grill", 500)])).toBe("The kitchen keeps up");
  expect(loadFinding([])).toBe("Nothing to cook");
});

test("the ladder goes from gross to net and adds up", () => {
  const day = report({
    gross: 10_000,
    net: 7500,
    voids: { ...report().voids, amount: 1500, items: 1 },
    discounts: { count: 2, amount: 1000, by_name: [] },
  });
  const rungs = ladder(day);
  expect(rungs.slice(0, -1).reduce((sum, rung) => sum + rung.amount, 0)).toBe(rungs.at(-1)!.amount);
});

test("what was taken off is told with its reasons, the dearest first", () => {
  const day = report({
    gross: 10_000,
    voids: { ...report().voids, amount: 500, by_reason: [{ reason: "Dropped", items: 1, amount: 500 }] },
    cancellations: {
      ...report().cancellations,
      amount: 900,
      by_reason: [{ reason: "Guest left", orders: 2, items: 3, amount: 900 }],
    },
  });
  expect(takenOff(day).map(({ what, reason, count }) => [what, reason, count])).toEqual([
    ["Cancelled", "Guest left", "2 orders"],
    ["Voided", "Dropped", "1 item"],
  ]);
  expect(takenOffFinding(day)).toMatch(/14.00 taken off, 14 % of gross$/);
});

test("the best ten, and no more", () => {
  expect(topItems(report({ by_item: Array.from({ length: 14 }, (_, sold) => dish(`D${sold}`, sold)) }))).toHaveLength(
    10,
  );
});

test("before the day is closed it is said what is loose", () => {
  expect(loose(report())).toEqual([]);
  const row = { order_id: "1", number: "A-1", business_day: "2026-11-22", status: "ready", total: 500, paid: 0 };
  const found = loose(
    report({
      exceptions: {
        open_orders: [{ ...row, since: "", age_seconds: 1 }],
        unsettled_orders: [{ ...row, due: 500 }],
        unknown_stations: [],
      },
    }),
  );
  expect(found[0]).toMatch(/^1 order is still open/);
  expect(found[1]).toMatch(/5.00 still to be paid/);
});

test("a bin is good up to the promise and bad beyond it", () => {
  const bin = (from: number, to: number) => ({ label: "", from, to, count: 0 });
  expect([binTone(bin(0, 120), 300), binTone(bin(240, 360), 300), binTone(bin(360, Infinity), 300)]).toEqual([
    "good",
    "edge",
    "bad",
  ]);
});
