/** What a chart shows, said as its title. */

import { count, duration, money } from "../lib/format.ts";
import type { Bin, Figures, StationLoad, Times } from "./figures.ts";
import type { DayReport, HourBar } from "./report.ts";
import { slowestStations, topItems } from "./report.ts";

const WEEKDAY = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });

export function weekday(day: string): string {
  return WEEKDAY.format(new Date(`${day}T12:00:00Z`));
}

export function salesFinding(bars: readonly HourBar[], currency: string, day: string): string {
  const best = top(bars);
  if (!best) return "Nothing sold yet";
  const clock = `${best.label.padStart(2, "0")}:00`;
  const was = best.current ? "is the best hour so far" : "was the best hour";
  if (best.usual === null || best.usual === 0) return `${clock} ${was}, ${round(best.value, currency)}`;
  const more = best.value - best.usual;
  if (Math.abs(more) < best.usual * 0.05) return `${clock} ${was}, as on the ${weekday(day)} before`;
  return `${clock} ${was}, ${round(Math.abs(more), currency)} ${more > 0 ? "above" : "below"} last ${weekday(day)}`;
}

export function ordersFinding(bars: readonly HourBar[]): string {
  const [best, current] = [top(bars), bars.find((bar) => bar.current)];
  if (!best) return "No orders yet";
  if (best === current) return `${count(best.value, "order")} this hour, the most today`;
  const peak = `${best.label.padStart(2, "0")}:00 was the peak with ${count(best.value, "order")}`;
  return current ? `${count(current.value, "order")} this hour; ${peak}` : peak;
}

export function timesFinding(figures: Pick<Figures, "late" | "judged">, times: Times): string {
  if (!times.count) return "Nothing is ready yet";
  if (!figures.late) {
    return times.count === 1 ? "The first order was in time" : `All ${figures.judged} orders were in time`;
  }
  return `${figures.late} of ${count(figures.judged, "order")} missed their promise`;
}

export function itemsFinding(report: DayReport): string {
  const [first, second] = topItems(report);
  if (!first) return "Nothing sold yet";
  return second && second.sold === first.sold
    ? `Most sold: ${first.name} and ${second.name}`
    : `Most sold: ${first.name}`;
}

export function stationsFinding(report: DayReport, stationName: (id: string) => string): string {
  const [slowest, next] = slowestStations(report).map(({ station, time_to_ready }) => ({
    name: stationName(station),
    p90: time_to_ready.p90_seconds,
  }));
  if (!slowest || slowest.p90 === null) return "No station has cooked yet";
  if (next?.p90 && slowest.p90 >= next.p90 * 1.25) return `${slowest.name} is the slow station`;
  return next?.p90
    ? `${slowest.name} and ${next.name} set the pace`
    : `${slowest.name}: nine in ten by ${duration(slowest.p90)}`;
}

/** *enough*: seconds of work ahead that nobody needs to worry about. */
export function loadFinding(loads: readonly StationLoad[], enough = 600): string {
  const [busiest, next] = [...loads].sort((a, b) => b.loadSeconds - a.loadSeconds);
  if (!busiest?.open) return "Nothing to cook";
  const minutes = Math.max(1, Math.round(busiest.loadSeconds / 60));
  if (busiest.loadSeconds <= enough) return "The kitchen keeps up";
  const alone = !next || busiest.loadSeconds >= next.loadSeconds * 1.5;
  return alone
    ? `${busiest.name} has ${minutes} minutes ahead`
    : `${busiest.name} and ${next.name} are behind, ${minutes} minutes`;
}

export function takenOffFinding(report: DayReport): string {
  const amount = report.voids.amount + report.cancellations.amount + report.rejections.amount;
  if (!amount) return "Nothing voided or cancelled";
  const share = report.gross ? Math.round((1000 * amount) / report.gross) / 10 : 0;
  return `${money(amount, report.currency)} taken off, ${share} % of gross`;
}

export function paymentsFinding(report: DayReport): string {
  const { difference } = report.settlement;
  if (!report.payments.count) return "No payments yet";
  if (!difference) return "Paid to the cent";
  const amount = money(Math.abs(difference), report.currency);
  return difference < 0 ? `${amount} not paid yet` : `${amount} more paid than sold today`;
}

/** The bins up to the promise are well, those beyond it late; the one it falls into is on the edge. */
export function binTone(bin: Bin, promise: number): "good" | "edge" | "bad" {
  if (bin.to <= promise) return "good";
  return bin.from >= promise ? "bad" : "edge";
}

function top(bars: readonly HourBar[]): HourBar | undefined {
  const best = bars.reduce<HourBar | undefined>((a, b) => (a && a.value >= b.value ? a : b), undefined);
  return best?.value ? best : undefined;
}

function round(minor: number, currency: string): string {
  return money(minor, currency).replace(/[.,]\d\d(?!\d)/, "");
}
