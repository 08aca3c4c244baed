/** Days as people say them. */

/** "today", "tomorrow", or the day of the week and month. */
export function dayOf(moment: number, at: number): string {
  const days = Math.round((midnight(moment) - midnight(at)) / 86_400_000);
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  return new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" }).format(moment);
}

/** The beginning of the day that *moment* is in, where the reader is. */
export function midnight(moment: number): number {
  return new Date(moment).setHours(0, 0, 0, 0);
}

let seconds: Intl.DateTimeFormat | undefined;

/** 7:41:07 pm */
export function timeToTheSecond(moment: number): string {
  seconds ??= new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });
  return seconds.format(moment);
}
