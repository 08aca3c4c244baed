/** Beside the tickets: what is to be made over all of them, what is out, and what waits to be handed out. */

import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { Order } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { count, duration } from "../lib/format.ts";
import { CHANNEL_ICON, CheckIcon } from "../lib/icons.tsx";
import { join } from "../lib/parts.tsx";
import { allDay, dishes, ready, soldOut, station } from "./book.ts";
import { handOut, setSoldOut } from "./commands.ts";
import { useDerived } from "./derived.ts";
import { panel } from "./screen.ts";
import { type AllDayLine, readyAt } from "./tickets.ts";
import { whose } from "./ticket.tsx";

export function Side(): VNode {
  return (
    <aside class="side" aria-label="All day">
      <div class="title">
        <h2>All day</h2>
        <small>to make now</small>
      </div>
      <Counts />
      <SoldOut />
      {station.value === null && <HandOut />}
    </aside>
  );
}

function Counts(): VNode {
  const open = useSignal<string | null>(null);
  const lines = allDay.value;
  return (
    <ul class="ad" aria-label="Items to make" tabIndex={0}>
      {lines.map((line) => (
        <Count
          key={line.sku ?? line.name}
          line={line}
          isOpen={open.value === (line.sku ?? line.name)}
          onOpen={() => (open.value = open.value === line.sku ? null : line.sku)}
        />
      ))}
      {lines.length === 0 && <li class="none">Nothing is open.</li>}
    </ul>
  );
}

function Count({ line, isOpen, onOpen }: { line: AllDayLine; isOpen: boolean; onOpen: () => void }): VNode {
  const { sku, name, open, cooking } = line;
  const out = sku !== null && soldOut.value.has(sku);
  const share = Math.round((cooking / open) * 100);
  return (
    <li class={join(out && "out")}>
      <button
        type="button"
        class="row"
        aria-expanded={isOpen}
        aria-disabled={sku === null}
        aria-label={`${open} ${name}, ${cooking} cooking${out ? ", sold out" : ""}`}
        onClick={() => sku && onOpen()}
      >
        <b class="num">{open}</b>
        <span>
          {name}
          {out && <small>sold out</small>}
        </span>
        <i aria-hidden style={`--on:${share}%`} />
      </button>
      {isOpen && sku && (
        <button type="button" class="eightysix" onClick={() => (setSoldOut(sku, name, !out), onOpen())}>
          {out ? "Back on the menu" : "86 · sold out"}
        </button>
      )}
    </li>
  );
}

function SoldOut(): VNode {
  const out = dishes.value.filter((dish) => soldOut.value.has(dish.sku));
  const names = out.slice(0, 3).map((dish) => dish.name).join(", ");
  const rest = out.length > 3 ? ` and ${out.length - 3} more` : "";
  return (
    <button type="button" class="next" onClick={() => (panel.value = { name: "dishes" })}>
      {out.length
        ? (
          <span>
            <b>{names}{rest}</b> {out.length === 1 ? "is" : "are"} out
          </span>
        )
        : <span>Every dish is on the menu</span>}
      <b class="act">86</b>
    </button>
  );
}

/** Cooked and bumped, but nobody has it yet. */
function HandOut(): VNode | null {
  const waiting = ready.value;
  if (!waiting.length) return null;
  return (
    <section class="ready-list" aria-label="Ready to hand out">
      <div class="title">
        <h2>Ready</h2>
        <small>{count(waiting.length, "order")} to hand out</small>
      </div>
      <ul tabIndex={0} aria-label="Orders to hand out">
        {waiting.map((order) => <ToHandOut key={order.id} order={order} />)}
      </ul>
    </section>
  );
}

function ToHandOut({ order }: { order: Order }): VNode {
  const Sign = CHANNEL_ICON[order.channel];
  const waits = useDerived(() => duration((now.value - readyAt(order)) / 1000), [order]);
  return (
    <li data-ready={order.number}>
      <button
        type="button"
        class="hand"
        aria-label={`Hand out order ${order.number}, ${whose(order)}`}
        onClick={() => handOut(order)}
      >
        <b>{order.number}</b>
        <span class="num">{waits}</span>
        <small>
          <Sign size="1.1rem" />
          <span>{forWhom(order)}</span>
        </small>
        <em>
          <CheckIcon size="1.2rem" />Hand out
        </em>
      </button>
    </li>
  );
}

/** The icon says the channel, so the name is enough. */
function forWhom(order: Order): string {
  return order.channel === "dine_in" ? whose(order) : order.customer?.name ?? whose(order);
}
