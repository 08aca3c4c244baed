/** What this screen was set to; each device for itself. */

import { effect, signal } from "@preact/signals";
import { recall, remember } from "../lib/storage.ts";
import { type KeyMap, KEYS } from "./keys.ts";
import { THRESHOLDS, type Thresholds } from "./pace.ts";

export interface Settings {
  /** How large everything is, 0.8 to 1.6. */
  size: number;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
  allergens: boolean;
  allDay: boolean;
  keys: KeyMap;
  /** By station; "" for all. */
  thresholds: Record<string, Thresholds>;
}

export const SIZES = [0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6] as const;
const NAME = "kitchen";
const USUAL: Settings = {
  size: 1,
  volume: 0.6,
  muted: false,
  allergens: true,
  allDay: true,
  keys: KEYS,
  thresholds: {},
};

const kept = recall<Partial<Settings>>(NAME, {});
export const settings = signal<Settings>({ ...USUAL, ...kept, keys: { ...KEYS, ...kept.keys } });

export function set(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
  remember(NAME, settings.value);
}

export function thresholdsOf(station: string | null): Thresholds {
  return { ...THRESHOLDS, ...settings.value.thresholds[station ?? ""] };
}

/** One step larger or smaller. */
export function resize(by: 1 | -1): void {
  const place = SIZES.findIndex((size) => size >= settings.value.size - 0.01);
  set({ size: SIZES[Math.min(SIZES.length - 1, Math.max(0, place + by))] ?? 1 });
}

effect(() => document.documentElement.style.setProperty("--k", String(settings.value.size)));
