/**
 * @file Kin of the gamma function: digamma, trigamma, and the regularised incomplete gamma function; from
 * plain arithmetic and `core`'s exp and log, so every machine gives the same bits.
 */

import { exp, log, log1p, logGamma } from "../../core/index.ts";

/** ψ(x) = d ln Γ(x) / dx for x > 0. */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 15; z++) shift += 1 / z;
  const r = 1 / (z * z);
  const series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132))));
  return log(z) - 0.5 / z - series - shift;
}

/** ψ′(x) for x > 0. */
export function trigamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 15; z++) shift += 1 / (z * z);
  const r = 1 / (z * z);
  return shift + (1 + 0.5 / z + r * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - (r * 5) / 66))))) / z;
}

/**
 * P(a, x) = γ(a, x) / Γ(a), the cumulative gamma distribution of shape a at x, its complement Q with its own digits,
 * and ln Q, which stays finite where Q underflows. Series for x < a + 1, Lentz's continued fraction beyond; Press et al. (2007), section 6.2.
 */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number; logUpper: number } {
  if (!(x > 0)) return { lower: 0, upper: 1, logUpper: 0 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0, logUpper: Number.NEGATIVE_INFINITY };
  const logFront = a * log(x) - x - logGamma(a);
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10000 && term > 1e-17 * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    const lower = Math.min(1, exp(logFront) * sum);
    return { lower, upper: 1 - lower, logUpper: log1p(-lower) };
  }
  const TINY = 1e-300;
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 10000; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (Math.abs(step * d + b) < TINY ? TINY : step * d + b);
    c = b + step / c;
    if (Math.abs(c) < TINY) c = TINY;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  const upper = Math.min(1, exp(logFront) * h);
  return { lower: 1 - upper, upper, logUpper: Math.min(0, logFront + log(h)) };
}

// Implementation
