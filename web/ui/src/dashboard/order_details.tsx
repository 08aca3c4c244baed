import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { type Item, load, newKey, type Order, Problem, send } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { money, time } from "../lib/format.ts";
import { RingIcon, RushIcon, WarningIcon } from "../lib/icons.tsx";
import { Badge, Banner, Button, Dialog, toast } from "../lib/parts.tsx";
import { ACTION, CHANNEL, ITEM_STATUS, ORDER_STATUS, PAST, sentence } from "../lib/words.ts";
import { itemOffers, type Obstacle, obstacle, obstacles, type Offer, offersOf, REASONS } from "./actions.ts";
import { AskReason } from "./ask_reason.tsx";
import { whereabouts } from "./floor.ts";
import type { House } from "./house.ts";
import { History } from "./order_history.tsx";
import { lasted } from "./spans.ts";
import { holdWords, isOpen, latenessOf, promiseWords, waitingSince } from "./promise.ts";

interface Props {
  house: House;
  /** The id of the order that is shown. */
  opened: Signal<string | null>;
}

type Command = Offer & { item: Item | null };

export function OrderDetails({ house, opened }: Props): VNode | null {
  house.orders.value; // redraws with every change
  const id = opened.value;
  const found = id ? house.order(id) : undefined;
  useEffect(() => {
    if (id && !house.order(id)) {
      void fetchOrder(house, id).catch((reason) => toast({ text: sentence(reason), tone: "late" }));
    }
  }, [id]);
  if (!id || !found) return null;
  return <Details key={id} house={house} order={found} onClose={() => (opened.value = null)} />;
}

function Details({ house, order, onClose }: { house: House; order: Order; onClose: () => void }): VNode {
  const asking = useSignal<Command | null>(null);
  const busy = useSignal<string | null>(null);
  const refused = useSignal<Obstacle | null>(null);
  const act = async (command: Command, reason?: string) => {
    if (busy.value) return;
    if (command.asks && reason === undefined) return void (asking.value = command);
    asking.value = null;
    busy.value = keyOf(command);
    refused.value = null;
    try {
      const path = command.item ? `/items/${command.item.id}/${command.action}` : `/${command.action}`;
      const body = reason === undefined ? command.body : { ...command.body, reason };
      // Whoever takes something away decides by what is shown; for all else the rules of the order are enough.
      const sending = command.asks ? { key: newKey(), ifMatch: order.version } : { key: newKey() };
      house.heard((await send("POST", `/v1/orders/${order.id}${path}`, body, sending)).data);
      toast({ text: `${command.item?.name ?? `Order ${order.number}`}: ${PAST[command.action] ?? command.action}` });
    } catch (thrown) {
      refused.value = refusalOf(thrown, command, order);
      if (thrown instanceof Problem) void fetchOrder(house, order.id).catch(() => undefined);
    }
    busy.value = null;
  };
  const title = (
    <>
      {order.priority && <RushIcon label="Rush" />} {order.number}{" "}
      <small>{whereabouts(order, (one) => CHANNEL[one])}</small>
    </>
  );
  return (
    <>
      <Dialog open title={title} onClose={onClose} class="sheet">
        <Summary house={house} order={order} />
        {refused.value && <Refused told={refused.value} />}
        <Actions order={order} busy={busy.value} onAct={(command) => void act(command)} />
        <Items house={house} order={order} busy={busy.value} onAct={(command) => void act(command)} />
        <Bill order={order} />
        <History order={order} />
      </Dialog>
      <AskReason
        open={asking.value !== null}
        title={`${asking.value?.label ?? ""} ${asking.value?.item?.name ?? `order ${order.number}`}?`}
        detail={consequence(asking.value, order)}
        reasons={REASONS[asking.value?.action ?? ""] ?? []}
        confirm={asking.value?.label ?? ""}
        onClose={() => (asking.value = null)}
        onGiven={(reason) => void act(asking.value!, reason)}
      />
    </>
  );
}

function Summary({ house, order }: { house: House; order: Order }): VNode {
  const lateness = latenessOf(order, now.value, house.slots.value);
  const expected = order.estimate && Date.parse(order.estimate.ready_at) > now.value ? order.estimate.ready_at : null;
  const told = [
    order.guests ? `${order.guests} guests` : null,
    order.customer?.contact?.replace(/^(mailto|tel):/, ""),
    order.external_id ? `till's id ${order.external_id}` : null,
  ].filter(Boolean);
  return (
    <div class="summary">
      <p class="facts">
        <Badge tone={order.status === "ready" ? "done" : order.status === "preparing" ? "cook" : "plain"}>
          {ORDER_STATUS[order.status]}
        </Badge>
        <b class="num">{isOpen(order) ? waited(order) : `placed ${time(order.placed_at)}`}</b>
        {told.length > 0 && <span>{told.join(" · ")}</span>}
      </p>
      {order.notes && <p class="note">{order.notes}</p>}
      {lateness.due && isOpen(order) && (
        <p class="due num">
          {promiseWords(lateness.due, time)}
          {expected !== null && ` Expected at ${time(expected)}.`}
          {lateness.lateSeconds > 0 && <b class="late">{` ${lasted(lateness.lateSeconds)} late`}</b>}
        </p>
      )}
      {lateness.holds.length > 0 && (
        <ul class="holds">
          {lateness.holds.map((hold) => <li key={hold.station}>{holdWords(hold, house.stationName)}</li>)}
        </ul>
      )}
      {order.cancel_reason && (
        <p class="due">
          Reason: <b>{order.cancel_reason}</b>
        </p>
      )}
    </div>
  );
}

function waited(order: Order): string {
  if (order.status === "scheduled") return `for ${time(order.scheduled_for!)}`;
  return `waits ${lasted((now.value - waitingSince(order)) / 1000)}`;
}

interface ActionsProps {
  order: Order;
  busy: string | null;
  onAct: (command: Command) => void;
}

function Actions({ order, busy, onAct }: ActionsProps): VNode {
  return (
    <>
      <div class="actions" role="group" aria-label="What can be done">
        {offersOf(order).map((offer) => {
          const command = { ...offer, item: null };
          const kind = offer.tone === "main" ? "done" : offer.tone === "danger" ? "danger" : "plain";
          return (
            <Button key={keyOf(command)} kind={kind} busy={busy === keyOf(command)} onClick={() => onAct(command)}>
              {offer.label}
            </Button>
          );
        })}
      </div>
      {obstacles(order).map((told) => <Blocked key={told.label} told={told} />)}
    </>
  );
}

function Blocked({ told }: { told: Obstacle }): VNode {
  return (
    <p class="blocked">
      <b>{told.label}</b>: {told.detail} <Waited items={told.items} />
    </p>
  );
}

function Refused({ told }: { told: Obstacle }): VNode {
  return (
    <Banner tone="late" icon={WarningIcon} announced>
      {told.label} was refused. {told.detail} <Waited items={told.items} />
    </Banner>
  );
}

function Waited({ items }: { items: readonly Item[] }): ComponentChildren {
  return items.length ? `${items.map((item) => item.name).join(" · ")}` : null;
}

function Items({ house, order, busy, onAct }: ActionsProps & { house: House }): VNode {
  return (
    <ul class="items" aria-label="Items">
      {order.items.map((item) => (
        <li key={item.id} class={item.status}>
          <RingIcon done={doneOf(item)} size={24} />
          <p>
            <b>{item.quantity > 1 ? `${item.quantity} × ` : ""}{item.name}</b>
            <small>
              {house.stationName(item.station)} · {ITEM_STATUS[item.status]}
              {item.status === "held" ? `, course ${item.course}` : ""}
              {moment(item)}
            </small>
            {item.modifiers.length > 0 && <small>{item.modifiers.map((one) => one.name).join(", ")}</small>}
            {item.notes && <small class="note">{item.notes}</small>}
            {item.void_reason && <small>Why: {item.void_reason}</small>}
          </p>
          <span class="num">{money(item.quantity * priceOf(item), order.currency)}</span>
          {item.actions.length > 0 && (
            <div class="row">
              {itemOffers(item).map((offer) => {
                const command = { ...offer, item };
                return (
                  <Button
                    key={offer.action}
                    kind={offer.asks ? "danger" : "plain"}
                    busy={busy === keyOf(command)}
                    aria-label={`${offer.label} ${item.name}`}
                    onClick={() => onAct(command)}
                  >
                    {offer.label}
                  </Button>
                );
              })}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Bill({ order }: { order: Order }): VNode {
  const rows: [string, number][] = [["Items", order.subtotal]];
  if (order.discount) rows.push(["Discount", -order.discount]);
  const rest = order.total - order.paid;
  rows.push(["Total", order.total], ["Paid", order.paid]);
  if (order.tips) rows.push(["Tips", order.tips]);
  if (rest) rows.push([rest > 0 ? "Still to pay" : "To give back", Math.abs(rest)]);
  return (
    <dl class="bill">
      {rows.map(([name, amount]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="num">{money(amount, order.currency)}</dd>
        </div>
      ))}
    </dl>
  );
}

function consequence(command: Command | null, order: Order): string {
  if (command?.action === "void") return "It is taken off the bill, and stays on the kitchen's screen until seen.";
  if (command?.action === "reject") return "The guest is told that the order is not accepted.";
  const begun = order.items.filter((item) => item.started_at && item.status !== "voided").length;
  return begun ? `A cook has begun ${begun} of its items; they count as waste.` : "Nothing of it was begun.";
}

function refusalOf(thrown: unknown, command: Command, order: Order): Obstacle {
  const items = thrown instanceof Problem && Array.isArray(thrown.members.items)
    ? thrown.members.items.map(String)
    : [];
  return {
    ...obstacle({ action: command.action, detail: sentence(thrown), items }, order),
    label: ACTION[command.action] ?? command.label,
  };
}

async function fetchOrder(house: House, id: string): Promise<void> {
  const { data } = await load<Order>(`/v1/orders/${id}`);
  if (data) house.heard(data);
}

function keyOf({ action, body, item }: Command): string {
  return `${item?.id ?? ""}/${action}/${String(body.course ?? body.seconds ?? "")}`;
}

function doneOf({ status }: Item): "no" | "half" | "yes" {
  if (status === "ready" || status === "served") return "yes";
  return status === "preparing" ? "half" : "no";
}

function moment(item: Item): string {
  const at = item.voided_at ?? item.served_at ?? item.ready_at ?? item.started_at ?? item.fired_at;
  return at ? ` since ${time(at)}` : "";
}

function priceOf(item: Item): number {
  return item.unit_price + item.modifiers.reduce((sum, modifier) => sum + modifier.price, 0);
}
