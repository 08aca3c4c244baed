/** The state of the page: the menu, the basket, what is filled in, and the order that is being placed. */

import { computed, effect, signal } from "@preact/signals";
import { load, type Menu, type MenuItem, newKey, type Order, Problem, send } from "../lib/api.ts";
import { serverNow } from "../lib/clock.ts";
import { money } from "../lib/format.ts";
import * as storage from "../lib/storage.ts";
import { added, counted, type Line, replaced, totalOf, troubles, without } from "./basket.ts";
import { type Attempt, createPlacer, type Placed } from "./placing.ts";
import { type Complaints, complaints, type Draft, EMPTY, objections, requestOf } from "./request.ts";

const wanted = new URLSearchParams(location.search).get("location");
const query = wanted ? `?location=${encodeURIComponent(wanted)}` : "";
const mine = (name: string): string => `menu:${wanted ?? ""}:${name}`;
const EVERY_MS = 20_000;

export interface Last extends Placed {
  at: number;
}

export const menu = signal<Menu | null>(null);
/** Why there is no menu. */
export const missing = signal<unknown>(null);
export const lines = signal<Line[]>(storage.recall<Line[]>(mine("basket"), []));
export const draft = signal<Draft>({ ...EMPTY, ...storage.recall<Partial<Draft>>(mine("draft"), {}) });
export const avoided = signal<string[]>(storage.recall<string[]>("avoided-allergens", []));
export const sought = signal("");
/** The order that was placed from here, and may still be under way. */
export const last = signal<Last | null>(storage.recall<Last | null>(mine("last"), null));

export const total = computed(() => totalOf(lines.value));
export const inTheWay = computed(() => troubles(lines.value, menu.value));
/** Fields are judged once the button was pressed, not while somebody is still filling them in. */
const judged = signal(false);
const refused = signal<Complaints>({});
export const wrong = computed<Complaints>(() => ({
  ...(judged.value ? complaints(draft.value, serverNow()) : {}),
  ...refused.value,
}));

effect(() => storage.remember(mine("basket"), lines.value));
effect(() => storage.remember(mine("draft"), draft.value));
effect(() => storage.remember("avoided-allergens", avoided.value));

export const placer = createPlacer({
  send: (attempt) => post(attempt),
  recall: () => storage.recall<Attempt | null>(mine("attempt"), null),
  remember: (attempt) => storage.remember(mine("attempt"), attempt),
  newKey,
  now: () => Date.now(),
  wait: untilOnline,
});

/** While an order is on its way, what is in it stays as it is. */
export const busy = computed(() => !["idle", "refused"].includes(placer.state.value.phase));

/** For those who hear the page: what has just been put into the basket. */
export const spoken = signal("");

export function put(line: Line): void {
  if (busy.value) return;
  lines.value = added(lines.value, line);
  spoken.value = `${line.name} is in the basket. It costs ${money(total.value, menu.value?.currency ?? "EUR")} now.`;
}

export function change(id: string, line: Line): void {
  lines.value = replaced(lines.value, id, line);
}

export function count(id: string, quantity: number): void {
  lines.value = counted(lines.value, id, quantity);
}

export function drop(id: string): void {
  lines.value = without(lines.value, id);
}

export function fill(changes: Partial<Draft>): void {
  draft.value = { ...draft.value, ...changes };
  const left = { ...refused.value };
  for (const name of Object.keys(changes)) delete left[name as keyof Complaints];
  refused.value = left;
}

export function dishOf(sku: string): MenuItem | undefined {
  return menu.value?.items.find((dish) => dish.sku === sku);
}

/** Whether everything is as it should be and the order is on its way. */
export function order(): boolean {
  judged.value = true;
  refused.value = {};
  if (!lines.value.length || inTheWay.value.size || Object.keys(wrong.value).length) return false;
  placer.place(`/v1/orders${query}`, requestOf(draft.value, lines.value));
  return true;
}

async function post({ address, body, key }: Attempt): Promise<Placed> {
  const { data } = await send<Order>("POST", address, body, { key });
  const placed = { number: data.number, tracking_url: data.tracking_url };
  leave(placed);
  return placed;
}

/** What was ordered is no longer in the basket, and a stranger at this device finds no name. */
function leave(placed: Placed): void {
  last.value = { ...placed, at: Date.now() };
  storage.remember(mine("last"), last.value);
  lines.value = [];
  draft.value = EMPTY;
  judged.value = false;
}

// A refusal is explained where it belongs; the menu of now says what is sold out and what costs what.
placer.state.subscribe((state) => {
  if (state.phase !== "refused") return;
  refused.value = objections(state.problem).fields;
  void look();
});

// What was refused is past as soon as something is changed.
effect(() => {
  if (lines.value && draft.value && placer.state.peek().phase === "refused") placer.giveUp();
});

// Whoever comes back from the tracking page may find this page as it was left, with nothing more to wait for.
addEventListener("pageshow", (event) => event.persisted && placer.state.value.phase === "placed" && placer.giveUp());

let tag: string | null = null;

export async function look(): Promise<void> {
  try {
    const { data, etag } = await load<Menu>(`/v1/menu${query}`, { etag: tag });
    missing.value = null;
    if (!data) return;
    tag = etag;
    menu.value = data;
    void storage.put("cache", mine("menu"), data);
  } catch (reason) {
    if (reason instanceof Problem || !menu.value) missing.value = reason;
    menu.value ??= (await storage.get<Menu>("cache", mine("menu"))) ?? null;
  }
}

/** Look at the menu now, and again and again while somebody looks at the page. */
export function keepLooking(): void {
  void look();
  const again = (): void => {
    if (!document.hidden) void look();
  };
  setInterval(again, EVERY_MS);
  document.addEventListener("visibilitychange", again);
  addEventListener("online", again);
}

function untilOnline(ms: number, sooner: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    sooner.addEventListener("abort", done);
  });
}
