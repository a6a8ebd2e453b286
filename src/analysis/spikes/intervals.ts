/**
 * @file Inter-spike intervals: differences of successive spike times of one unit, never across units. For a whole
 * raster they are kept as a histogram, which has the size of the longest interval and not of the run.
 */

import { CajalError } from "../../core/index.ts";
import { activeUnits, checkRaster, type Raster, spikeTimes } from "./raster.ts";

/** How many intervals have which length. */
export interface IntervalHistogram {
  /** counts[k] intervals of k steps; counts[0] is 0. Shape `(interval)`, up to the longest one. */
  counts: Uint32Array;
  /** Number of intervals. */
  total: number;
  /** Mean interval [steps]; NaN without intervals. */
  mean: number;
}

/** Differences of successive times, shape `(interval)`, one fewer than the times. */
export function intervalsBetween(times: ArrayLike<number>): Uint32Array {
  const out = new Uint32Array(Math.max(0, times.length - 1));
  for (let k = 0; k < out.length; k++) out[k] = times[k + 1] - times[k];
  return out;
}

/** Inter-spike intervals of one unit [steps], in order of time. */
export function interSpikeIntervals(raster: Raster, unit: number): Uint32Array {
  return intervalsBetween(spikeTimes(raster, unit));
}

/** Intervals of all units taken together; each is measured within its own unit. */
export function pooledIntervals(raster: Raster): IntervalHistogram {
  checkRaster(raster, "pooledIntervals");
  const counts = new Uint32Array(raster.steps + 1);
  const last = new Int32Array(raster.units).fill(-1);
  const active = new Uint32Array(raster.units);
  for (let t = 0; t < raster.steps; t++) {
    const n = activeUnits(raster, t, active);
    for (let k = 0; k < n; k++) {
      const u = active[k];
      if (last[u] >= 0) counts[t - last[u]]++;
      last[u] = t;
    }
  }
  return trimmed(counts);
}

/**
 * Histogram of given intervals.
 *
 * @param intervals - Whole numbers ≥ 1 [steps], shape `(interval)`.
 * @throws CajalError `bad-interval`.
 */
export function intervalHistogram(intervals: ArrayLike<number>): IntervalHistogram {
  let longest = 0;
  for (let k = 0; k < intervals.length; k++) {
    if (!Number.isInteger(intervals[k]) || intervals[k] < 1) {
      throw new CajalError(`interval ${k} is ${intervals[k]}`, {
        code: "bad-interval",
        where: "intervalHistogram",
        hint: "Intervals are whole numbers of steps, at least 1.",
      });
    }
    longest = Math.max(longest, intervals[k]);
  }
  const counts = new Uint32Array(longest + 1);
  for (let k = 0; k < intervals.length; k++) counts[intervals[k]]++;
  return trimmed(counts);
}

// Implementation

function trimmed(counts: Uint32Array): IntervalHistogram {
  let longest = 0;
  let total = 0;
  let sum = 0;
  for (let k = 1; k < counts.length; k++) {
    if (counts[k] === 0) continue;
    longest = k;
    total += counts[k];
    sum += k * counts[k];
  }
  return { counts: counts.slice(0, longest + 1), total, mean: sum / total };
}
