/**
 * @file Observations as input to a network: each variable is cut into bins, each bin drives a pool of units.
 */

import { CajalError, type Rng, type SparseMatrix } from "../../core/index.ts";
import { poolUnits, symbolPools } from "../symbolic/symbol-pools.ts";

/** A range of values, `[low, high]`. */
export type ValueRange = readonly [number, number];

/** Turns observations into drives. */
export interface BinnedEncoder {
  /** Units of the network. */
  readonly units: number;
  /** Bins of each variable, shape `(observation)`. */
  readonly bins: readonly number[];
  /** Weights from all bins, variable after variable, to the units: shape `(post unit, pre bin)`. */
  readonly pools: SparseMatrix;
  /** Bin of each variable, 0 … bins − 1, shape `(observation)`; values outside their range fall into the outermost. */
  binsOf(observation: ArrayLike<number>): Int32Array;
  /**
   * Drive of every unit, shape `(unit)`: the sum over variables of the gain of their bin's pool.
   *
   * @param out - Overwritten and returned where given.
   */
  encode(observation: ArrayLike<number>, out?: Float64Array): Float64Array;
}

/**
 * Code each variable by the bin it lies in; every bin drives `poolSize` units drawn without repetition, pools are
 * drawn independently and may share units. A network sees small observations this way as well as large ones, and
 * negative ones no differently from positive ones.
 *
 * @param options.bins - Bins of every variable, or one number for each, default 10.
 * @param options.ranges - ValueRange of each variable, shape `(observation)`, e.g. `env.observationRanges`.
 * @param options.poolSize - Units driven by a bin, default 8.
 * @param options.units - Units of the network.
 * @param options.gain - Drive of a unit by one bin, default 1.
 * @throws CajalError `bad-option`, or `pools-do-not-fit` when a pool is wider than the network.
 * @example binnedEncoder({ ranges: env.observationRanges, units: 200, rng }).encode(env.reset(rng))
 */
export function binnedEncoder(options: {
  bins?: number | readonly number[];
  ranges: readonly ValueRange[];
  poolSize?: number;
  units: number;
  gain?: number;
  rng: Rng;
}): BinnedEncoder {
  const { ranges, poolSize = 8, units, gain = 1, rng } = options;
  const bins = checkBins(options.bins ?? 10, ranges);
  const offset: number[] = [];
  let total = 0;
  for (const count of bins) {
    offset.push(total);
    total += count;
  }
  const pools = symbolPools({
    symbols: total,
    size: units,
    unitsPerSymbol: poolSize,
    gain,
    overlap: true,
    rng,
  });
  const unitsOf = poolUnits(pools);
  const binsOf = (observation: ArrayLike<number>) => binsIn(observation, ranges, bins);
  const encode = (observation: ArrayLike<number>, out = new Float64Array(units)) => {
    if (out.length !== units) fail(`out has ${out.length} entries, the network has ${units} units`, "shape");
    out.fill(0);
    const chosen = binsOf(observation);
    for (let k = 0; k < chosen.length; k++) for (const i of unitsOf[offset[k] + chosen[k]]) out[i] += gain;
    return out;
  };
  return { units, bins, pools, binsOf, encode };
}

/** `value`, or the nearer end of the range where it lies outside; NaN stays NaN. */
export function clipToRange(value: number, [low, high]: ValueRange): number {
  if (value < low) return low;
  return value > high ? high : value;
}

// Implementation

function checkBins(given: number | readonly number[], ranges: readonly ValueRange[]): number[] {
  if (ranges.length === 0) fail("no ranges given", "bad-option", "Give one for each variable.");
  ranges.forEach(([low, high], k) => {
    if (low < high && Number.isFinite(high - low)) return;
    fail(`range ${k} is [${low}, ${high}]`, "bad-option", "A range is two finite numbers, the lower first.");
  });
  const bins = typeof given === "number" ? ranges.map(() => given) : [...given];
  if (bins.length !== ranges.length) {
    const hint = "Give one number of bins for each variable, or one for all.";
    fail(`${bins.length} numbers of bins for ${ranges.length} ranges`, "bad-option", hint);
  }
  const odd = bins.find((count) => !Number.isInteger(count) || count < 1);
  if (odd !== undefined) fail(`bins must be whole numbers ≥ 1, got ${odd}`, "bad-option");
  return bins;
}

function binsIn(observation: ArrayLike<number>, ranges: readonly ValueRange[], bins: number[]): Int32Array {
  if (observation.length !== bins.length) {
    fail(`the observation has ${observation.length} values, there are ${bins.length} ranges`, "shape");
  }
  return Int32Array.from(bins, (count, k) => {
    const [low, high] = ranges[k];
    const value = clipToRange(observation[k], ranges[k]);
    if (Number.isNaN(value)) fail(`value ${k} of the observation is NaN`, "not-a-number");
    // The upper end belongs to the last bin.
    return Math.min(count - 1, Math.floor((count * (value - low)) / (high - low)));
  });
}

function fail(what: string, code: string, hint?: string): never {
  throw new CajalError(what, { code, where: "binnedEncoder", hint });
}
