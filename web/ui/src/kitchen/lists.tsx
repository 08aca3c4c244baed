/** Lists over the board: what can be recalled, what is of another day, which dishes are out. */

import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { MenuItem, Order } from "../lib/api.ts";
import { time } from "../lib/format.ts";
import { CHANNEL_ICON, UndoIcon } from "../lib/icons.tsx";
import { Button, Dialog, Field, join, Nothing } from "../lib/parts.tsx";
import { book, dishes, nameOf, stale, station, tickets } from "./book.ts";
import { bumpTicket, recallTicket, setSoldOut } from "./commands.ts";
import { named } from "./cycle.ts";
import { refreshRecent } from "./feed.ts";
import { panel } from "./screen.ts";
import { finishedAt, recallable } from "./tickets.ts";
import { whose } from "./ticket.tsx";

const close = () => (panel.value = null);

export function RecallPanel(): VNode {
  useEffect(() => void refreshRecent(), []);
  const shown = new Set(tickets.value.map((ticket) => ticket.id));
  const found = recallable(book.value.values(), station.value, shown);
  const where = station.value === null ? "" : ` · ${nameOf(station.value)}`;
  return (
    <Dialog open title={`Recall${where}`} onClose={close} class="panel">
      {found.length === 0 && (
        <Nothing icon={UndoIcon} title="Nothing to recall">What was bumped stays here for a while.</Nothing>
      )}
      <ul class="list">
        {found.map((order) => <Finished key={order.id} order={order} />)}
      </ul>
    </Dialog>
  );
}

function Finished({ order }: { order: Order }): VNode {
  const Sign = CHANNEL_ICON[order.channel];
  const share = order.items.filter((item) =>
    item.status !== "voided" && (station.value === null || item.station === station.value)
  );
  const recall = () => {
    recallTicket(order, station.value);
    close();
  };
  return (
    <li>
      <div>
        <b>
          {order.number}
          <Sign size="1.1em" />
          <span>{whose(order)}</span>
        </b>
        <p>{share.map(named).join(", ")}</p>
        <small>
          {order.status === "completed" ? "Handed out" : "Bumped"} {time(finishedAt(order, station.value))}
        </small>
      </div>
      <Button icon={UndoIcon} aria-label={`Recall order ${order.number}`} onClick={recall}>Recall</Button>
    </li>
  );
}

/** Left over from another day: they count nowhere, and can be cleared. */
export function StalePanel(): VNode {
  return (
    <Dialog open title="From another day" onClose={close} class="panel">
      <ul class="list">
        {stale.value.map((ticket) => (
          <li key={ticket.id}>
            <div>
              <b>
                {ticket.order.number}
                <span>{whose(ticket.order)}</span>
              </b>
              <p>{ticket.lines.map(named).join(", ")}</p>
              <small>{ticket.order.business_day}</small>
            </div>
            <Button aria-label={`Bump order ${ticket.order.number}`} onClick={() => bumpTicket(ticket)}>Bump</Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

export function DishesPanel(): VNode {
  const sought = useSignal("");
  const here = dishes.value.filter((dish) => station.value === null || dish.station === station.value);
  const found = here.filter((dish) => dish.name.toLowerCase().includes(sought.value.trim().toLowerCase()));
  const inOrder = [...found].sort((a, b) => Number(a.available) - Number(b.available));
  return (
    <Dialog open title="86 · what is sold out" onClose={close} class="panel">
      <Field
        label="Find a dish"
        type="search"
        value={sought.value}
        onInput={(event) => (sought.value = (event.target as HTMLInputElement).value)}
      />
      <ul class="list dishes">
        {inOrder.map((dish) => <Dish key={dish.sku} dish={dish} />)}
      </ul>
    </Dialog>
  );
}

function Dish({ dish }: { dish: MenuItem }): VNode {
  return (
    <li class={join(!dish.available && "out")}>
      <div>
        <b>{dish.name}</b>
        <small>{dish.available ? nameOf(dish.station) : "Sold out"}</small>
      </div>
      <Button
        kind={dish.available ? "plain" : "done"}
        aria-label={`${dish.name}: ${dish.available ? "sold out" : "back on the menu"}`}
        onClick={() => setSoldOut(dish.sku, dish.name, dish.available)}
      >
        {dish.available ? "Sold out" : "Back on"}
      </Button>
    </li>
  );
}
