/**
 * @file How well inter-spike intervals follow an exponential law: maximum likelihood in whole steps, that is the
 * geometric distribution of a memoryless unit, and the least-squares curve people draw over the histogram.
 */

import { CajalError, exp, log, log1p } from "../../core/index.ts";
import type { IntervalHistogram } from "./intervals.ts";

/** Geometric law of intervals k ≥ m: P(k) = p (1 − p)^(k − m). */
export interface GeometricFit {
  /** Chance of a spike at each step once m − 1 silent steps are over. */
  p: number;
  /** p √((1 − p) / n), from the Fisher information. */
  standardError: number;
  /** Smallest interval m of the law [steps]. */
  minimum: number;
  /** Intervals ≥ m that were fitted. */
  count: number;
  logLikelihood: number;
  /** 2 − 2 ln L: one parameter. */
  aic: number;
  /** Largest difference of the cumulative distributions; about 1 / √n when the law holds. */
  ks: number;
  /** Rate of the continuous exponential with the same survival, −ln(1 − p) [1/step]. */
  rate: number;
}

/** Curve y = a e^(−b x) − c. */
export interface ExponentialCurve {
  a: number;
  b: number;
  /** 0 unless an offset was asked for. */
  c: number;
  /** Σ (y − curve)². */
  residual: number;
  /** 1 − residual / Σ (y − ȳ)². */
  rSquared: number;
}

/**
 * Maximum-likelihood geometric law of intervals, the null of a unit without memory: p = 1 / (Ī − m + 1).
 *
 * @param options.minimum - Smallest interval m that counts [steps], ≥ 1, default 1; shorter ones are left out.
 * @throws CajalError `no-intervals`, `bad-interval`.
 */
export function fitGeometricIntervals(
  histogram: IntervalHistogram,
  { minimum = 1 }: { minimum?: number } = {},
): GeometricFit {
  if (!Number.isInteger(minimum) || minimum < 1) {
    throw new CajalError(`the smallest interval must be a whole number ≥ 1, got ${minimum}`, {
      code: "bad-interval",
      where: "fitGeometricIntervals",
    });
  }
  const { counts } = histogram;
  let count = 0;
  let excess = 0;
  for (let k = minimum; k < counts.length; k++) {
    count += counts[k];
    excess += counts[k] * (k - minimum);
  }
  if (count === 0) {
    throw new CajalError(`no interval of ${minimum} steps or more`, {
      code: "no-intervals",
      where: "fitGeometricIntervals",
      hint: "Record more steps, or lower minimum.",
    });
  }
  const p = count / (count + excess);
  // At p = 1 every interval is m and the term with 1 − p has the factor 0.
  const logLikelihood = count * log(p) + (excess > 0 ? excess * log1p(-p) : 0);
  let ks = 0;
  let below = 0;
  let survival = 1;
  for (let k = minimum; k < counts.length; k++) {
    below += counts[k];
    survival *= 1 - p;
    ks = Math.max(ks, Math.abs(below / count - (1 - survival)));
  }
  return {
    p,
    standardError: p * Math.sqrt((1 - p) / count),
    minimum,
    count,
    logLikelihood,
    aic: 2 - 2 * logLikelihood,
    ks,
    rate: -log1p(-p),
  };
}

/**
 * Least squares of y = a e^(−b x), or with `offset` of y = a e^(−b x) − c. For given b the curve is linear in a and c,
 * so only b is searched: a grid over six decades of b times the range of x, then golden section. It weighs all bins
 * alike and is for the picture; for numbers use {@link fitGeometricIntervals}.
 *
 * @param x - Places, e.g. interval lengths, shape `(bin)`.
 * @param y - Counts or densities, shape `(bin)`.
 * @throws CajalError `shape` when fewer points than parameters, or lengths differ.
 */
export function fitExponentialCurve(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { offset = false }: { offset?: boolean } = {},
): ExponentialCurve {
  if (x.length !== y.length || x.length < (offset ? 3 : 2)) {
    throw new CajalError(`${x.length} places and ${y.length} values`, {
      code: "shape",
      where: "fitExponentialCurve",
      hint: `Give as many values as places, at least ${offset ? 3 : 2}.`,
    });
  }
  let low = x[0];
  let high = x[0];
  for (let k = 1; k < x.length; k++) {
    low = Math.min(low, x[k]);
    high = Math.max(high, x[k]);
  }
  const cost = (logB: number) => linearPart(x, y, { b: exp(logB), low, offset }).residual;
  const scale = log(high > low ? high - low : 1);
  const STEP = 0.1;
  let best = -log(1000) - scale;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k <= 138; k++) {
    const at = -log(1000) - scale + k * STEP;
    const value = cost(at);
    if (value < least) {
      least = value;
      best = at;
    }
  }
  const b = exp(goldenSection(cost, best - STEP, best + STEP));
  const { a, c, residual, total } = linearPart(x, y, { b, low, offset });
  return { a: a * exp(b * low), b, c: c === 0 ? 0 : -c, residual, rSquared: 1 - residual / total };
}

// Implementation

/** Regression of y on e^(−b (x − low)), and a constant if wanted; `low` keeps the exponential in range. */
function linearPart(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { b, low, offset }: { b: number; low: number; offset: boolean },
): { a: number; c: number; residual: number; total: number } {
  const n = x.length;
  const e = Float64Array.from(x, (v) => exp(-b * (v - low)));
  let meanE = 0;
  let meanY = 0;
  for (let k = 0; k < n; k++) {
    meanE += e[k] / n;
    meanY += y[k] / n;
  }
  const centreE = offset ? meanE : 0;
  const centreY = offset ? meanY : 0;
  let ee = 0;
  let ey = 0;
  for (let k = 0; k < n; k++) {
    ee += (e[k] - centreE) * (e[k] - centreE);
    ey += (e[k] - centreE) * (y[k] - centreY);
  }
  const a = ee > 0 ? ey / ee : 0;
  const c = centreY - a * centreE;
  let residual = 0;
  let total = 0;
  for (let k = 0; k < n; k++) {
    residual += (y[k] - a * e[k] - c) * (y[k] - a * e[k] - c);
    total += (y[k] - meanY) * (y[k] - meanY);
  }
  return { a, c, residual, total };
}

function goldenSection(f: (x: number) => number, from: number, to: number): number {
  const GOLDEN = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let left = b - GOLDEN * (b - a);
  let right = a + GOLDEN * (b - a);
  let [fLeft, fRight] = [f(left), f(right)];
  for (let k = 0; k < 60; k++) {
    if (fLeft <= fRight) {
      [b, right, fRight] = [right, left, fLeft];
      left = b - GOLDEN * (b - a);
      fLeft = f(left);
    } else {
      [a, left, fLeft] = [left, right, fRight];
      right = a + GOLDEN * (b - a);
      fRight = f(right);
    }
  }
  return (a + b) / 2;
}
