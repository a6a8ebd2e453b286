/**
 * @file Weights of a run in both directions: as the forward products read them, and the other way round for adjoints.
 */

import { CajalError, type Matrix, transpose } from "../../core/index.ts";
import { elementBytes, type FloatArray } from "../kernels/index.ts";
import type { Allocator } from "../memory.ts";
import type { ResolvedOptions } from "../options.ts";
import type { GradientProjection } from "./gradient-plan.ts";

/** A stretch of numbers in memory. */
export interface Placed {
  address: number;
  /** Numbers. */
  length: number;
}

/** Wᵀ in the form of a product kernel; rows are pre. */
export type TransposedWeights = { rows: number; columns: number; address: number; length: number } & (
  | { kind: "dense" }
  | {
      kind: "sparse";
      /** Addresses. */
      rowStart: number;
      column: number;
      packed: { rowStart: Int32Array; column: Int32Array };
      /** Place of each entry in the forward order. */
      order: Int32Array;
    }
);

/** Room for Wᵀ. */
export function planTransposed(m: Matrix, options: ResolvedOptions, memory: Allocator): TransposedWeights {
  const size = { rows: m.columns, columns: m.rows, length: m.values.length };
  const address = memory.take(m.values.length * memory.elementBytes);
  if (m.kind === "dense") return { kind: "dense", ...size, address };
  const numbered = transpose({ ...m, values: m.values.map((_, k) => k) });
  const pitch = options.stride * elementBytes(options.precision);
  const packed = { rowStart: numbered.rowStart, column: numbered.column.map((i) => i * pitch) };
  return {
    kind: "sparse",
    ...size,
    address,
    rowStart: memory.take(packed.rowStart.byteLength),
    column: memory.take(packed.column.byteLength),
    packed,
    order: Int32Array.from(numbered.values),
  };
}

/** Copy the structure of transposed sparse weights; done once. */
export function placeStructure({ transposed }: GradientProjection, memory: ArrayBuffer): void {
  if (transposed?.kind !== "sparse") return;
  const { rowStart, column } = transposed.packed;
  new Int32Array(memory, transposed.rowStart, rowStart.length).set(rowStart);
  new Int32Array(memory, transposed.column, column.length).set(column);
}

/** A view of numbers of the run's precision. */
export type View = (place: Placed) => FloatArray;

/**
 * Write weights in both directions: row-major `(post, pre)` if dense, else one value per entry, rows ascending.
 *
 * @param turned - Writes Wᵀ, faster than here; gives whether it did.
 */
export function writeWeights(
  { planned, transposed }: GradientProjection,
  values: ArrayLike<number>,
  view: View,
  turned?: () => boolean,
): void {
  const forward = forwardWeights(planned, view);
  if (values.length !== forward.length) {
    throw new CajalError(`${values.length} values for ${forward.length} weights`, {
      code: "shape",
      where: `set("weights:${planned.projection.name}")`,
      hint:
        planned.weights.kind === "dense"
          ? "Give shape (post, pre)."
          : "Give one value per entry of the sparse matrix, row by row.",
    });
  }
  forward.set(values);
  if (transposed === undefined || turned?.()) return;
  const back = view(transposed);
  if (transposed.kind === "sparse") {
    for (let k = 0; k < back.length; k++) back[k] = forward[transposed.order[k]];
    return;
  }
  turn(forward, back, transposed);
}

/** Squares of this side are turned one after another, so that both sides stay in the cache. */
const SQUARE = 16;

function turn(
  forward: FloatArray,
  back: FloatArray,
  { rows, columns }: { rows: number; columns: number },
): void {
  for (let i0 = 0; i0 < columns; i0 += SQUARE) {
    const iEnd = Math.min(i0 + SQUARE, columns);
    for (let j0 = 0; j0 < rows; j0 += SQUARE) {
      const jEnd = Math.min(j0 + SQUARE, rows);
      for (let i = i0; i < iEnd; i++)
        for (let j = j0; j < jEnd; j++) back[j * columns + i] = forward[i * rows + j];
    }
  }
}

/** The weights as the forward product reads them, live. */
export function forwardWeights(
  { weights, projection }: GradientProjection["planned"],
  view: View,
): FloatArray {
  if (weights.kind !== "dense" && weights.kind !== "sparse") throw new Error("weights of another form");
  return view({ address: weights.address, length: projection.weights.values.length });
}
