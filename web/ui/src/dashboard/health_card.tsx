import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { newKey, send } from "../lib/api.ts";
import { now } from "../lib/clock.ts";
import { ago } from "../lib/format.ts";
import { Badge, Button, toast, Waiting } from "../lib/parts.tsx";
import { sentence } from "../lib/words.ts";
import { AskReason } from "./ask_reason.tsx";
import { REASONS } from "./actions.ts";
import type { JobLetter, LaneHealth, Tone } from "./health.ts";
import { jobName, laneName, laneState, laneTone, signs, verdict } from "./health.ts";
import type { House } from "./house.ts";

const BADGE = { good: "done", attention: "cook", bad: "late" } as const satisfies Record<Tone, string>;

export function HealthCard({ house }: { house: House }): VNode {
  const health = house.health.value;
  const { title, detail, tone } = verdict(health);
  return (
    <section class={`card health ${tone}`}>
      <h2>{title}</h2>
      <p>{detail}</p>
      {health
        ? (
          <>
            <ul class="lanes">{health.lanes.map((lane) => <Lane key={lane.lane} lane={lane} />)}</ul>
            <ul class="signs">
              {signs(health).map((sign) => (
                <li key={sign.name}>
                  <i class={sign.tone} />
                  {sign.name} <b>{sign.state}</b>
                </li>
              ))}
            </ul>
            {health.dead_letters > 0 && <Letters house={house} />}
          </>
        )
        : <Waiting height="252px" />}
    </section>
  );
}

function Lane({ lane }: { lane: LaneHealth }): VNode {
  return (
    <li>
      <span>{laneName(lane.lane)}</span>
      <Badge tone={BADGE[laneTone(lane)]}>{laneState(lane)}</Badge>
    </li>
  );
}

function Letters({ house }: { house: House }): VNode {
  const discarding = useSignal<JobLetter | null>(null);
  const busy = useSignal<string | null>(null);
  const act = async (letter: JobLetter, action: "retry" | "discard", body: Record<string, string>) => {
    busy.value = letter.id;
    try {
      await send("POST", `/v1/dead-letters/${letter.id}/${action}`, body, { key: newKey() });
      toast({ text: action === "retry" ? "It is tried again." : "It was let go." });
    } catch (reason) {
      toast({ text: sentence(reason), tone: "late" });
    }
    busy.value = null;
    await house.refreshLetters().catch(() => undefined);
  };
  return (
    <div class="letters">
      <h3>Given up</h3>
      <ul>
        {house.letters.value.map((letter) => (
          <li key={letter.id}>
            <Letter letter={letter} house={house} />
            <div class="row">
              <Button kind="outline" busy={busy.value === letter.id} onClick={() => void act(letter, "retry", {})}>
                Retry
              </Button>
              <Button kind="ghost" onClick={() => (discarding.value = letter)}>Discard</Button>
            </div>
          </li>
        ))}
      </ul>
      <AskReason
        open={discarding.value !== null}
        title="Discard this job?"
        detail="It is not tried again. It stays in the books as cancelled, with your reason."
        reasons={REASONS.discard!}
        confirm="Discard"
        onClose={() => (discarding.value = null)}
        onGiven={(reason) => {
          const letter = discarding.value!;
          discarding.value = null;
          void act(letter, "discard", { reason });
        }}
      />
    </div>
  );
}

function Letter({ letter, house }: { letter: JobLetter; house: House }): VNode {
  const order = house.order(letter.subject);
  const since = (now.value - Date.parse(letter.done_at ?? letter.created_at)) / 1000;
  return (
    <p>
      <b>{jobName(letter)}</b>
      <span>
        {order ? `Order ${order.number}, ` : ""}tried {letter.attempts} ×, {ago(since)}
      </span>
      {letter.last_error && <code>{letter.last_error}</code>}
    </p>
  );
}
