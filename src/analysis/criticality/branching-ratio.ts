/**
 * @file Branching ratio by multi-step regression: how many units one active unit activates at the next step, right also
 * when only part of the units is seen.
 * After Wilting & Priesemann (2018), "Inferring collective dynamical states from widely unobserved systems", Nat.
 * Commun. 9, 2325.
 */

import { CajalError, exp, log } from "../../core/index.ts";
import type { Estimate } from "./mean-size-scaling.ts";

/** What the multi-step regression found. */
export interface BranchingRatio {
  /** m, from r_k = b m^k; standard error by leaving out one block of time after the other. */
  m: Estimate;
  /** b; 1 when all units are seen and nothing else adds variance, smaller under subsampling. */
  b: number;
  /** −1 / ln m [steps]; ∞ at m = 1. */
  autocorrelationTime: number;
  /** The naive estimate r₁, biased towards 0 by subsampling. */
  naive: number;
  /** r_k for k = 1 … maxLag, shape `(lag)`. */
  slopes: number[];
  /** Root mean square of r_k − b m^k. */
  misfit: number;
  /** `no-correlation`: the r_k are those of independent steps, m means nothing; `undetermined`: constant or alternating. */
  status: "ok" | "no-correlation" | "undetermined";
}

/** Lags and blocks of the multi-step regression. */
export interface BranchingOptions {
  /** Largest k [steps]; some five times the autocorrelation time. */
  maxLag?: number;
  /** Blocks of time each record is cut into for the standard error, ≥ 2. */
  blocks?: number;
}

/**
 * Branching ratio m of stationary activity.
 *
 * r_k is the slope of the linear regression of a(t + k) on a(t); with several records, each has its own means and the
 * sums are pooled. For a branching process with drive r_k = b m^k, whatever the share of units seen; m and b by least
 * squares over k = 1 … maxLag, 0 < m ≤ 1.
 *
 * A drifting record looks critical (m → 1), and a random walk towards a mean, AR(1), has m equal to its lag-1
 * correlation without any branching: m is a time scale, not a mechanism.
 *
 * @param activity - One or several records, each of shape `(time)`.
 * @throws CajalError `bad-max-lag`, `bad-blocks`, `nothing-to-pool`.
 */
export function branchingRatio(
  activity: readonly ArrayLike<number>[],
  { maxLag = 100, blocks = 10 }: BranchingOptions = {},
): BranchingRatio {
  checkOptions(activity, maxLag, blocks);
  const records = activity.map((a) => laggedSums(a, maxLag, blocks));
  const slopes = pooledSlopes(records);
  const steps = activity.reduce((sum, a) => sum + a.length, 0);
  if (slopes.some((r) => !Number.isFinite(r))) return unknown("undetermined", slopes);
  // Σ n r² is χ² with maxLag degrees of freedom for independent steps (Box & Pierce 1970).
  const power = slopes.reduce((sum, r) => sum + r * r, 0);
  if (steps * power < maxLag + 4 * Math.sqrt(2 * maxLag)) return unknown("no-correlation", slopes);
  const { m, b, misfit } = fitDecay(slopes);
  // Activity that alternates has a negative slope; no branching process does.
  if (!(b > 0)) return unknown("undetermined", slopes);
  return {
    m: { value: m, standardError: jackknife(records, blocks) },
    b,
    autocorrelationTime: m < 1 ? -1 / log(m) : Number.POSITIVE_INFINITY,
    naive: slopes[0],
    slopes,
    misfit,
    status: "ok",
  };
}

// Implementation

/** Sums over the pairs (x, y) = (a(t), a(t + k)) with t in a block: n, Σx, Σy, Σx², Σxy; shape `(block, lag, 5)`. */
interface LaggedSums {
  sums: Float64Array;
  blocks: number;
  maxLag: number;
}

function checkOptions(activity: readonly ArrayLike<number>[], maxLag: number, blocks: number): void {
  const fail = (what: string, code: string, hint?: string): never => {
    throw new CajalError(what, { code, where: "branchingRatio", ...(hint ? { hint } : {}) });
  };
  if (activity.length === 0) fail("no record given", "nothing-to-pool");
  if (!Number.isInteger(maxLag) || maxLag < 2) {
    fail(`maxLag must be a whole number ≥ 2, got ${maxLag}`, "bad-max-lag");
  }
  if (!Number.isInteger(blocks) || blocks < 2) {
    fail(`blocks must be a whole number ≥ 2, got ${blocks}`, "bad-blocks");
  }
  for (const [i, a] of activity.entries()) {
    if (a.length >= 2 * maxLag) continue;
    const hint = "Lower maxLag or record longer.";
    fail(`record ${i} has ${a.length} steps, fewer than twice maxLag (${maxLag})`, "bad-max-lag", hint);
  }
}

function laggedSums(a: ArrayLike<number>, maxLag: number, blocks: number): LaggedSums {
  const steps = a.length;
  let centre = 0;
  for (let t = 0; t < steps; t++) centre += a[t];
  centre /= steps;
  const d = new Float64Array(steps);
  const sum = new Float64Array(steps + 1);
  const squares = new Float64Array(steps + 1);
  for (let t = 0; t < steps; t++) {
    d[t] = a[t] - centre;
    sum[t + 1] = sum[t] + d[t];
    squares[t + 1] = squares[t] + d[t] * d[t];
  }
  const sums = new Float64Array(blocks * maxLag * 5);
  for (let block = 0; block < blocks; block++) {
    const from = Math.floor((block * steps) / blocks);
    const until = Math.floor(((block + 1) * steps) / blocks);
    for (let k = 1; k <= maxLag; k++) {
      const end = Math.max(from, Math.min(until, steps - k));
      let product = 0;
      for (let t = from; t < end; t++) product += d[t] * d[t + k];
      const at = (block * maxLag + k - 1) * 5;
      sums[at] = end - from;
      sums[at + 1] = sum[end] - sum[from];
      sums[at + 2] = end > from ? sum[end + k] - sum[from + k] : 0;
      sums[at + 3] = squares[end] - squares[from];
      sums[at + 4] = product;
    }
  }
  return { sums, blocks, maxLag };
}

/** r_k with own means in every record, one block of one record left out if asked for. */
function pooledSlopes(records: readonly LaggedSums[], out?: { record: number; block: number }): number[] {
  return Array.from({ length: records[0].maxLag }, (_, lag) => {
    let sxy = 0;
    let sxx = 0;
    for (const [r, { sums, blocks, maxLag }] of records.entries()) {
      const total = [0, 0, 0, 0, 0];
      for (let block = 0; block < blocks; block++) {
        if (out?.record === r && out.block === block) continue;
        const at = (block * maxLag + lag) * 5;
        for (let i = 0; i < 5; i++) total[i] += sums[at + i];
      }
      const [n, x, y, xx, xy] = total;
      sxy += xy - (x * y) / n;
      sxx += xx - (x * x) / n;
    }
    return sxy / sxx;
  });
}

/** Least squares of r_k = b m^k: b is linear, ln of the decay time is searched on a grid, then by golden section. */
function fitDecay(slopes: readonly number[]): { m: number; b: number; misfit: number } {
  const at = (u: number) => {
    const m = exp(-exp(-u));
    let cross = 0;
    let squares = 0;
    let power = 1;
    for (const r of slopes) {
      power *= m;
      cross += r * power;
      squares += power * power;
    }
    return { u, m, b: cross / squares, explained: (cross * cross) / squares };
  };
  const grid = Array.from({ length: 101 }, (_, i) => at(-2 + i * 0.2));
  const best = grid.reduce((a, p) => (p.explained > a.explained ? p : a));
  let low = best.u - 0.2;
  let high = best.u + 0.2;
  while (high - low > 1e-9) {
    const left = at(high - 0.6180339887498949 * (high - low));
    const right = at(low + 0.6180339887498949 * (high - low));
    if (left.explained >= right.explained) high = right.u;
    else low = left.u;
  }
  const { m, b, explained } = at((low + high) / 2);
  const total = slopes.reduce((sum, r) => sum + r * r, 0);
  return { m, b, misfit: Math.sqrt(Math.max(0, total - explained) / slopes.length) };
}

/** √((g − 1)/g Σ (m₋ᵢ − mean)²) over all g blocks. */
function jackknife(records: readonly LaggedSums[], blocks: number): number {
  const without = records.flatMap((_, record) =>
    Array.from({ length: blocks }, (_, block) => fitDecay(pooledSlopes(records, { record, block })).m),
  );
  const g = without.length;
  const centre = without.reduce((sum, m) => sum + m, 0) / g;
  const squares = without.reduce((sum, m) => sum + (m - centre) * (m - centre), 0);
  return Math.sqrt((squares * (g - 1)) / g);
}

function unknown(status: BranchingRatio["status"], slopes: number[]): BranchingRatio {
  return {
    m: { value: Number.NaN, standardError: Number.NaN },
    b: Number.NaN,
    autocorrelationTime: Number.NaN,
    naive: slopes[0],
    slopes,
    misfit: Number.NaN,
    status,
  };
}
