/** The drawing on the ticket: a cloche that steams while it cooks, a bag when it is done, a clock for later. */

import type { VNode } from "preact";
import type { Mood } from "./story.ts";

export function Art({ mood }: { mood: Mood }): VNode {
  return (
    <svg class={`art ${mood}`} viewBox="0 0 120 120" aria-hidden focusable="false">
      <circle class="ground" cx="60" cy="64" r="52" />
      {mood === "planned"
        ? <Clock />
        : mood === "ready" || mood === "done"
        ? <Bag />
        : <Cloche steams={mood !== "off"} />}
    </svg>
  );
}

function Cloche({ steams }: { steams: boolean }): VNode {
  return (
    <g>
      {steams && (
        <g class="steam" fill="none" stroke-width="4" stroke-linecap="round">
          <path d="M44 34c-4-5 4-8 0-14" />
          <path d="M60 30c-4-5 4-8 0-14" />
          <path d="M76 34c-4-5 4-8 0-14" />
        </g>
      )}
      <path class="lid" d="M26 82a34 34 0 0 1 68 0z" />
      <path
        d="M38 76a23 23 0 0 1 13-17"
        fill="none"
        stroke="#fff"
        stroke-opacity=".75"
        stroke-width="4"
        stroke-linecap="round"
      />
      <circle class="lid" cx="60" cy="45" r="5" />
      <rect class="plate" x="18" y="84" width="84" height="8" rx="4" />
    </g>
  );
}

function Bag(): VNode {
  return (
    <g>
      <path class="bag" d="M34 48h52l6 50a4 4 0 0 1-4 4H32a4 4 0 0 1-4-4z" />
      <path class="handle" d="M47 54v-9a13 13 0 0 1 26 0v9" fill="none" stroke-width="5" stroke-linecap="round" />
      <path
        class="tick"
        d="M46 76l10 10 18-20"
        fill="none"
        stroke-width="7"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </g>
  );
}

function Clock(): VNode {
  return (
    <g fill="none" stroke-width="5" stroke-linecap="round">
      <circle class="face" cx="60" cy="64" r="30" />
      <path class="hands" d="M60 46v18l12 9" />
    </g>
  );
}
