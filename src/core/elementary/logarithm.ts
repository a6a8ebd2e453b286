/** @file Natural logarithms: x = 2^k m with m in [√½, √2), s = (m − 1) / (m + 1), ln m = 2 s + s³ L(s²). */

import { double, polynomial, words } from "./bits.ts";
import { PARTS, POLYNOMIALS } from "./tables.ts";

/** Natural logarithm. Error below 0.9 ulp. NaN below 0, −Infinity at 0. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  const k = x < SMALLEST_NORMAL ? splitExponent(x * 18014398509481984) - 54 : splitExponent(x);
  return logOfParts(k, 0);
}

/** ln(1 + x) without cancellation near 0. Error below 0.95 ulp. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (!(u >= TINY && u < LARGE)) return log(u);
  // What the sum lost, exactly (Knuth 1969).
  const back = u - 1;
  const lost = x - back + (1 - (u - back));
  const k = splitExponent(u);
  words[1] = (1023 - k) << 20;
  words[0] = 0;
  const value = logOfParts(k, lost * double[0]);
  return x === 0 ? x : value;
}

/** x = 2^k · mantissa with mantissa in [√½, √2), for normal x > 0; returns k. */
export function splitExponent(x: number): number {
  double[0] = x;
  const shifted = words[1] + (0x3ff00000 - SQRT_HALF);
  words[1] = (shifted & 0xfffff) + SQRT_HALF;
  mantissa = double[0];
  return (shifted >>> 20) - 1023;
}

/** Second result of `splitExponent`. */
export let mantissa = 1;

/** Smallest normal double. */
export const SMALLEST_NORMAL = 2.2250738585072014e-308;

// Implementation

/** 2^-54 and 2^1000. */
const TINY = 5.551115123125783e-17;
const LARGE = 1.0715086071862673e301;
/** High word of √½. */
const SQRT_HALF = 0x3fe6a09e;

/** k ln 2 + ln(mantissa + lost), `lost` below the last bit of the mantissa. */
function logOfParts(k: number, lost: number): number {
  const f = mantissa - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const series = z * polynomial(z, POLYNOMIALS.logarithm);
  // 1 / m is 1 − 2 s + 2 s² to 1 %, which is enough for a correction in the last bit.
  const correction = lost * (1 - 2 * s * (1 - s));
  const rest = s * (half + series) + (k * PARTS.ln2[1] + correction);
  return k * PARTS.ln2[0] - (half - rest - f);
}
