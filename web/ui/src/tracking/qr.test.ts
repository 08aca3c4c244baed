import { describe, expect, test } from "vitest";
import { qr } from "./qr.ts";
import { errorCorrection, times } from "./reed_solomon.ts";

const drawn = (text: string): string[] => qr(text).map((row) => row.map((dark) => (dark ? "#" : ".")).join(""));

describe("error correction", () => {
  test("is that of the standard's own example (ISO/IEC 18004, annex I: 01234567, version 1, level M)", () => {
    const data = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11];
    expect(errorCorrection(data, 10)).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55]);
  });

  test("multiplies in the field of 256", () => {
    expect(times(0, 7)).toBe(0);
    expect(times(2, 0x80)).toBe(0x1d);
  });
});

describe("a code", () => {
  test("grows with its text, and refuses what does not fit", () => {
    expect(qr("hi")).toHaveLength(21);
    expect(qr(`https://orders.example.com/order-tracking/${"x".repeat(43)}`)).toHaveLength(41);
    expect(qr("x".repeat(213))).toHaveLength(57);
    expect(() => qr("x".repeat(214))).toThrow(RangeError);
  });

  test("has its three finders, its timing lines and its dark module", () => {
    const rows = drawn("hi");
    for (const row of [rows[0]!, rows[6]!]) expect([row.slice(0, 7), row.slice(-7)]).toEqual(["#######", "#######"]);
    expect(rows[20]!.slice(0, 7)).toBe("#######");
    expect(rows[6]!.slice(8, 13)).toBe("#.#.#");
    expect(rows[13]![8]).toBe("#");
  });

  // The same as qrcode-generator 1.4.4 draws, module by module.
  test("is drawn as others draw it", () => {
    const rows = drawn("x".repeat(150));
    expect(rows[0]).toBe("#######....######.##....##.#.##.....#...#.#######");
    expect(rows[8]).toBe("#.#####...##.#....###.#####...##.#.##...#.#####..");
    expect(rows.join("").replaceAll(".", "").length).toBe(1218);
  });
});
