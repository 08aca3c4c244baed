import { expect, test } from "vitest";
import { predicted, targetOf } from "./predict.ts";
import { item, order, SENT_AT } from "./samples.ts";

const sent = (path: string, body?: unknown) => ({ path, body, at: SENT_AT + 60_000 });

test("an address tells what a command is about", () => {
  expect(targetOf("/v1/orders/o1/bump")).toEqual({ orderId: "o1", kind: "order", id: null, action: "bump" });
  expect(targetOf("/v1/orders/o1/items/i1/start")).toEqual({ orderId: "o1", kind: "item", id: "i1", action: "start" });
  expect(targetOf("/v1/orders/o1/stations/wood%20oven/bump")).toMatchObject({ kind: "station", id: "wood oven" });
  expect(targetOf("/v1/menu/items/FRIES")).toBeNull();
});

test("items move, and the order follows them", () => {
  const [a, b] = [item(), item()];
  const placed = order([a, b]);
  const begun = predicted(placed, [sent(`/v1/orders/${placed.id}/items/${a.id}/start`)]);
  expect(begun.status).toBe("preparing");
  expect(begun.items[0]).toMatchObject({ status: "preparing", started_at: "2026-11-22T12:01:00.000Z" });

  const bumps = [a, b].map(({ id }) => sent(`/v1/orders/${placed.id}/items/${id}/bump`));
  const ready = predicted(placed, bumps);
  expect(ready.status).toBe("ready");
  expect(ready.ready_at).toBe("2026-11-22T12:01:00.000Z");
  expect(predicted(ready, [sent(`/v1/orders/${placed.id}/items/${a.id}/recall`)])).toMatchObject({
    status: "preparing",
    ready_at: null,
  });
});

test("a command that means nothing any more changes nothing", () => {
  const voided = item({ status: "voided" });
  const cancelled = order([voided], { status: "cancelled" });
  expect(predicted(cancelled, [sent(`/v1/orders/${cancelled.id}/items/${voided.id}/bump`)])).toBe(cancelled);
  const open = order([item()]);
  expect(predicted(open, [sent(`/v1/orders/${open.id}/complete`)]).status).toBe("confirmed");
});

test("a station's command moves its share only", () => {
  const mixed = order([item(), item({ station: "fry" })]);
  const after = predicted(mixed, [sent(`/v1/orders/${mixed.id}/stations/fry/bump`)]);
  expect(after.items.map(({ status }) => status)).toEqual(["pending", "ready"]);
});

test("courses are fired and held, orders rushed, cancelled, handed out and recalled", () => {
  const held = order([item(), item({ course: 2, status: "held", fired_at: null })], { actions: ["rush"] });
  const at = (action: string, body?: unknown) => sent(`/v1/orders/${held.id}/${action}`, body);
  expect(predicted(held, [at("fire", { course: 2 })]).items[1]!.status).toBe("pending");
  expect(predicted(held, [at("fire", { course: 2 }), at("hold", { course: 2 })]).items[1]!.status).toBe("held");
  expect(predicted(held, [at("rush")])).toMatchObject({ priority: true, actions: ["unrush"] });

  const cancelled = predicted(held, [at("cancel", { reason: "Entered twice" })]);
  expect(cancelled).toMatchObject({ status: "cancelled", cancel_reason: "Entered twice" });
  expect(cancelled.items.map(({ actions }) => actions)).toEqual([["acknowledge"], []]);

  const done = predicted(order([item({ status: "ready" })], { status: "ready" }), [sent("/v1/orders/x/complete")]);
  expect(done.status).toBe("completed");
  expect(predicted(done, [sent("/v1/orders/x/recall")])).toMatchObject({ status: "preparing", completed_at: null });
});
