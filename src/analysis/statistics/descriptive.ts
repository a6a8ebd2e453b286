/**
 * @file Mean, spread and quantiles of a sample. Sums are compensated, so the order of a long sample hardly matters.
 */

import { CajalError } from "../../core/index.ts";

/** Five quantiles and moments of one sample; what a band or a box shows. Any field is NaN where it is undefined. */
export interface SampleSummary {
  count: number;
  mean: number;
  /** Sample standard deviation, divisor n − 1; NaN below two values. */
  standardDeviation: number;
  minimum: number;
  /** 5 % quantile, type 7. */
  q05: number;
  /** 25 % quantile, type 7. */
  q25: number;
  median: number;
  /** 75 % quantile, type 7. */
  q75: number;
  /** 95 % quantile, type 7. */
  q95: number;
  maximum: number;
}

/** Arithmetic mean, Neumaier-compensated; NaN of an empty sample. @param values - Shape `(sample)`. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const next = sum + values[i];
    lost += Math.abs(sum) >= Math.abs(values[i]) ? sum - next + values[i] : values[i] - next + sum;
    sum = next;
  }
  // An infinite value makes the correction NaN; the plain sum is then the answer.
  return (Number.isFinite(sum) ? sum + lost : sum) / values.length;
}

/** Sample variance with divisor n − 1, in two passes; NaN below two values. @param values - Shape `(sample)`. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i] - centre;
    squares += d * d;
    rest += d;
  }
  // `rest` is 0 in exact arithmetic; subtracting its square removes the error of a rounded mean.
  return Math.max(0, (squares - (rest * rest) / values.length) / (values.length - 1));
}

/** Square root of {@link variance}. @param values - Shape `(sample)`. */
export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values));
}

/** Standard error of the mean, sd / √n; NaN below two values. @param values - Shape `(sample)`. */
export function standardError(values: ArrayLike<number>): number {
  return standardDeviation(values) / Math.sqrt(values.length);
}

/**
 * Quantile by linear interpolation between order statistics, h = (n − 1) p: type 7 of Hyndman & Fan (1996), the
 * default of R and NumPy.
 *
 * @param values - Shape `(sample)`, any order, without NaN; unchanged.
 * @param p - Probability, 0–1.
 * @returns The quantile; NaN of an empty sample.
 * @throws CajalError `bad-probability`, `not-a-number`.
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  return sortedQuantile(sorted(values, "quantile"), p);
}

/** Middle of a sample, the 50 % {@link quantile}. @param values - Shape `(sample)`. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Moments and the quantiles that bands show. @param values - Shape `(sample)`; NaN is refused, drop it first. */
export function summarizeSample(values: ArrayLike<number>): SampleSummary {
  const s = sorted(values, "summarizeSample");
  return {
    count: s.length,
    mean: mean(s),
    standardDeviation: standardDeviation(s),
    minimum: s.length ? s[0] : Number.NaN,
    q05: sortedQuantile(s, 0.05),
    q25: sortedQuantile(s, 0.25),
    median: sortedQuantile(s, 0.5),
    q75: sortedQuantile(s, 0.75),
    q95: sortedQuantile(s, 0.95),
    maximum: s.length ? s[s.length - 1] : Number.NaN,
  };
}

/** Quantile of values already ascending; see {@link quantile}. */
export function sortedQuantile(ascending: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new CajalError(`probability must lie in 0 … 1, got ${p}`, {
      code: "bad-probability",
      where: "quantile",
      hint: "Write 5 % as 0.05.",
    });
  }
  const n = ascending.length;
  if (n === 0) return Number.NaN;
  const h = (n - 1) * p;
  const below = Math.floor(h);
  const low = ascending[below];
  const high = ascending[Math.min(below + 1, n - 1)];
  // Without this test, equal infinities would give NaN.
  return low === high ? low : low + (h - below) * (high - low);
}

// Implementation

function sorted(values: ArrayLike<number>, where: string): Float64Array {
  const s = Float64Array.from(values);
  const bad = s.findIndex((v) => Number.isNaN(v));
  if (bad >= 0) {
    throw new CajalError(`value ${bad} of ${s.length} is NaN`, {
      code: "not-a-number",
      where,
      hint: "Drop diverged runs before summarising, and report how many were dropped.",
    });
  }
  return s.sort();
}
