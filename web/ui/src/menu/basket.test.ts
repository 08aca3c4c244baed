import { describe, expect, test } from "vitest";
import type { Menu, MenuItem } from "../lib/api.ts";
import { added, counted, lineOf, pieces, piecesOf, replaced, totalOf, trouble, troubles } from "./basket.ts";

function dish(changes: Partial<MenuItem> = {}): MenuItem {
  return {
    sku: "MARGHERITA",
    name: "Margherita",
    category: "Pizza",
    description: null,
    price: 1150,
    station: "pizza",
    prep_seconds: 480,
    allergens: ["gluten", "milk"],
    modifiers: [{ name: "extra basil", price: 50 }, { name: "no onions", price: null }],
    available: true,
    ...changes,
  };
}

function menu(...items: MenuItem[]): Menu {
  return { location: "main", name: "Trattoria", currency: "EUR", items };
}

const PIZZA = dish();
const SOUP = dish({ sku: "SOUP", name: "Soup", price: 620, modifiers: [] });

describe("the basket", () => {
  test("counts the same dish made the same way as one line", () => {
    const once = added([], lineOf(PIZZA, ["extra basil"], " well done ", 1));
    const twice = added(once, lineOf(PIZZA, ["extra basil"], "well done", 2));
    expect(twice).toHaveLength(1);
    expect(twice[0]).toMatchObject({ quantity: 3, notes: "well done" });
  });

  test("keeps the same dish made in two ways apart", () => {
    const lines = added(added([], lineOf(PIZZA, [], "", 1)), lineOf(PIZZA, ["extra basil"], "", 1));
    expect(lines).toHaveLength(2);
    expect(piecesOf(lines, "MARGHERITA")).toBe(2);
  });

  test("adds up quantities and choices, in minor units", () => {
    const lines = added([lineOf(PIZZA, ["extra basil", "no onions"], "", 2)], lineOf(SOUP, [], "", 1));
    expect(totalOf(lines)).toBe(2 * (1150 + 50) + 620);
    expect(pieces(lines)).toBe(3);
  });

  test("loses a line that is counted down to nothing, and has an upper end", () => {
    const line = lineOf(SOUP, [], "", 1);
    expect(counted([line], line.id, 0)).toEqual([]);
    expect(counted([line], line.id, 1000)[0]!.quantity).toBe(99);
  });

  test("joins a changed line with its like", () => {
    const [plain, basil] = [lineOf(PIZZA, [], "", 1), lineOf(PIZZA, ["extra basil"], "", 2)];
    const lines = replaced([plain, basil], plain.id, lineOf(PIZZA, ["extra basil"], "", 1));
    expect(lines).toEqual([{ ...basil, quantity: 3 }]);
  });
});

describe("what the menu of now has against a line", () => {
  const line = lineOf(PIZZA, ["extra basil"], "well done", 2);

  test("is nothing while nothing has changed", () => {
    expect(trouble(line, menu(PIZZA))).toBeNull();
    expect(troubles([line], null).size).toBe(0);
  });

  test("is that it is sold out, or gone", () => {
    expect(trouble(line, menu(dish({ available: false })))).toEqual({ kind: "sold-out" });
    expect(trouble(line, menu(SOUP))).toEqual({ kind: "gone" });
  });

  test("is another price, of the dish or of a choice, with the line as it would be", () => {
    const dearer = trouble(line, menu(dish({ price: 1250 })));
    expect(dearer).toMatchObject({ kind: "price", was: 1200, now: { price: 1250, quantity: 2, notes: "well done" } });
    const basil = dish({ modifiers: [{ name: "extra basil", price: 80 }] });
    expect(trouble(line, menu(basil))).toMatchObject({ kind: "price", was: 1200, now: { price: 1150 } });
  });

  test("is a choice that is no longer offered", () => {
    const found = trouble(line, menu(dish({ modifiers: [] })));
    expect(found).toMatchObject({ kind: "choices-gone", names: ["extra basil"], now: { modifiers: [] } });
  });
});
