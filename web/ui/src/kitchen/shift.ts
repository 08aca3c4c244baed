/** A shift begins with a touch: it unlocks sound, and keeps the screen awake. */

import { signal } from "@preact/signals";
import { sound, unlock } from "./sounds.ts";

export const started = signal(false);
/** Whether the screen stays on; null where the browser cannot say. */
export const awake = signal<boolean | null>("wakeLock" in navigator ? false : null);
export const full = signal(false);

let lock: WakeLockSentinel | null = null;

export async function startShift(): Promise<void> {
  started.value = true;
  await unlock();
  sound("ready");
  await stayAwake();
}

/** Browsers let go of it when the page is hidden, so it is asked for again when the page is back. */
async function stayAwake(): Promise<void> {
  if (!("wakeLock" in navigator) || (lock && !lock.released)) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    awake.value = true;
    lock.addEventListener("release", () => (awake.value = false));
  } catch {
    awake.value = false;
  }
}

export async function toggleFullscreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen({ navigationUI: "hide" });
  } catch {
    // Refused by the browser: the page is as good without.
  }
}

document.addEventListener("visibilitychange", () => {
  if (started.value && document.visibilityState === "visible") void stayAwake();
});
document.addEventListener("fullscreenchange", () => (full.value = document.fullscreenElement !== null));
