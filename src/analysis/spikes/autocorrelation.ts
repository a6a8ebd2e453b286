/**
 * @file Autocorrelation of the network's activity: how long a busy moment is remembered.
 */

import { CajalError } from "../../core/index.ts";

/** Autocorrelation against lag. */
export interface Autocorrelation {
  /** Pearson correlation of a(0 … T−k−1) with a(k … T−1) at lag k, shape `(lag)`; [0] is 1. NaN for constant parts. */
  correlation: Float64Array;
  /** 1.96 / √(T − k): 95 % of the lags of white noise lie within ± this (null), shape `(lag)`. */
  whiteNoise: Float64Array;
  /** First lag at which the correlation is below 1/e [steps]; Infinity when none is. */
  decay: number;
}

/**
 * Autocorrelation at lags 0 … `maxLag`. Each lag is the correlation coefficient of the two overlapping pieces with
 * their own means and variances, so a trend inflates it less than it does the estimator with one mean.
 *
 * @param series - a(t), shape `(time)`.
 * @param maxLag - Largest lag [steps], 0 … T − 2.
 * @throws CajalError `bad-lag`.
 */
export function activityAutocorrelation(series: ArrayLike<number>, maxLag: number): Autocorrelation {
  const n = series.length;
  if (!Number.isInteger(maxLag) || maxLag < 0 || maxLag + 2 > n) {
    throw new CajalError(`lag ${maxLag} does not fit ${n} steps`, {
      code: "bad-lag",
      where: "activityAutocorrelation",
      hint: `Give a whole number from 0 to ${Math.max(0, n - 2)}.`,
    });
  }
  // Deviations from the overall mean first, so that sums of squares do not cancel; Float64 also makes the loop quick.
  let mean = 0;
  for (let t = 0; t < n; t++) mean += series[t];
  mean /= n;
  const d = Float64Array.from(series, (v) => v - mean);
  const total = sums(d, 0, n);
  const correlation = new Float64Array(maxLag + 1);
  const whiteNoise = new Float64Array(maxLag + 1);
  for (let k = 0; k <= maxLag; k++) {
    const m = n - k;
    let products = 0;
    for (let t = 0; t < m; t++) products += d[t] * d[t + k];
    const start = sums(d, 0, k);
    const end = sums(d, m, n);
    const first = { sum: total.sum - end.sum, squares: total.squares - end.squares };
    const second = { sum: total.sum - start.sum, squares: total.squares - start.squares };
    const spread =
      (first.squares - (first.sum * first.sum) / m) * (second.squares - (second.sum * second.sum) / m);
    const covariance = products - (first.sum * second.sum) / m;
    correlation[k] = k === 0 && spread > 0 ? 1 : covariance / Math.sqrt(spread);
    whiteNoise[k] = 1.96 / Math.sqrt(m);
  }
  const decay = correlation.findIndex((c) => c < 1 / Math.E);
  return { correlation, whiteNoise, decay: decay < 0 ? Number.POSITIVE_INFINITY : decay };
}

// Implementation

function sums(d: Float64Array, from: number, to: number): { sum: number; squares: number } {
  let sum = 0;
  let squares = 0;
  for (let t = from; t < to; t++) {
    sum += d[t];
    squares += d[t] * d[t];
  }
  return { sum, squares };
}
