/**
 * @file Bootstrap confidence intervals, BCa or percentile, over one or several independent groups of units.
 * After Efron (1987), "Better bootstrap confidence intervals", J. Am. Stat. Assoc. 82, 171–185; several groups after
 * Davison & Hinkley (1997), *Bootstrap Methods and their Application*, section 5.3.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { sortedQuantile } from "./descriptive.ts";
import { normalCdf, normalQuantile } from "./normal-distribution.ts";

/** A confidence interval with the estimate inside it, in the statistic's own unit. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
  /** Confidence level, 0–1. */
  level: number;
  method: "bca" | "percentile";
  resamples: number;
}

/** How many resamples, how sure, and the stream that makes the interval repeatable. */
export interface BootstrapOptions {
  /** Stream of the resampling; the same stream gives the same interval. */
  rng: Rng;
  /** Confidence level, 0–1. */
  level?: number;
  /** Resamples, at least 100. */
  resamples?: number;
  method?: "bca" | "percentile";
}

/**
 * Confidence interval of a statistic by resampling units with replacement, each group by itself.
 *
 * A group of one unit cannot be resampled: it stays as it is, and the interval then says nothing about how that unit
 * would vary. BCa falls back to percentile when it cannot be had (every resample on one side, no influence anywhere).
 *
 * @param groupSizes - Units in each group, each ≥ 1.
 * @param statistic - The statistic of chosen units: one index array per group, shape `(unit)`, with repetition;
 *   units left out (for BCa) make the array one shorter.
 * @throws CajalError `bad-bootstrap`.
 * @example bootstrapInterval([nulls.length], ([i]) => observed - mean(i.map((k) => nulls[k])), { rng })
 */
export function bootstrapInterval(
  groupSizes: readonly number[],
  statistic: (units: readonly number[][]) => number,
  { rng, level = 0.95, resamples = 2000, method = "bca" }: BootstrapOptions,
): Interval {
  checkOptions(groupSizes, level, resamples);
  const everyone = groupSizes.map((size) => Array.from({ length: size }, (_, i) => i));
  const estimate = statistic(everyone);
  const replicates = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    replicates[b] = statistic(
      everyone.map((units) => (units.length === 1 ? units : units.map(() => rng.integer(units.length)))),
    );
  }
  replicates.sort();
  const tail = (1 - level) / 2;
  const corrected =
    method === "bca" ? bcaProbabilities(replicates, estimate, everyone, statistic, tail) : undefined;
  const [low, high] = corrected ?? [tail, 1 - tail];
  return {
    estimate,
    low: sortedQuantile(replicates, low),
    high: sortedQuantile(replicates, high),
    level,
    method: corrected ? "bca" : "percentile",
    resamples,
  };
}

// Implementation

function checkOptions(groupSizes: readonly number[], level: number, resamples: number): void {
  const bad =
    groupSizes.length === 0 || groupSizes.some((s) => !Number.isInteger(s) || s < 1)
      ? `every group needs at least one unit, got sizes [${groupSizes.join(", ")}]`
      : !(level > 0 && level < 1)
        ? `level must lie between 0 and 1, got ${level}`
        : !Number.isInteger(resamples) || resamples < 100
          ? `resamples must be a whole number ≥ 100, got ${resamples}`
          : undefined;
  if (bad) throw new CajalError(bad, { code: "bad-bootstrap", where: "bootstrapInterval" });
}

/** Corrected tail probabilities Φ(z₀ + (z₀ ± z) / (1 − a (z₀ ± z))); undefined where they do not exist. */
function bcaProbabilities(
  replicates: Float64Array,
  estimate: number,
  everyone: readonly number[][],
  statistic: (units: readonly number[][]) => number,
  tail: number,
): [number, number] | undefined {
  let below = 0;
  // Half of the ties, so that a discrete statistic is not taken for a biased one.
  for (const r of replicates) below += r < estimate ? 1 : r === estimate ? 0.5 : 0;
  if (below === 0 || below === replicates.length) return undefined;
  const bias = normalQuantile(below / replicates.length);
  const acceleration = accelerationOf(estimate, everyone, statistic);
  if (!Number.isFinite(acceleration)) return undefined;
  const corrected = (p: number) => {
    const shifted = bias + normalQuantile(p);
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
  return [corrected(tail), corrected(1 - tail)];
}

/** Skewness of the jackknife influences, a = Σ l³/n³ / (6 (Σ l²/n²)^{3/2}), over all groups. */
function accelerationOf(
  estimate: number,
  everyone: readonly number[][],
  statistic: (units: readonly number[][]) => number,
): number {
  let cubes = 0;
  let squares = 0;
  for (let g = 0; g < everyone.length; g++) {
    const n = everyone[g].length;
    if (n < 2) continue;
    const without = everyone[g].map((left) =>
      statistic(everyone.map((units, h) => (h === g ? units.filter((u) => u !== left) : units))),
    );
    let sum = 0;
    for (const v of without) sum += v;
    // Centred on the jackknife mean, as Efron does; the estimate itself would add the bias to every influence.
    const centre = n > 1 ? sum / n : estimate;
    for (const v of without) {
      const influence = ((n - 1) * (centre - v)) / n;
      squares += influence * influence;
      cubes += influence * influence * influence;
    }
  }
  return cubes / (6 * squares * Math.sqrt(squares));
}
