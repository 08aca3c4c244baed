import { describe, expect, test } from "vitest";
import { NetworkError, Problem } from "../lib/api.ts";
import { type Attempt, createPlacer, type Outside, type Placed } from "./placing.ts";
import { EMPTY, requestOf } from "./request.ts";

const BODY = requestOf({ ...EMPTY, name: "Ada" }, []);
const ORDER: Placed = { number: "A-001", tracking_url: "/order-tracking/x" };
const MINUTE = 60_000;

/** A world in which every request gets the next of *answers*, and waiting takes no time. */
class World implements Outside {
  readonly sent: Attempt[] = [];
  readonly waited: number[] = [];
  kept: Attempt | null = null;
  keys = 0;
  time = 0;

  constructor(readonly answers: (Placed | Error)[]) {}

  send(attempt: Attempt): Promise<Placed> {
    this.sent.push(attempt);
    const answer = this.answers.shift();
    if (!answer) return new Promise(() => undefined);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
  recall = () => this.kept;
  remember = (attempt: Attempt | null) => void (this.kept = attempt);
  newKey = () => `key-${++this.keys}`;
  now = () => this.time;
  wait = (ms: number) => (this.waited.push(ms), Promise.resolve());
}

const unreachable = () => new NetworkError("nobody");
const settled = () => new Promise((resolve) => setTimeout(resolve, 1));

function attempt(at: number): Attempt {
  return { key: "old", address: "/v1/orders", body: BODY, at };
}

describe("placing an order", () => {
  test("sends it once, though the button is pressed five times", async () => {
    const world = new World([]);
    const placer = createPlacer(world);
    for (let press = 0; press < 5; press++) placer.place("/v1/orders", BODY);
    await settled();
    expect(world.sent).toHaveLength(1);
    expect(placer.state.value).toMatchObject({ phase: "sending" });
  });

  test("repeats what was not answered under the same key, with growing pauses, until it is", async () => {
    const world = new World([unreachable(), unreachable(), new Problem({ code: "overloaded" }, 503), ORDER]);
    const placer = createPlacer(world);
    placer.place("/v1/orders", BODY);
    await settled();
    expect(new Set(world.sent.map(({ key }) => key))).toEqual(new Set(["key-1"]));
    expect(world.sent).toHaveLength(4);
    expect(world.waited).toEqual([1000, 2000, 4000]);
    expect(placer.state.value).toEqual({ phase: "placed", order: ORDER });
    expect(world.kept).toBeNull();
  });

  test("waits as long as the server asks for, and while an earlier request is still running", async () => {
    const busy = new Problem({ code: "rate-limited", retry_after_seconds: 30 }, 429);
    const running = new Problem({ code: "idempotency-key-in-use" }, 409);
    const world = new World([busy, running, ORDER]);
    createPlacer(world).place("/v1/orders", BODY);
    await settled();
    expect(world.waited).toEqual([30_000, 2000]);
  });

  test("tells a refusal, and takes a new key for the next order", async () => {
    const world = new World([new Problem({ code: "item-unavailable" }, 422), ORDER]);
    const placer = createPlacer(world);
    placer.place("/v1/orders", BODY);
    await settled();
    expect(placer.state.value).toMatchObject({ phase: "refused", problem: { code: "item-unavailable" } });
    expect(world.kept).toBeNull();
    placer.place("/v1/orders", BODY);
    await settled();
    expect(world.sent.map(({ key }) => key)).toEqual(["key-1", "key-2"]);
  });

  test("keeps key and body on the device before anything is sent", () => {
    const world = new World([]);
    createPlacer(world).place("/v1/orders", BODY);
    expect(world.kept).toEqual({ key: "key-1", address: "/v1/orders", body: BODY, at: 0 });
  });
});

describe("after a reload", () => {
  test("what was sent a moment ago goes on under its key", async () => {
    const world = new World([ORDER]);
    world.kept = attempt(0);
    world.time = MINUTE;
    const placer = createPlacer(world);
    placer.resume();
    await settled();
    expect(world.sent[0]!.key).toBe("old");
    expect(placer.state.value.phase).toBe("placed");
  });

  test("what was sent long ago is asked about first", async () => {
    const world = new World([ORDER]);
    world.kept = attempt(0);
    world.time = 60 * MINUTE;
    const placer = createPlacer(world);
    placer.resume();
    await settled();
    expect(world.sent).toHaveLength(0);
    expect(placer.state.value.phase).toBe("asking");
    placer.again();
    await settled();
    expect(world.sent[0]!.key).toBe("old");
  });

  test("what another page has left goes first, so that there are never two orders", async () => {
    const world = new World([ORDER]);
    world.kept = attempt(0);
    const placer = createPlacer(world);
    placer.place("/v1/orders", BODY);
    await settled();
    expect(world.sent.map(({ key }) => key)).toEqual(["old"]);

    world.kept = attempt(0);
    world.time = 60 * MINUTE;
    const later = createPlacer(world);
    later.place("/v1/orders", BODY);
    expect(later.state.value.phase).toBe("asking");
    expect(world.sent).toHaveLength(1);
  });

  test("what was given up is forgotten, and its late answer changes nothing", async () => {
    const world = new World([unreachable()]);
    const placer = createPlacer(world);
    placer.place("/v1/orders", BODY);
    await settled();
    placer.giveUp();
    expect(world.kept).toBeNull();
    expect(placer.state.value).toEqual({ phase: "idle" });
  });
});
