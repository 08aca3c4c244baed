/** What stands below the ticket: the call, the items, the history and the link. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import type { ItemStatus, PublicItem, PublicOrder } from "../lib/api.ts";
import { money, time } from "../lib/format.ts";
import {
  BellIcon,
  CheckIcon,
  ClockIcon,
  CloseIcon,
  CopyIcon,
  FlameIcon,
  type Icon,
  QrIcon,
  ShareIcon,
} from "../lib/icons.tsx";
import { Badge, Button, Dialog, type Tone } from "../lib/parts.tsx";
import { ITEM_STATUS } from "../lib/words.ts";
import { callMe, leaveMe, permission, wanted } from "./calling.ts";
import { type Matrix, qr } from "./qr.ts";
import type { Entry } from "./timeline.ts";

export function CallCard(): VNode {
  const [title, words] = callWords();
  return (
    <section class="card callcard" aria-label="Notifications">
      <BellIcon size={34} />
      <p role="status">
        <b>{title}</b>
        {words}
      </p>
      {wanted.value
        ? <Button kind="outline" onClick={leaveMe}>Turn off</Button>
        : <Button kind="warm" onClick={() => void callMe()}>Notify me</Button>}
    </section>
  );
}

function callWords(): [string, string] {
  if (!wanted.value) return ["Put the phone away", "We call you when it is ready."];
  if (permission.value === "granted") return ["We will call you", "A message and a sound when it is ready."];
  return ["We will chime", "This browser shows no notifications, so keep the page open."];
}

const CHIPS: Record<ItemStatus, [Tone, Icon]> = {
  held: ["plain", ClockIcon],
  pending: ["plain", ClockIcon],
  preparing: ["cook", FlameIcon],
  ready: ["done", CheckIcon],
  served: ["done", CheckIcon],
  voided: ["late", CloseIcon],
};

export function ItemsCard({ order }: { order: PublicOrder }): VNode {
  return (
    <section class="card" aria-labelledby="items">
      <h2 id="items">Your order</h2>
      <ul class="items">
        {order.items.map((item) => <ItemRow key={item.id} item={item} known={order.cancel_reason} />)}
      </ul>
      {order.notes && <p class="note">{order.notes}</p>}
      <dl class="sums" hidden={order.status === "cancelled" || order.status === "rejected"}>
        {order.discount > 0 && <Sum name="Discount" amount={-order.discount} currency={order.currency} />}
        <Sum name="Total" amount={order.total} currency={order.currency} />
      </dl>
    </section>
  );
}

/** *known* is the reason that the whole order was cancelled for: it is said once, on the ticket. */
function ItemRow({ item, known }: { item: PublicItem; known: string | null }): VNode {
  const [tone, sign] = CHIPS[item.status];
  const why = item.void_reason === known ? null : item.void_reason;
  const extras = [...item.modifiers.map(({ name }) => name), item.notes, why].filter(Boolean).join(", ");
  return (
    <li class={item.status}>
      <span class="quantity num">
        {item.quantity}
        <span class="sr">×</span>
      </span>
      <span>
        <span class="name">{item.name}</span>
        {extras && <small>{extras}</small>}
      </span>
      <Badge tone={tone} icon={sign}>{ITEM_STATUS[item.status]}</Badge>
    </li>
  );
}

function Sum({ name, amount, currency }: { name: string; amount: number; currency: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{money(amount, currency)}</dd>
    </div>
  );
}

export function HistoryCard({ entries }: { entries: Entry[] }): VNode {
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">What happened so far</h2>
      <ol class="history">
        {entries.map(({ key, title, at, tone, notes }) => (
          <li key={key} class={tone} aria-current={tone === "now" ? "step" : undefined}>
            <b>{title}</b>
            {at ? <time dateTime={at}>{time(at)}</time> : <span class="foreseen">{notes[0]}</span>}
            {at && notes.map((note) => <small key={note}>{note}</small>)}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function ShareCard({ children }: { children?: ComponentChildren }): VNode {
  const copied = useSignal(false);
  const code = useSignal<Matrix | null>(null);
  const share = "share" in navigator;

  async function hand(): Promise<void> {
    if (share) await navigator.share({ title: document.title, url: location.href }).catch(() => undefined);
    else if (await copy(location.href)) copied.value = true;
  }

  return (
    <section class="card sharecard" aria-labelledby="share">
      <h2 id="share">Share</h2>
      <p>Whoever has the link can follow this order.</p>
      <div class="row">
        <Button
          kind="outline"
          icon={share ? ShareIcon : copied.value ? CheckIcon : CopyIcon}
          onClick={() => void hand()}
        >
          {share ? "Share link" : copied.value ? "Copied" : "Copy link"}
        </Button>
        <Button kind="outline" icon={QrIcon} onClick={() => (code.value = qr(location.href))}>QR code</Button>
      </div>
      {children}
      <Dialog open={code.value !== null} title="Scan to follow" onClose={() => (code.value = null)} class="qr">
        {code.value && <QrCode modules={code.value} />}
      </Dialog>
    </section>
  );
}

/** Always dark on light, in the dark too: many scanners want it so. */
function QrCode({ modules }: { modules: Matrix }): VNode {
  const quiet = 4;
  const size = modules.length + 2 * quiet;
  const path = modules.flatMap((row, r) =>
    row.flatMap((dark, c) => (dark ? [`M${c + quiet} ${r + quiet}h1v1h-1z`] : []))
  );
  return (
    <svg
      class="code"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code of this page's address"
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path.join("")} fill="#1d1814" />
    </svg>
  );
}

/** Over plain HTTP there is no clipboard to write to; a selection can still be copied. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    prompt("Copy this link:", text);
    return false;
  }
}
