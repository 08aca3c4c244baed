import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { load, type Order, type OrderEvent } from "../lib/api.ts";
import { time } from "../lib/format.ts";
import { Waiting } from "../lib/parts.tsx";
import { sentence } from "../lib/words.ts";
import { entries, firstPromise } from "./history.ts";

/** What has happened to the order, in the order in which it did. */
export function History({ order }: { order: Order }): VNode {
  const events = useSignal<OrderEvent[] | null>(null);
  const wrong = useSignal<string | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    load<{ data: OrderEvent[] }>(`/v1/orders/${order.id}/events`, { signal: leaving.signal })
      .then(({ data }) => (events.value = data!.data))
      .catch((reason) => leaving.signal.aborted || (wrong.value = sentence(reason)));
    return () => leaving.abort();
  }, [order.id, order.version]);
  const promised = firstPromise(events.value ?? []);
  return (
    <section class="history">
      <h3>History</h3>
      {promised && promised.first !== promised.last && (
        <p>The guest was told {time(promised.first)} first, {time(promised.last)} last.</p>
      )}
      {wrong.value && <p>{wrong.value}</p>}
      {!events.value && !wrong.value && <Waiting height="160px" />}
      <ol>
        {entries(events.value ?? [], order).map((entry) => (
          <li key={entry.seq} class={entry.tone}>
            <time class="num" dateTime={entry.at}>{time(entry.at)}</time>
            <p>
              <b>{entry.words}</b>
              {entry.said && <span>“{entry.said}”</span>}
              <small>{entry.who}</small>
            </p>
          </li>
        ))}
      </ol>
      <p>
        <a class="button outline" href={order.tracking_url} target="_blank" rel="noreferrer">
          See it as the guest does
        </a>
      </p>
    </section>
  );
}
