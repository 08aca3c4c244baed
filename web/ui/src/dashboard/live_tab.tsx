import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Order } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { count, duration, money } from "../lib/format.ts";
import { join, Waiting } from "../lib/parts.tsx";
import { Bars } from "../lib/charts.tsx";
import { type Figures, figuresOf, histogram, ordersPerHour, stepFor, timesOf } from "./figures.ts";
import { binTone, ordersFinding, timesFinding, weekday } from "./findings.ts";
import { FloorList } from "./floor_list.tsx";
import { HealthCard } from "./health_card.tsx";
import type { House } from "./house.ts";
import { type DayReport, hourBars, soldByNow } from "./report.ts";
import { SAFETY } from "./promise.ts";
import { lasted } from "./spans.ts";
import { StationsCard } from "./stations_card.tsx";

interface Props {
  house: House;
  onOpen: (id: string) => void;
}

export function LiveTab({ house, onOpen }: Props): VNode {
  const [rows, day] = [house.rows.value, house.day.value];
  const figures = figuresOf(rows, day ?? "");
  return (
    <>
      <Numbers house={house} figures={figures} />
      <div class="grid">
        <div class="middle">
          <FloorList house={house} rows={rows} onOpen={onOpen} />
          <PerHour house={house} />
        </div>
        <div class="aside">
          <StationsCard house={house} rows={rows} />
          <HealthCard house={house} />
          <ReadyTimes house={house} figures={figures} />
        </div>
      </div>
    </>
  );
}

function Numbers({ house, figures }: { house: House; figures: Figures }): VNode {
  const currency = house.report.value?.currency ?? house.orders.value[0]?.currency ?? "EUR";
  const there = house.whole.value && house.report.value !== null;
  const share = figures.judged ? Math.round((100 * figures.late) / figures.judged) : 0;
  const oldest = figures.oldest === null ? "" : `, oldest ${lasted((now.value - figures.oldest) / 1000)}`;
  const { p50, p90 } = figures.times;
  const average = figures.average === null ? "none yet" : `average ${money(figures.average, currency)}`;
  return (
    <section class="numbers" aria-label="Today in numbers">
      <Figure name="Sales" value={there && money(figures.sales, currency)}>
        <Compared house={house} sales={figures.sales} />
      </Figure>
      <Figure name="Orders" value={there && String(figures.placed)}>{average}</Figure>
      <Figure name="Time to ready" value={there && (p50 === null ? "–" : duration(p50))}>
        {p90 === null ? "nothing is ready yet" : `half of them; 9 in 10 by ${duration(p90)}`}
      </Figure>
      <Figure name="Late" value={there && String(figures.late)} bad={share > 10}>
        {figures.judged
          ? (
            <>
              <b>{share} %</b> of {count(figures.judged, "order")}
            </>
          )
          : "none yet"}
      </Figure>
      <Figure name="In the kitchen" value={there && String(figures.cooking)} bad={figures.lateNow > 0}>
        {figures.lateNow ? <b>{figures.lateNow} late now</b> : "none late"}
        {oldest}
      </Figure>
    </section>
  );
}

interface FigureProps {
  name: string;
  value: string | false;
  bad?: boolean;
  children: preact.ComponentChildren;
}

function Figure({ name, value, bad, children }: FigureProps): VNode {
  return (
    <div class={join("figure", bad && "bad")}>
      <span>{name}</span>
      {value === false ? <Waiting height="44px" width="60%" /> : <strong class="num">{value}</strong>}
      <small class="num">{value === false ? " " : children}</small>
    </div>
  );
}

/** Against the same weekday a week ago, by this time of its day. */
function Compared({ house, sales }: { house: House; sales: number }): VNode {
  const [usual, report] = [house.usual.value, house.report.value];
  const before = usual && report ? soldByNow(usual, report, now.value) : 0;
  if (!before) return <>so far</>;
  const percent = Math.round((100 * (sales - before)) / before);
  const sign = percent > 0 ? "+" : "−";
  return (
    <>
      <b class={percent < 0 ? "down" : "up"}>{percent ? `${sign}${Math.abs(percent)} %` : "the same"}</b>{" "}
      {percent ? "against" : "as"} last {weekday(report!.business_day)}
    </>
  );
}

/* A chart is drawn anew when its numbers change, not with each tick of the clock. */

function PerHour({ house }: { house: House }): VNode {
  const [report, usual, orders] = [house.report.value, house.usual.value, house.orders.value];
  const minute = Math.floor(now.value / 60_000);
  const bars = useMemo(
    () => (report ? hourBars(counted(report, orders), usual, "orders", minute * 60_000) : []),
    [report, usual, orders, minute],
  );
  const chart = useMemo(() => (
    <Bars
      label="Orders per hour"
      unit="orders"
      height={170}
      bars={bars.map((bar) => ({ label: bar.label, value: bar.value, usual: bar.usual ?? undefined }))}
    />
  ), [bars]);
  const told = usual && report ? ` The line is last ${weekday(report.business_day)}.` : "";
  return (
    <section class="card">
      <h2>{report ? ordersFinding(bars) : "Orders per hour"}</h2>
      <p>Orders per hour.{told}</p>
      {report ? chart : <Waiting height="222px" />}
    </section>
  );
}

/** The report's hours with the orders as they are at this moment. */
function counted(report: DayReport, orders: readonly Order[]): DayReport {
  const own = orders.filter((order) => order.business_day === report.business_day);
  const counts = ordersPerHour(own, report.by_hour.map((hour) => Date.parse(hour.starts_at)));
  return { ...report, by_hour: report.by_hour.map((hour, index) => ({ ...hour, orders: counts[index]! })) };
}

function ReadyTimes({ house, figures }: { house: House; figures: Figures }): VNode {
  const [orders, day] = [house.orders.value, house.day.value];
  const chart = useMemo(() => {
    const own = orders.filter((order) => order.business_day === day);
    const promise = usualPromise(own);
    const bins = histogram(own, stepFor(timesOf(own)));
    const bars = bins.map((bin) => ({ label: bin.label, value: bin.count, tone: TONES[binTone(bin, promise)] }));
    return <Bars label="Orders by minutes to ready" unit="orders" height={170} bars={bars} />;
  }, [orders, day]);
  return (
    <section class="card">
      <h2>{timesFinding(figures, figures.times)}</h2>
      <p>Orders by minutes from accepting to ready.</p>
      {house.whole.value ? chart : <Waiting height="222px" />}
    </section>
  );
}

const TONES = { good: "basil", edge: "saffron", bad: "tomato" } as const;

/** What three of four of the day's dishes do not exceed, in seconds: about what is promised. */
function usualPromise(orders: readonly Order[]): number {
  const dishes = orders.flatMap((order) => order.items.map((item) => item.prep_seconds)).sort((a, b) => a - b);
  return SAFETY * (dishes[Math.floor(dishes.length * 0.75)] ?? 600);
}
