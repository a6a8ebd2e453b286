/**
 * @file Standard normal distribution: density, cumulative probability, quantile; from plain arithmetic and
 * `core`'s exp and log, so every machine gives the same bits.
 */

import { CajalError, exp, log } from "../../core/index.ts";

const ROOT_TWO_PI = 2.5066282746310002;

/** Density φ(x) = exp(−x²/2) / √(2π). */
export function normalDensity(x: number): number {
  return exp(-0.5 * x * x) / ROOT_TWO_PI;
}

/**
 * Cumulative probability Φ(x). Relative error below 1e-14 on the left, so small tail probabilities keep their digits.
 *
 * Series of Marsaglia (2004), "Evaluating the normal distribution", J. Stat. Softw. 11(4), for |x| < 3; beyond, the
 * Laplace continued fraction of Mills' ratio.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 0) return 1 - leftTail(-x);
  return leftTail(x);
}

/**
 * Quantile Φ⁻¹(p), relative error about 1e-16. Algorithm AS 241 (PPND16) of Wichura (1988), Appl. Stat. 37, 477–484.
 *
 * @param p - Probability, 0–1; 0 and 1 give ∓∞.
 * @throws CajalError `bad-probability`.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new CajalError(`probability must lie in 0 … 1, got ${p}`, {
      code: "bad-probability",
      where: "normalQuantile",
    });
  }
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(A, r)) / polynomial(B, r);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-log(tail));
  const size =
    r <= 5 ? polynomial(C, r - 1.6) / polynomial(D, r - 1.6) : polynomial(E, r - 5) / polynomial(F, r - 5);
  return q < 0 ? -size : size;
}

// Implementation

/** Φ(x) for x ≤ 0. */
function leftTail(x: number): number {
  if (x > -3) {
    // Φ(x) = ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …)
    let term = x;
    let sum = x;
    for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 + normalDensity(x) * sum;
  }
  if (x < -39) return 0;
  // Mills' ratio 1/(a + 1/(a + 2/(a + 3/(a + …)))), a = −x, evaluated from the far end.
  const a = -x;
  let fraction = a;
  for (let k = 120; k >= 1; k--) fraction = a + k / fraction;
  return normalDensity(x) / fraction;
}

/** Coefficients ascending, by Horner's rule. */
function polynomial(c: readonly number[], r: number): number {
  let sum = 0;
  for (let i = c.length - 1; i >= 0; i--) sum = sum * r + c[i];
  return sum;
}

const A = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const B = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const C = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const D = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const E = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const F = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
];
