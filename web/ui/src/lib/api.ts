/** The API from its own pages: same origin, the session's cookie, and problems (RFC 9457) as exceptions. */

import { signal } from "@preact/signals";
import { heardDate } from "./clock.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];
export type Order = Schemas["Order"];
export type Item = Schemas["Item"];
export type Modifier = Schemas["Modifier"];
/** What a guest may see of an order; more than the document promises to others, as these pages come with the server. */
export type PublicItem = Omit<Item, "actions">;
export type PublicOrder =
  & Omit<Order, "items" | "customer" | "external_id" | "paid" | "tips" | "actions" | "blocked">
  & { items: PublicItem[]; customer: { name: string } | null };
export type Estimate = Schemas["Estimate"];
export type OrderEvent = Omit<Schemas["Event"], "data"> & { data: Record<string, unknown> };
export type Blocked = Schemas["Blocked"];
export type Ticket = Omit<Schemas["Ticket"], "items"> & { items: Item[] };
export type AllDayLine = Schemas["AllDayLine"];
export type MenuItem = Omit<Schemas["MenuItem"], "modifiers"> & { modifiers: { name: string; price: number | null }[] };
export type Menu = Omit<Schemas["Menu"], "items"> & { items: MenuItem[] };
export type Station = Schemas["Station"];
export type Session = Schemas["Session"];
export type NewOrder = Schemas["NewOrder"];
export type NewItem = Schemas["NewItem"];
export type DeadLetter = Schemas["DeadLetter"];
export type Channel = Order["channel"];
export type OrderStatus = Order["status"];
export type ItemStatus = Item["status"];
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The server's no. `code` is what to decide by, `detail` what to show. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Whatever this kind of problem tells besides: `items`, `allowed`, `current_version`, … */
  readonly members: Record<string, unknown>;

  constructor(told: Record<string, unknown>, status: number) {
    super(String(told.detail ?? told.title ?? "Something went wrong."));
    this.status = status;
    this.code = String(told.code ?? "unknown");
    this.detail = this.message;
    this.members = told;
  }

  /** Whether the same request may succeed later without anybody deciding anew. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.code === "idempotency-key-in-use";
  }
}

/** Nobody answered, or somebody on the way who is not us. What was sent may or may not have arrived. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

export interface Answer<T> {
  data: T;
  etag: string | null;
  status: number;
  /** Whether this was answered before under the same key. */
  replayed: boolean;
}

export interface Sending {
  /** Idempotency-Key; make one with newKey() where the request is meant, not where it is repeated. */
  key?: string;
  /** The ETag, or the version, that the command is meant for. */
  ifMatch?: string | number;
  signal?: AbortSignal;
}

/** Set when the API no longer knows who we are; the sign-in form shows itself, and clears it. */
export const signedOut = signal(false);

const PATIENCE_MS = 15_000;

/** Raises Problem, and NetworkError where nobody answered within 15 s. */
export async function send<T = Order>(
  method: Method,
  path: string,
  body?: unknown,
  { key, ifMatch, signal }: Sending = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = `"${key}"`;
  if (ifMatch !== undefined) headers["If-Match"] = tagOf(ifMatch);
  const answer = await reach(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) }, signal);
  return {
    data: (answer.status === 204 ? null : await json(answer)) as T,
    etag: answer.headers.get("ETag"),
    status: answer.status,
    replayed: answer.headers.get("Idempotent-Replayed") === "true",
  };
}

/** GET; `data` is null where nothing has changed since *etag*. Raises as send does. */
export async function load<T>(
  path: string,
  { etag, signal }: { etag?: string | null; signal?: AbortSignal } = {},
): Promise<{ data: T | null; etag: string | null }> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (etag) headers["If-None-Match"] = etag;
  const answer = await reach(path, { headers }, signal);
  return { data: answer.status === 304 ? null : ((await json(answer)) as T), etag: answer.headers.get("ETag") };
}

/** A name for one request that nobody else will think of; also where crypto.randomUUID is missing (plain HTTP). */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tagOf(version: string | number): string {
  return typeof version === "number" ? `"${version}"` : version;
}

async function reach(path: string, request: RequestInit, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const signals = signal ? AbortSignal.any([signal, timeout]) : timeout;
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...request, signal: signals });
  } catch (reason) {
    throw new NetworkError("The server cannot be reached.", { cause: reason });
  }
  heardDate(answer.headers.get("Date"));
  if (answer.ok || answer.status === 304) return answer;
  throw await problemOf(answer);
}

async function problemOf(answer: Response): Promise<Problem | NetworkError> {
  const ours = answer.headers.get("Content-Type")?.startsWith("application/problem+json");
  if (!ours) return new NetworkError(`Somebody on the way answered ${answer.status}.`);
  if (answer.status === 401) signedOut.value = true;
  return new Problem((await json(answer)) as Record<string, unknown>, answer.status);
}

async function json(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch (reason) {
    throw new NetworkError("The answer broke off.", { cause: reason });
  }
}
