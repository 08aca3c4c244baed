/** Days and spans of time as a manager reads them. */

import { duration } from "../lib/format.ts";

const SHORT_DAY = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** `lasted(522)` → 8:42, `lasted(4271)` → 1 h 11 min, `lasted(592000)` → 6 days */
export function lasted(seconds: number): string {
  if (seconds < 3600) return duration(seconds);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours < 24) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "1 day" : `${days} days`;
}

/** `shortDay("2026-11-22")` → Sun 22 Nov */
export function shortDay(day: string): string {
  return SHORT_DAY.format(new Date(`${day}T12:00:00Z`)).replace(",", "");
}
