/**
 * @file What every kernel is specialised on: number type, instances per neuron, store or add.
 */

import { CajalError } from "../../core/index.ts";

/** Number type of states and weights. */
export type Precision = "f64" | "f32";

/** Layout of a state array, `(neuron, instance)`, instance innermost. */
export interface Layout {
  precision: Precision;
  /** Instances per neuron: 1, or a multiple of 4 of which the last ones may be padding. */
  stride: number;
}

/** Options of the products. */
export interface ProductOptions extends Layout {
  /** False stores the row sum in `out`, true adds the finished row sum to what is there. */
  accumulate: boolean;
}

/**
 * How a reduction folds. Sum and mean start from +0, the mean divides once at the end. Min and max start from
 * ±Infinity and are those of `Math.min` and `Math.max`: NaN wins over all, −0 < +0. Of no neurons: 0, NaN, ±Infinity.
 */
export type ReductionKind = "sum" | "mean" | "min" | "max";

/** Options of a reduction. */
export interface ReductionOptions extends Layout {
  kind: ReductionKind;
}

/** States and weights of either precision. */
export type FloatArray = Float64Array | Float32Array;

/** Rows of one panel of packed dense weights, and the multiple arrays of one instance are padded to. */
export const panelRows = 16;

/** Bytes of one number. */
export function elementBytes(precision: Precision): number {
  return precision === "f64" ? 8 : 4;
}

/** A zeroed array of the precision, or a copy of `values` rounded to it. */
export function floatArray(precision: Precision, values: number | ArrayLike<number>): FloatArray {
  const Make = precision === "f64" ? Float64Array : Float32Array;
  return typeof values === "number" ? new Make(values) : Make.from(values);
}

/** @throws CajalError `bad-stride` unless the stride is 1 or a positive multiple of 4. */
export function checkLayout({ stride }: Layout, where: string): void {
  if (stride === 1 || (Number.isInteger(stride) && stride > 0 && stride % 4 === 0)) return;
  throw new CajalError(`stride must be 1 or a multiple of 4, got ${stride}`, {
    code: "bad-stride",
    where,
    hint: "Pad the instances to the next multiple of 4.",
  });
}
