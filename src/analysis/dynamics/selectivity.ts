/**
 * @file How well single units tell two kinds of trials apart: d′ and the area under the ROC curve.
 */

import { CajalError } from "../../core/index.ts";
import { mean, variance } from "../statistics/index.ts";

/** Selectivity of each unit for two groups of trials; arrays have shape `(unit)`. */
export interface UnitSelectivity {
  /** Trials in each group. */
  counts: readonly [number, number];
  /** (mean₀ − mean₁) / √((variance₀ + variance₁) / 2); > 0 when group 0 has more; 0 where nothing differs. */
  dPrime: Float64Array;
  /** Probability that a trial of group 0 has more than one of group 1, ties counted half; 0.5 is none. */
  rocArea: Float64Array;
  /** 0 or 1, the group with the larger mean; −1 where they are equal. */
  preferred: Int8Array;
}

/**
 * d′ of two samples, (m₀ − m₁) / √((v₀ + v₁) / 2), with sample variances (divisor n − 1). After Song, Yang & Wang (2016).
 *
 * @returns 0 where means are equal, ±∞ where they differ and nothing varies, NaN below two values in a sample.
 */
export function dPrime(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const difference = mean(first) - mean(second);
  const spread = Math.sqrt((variance(first) + variance(second)) / 2);
  return difference === 0 && spread === 0 ? 0 : difference / spread;
}

/**
 * Area under the ROC curve of two samples: P(a > b) + P(a = b) / 2, the statistic of Mann & Whitney divided by both sizes.
 *
 * @returns 0 … 1; NaN of an empty sample.
 */
export function rocArea(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  // Twice the number of pairs won, ties once: whole numbers, so no order of trials matters.
  let twice = 0;
  let below = 0;
  let upTo = 0;
  for (const v of a) {
    while (below < b.length && b[below] < v) below++;
    upTo = Math.max(upTo, below);
    while (upTo < b.length && b[upTo] <= v) upTo++;
    twice += below + upTo;
  }
  return twice / (2 * a.length * b.length);
}

/**
 * Selectivity of every unit, e.g. of means over a period for the two choices.
 *
 * @param values - Shape `(trial, unit)`.
 * @param group - 0 or 1 for each trial, anything else leaves it out, shape `(trial)`.
 * @throws CajalError `shape`, or `too-few-trials` if a group has less than two.
 */
export function unitSelectivity(values: ArrayLike<number>, group: ArrayLike<number>): UnitSelectivity {
  const units = values.length / group.length;
  if (!Number.isInteger(units) || units < 1) {
    throw new CajalError(`${values.length} values for ${group.length} trials`, {
      code: "shape",
      where: "unitSelectivity",
      hint: "Give values in shape (trial, unit) and one group for each trial.",
    });
  }
  const members = [0, 1].map((g) => Array.from(group, (_, k) => k).filter((k) => group[k] === g));
  const counts = [members[0].length, members[1].length] as const;
  if (Math.min(...counts) < 2) {
    throw new CajalError(`the groups have ${counts[0]} and ${counts[1]} trials`, {
      code: "too-few-trials",
      where: "unitSelectivity",
      hint: "Give at least two trials of group 0 and two of group 1.",
    });
  }
  const out = {
    counts,
    dPrime: new Float64Array(units),
    rocArea: new Float64Array(units),
    preferred: new Int8Array(units),
  };
  for (let i = 0; i < units; i++) {
    const [a, b] = members.map((trials) => Float64Array.from(trials, (k) => values[k * units + i]));
    out.dPrime[i] = dPrime(a, b);
    out.rocArea[i] = rocArea(a, b);
    const difference = mean(a) - mean(b);
    out.preferred[i] = difference > 0 ? 0 : difference < 0 ? 1 : -1;
  }
  return out;
}
