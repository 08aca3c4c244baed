import { describe, expect, it } from "vitest";
import { type Command, Queue } from "./queue.ts";

const command = (key: string, orderId = "112", more: Partial<Command> = {}): Command => ({
  method: "POST",
  path: `/v1/orders/${orderId}/bump`,
  key,
  orderId,
  label: `Bump order ${orderId}`,
  ...more,
});

const keys = (entries: readonly { key: string }[]) => entries.map((entry) => entry.key);

function queueOf(...commands: Command[]): Queue {
  const queue = new Queue();
  commands.forEach((one, index) => queue.add(one, index));
  return queue;
}

describe("commands in line", () => {
  it("go one after the other for one order, and do not wait for other orders", () => {
    const queue = queueOf(command("a"), command("b"), command("c", "113"));
    expect(keys(queue.take())).toEqual(["a", "c"]);
    expect(queue.take()).toEqual([]);
    queue.done("c");
    expect(queue.take()).toEqual([]);
    queue.done("a");
    expect(keys(queue.take())).toEqual(["b"]);
  });

  it("keep their place when nobody answers", () => {
    const queue = queueOf(command("a"), command("b"));
    queue.take();
    queue.failed("a");
    expect(keys(queue.take())).toEqual(["a"]);
  });

  it("leave the line when they are refused; what follows is judged by itself", () => {
    const queue = queueOf(command("a"), command("b"));
    queue.take();
    queue.refused("a");
    expect(keys(queue.take())).toEqual(["b"]);
  });

  it("can be taken back until they are under way", () => {
    const queue = queueOf(command("a"), command("b"));
    queue.take();
    expect(queue.cancel("a")).toBe(false);
    expect(queue.cancel("b")).toBe(true);
    expect(queue.cancel("nobody's")).toBe(false);
    expect(keys(queue.entries)).toEqual(["a"]);
  });

  it("are meant for the version that our own command before them has made", () => {
    const queue = queueOf(
      command("a", "112", { ifMatch: 4 }),
      command("b", "112", { ifMatch: 4 }),
      command("c", "112", { ifMatch: 3 }),
      command("d", "113", { ifMatch: 4 }),
    );
    queue.take();
    queue.done("a", 5);
    const [b, c, d] = queue.entries;
    expect([b!.ifMatch, c!.ifMatch, d!.ifMatch]).toEqual([5, 3, 4]);
  });

  it("of an earlier page go first, and nothing is under way twice", () => {
    const before = queueOf(command("a"), command("b", "113"));
    before.take();
    const queue = queueOf(command("c"));
    expect(keys(queue.take())).toEqual(["c"]);
    queue.restore([...before.entries].reverse());
    expect(keys(queue.entries)).toEqual(["a", "b", "c"]);
    expect(queue.entries.map((entry) => entry.sending)).toEqual([false, false, true]);
    expect(queue.entries.map((entry) => entry.place)).toEqual([1, 2, 3]);
    queue.restore(before.entries);
    expect(queue.entries).toHaveLength(3);
  });
});
