import { expect, test } from "vitest";
import { addsTo, clashes, speaksOfAllergy, takesAway } from "./allergy.ts";
import { newsOf, recalledLines } from "./changes.ts";
import { KEYS, meaning, numberOf, printed, remapped } from "./keys.ts";
import { back, FIRST, flowing, onward, start, steady, within } from "./paging.ts";
import { item, order } from "./samples.ts";
import { isMeant } from "./taps.ts";
import { ticketOf } from "./tickets.ts";

test("pages begin where the one before ended, and lead back", () => {
  const second = onward(FIRST, 9);
  expect(start(second)).toBe(9);
  expect(start(onward(second, 17))).toBe(17);
  expect(start(back(onward(second, 17)))).toBe(9);
  expect(onward(second, null)).toBe(second);
  expect(back(FIRST)).toBe(FIRST);
});

test("a page that has nothing left gives way to the one before", () => {
  const third = onward(onward(FIRST, 9), 17);
  expect(start(within(third, 18))).toBe(17);
  expect(start(within(third, 12))).toBe(9);
  expect(start(within(third, 0))).toBe(0);
});

test("a ticket goes on in the next column where it would leave a hole, or fits in none", () => {
  const shape = (height: number, ...breaks: number[]) => ({ height, breaks });
  // 400 are left: a hole. 300 of the 800 go there; 500 stand in the next column, where 480 more fit.
  expect(flowing([shape(590), shape(800, 150, 300, 450), shape(480)], 1000, 10)).toEqual([false, true, false]);
  // Not even its first line fits into the hole.
  expect(flowing([shape(590), shape(800, 450)], 1000, 10)).toEqual([false, false]);
  // 90 left are no hole.
  expect(flowing([shape(900), shape(300, 50)], 1000, 10)).toEqual([false, false]);
  expect(flowing([shape(2500, 900, 1800), shape(290)], 1000, 10)).toEqual([true, false]);
});

test("under a finger nothing changes places, and what is new comes last", () => {
  const row = ["new", "rushed", "a", "b"].map((id) => ({ id }));
  expect(steady(row, ["a", "b", "rushed", "gone"]).map(({ id }) => id)).toEqual(["a", "b", "rushed", "new"]);
});

test("keys mean what bump bars mean by them", () => {
  expect(meaning("1", KEYS)).toEqual({ pick: 0 });
  expect(meaning("0", KEYS)).toEqual({ pick: 9 });
  expect(meaning("Enter", KEYS)).toEqual({ intent: "bump" });
  expect(meaning("R", KEYS)).toEqual({ intent: "recall" });
  expect(meaning("x", KEYS)).toBeNull();
  expect([0, 8, 9, 10].map(numberOf)).toEqual(["1", "9", "0", null]);
  expect([" ", "ArrowUp", "u"].map(printed)).toEqual(["Space", "Up", "U"]);
});

test("a key that is given away is swapped, and numbers stay numbers", () => {
  const other = remapped(KEYS, "bump", "r");
  expect([other.bump, other.recall]).toEqual(["r", "Enter"]);
  expect(remapped(KEYS, "bump", "5")).toBe(KEYS);
  expect(meaning("F4", remapped(KEYS, "undo", "F4"))).toEqual({ intent: "undo" });
});

test("a second touch at once, or on what slid under the finger, is not meant", () => {
  const first = { target: "a", x: 10, y: 10, at: 0 };
  expect(isMeant(first, null)).toBe(true);
  expect(isMeant({ ...first, at: 120 }, first)).toBe(false);
  expect(isMeant({ ...first, at: 350 }, first)).toBe(true);
  expect(isMeant({ target: "b", x: 14, y: 12, at: 350 }, first)).toBe(false);
  expect(isMeant({ target: "b", x: 14, y: 400, at: 120 }, first)).toBe(true);
  expect(isMeant({ target: "b", x: 14, y: 12, at: 600 }, first)).toBe(true);
});

test("allergies are found in notes and modifiers, and so is a dish that has what is meant", () => {
  const said = [
    "Sesame allergy",
    "dairy free",
    "NUT-FREE please",
    "coeliac",
    "well done",
    "extra cheese",
    "free refill",
  ];
  expect(said.map(speaksOfAllergy)).toEqual([true, true, true, true, false, false, false]);
  expect(clashes("dairy free", ["gluten", "milk"])).toEqual(["milk"]);
  expect(clashes("nut allergy", ["gluten", "milk"])).toEqual([]);
  expect(clashes("shellfish allergy", ["fish", "molluscs"])).toEqual(["molluscs"]);
  expect(["no onions", "without ice", "nothing", "extra basil"].map(takesAway)).toEqual([true, true, false, false]);
  expect(["extra basil", "dressing on the side"].map(addsTo)).toEqual([true, false]);
});

test("news is what somebody has to look at", () => {
  const dish = item({ id: "a" });
  const before = order([dish], { id: "o" });
  const after = (items: typeof before.items, members = {}) => ({ ...before, ...members, items });
  const news = (then: typeof before, known: typeof before | undefined = before) =>
    newsOf(known ? ticketOf(known, null) : null, ticketOf(then, null), known);

  expect(newsOf(null, ticketOf(before, null), undefined)).toBe("new");
  expect(news(after([dish, item()]))).toBe("changed");
  expect(news(after([dish], { notes: "nut allergy" }))).toBe("changed");
  expect(news(after([{ ...dish, status: "preparing" }]))).toBeNull();
  expect(news(after([{ ...dish, status: "voided", actions: ["acknowledge"] }, item()]))).toBe("cancelled");
  expect(newsOf(ticketOf(before, null), null, before)).toBeNull();
});

test("what was cooked and comes back is recalled", () => {
  const done = order([item({ id: "a", status: "ready" }), item({ id: "b" })], { id: "o" });
  const back = { ...done, items: [{ ...done.items[0]!, status: "preparing" as const }, done.items[1]!] };
  expect(recalledLines(done, back)).toEqual(["a"]);
  expect(newsOf(ticketOf(done, null), ticketOf(back, null), done)).toBe("recalled");
  expect(newsOf(null, ticketOf(back, null), done)).toBe("recalled");
});
