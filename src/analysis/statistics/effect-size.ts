/**
 * @file Effect sizes: how far apart two samples, or one value and a sample, are, free of units.
 */

import { mean, standardDeviation, variance } from "./descriptive.ts";

/**
 * Distance of one value from the nulls in their standard deviations, z = (x − mean) / sd with divisor n − 1.
 *
 * @param observed - One number.
 * @param nulls - Shape `(null)`; below two values there is no spread and z is NaN.
 * @returns z; ±Infinity when the nulls are all equal and the value is not.
 */
export function standardizedDifference(observed: number, nulls: ArrayLike<number>): number {
  const difference = observed - mean(nulls);
  return difference === 0 && nulls.length > 1 ? 0 : difference / standardDeviation(nulls);
}

/**
 * Cliff's δ = P(a > b) − P(a < b) over all pairs, −1 … 1; 1 when every a exceeds every b. After Cliff (1993),
 * "Dominance statistics", Psychol. Bull. 114, 494–509.
 *
 * @param a - Shape `(sample)`.
 * @param b - Shape `(sample)`.
 */
export function cliffsDelta(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const ascending = Float64Array.from(b).sort();
  let balance = 0;
  for (let i = 0; i < a.length; i++) {
    balance += countBelow(ascending, a[i], false) - (ascending.length - countBelow(ascending, a[i], true));
  }
  return balance / (a.length * b.length);
}

/**
 * Cohen's d: difference of means over the pooled standard deviation. One sample may have a single value, which then
 * adds nothing to the spread. After Cohen (1988), *Statistical Power Analysis*, 2nd ed., eq. 2.2.1.
 *
 * @param a - Shape `(sample)`.
 * @param b - Shape `(sample)`; a and b together need three values, else NaN.
 */
export function cohensD(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const freedom = a.length + b.length - 2;
  if (freedom < 1 || a.length === 0 || b.length === 0) return Number.NaN;
  const squares =
    (a.length > 1 ? variance(a) * (a.length - 1) : 0) + (b.length > 1 ? variance(b) * (b.length - 1) : 0);
  const difference = mean(a) - mean(b);
  return difference === 0 ? 0 : difference / Math.sqrt(squares / freedom);
}

/**
 * Hedges' g: Cohen's d times J(m) = Γ(m/2) / (√(m/2) Γ((m − 1)/2)), which removes its bias in small samples;
 * m = n_a + n_b − 2. The exact J of Hedges (1981), J. Educ. Stat. 6, 107–128, eq. 6e, not the usual approximation.
 *
 * @param a - Shape `(sample)`.
 * @param b - Shape `(sample)`; a and b together need four values, else NaN.
 */
export function hedgesG(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const freedom = a.length + b.length - 2;
  return freedom < 2 ? Number.NaN : hedgesCorrection(freedom) * cohensD(a, b);
}

/** Hedges' J(m); see {@link hedgesG}. @param freedom - m, a whole number ≥ 2. */
export function hedgesCorrection(freedom: number): number {
  // r(m) = Γ(m/2) / Γ((m − 1)/2) starts at r(2) = 1/√π and obeys r(m + 1) = ((m − 1)/2) / r(m).
  let ratio = 1 / Math.sqrt(Math.PI);
  for (let m = 2; m < freedom; m++) ratio = (m - 1) / 2 / ratio;
  return ratio / Math.sqrt(freedom / 2);
}

// Implementation

/** How many of the ascending values lie below x, or at most at x. */
function countBelow(ascending: Float64Array, x: number, orEqual: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const before = orEqual ? ascending[middle] <= x : ascending[middle] < x;
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}
