/**
 * @file The whole criticality analysis in one call, with surrogates, threshold sweep, spread over seeds and a verdict in
 * words by default, because each of them has stopped a wrong conclusion: a linear process gives the "critical" exponent
 * 1.43, θ ± 1 moves it by 0.18, and seeds range from 0.8 to 2.1.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { type AvalancheOptions, checkActivity, checkTheta, checkUnits } from "./avalanches.ts";
import { type CriticalityMeasures, criticalityMeasures } from "./criticality-measures.ts";
import { type CriticalityVerdict, criticalityVerdict } from "./criticality-verdict.ts";
import { type AvalancheWindows, checkWindows, defaultWindows } from "./default-windows.ts";
import { SURROGATE_DESCRIPTIONS, SURROGATES, type SurrogateKind, surrogateActivity } from "./surrogates.ts";
import { type ThresholdRow, thresholdSweep } from "./threshold-sweep.ts";

/** What a report needs beside the activity; only units, threshold and stream have no default. */
export interface CriticalityOptions extends AvalancheOptions {
  /** N, the units whose activity was counted. */
  units: number;
  /** θ [units], a whole number; `avalancheThreshold(targetRate, units)`. */
  theta: number;
  /** Stream of surrogates and bootstrap. */
  rng: Rng;
  /** Fit windows; by default those of `defaultWindows(units)`. */
  windows?: AvalancheWindows;
  /** Surrogates to make of every record; an empty list is allowed and the verdict says so. */
  surrogates?: readonly SurrogateKind[];
  /** Thresholds of the sweep; by default θ − 1, θ, θ + 1. */
  thetas?: readonly number[];
  /** Largest lag of the branching ratio [steps]. */
  maxLag?: number;
  /** Bootstrap resamples of the goodness of fit, 0 for none. */
  resamples?: number;
}

/** The same analysis of records made without the dynamics in question. */
export interface SurrogateReport {
  kind: SurrogateKind;
  /** What the surrogate is, in words. */
  description: string;
  measures: CriticalityMeasures;
}

/** Plain data: numbers, texts, arrays. */
export interface CriticalityReport {
  units: number;
  theta: number;
  windows: AvalancheWindows;
  edges: "leave-out" | "keep";
  /** Steps of each record, shape `(seed)`. */
  steps: number[];
  data: CriticalityMeasures;
  surrogates: SurrogateReport[];
  thresholds: ThresholdRow[];
  /** What may and may not be concluded; read it before the exponents. */
  verdict: CriticalityVerdict;
}

/**
 * Criticality analysis of the activity of one or several seeds.
 *
 * @param activity - Active units at each step, one record a seed, each of shape `(time)`.
 * @throws CajalError `nothing-to-pool`, `bad-theta`, `bad-units`, `bad-activity`, `bad-window`, `no-default-windows`,
 *   `bad-max-lag`, `bad-resamples`.
 * @example
 * const report = criticalityReport([activity], { units: 200, theta: avalancheThreshold(0.1, 200), rng: createRng(7) });
 * for (const { text } of report.verdict.statements) console.log(text);
 */
export function criticalityReport(
  activity: readonly ArrayLike<number>[],
  options: CriticalityOptions,
): CriticalityReport {
  const { units, theta, rng, edges = "leave-out", maxLag = 100, resamples = 100 } = options;
  const { surrogates: kinds = SURROGATES } = options;
  const windows = checkedWindows(activity, options, resamples);
  const common = { theta, windows, edges, maxLag };
  const goodness = resamples > 0 ? { rng: rng.stream("goodness-of-fit"), resamples } : undefined;
  const data = criticalityMeasures(activity, goodness ? { ...common, goodness } : common);
  const surrogates = kinds.map((kind) => {
    const stream = rng.stream("surrogates").stream(kind);
    const records = activity.map((a, i) => surrogateActivity(kind, a, { units, rng: stream.stream(i) }));
    return {
      kind,
      description: SURROGATE_DESCRIPTIONS[kind],
      measures: criticalityMeasures(records, common),
    };
  });
  const thetas = options.thetas ?? [theta - 1, theta, theta + 1].filter((t) => t >= 0);
  const thresholds = thresholdSweep(activity, thetas, { ...windows, edges });
  const steps = activity.map((a) => a.length);
  const facts = { units, theta, windows, edges, steps, data, surrogates, thresholds };
  return { ...facts, verdict: criticalityVerdict(facts) };
}

// Implementation

function checkedWindows(
  activity: readonly ArrayLike<number>[],
  { units, theta, windows = defaultWindows(units) }: CriticalityOptions,
  resamples: number,
): AvalancheWindows {
  const where = "criticalityReport";
  checkUnits(units, where);
  checkTheta(theta, where);
  checkWindows(windows, where);
  if (!Number.isInteger(resamples) || resamples < 0) {
    throw new CajalError(`resamples must be a whole number ≥ 0, got ${resamples}`, {
      code: "bad-resamples",
      where,
    });
  }
  if (activity.length === 0) {
    throw new CajalError("no record given", {
      code: "nothing-to-pool",
      where,
      hint: "Give a list of records, one a seed: criticalityReport([activity], …).",
    });
  }
  for (const [i, a] of activity.entries()) checkActivity(a, `${where}, record ${i}`, units);
  return windows;
}
