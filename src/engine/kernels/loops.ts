/**
 * @file Small phrases the kernels are written in: pointers, loops, rows of vector accumulators.
 */

import type { FunctionBuilder, Local, ValueType } from "../../compiler/index.ts";
import type { Precision, ProductOptions } from "./options.ts";

/** Names of the operations of a precision. */
export const arithmetic = {
  f64: { scalar: "f64", vector: "f64x2", splat: "v128.load64_splat", bytes: 8 },
  f32: { scalar: "f32", vector: "f32x4", splat: "v128.load32_splat", bytes: 4 },
} as const satisfies Record<Precision, unknown>;

/** The parameters of a function whose first `count` are i32. */
export function pointers(code: FunctionBuilder, count: number): Local[] {
  return Array.from({ length: count }, (_, i) => code.parameter(i));
}

/** Fresh locals of one type. */
export function locals(code: FunctionBuilder, type: ValueType, count: number): Local[] {
  return Array.from({ length: count }, () => code.local(type));
}

/** target = base + bytes, i32. */
export function setSum(code: FunctionBuilder, target: Local, base: Local, bytes: number | Local): void {
  code.get(base);
  if (typeof bytes === "number") code.i32Const(bytes);
  else code.get(bytes);
  code.op("i32.add").set(target);
}

/** pointer += bytes. */
export function advance(code: FunctionBuilder, pointer: Local, bytes: number | Local): void {
  setSum(code, pointer, pointer, bytes);
}

/** to = from. */
export function copy(code: FunctionBuilder, from: Local, to: Local): void {
  code.get(from).set(to);
}

/** target = base + count · scale, i32; `count` is a local, or pushes the number. */
export function setOffset(
  code: FunctionBuilder,
  target: Local,
  { base, count, scale }: { base: Local; count: Local | (() => void); scale: number },
): void {
  code.get(base);
  if (typeof count === "function") count();
  else code.get(count);
  code.i32Const(scale).op("i32.mul").op("i32.add").set(target);
}

/** Run `body` as long as pointer < end, unsigned; the body moves the pointer. */
export function whileBelow(code: FunctionBuilder, pointer: Local, end: Local, body: () => void): void {
  code.get(pointer).get(end).op("i32.lt_u");
  code.if(() => {
    code.loop(() => {
      body();
      code.get(pointer).get(end).op("i32.lt_u").brIf(0);
    });
  });
}

/** target = the vector at address + offset. */
export function loadVector(code: FunctionBuilder, target: Local, address: Local, offset: number): void {
  code.get(address).load("v128.load", offset).set(target);
}

/** target = the number at address + offset, in every lane. */
export function loadSplat(
  code: FunctionBuilder,
  target: Local,
  { address, offset = 0, precision }: { address: Local; offset?: number; precision: Precision },
): void {
  code.get(address).load(arithmetic[precision].splat, offset).set(target);
}

/** sum += factor · value, two roundings; `value` is a local, or pushes the vector. */
export function multiplyAdd(
  code: FunctionBuilder,
  sum: Local,
  { factor, value, precision }: { factor: Local; value: Local | (() => void); precision: Precision },
): void {
  const { vector } = arithmetic[precision];
  code.get(sum).get(factor);
  if (typeof value === "function") value();
  else code.get(value);
  code.op(`${vector}.mul`).op(`${vector}.add`).set(sum);
}

/** Set vectors to +0. */
export function clear(code: FunctionBuilder, vectors: readonly Local[]): void {
  for (const v of vectors) code.f64x2Const(0).set(v);
}

/** Where and how finished sums go to memory. */
export interface Destination extends ProductOptions {
  pointer: Local;
  /** Bytes from the pointer to the first sum. */
  offset?: number;
}

/** Store sums side by side, or add them to what is there; vectors or scalars, by the type of the locals. */
export function storeSums(
  code: FunctionBuilder,
  sums: readonly Local[],
  { pointer, offset = 0, precision, accumulate }: Destination,
): void {
  const { scalar, vector, bytes } = arithmetic[precision];
  sums.forEach((sum, k) => {
    const [type, add, size] =
      sum.type === "v128" ? (["v128", vector, 16] as const) : ([scalar, scalar, bytes] as const);
    const at = offset + size * k;
    code.get(pointer);
    if (accumulate) code.get(pointer).load(`${type}.load`, at);
    code.get(sum);
    if (accumulate) code.op(`${add}.add`);
    code.store(`${type}.store`, at);
  });
}

/** Some of a neuron's vectors, worked on together. */
export interface Tile {
  /** Vectors. */
  width: number;
  /** Where the tile begins in the first neuron of `x`, and in `out`. */
  x: Local;
  out: Local;
}

/** Run `body` for one tile after another; it is written once for each width, of which there are two at most. */
export function eachTile(
  code: FunctionBuilder,
  { vectors, widest, x, out }: { vectors: number; widest: number; x: Local; out: Local },
  body: (tile: Tile) => void,
): void {
  if (vectors <= widest) {
    body({ width: vectors, x, out });
    return;
  }
  const [tileX, tileOut, end] = locals(code, "i32", 3);
  copy(code, x, tileX);
  copy(code, out, tileOut);
  for (const { width, count } of tileWidths(vectors, widest)) {
    setSum(code, end, tileX, 16 * width * count);
    whileBelow(code, tileX, end, () => {
      body({ width, x: tileX, out: tileOut });
      advance(code, tileX, 16 * width);
      advance(code, tileOut, 16 * width);
    });
  }
}

/** Cut `vectors` into the fewest tiles of at most `widest`, as even as can be, the wider first. */
export function tileWidths(vectors: number, widest: number): { width: number; count: number }[] {
  const tiles = Math.ceil(vectors / widest);
  const width = Math.ceil(vectors / tiles);
  const narrower = width * tiles - vectors;
  return [
    { width, count: tiles - narrower },
    { width: width - 1, count: narrower },
  ].filter(({ count }) => count > 0);
}
