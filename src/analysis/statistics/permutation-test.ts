/**
 * @file Monte-Carlo permutation p values, p = (k + 1) / (n + 1), of one observed value against n null values.
 * After Phipson & Smyth (2010), "Permutation p-values should never be zero", Stat. Appl. Genet. Mol. Biol. 9, 39.
 */

import { CajalError } from "../../core/index.ts";

/** `greater`: the observed value is expected above its nulls; `less`: below; `two-sided`: either. */
export type Alternative = "two-sided" | "greater" | "less";

/** A permutation p value and what it rests on. */
export interface PermutationTest {
  /** (k + 1) / (n + 1), never 0. */
  p: number;
  /** Null values at least as extreme as the observed one. */
  k: number;
  /** Null values. */
  n: number;
  /** The smallest p that n nulls can give, 1 / (n + 1). */
  smallest: number;
  alternative: Alternative;
}

/** Values this close, relative to their size, count as tied: sums in another order must not change a p value. */
const TIE = 1e-12;

/**
 * Test that the observed value is one more draw of what made the nulls.
 *
 * If it is, all n + 1 values are exchangeable and p is exact: P(p ≤ α) ≤ α. Two-sided, "extreme" is the distance from
 * the mean of all n + 1 values together: that centre treats the observed value like any other, which keeps the test
 * exact, and p keeps the form (k + 1) / (n + 1). Ties count against the observed value.
 *
 * @param observed - One number.
 * @param nulls - Shape `(null)`, at least one, all finite.
 * @throws CajalError `no-nulls`, `not-a-number`.
 * @example permutationTest(12.3, [10.1, 9.8, 10.4]).p // 0.25, the smallest three nulls can give
 */
export function permutationTest(
  observed: number,
  nulls: ArrayLike<number>,
  { alternative = "two-sided" }: { alternative?: Alternative } = {},
): PermutationTest {
  const values = checkedNulls(observed, nulls, "permutationTest");
  const n = values.length;
  let pooled = observed;
  for (const v of values) pooled += v;
  const centre = pooled / (n + 1);
  const extremeness = (v: number) =>
    alternative === "greater" ? v : alternative === "less" ? -v : Math.abs(v - centre);
  const threshold = extremeness(observed);
  const slack = TIE * Math.max(Math.abs(observed), Math.abs(centre));
  let k = 0;
  for (const v of values) if (extremeness(v) >= threshold - slack) k++;
  return { p: (k + 1) / (n + 1), k, n, smallest: 1 / (n + 1), alternative };
}

/**
 * p values at every point of a curve that hold over the whole curve: single-step maxT of Westfall & Young (1993),
 * *Resampling-Based Multiple Testing*. Each point is standardised over all n + 1 curves; a point's p compares its
 * distance with the *largest* distance each null curve reaches anywhere. Neighbouring points move together, and this
 * uses it, where Holm's correction pays for every point as if it were new.
 *
 * @param observed - Shape `(point)`.
 * @param nulls - Shape `(null, point)`, all finite.
 * @returns Shape `(point)`; the smallest of them tests "the curve differs somewhere".
 * @throws CajalError `no-nulls`, `not-a-number`.
 */
export function maxTPermutation(
  observed: ArrayLike<number>,
  nulls: readonly ArrayLike<number>[],
): Float64Array {
  const n = nulls.length;
  const points = observed.length;
  const largest = new Float64Array(n);
  const own = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    const at = checkedNulls(
      observed[i],
      nulls.map((curve) => curve[i]),
      "maxTPermutation",
    );
    const { centre, spread } = pooledMoments(observed[i], at);
    // A point where all curves agree says nothing about any of them.
    const scale = spread > TIE * Math.abs(centre) ? 1 / spread : 0;
    own[i] = Math.abs(observed[i] - centre) * scale;
    for (let j = 0; j < n; j++) largest[j] = Math.max(largest[j], Math.abs(at[j] - centre) * scale);
  }
  return own.map((t) => {
    let k = 0;
    for (const other of largest) if (other >= t - TIE * t) k++;
    return (k + 1) / (n + 1);
  });
}

// Implementation

function checkedNulls(observed: number, nulls: ArrayLike<number>, where: string): Float64Array {
  const values = Float64Array.from(nulls);
  if (values.length === 0) {
    throw new CajalError("no null values to compare with", {
      code: "no-nulls",
      where,
      hint: "Ask for at least 19 null networks: fewer cannot reach p = 0.05.",
    });
  }
  const bad = Number.isFinite(observed) ? values.findIndex((v) => !Number.isFinite(v)) : -1;
  if (!Number.isFinite(observed) || bad >= 0) {
    const what = bad >= 0 ? `null value ${bad} is ${values[bad]}` : `the observed value is ${observed}`;
    throw new CajalError(what, {
      code: "not-a-number",
      where,
      hint: "Drop diverged runs first, and report how many were dropped.",
    });
  }
  return values;
}

function pooledMoments(observed: number, nulls: Float64Array): { centre: number; spread: number } {
  const n = nulls.length + 1;
  let sum = observed;
  for (const v of nulls) sum += v;
  const centre = sum / n;
  let squares = (observed - centre) * (observed - centre);
  for (const v of nulls) squares += (v - centre) * (v - centre);
  return { centre, spread: Math.sqrt(squares / (n - 1)) };
}
