/** Numbers and times as the reader's own language writes them. */

const moneyFormats = new Map<string, { format: Intl.NumberFormat; unit: number }>();
const HOUR_MINUTE: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
let clockFormat: Intl.DateTimeFormat | undefined;
let dayFormat: Intl.DateTimeFormat | undefined;

/** `money(1150, "EUR")` → €11.50 */
export function money(minor: number, currency: string): string {
  let known = moneyFormats.get(currency);
  if (!known) {
    const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
    known = { format, unit: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2) };
    moneyFormats.set(currency, known);
  }
  return known.format.format(minor / known.unit);
}

/** `time("2026-11-22T18:54:00Z")` → 7:54 PM or 19:54 */
export function time(moment: string | number): string {
  return clock().format(new Date(moment));
}

/** `timeRange(a, b)` → 7:54 – 7:58 PM; one time where both are of the same minute */
export function timeRange(from: string | number, until: string | number): string {
  return clock().formatRange(new Date(from), new Date(until));
}

/** The parts of a range, for pages that write the digits large and the rest small. */
export function timeRangeParts(from: string | number, until: string | number): Intl.DateTimeRangeFormatPart[] {
  return clock().formatRangeToParts(new Date(from), new Date(until));
}

/** `day("2026-11-22")` → Sunday 22 November; a business day belongs to no time zone */
export function day(date: string): string {
  dayFormat ??= new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  return dayFormat.format(new Date(`${date}T12:00:00Z`));
}

/** `duration(522)` → 8:42, `duration(3725)` → 1:02:05 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(rest).padStart(2, "0")}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** `about(530)` → about 9 minutes; less than a minute is any moment now */
export function about(seconds: number): string {
  if (seconds < 45) return "any moment now";
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return minutes === 1 ? "about a minute" : `about ${minutes} minutes`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const whole = hours === 1 ? "about an hour" : `about ${hours} hours`;
  return rest < 5 ? whole : `about ${hours} h ${rest} min`;
}

/** `ago(4)` → 4 s ago */
export function ago(seconds: number): string {
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** `count(3, "item")` → 3 items */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

function clock(): Intl.DateTimeFormat {
  clockFormat ??= new Intl.DateTimeFormat(undefined, HOUR_MINUTE);
  return clockFormat;
}
