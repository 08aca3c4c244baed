import { describe, expect, test } from "vitest";
import { Problem } from "../lib/api.ts";
import { contactOf } from "./contact.ts";
import { allergens, categories, matching } from "./dishes.ts";
import { complaints, type Draft, EMPTY, objections, requestOf } from "./request.ts";
import { days, isAhead } from "./times.ts";

const NOON = new Date(2026, 10, 25, 12, 7).getTime();
const ADA: Draft = { ...EMPTY, name: "Ada", contact: "ada@example.com" };

describe("a contact", () => {
  test.each([
    ["ada@example.com", "mailto:ada@example.com"],
    ["  ada.b+c@mail.example.com ", "mailto:ada.b+c@mail.example.com"],
    ["+49 (30) 123-456", "tel:+4930123456"],
    ["0049 30 123456", "tel:+4930123456"],
    ["030/123456", "tel:030123456"],
  ])("%s is %s", (typed, address) => expect(contactOf(typed)).toBe(address));

  test.each(["ada", "ada@example", "a b@example.com", "123", "+", "12345678901234567"])("%s is none", (typed) => {
    expect(contactOf(typed)).toBeNull();
  });
});

describe("what is filled in", () => {
  test("needs a name, and for a delivery an address and a contact", () => {
    expect(Object.keys(complaints(EMPTY, NOON))).toEqual(["name"]);
    expect(Object.keys(complaints({ ...EMPTY, name: "Ada", channel: "delivery" }, NOON)).sort())
      .toEqual(["address", "contact"]);
    expect(complaints(ADA, NOON)).toEqual({});
  });

  test("is not sent with a contact that nobody could use, or for a time that has passed", () => {
    const found = complaints({ ...ADA, contact: "ada", due: NOON - 60_000 }, NOON);
    expect(Object.keys(found).sort()).toEqual(["contact", "due"]);
  });

  test("becomes a request with the prices that were shown", () => {
    const line = {
      id: "1",
      sku: "SOUP",
      name: "Soup",
      price: 620,
      modifiers: [{ name: "hot", price: 0 }],
      notes: "",
      quantity: 2,
    };
    expect(requestOf({ ...ADA, due: NOON }, [line])).toEqual({
      channel: "takeaway",
      customer: { name: "Ada", contact: "mailto:ada@example.com" },
      items: [{ sku: "SOUP", quantity: 2, unit_price: 620, modifiers: [{ name: "hot" }], notes: null }],
      scheduled_for: new Date(NOON).toISOString(),
      notes: null,
    });
  });

  test("says where to bring it in the note, and only for a delivery", () => {
    const there = { ...ADA, address: "12 Harbour Street", notes: "Ring twice" };
    expect(requestOf({ ...there, channel: "delivery" }, []).notes).toBe("Deliver to: 12 Harbour Street\nRing twice");
    expect(requestOf(there, []).notes).toBe("Ring twice");
  });
});

test("a refusal's pointers lead back to the fields and the items", () => {
  const errors = [
    { pointer: "/items/1/sku", detail: "Soup is sold out." },
    { pointer: "/customer/contact", detail: "too long" },
    { pointer: "/scheduled_for", detail: "must be a moment" },
    { detail: "something else" },
  ];
  const found = objections(new Problem({ code: "invalid-request", errors }, 422));
  expect(found.items).toEqual(new Map([[1, "Soup is sold out."]]));
  expect(found.fields).toEqual({ contact: "too long", due: "must be a moment" });
});

describe("the times to choose from", () => {
  test("are quarter hours from half an hour on, of today and tomorrow", () => {
    const [today, tomorrow] = days(NOON);
    expect(new Date(today!.times[0]!).getHours()).toBe(12);
    expect(new Date(today!.times[0]!).getMinutes()).toBe(45);
    expect(new Date(today!.times.at(-1)!).getHours()).toBe(23);
    expect(new Date(tomorrow!.times[0]!).getHours()).toBe(8);
    expect(today!.times.every((moment) => moment % (15 * 60_000) === 0 && isAhead(moment, NOON))).toBe(true);
  });

  test("leave today out when it is over", () => {
    expect(days(new Date(2026, 10, 25, 23, 50).getTime()).map(({ name }) => name)).toEqual(["Tomorrow"]);
  });
});

describe("looking through the menu", () => {
  const dishes = [
    { sku: "1", name: "Crème brûlée", category: "Desserts", description: null, allergens: ["milk", "egg"] },
    { sku: "2", name: "Margherita", category: "Pizza", description: "with basil", allergens: ["gluten"] },
    { sku: "3", name: "Marinara", category: "Pizza", description: null, allergens: ["gluten"] },
  ].map((dish) => ({ ...dish, price: 1, station: "s", prep_seconds: 1, modifiers: [], available: true }));

  test("keeps the menu's order of categories", () => {
    expect(categories(dishes).map(({ name, dishes }) => [name, dishes.length])).toEqual([["Desserts", 1], [
      "Pizza",
      2,
    ]]);
  });

  test("finds words anywhere, without accents, and leaves out what is not eaten", () => {
    expect(matching(dishes, "creme", []).map(({ sku }) => sku)).toEqual(["1"]);
    expect(matching(dishes, "pizza basil", []).map(({ sku }) => sku)).toEqual(["2"]);
    expect(matching(dishes, "", ["gluten"]).map(({ sku }) => sku)).toEqual(["1"]);
    expect(allergens(dishes)).toEqual(["egg", "gluten", "milk"]);
  });
});
