import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { Channel, OrderStatus } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { count, duration, money, time } from "../lib/format.ts";
import { CHANNEL_ICON, RushIcon, SearchIcon } from "../lib/icons.tsx";
import { Badge, Button, join, Nothing, type Tone, Waiting } from "../lib/parts.tsx";
import { CHANNEL, ORDER_STATUS } from "../lib/words.ts";
import type { Filters, Row, View } from "./floor.ts";
import { countViews, isNarrowed, narrowed, NO_FILTERS, whereabouts } from "./floor.ts";
import type { House } from "./house.ts";
import { isOpen, reason, secondsToReady } from "./promise.ts";
import { lasted, shortDay } from "./spans.ts";

const PAGE = 25;
const VIEWS: readonly (readonly [View, string])[] = [["open", "Open"], ["late", "Late"], ["closed", "Closed"], [
  "all",
  "All",
]];
const TONES: Record<OrderStatus, Tone> = {
  scheduled: "plain",
  pending: "fresh",
  confirmed: "plain",
  preparing: "cook",
  ready: "done",
  completed: "plain",
  cancelled: "late",
  rejected: "late",
};

interface Props {
  house: House;
  rows: readonly Row[];
  onOpen: (id: string) => void;
}

export function FloorList({ house, rows, onOpen }: Props): VNode {
  const filters = useSignal<Filters>(NO_FILTERS);
  const shown = useSignal(PAGE);
  const set = (change: Partial<Filters>) => {
    filters.value = { ...filters.value, ...change };
    shown.value = PAGE;
  };
  const found = narrowed(rows, filters.value);
  const known = house.live.state.value !== "connecting" || rows.length > 0;
  return (
    <section class="card floor" aria-labelledby="floor-title">
      <h2 id="floor-title">{heading(rows, filters.value)}</h2>
      <Narrowing house={house} rows={rows} filters={filters.value} onChange={set} />
      <p class="sr" role="status">{isNarrowed(filters.value) ? `${count(found.length, "order")} found` : ""}</p>
      {!known && <Waiting height="560px" />}
      {known && !found.length && <Empty filters={filters.value} onClear={() => set(NO_FILTERS)} />}
      {found.length > 0 && (
        <>
          <div class="heads" aria-hidden>
            <span>Order</span>
            <span>Where</span>
            <span>State</span>
            <span class="n">Waits</span>
            <span class="n">Promise</span>
            <span class="n">Total</span>
          </div>
          <ul class="rows">
            {found.slice(0, shown.value).map((row) => (
              <OrderRow key={row.order.id} row={row} house={house} onOpen={onOpen} />
            ))}
          </ul>
        </>
      )}
      {found.length > shown.value && (
        <Button class="more" onClick={() => (shown.value += 4 * PAGE)}>
          Show more, {found.length - shown.value} left
        </Button>
      )}
    </section>
  );
}

function heading(rows: readonly Row[], { view }: Filters): string {
  const counts = countViews(rows);
  if (view === "closed") return `${count(counts.closed, "order is", "orders are")} closed`;
  if (counts.late) return `${count(counts.late, "order is", "orders are")} late now`;
  return counts.open ? `${count(counts.open, "order")} on the floor, none late` : "The floor is empty";
}

interface NarrowingProps {
  house: House;
  rows: readonly Row[];
  filters: Filters;
  onChange: (change: Partial<Filters>) => void;
}

function Narrowing({ house, rows, filters, onChange }: NarrowingProps): VNode {
  const counts = countViews(rows);
  return (
    <div class="narrowing">
      <div class="segments" role="group" aria-label="Which orders">
        {VIEWS.map(([view, name]) => (
          <button
            key={view}
            type="button"
            class={view === "late" && counts.late ? "late" : ""}
            aria-pressed={filters.view === view}
            onClick={() => onChange({ view, status: "" })}
          >
            {name} <b class="num">{counts[view]}</b>
          </button>
        ))}
      </div>
      <label class="search">
        <span class="sr">Search number, table, name or till's id</span>
        <SearchIcon />
        <input
          class="input"
          type="search"
          placeholder="Number, table, name…"
          value={filters.text}
          onInput={(event) => onChange({ text: event.currentTarget.value })}
        />
      </label>
      <div class="selects">
        <Choice
          label="Status"
          any="Status"
          value={filters.status}
          options={Object.entries(ORDER_STATUS)}
          onChange={(status) => onChange({ status: status as OrderStatus | "", view: viewFor(status, filters.view) })}
        />
        <Choice
          label="Channel"
          any="Channel"
          value={filters.channel}
          options={Object.entries(CHANNEL)}
          onChange={(channel) => onChange({ channel: channel as Channel | "" })}
        />
        <Choice
          label="Station"
          any="Station"
          value={filters.station}
          options={house.stations.value.map(({ id, name }) => [id, name])}
          onChange={(station) => onChange({ station })}
        />
      </div>
    </div>
  );
}

/** A status that the view leaves out would find nothing. */
function viewFor(status: string, view: View): View {
  const over = ["completed", "cancelled", "rejected"].includes(status);
  if (!status || view === "all") return view;
  return over ? "closed" : view === "closed" ? "open" : view;
}

interface ChoiceProps {
  label: string;
  any: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}

function Choice({ label, any, value, options, onChange }: ChoiceProps): VNode {
  return (
    <select
      class={join("input", value && "chosen")}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{any}</option>
      {options.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
    </select>
  );
}

function Empty({ filters, onClear }: { filters: Filters; onClear: () => void }): VNode {
  if (!isNarrowed(filters)) {
    const title = filters.view === "late"
      ? "Nobody waits too long"
      : filters.view === "open"
      ? "No open orders"
      : "No orders yet";
    return (
      <Nothing title={title}>
        <p>New orders appear here by themselves.</p>
      </Nothing>
    );
  }
  return (
    <Nothing icon={SearchIcon} title="Nothing found">
      <Button onClick={onClear}>Show all open orders</Button>
    </Nothing>
  );
}

function OrderRow({ row, house, onOpen }: { row: Row; house: House; onOpen: (id: string) => void }): VNode {
  const { order, lateness, late } = row;
  const Sign = CHANNEL_ICON[order.channel];
  const where = whereabouts(order, (channel) => CHANNEL[channel]);
  const why = reason(lateness, house.stationName);
  const carried = isOpen(order) && order.business_day !== house.day.value && order.status !== "scheduled";
  return (
    <li class={join("order", late && "is-late", !isOpen(order) && "is-over")} data-number={order.number}>
      <button type="button" class="open" onClick={() => onOpen(order.id)}>
        {order.priority && <RushIcon label="Rush" />}
        <span class="sr">Order</span> {order.number}
      </button>
      <span class="where">
        <Sign />
        <span>
          <b>{where}</b>
          <small>{carried ? `from ${shortDay(order.business_day)}, ` : ""}{dishes(row)}</small>
        </span>
      </span>
      <span class="state">
        <Badge tone={late && order.status !== "ready" ? "late" : TONES[order.status]}>
          {late && order.status !== "ready" ? "Late" : ORDER_STATUS[order.status]}
        </Badge>
      </span>
      <span class="waits n num">{waits(row)}</span>
      <span class="promise n num">{lateness.due && isOpen(order) ? time(lateness.due.at) : ""}</span>
      <span class="total n num">{money(order.total, order.currency)}</span>
      {why && <span class="why">{why}</span>}
    </li>
  );
}

function dishes({ order }: Row): string {
  const there = order.items.filter((item) => item.status !== "voided");
  return there.map((item) => (item.quantity > 1 ? `${item.quantity} × ${item.name}` : item.name)).join(", ");
}

function waits({ order, since }: Row): string {
  if (order.status === "scheduled") return `for ${time(order.scheduled_for!)}`;
  if (isOpen(order)) return lasted((now.value - since) / 1000);
  const took = secondsToReady(order);
  return took === null ? "–" : duration(took);
}
