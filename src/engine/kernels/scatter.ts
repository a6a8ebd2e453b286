/**
 * @file Lower triangle of X Xᵀ for rows of contiguous time, as WebAssembly SIMD.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import {
  advance,
  clear,
  copy,
  loadVector,
  locals,
  multiplyAdd,
  pointers,
  setOffset,
  setSum,
  whileBelow,
} from "./loops.ts";

/** Rows × columns of the result in registers: 8 accumulators and 6 operands fit the 16 registers of x64. */
const tile = { rows: 4, columns: 2 };

/** Rows of X must be a multiple of this; fill up with zeros. */
export const scatterMultiple = tile.rows;

/**
 * Add the kernel `(scatter, centred, variables)`, all i32: byte pointers, then a count. Adds the products of all
 * pairs of rows of `centred`, f64 `(variable, time)` with rows of `pitch` numbers, to the lower triangle of
 * `scatter`, f64 `(variable, variable)`; some places above the diagonal are written too. Even and odd times of a
 * pair are summed by themselves, so a sum depends on its two rows alone: the bits are those of `referenceScatter`.
 *
 * @param pitch - Numbers in a row of `centred`, even.
 */
export function addScatter(module: ModuleBuilder, { pitch }: { pitch: number }): FunctionHandle {
  return module.addFunction(
    "scatter",
    { parameters: ["i32", "i32", "i32"], results: [] },
    (code) => emitTiles(code, 8 * pitch),
    { exported: true },
  );
}

// Implementation

function emitTiles(code: FunctionBuilder, rowBytes: number): void {
  const [scatter, centred, variables] = pointers(code, 3);
  const [left, leftEnd, right, rightEnd, target, scatterBytes] = locals(code, "i32", 6);
  const emitTile = tileEmitter(code, rowBytes);
  code.get(variables).i32Const(3).op("i32.shl").set(scatterBytes);
  copy(code, centred, left);
  setOffset(code, leftEnd, { base: centred, count: variables, scale: rowBytes });
  whileBelow(code, left, leftEnd, () => {
    copy(code, scatter, target);
    copy(code, centred, right);
    setSum(code, rightEnd, left, tile.rows * rowBytes);
    whileBelow(code, right, rightEnd, () => {
      emitTile({ left, right, target, scatterBytes });
      advance(code, right, tile.columns * rowBytes);
      advance(code, target, 8 * tile.columns);
    });
    copy(code, rightEnd, left);
    for (let r = 0; r < tile.rows; r++) advance(code, scatter, scatterBytes);
  });
}

interface TileState {
  left: Local;
  right: Local;
  target: Local;
  scatterBytes: Local;
}

/** Writes one tile: all its pairs of rows over all times, then their sums to memory. */
function tileEmitter(code: FunctionBuilder, rowBytes: number): (state: TileState) => void {
  const [a, b, aEnd, row] = locals(code, "i32", 4);
  const sums = Array.from({ length: tile.rows }, () => locals(code, "v128", tile.columns));
  const values = locals(code, "v128", tile.columns);
  const factor = code.local("v128");
  return ({ left, right, target, scatterBytes }) => {
    for (const s of sums) clear(code, s);
    copy(code, left, a);
    copy(code, right, b);
    setSum(code, aEnd, left, rowBytes);
    whileBelow(code, a, aEnd, () => {
      for (const [c, value] of values.entries()) loadVector(code, value, b, c * rowBytes);
      for (const [r, s] of sums.entries()) {
        loadVector(code, factor, a, r * rowBytes);
        for (const [c, value] of values.entries())
          multiplyAdd(code, s[c], { factor, value, precision: "f64" });
      }
      advance(code, a, 16);
      advance(code, b, 16);
    });
    copy(code, target, row);
    for (const s of sums) {
      for (const [c, sum] of s.entries()) emitFinish(code, sum, { row, offset: 8 * c });
      advance(code, row, scatterBytes);
    }
  };
}

/** memory += even + odd. */
function emitFinish(
  code: FunctionBuilder,
  sum: Local,
  { row, offset }: { row: Local; offset: number },
): void {
  code.get(row).get(row).load("f64.load", offset);
  code.get(sum).lane("f64x2.extract_lane", 0).get(sum).lane("f64x2.extract_lane", 1).op("f64.add");
  code.op("f64.add").store("f64.store", offset);
}
