/** QR codes (ISO/IEC 18004) of addresses: bytes, error correction M (15 % may be lost), versions 1 to 10. */

import { errorCorrection } from "./reed_solomon.ts";

/** Rows of modules; true is dark. */
export type Matrix = boolean[][];

interface Blocks {
  /** Codewords of error correction in each block. */
  correction: number;
  /** Data codewords of each block. */
  data: number[];
}

const BLOCKS: Blocks[] = [
  { correction: 10, data: [16] },
  { correction: 16, data: [28] },
  { correction: 26, data: [44] },
  { correction: 18, data: [32, 32] },
  { correction: 24, data: [43, 43] },
  { correction: 16, data: [27, 27, 27, 27] },
  { correction: 18, data: [31, 31, 31, 31] },
  { correction: 22, data: [38, 38, 39, 39] },
  { correction: 22, data: [36, 36, 36, 37, 37] },
  { correction: 26, data: [43, 43, 43, 43, 44] },
];
/** The rows and columns in which the alignment patterns have their centres, by version. */
const CENTRES = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
const BYTES = 0b0100;
const LEVEL_M = 0b00;

type Mask = (row: number, column: number) => boolean;
const MASKS: Mask[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** The code of *text*, without its quiet zone of four modules. Raises RangeError beyond 213 bytes. */
export function qr(text: string): Matrix {
  const bytes = new TextEncoder().encode(text);
  const version = smallest(bytes.length);
  const { modules, fixed } = patterns(version);
  place(modules, fixed, codewords(bytes, version));
  const candidates = MASKS.map((mask, number) => masked(modules, fixed, mask, number));
  const penalties = candidates.map(penalty);
  return candidates[penalties.indexOf(Math.min(...penalties))]!;
}

function smallest(length: number): number {
  const index = BLOCKS.findIndex(({ data }, index) => length <= sum(data) - (index < 9 ? 2 : 3));
  if (index < 0) throw new RangeError(`${length} bytes are too many for a code.`);
  return index + 1;
}

/** Data and error correction, interleaved block by block. */
function codewords(bytes: Uint8Array, version: number): number[] {
  const { correction, data } = BLOCKS[version - 1]!;
  const all = padded(bytes, version, sum(data));
  let from = 0;
  const blocks = data.map((length) => all.slice(from, from += length));
  return [...interleaved(blocks), ...interleaved(blocks.map((block) => errorCorrection(block, correction)))];
}

function padded(bytes: Uint8Array, version: number, capacity: number): number[] {
  const bits: number[] = [];
  push(bits, BYTES, 4);
  push(bits, bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => push(bits, byte, 8));
  push(bits, 0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = Array.from(
    { length: bits.length / 8 },
    (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2),
  );
  for (let pad = 0xec; words.length < capacity; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

function push(bits: number[], value: number, length: number): void {
  for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
}

function interleaved(blocks: number[][]): number[] {
  const longest = Math.max(...blocks.map((block) => block.length));
  const columns = Array.from({ length: longest }, (_, at) => blocks.map((block) => block[at]));
  return columns.flat().filter((word) => word !== undefined);
}

/** The patterns that say that this is a code and how large; `fixed` is where no data goes. */
function patterns(version: number): { modules: Matrix; fixed: Matrix } {
  const size = 17 + 4 * version;
  const modules = square(size);
  const fixed = square(size);
  const set = (row: number, column: number, dark: boolean): void => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    modules[row]![column] = dark;
    fixed[row]![column] = true;
  };
  for (let at = 0; at < size; at++) [set(6, at, at % 2 === 0), set(at, 6, at % 2 === 0)];
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) rings(set, row, column, 4, [0, 1, 3]);
  for (const [row, column] of alignments(version, size)) rings(set, row, column, 2, [0, 2]);
  for (let at = 0; at < 9; at++) [reserve(fixed, 8, at), reserve(fixed, at, 8)];
  for (let at = 1; at < 9; at++) [reserve(fixed, 8, size - at), reserve(fixed, size - at, 8)];
  set(size - 8, 8, true);
  if (version >= 7) versionBits(set, version, size);
  return { modules, fixed };
}

type Setter = (row: number, column: number, dark: boolean) => void;

function rings(set: Setter, row: number, column: number, reach: number, dark: number[]): void {
  for (let down = -reach; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++) {
      set(row + down, column + right, dark.includes(Math.max(Math.abs(down), Math.abs(right))));
    }
  }
}

/** Everywhere but where the finder patterns are. */
function alignments(version: number, size: number): [number, number][] {
  const centres = CENTRES[version - 1]!;
  const all = centres.flatMap((row) => centres.map((column): [number, number] => [row, column]));
  const low = 6;
  const high = size - 7;
  return all.filter(([row, column]) =>
    !((row === low && column === low) || (row === low && column === high) || (row === high && column === low))
  );
}

function versionBits(set: Setter, version: number, size: number): void {
  const bits = (version << 12) | remainder(version, 12, 0x1f25);
  for (let at = 0; at < 18; at++) {
    const dark = ((bits >> at) & 1) === 1;
    const [near, far] = [Math.floor(at / 3), size - 11 + (at % 3)];
    set(near, far, dark);
    set(far, near, dark);
  }
}

/** Data goes up and down in columns of two, from the right, around the timing pattern. */
function place(modules: Matrix, fixed: Matrix, words: number[]): void {
  const size = modules.length;
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      const row = upwards ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (fixed[row]![column]) continue;
        modules[row]![column] = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        bit++;
      }
    }
  }
}

function masked(modules: Matrix, fixed: Matrix, mask: Mask, number: number): Matrix {
  const drawn = modules.map((row, r) => row.map((dark, c) => (fixed[r]![c] ? dark : dark !== mask(r, c))));
  const value = (LEVEL_M << 3) | number;
  formatBits(drawn, ((value << 10) | remainder(value, 10, 0x537)) ^ 0x5412);
  return drawn;
}

/** Twice, so that a damaged corner does no harm. */
function formatBits(modules: Matrix, bits: number): void {
  const size = modules.length;
  for (let at = 0; at < 15; at++) {
    const dark = ((bits >> at) & 1) === 1;
    const near = at < 6 ? at : at < 8 ? at + 1 : 14 - at;
    if (at < 8) modules[near]![8] = dark;
    else modules[8]![at === 8 ? 7 : near] = dark;
    if (at < 8) modules[8]![size - 1 - at] = dark;
    else modules[size - 15 + at]![8] = dark;
  }
}

/** The remainder of *value* · x^*degree* by a BCH polynomial. */
function remainder(value: number, degree: number, polynomial: number): number {
  let rest = value;
  for (let step = 0; step < degree; step++) rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
  return rest;
}

/** How hard a scanner would find it: runs, blocks, what looks like a finder pattern, and too much of one colour. */
function penalty(modules: Matrix): number {
  const columns = modules.map((_, at) => modules.map((row) => row[at]!));
  const lines = [...modules, ...columns].map((line) => line.map((dark) => (dark ? "1" : "0")).join(""));
  return sum(lines.map(runs)) + sum(lines.map(lookalikes)) + squares(modules) + imbalance(lines.slice(modules.length));
}

function runs(line: string): number {
  const long = line.match(/0{5,}|1{5,}/g) ?? [];
  return sum(long.map((run) => run.length - 2));
}

function lookalikes(line: string): number {
  return 40 * (line.match(/(?=10111010000)|(?=00001011101)/g) ?? []).length;
}

function squares(modules: Matrix): number {
  let found = 0;
  for (let r = 1; r < modules.length; r++) {
    for (let c = 1; c < modules.length; c++) {
      const dark = modules[r]![c];
      if (dark === modules[r - 1]![c] && dark === modules[r]![c - 1] && dark === modules[r - 1]![c - 1]) found++;
    }
  }
  return 3 * found;
}

function imbalance(lines: string[]): number {
  const all = lines.join("");
  const percent = (100 * all.replaceAll("0", "").length) / all.length;
  return 10 * Math.floor(Math.abs(percent - 50) / 5);
}

function square(size: number): Matrix {
  return Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
}

function reserve(fixed: Matrix, row: number, column: number): void {
  fixed[row]![column] = true;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
