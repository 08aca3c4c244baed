/** What has to be said over everything else: no connection, and commands that were refused. */

import { useComputed, useSignalEffect } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";
import { Problem } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { count, time } from "../lib/format.ts";
import { CloseIcon, OfflineIcon, WarningIcon } from "../lib/icons.tsx";
import type { Live } from "../lib/live.ts";
import type { Conflict } from "../lib/outbox.ts";
import { ACTION, sentence } from "../lib/words.ts";
import { orderOf, unready } from "./commands.ts";
import * as outbox from "../lib/outbox.ts";
import { savedTaps, tapOf } from "./outbox.ts";
import { targetOf } from "./predict.ts";
import { astray } from "./screen.ts";

/** A line that is back within this was never worth a word; the board stays where it is. */
const BLINK_MS = 3000;

/** Shown while the stream is quiet: since when, how many touches are saved, and what does not arrive. */
export function StaleBanner({ live }: { live: Live }): VNode | null {
  const lost = useRef<number | null>(null);
  const state = live.state.value;
  useSignalEffect(() => {
    if (live.state.value === "live") lost.current = null;
  });
  const blink =
    useComputed(() => live.state.value === "stale" && now.value - (lost.current ?? now.value) < BLINK_MS).value;
  if (state === "live" || state === "connecting") return null;
  lost.current ??= live.updatedAt.value || Date.now();
  if (blink) return null;
  const taps = savedTaps.value;
  return (
    <div class={`off ${state}`} role="alert">
      <OfflineIcon size="2rem" />
      <p>
        <b>{state === "polling" ? "The live line is down" : "No connection"} since {time(lost.current)}.</b>{" "}
        {state === "polling"
          ? "New orders arrive every 3 seconds instead."
          : taps
          ? `Keep working: ${count(taps, "tap")} ${taps === 1 ? "is" : "are"} saved here and ${
            taps === 1 ? "goes" : "go"
          } out in order. New orders are not arriving.`
          : "Keep working: taps are saved here and go out in order. New orders are not arriving."}
      </p>
      <button type="button" onClick={() => live.retry()}>
        <span>Try now</span>
        <NextTry live={live} />
      </button>
    </div>
  );
}

function NextTry({ live }: { live: Live }): VNode | null {
  const left = useComputed(() => {
    const at = live.nextTryAt.value;
    if (at === null || !now.value) return null;
    const seconds = Math.ceil((at - Date.now()) / 1000);
    return seconds > 1 ? seconds : null;
  }).value;
  return left === null ? null : <small class="num">in {left} s</small>;
}

/** Refused commands, one card for each touch: nothing is dropped in silence. */
export function Conflicts(): VNode | null {
  const found = grouped(outbox.conflicts.value);
  const lost = astray.value;
  if (!found.length && lost === null) return null;
  return (
    <div class="conflicts">
      {lost !== null && (
        <Card headline={`There is no station “${lost}”`} read={() => (astray.value = null)}>
          <p>So all stations are shown. Choose one above.</p>
        </Card>
      )}
      {found.slice(-3).map((conflicts) => <Refused key={conflicts[0]!.entry.key} conflicts={conflicts} />)}
    </div>
  );
}

function grouped(conflicts: readonly Conflict[]): Conflict[][] {
  const taps = new Map<string, Conflict[]>();
  for (const conflict of conflicts) {
    const tap = `${tapOf(conflict.entry)}/${conflict.problem.code}`;
    taps.set(tap, [...(taps.get(tap) ?? []), conflict]);
  }
  return [...taps.values()];
}

function Refused({ conflicts }: { conflicts: Conflict[] }): VNode {
  const { entry, problem } = conflicts[0]!;
  const order = orderOf(entry.orderId);
  const dismiss = () => conflicts.forEach((conflict) => outbox.dismiss(conflict));
  const waiting = problem.code === "items-pending" && order ? unready(order) : [];
  return (
    <Card headline={(order ? `Order ${order.number}: ` : "") + headline(conflicts)} read={dismiss}>
      <p>{reason(problem, order?.status)}</p>
      {waiting.length > 0 && <ul>{waiting.map((text) => <li key={text}>{text}</li>)}</ul>}
    </Card>
  );
}

function Card(
  { headline, read, children }: { headline: string; read: () => void; children: ComponentChildren },
): VNode {
  return (
    <section class="conflict" role="alert">
      <WarningIcon size="2rem" />
      <div>
        <h2>{headline}</h2>
        {children}
      </div>
      <button type="button" aria-label="Read" onClick={read}>
        <CloseIcon size="1.6rem" />
      </button>
    </section>
  );
}

/** "2 × Fries was not bumped", "not completed". */
function headline(conflicts: Conflict[]): string {
  const { entry } = conflicts[0]!;
  const action = targetOf(entry.path)?.action;
  const verb = (action ? ACTION[action] : undefined) ?? entry.label;
  const what = conflicts.map((conflict) => conflict.entry.label).filter(Boolean).join(", ");
  return what && action ? `“${verb}” of ${what} was refused` : `“${verb}” was refused`;
}

function reason(problem: Problem, status: string | undefined): string {
  const now = problem.members.order_status ?? status;
  if (now === "cancelled") return "The order was cancelled meanwhile.";
  if (problem.members.item_status === "voided") return "The item was taken off the order meanwhile.";
  if (now === "completed") return "The order was handed out meanwhile.";
  if (problem.code === "invalid-transition" && problem.members.item_status === "ready") {
    return "Another screen has done it already.";
  }
  return sentence(problem);
}
