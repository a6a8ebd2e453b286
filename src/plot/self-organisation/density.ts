/**
 * @file Densities of the distributions that weights, intervals and degrees are compared with, for drawing.
 */

import { exp, log, logGamma } from "../../core/index.ts";

/** A distribution by its parameters. */
export type Distribution =
  /** mu and sigma of ln x. */
  | { kind: "lognormal"; mu: number; sigma: number }
  | { kind: "normal"; mean: number; sd: number }
  | { kind: "gamma"; shape: number; scale: number }
  | { kind: "weibull"; shape: number; scale: number }
  | { kind: "exponential"; rate: number };

/** Density at x; 0 outside the support. */
export function densityAt(distribution: Distribution, x: number): number {
  if (distribution.kind === "normal")
    return gauss((x - distribution.mean) / distribution.sd) / distribution.sd;
  if (x < 0) return 0;
  if (distribution.kind === "exponential") return distribution.rate * exp(-distribution.rate * x);
  if (x === 0) return 0;
  if (distribution.kind === "lognormal") {
    const { mu, sigma } = distribution;
    return gauss((log(x) - mu) / sigma) / (sigma * x);
  }
  const { shape, scale } = distribution;
  const z = log(x / scale);
  return distribution.kind === "gamma"
    ? exp(shape * z - x / scale - logGamma(shape)) / x
    : (shape / x) * exp(shape * z - exp(shape * z));
}

/** Probability of k under a Poisson distribution. */
export function poissonAt(mean: number, k: number): number {
  if (mean === 0) return k === 0 ? 1 : 0;
  return exp(k * log(mean) - mean - logGamma(k + 1));
}

// Implementation

const HALF_LOG_TAU = 0.9189385332046728;

function gauss(z: number): number {
  return exp(-0.5 * z * z - HALF_LOG_TAU);
}
