/** The ticket: one status, one time, how far it is, and how fresh that is. */

import type { VNode } from "preact";
import type { PublicOrder } from "../lib/api.ts";
import { about, ago, time, timeRange, timeRangeParts } from "../lib/format.ts";
import { BagIcon, CheckIcon, ClockIcon, FlameIcon, PauseIcon, PlayIcon } from "../lib/icons.tsx";
import type { Live } from "../lib/live.ts";
import { Badge, Button, LiveState, type Tone } from "../lib/parts.tsx";
import { Art } from "./art.tsx";
import { dayOf } from "./days.ts";
import type { Promised } from "./promise.ts";
import { steps } from "./steps.ts";
import type { Mood, Story } from "./story.ts";

export interface Scene {
  order: PublicOrder;
  story: Story;
  promise: Promised | null;
  /** The moment that is shown: it stands still while the page is paused or offline. */
  at: number;
  /** Whether it does. */
  frozen: boolean;
}

const TONES: Record<Mood, Tone> = {
  planned: "fresh",
  cooking: "cook",
  late: "late",
  recalled: "late",
  ready: "plain",
  done: "done",
  off: "plain",
};
const STEP_ICONS = [CheckIcon, CheckIcon, FlameIcon, BagIcon];

export function Hero({ scene, live, held }: { scene: Scene; live: Live; held: number }): VNode {
  const { story } = scene;
  return (
    <div class="torn-shadow">
      <section class={`hero torn ${story.mood}`} aria-labelledby="status">
        <div class="head">
          <div>
            <Badge tone={TONES[story.mood]}>{story.badge}</Badge>
            <h1 id="status">{story.headline}</h1>
          </div>
          <Art mood={story.mood} />
          <p class="detail">{story.detail}</p>
        </div>
        <p class="sr" role="status">{`${story.headline}. ${story.detail} ${story.delay ?? ""}`}</p>
        <Eta {...scene} />
        {story.delay && (
          <p class="delay">
            <ClockIcon size={22} />
            <span>{story.delay}</span>
          </p>
        )}
        <Steps order={scene.order} at={scene.at} />
        <LiveBar live={live} held={held} />
      </section>
    </div>
  );
}

function Eta(scene: Scene): VNode | null {
  const { order, promise, at, frozen } = scene;
  if (order.status === "ready") return <CalledNumber {...scene} />;
  if (order.status === "completed") return <Closed at={order.completed_at} label="Handed over" />;
  if (order.status === "cancelled" || order.status === "rejected") {
    return <Closed at={order.cancelled_at} label={order.status === "cancelled" ? "Cancelled at" : "Refused at"} />;
  }
  if (order.status === "scheduled" && order.scheduled_for) {
    const due = Date.parse(order.scheduled_for);
    const label = READY_FOR[order.channel];
    const day = dayOf(due, at);
    const rest = frozen ? `as of ${time(at)}` : day === "today" ? `in ${about((due - at) / 1000)}` : day;
    return <When label={label} from={due} until={due} rest={rest} />;
  }
  if (!promise) {
    return <Unknown rest={frozen ? `as of ${time(at)}` : "The time comes as soon as the kitchen has worked it out."} />;
  }
  const { shown } = promise;
  return <When label={labelOf(scene)} from={shown.from} until={shown.until} rest={restOf(scene)} />;
}

const READY_FOR = { takeaway: "Ready for pickup", delivery: "Ready to leave", dine_in: "Ready to be served" } as const;

function labelOf({ order, promise, frozen, story }: Scene): string {
  if (frozen) return "Last estimate";
  const first = promise!.first;
  if (story.mood === "late") return `New estimate, was ${timeRange(first.from, first.until)}`;
  return story.mood === "recalled" ? "New estimate" : READY_FOR[order.channel];
}

function restOf({ promise, at, frozen }: Scene): string {
  if (frozen) return `as of ${time(at)}`;
  const { from, until } = promise!.shown;
  if (at > until + 60_000) return `expected ${ago((at - until) / 1000)}`;
  return about(((from + until) / 2 - at) / 1000);
}

function When({ label, from, until, rest }: { label: string; from: number; until: number; rest: string }): VNode {
  return (
    <div class="eta">
      <span class="label">{label}</span>
      <span class="when num" aria-hidden>
        <Clockwise from={from} until={until} />
      </span>
      <span class="sr">{timeRange(from, until)}</span>
      {rest && <span class="rest">{rest}</span>}
    </div>
  );
}

/** 7:54–7:58 pm, the digits large and the rest small. */
function Clockwise({ from, until }: { from: number; until: number }): VNode {
  const parts = from === until ? [{ type: "hour", value: time(from) }] : timeRangeParts(from, until);
  return (
    <>
      {parts.flatMap(({ type, value }) => (type === "hour" ? split(value) : [{ type, value }])).map((part, index) => {
        if (part.type === "dayPeriod") return <small key={index}>{part.value}</small>;
        if (/[–-]/.test(part.value)) return <i key={index}>–</i>;
        return <span key={index}>{part.value.trim() || ""}</span>;
      })}
    </>
  );
}

function split(value: string): { type: string; value: string }[] {
  const [, digits = value, rest = ""] = /^([\d:.]+)\s*(.*)$/u.exec(value) ?? [];
  return rest
    ? [{ type: "hour", value: digits }, { type: "dayPeriod", value: rest }]
    : [{ type: "hour", value: digits }];
}

function CalledNumber({ order, at, frozen }: Scene): VNode {
  const label = order.channel === "takeaway" ? "Pickup number" : "Order number";
  return (
    <div class="eta">
      <span class="label">{label}</span>
      <span class="code num" style={{ "--length": String(order.number.length) }}>{order.number}</span>
      <span class="rest">{frozen ? `as of ${time(at)}` : order.ready_at && `ready since ${time(order.ready_at)}`}</span>
    </div>
  );
}

function Closed({ at, label }: { at: string | null; label: string }): VNode | null {
  if (!at) return null;
  const moment = Date.parse(at);
  return <When label={label} from={moment} until={moment} rest="" />;
}

function Unknown({ rest }: { rest: string }): VNode {
  return (
    <div class="eta">
      <span class="label">Ready</span>
      <span class="when unknown">soon</span>
      <span class="rest">{rest}</span>
    </div>
  );
}

function Steps({ order, at }: { order: PublicOrder; at: number }): VNode | null {
  const all = steps(order, at);
  if (!all.length) return null;
  return (
    <>
      <div
        class="sr"
        role="progressbar"
        aria-label="Progress of the order"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={order.progress}
      />
      <ol class="steps" aria-label="Steps">
        {all.map(({ name, state, fill }, index) => {
          const Sign = STEP_ICONS[index]!;
          return (
            <li key={name} class={state} aria-current={state === "now" ? "step" : undefined}>
              <i style={{ "--fill": `${fill}%` }} />
              <span>
                <Sign size={17} />
                {name}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function LiveBar({ live, held }: { live: Live; held: number }): VNode {
  const { paused, state } = live;
  return (
    <div class="livebar">
      <div>
        {paused.value ? <Paused waiting={held} /> : <LiveState live={live} />}
      </div>
      {state.value !== "offline" && (
        <Button
          icon={paused.value ? PlayIcon : PauseIcon}
          onClick={() => (paused.value ? live.resume() : live.pause())}
        >
          {paused.value ? "Resume" : "Pause"}
        </Button>
      )}
    </div>
  );
}

function Paused({ waiting }: { waiting: number }): VNode {
  const held = waiting === 1 ? "1 update waits" : `${waiting} updates wait`;
  return (
    <span class="live">
      <i />
      <span>
        <b role="status">Paused</b>
        <span>· {waiting ? held : "nothing changes here"}</span>
      </span>
    </span>
  );
}
