/** How the work behind is doing, in words. */

import { count } from "../lib/format.ts";
import { lasted } from "./spans.ts";

export interface LaneHealth {
  lane: string;
  waiting: number;
  oldest_due_seconds: number;
  dead: number;
}

/** As the stream tells it. `broker` is null where there is none; `workers` names the lanes that a worker answers for. */
export interface Health {
  lanes: LaneHealth[];
  dead_letters: number;
  broker: boolean | null;
  dispatcher: boolean;
  workers: string[];
}

export type Tone = "good" | "attention" | "bad";

export interface Verdict {
  tone: Tone;
  title: string;
  detail: string;
}

export interface Sign {
  name: string;
  tone: Tone;
  state: string;
}

export interface JobLetter {
  id: string;
  kind: string;
  lane: string;
  subject: string;
  payload: Record<string, unknown>;
  attempts: number;
  last_error: string | null;
  created_at: string;
  done_at: string | null;
}

export const SLOW_SECONDS = 30;
export const STUCK_SECONDS = 120;

const LANE: Record<string, string> = {
  estimates: "Promised times",
  notifications: "Messages to guests",
  webhooks: "Messages to other systems",
  reports: "Closing of days",
  timers: "Timers and alarms",
};

const KIND: Record<string, string> = {
  estimate_order: "Work out when an order is ready",
  close_day: "Close the business day",
  release_order: "Send an order for later to the kitchen",
  reject_unaccepted: "Reject an order that nobody accepted",
  alert_overdue: "Raise the alarm for a late order",
};

export function laneName(lane: string): string {
  return LANE[lane] ?? lane;
}

/** What a job was to do. */
export function jobName(job: Pick<JobLetter, "kind" | "lane">): string {
  return KIND[job.kind] ?? (job.lane === "notifications" ? "Write to a guest" : job.kind.replaceAll("_", " "));
}

export function laneTone(lane: LaneHealth): Tone {
  if (lane.oldest_due_seconds >= STUCK_SECONDS) return "bad";
  return lane.oldest_due_seconds >= SLOW_SECONDS ? "attention" : "good";
}

export function laneState(lane: LaneHealth): string {
  if (!lane.waiting) return "nothing waiting";
  const overdue = lane.oldest_due_seconds >= SLOW_SECONDS
    ? `, the oldest ${lasted(lane.oldest_due_seconds)} overdue`
    : "";
  return `${lane.waiting} waiting${overdue}`;
}

/** The processes behind, each with whether it lives. */
export function signs(health: Health): Sign[] {
  const missing = health.lanes.length - health.workers.length;
  const worker: Sign = health.broker === null
    ? { name: "Worker", tone: "good", state: "not used; the dispatcher does it" }
    : missing > 0
    ? {
      name: "Worker",
      tone: "attention",
      state: missing === health.lanes.length ? "silent" : `silent for ${count(missing, "lane")}`,
    }
    : { name: "Worker", tone: "good", state: "alive" };
  return [
    { name: "Dispatcher", tone: health.dispatcher ? "good" : "bad", state: health.dispatcher ? "alive" : "silent" },
    worker,
    health.broker === null ? { name: "Broker", tone: "good", state: "not used" } : {
      name: "Broker",
      tone: health.broker ? "good" : "attention",
      state: health.broker ? "connected" : "unreachable",
    },
  ];
}

/** The worst of it, as the card's title. Orders go on whatever happens here: that is said too. */
export function verdict(health: Health | null): Verdict {
  if (!health) return { tone: "attention", title: "Looking…", detail: "" };
  const stuck = health.lanes.filter((lane) => laneTone(lane) === "bad");
  const dead = health.dead_letters;
  if (!health.dispatcher) {
    return {
      tone: "bad",
      title: "Background work stands still",
      detail: "The dispatcher is silent. Orders go on; what is owed is done when it is back.",
    };
  }
  if (stuck.length) {
    const names = stuck.map((lane) => laneName(lane.lane).toLowerCase()).join(", ");
    return { tone: "bad", title: `Behind: ${names}`, detail: "Nothing is lost; it is done late." };
  }
  if (dead) {
    return {
      tone: "attention",
      title: `${count(dead, "job")} given up`,
      detail: "Tried again and again without success. Look at why, then retry or discard.",
    };
  }
  if (health.broker === false || (health.broker !== null && health.workers.length < health.lanes.length)) {
    return {
      tone: "attention",
      title: "Background work goes the long way",
      detail: "The dispatcher does it itself until broker and worker are back.",
    };
  }
  if (health.lanes.some((lane) => laneTone(lane) === "attention")) {
    return { tone: "attention", title: "Background work is a little behind", detail: "It is being worked off." };
  }
  return { tone: "good", title: "Queues are healthy", detail: "Background work is done as it comes." };
}
