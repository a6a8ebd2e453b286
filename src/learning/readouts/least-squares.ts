/**
 * @file Least-squares readout without a penalty from the moments of states and targets: of all weights that fit best,
 * those of least norm, W = pinv(X − x̄)(Y − ȳ). Binary states often depend on each other, so the Gram matrix is taken
 * apart into its eigenvectors and those of eigenvalue 0 are left out. Fits as scikit-learn's LinearRegression.
 */

import { CajalError, type Moments, symmetricEigen } from "../../core/index.ts";
import { type LinearFitOptions, type LinearReadout, normalEquations, readoutOf } from "./linear-readout.ts";

/** A readout fitted by least squares. */
export interface LeastSquaresReadout extends LinearReadout {
  kind: "least-squares";
  /** Independent directions of the states the weights use, at most the number of units. */
  rank: number;
  /** Smallest eigenvalue of the Gram matrix that was used, over the largest. */
  smallest: number;
}

/** Options of {@link fitLeastSquares}. */
export interface LeastSquaresOptions extends LinearFitOptions {
  /** Default false: the norm is that of the weights on states as they are. */
  standardize?: boolean;
  /** Default true; b is not part of the norm. */
  intercept?: boolean;
  /**
   * An eigenvalue of the Gram matrix, the square of a singular value, counts as 0 below this fraction of the largest.
   * Default 16 ulp for each unit, which is the rounding error of the eigenvalues.
   */
  tolerance?: number;
}

/**
 * Fit to moments of [units …, outputs …].
 *
 * @throws CajalError `bad-option`, `shape`, `too-few-rows` or `non-finite-moments`.
 * @example fitLeastSquares(moments, { units: 200, outputs: 10 }).rank
 */
export function fitLeastSquares(moments: Moments, options: LeastSquaresOptions): LeastSquaresReadout {
  const { units, outputs, standardize = false, intercept = true } = options;
  const equations = normalEquations("leastSquares", moments, { units, outputs, standardize, intercept });
  const { gram, cross, active } = equations;
  const n = active.length;
  const { tolerance = 16 * EPSILON * n } = options;
  if (!(tolerance >= 0 && tolerance < 1)) {
    throw new CajalError(`tolerance must be a number from 0 up to 1, got ${tolerance}`, {
      code: "bad-option",
      where: "leastSquares",
    });
  }
  const { values, vectors } = symmetricEigen(gram, n);
  const largest = n > 0 ? values[n - 1] : 0;
  const beta = new Float64Array(n * outputs);
  const along = new Float64Array(outputs);
  let rank = 0;
  let smallest = 1;
  for (let k = n - 1; k >= 0 && values[k] > tolerance * largest; k--) {
    const vector = vectors.subarray(k * n, k * n + n);
    project(cross, vector, along);
    for (let i = 0; i < n; i++)
      for (let o = 0; o < outputs; o++) beta[i * outputs + o] += vector[i] * (along[o] / values[k]);
    smallest = values[k] / largest;
    rank++;
  }
  return { kind: "least-squares", ...readoutOf(equations, beta), rank, smallest };
}

// Implementation

const EPSILON = 2.220446049250313e-16;

/** out = vectorᵀ cross, shape `(output)`. */
function project(cross: Float64Array, vector: Float64Array, out: Float64Array): void {
  const outputs = out.length;
  out.fill(0);
  for (let i = 0; i < vector.length; i++)
    for (let o = 0; o < outputs; o++) out[o] += vector[i] * cross[i * outputs + o];
}
