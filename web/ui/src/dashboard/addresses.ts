/** Addresses of the API, for one location where the signed-in person has none of their own (an admin's key). */

export function addressOf(path: string, location: string | null, query: Record<string, string> = {}): string {
  const asked = new URLSearchParams(location ? { ...query, location } : query);
  return asked.size ? `${path}?${asked}` : path;
}

export type Place = { tab: "live" } | { tab: "end" } | { tab: "days"; day: string | null };

/** What the page's address asks for: `#end`, `#days/2026-11-22`; the floor otherwise. */
export function placeOf(hash: string): Place {
  const [tab, day] = hash.replace(/^#/, "").split("/");
  if (tab === "end") return { tab };
  if (tab === "days") return { tab, day: /^\d{4}-\d\d-\d\d$/.test(day ?? "") ? day! : null };
  return { tab: "live" };
}

export function hashOf(place: Place): string {
  if (place.tab === "live") return "#live";
  return place.tab === "days" && place.day ? `#days/${place.day}` : `#${place.tab}`;
}

export function goTo(place: Place): void {
  location.hash = hashOf(place);
}
