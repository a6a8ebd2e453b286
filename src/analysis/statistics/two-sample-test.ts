/**
 * @file Two independent samples compared by relabelling: the Wilcoxon–Mann–Whitney test on ranks, or the permutation
 * test on means, exact over all relabellings while they are few, else p = (k + 1) / (n + 1) over random ones.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { mean } from "./descriptive.ts";

/** `ranks`: who is above whom, Mann–Whitney; `means`: how far apart. */
export type TwoSampleStatistic = "ranks" | "means";

/** How two samples are compared. */
export interface TwoSampleOptions {
  statistic?: TwoSampleStatistic;
  /** Stream of random relabellings; used only where there are too many to go through all. */
  rng: Rng;
  /** Relabellings that are drawn where there are more than that. */
  resamples?: number;
}

/** A two-sided p value and what it rests on. */
export interface TwoSampleTest {
  p: number;
  /** Mann–Whitney's U of the first sample: pairs in which it is above, ties half. */
  u: number;
  /** Whether all relabellings were gone through. */
  exact: boolean;
  /** Relabellings beside the observed one. */
  relabellings: number;
  /** The smallest p that samples of these sizes can give without ties. */
  smallest: number;
}

/** Values this close, relative to their size, count as tied: sums in another order must not change a p value. */
const TIE = 1e-12;

/**
 * Test that both samples are draws of one distribution, two-sided. Extreme is the distance of the first sample's sum
 * (of ranks, or of values) from what is expected of so many of all values.
 *
 * After Mann & Whitney (1947), Ann. Math. Stat. 18, 50–60, with mid-ranks for ties; the p value of random relabellings
 * after Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39.
 *
 * @param a - Shape `(sample)`, at least one, all finite.
 * @param b - Shape `(sample)`, at least one, all finite.
 * @throws CajalError `empty-sample`, `not-a-number`.
 * @example twoSampleTest([1, 2, 3], [4, 5, 6], { rng }).p // 0.1: 2 of 20
 */
export function twoSampleTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { statistic = "ranks", rng, resamples = 9999 }: TwoSampleOptions,
): TwoSampleTest {
  const pooled = checkedPool(a, b);
  const ranks = midRanks(pooled);
  const scores = statistic === "ranks" ? ranks : pooled;
  const [size, total] = [a.length, pooled.length];
  const expected = size * mean(scores);
  const observed = Math.abs(sumOf(scores, size) - expected);
  const threshold = observed - TIE * (Math.abs(expected) + observed);
  const all = combinations(total, size, resamples);
  const u = sumOf(ranks, size) - (size * (size + 1)) / 2;
  const isExtreme = (sum: number) => Math.abs(sum - expected) >= threshold;
  if (all !== undefined) {
    let extreme = 0;
    eachSum(scores, size, (sum) => {
      if (isExtreme(sum)) extreme++;
    });
    // Both ends are equally far out.
    const smallest = Math.min(1, 2 / all);
    return { p: extreme / all, u, exact: true, relabellings: all - 1, smallest };
  }
  let k = 0;
  const order = Float64Array.from(scores);
  for (let i = 0; i < resamples; i++) if (isExtreme(drawnSum(order, size, rng))) k++;
  const p = (k + 1) / (resamples + 1);
  return { p, u, exact: false, relabellings: resamples, smallest: 1 / (resamples + 1) };
}

// Implementation

function checkedPool(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const where = "twoSampleTest";
  if (a.length === 0 || b.length === 0) {
    throw new CajalError(`a sample is empty: sizes ${a.length} and ${b.length}`, {
      code: "empty-sample",
      where,
      hint: "Each needs at least one value; below four each, p cannot reach 0.05.",
    });
  }
  const pooled = Float64Array.from([...Array.from(a), ...Array.from(b)]);
  const bad = pooled.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return pooled;
  const name = bad < a.length ? `a[${bad}]` : `b[${bad - a.length}]`;
  throw new CajalError(`${name} is ${pooled[bad]}`, {
    code: "not-a-number",
    where,
    hint: "Drop failed runs first, and report how many were dropped.",
  });
}

/** Ranks from 1; equal values share the mean of theirs. */
function midRanks(values: Float64Array): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

function sumOf(values: ArrayLike<number>, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum;
}

/** Ways to choose `size` of `total`; undefined when they are more than `most`. */
function combinations(total: number, size: number, most: number): number | undefined {
  let count = 1;
  for (let k = 1; k <= Math.min(size, total - size); k++) {
    count = (count * (total - k + 1)) / k;
    if (count > most + 1) return undefined;
  }
  return count;
}

/** Call `visit` with the sum of every choice of `size` values, each in ascending place. */
function eachSum(values: Float64Array, size: number, visit: (sum: number) => void): void {
  const choose = (from: number, left: number, sum: number) => {
    if (left === 0) {
      visit(sum);
      return;
    }
    for (let i = from; i <= values.length - left; i++) choose(i + 1, left - 1, sum + values[i]);
  };
  choose(0, size, 0);
}

/** The sum of `size` values drawn without replacement: the first steps of a shuffle in place. */
function drawnSum(values: Float64Array, size: number, rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const j = i + rng.integer(values.length - i);
    [values[i], values[j]] = [values[j], values[i]];
    sum += values[i];
  }
  return sum;
}
