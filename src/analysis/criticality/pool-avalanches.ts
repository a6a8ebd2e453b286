/**
 * @file Avalanches of several seeds taken together, each knowing its seed, so that the spread over seeds is never lost.
 */

import { CajalError } from "../../core/index.ts";
import { mean, standardDeviation } from "../statistics/descriptive.ts";
import type { Avalanches } from "./avalanches.ts";

/** Avalanches of several records, seed after seed; `start` counts from the beginning of the record of its seed. */
export interface PooledAvalanches extends Avalanches {
  /** Index of the record an avalanche came from, shape `(avalanche)`. */
  seed: Int32Array;
  /** Records pooled. */
  seeds: number;
}

/** How a number varies over seeds. */
export interface SeedSpread {
  /** Seeds on which it could be determined. */
  count: number;
  mean: number;
  /** Divisor n − 1; NaN below two seeds. */
  standardDeviation: number;
  minimum: number;
  maximum: number;
}

/**
 * Pool the avalanches of several seeds.
 *
 * @throws CajalError `nothing-to-pool`, `mixed-theta`: avalanches over different thresholds are different things.
 */
export function poolAvalanches(records: readonly Avalanches[]): PooledAvalanches {
  if (records.length === 0) {
    throw new CajalError("no record given", { code: "nothing-to-pool", where: "poolAvalanches" });
  }
  const { theta } = records[0];
  const other = records.find((r) => r.theta !== theta);
  if (other) {
    throw new CajalError(`records have thresholds ${theta} and ${other.theta}`, {
      code: "mixed-theta",
      where: "poolAvalanches",
      hint: "Use one theta for all seeds, avalancheThreshold(targetRate, units).",
    });
  }
  const total = records.reduce((sum, r) => sum + r.duration.length, 0);
  const pool: PooledAvalanches = {
    duration: new Int32Array(total),
    size: new Float64Array(total),
    start: new Int32Array(total),
    seed: new Int32Array(total),
    seeds: records.length,
    theta,
    cut: 0,
    stepsAbove: 0,
    steps: 0,
  };
  let at = 0;
  for (const [seed, record] of records.entries()) {
    pool.duration.set(record.duration, at);
    pool.size.set(record.size, at);
    pool.start.set(record.start, at);
    pool.seed.fill(seed, at, at + record.duration.length);
    pool.cut += record.cut;
    pool.stepsAbove += record.stepsAbove;
    pool.steps += record.steps;
    at += record.duration.length;
  }
  return pool;
}

/** Spread of one number over seeds; seeds on which it is not finite are left out and show in `count`. */
export function seedSpread(values: readonly number[]): SeedSpread {
  const known = values.filter((v) => Number.isFinite(v));
  const none = known.length === 0;
  return {
    count: known.length,
    mean: mean(known),
    standardDeviation: standardDeviation(known),
    minimum: none ? Number.NaN : known.reduce((a, b) => Math.min(a, b)),
    maximum: none ? Number.NaN : known.reduce((a, b) => Math.max(a, b)),
  };
}
