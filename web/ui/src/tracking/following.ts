/** The order that the page is about, its history and the connection behind both. */

import { type Signal, signal } from "@preact/signals";
import { load, type Menu, type OrderEvent, type PublicOrder } from "../lib/api.ts";
import { serverNow } from "../lib/clock.ts";
import { follow, type Live } from "../lib/live.ts";
import * as storage from "../lib/storage.ts";
import { alertFor } from "./alerts.ts";
import { onlyEstimated } from "./versions.ts";

export interface Followed {
  order: Signal<PublicOrder | null>;
  history: Signal<OrderEvent[]>;
  /** The restaurant's name; null while nobody said it. */
  place: Signal<string | null>;
  /** How many changes are held back while paused. */
  held: Signal<number>;
  live: Live;
}

type Changed = (before: PublicOrder | null, after: PublicOrder) => void;

/** Follow the order behind *token*; *changed* is called for each newer version, at once even while the page is paused. */
export function followOrder(token: string, changed: Changed): Followed {
  const order = signal<PublicOrder | null>(null);
  const place = signal<string | null>(null);
  const held = signal(0);
  let newest: PublicOrder | null = null;
  const read = readHistory(`/v1/track/${token}/events`, `history/${token}`);

  function show(after: PublicOrder): void {
    const before = order.value;
    order.value = after;
    if (before) read.foresee(before, after);
    if (!before || !onlyEstimated(before, after)) void read.upTo(after.version);
    if (!before) void nameOf(after.location).then((name) => (place.value = name));
    hear(after);
  }

  function hear(after: PublicOrder): void {
    const before = newest;
    newest = after;
    changed(before, after);
  }

  const live = follow<PublicOrder>({
    stream: `/v1/track/${token}/stream`,
    poll: `/v1/track/${token}`,
    cacheKey: `track/${token}`,
    apply: show,
    reset: ([one]) => one && show(one),
    held: (one) => {
      held.value += 1;
      hear(one);
    },
  });
  live.paused.subscribe(() => (held.value = 0));
  // What could not be read while there was no connection is read when there is one.
  live.state.subscribe((state) => {
    if (order.value && (state === "live" || state === "polling")) void read.upTo(order.value.version);
  });
  return { order, history: read.history, place, held, live };
}

function readHistory(address: string, kept: string) {
  const history = signal<OrderEvent[]>([]);
  let done = 0;
  let wanted = 0;
  let reading = false;

  async function upTo(version: number): Promise<void> {
    wanted = Math.max(wanted, version);
    if (reading || done >= wanted) return;
    reading = true;
    const aim = wanted;
    try {
      const { data } = await load<{ data: OrderEvent[] }>(address);
      if (data) history.value = data.data;
      done = Math.max(aim, data?.data.at(-1)?.seq ?? 0);
      void storage.put("cache", kept, history.value);
    } catch {
      if (!history.value.length) history.value = (await storage.get<OrderEvent[]>("cache", kept)) ?? [];
      return; // it is read when the connection is back
    } finally {
      reading = false;
    }
    if (wanted > done) await upTo(wanted);
  }

  /** What an order says of its history before that is read: a new estimate, and that it was taken back. */
  function foresee(before: PublicOrder, after: PublicOrder): void {
    const event = { seq: after.version, actor: "", at: new Date(serverNow()).toISOString() };
    if (alertFor(before, after) === "recalled") {
      const data = { from: before.status, to: after.status };
      history.value = [...history.value, { ...event, type: "order.recalled", data }];
    } else if (after.estimate && onlyEstimated(before, after)) {
      const { ready_at, ready_by } = after.estimate;
      history.value = [...history.value, { ...event, type: "order.estimated", data: { ready_at, ready_by } }];
    }
  }

  return { history, upTo, foresee };
}

async function nameOf(location: string): Promise<string | null> {
  const kept = `place/${location}`;
  const known = await storage.get<string>("cache", kept);
  if (known) return known;
  try {
    const { data } = await load<Menu>(`/v1/menu?location=${encodeURIComponent(location)}`);
    if (data) await storage.put("cache", kept, data.name);
    return data?.name ?? null;
  } catch {
    return null;
  }
}
