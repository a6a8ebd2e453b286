/**
 * @file Linear classification of states: least squares on one-hot targets, without a penalty or with a ridge, and the
 * class of a state as the output that is largest. Logistic regression is in `logistic.ts`.
 */

import type { Moments } from "../../core/index.ts";
import { classMomentsOf } from "./class-moments.ts";
import { checkSizes, type LabelledStates, StateRows, type States } from "./labelled-states.ts";
import { fitLeastSquares, type LeastSquaresReadout } from "./least-squares.ts";
import type { LinearReadout } from "./linear-readout.ts";
import { fitRidge, type RidgeReadout } from "./ridge.ts";

/** Options of {@link fitClassifier}. */
export interface ClassifierOptions {
  units: number;
  classes: number;
  /** 0 (default): least squares of least norm. Above 0 or `"gcv"`: ridge, with one λ for all classes. */
  lambda?: number | "gcv";
  /** Default true. */
  intercept?: boolean;
  /** Default false without a penalty, true with one. */
  standardize?: boolean;
  /** Without a penalty: see {@link fitLeastSquares}. */
  tolerance?: number;
}

/**
 * Fit a linear classifier to moments of [units …, classes …], as `ClassMoments` collects them.
 *
 * @throws CajalError as `fitLeastSquares` and `fitRidge`.
 * @example const predicted = predictClasses(fitClassifier(moments, { units: 200, classes: 6 }), raster);
 */
export function fitClassifier(
  moments: Moments,
  options: ClassifierOptions,
): LeastSquaresReadout | RidgeReadout {
  const { units, classes, lambda = 0, intercept = true, standardize, tolerance } = options;
  checkSizes("fitClassifier", { units, classes });
  const sizes = { units, outputs: classes, intercept };
  if (lambda === 0) return fitLeastSquares(moments, { ...sizes, standardize, tolerance });
  return fitRidge(moments, { ...sizes, standardize, lambda, perOutput: false });
}

/** Fit a linear classifier to arrays. @throws CajalError as {@link fitClassifier}, or `bad-label`. */
export function classifier(
  data: LabelledStates,
  options: ClassifierOptions,
): LeastSquaresReadout | RidgeReadout {
  return fitClassifier(classMomentsOf(data, options), options);
}

/**
 * Outputs of a linear readout for states as numbers or bit-packed.
 *
 * @param readout - Of any kind; for `logistic` these are the logits.
 * @returns Shape `(time, output)`.
 * @throws CajalError `shape`.
 */
export function classScores(readout: LinearReadout, states: States): Float64Array {
  const { units, outputs } = readout;
  const rows = new StateRows("classScores", states, units);
  const scores = new Float64Array(rows.steps * outputs);
  const row = new Float64Array(outputs);
  const byUnit = transposed(readout.weights, outputs, units);
  for (let t = 0; t < rows.steps; t++) {
    rows.read(t);
    scoreRow(rows, { byUnit, intercept: readout.intercept }, row);
    scores.set(row, t * outputs);
  }
  return scores;
}

/**
 * Class of each state: the output that is largest, the first of equals.
 *
 * @returns Shape `(time)`.
 * @throws CajalError `shape`.
 */
export function predictClasses(readout: LinearReadout, states: States): Int32Array {
  const { units, outputs } = readout;
  const rows = new StateRows("predictClasses", states, units);
  const classes = new Int32Array(rows.steps);
  const row = new Float64Array(outputs);
  const byUnit = transposed(readout.weights, outputs, units);
  for (let t = 0; t < rows.steps; t++) {
    rows.read(t);
    scoreRow(rows, { byUnit, intercept: readout.intercept }, row);
    for (let c = 1; c < outputs; c++) if (row[c] > row[classes[t]]) classes[t] = c;
  }
  return classes;
}

/** out = b + W x for the row that was read. @param weights.byUnit - Wᵀ, shape `(unit, class)`. */
export function scoreRow(
  rows: StateRows,
  { byUnit, intercept }: { byUnit: Float64Array; intercept: Float64Array },
  out: Float64Array,
): void {
  const classes = out.length;
  for (let c = 0; c < classes; c++) out[c] = intercept[c];
  for (let a = 0; a < rows.count; a++) {
    const at = rows.index[a] * classes;
    const x = rows.value[a];
    for (let c = 0; c < classes; c++) out[c] += x * byUnit[at + c];
  }
}

/** Transpose of a row-major matrix. */
export function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j];
  return out;
}
