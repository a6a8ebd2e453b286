/**
 * @file Maximum likelihood of an exponential family on a window of whole numbers,
 *
 *   ln p(k) = base(k) + Σᵢ cᵢ tᵢ(k) − ln Z(c),  Z = Σ over the window,
 *
 * by Newton's method with step halving. The log-likelihood is concave in c and its curvature is −n Cov(t), so there is
 * one maximum, and the Fisher information comes with it (Barndorff-Nielsen 1978, *Information and Exponential Families*).
 */

import { exp, log } from "../../core/index.ts";
import type { IntegerHistogram } from "./integer-histogram.ts";

/** A family on a window: fixed part and one or two statistics, each of shape `(value)`. */
export interface WindowFamily {
  base: Float64Array | undefined;
  statistics: readonly Float64Array[];
}

/** Where the likelihood is largest. */
export interface WindowMaximum {
  coefficients: number[];
  logLikelihood: number;
  /** Covariance of the statistics under the law, row-major, shape `(statistic, statistic)`. */
  covariance: number[];
  /** False where no finite maximum exists, e.g. all values at one end of the window. */
  converged: boolean;
}

/** Maximise from `start`, by default all coefficients 0. */
export function maximizeOnWindow(
  histogram: IntegerHistogram,
  { base, statistics }: WindowFamily,
  start: readonly number[] = statistics.map(() => 0),
): WindowMaximum {
  const centred = statistics.map((t) => centredOnMean(t, histogram));
  const scratch = new Float64Array(histogram.counts.length);
  const at = (c: readonly number[]) => evaluate(c, base, centred, scratch);
  let best = at(start);
  let converged = false;
  for (let i = 0; i < MOST_STEPS && !converged; i++) {
    const step = newtonStep(best);
    const gain = step.reduce((sum, s, j) => sum + s * best.gradient[j], 0);
    if (!(gain >= 0 && gain < Number.POSITIVE_INFINITY)) break;
    let size = 1;
    let next = at(best.coefficients.map((c, j) => c + step[j]));
    // Near the maximum the value no longer resolves the gain, the gradient still does: take the step unseen.
    while (gain > UNRESOLVED && !(next.value >= best.value) && size > 1e-9) {
      size /= 2;
      const shorter = size;
      next = at(best.coefficients.map((c, j) => c + shorter * step[j]));
    }
    best = next;
    converged = gain < CLOSE_ENOUGH;
  }
  return {
    coefficients: best.coefficients,
    logLikelihood: histogram.n * best.value + (base ? weightedSum(base, histogram.counts) : 0),
    covariance: best.covariance,
    converged,
  };
}

/** ln p of each value of the window from unnormalised logarithms; overwrites and returns `weights`, shape `(value)`. */
export function normalizeLog(weights: Float64Array): Float64Array {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < weights.length; i++) top = Math.max(top, weights[i]);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += exp(weights[i] - top);
  const logPartition = top + log(sum);
  for (let i = 0; i < weights.length; i++) weights[i] -= logPartition;
  return weights;
}

// Implementation

const MOST_STEPS = 100;
/** Gain of a step, in log-likelihood per value: below this rounding of the value may hide it. */
const UNRESOLVED = 1e-12;
/** Squared distance to the maximum in standard deviations of one value. */
const CLOSE_ENOUGH = 1e-20;

interface Point {
  coefficients: number[];
  /** Log-likelihood per value without the fixed part. */
  value: number;
  gradient: number[];
  covariance: number[];
}

/** t − observed mean of t: then the likelihood is −ln Z alone and the covariance does not cancel. */
function centredOnMean(t: Float64Array, { counts, n }: IntegerHistogram): Float64Array {
  const centre = weightedSum(t, counts) / n;
  return t.map((v) => v - centre);
}

function weightedSum(values: Float64Array, counts: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += counts[i] * values[i];
  return sum;
}

function evaluate(
  c: readonly number[],
  base: Float64Array | undefined,
  t: readonly Float64Array[],
  logs: Float64Array,
): Point {
  const [t0, t1 = t[0]] = t;
  const c0 = c[0];
  const c1 = t.length > 1 ? c[1] : 0;
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) {
    logs[i] = (base ? base[i] : 0) + c0 * t0[i] + c1 * t1[i];
    top = Math.max(top, logs[i]);
  }
  let z = 0;
  let m0 = 0;
  let m1 = 0;
  let q00 = 0;
  let q01 = 0;
  let q11 = 0;
  for (let i = 0; i < logs.length; i++) {
    const w = exp(logs[i] - top);
    z += w;
    m0 += w * t0[i];
    m1 += w * t1[i];
    q00 += w * t0[i] * t0[i];
    q01 += w * t0[i] * t1[i];
    q11 += w * t1[i] * t1[i];
  }
  m0 /= z;
  m1 /= z;
  const v00 = q00 / z - m0 * m0;
  const v01 = q01 / z - m0 * m1;
  const v11 = q11 / z - m1 * m1;
  const value = -(top + log(z));
  if (t.length === 1) return { coefficients: [c0], value, gradient: [-m0], covariance: [v00] };
  return { coefficients: [c0, c1], value, gradient: [-m0, -m1], covariance: [v00, v01, v01, v11] };
}

/** Cov⁻¹ gradient; NaN where the covariance is singular. */
function newtonStep({ gradient: g, covariance: v }: Point): number[] {
  if (g.length === 1) return [g[0] / v[0]];
  const determinant = v[0] * v[3] - v[1] * v[2];
  return [(v[3] * g[0] - v[1] * g[1]) / determinant, (v[0] * g[1] - v[2] * g[0]) / determinant];
}
