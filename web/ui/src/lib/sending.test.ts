import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer } from "./fakes.ts";

const NOBODY = new TypeError("Failed to fetch");
const bump = (orderId: string) => ({
  method: "POST" as const,
  path: `/v1/orders/${orderId}/bump`,
  orderId,
  label: `Bump order ${orderId}`,
});
const done = (version: number) => ({ body: { id: "112", version }, etag: `"${version}"` });
const refusal = { status: 409, body: { code: "order-closed", detail: "Order 112 was cancelled." } };

let server: FakeServer;
let sending: typeof import("./sending.ts");
let opened: { close(): void }[];

/** The page anew: its modules remember nothing, the device does. */
async function reload(): Promise<void> {
  opened.forEach((outbox) => outbox.close());
  vi.resetModules();
  sending = await import("./sending.ts");
}

function open(options: Parameters<typeof sending.openOutbox>[0] = {}) {
  const outbox = sending.openOutbox(options);
  opened.push(outbox);
  return outbox;
}

beforeEach(async () => {
  opened = [];
  server = new FakeServer([NOBODY]);
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("indexedDB", new IDBFactory());
  await reload();
});

afterEach(() => {
  opened.forEach((outbox) => outbox.close());
  vi.unstubAllGlobals();
});

describe("the outbox", () => {
  it("sends at once, under a key of its own, and hands on the answer", async () => {
    server.answers = [done(5)];
    const answered = vi.fn();
    const outbox = open({ answered });
    const { key } = outbox.enqueue(bump("112"));
    expect(outbox.pending.value).toHaveLength(1);
    await outbox.flush();
    expect(outbox.pending.value).toEqual([]);
    expect(server.asked[0]!.headers["Idempotency-Key"]).toBe(`"${key}"`);
    expect(answered.mock.calls[0]![0]).toEqual({ id: "112", version: 5 });
  });

  it("keeps what nobody took, in order, and sends it under the same keys when somebody is there", async () => {
    const outbox = open();
    const keys = [outbox.enqueue(bump("112")).key, outbox.enqueue(bump("112")).key];
    await outbox.flush();
    expect([outbox.pending.value.length, outbox.stuck.value]).toEqual([2, true]);
    server.asked.length = 0;
    server.answers = [done(5), done(6)];
    await outbox.flush();
    expect(outbox.pending.value).toEqual([]);
    expect(server.asked.map(({ headers }) => headers["Idempotency-Key"])).toEqual(keys.map((key) => `"${key}"`));
  });

  it("survives a reload", async () => {
    const outbox = open();
    const { key } = outbox.enqueue(bump("112"));
    await outbox.flush();
    await reload();
    server.answers = [done(5)];
    const again = open();
    await again.flush();
    expect(again.pending.value).toEqual([]);
    expect(server.asked.at(-1)!.headers["Idempotency-Key"]).toBe(`"${key}"`);
    await reload();
    const asked = server.asked.length;
    await open().flush();
    expect(server.asked).toHaveLength(asked);
  });

  it("makes a conflict of a refusal, and goes on with the rest", async () => {
    server.answers = [refusal, done(6)];
    const refused = vi.fn();
    const outbox = open({ refused });
    outbox.enqueue(bump("112"));
    outbox.enqueue(bump("112"));
    await outbox.flush();
    expect(outbox.pending.value).toEqual([]);
    const [conflict] = outbox.conflicts.value;
    expect([conflict!.problem.code, conflict!.entry.label]).toEqual(["order-closed", "Bump order 112"]);
    expect(refused).toHaveBeenCalledOnce();
    outbox.dismiss(conflict!);
    expect(outbox.conflicts.value).toEqual([]);
  });

  it("waits while the server is too busy, or asks who we are", async () => {
    const outbox = open();
    server.answers = [{ status: 503, body: { code: "overloaded", detail: "Try again." } }];
    outbox.enqueue(bump("112"));
    await outbox.flush();
    expect([outbox.pending.value.length, outbox.conflicts.value.length]).toEqual([1, 0]);
    server.answers = [{ status: 401, body: { code: "unauthorized", detail: "Sign in." } }];
    await outbox.flush();
    expect([outbox.pending.value.length, outbox.conflicts.value.length]).toEqual([1, 0]);
  });

  it("takes back what has not been sent, for good", async () => {
    const outbox = open();
    const { key } = outbox.enqueue(bump("112"));
    await outbox.flush();
    expect(outbox.cancel(key)).toBe(true);
    expect(outbox.pending.value).toEqual([]);
    await reload();
    const again = open();
    await again.flush();
    expect(again.pending.value).toEqual([]);
  });

  it("works where the device remembers nothing", async () => {
    vi.stubGlobal("indexedDB", undefined);
    await reload();
    const outbox = open();
    outbox.enqueue(bump("112"));
    await outbox.flush();
    expect(outbox.pending.value).toHaveLength(1);
    server.answers = [done(5)];
    await outbox.flush();
    expect(outbox.pending.value).toEqual([]);
  });
});
