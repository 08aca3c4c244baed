import { expect, test } from "vitest";
import { type Health, jobName, laneState, signs, verdict } from "./health.ts";

const lane = (name: string, waiting = 0, oldest_due_seconds = 0) => ({
  lane: name,
  waiting,
  oldest_due_seconds,
  dead: 0,
});
const well: Health = {
  lanes: [lane("estimates"), lane("reports")],
  dead_letters: 0,
  broker: true,
  dispatcher: true,
  workers: ["estimates", "reports"],
};

test("the worst is said first", () => {
  expect(verdict(well).title).toBe("Queues are healthy");
  expect(verdict({ ...well, dead_letters: 2 })).toMatchObject({ tone: "attention", title: "2 jobs given up" });
  const stuck = { ...well, dead_letters: 2, lanes: [lane("reports", 3, 300)] };
  expect(verdict(stuck)).toMatchObject({ tone: "bad", title: "Behind: closing of days" });
  expect(verdict({ ...stuck, dispatcher: false }).title).toBe("Background work stands still");
});

test("a broker that is gone is no alarm, as the dispatcher does it", () => {
  expect(verdict({ ...well, broker: false }).tone).toBe("attention");
  expect(verdict({ ...well, broker: null, workers: [] }).tone).toBe("good");
});

test("every process says how it is", () => {
  const states = (health: Health) => signs(health).map(({ state }) => state);
  expect(states(well)).toEqual(["alive", "alive", "connected"]);
  expect(states({ ...well, dispatcher: false, workers: [], broker: false })).toEqual([
    "silent",
    "silent",
    "unreachable",
  ]);
  expect(states({ ...well, workers: ["reports"] })[1]).toBe("silent for 1 lane");
  expect(states({ ...well, broker: null })[2]).toBe("not used");
});

test("a lane says what waits, and for how long only if that is long", () => {
  expect(laneState(lane("reports"))).toBe("nothing waiting");
  expect(laneState(lane("reports", 3, 5))).toBe("3 waiting");
  expect(laneState(lane("reports", 3, 95))).toBe("3 waiting, the oldest 1:35 overdue");
});

test("jobs are named by what they do", () => {
  expect(jobName({ kind: "close_day", lane: "reports" })).toBe("Close the business day");
  expect(jobName({ kind: "notify_customer", lane: "notifications" })).toBe("Write to a guest");
  expect(jobName({ kind: "call_home", lane: "webhooks" })).toBe("call home");
});
