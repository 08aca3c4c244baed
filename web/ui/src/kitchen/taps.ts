/** Wet hands and gloves touch twice: a second touch at once, or on what has just slid under the finger, is none. */

export interface Tap {
  target: unknown;
  x: number;
  y: number;
  /** Milliseconds. */
  at: number;
}

const BOUNCE_MS = 300;
const SLID_MS = 450;
const NEAR_PX = 60;

/** Whether *tap* is meant, after *before*. */
export function isMeant(tap: Tap, before: Tap | null): boolean {
  if (!before) return true;
  const passed = tap.at - before.at;
  if (tap.target === before.target) return passed >= BOUNCE_MS;
  return passed >= SLID_MS || Math.hypot(tap.x - before.x, tap.y - before.y) > NEAR_PX;
}
