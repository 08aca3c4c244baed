/** How this screen looks, sounds and counts; and which key means what. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Channel } from "../lib/api.ts";
import { LogOutIcon, MinusIcon, PlusIcon, SoundIcon } from "../lib/icons.tsx";
import { Button, Dialog, Segments } from "../lib/parts.tsx";
import { signOut } from "../lib/signin.tsx";
import { setTheme, theme } from "../lib/theme.ts";
import { CHANNEL } from "../lib/words.ts";
import { nameOf, station } from "./book.ts";
import { type Intent, KEYS, MEANING, printed, remapped } from "./keys.ts";
import type { Threshold } from "./pace.ts";
import { panel } from "./screen.ts";
import { resize, set, settings, thresholdsOf } from "./settings.ts";
import { sound, unlock } from "./sounds.ts";

const close = () => (panel.value = null);
const CHANNELS: readonly Channel[] = ["dine_in", "takeaway", "delivery"];
const PAPERS = [["light", "Paper"], ["dark", "Dark"]] as const;
const YES_NO = [["yes", "Shown"], ["no", "Hidden"]] as const;

export function SettingsPanel(): VNode {
  const { size, volume, muted, allergens, allDay } = settings.value;
  const test = () => void unlock().then(() => sound("new"));
  return (
    <Dialog open title="This screen" onClose={close} class="panel settings">
      <Stepper label="Size" shown={`${Math.round(size * 100)} %`} onStep={resize} />
      <Row label="Tickets">
        <Segments
          label="Tickets"
          options={PAPERS}
          value={theme.value === "dark" ? "dark" : "light"}
          onChange={setTheme}
        />
      </Row>
      <Row label="Allergens of each dish">
        <Segments
          label="Allergens of each dish"
          options={YES_NO}
          value={allergens ? "yes" : "no"}
          onChange={(chosen) => set({ allergens: chosen === "yes" })}
        />
      </Row>
      <Row label="All day">
        <Segments
          label="All day"
          options={YES_NO}
          value={allDay ? "yes" : "no"}
          onChange={(chosen) => set({ allDay: chosen === "yes" })}
        />
      </Row>
      <Stepper
        label="Volume"
        shown={muted ? "muted" : `${Math.round(volume * 100)} %`}
        onStep={(by) =>
          set({ muted: false, volume: Math.min(1, Math.max(0, Math.round((volume + by * 0.1) * 10) / 10)) })}
      >
        <Button icon={SoundIcon} onClick={test}>Test</Button>
      </Stepper>
      <Times />
      <Keys />
      <Button kind="danger" icon={LogOutIcon} class="wide" onClick={() => void signOut()}>Sign out</Button>
    </Dialog>
  );
}

function Row({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return (
    <div class="setting">
      <span>{label}</span>
      {children}
    </div>
  );
}

interface StepperProps {
  label: string;
  shown: string;
  onStep: (by: 1 | -1) => void;
  children?: ComponentChildren;
}

function Stepper({ label, shown, onStep, children }: StepperProps): VNode {
  return (
    <Row label={label}>
      <span class="stepper">
        {children}
        <Button icon={MinusIcon} aria-label={`${label}: less`} onClick={() => onStep(-1)} />
        <b class="num" role="status" aria-label={label}>{shown}</b>
        <Button icon={PlusIcon} aria-label={`${label}: more`} onClick={() => onStep(1)} />
      </span>
    </Row>
  );
}

/** When tickets of this board turn yellow and red, in percent of what their longest dish takes. */
function Times(): VNode {
  const times = thresholdsOf(station.value);
  const change = (channel: Channel, threshold: Threshold) => {
    const all = { ...settings.value.thresholds, [station.value ?? ""]: { ...times, [channel]: threshold } };
    set({ thresholds: all });
  };
  return (
    <section>
      <h3>Late at {station.value === null ? "all stations" : nameOf(station.value)}</h3>
      <p class="facts">In percent of the longest dish on the ticket: first yellow, then red.</p>
      {CHANNELS.map((channel) => {
        const { warn, late } = times[channel];
        return (
          <div class="times" key={channel}>
            <Stepper
              label={`${CHANNEL[channel]}, yellow`}
              shown={`${warn} %`}
              onStep={(by) => change(channel, { warn: Math.min(late - 5, Math.max(20, warn + by * 5)), late })}
            />
            <Stepper
              label={`${CHANNEL[channel]}, red`}
              shown={`${late} %`}
              onStep={(by) => change(channel, { warn, late: Math.min(300, Math.max(warn + 5, late + by * 5)) })}
            />
          </div>
        );
      })}
    </section>
  );
}

/** Bump bars send keys; each can be told here. */
function Keys(): VNode {
  const asking = useSignal<Intent | null>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!asking.value || event.key === "Shift") return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== "Escape") set({ keys: remapped(settings.value.keys, asking.value, event.key) });
      asking.value = null;
    };
    addEventListener("keydown", pressed, { capture: true });
    return () => removeEventListener("keydown", pressed, { capture: true });
  }, []);
  const { keys } = settings.value;
  return (
    <section>
      <h3>Keys of the bump bar</h3>
      <div class="keymap">
        {(Object.keys(MEANING) as Intent[]).map((intent) => (
          <Button key={intent} kind="outline" onClick={() => (asking.value = intent)}>
            {MEANING[intent]}
            <kbd>{asking.value === intent ? "press a key" : printed(keys[intent])}</kbd>
          </Button>
        ))}
      </div>
      <Button kind="ghost" onClick={() => set({ keys: KEYS })}>As they were</Button>
    </section>
  );
}

export function HelpPanel(): VNode {
  const { keys } = settings.value;
  return (
    <Dialog open title="Keys" onClose={close} class="panel">
      <dl class="help">
        <div>
          <dt>
            <kbd>1</kbd>–<kbd>9</kbd> <kbd>0</kbd>
          </dt>
          <dd>Choose the ticket with that number</dd>
        </div>
        {(Object.keys(MEANING) as Intent[]).map((intent) => (
          <div key={intent}>
            <dt>
              <kbd>{printed(keys[intent])}</kbd>
            </dt>
            <dd>{MEANING[intent]}</dd>
          </div>
        ))}
      </dl>
      <p class="facts">
        Touch an item: it cooks; again: it is done; again: it is back. Touch a ticket's head twice: it is bumped.
      </p>
    </Dialog>
  );
}
