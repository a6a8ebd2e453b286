/**
 * @file Confidence interval of a standardised difference between two groups, from the noncentral t distribution.
 * After Cumming & Finch (2001), Educ. Psychol. Meas. 61, 532–574; exact for normal samples of one variance.
 */

import { CajalError, exp, log, logGamma } from "../../core/index.ts";
import { cohensD } from "./effect-size.ts";
import { normalCdf } from "./normal-distribution.ts";

/** Both ends of an interval. */
export interface EffectInterval {
  low: number;
  high: number;
  /** Confidence level, 0–1. */
  level: number;
}

/**
 * Interval of δ = (μ_a − μ_b) / σ. With t = d √(n_a n_b / (n_a + n_b)), its ends are those noncentralities of which t
 * is the upper and the lower (1 − level)/2 quantile, on the scale of d.
 *
 * @param a - Shape `(sample)`, at least two.
 * @param b - Shape `(sample)`, at least two.
 * @returns NaN at both ends where d is not a finite number: samples without spread, or too small.
 * @throws CajalError `bad-level`.
 * @example effectInterval([1, 2, 3, 4], [3, 4, 5, 6]) // −3.13 … 0.12
 */
export function effectInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95 }: { level?: number } = {},
): EffectInterval {
  if (!(level > 0 && level < 1)) {
    throw new CajalError(`level must lie between 0 and 1, got ${level}`, {
      code: "bad-level",
      where: "effectInterval",
    });
  }
  const d = a.length > 1 && b.length > 1 && (varies(a) || varies(b)) ? cohensD(a, b) : Number.NaN;
  const scale = Math.sqrt((a.length * b.length) / (a.length + b.length));
  const t = d * scale;
  // Beyond, the groups do not overlap at all, and the interval says nothing that d does not.
  if (!(Math.abs(t) < MOST)) return { low: Number.NaN, high: Number.NaN, level };
  const freedom = a.length + b.length - 2;
  const tail = (1 - level) / 2;
  const end = (p: number) => noncentralityOf(t, freedom, p) / scale;
  return { low: end(1 - tail), high: end(tail), level };
}

/**
 * P(T ≤ t) of the noncentral t distribution, the law of (Z + noncentrality) / √(χ²/freedom), to about 1e-9.
 *
 * @param freedom - Degrees of freedom, ≥ 1.
 */
export function noncentralTCdf(t: number, freedom: number, noncentrality: number): number {
  // ∫ Φ(t s − μ) f(s) ds over s = √(χ²/ν), whose density is narrow around 1; Simpson's rule.
  const spread = 9 / Math.sqrt(2 * freedom);
  const from = Math.max(0, 1 - spread);
  const to = 1 + spread;
  const step = (to - from) / INTERVALS;
  const constant = log(2) + (freedom / 2) * log(freedom / 2) - logGamma(freedom / 2);
  let sum = 0;
  for (let i = 0; i <= INTERVALS; i++) {
    const s = from + i * step;
    const weight = i === 0 || i === INTERVALS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * rootChiDensity(s, freedom, constant) * middleCdf(t * s - noncentrality);
  }
  return Math.min(1, (sum * step) / 3);
}

// Implementation

const INTERVALS = 400;
/** Largest |t| for which an interval is sought. */
const MOST = 200;

/** Whether a sample has any spread. */
function varies(values: ArrayLike<number>): boolean {
  return Array.from(values).some((value) => value !== values[0]);
}

/** Φ, whose tails count for nothing here and would take long. */
function middleCdf(x: number): number {
  return x < -7 ? 0 : x > 7 ? 1 : normalCdf(x);
}

function rootChiDensity(s: number, freedom: number, constant: number): number {
  if (s === 0) return freedom === 1 ? exp(constant) : 0;
  return exp(constant + (freedom - 1) * log(s) - (freedom * s * s) / 2);
}

/** The noncentrality μ with P(T ≤ t) = p: P falls as μ grows. Bracketed, then by regula falsi (Illinois). */
function noncentralityOf(t: number, freedom: number, p: number): number {
  const excess = (mu: number) => noncentralTCdf(t, freedom, mu) - p;
  let reach = 2 + Math.abs(t);
  while (excess(t - reach) < 0) reach *= 2;
  let low = t - reach;
  reach = 2 + Math.abs(t);
  while (excess(t + reach) > 0) reach *= 2;
  let high = t + reach;
  let [above, below] = [excess(low), excess(high)];
  let side = 0;
  for (let i = 0; i < 100 && high - low > 1e-9 * (1 + Math.abs(high)); i++) {
    const guess = (low * below - high * above) / (below - above);
    const found = excess(guess);
    if (Math.abs(found) < 1e-10) return guess;
    const now = found > 0 ? 1 : -1;
    // An end that stays twice counts half, else it would stay for ever.
    if (now === side && now > 0) below /= 2;
    if (now === side && now < 0) above /= 2;
    if (now > 0) [low, above] = [guess, found];
    else [high, below] = [guess, found];
    side = now;
  }
  return (low + high) / 2;
}
