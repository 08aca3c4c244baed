/** Above the tickets: stations, pace, tools, and whether what is shown is the truth. */

import { useComputed } from "@preact/signals";
import type { VNode } from "preact";
import { now } from "../lib/clock.ts";
import { duration, time } from "../lib/format.ts";
import { AwakeIcon, FullscreenIcon, GearIcon, MuteIcon, SoundIcon, UndoIcon } from "../lib/icons.tsx";
import { join } from "../lib/parts.tsx";
import { average, counts, nameOf, station, stations } from "./book.ts";
import { useDerived } from "./derived.ts";
import { liveState, panel, showStation } from "./screen.ts";
import { set, settings } from "./settings.ts";
import { awake, full, started, startShift, toggleFullscreen } from "./shift.ts";
import { audible, unlock } from "./sounds.ts";

export function TopBar(): VNode {
  return (
    <header class="bar">
      <Stations />
      <div class="right">
        <Pace />
        {!started.value && (
          <button type="button" class="tool wide begin" onClick={() => void startShift()}>
            <SoundIcon size="1.6rem" />
            <span>Start shift</span>
          </button>
        )}
        <button
          type="button"
          class="tool wide recall"
          aria-label="Recall"
          onClick={() => (panel.value = { name: "recall" })}
        >
          <UndoIcon size="1.6rem" />
          <span>Recall</span>
        </button>
        {started.value && <SoundTool />}
        {awake.value && (
          <span class="tool opt still" role="img" aria-label="The screen stays awake">
            <AwakeIcon size="1.6rem" />
          </span>
        )}
        <button
          type="button"
          class="tool opt"
          aria-label="Full screen"
          aria-pressed={full.value}
          onClick={() => void toggleFullscreen()}
        >
          <FullscreenIcon size="1.6rem" />
        </button>
        <button type="button" class="tool" aria-label="Settings" onClick={() => (panel.value = { name: "settings" })}>
          <GearIcon size="1.6rem" />
        </button>
        <Live />
        <Clock />
      </div>
    </header>
  );
}

function Stations(): VNode {
  const places = [null, ...stations.value.map((place) => place.id)];
  return (
    <nav class="tabs" aria-label="Stations">
      {places.map((place) => <Tab key={place ?? ""} place={place} />)}
    </nav>
  );
}

function Tab({ place }: { place: string | null }): VNode {
  const tickets = useDerived(() => counts.value.get(place)?.tickets ?? 0, [place]).value;
  const late = useDerived(() => counts.value.get(place)?.late ?? 0, [place]).value;
  const name = place === null ? "All" : nameOf(place);
  return (
    <button
      type="button"
      aria-pressed={station.value === place}
      aria-label={`${name}, ${tickets} tickets${late ? `, ${late} late` : ""}`}
      onClick={() => showStation(place)}
    >
      {name}
      <b class={join("num", late > 0 && "hot")}>{tickets}</b>
    </button>
  );
}

function Pace(): VNode | null {
  const seconds = average.value;
  return (
    <div class="pace">
      <span>Average now</span>
      <b class="num">{seconds === null ? "–" : duration(seconds)}</b>
    </div>
  );
}

/** A touch mutes; where the browser has not let us sound yet, a touch asks it to. */
function SoundTool(): VNode {
  const { muted } = settings.value;
  const silent = muted || !audible.value;
  const press = () => {
    if (!audible.value) void unlock().then(() => set({ muted: false }));
    else set({ muted: !muted });
  };
  return (
    <button
      type="button"
      class={join("tool", silent ? "silent" : "opt")}
      aria-pressed={!silent}
      aria-label={silent ? "Sound is off" : "Sound is on"}
      onClick={press}
    >
      {silent ? <MuteIcon size="1.6rem" /> : <SoundIcon size="1.6rem" />}
    </button>
  );
}

const WORDS = { connecting: "Connecting", live: "Live", polling: "Polling", offline: "Offline", stale: "Reconnecting" };

function Live(): VNode {
  const state = liveState.value;
  return <span class={join("state", state)} role="status">{WORDS[state]}</span>;
}

function Clock(): VNode {
  const shown = useComputed(() => time(now.value).replace(/\s?[AP]M$/i, ""));
  return <span class="clock num" role="timer" aria-label="Time">{shown}</span>;
}
