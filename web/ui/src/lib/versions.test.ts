import { describe, expect, it } from "vitest";
import { Orders } from "./versions.ts";

const order = (id: string, version: number) => ({ id, version });

describe("orders by version", () => {
  it("take over what is newer, and nothing else", () => {
    const orders = new Orders();
    expect(orders.merge(order("a", 2))).toBe(true);
    expect(orders.merge(order("a", 2))).toBe(false);
    expect(orders.merge(order("a", 1))).toBe(false);
    expect(orders.merge(order("a", 3))).toBe(true);
    expect(orders.get("a")).toEqual(order("a", 3));
  });

  it("are all there is after a reset, each in its newest version", () => {
    const orders = new Orders();
    orders.merge(order("a", 5));
    orders.merge(order("b", 1));
    expect(orders.reset([order("a", 4), order("c", 1)])).toEqual([order("a", 5), order("c", 1)]);
    expect(orders.size).toBe(2);
  });

  it("do not come back when a late event tells of one that has left", () => {
    const orders = new Orders();
    orders.merge(order("a", 5));
    orders.drop("a");
    expect(orders.merge(order("a", 5))).toBe(false);
    expect(orders.all()).toEqual([]);
    expect(orders.merge(order("a", 6))).toBe(true);
  });

  it("forget the oldest of those that left", () => {
    const orders = new Orders();
    for (let number = 0; number <= 1000; number++) {
      orders.merge(order(`${number}`, 2));
      orders.drop(`${number}`);
    }
    expect(orders.merge(order("0", 1))).toBe(true);
    expect(orders.merge(order("1", 1))).toBe(false);
  });
});
