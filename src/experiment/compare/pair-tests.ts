/**
 * @file Every pair of groups in every metric: how far apart, how sure, how likely by chance.
 */

import { cliffsDelta, effectInterval, hedgesG, holm, mean, twoSampleTest } from "../../analysis/index.ts";
import { createRng } from "../../core/index.ts";
import type { PairTest } from "./comparison.ts";

/** A metric of one group, one value a repeat. */
export interface MetricSample {
  label: string;
  /** Shape `(repeat)`. */
  values: readonly number[];
}

/** With more groups than that, each is compared with the first only. */
export const MOST_IN_ALL_PAIRS = 6;

/**
 * Tests between groups in one metric. A group without values takes no part.
 *
 * Values of single repeats are compared as independent samples: where repeats share their seeds across groups this errs
 * on the safe side, and a test of pairs could show nothing below six repeats.
 */
export function pairTests(metric: string, samples: readonly MetricSample[]): PairTest[] {
  const present = samples.filter(({ values }) => values.length > 0);
  const tests = pairsOf(present).map(([a, b]): PairTest => {
    const rng = createRng(0)
      .stream("compare")
      .stream(JSON.stringify([metric, a.label, b.label]));
    const { p, smallest, exact } = twoSampleTest(a.values, b.values, { rng });
    const { low, high } = effectInterval(a.values, b.values);
    return {
      metric,
      a: a.label,
      b: b.label,
      difference: mean(a.values) - mean(b.values),
      g: effectSize(a.values, b.values),
      low,
      high,
      cliffsDelta: cliffsDelta(a.values, b.values),
      p,
      pHolm: p,
      smallest,
      exact,
    };
  });
  const corrected = holm(tests.map(({ p }) => p));
  return tests.map((test, i) => ({ ...test, pHolm: corrected[i] }));
}

// Implementation

function pairsOf(samples: readonly MetricSample[]): [MetricSample, MetricSample][] {
  const all = samples.length <= MOST_IN_ALL_PAIRS;
  return samples.flatMap((a, i) =>
    all || i === 0 ? samples.slice(i + 1).map((b): [MetricSample, MetricSample] => [a, b]) : [],
  );
}

/** Hedges' g; NaN for single values, and for samples without spread, whose distance has no measure. */
function effectSize(a: readonly number[], b: readonly number[]): number {
  if (a.length < 2 || b.length < 2) return Number.NaN;
  if ([a, b].every((values) => values.every((value) => value === values[0]))) return Number.NaN;
  return hedgesG(a, b);
}
