/**
 * @file Irregularity of spike trains from their inter-spike intervals I₁ … Iₙ. CV mixes slow changes of the rate with
 * local irregularity; CV2 and LV compare neighbours only. A Poisson process has 1 in all three; time in steps lowers
 * them, which `bernoulliIrregularity` gives exactly.
 */

import { CajalError, log } from "../../core/index.ts";
import { activeUnits, checkRaster, type Raster } from "./raster.ts";

/** Irregularity of one train. */
export interface Irregularity {
  /** sd(I) / mean(I), divisor n − 1; NaN below two intervals. */
  cv: number;
  /** Mean of 2 |Iₖ₊₁ − Iₖ| / (Iₖ₊₁ + Iₖ), after Holt et al. (1996), J. Neurophysiol. 75, 1806; NaN below two. */
  cv2: number;
  /** Mean of 3 ((Iₖ₊₁ − Iₖ) / (Iₖ₊₁ + Iₖ))², after Shinomoto et al. (2003), Neural Comput. 15, 2823; NaN below two. */
  lv: number;
}

/** Irregularity of one train and what it rests on. */
export interface TrainIrregularity extends Irregularity {
  /** Number of intervals. */
  count: number;
  /** Mean interval [steps]. */
  mean: number;
}

/** Irregularity of every unit, and the mean over those that have enough intervals. */
export interface RasterIrregularity {
  /** Intervals of each unit, shape `(unit)`. */
  count: Uint32Array;
  /** Mean interval of each unit [steps], shape `(unit)`; NaN without intervals. */
  mean: Float64Array;
  /** Shape `(unit)`; NaN below two intervals. So are `cv2` and `lv`. */
  cv: Float64Array;
  cv2: Float64Array;
  lv: Float64Array;
  /** Means over the units with at least `minimumIntervals`. */
  average: Irregularity;
  /** Units with fewer intervals, which the averages leave out. */
  excluded: number;
}

/**
 * CV, CV2 and LV of one sequence of intervals.
 *
 * @param intervals - In order of time, > 0, shape `(interval)`.
 */
export function irregularity(intervals: ArrayLike<number>): TrainIrregularity {
  const sums = emptySums(1);
  for (let k = 0; k < intervals.length; k++) addInterval(sums, 0, intervals[k]);
  return finished(sums, 0);
}

/**
 * CV, CV2 and LV of every unit in one pass, without storing intervals.
 *
 * @param options.minimumIntervals - Units with fewer are left out of the averages, ≥ 2, default 10.
 */
export function rasterIrregularity(
  raster: Raster,
  { minimumIntervals = 10 }: { minimumIntervals?: number } = {},
): RasterIrregularity {
  checkRaster(raster, "rasterIrregularity");
  const { units, steps } = raster;
  const sums = emptySums(units);
  const last = new Int32Array(units).fill(-1);
  const active = new Uint32Array(units);
  for (let t = 0; t < steps; t++) {
    const n = activeUnits(raster, t, active);
    for (let k = 0; k < n; k++) {
      const u = active[k];
      if (last[u] >= 0) addInterval(sums, u, t - last[u]);
      last[u] = t;
    }
  }
  const trains = Array.from(sums.count, (_, u) => finished(sums, u));
  const enough = trains.filter((train) => train.count >= Math.max(2, minimumIntervals));
  const average = (key: keyof Irregularity) => enough.reduce((sum, t) => sum + t[key], 0) / enough.length;
  return {
    count: sums.count,
    mean: Float64Array.from(trains, (t) => t.mean),
    cv: Float64Array.from(trains, (t) => t.cv),
    cv2: Float64Array.from(trains, (t) => t.cv2),
    lv: Float64Array.from(trains, (t) => t.lv),
    average: { cv: average("cv"), cv2: average("cv2"), lv: average("lv") },
    excluded: units - enough.length,
  };
}

/**
 * Null: what a unit that fires at every step with probability p, independently, is expected to have. Its intervals are
 * geometric, and of two whose sum is n each split 1 … n − 1 is equally likely, so with q = 1 − p
 * CV = √q, CV2 = 1 − p + (p²/q²)(artanh q − q), LV = 1 − 2 (p²/q²)(q²/p + ln p + q). All tend to 1 as p → 0.
 *
 * @param p - Firing probability per step, 0 < p ≤ 1.
 * @throws CajalError `bad-probability`.
 */
export function bernoulliIrregularity(p: number): Irregularity {
  if (!(p > 0 && p <= 1)) {
    throw new CajalError(`a firing probability must lie in 0 < p ≤ 1, got ${p}`, {
      code: "bad-probability",
      where: "bernoulliIrregularity",
    });
  }
  const q = 1 - p;
  const ratio = (p * p) / (q * q);
  const cv = Math.sqrt(q);
  if (q < 0.05) {
    // Σ over n of P(n) = (n − 1) p² qⁿ⁻²: the closed forms cancel here.
    let cv2 = 0;
    let lv = 0;
    for (let n = 3, weight = q; n < 20; n++, weight *= q) {
      cv2 += weight * (n - 1) * (n % 2 ? (n - 1) / n : (n - 2) / (n - 1));
      lv += (weight * (n - 1) * (n - 2)) / n;
    }
    return { cv, cv2: p * p * cv2, lv: p * p * lv };
  }
  const artanh = 0.5 * (log(1 + q) - log(p));
  return { cv, cv2: 1 - p + ratio * (artanh - q), lv: 1 - 2 * ratio * ((q * q) / p + log(p) + q) };
}

// Implementation

interface Sums {
  count: Uint32Array;
  previous: Float64Array;
  sum: Float64Array;
  squares: Float64Array;
  cv2: Float64Array;
  lv: Float64Array;
}

function emptySums(units: number): Sums {
  const zeros = () => new Float64Array(units);
  const count = new Uint32Array(units);
  return { count, previous: zeros(), sum: zeros(), squares: zeros(), cv2: zeros(), lv: zeros() };
}

function addInterval(sums: Sums, u: number, interval: number): void {
  if (sums.count[u]++ > 0) {
    const contrast = (interval - sums.previous[u]) / (interval + sums.previous[u]);
    sums.cv2[u] += 2 * Math.abs(contrast);
    sums.lv[u] += 3 * contrast * contrast;
  }
  sums.previous[u] = interval;
  sums.sum[u] += interval;
  sums.squares[u] += interval * interval;
}

function finished(sums: Sums, u: number): TrainIrregularity {
  const count = sums.count[u];
  const mean = sums.sum[u] / count;
  if (count < 2) return { count, mean, cv: Number.NaN, cv2: Number.NaN, lv: Number.NaN };
  // Sums of whole numbers are exact in a double up to 2^53, so this difference loses next to nothing.
  const variance = Math.max(0, (sums.squares[u] - sums.sum[u] * mean) / (count - 1));
  return {
    count,
    mean,
    cv: Math.sqrt(variance) / mean,
    cv2: sums.cv2[u] / (count - 1),
    lv: sums.lv[u] / (count - 1),
  };
}
