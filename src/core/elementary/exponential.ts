/**
 * @file e^x and what follows from it. With k = the whole number nearest x / ln 2 and r = x − k ln 2,
 * e^r = (R + r) / (R − r) for the even function R = r coth(r/2) = 2 + r² P(r²): a short polynomial and one division.
 */

import { double, polynomial, powerOfTwo, ROUNDING_SHIFT, scale, words } from "./bits.ts";
import { PARTS, POLYNOMIALS } from "./tables.ts";

/** e^x. Error below 0.9 ulp, also where the result is subnormal. */
export function exp(x: number): number {
  const k = reduce(Math.max(-750, Math.min(x, 750)));
  const y = 1 + lessOne();
  return Math.abs(x) > 708 ? scale(y, k) : y * powerOfTwo(k);
}

/** e^x − 1 without cancellation near 0. Error below 1.7 ulp. */
export function expm1(x: number): number {
  if (Math.abs(x) < TINY) return x;
  const k = reduce(Math.max(-40, Math.min(x, 710)));
  // Half the result, for e^x may overflow where the result does not.
  const half = powerOfTwo(k - 1);
  const y = half * lessOne() + (half - 0.5);
  return y + y;
}

/** (e^x − 1) / x, 1 at 0. Error below 1.9 ulp. */
export function exprel(x: number): number {
  if (Math.abs(x) < TINY) return 1;
  const bounded = Math.min(x, 720);
  const k = reduce(Math.max(-40, bounded));
  // Both sides by 2^-16, for e^x overflows where the result does not.
  const power = powerOfTwo(k - 16);
  return (power * lessOne() + (power - SMALL_SCALE)) / (bounded * SMALL_SCALE);
}

/**
 * Logistic function 1 / (1 + e^−x). Error below 2.4 ulp, below 1.6 where x > 0. From e^−|x|, so that it does not fall
 * near 1.
 */
export function sigmoid(x: number): number {
  const k = reduce(Math.max(-750, -Math.abs(x)));
  const y = 1 + lessOne();
  if (x < -708) return scale(y / (1 + scale(y, k)), k);
  if (x < 0) return (y / (1 + powerOfTwo(k) * y)) * powerOfTwo(k);
  return 1 / (1 + scale(y, k));
}

/**
 * Hyperbolic tangent. Error below 1.7 ulp; odd to the last bit and never beyond ±1. With 2 |x| = k ln 2 + 2 r,
 * 0 ≤ r ≤ ln 2 / 2 and R = r coth r, tanh |x| = ((2^k − 1) R + (2^k + 1) r) / ((2^k + 1) R + (2^k − 1) r), which
 * is computed as b + (2 r − b (R − r)) / denominator for the nearby b = 1 − 2^−k: only the small term is rounded.
 */
export function tanh(x: number): number {
  const size = Math.min(Math.abs(x), 20);
  double[0] = size * TWO_LOG2_E - 0.5 + ROUNDING_SHIFT;
  const k = double[0] - ROUNDING_SHIFT;
  const power = powerOfTwo(words[0]);
  const near = 1 - powerOfTwo(-k);
  const r = size - k * PARTS.halfLn2[0] - k * PARTS.halfLn2[1];
  const z = r * r;
  const even = z * polynomial(z, POLYNOMIALS.tanh);
  const minus = power - 1;
  const plus = power + 1;
  const value = near + (r + r - near * (1 + (even - r))) / (plus + (plus * even + minus * r));
  return x > 0 ? value : x < 0 ? -value : x;
}

// Implementation

/** 2^-54. */
const TINY = 5.551115123125783e-17;
/** 2^-16. */
const SMALL_SCALE = 1 / 65536;
const LOG2_E = Math.LOG2E;
const TWO_LOG2_E = 2 * Math.LOG2E;

/** Results of `reduce`; returned together they would cost an allocation per call. */
let high = 0;
let low = 0;
let r = 0;
let z = 0;

/** Sets r = high − low = x − k ln 2 and z = r²; returns k. */
function reduce(x: number): number {
  double[0] = x * LOG2_E + ROUNDING_SHIFT;
  const k = words[0];
  const whole = double[0] - ROUNDING_SHIFT;
  high = x - whole * PARTS.ln2[0];
  low = whole * PARTS.ln2[1];
  r = high - low;
  z = r * r;
  return k;
}

/** e^r − 1. */
function lessOne(): number {
  const c = r - z * polynomial(z, POLYNOMIALS.exponential);
  return high - (low - (r * c) / (2 - c));
}
