/** Calling somebody who is not looking: a notification, a sound, the phone's buzz, and the tab itself. */

import { signal } from "@preact/signals";
import type { PublicOrder } from "../lib/api.ts";
import { recall, remember } from "../lib/storage.ts";
import { type Alert, callOf } from "./alerts.ts";
import type { Mood } from "./story.ts";

export type Permission = "default" | "granted" | "denied" | "missing";

const CHOICE = "call-me";
/** Hertz of the notes, one after the other. */
const TUNES: Record<Alert, number[]> = { ready: [659, 880, 1109], recalled: [659, 523], cancelled: [523, 392] };
const COLOURS: Record<Mood, string> = {
  planned: "#1f5f8b",
  cooking: "#c2321c",
  late: "#f2aa1f",
  recalled: "#f2aa1f",
  ready: "#1b6f47",
  done: "#1b6f47",
  off: "#5c5147",
};

/** Whether they asked to be called. */
export const wanted = signal(recall(CHOICE, false));
export const permission = signal<Permission>(current());

let sound: AudioContext | null = null;

/** Must come from a touch: browsers ask for notifications and start sounds only then. */
export async function callMe(): Promise<void> {
  unlock();
  wanted.value = true;
  remember(CHOICE, true);
  if (permission.value === "default") await Notification.requestPermission().catch(() => undefined);
  permission.value = current();
  play([880]);
}

export function leaveMe(): void {
  wanted.value = false;
  remember(CHOICE, false);
}

/** Any touch of the page lets it make a sound later. */
export function unlockOnTouch(): void {
  if (wanted.value) addEventListener("pointerdown", unlock, { once: true });
}

export async function call(alert: Alert, order: PublicOrder): Promise<void> {
  if (!wanted.value) return;
  play(TUNES[alert]);
  navigator.vibrate?.([200, 100, 200]);
  if (permission.value !== "granted") return;
  const { title, body } = callOf(alert, order);
  const options = { body, tag: `order-${order.id}`, icon: "/ui/icon.svg", renotify: true, data: location.pathname };
  try {
    const shown = new Notification(title, options);
    shown.onclick = () => (focus(), shown.close());
  } catch {
    // Android's browsers show notifications of service workers only.
    await (await navigator.serviceWorker?.getRegistration())?.showNotification(title, options);
  }
}

/** The tab's icon in the colour of the order's state. */
export function paintTab(mood: Mood): void {
  const dot = `<circle cx="16" cy="16" r="15" fill="${COLOURS[mood]}"/>`;
  const tick = '<path d="M8.500 16.500l5 5 10-11" fill="none" stroke="#fff" stroke-width="3.500"/>';
  const cloche =
    '<path d="M8 20a8 8 0 0 1 16 0z" fill="#fff"/><rect x="7" y="21" width="18" height="2.500" fill="#fff"/>';
  const sign = mood === "ready" || mood === "done" ? tick : cloche;
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${dot}${sign}</svg>`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon) icon.href = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
}

function current(): Permission {
  return "Notification" in globalThis ? Notification.permission : "missing";
}

function unlock(): void {
  try {
    sound ??= new AudioContext();
    void sound.resume();
  } catch {
    sound = null; // no sound here; there is still the rest
  }
}

function play(notes: number[]): void {
  if (!sound || sound.state === "closed") return;
  let start = sound.currentTime + 0.02;
  for (const hertz of notes) {
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.45);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 0.5);
    start += 0.22;
  }
}
