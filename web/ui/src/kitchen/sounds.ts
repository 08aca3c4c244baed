/** What the kitchen hears: tones that are made here, no files. A browser lets us sound after a first touch only. */

import { signal } from "@preact/signals";
import { settings } from "./settings.ts";

export type Sound = "new" | "changed" | "cancelled" | "late" | "ready";

interface Tone {
  hertz: number;
  /** Seconds from the beginning of the sound. */
  at: number;
  lasts: number;
}

/** New goes up, cancelled goes down, changed knocks three times, late is one low note. */
export const SOUNDS: Record<Sound, readonly Tone[]> = {
  new: [{ hertz: 784, at: 0, lasts: 0.16 }, { hertz: 1175, at: 0.17, lasts: 0.34 }],
  changed: [0, 0.13, 0.26].map((at) => ({ hertz: 988, at, lasts: 0.08 })),
  cancelled: [{ hertz: 740, at: 0, lasts: 0.2 }, { hertz: 440, at: 0.21, lasts: 0.42 }],
  late: [{ hertz: 233, at: 0, lasts: 0.6 }],
  ready: [{ hertz: 1319, at: 0, lasts: 0.3 }],
};

/** Whether the browser lets us sound yet. */
export const audible = signal(false);
let context: AudioContext | null = null;

/** To be called from a touch or a key. */
export async function unlock(): Promise<void> {
  context ??= "AudioContext" in globalThis ? new AudioContext() : null;
  if (context?.state === "suspended") await context.resume().catch(() => undefined);
  audible.value = context?.state === "running";
}

/** Ten orders at once are one sound. */
const TOGETHER_MS = 250;
const last = new Map<Sound, number>();

/** Heard at the volume of the settings, unless muted. Others on the page may listen to `passline:sound`. */
export function sound(name: Sound): void {
  const { muted, volume } = settings.value;
  const at = performance.now();
  if (at - (last.get(name) ?? -TOGETHER_MS) < TOGETHER_MS) return;
  last.set(name, at);
  const heard = !muted && volume > 0 && audible.value;
  dispatchEvent(new CustomEvent("passline:sound", { detail: { name, heard } }));
  if (heard && context) play(context, SOUNDS[name], volume);
}

function play(context: AudioContext, tones: readonly Tone[], volume: number): void {
  for (const { hertz, at, lasts } of tones) {
    const [start, end] = [context.currentTime + at, context.currentTime + at + lasts];
    const [source, loudness] = [context.createOscillator(), context.createGain()];
    source.type = "triangle";
    source.frequency.value = hertz;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(volume, start + 0.012);
    loudness.gain.exponentialRampToValueAtTime(0.001, end);
    source.connect(loudness).connect(context.destination);
    source.start(start);
    source.stop(end + 0.02);
  }
}
