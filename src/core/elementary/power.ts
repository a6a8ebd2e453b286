/** @file x^y = 2^(y log₂ x), the logarithm to 68 bits in two doubles. */

import { polynomial, ROUNDING_SHIFT, scale, truncated } from "./bits.ts";
import { mantissa, SMALLEST_NORMAL, splitExponent } from "./logarithm.ts";
import { PARTS, POLYNOMIALS } from "./tables.ts";

/**
 * x^y as C99 defines it: x^0 = 1^y = 1 even for NaN; a negative base wants a whole exponent, else NaN.
 * Error below 1.1 ulp.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  const whole = Math.floor(y) === y;
  const odd = whole && Math.floor(y / 2) !== y / 2;
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (size === 0) return sign * (y > 0 ? 0 : Infinity);
  if (size === Infinity) return sign * (y > 0 ? Infinity : 0);
  if (x < 0 && !whole) return NaN;
  // A larger exponent gives 0, 1 or infinity for every base.
  const bounded = Math.max(-EXPONENT_BOUND, Math.min(y, EXPONENT_BOUND));
  return sign * positivePower(size, bounded);
}

/** 10^k for a whole k, correctly rounded. */
export function pow10(k: number): number {
  return Number(`1e${k}`);
}

// Implementation

/** 2^65. */
const EXPONENT_BOUND = 3.6893488147419103e19;

/** High and low part of a sum of two numbers that the helpers below compute. */
let logHigh = 0;
let logLow = 0;

/** x^y for finite x > 0 and |y| ≤ 2^65. */
function positivePower(x: number, y: number): number {
  log2InParts(x);
  const yHigh = truncated(y);
  const low = (y - yHigh) * logHigh + y * logLow;
  const high = yHigh * logHigh;
  const sum = high + low;
  if (sum > 1100) return Infinity;
  if (sum < -1100) return 0;
  const n = sum + ROUNDING_SHIFT - ROUNDING_SHIFT;
  const t = high - n;
  const top = truncated(t + low);
  const rest = low - (top - t);
  // e^(u + v) as in exponential.ts.
  const u = top * PARTS.ln2Short[0];
  const v = rest * Math.LN2 + top * PARTS.ln2Short[1];
  const r = u + v;
  const z = r * r;
  const c = r - z * polynomial(z, POLYNOMIALS.exponential);
  return scale(1 + (u + (v + (r * c) / (2 - c))), n);
}

/**
 * Sets logHigh + logLow = log₂ x: with s = (m − 1) / (m + 1) in two parts,
 * log₂ m = 2 / (3 ln 2) · s · (3 + s² + s⁴ T(s²)). Every product of leading parts is exact.
 */
function log2InParts(x: number): void {
  const k = x < SMALLEST_NORMAL ? splitExponent(x * 18014398509481984) - 54 : splitExponent(x);
  const f = mantissa - 1;
  const sum = mantissa + 1;
  const inverse = 1 / sum;
  const s = f * inverse;
  const sHigh = truncated(s);
  const sumHigh = truncated(sum);
  const sumLow = mantissa - (sumHigh - 1);
  const sLow = inverse * (f - sHigh * sumHigh - sHigh * sumLow);
  const z = s * s;
  const tail = z * z * polynomial(z, POLYNOMIALS.power) + sLow * (sHigh + s);
  const square = sHigh * sHigh;
  const factor = truncated(3 + square + tail);
  const factorLow = tail - (factor - 3 - square);
  const main = sHigh * factor;
  const minor = sLow * factor + factorLow * s;
  const product = truncated(main + minor);
  const productLow = minor - (product - main);
  const [scaleHigh, scaleLow] = PARTS.twoThirdsLog2E;
  const high = scaleHigh * product;
  const low = scaleLow * product + productLow * TWO_THIRDS_LOG2_E;
  logHigh = truncated(k + (high + low));
  logLow = low - (logHigh - k - high);
}

const TWO_THIRDS_LOG2_E = 0.9617966939259756;
