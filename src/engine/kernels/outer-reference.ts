/**
 * @file Plain-JavaScript twins of the kernels for gradients of weights: same arguments, same order of sums, same bits.
 */

import { checkLayout, elementBytes, type FloatArray, type Layout } from "./options.ts";

/** Where one step of a series begins after another, in numbers, and how many there are. */
export interface StepSeries {
  steps: number;
  dPitch: number;
  xPitch: number;
}

/** Twin of `addOuterProduct`: out[post, pre] += Σ d[step, post, instance] x[step, pre, instance]. */
export function referenceOuterProduct(layout: Layout) {
  checkLayout(layout, "referenceOuterProduct");
  const entry = entryOf(layout);
  return (
    out: FloatArray,
    d: FloatArray,
    x: FloatArray,
    { rows, columns, ...series }: StepSeries & { rows: number; columns: number },
  ): void => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++)
        out[i * columns + j] += entry({ d, x, i, j: j * layout.stride }, series);
    }
  };
}

/** Twin of `addSparseOuterProduct`; `rowStart` and `column` as `packSparse` makes them, `out` is `(edge)`. */
export function referenceSparseOuterProduct(layout: Layout) {
  checkLayout(layout, "referenceSparseOuterProduct");
  const entry = entryOf(layout);
  const bytes = elementBytes(layout.precision);
  return (
    out: FloatArray,
    d: FloatArray,
    x: FloatArray,
    { rowStart, column, ...series }: StepSeries & { rowStart: Int32Array; column: Int32Array },
  ): void => {
    for (let i = 0; i + 1 < rowStart.length; i++) {
      for (let e = rowStart[i]; e < rowStart[i + 1]; e++)
        out[e] += entry({ d, x, i, j: column[e] / bytes }, series);
    }
  };
}

// Implementation

/** One entry; `j` is the place of the presynaptic unit in `x`. */
function entryOf({ precision, stride }: Layout) {
  const round = precision === "f32" ? Math.fround : (value: number) => value;
  const lanes = precision === "f32" ? 4 : 2;
  const sums = new Float64Array(lanes);
  return (
    { d, x, i, j }: { d: FloatArray; x: FloatArray; i: number; j: number },
    { steps, dPitch, xPitch }: StepSeries,
  ): number => {
    sums.fill(0);
    for (let t = 0; t < steps; t++) {
      for (let b = 0; b < stride; b++) {
        const product = round(d[t * dPitch + i * stride + b] * x[t * xPitch + j + b]);
        sums[b % lanes] = round(sums[b % lanes] + product);
      }
    }
    const first = round(sums[0] + sums[1]);
    return lanes === 2 ? first : round(first + round(sums[2] + sums[3]));
  };
}
