/** What else can be done with an order: rush, delay, hand out, void, cancel. */

import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { Item, Order } from "../lib/api.ts";
import { time } from "../lib/format.ts";
import { CheckIcon, ClockIcon, CloseIcon, FlameIcon, PauseIcon, PlayIcon, RushIcon, UndoIcon } from "../lib/icons.tsx";
import { Button, Dialog, Field } from "../lib/parts.tsx";
import { book, nameOf } from "./book.ts";
import * as commands from "./commands.ts";
import { named } from "./cycle.ts";
import { panel } from "./screen.ts";
import { ticketAt } from "./book.ts";
import { isCooked } from "./tickets.ts";
import { whose } from "./ticket.tsx";

const LATER = [5, 10];
const VOIDED = ["Out of stock", "Guest changed their mind", "Entered twice", "Made wrong"];
const CANCELLED = ["Guest cancelled", "Guest did not come", "Entered twice", "Kitchen cannot make it"];

/** What a reason is asked for. */
type Asking = { item: Item } | "order" | null;

export function TicketPanel({ orderId, station }: { orderId: string; station: string | null }): VNode | null {
  const asking = useSignal<Asking>(null);
  const order = book.value.get(orderId);
  if (!order) return null;
  const asked = asking.value;
  const blocked = order.blocked.find(({ action }) => action === "complete");
  const close = () => (panel.value = null);
  const done = (run: () => void) => () => (run(), close());
  return (
    <Dialog open title={`Order ${order.number} · ${whose(order)}`} onClose={close} class="panel">
      {asked ? <Reason order={order} asking={asked} onBack={() => (asking.value = null)} onDone={close} /> : (
        <>
          <p class="facts">{factsOf(order)}</p>
          <div class="actions">
            <Main order={order} station={station} done={done} />
            {LATER.map((minutes) =>
              order.actions.includes("delay") && (
                <Button
                  key={minutes}
                  icon={ClockIcon}
                  onClick={done(() => commands.delay(order, minutes))}
                >
                  {minutes} min later
                </Button>
              )
            )}
          </div>
          {blocked && <p class="facts">It cannot be handed out yet: {blocked.detail}</p>}
          <Courses order={order} done={done} />
          <Voids order={order} onVoid={(item) => (asking.value = { item })} />
          {order.actions.includes("cancel") && (
            <Button kind="danger" icon={CloseIcon} class="wide" onClick={() => (asking.value = "order")}>
              Cancel the order
            </Button>
          )}
        </>
      )}
    </Dialog>
  );
}

type Done = (run: () => void) => () => void;

function Main({ order, station, done }: { order: Order; station: string | null; done: Done }): VNode {
  const ticket = ticketAt(order, station);
  const toStart = ticket?.lines.some((item) => item.status === "pending");
  const cooked = order.items.some((item) => isCooked(item) && (station === null || item.station === station));
  return (
    <>
      {(order.actions.includes("rush") || order.actions.includes("unrush")) && (
        <Button
          kind="warm"
          icon={RushIcon}
          onClick={done(() => commands.rush(order))}
        >
          {order.priority ? "No rush" : "Rush"}
        </Button>
      )}
      {ticket && toStart && (
        <Button icon={PlayIcon} onClick={done(() => commands.startTicket(ticket))}>Start all</Button>
      )}
      {cooked && (
        <Button icon={UndoIcon} onClick={done(() => commands.recallTicket(order, station))}>
          Recall all
        </Button>
      )}
      <Button
        kind={order.status === "ready" ? "done" : "plain"}
        icon={CheckIcon}
        onClick={done(() => commands.handOut(order))}
      >
        Hand out
      </Button>
    </>
  );
}

function Courses({ order, done }: { order: Order; done: Done }): VNode | null {
  const numbers = [...new Set(order.items.map((item) => item.course))].sort();
  const turns = numbers.flatMap((course): { course: number; action: "fire" | "hold" }[] => {
    const items = order.items.filter((item) => item.course === course);
    if (items.some((item) => item.status === "held")) return [{ course, action: "fire" }];
    const canWait = numbers.length > 1 && items.some((item) => item.status === "pending");
    return canWait ? [{ course, action: "hold" }] : [];
  });
  if (!turns.length) return null;
  return (
    <div class="actions">
      {turns.map(({ course, action }) => (
        <Button
          key={course}
          icon={action === "fire" ? FlameIcon : PauseIcon}
          onClick={done(() => commands.turnCourse(order, course, action))}
        >
          {action === "fire" ? "Fire" : "Hold"} course {course}
        </Button>
      ))}
    </div>
  );
}

function Voids({ order, onVoid }: { order: Order; onVoid: (item: Item) => void }): VNode | null {
  const items = order.items.filter((item) => item.actions.includes("void") && item.status !== "voided");
  if (!items.length) return null;
  return (
    <section class="voids">
      <h3>Take an item off</h3>
      <div class="actions">
        {items.map((item) => (
          <Button key={item.id} kind="outline" onClick={() => onVoid(item)}>
            {named(item)}
            <small>{nameOf(item.station)}</small>
          </Button>
        ))}
      </div>
    </section>
  );
}

interface ReasonProps {
  order: Order;
  asking: { item: Item } | "order";
  onBack: () => void;
  onDone: () => void;
}

function Reason({ order, asking, onBack, onDone }: ReasonProps): VNode {
  const written = useSignal("");
  const give = (reason: string) => {
    if (asking === "order") commands.cancelOrder(order, reason);
    else commands.voidItem(order, asking.item, reason);
    onDone();
  };
  return (
    <>
      <h3>{asking === "order" ? "Why is the order cancelled?" : `Why is ${named(asking.item)} taken off?`}</h3>
      <div class="actions">
        {(asking === "order" ? CANCELLED : VOIDED).map((reason) => (
          <Button
            key={reason}
            kind="danger"
            onClick={() => give(reason)}
          >
            {reason}
          </Button>
        ))}
      </div>
      <form
        class="other"
        onSubmit={(event) => {
          event.preventDefault();
          if (written.value.trim()) give(written.value.trim());
        }}
      >
        <Field
          label="Another reason"
          maxLength={200}
          value={written.value}
          onInput={(event) => (written.value = (event.target as HTMLInputElement).value)}
        />
        <Button type="submit" kind="danger" disabled={!written.value.trim()}>
          {asking === "order" ? "Cancel the order" : "Take it off"}
        </Button>
      </form>
      <Button kind="ghost" icon={UndoIcon} onClick={onBack}>Back</Button>
    </>
  );
}

function factsOf(order: Order): string {
  const facts = [`Placed ${time(order.placed_at)}`];
  if (order.scheduled_for) facts.push(`wanted ${time(order.scheduled_for)}`);
  if (order.estimate) facts.push(`promised ${time(order.estimate.ready_by)}`);
  if (order.notes) facts.push(order.notes);
  return facts.join(" · ");
}
