/**
 * @file Families of distributions for weights: density, cumulative probability, and the maximum-likelihood estimate
 * from a full sample. Each has two parameters, so that AIC compares likelihoods.
 */

import { CajalError, exp, log, logGamma } from "../../core/index.ts";
import { normalCdf } from "../statistics/index.ts";
import { digamma, incompleteGamma, trigamma } from "./gamma-function.ts";

/** Names of the families. */
export type WeightFamily = "normal" | "lognormal" | "gamma" | "weibull";

/** A distribution of weights. */
export type WeightDistribution =
  /** exp(−(w − mean)² / 2 sd²) / (sd √2π). */
  | { family: "normal"; mean: number; standardDeviation: number }
  /** ln w is normal with mean `mu` and standard deviation `sigma`. */
  | { family: "lognormal"; mu: number; sigma: number }
  /** w^(shape − 1) e^(−w / scale) / (Γ(shape) scale^shape). */
  | { family: "gamma"; shape: number; scale: number }
  /** Survival exp(−(w / scale)^shape). */
  | { family: "weibull"; shape: number; scale: number };

/** All families, in the order of reports. */
export const WEIGHT_FAMILIES: readonly WeightFamily[] = ["normal", "lognormal", "gamma", "weibull"];

/** A sample prepared for fitting: the sums that likelihoods need. */
export interface FittingSample {
  /** Ascending. */
  values: Float64Array;
  /** ln of the values; empty when a value is not positive. */
  logs: Float64Array;
  mean: number;
  /** Σ (w − mean)² / n. */
  variance: number;
  /** Mean of ln w, NaN when a value is not positive. */
  logMean: number;
  /** Σ (ln w − logMean)² / n. */
  logVariance: number;
}

/**
 * Density of a weight; 0 below 0 for all but the normal family.
 *
 * @returns Probability per unit of weight.
 */
export function weightDensity(d: WeightDistribution, w: number): number {
  if (d.family !== "normal" && !(w > 0)) return 0;
  switch (d.family) {
    case "normal":
      return exp(-0.5 * square((w - d.mean) / d.standardDeviation)) / (d.standardDeviation * ROOT_TWO_PI);
    case "lognormal":
      return exp(-0.5 * square((log(w) - d.mu) / d.sigma)) / (w * d.sigma * ROOT_TWO_PI);
    case "gamma":
      return exp((d.shape - 1) * log(w / d.scale) - w / d.scale - logGamma(d.shape)) / d.scale;
    case "weibull": {
      const power = exp(d.shape * log(w / d.scale));
      return (d.shape / w) * power * exp(-power);
    }
  }
}

/** Probability of a weight ≤ w, and of a larger one with its own digits. */
export function weightCdf(d: WeightDistribution, w: number): { lower: number; upper: number } {
  if (d.family !== "normal" && !(w > 0)) return { lower: 0, upper: 1 };
  if (d.family === "gamma") {
    const { lower, upper } = incompleteGamma(d.shape, w / d.scale);
    return { lower, upper };
  }
  if (d.family === "weibull") {
    const upper = exp(-exp(d.shape * log(w / d.scale)));
    return { lower: 1 - upper, upper };
  }
  const z = d.family === "normal" ? (w - d.mean) / d.standardDeviation : (log(w) - d.mu) / d.sigma;
  return { lower: normalCdf(z), upper: normalCdf(-z) };
}

/** Ln of the probability of a weight > w, finite where that probability underflows: a law seen from far in its tail. */
export function logSurvival(d: WeightDistribution, w: number): number {
  if (d.family !== "normal" && !(w > 0)) return 0;
  if (d.family === "gamma") return incompleteGamma(d.shape, w / d.scale).logUpper;
  if (d.family === "weibull") return -exp(d.shape * log(w / d.scale));
  const z = d.family === "normal" ? (w - d.mean) / d.standardDeviation : (log(w) - d.mu) / d.sigma;
  if (z < 30) return log(normalCdf(-z));
  // Mills' ratio, Abramowitz & Stegun 26.2.12; the first term left out is below 1e-9.
  const r = 1 / (z * z);
  return -0.5 * z * z - 0.5 * LOG_TWO_PI - log(z) + log(1 - r * (1 - 3 * r * (1 - 5 * r)));
}

/** Ln likelihood of a sample, without truncation. */
export function logLikelihood(d: WeightDistribution, sample: FittingSample): number {
  const n = sample.values.length;
  const { mean, variance, logMean, logVariance, logs } = sample;
  switch (d.family) {
    case "normal": {
      const s2 = square(d.standardDeviation);
      return -0.5 * n * (LOG_TWO_PI + log(s2) + (variance + square(mean - d.mean)) / s2);
    }
    case "lognormal": {
      const s2 = square(d.sigma);
      return -0.5 * n * (LOG_TWO_PI + log(s2) + (logVariance + square(logMean - d.mu)) / s2) - n * logMean;
    }
    case "gamma":
      return n * ((d.shape - 1) * logMean - mean / d.scale - logGamma(d.shape) - d.shape * log(d.scale));
    case "weibull": {
      const logScale = log(d.scale);
      let sum = 0;
      for (let k = 0; k < n; k++) sum += exp(d.shape * (logs[k] - logScale));
      return n * (log(d.shape) - d.shape * logScale + (d.shape - 1) * logMean) - sum;
    }
  }
}

/** Maximum-likelihood estimate from a full (not truncated) sample with some spread. */
export function fullEstimate(family: WeightFamily, sample: FittingSample): WeightDistribution {
  switch (family) {
    case "normal":
      return { family, mean: sample.mean, standardDeviation: Math.sqrt(sample.variance) };
    case "lognormal":
      return { family, mu: sample.logMean, sigma: Math.sqrt(sample.logVariance) };
    case "gamma":
      return gammaEstimate(sample);
    case "weibull":
      return weibullEstimate(sample);
    default:
      throw new CajalError(`there is no family "${family}"`, {
        code: "unknown-family",
        where: "fitWeights",
        hint: `Choose among ${WEIGHT_FAMILIES.join(", ")}.`,
      });
  }
}

// Implementation

const ROOT_TWO_PI = 2.5066282746310002;
/** ln 2π. */
const LOG_TWO_PI = 1.8378770664093453;

function square(x: number): number {
  return x * x;
}

/** ln k − ψ(k) = ln w̄ − mean(ln w), by Newton's method in 1/k from Minka's (2002) start. */
function gammaEstimate({ mean, logMean, variance }: FittingSample): WeightDistribution {
  // For a narrow sample the difference of logarithms cancels; the variance says the same to first order.
  const direct = log(mean) - logMean;
  const s = direct > 1e-9 ? direct : variance / (2 * mean * mean);
  let k = (3 - s + Math.sqrt((s - 3) * (s - 3) + 24 * s)) / (12 * s);
  // Beyond, the start is exact to a part in k² and the differences below have no digits left.
  for (let i = 0; i < 60 && k < 1e7; i++) {
    const next = 1 / (1 / k + (log(k) - digamma(k) - s) / (k * k * (1 / k - trigamma(k))));
    if (!(next > 0) || Math.abs(next - k) <= 1e-14 * k) break;
    k = next;
  }
  return { family: "gamma", shape: k, scale: mean / k };
}

/** Σ wᵏ ln w / Σ wᵏ − 1/k = mean(ln w): Newton's method for k; the left side rises with k. */
function weibullEstimate({ logs, logMean, logVariance }: FittingSample): WeightDistribution {
  // The standard deviation of ln w is π / (k √6).
  let k = 1.2825498301618641 / Math.sqrt(logVariance);
  let power = 1;
  for (let i = 0; i < 100; i++) {
    let [s0, s1, s2] = [0, 0, 0];
    for (let j = 0; j < logs.length; j++) {
      const y = logs[j] - logMean;
      const p = exp(k * y);
      s0 += p;
      s1 += p * y;
      s2 += p * y * y;
    }
    power = s0 / logs.length;
    const ratio = s1 / s0;
    const next = k - (ratio - 1 / k) / (s2 / s0 - ratio * ratio + 1 / (k * k));
    if (Math.abs(next - k) <= 1e-14 * k) break;
    // A step below 0 is possible from far off: halve instead.
    k = next > 0 ? next : k / 2;
  }
  return { family: "weibull", shape: k, scale: exp(logMean + log(power) / k) };
}
