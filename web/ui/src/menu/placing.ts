/**
 * Placing an order once, however often the button is pressed and however bad the line is.
 *
 * One key is made for one basket and kept on the device until the server has answered: every further try sends the same
 * body under the same key, which the server answers with the same order. A reload goes on where the page broke off.
 */

import { type Signal, signal } from "@preact/signals";
import { Problem } from "../lib/api.ts";
import type { Request } from "./request.ts";

export interface Attempt {
  key: string;
  address: string;
  body: Request;
  /** When the button was pressed, in milliseconds since 1970. */
  at: number;
}

export interface Placed {
  number: string;
  tracking_url: string;
}

export type Placing =
  | { phase: "idle" }
  /** `tries` that went without an answer; `nextTryAt` while the next one is waited for. */
  | { phase: "sending"; tries: number; nextTryAt: number | null }
  /** Long ago something was sent and nobody answered: people decide, not we. */
  | { phase: "asking"; attempt: Attempt }
  | { phase: "refused"; problem: Problem }
  | { phase: "placed"; order: Placed };

/** What is outside: the network, the device's memory, the time. */
export interface Outside {
  send(attempt: Attempt): Promise<Placed>;
  recall(): Attempt | null;
  remember(attempt: Attempt | null): void;
  newKey(): string;
  now(): number;
  /** Resolves after *ms*, or sooner when there is reason to hope. */
  wait(ms: number, sooner: AbortSignal): Promise<void>;
}

/** Food that was meant ten minutes ago may not be meant any more. */
const STILL_MEANT_MS = 10 * 60_000;
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];

export interface Placer {
  state: Signal<Placing>;
  /** Send *body*, unless something is being sent already. */
  place(address: string, body: Request): void;
  /** Go on with what an earlier page has left, if it has. */
  resume(): void;
  /** Send what was asked about, or try at once instead of waiting. */
  again(): void;
  /** Forget what nobody answered. It may have arrived all the same. */
  giveUp(): void;
}

export function createPlacer(outside: Outside): Placer {
  const state = signal<Placing>({ phase: "idle" });
  let run = 0;
  let hurry = new AbortController();

  async function sendUntilAnswered(attempt: Attempt): Promise<void> {
    const mine = ++run;
    for (let tries = 0;; tries++) {
      state.value = { phase: "sending", tries, nextTryAt: null };
      const outcome = await tried(outside, attempt);
      if (mine !== run) return;
      if (outcome.phase !== "sending") {
        outside.remember(null);
        state.value = outcome;
        return;
      }
      const pause = Math.max(outcome.pause, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]!);
      state.value = { phase: "sending", tries: tries + 1, nextTryAt: outside.now() + pause };
      hurry = new AbortController();
      await outside.wait(pause, hurry.signal);
      if (mine !== run) return;
    }
  }

  function goOn(): boolean {
    const attempt = outside.recall();
    if (!attempt) return false;
    if (outside.now() - attempt.at > STILL_MEANT_MS) state.value = { phase: "asking", attempt };
    else void sendUntilAnswered(attempt);
    return true;
  }

  return {
    state,
    place(address, body) {
      if (state.value.phase !== "idle" && state.value.phase !== "refused") return;
      // Another page may have left one; what is unanswered comes first, or there would be two orders.
      if (goOn()) return;
      const attempt = { key: outside.newKey(), address, body, at: outside.now() };
      outside.remember(attempt);
      void sendUntilAnswered(attempt);
    },
    resume() {
      if (state.value.phase === "idle") goOn();
    },
    again() {
      if (state.value.phase === "asking") void sendUntilAnswered(state.value.attempt);
      else hurry.abort();
    },
    giveUp() {
      run++;
      hurry.abort();
      outside.remember(null);
      state.value = { phase: "idle" };
    },
  };
}

type Outcome = { phase: "placed"; order: Placed } | { phase: "refused"; problem: Problem } | {
  phase: "sending";
  pause: number;
};

async function tried(outside: Outside, attempt: Attempt): Promise<Outcome> {
  try {
    return { phase: "placed", order: await outside.send(attempt) };
  } catch (reason) {
    if (reason instanceof Problem && !reason.passing) return { phase: "refused", problem: reason };
    const asked = reason instanceof Problem ? Number(reason.members.retry_after_seconds ?? 0) : 0;
    return { phase: "sending", pause: asked * 1000 };
  }
}
