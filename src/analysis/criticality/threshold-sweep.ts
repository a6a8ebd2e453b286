/**
 * @file How the exponents move with the threshold: an exponent without its θ says little.
 */

import { type AvalancheOptions, avalanches } from "./avalanches.ts";
import { type AvalancheWindows, checkWindows } from "./default-windows.ts";
import { fitDiscreteLaw } from "./discrete-laws.ts";
import { integerHistogram } from "./integer-histogram.ts";
import { likelihoodRatio } from "./likelihood-ratio.ts";
import { type Estimate, meanSizeScaling } from "./mean-size-scaling.ts";
import { poolAvalanches } from "./pool-avalanches.ts";

/** Pooled result at one threshold. */
export interface ThresholdRow {
  /** θ [units]. */
  theta: number;
  /** Share of steps with a > θ, 0–1. */
  fractionAbove: number;
  avalanches: number;
  /** Exponents of durations, of sizes and of ⟨S⟩(T). */
  alpha: Estimate;
  tau: Estimate;
  gamma: Estimate;
  /** Power law against exponential, Vuong-normalised; > 0 favours the power law. */
  durationR: number;
  sizeR: number;
}

/**
 * Exponents of the pooled records at each threshold.
 *
 * @param activity - One record a seed, each of shape `(time)`.
 * @param thetas - Whole numbers ≥ 0 [units].
 * @throws CajalError `bad-theta`, `bad-window`, `bad-activity`.
 * @example thresholdSweep([activity], [9, 10, 11], defaultWindows(200))
 */
export function thresholdSweep(
  activity: readonly ArrayLike<number>[],
  thetas: readonly number[],
  { edges = "leave-out", ...windows }: AvalancheWindows & AvalancheOptions,
): ThresholdRow[] {
  checkWindows(windows, "thresholdSweep");
  return thetas.map((theta) => {
    const pool = poolAvalanches(activity.map((a) => avalanches(a, theta, { edges })));
    const duration = versusExponential(pool.duration, windows.duration);
    const size = versusExponential(pool.size, windows.size);
    return {
      theta,
      fractionAbove: pool.stepsAbove / pool.steps,
      avalanches: pool.duration.length,
      alpha: duration.exponent,
      tau: size.exponent,
      gamma: meanSizeScaling(pool, windows.duration).gamma,
      durationR: duration.R,
      sizeR: size.R,
    };
  });
}

// Implementation

function versusExponential(
  values: ArrayLike<number>,
  window: AvalancheWindows["duration"],
): { exponent: Estimate; R: number } {
  const histogram = integerHistogram(values, window);
  const power = fitDiscreteLaw("power-law", histogram);
  const exponential = fitDiscreteLaw("exponential", histogram);
  return {
    exponent: { value: power.parameters.exponent, standardError: power.standardErrors.exponent },
    R: likelihoodRatio(histogram, power, exponential).R,
  };
}
