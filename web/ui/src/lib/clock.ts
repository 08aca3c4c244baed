/** What time it is at the server: tablets in kitchens are minutes off. */

import { signal } from "@preact/signals";

const REMEMBERED = 8;
let samples: number[] = [];
let rough = true;

/** Milliseconds since 1970 at the server, ticking each second. */
export const now = signal(Date.now());

/** The same, this very moment. */
export function serverNow(): number {
  return Date.now() + offset(samples);
}

/** The server said that it is *iso*; on its way here some time has passed, so of several the latest is the nearest. */
export function heard(iso: string, at = Date.now()): void {
  const said = Date.parse(iso);
  if (Number.isNaN(said)) return;
  if (rough) samples = [];
  rough = false;
  samples = [...samples.slice(1 - REMEMBERED), said - at];
  now.value = serverNow();
}

/** A Date header has whole seconds: good enough until something better is heard. */
export function heardDate(header: string | null, at = Date.now()): void {
  const said = header ? Date.parse(header) + 500 : Number.NaN;
  if (!rough || Number.isNaN(said)) return;
  samples = Math.abs(said - at) < 1500 ? [0] : [said - at];
}

/** How far the server's clock is ahead of ours, in milliseconds. */
export function offset(samples: readonly number[]): number {
  return samples.length ? Math.max(...samples) : 0;
}

/** Seconds from *iso* until *at*; negative while it is still to come. */
export function secondsSince(iso: string, at: number): number {
  return (at - Date.parse(iso)) / 1000;
}

function tick(): void {
  now.value = serverNow();
  setTimeout(tick, 1000 - (Math.floor(now.value) % 1000));
}

tick();
