/**
 * @file Everything measured on one set of records, data or surrogates alike: exponents pooled and per seed, rival laws,
 * the crackling relation, the branching ratio.
 */

import type { Rng } from "../../core/index.ts";
import { type AvalancheOptions, type Avalanches, avalanches } from "./avalanches.ts";
import { type BranchingRatio, branchingRatio } from "./branching-ratio.ts";
import type { AvalancheWindows } from "./default-windows.ts";
import { type DiscreteFit, LAWS, type LawName } from "./discrete-fit.ts";
import { fitDiscreteLaw } from "./discrete-laws.ts";
import { type GoodnessOfFit, goodnessOfFit, kolmogorovSmirnovDistance } from "./goodness-of-fit.ts";
import { type FitWindow, integerHistogram } from "./integer-histogram.ts";
import { type LikelihoodRatio, likelihoodRatio } from "./likelihood-ratio.ts";
import {
  type CracklingRelation,
  cracklingRelation,
  type Estimate,
  type MeanSizeScaling,
  meanSizeScaling,
} from "./mean-size-scaling.ts";
import { poolAvalanches, type SeedSpread, seedSpread } from "./pool-avalanches.ts";
import { type ActivityMoments, activityMoments } from "./surrogates.ts";

/** A rival of the power law on the same window. */
export interface RivalLaw {
  fit: DiscreteFit;
  /** Power law against this law; R > 0 favours the power law. */
  ratio: LikelihoodRatio;
}

/** Fits of durations or of sizes. */
export interface LawMeasures {
  /** Exponent of the power law, α of durations, τ of sizes. */
  exponent: Estimate;
  powerLaw: DiscreteFit;
  /** Every other law. */
  rivals: Record<Exclude<LawName, "power-law">, RivalLaw>;
  /** Lowest AIC of the five; undefined where none could be fitted. */
  bestLaw: LawName | undefined;
  /** Kolmogorov–Smirnov distance of the power law. */
  distance: number;
  /** Bootstrap of the power law, of the data only. */
  goodness?: GoodnessOfFit;
  /** Avalanches in, below and above the window. */
  n: number;
  below: number;
  above: number;
}

/** One set of avalanches, of one seed or pooled. */
export interface AvalancheMeasures {
  /** Avalanches in the record, in the windows or not. */
  avalanches: number;
  /** Runs left out, or kept, because the record cuts them. */
  cut: number;
  /** Share of steps with a > θ, 0–1. */
  fractionAbove: number;
  duration: LawMeasures;
  size: LawMeasures;
  scaling: MeanSizeScaling;
  crackling: CracklingRelation;
}

/** One seed. */
export interface SeedMeasures extends AvalancheMeasures {
  /** Index of the record. */
  seed: number;
  moments: ActivityMoments;
  branching: BranchingRatio;
}

/** All of a set of records. */
export interface CriticalityMeasures {
  /** All avalanches together; its standard errors do not know the spread over seeds. */
  pooled: AvalancheMeasures;
  branching: BranchingRatio;
  seeds: SeedMeasures[];
  /** How the numbers vary over seeds. */
  spread: Record<"alpha" | "tau" | "gamma" | "branching", SeedSpread>;
}

/** Threshold and fit windows of one analysis, the same for data and surrogates. */
export interface MeasureOptions extends AvalancheOptions {
  theta: number;
  windows: AvalancheWindows;
  /** Largest lag of the branching ratio [steps]. */
  maxLag?: number;
  /** Bootstrap of the pooled power laws; left out without it. */
  goodness?: { rng: Rng; resamples: number };
}

/**
 * Measure one or several records.
 *
 * @param activity - One record a seed, each of shape `(time)`.
 */
export function criticalityMeasures(
  activity: readonly ArrayLike<number>[],
  options: MeasureOptions,
): CriticalityMeasures {
  const { theta, edges = "leave-out", maxLag = 100, windows } = options;
  const records = activity.map((a) => avalanches(a, theta, { edges }));
  const seeds = activity.map((a, seed) => ({
    seed,
    moments: activityMoments(a),
    ...avalancheMeasures(records[seed], { windows }),
    branching: branchingRatio([a], { maxLag }),
  }));
  const single = activity.length === 1 && !options.goodness;
  const pooled = single ? seeds[0] : avalancheMeasures(poolAvalanches(records), options);
  return {
    pooled: withoutSeed(pooled),
    branching: activity.length === 1 ? seeds[0].branching : branchingRatio(activity, { maxLag }),
    seeds,
    spread: {
      alpha: seedSpread(seeds.map((s) => s.duration.exponent.value)),
      tau: seedSpread(seeds.map((s) => s.size.exponent.value)),
      gamma: seedSpread(seeds.map((s) => s.scaling.gamma.value)),
      branching: seedSpread(seeds.map((s) => s.branching.m.value)),
    },
  };
}

/** Exponents, rivals and crackling relation of one set of avalanches. */
export function avalancheMeasures(
  found: Avalanches,
  { windows, goodness }: Pick<MeasureOptions, "windows" | "goodness">,
): AvalancheMeasures {
  const duration = lawMeasures(found.duration, windows.duration, goodness);
  const size = lawMeasures(found.size, windows.size, goodness);
  const scaling = meanSizeScaling(found, windows.duration);
  return {
    avalanches: found.duration.length,
    cut: found.cut,
    fractionAbove: found.stepsAbove / found.steps,
    duration,
    size,
    scaling,
    crackling: cracklingRelation(duration.exponent, size.exponent, scaling.gamma),
  };
}

// Implementation

function lawMeasures(
  values: ArrayLike<number>,
  window: FitWindow,
  goodness: MeasureOptions["goodness"],
): LawMeasures {
  const histogram = integerHistogram(values, window);
  const fits = LAWS.map((law) => fitDiscreteLaw(law, histogram));
  const powerLaw = fits[0];
  const rival = (i: number): RivalLaw => ({
    fit: fits[i],
    ratio: likelihoodRatio(histogram, powerLaw, fits[i]),
  });
  const known = fits.filter((f) => f.status !== "undetermined");
  return {
    exponent: { value: powerLaw.parameters.exponent, standardError: powerLaw.standardErrors.exponent },
    powerLaw,
    rivals: {
      exponential: rival(1),
      "truncated-power-law": rival(2),
      "log-normal": rival(3),
      "stretched-exponential": rival(4),
    },
    bestLaw: known.length ? known.reduce((a, f) => (f.aic < a.aic ? f : a)).law : undefined,
    distance: kolmogorovSmirnovDistance(histogram, powerLaw),
    ...(goodness ? { goodness: goodnessOfFit(histogram, powerLaw, goodness) } : {}),
    n: histogram.n,
    below: histogram.below,
    above: histogram.above,
  };
}

function withoutSeed({
  avalanches: count,
  cut,
  fractionAbove,
  duration,
  size,
  scaling,
  crackling,
}: AvalancheMeasures): AvalancheMeasures {
  return { avalanches: count, cut, fractionAbove, duration, size, scaling, crackling };
}
