import { expect, test } from "vitest";
import { acknowledgeSteps, bumpSteps, itemStep, nextAction, orderStep, recallSteps, undoSteps } from "./cycle.ts";
import { item, order } from "./samples.ts";
import { ticketOf } from "./tickets.ts";

test("a touch starts, bumps, and brings back", () => {
  const states = ["pending", "preparing", "ready", "served", "held"] as const;
  expect(states.map((status) => nextAction(item({ status })))).toEqual(["start", "bump", "recall", "recall", null]);
});

test("a touch on a void says that it was seen", () => {
  expect(nextAction(item({ status: "voided", actions: ["acknowledge"] }))).toBe("acknowledge");
  expect(nextAction(item({ status: "voided" }))).toBeNull();
});

test("a bump names the lines that were seen, and no others", () => {
  const [a, b, done] = [item({ id: "a" }), item({ id: "b", status: "preparing" }), item({ status: "ready" })];
  const ticket = ticketOf(order([a, b, done, item({ station: "fry" })], { id: "o" }), "grill")!;
  expect(bumpSteps(ticket).map(({ path }) => path)).toEqual(["/v1/orders/o/items/a/bump", "/v1/orders/o/items/b/bump"]);
});

test("every void of a ticket is seen at once", () => {
  const gone = item({ id: "v", status: "voided", actions: ["acknowledge"] });
  const ticket = ticketOf(order([gone, item()], { id: "o" }), null)!;
  expect(acknowledgeSteps(ticket).map(({ path }) => path)).toEqual(["/v1/orders/o/items/v/acknowledge"]);
});

test("what was bumped is recalled, the last first", () => {
  const steps = [item({ id: "a" }), item({ id: "b" })].map((one) => itemStep("o", one, "bump"));
  expect(undoSteps(steps)!.map(({ path }) => path)).toEqual([
    "/v1/orders/o/items/b/recall",
    "/v1/orders/o/items/a/recall",
  ]);
});

test("rush, fire and hold are taken back by their opposites, with the same course", () => {
  expect(undoSteps([orderStep("o", "rush")])![0]!.path).toBe("/v1/orders/o/unrush");
  expect(undoSteps([orderStep("o", "fire", { course: 2 })])![0]).toMatchObject({
    path: "/v1/orders/o/hold",
    body: { course: 2 },
  });
});

test("handed out by mistake: it is ready again", () => {
  expect(undoSteps([orderStep("o", "complete")])!.map(({ path }) => path)).toEqual([
    "/v1/orders/o/recall",
    "/v1/orders/o/bump",
  ]);
});

test("a start, a void and a cancellation cannot be taken back once they were sent", () => {
  expect(undoSteps([itemStep("o", item(), "start")])).toBeNull();
  expect(undoSteps([orderStep("o", "cancel", { reason: "x" })])).toBeNull();
});

test("a station recalls its share, expo and closed orders the whole", () => {
  const share = item({ id: "a", status: "ready" });
  const goesOn = order([share, item({ station: "fry", status: "ready" })], { id: "o", status: "preparing" });
  expect(recallSteps(goesOn, "grill").map(({ path }) => path)).toEqual(["/v1/orders/o/items/a/recall"]);
  expect(recallSteps(goesOn, null).map(({ path }) => path)).toEqual(["/v1/orders/o/recall"]);
  expect(recallSteps({ ...goesOn, status: "completed" }, "grill").map(({ path }) => path)).toEqual([
    "/v1/orders/o/recall",
  ]);
});
