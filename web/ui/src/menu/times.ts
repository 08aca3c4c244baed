/** The times that one can order for: quarter hours of today and tomorrow. */

const MINUTE = 60_000;
const STEP = 15 * MINUTE;
/** Sooner than this is as soon as possible. */
const LEAD = 30 * MINUTE;
/** Nobody knows the opening hours here; the small hours are hardly among them. */
const FIRST_HOUR = 8;

export interface Day {
  name: "Today" | "Tomorrow";
  /** Milliseconds since 1970. */
  times: number[];
}

export function days(at: number): Day[] {
  const today = midnight(at);
  const tomorrow = midnight(today + 36 * 60 * MINUTE);
  const after = midnight(tomorrow + 36 * 60 * MINUTE);
  const soonest = Math.ceil((at + LEAD) / STEP) * STEP;
  const choices: Day[] = [
    { name: "Today", times: quarters(Math.max(soonest, hour(today)), tomorrow) },
    { name: "Tomorrow", times: quarters(Math.max(soonest, hour(tomorrow)), after) },
  ];
  return choices.filter(({ times }) => times.length);
}

/** Whether what was chosen can still be meant. */
export function isAhead(moment: number, at: number): boolean {
  return moment >= at + LEAD - STEP;
}

function midnight(moment: number): number {
  return new Date(moment).setHours(0, 0, 0, 0);
}

function hour(day: number): number {
  return new Date(day).setHours(FIRST_HOUR);
}

function quarters(from: number, until: number): number[] {
  const count = Math.max(0, Math.ceil((until - from) / STEP));
  return Array.from({ length: count }, (_, index) => from + index * STEP);
}
