/**
 * @file Plain-JavaScript twins of the kernels: same arguments with typed arrays for pointers, same bits. The
 * interpreter back end runs on them and every kernel is tested against them.
 *
 * The order of every sum is part of the contract: one accumulator per (post, instance), from +0, ascending pre.
 */

import {
  checkLayout,
  elementBytes,
  type FloatArray,
  type Layout,
  type ProductOptions,
  panelRows,
  type ReductionOptions,
} from "./options.ts";
import { panelIndex } from "./pack.ts";

/** out[post, instance] = Σ w[post, pre] x[pre, instance] over the edges of each row; arrays as `packSparse` makes them. */
export type SparseProduct = (
  out: FloatArray,
  x: FloatArray,
  rowStart: Int32Array,
  column: Int32Array,
  values: FloatArray,
  rows: number,
) => void;

/** out[post, instance] = Σ w[post, pre] x[pre, instance]; `weights` as `packDense` makes them. */
export type DenseProduct = (
  out: FloatArray,
  x: FloatArray,
  weights: FloatArray,
  rows: number,
  columns: number,
) => void;

/** out[instance] = reduction of x[neuron, instance] over neurons, ascending. */
export type Reduction = (out: FloatArray, x: FloatArray, neurons: number) => void;

/** Twin of `addSparseProduct`. @throws CajalError `bad-stride`. */
export function referenceSparseProduct(options: ProductOptions): SparseProduct {
  checkLayout(options, "referenceSparseProduct");
  const { stride, accumulate } = options;
  const round = rounding(options);
  const bytes = elementBytes(options.precision);
  return (out, x, rowStart, column, values, rows) => {
    for (let i = 0; i < rows; i++) {
      for (let b = 0; b < stride; b++) {
        let sum = 0;
        for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
          sum = round(sum + round(values[k] * x[column[k] / bytes + b]));
        }
        out[i * stride + b] = accumulate ? out[i * stride + b] + sum : sum;
      }
    }
  };
}

/** Twin of `addDenseProduct`; for one instance it writes the padding up to a multiple of 16 rows as well. */
export function referenceDenseProduct(options: ProductOptions): DenseProduct {
  checkLayout(options, "referenceDenseProduct");
  const { stride, accumulate } = options;
  const round = rounding(options);
  return (out, x, weights, rows, columns) => {
    const at = stride === 1 ? panelIndex(columns) : (post: number, pre: number) => post * columns + pre;
    const written = stride === 1 ? Math.ceil(rows / panelRows) * panelRows : rows;
    for (let i = 0; i < written; i++) {
      for (let b = 0; b < stride; b++) {
        let sum = 0;
        for (let j = 0; j < columns; j++) sum = round(sum + round(weights[at(i, j)] * x[j * stride + b]));
        out[i * stride + b] = accumulate ? out[i * stride + b] + sum : sum;
      }
    }
  };
}

/** Twin of `addReduction`. @throws CajalError `bad-stride`. */
export function referenceReduction(options: ReductionOptions): Reduction {
  checkLayout(options, "referenceReduction");
  const { kind, stride } = options;
  const round = rounding(options);
  const start = { sum: 0, mean: 0, min: Infinity, max: -Infinity }[kind];
  const add = (a: number, b: number) => round(a + b);
  const fold = { sum: add, mean: add, min: Math.min, max: Math.max }[kind];
  return (out, x, neurons) => {
    for (let b = 0; b < stride; b++) {
      let value = start;
      for (let i = 0; i < neurons; i++) value = fold(value, x[i * stride + b]);
      out[b] = kind === "mean" ? value / neurons : value;
    }
  };
}

/**
 * Twin of the scatter kernel: adds the products of all pairs of rows to the lower triangle.
 * Every pair sums its even and its odd places by themselves, then the two sums, then what was there.
 *
 * @param scatter - Shape `(variable, variable)`, row pitch `variables`.
 * @param centred - Shape `(variable, time)`, row pitch `pitch`.
 * @param pitch - Numbers in a row, even.
 */
export function referenceScatter(
  scatter: Float64Array,
  centred: Float64Array,
  { variables, pitch }: { variables: number; pitch: number },
): void {
  for (let i = 0; i < variables; i++) {
    for (let j = 0; j <= i; j++) {
      let even = 0;
      let odd = 0;
      for (let t = 0; t < pitch; t += 2) {
        even += centred[i * pitch + t] * centred[j * pitch + t];
        odd += centred[i * pitch + t + 1] * centred[j * pitch + t + 1];
      }
      scatter[i * variables + j] += even + odd;
    }
  }
}

// Implementation

/** Every f32 operation rounds once; a product or sum of two f32 done in f64 and rounded is that same result. */
function rounding({ precision }: Layout): (value: number) => number {
  return precision === "f32" ? Math.fround : (value) => value;
}
