/**
 * @file One network against its null copies: difference, interval, effect sizes and permutation p in one value.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { bootstrapInterval, type Interval } from "./bootstrap.ts";
import { mean, type SampleSummary, summarizeSample } from "./descriptive.ts";
import { cliffsDelta, hedgesG, standardizedDifference } from "./effect-size.ts";
import { type Alternative, type PermutationTest, permutationTest } from "./permutation-test.ts";

/**
 * What was measured: a score for each network, network 0 being the real one, the others its nulls.
 *
 * With repeats (the same inputs given to every network, drawn anew for each repeat), `score` gets the repeats to
 * average over, so that the interval can resample them.
 */
export interface NetworkScores {
  /** Networks in all, the real one and n nulls: n + 1. */
  networks: number;
  /** Repeats every network has, ≥ 1. */
  repeats: number;
  /** Score of a network over the given repeats, which may recur; finite. */
  score: (network: number, repeats: readonly number[]) => number;
}

/** The real network beside its nulls. */
export interface NullComparison {
  observed: number;
  /** Score of each null, shape `(null)`. */
  nullValues: number[];
  nulls: SampleSummary;
  /** Observed − mean of the nulls, with its bootstrap interval. */
  difference: Interval;
  /** What the interval covers: chance in the drawing of nulls, and of inputs where there were repeats. */
  resampled: "nulls" | "nulls and repeats";
  /** Observed − mean in standard deviations of the nulls. */
  z: number;
  hedgesG: number;
  cliffsDelta: number;
  test: PermutationTest;
}

/**
 * Compare one network with its nulls.
 *
 * The unit of sampling is the null network: one connectome gives one value, however long the simulation. So the test is
 * a permutation test over n + 1 networks, and the interval resamples nulls — and, where every network met the same
 * two or more repeats, repeats too, the same ones for all networks because they share their inputs (the two-way
 * bootstrap of Owen (2007), Ann. Appl. Stat. 1, 386–411). Neither speaks of other animals of the species.
 *
 * @throws CajalError `no-nulls`, `not-a-number`.
 * @example compareToNulls(scoresOf(12.3, [10.1, 9.8, 10.4]), { rng: createRng(7).stream("bootstrap") }).test.p
 */
export function compareToNulls(
  { networks, repeats, score }: NetworkScores,
  {
    rng,
    alternative = "two-sided",
    level = 0.95,
    resamples = 2000,
  }: { rng: Rng; alternative?: Alternative; level?: number; resamples?: number },
): NullComparison {
  const all = Array.from({ length: repeats }, (_, i) => i);
  const scores = Array.from({ length: networks }, (_, network) => score(network, all));
  const [observed, ...nullValues] = scores;
  const test = permutationTest(observed, nullValues, { alternative });
  const atRepeats = (network: number, chosen: readonly number[]) =>
    repeats === 1 ? scores[network] : score(network, chosen);
  const difference = bootstrapInterval(
    [nullValues.length, repeats],
    ([nulls, chosen]) => atRepeats(0, chosen) - mean(scoreEach(nulls, chosen, atRepeats)),
    { rng, level, resamples },
  );
  return {
    observed,
    nullValues,
    nulls: summarizeSample(nullValues),
    difference,
    resampled: repeats > 1 ? "nulls and repeats" : "nulls",
    z: standardizedDifference(observed, nullValues),
    hedgesG: hedgesG([observed], nullValues),
    cliffsDelta: cliffsDelta([observed], nullValues),
    test,
  };
}

/** Scores without repeats: one value for the real network, one for each null. */
export function scoresOf(observed: number, nulls: ArrayLike<number>): NetworkScores {
  if (nulls.length === 0) {
    throw new CajalError("no null values to compare with", { code: "no-nulls", where: "scoresOf" });
  }
  return {
    networks: nulls.length + 1,
    repeats: 1,
    score: (network) => (network === 0 ? observed : nulls[network - 1]),
  };
}

// Implementation

/** Scores of the chosen nulls; a null drawn twice is scored once. */
function scoreEach(
  nulls: readonly number[],
  repeats: readonly number[],
  score: (network: number, repeats: readonly number[]) => number,
): number[] {
  const known = new Map<number, number>();
  return nulls.map((i) => {
    let value = known.get(i);
    if (value === undefined) {
      value = score(i + 1, repeats);
      known.set(i, value);
    }
    return value;
  });
}
