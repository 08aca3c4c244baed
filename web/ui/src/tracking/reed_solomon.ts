/** Reed–Solomon codewords over GF(256) with x^8 + x^4 + x^3 + x^2 + 1, as QR codes have them. */

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = value & 0x80 ? ((value << 1) ^ 0x11d) & 0xff : value << 1;
}

/** The *length* codewords that go with *data*. */
export function errorCorrection(data: number[], length: number): number[] {
  const divisor = generator(length);
  const rest = new Array<number>(length).fill(0);
  for (const word of data) {
    const factor = word ^ rest.shift()!;
    rest.push(0);
    divisor.forEach((coefficient, at) => (rest[at]! ^= times(coefficient, factor)));
  }
  return rest;
}

/** (x − α^0)(x − α^1)…, highest power first, without the leading 1. */
function generator(degree: number): number[] {
  const product = new Array<number>(degree).fill(0);
  product[degree - 1] = 1;
  for (let power = 0; power < degree; power++) {
    for (let at = 0; at < degree; at++) {
      product[at] = times(product[at]!, EXP[power]!) ^ (product[at + 1] ?? 0);
    }
  }
  return product;
}

export function times(a: number, b: number): number {
  return a && b ? EXP[LOG[a]! + LOG[b]!]! : 0;
}
