/** What somebody is about to order, and what became of it on the menu meanwhile. */

import type { Menu, MenuItem } from "../lib/api.ts";

export interface Choice {
  name: string;
  price: number;
}

/** One line of the basket, with the prices that were shown when it was put there. */
export interface Line {
  id: string;
  sku: string;
  name: string;
  price: number;
  modifiers: Choice[];
  notes: string;
  quantity: number;
}

/** What stands between a line and being ordered. */
export type Trouble =
  | { kind: "gone" }
  | { kind: "sold-out" }
  | { kind: "choices-gone"; names: string[]; now: Line }
  | { kind: "price"; was: number; now: Line };

export const MOST = 99;

export function lineOf(dish: MenuItem, chosen: readonly string[], notes: string, quantity: number): Line {
  const modifiers = dish.modifiers.filter(({ name }) => chosen.includes(name));
  const choices = modifiers.map(({ name, price }) => ({ name, price: price ?? 0 }));
  const said = notes.trim();
  const id = [dish.sku, ...choices.map(({ name }) => name), said].join("\n");
  return { id, sku: dish.sku, name: dish.name, price: dish.price, modifiers: choices, notes: said, quantity };
}

/** *line* is put into the basket; the same dish made the same way is one line. */
export function added(lines: readonly Line[], line: Line): Line[] {
  const there = lines.find(({ id }) => id === line.id);
  if (!there) return [...lines, line];
  return counted(lines, line.id, there.quantity + line.quantity);
}

/** *line* takes the place of the one with *id*, or joins its like. */
export function replaced(lines: readonly Line[], id: string, line: Line): Line[] {
  if (line.id !== id && lines.some((other) => other.id === line.id)) return added(without(lines, id), line);
  return lines.map((other) => (other.id === id ? line : other));
}

/** The line with *id* has *quantity* from now on; with 0 it leaves. */
export function counted(lines: readonly Line[], id: string, quantity: number): Line[] {
  if (quantity < 1) return without(lines, id);
  return lines.map((line) => (line.id === id ? { ...line, quantity: Math.min(MOST, quantity) } : line));
}

export function without(lines: readonly Line[], id: string): Line[] {
  return lines.filter((line) => line.id !== id);
}

/** In minor units. */
export function unitPrice({ price, modifiers }: Line): number {
  return modifiers.reduce((sum, modifier) => sum + modifier.price, price);
}

export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * unitPrice(line), 0);
}

export function pieces(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** How many of a dish are in the basket, however they are made. */
export function piecesOf(lines: readonly Line[], sku: string): number {
  return pieces(lines.filter((line) => line.sku === sku));
}

/** What the menu of now has against *line*; null when it can be ordered as it stands. */
export function trouble(line: Line, menu: Menu): Trouble | null {
  const dish = menu.items.find(({ sku }) => sku === line.sku);
  if (!dish) return { kind: "gone" };
  if (!dish.available) return { kind: "sold-out" };
  const offered = new Set(dish.modifiers.map(({ name }) => name));
  const missing = line.modifiers.map(({ name }) => name).filter((name) => !offered.has(name));
  const now = lineOf(dish, line.modifiers.map(({ name }) => name), line.notes, line.quantity);
  if (missing.length) return { kind: "choices-gone", names: missing, now };
  return unitPrice(now) === unitPrice(line) ? null : { kind: "price", was: unitPrice(line), now };
}

export function troubles(lines: readonly Line[], menu: Menu | null): Map<string, Trouble> {
  const found = menu ? lines.map((line) => [line.id, trouble(line, menu)] as const) : [];
  return new Map(found.filter((entry): entry is [string, Trouble] => entry[1] !== null));
}
