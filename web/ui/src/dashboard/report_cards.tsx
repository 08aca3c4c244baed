import type { ComponentChildren, VNode } from "preact";
import type { Order } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { count, duration, money } from "../lib/format.ts";
import { Bars, Ranking } from "../lib/charts.tsx";
import { CHANNEL } from "../lib/words.ts";
import { join } from "../lib/parts.tsx";
import { histogram, stepFor, timesOf } from "./figures.ts";
import { itemsFinding, paymentsFinding, salesFinding, stationsFinding, takenOffFinding, weekday } from "./findings.ts";
import type { DayReport } from "./report.ts";
import { lasted, shortDay } from "./spans.ts";
import { hourBars, ladder, loose, slowestStations, takenOff, topItems } from "./report.ts";

const MOST_SHOWN = 12;

interface Props {
  report: DayReport;
  /** The same day a week before, where there is one. */
  usual: DayReport | null;
  /** The day's orders, for the times of each; null until they are there. */
  orders: readonly Order[] | null;
  stationName: (id: string) => string;
  onOpen: (id: string) => void;
}

/** One day's report, X or Z, as charts and tables. */
export function ReportCards(props: Props): VNode {
  const { report } = props;
  return (
    <div class="grid report">
      <Ladder report={report} />
      <Hours {...props} />
      <Items report={report} />
      <Times {...props} />
      <Stations {...props} />
      <TakenOff report={report} />
      <Payments report={report} />
      <Exceptions {...props} />
    </div>
  );
}

function Ladder({ report }: { report: DayReport }): VNode {
  const cash = (amount: number) => money(amount, report.currency);
  return (
    <Card
      class="narrow"
      title={`${cash(report.net)} net from ${count(report.orders.placed, "order")}`}
      told="From gross to net."
    >
      <dl class="ladder">
        {ladder(report).map((rung) => (
          <div key={rung.name} class={rung.kind}>
            <dt>
              {rung.name} <small>{rung.note}</small>
            </dt>
            <dd class="num">{rung.amount ? cash(rung.amount).replace("-", "−") : cash(0)}</dd>
          </div>
        ))}
        {report.adjustments.count > 0 && (
          <div class="less">
            <dt>
              Adjustments <small>{count(report.adjustments.count, "order")} of earlier days</small>
            </dt>
            <dd class="num">{cash(report.adjustments.net)}</dd>
          </div>
        )}
        <div class="less">
          <dt>
            Waste <small>{count(report.waste.items, "item")}, begun and not sold</small>
          </dt>
          <dd class="num">{cash(report.waste.amount)}</dd>
        </div>
        <div class="less">
          <dt>
            All days <small>grand total</small>
          </dt>
          <dd class="num">{cash(report.grand_total)}</dd>
        </div>
      </dl>
    </Card>
  );
}

function Hours({ report, usual }: Props): VNode {
  const bars = hourBars(report, usual, "net", report.kind === "X" ? now.value : Date.parse(report.closes_at));
  const told = usual ? ` The line is the ${weekday(report.business_day)} before.` : "";
  const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
  return (
    <Card
      class="wide"
      title={salesFinding(bars, report.currency, report.business_day)}
      told={`Sales by hour, ${report.currency}.${told}`}
    >
      <Bars
        label="Sales by hour"
        height={330}
        unit={report.currency}
        format={(minor) => whole.format(minor / 100)}
        bars={bars.map(({ label, value, usual: before }) => ({ label, value, usual: before ?? undefined }))}
      />
    </Card>
  );
}

function Items({ report }: { report: DayReport }): VNode {
  return (
    <Card class="narrow" title={itemsFinding(report)} told="Pieces sold, the ten most.">
      <Ranking
        label="Items sold"
        unit="pieces"
        bars={topItems(report).map(({ name, sold }) => ({ label: name, value: sold }))}
      />
    </Card>
  );
}

function Times({ report, orders }: Props): VNode {
  const { count: counted, p50_seconds: p50, p90_seconds: p90 } = report.time_to_ready;
  const title = p50 === null ? "Nothing is ready yet" : `Half ready by ${duration(p50)}, 9 in 10 by ${duration(p90!)}`;
  const times = timesOf(orders ?? []);
  return (
    <Card class="wide" title={title} told={`Minutes from accepting to ready, ${count(counted, "order")}.`}>
      <Bars
        label="Orders by minutes to ready"
        unit="orders"
        height={190}
        bars={histogram(orders ?? [], stepFor(times)).map((bin) => ({
          label: bin.label,
          value: bin.count,
          tone: p90 !== null && bin.from >= p90 ? "saffron" : "basil",
        }))}
      />
    </Card>
  );
}

function Stations({ report, stationName }: Props): VNode {
  const rows = slowestStations(report).map(({ station, sold, sales, time_to_ready: { p50_seconds, p90_seconds } }) => [
    <b key={station}>{stationName(station)}</b>,
    sold,
    p50_seconds === null ? "–" : duration(p50_seconds),
    p90_seconds === null ? "–" : duration(p90_seconds),
    money(sales, report.currency),
  ]);
  return (
    <Card class="half" title={stationsFinding(report, stationName)} told="From the screen to ready, line by line.">
      <Table name="Stations" heads={["Station", "Items", "Half by", "9 in 10 by", "Sales"]} rows={rows} />
    </Card>
  );
}

function Payments({ report }: { report: DayReport }): VNode {
  const cash = (amount: number) => money(amount, report.currency);
  const { payments, settlement } = report;
  const rows: ComponentChildren[][] = payments.by_tender.map(({ tender, count: times, amount, tips }) => [
    <b key={tender} class="cap">{tender}</b>,
    times,
    cash(amount),
    cash(tips),
  ]);
  rows.push(["Together", payments.count, <b key="sum">{cash(payments.amount)}</b>, cash(payments.tips)]);
  return (
    <Card
      class="half"
      title={paymentsFinding(report)}
      told={`Taken in today. ${cash(settlement.net)} were sold, adjustments included.`}
    >
      <Table name="Payments" heads={["Tender", "Payments", "Amount", "Tips"]} rows={rows} />
      <Table
        name="Channels"
        heads={["Channel", "Orders", "Items", "Net"]}
        rows={report.orders.by_channel.map((row) => [
          <b key={row.channel}>{CHANNEL[row.channel as keyof typeof CHANNEL] ?? row.channel}</b>,
          row.orders,
          row.items_sold,
          cash(row.net),
        ])}
      />
    </Card>
  );
}

function TakenOff({ report }: { report: DayReport }): VNode {
  const rows = takenOff(report).map((row) => [
    row.what,
    <b key={row.reason}>{row.reason}</b>,
    row.count,
    money(row.amount, report.currency),
  ]);
  return (
    <Card
      class="half"
      title={takenOffFinding(report)}
      told="Voids, cancellations, rejections and discounts, with their reasons."
    >
      {rows.length > 0 && (
        <Table name="Taken off" heads={["What", "Reason", "How many", "Amount"]} words={2} rows={rows} />
      )}
    </Card>
  );
}

function Exceptions({ report, onOpen }: Props): VNode {
  const found = loose(report);
  const { open_orders, unsettled_orders } = report.exceptions;
  const rows = [
    ...open_orders.map((order) => ({ ...order, told: `open for ${lasted(order.age_seconds)}`, amount: order.total })),
    ...unsettled_orders.map((order) => ({
      ...order,
      told: order.due > 0 ? "to be paid" : "to give back",
      amount: Math.abs(order.due),
    })),
  ];
  return (
    <Card
      class="half"
      title={found.length ? "Look at these before you go home" : "Nothing is left open"}
      told={found.join(" ")}
    >
      {rows.length > 0 && (
        <Table
          name="Exceptions"
          heads={["Order", "Day", "What", "Amount"]}
          words={3}
          rows={rows.slice(0, MOST_SHOWN).map((order) => [
            <button key={order.order_id} type="button" class="link" onClick={() => onOpen(order.order_id)}>
              {order.number}
            </button>,
            shortDay(order.business_day),
            order.told,
            money(order.amount, report.currency),
          ])}
        />
      )}
      {rows.length > MOST_SHOWN && <p>and {rows.length - MOST_SHOWN} more, in the files</p>}
    </Card>
  );
}

interface CardProps {
  class: string;
  title: string;
  told: string;
  children: ComponentChildren;
}

function Card({ class: size, title, told, children }: CardProps): VNode {
  return (
    <section class={join("card", size)}>
      <h2>{title}</h2>
      <p>{told}</p>
      {children}
    </section>
  );
}

interface TableProps {
  name: string;
  heads: readonly string[];
  rows: readonly (readonly ComponentChildren[])[];
  /** How many of the columns are words; the others are numbers. */
  words?: number;
}

function Table({ name, heads, rows, words = 1 }: TableProps): VNode {
  const kind = (index: number) => (index < words ? "" : "n num");
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={name}>
      <table>
        <thead>
          <tr>{heads.map((head, index) => <th key={head} scope="col" class={kind(index)}>{head}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((cells, line) => (
            <tr key={line}>{cells.map((cell, index) => <td key={index} class={kind(index)}>{cell}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
