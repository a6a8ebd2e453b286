/**
 * @file Fano factor: variance over mean of spike counts in windows. 1 at every window length for a Poisson process,
 * 1 − p for a unit that fires independently with p per step, growing with the window where rates wander.
 */

import { CajalError } from "../../core/index.ts";
import { normalQuantile } from "../statistics/index.ts";
import type { Raster } from "./raster.ts";
import { unitWindowCounts, windowCounts } from "./rates.ts";

/** Fano factor at one window length. */
export interface FanoFactor {
  /** Steps of a window. */
  window: number;
  /** Windows counted. */
  windows: number;
  /** Mean count of a window. */
  mean: number;
  /** Variance of the counts. */
  variance: number;
  /** variance / mean; NaN when nothing fired. */
  fano: number;
  /** What 95 % of Poisson processes of that many windows show: null. */
  poisson: { low: number; high: number };
}

/** How the variance is taken. */
export interface FanoOptions {
  /** `sample` divides by n − 1 (default), `population` by n. */
  divisor?: "sample" | "population";
}

/**
 * Fano factor of one series over windows of a stated length that do not overlap.
 *
 * @param series - 0/1 of a unit or the activity a(t), shape `(time)`; steps behind the last whole window are left out.
 * @param window - Steps of a window, 1 … T.
 * @throws CajalError `bad-window`.
 */
export function fanoFactor(series: ArrayLike<number>, window: number, options: FanoOptions = {}): FanoFactor {
  return ofCounts(windowCounts(series, window), window, options);
}

/**
 * The Fano factor against window length.
 *
 * @param windows - Lengths [steps]; {@link doublingWindows} gives 1, 2, 4, ….
 * @example fanoSweep(activity(raster), doublingWindows(raster.steps))
 */
export function fanoSweep(
  series: ArrayLike<number>,
  windows: ArrayLike<number>,
  options: FanoOptions = {},
): FanoFactor[] {
  return Array.from(windows, (window) => fanoFactor(series, window, options));
}

/** Window lengths 1, 2, 4, … that leave at least `least` windows in `steps` steps. */
export function doublingWindows(steps: number, least = 20): number[] {
  const out = [];
  for (let window = 1; window * least <= steps; window *= 2) out.push(window);
  return out;
}

/** Fano factor of every unit at one window length, shape `(unit)`; NaN for silent units. */
export function unitFanoFactors(raster: Raster, window: number, options: FanoOptions = {}): Float64Array {
  const counts = unitWindowCounts(raster, window);
  const windows = counts.length / raster.units;
  const out = new Float64Array(raster.units);
  for (let u = 0; u < raster.units; u++) {
    out[u] = ofCounts(counts.subarray(u * windows, (u + 1) * windows), window, options).fano;
  }
  return out;
}

/**
 * Range of the Fano factor of a Poisson process: χ² with n − 1 degrees of freedom over n − 1, after Eden & Kramer
 * (2010), J. Neurosci. Methods 190, 149. Quantiles by Wilson & Hilferty (1931), within 1 % from n = 11 on.
 *
 * @param windows - Number of counts, ≥ 2, else NaN.
 * @param confidence - Share inside, 0–1, default 0.95.
 */
export function poissonFanoRange(windows: number, confidence = 0.95): { low: number; high: number } {
  if (!(confidence > 0 && confidence < 1)) {
    throw new CajalError(`confidence must lie between 0 and 1, got ${confidence}`, {
      code: "bad-probability",
      where: "poissonFanoRange",
    });
  }
  if (windows < 2) return { low: Number.NaN, high: Number.NaN };
  const spread = 2 / (9 * (windows - 1));
  const z = normalQuantile((1 + confidence) / 2);
  const cube = (v: number) => (v > 0 ? v * v * v : 0);
  return {
    low: cube(1 - spread - z * Math.sqrt(spread)),
    high: cube(1 - spread + z * Math.sqrt(spread)),
  };
}

// Implementation

function ofCounts(
  counts: ArrayLike<number>,
  window: number,
  { divisor = "sample" }: FanoOptions,
): FanoFactor {
  const n = counts.length;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += counts[k];
  const mean = sum / n;
  let squares = 0;
  for (let k = 0; k < n; k++) squares += (counts[k] - mean) * (counts[k] - mean);
  const variance = n < 2 ? Number.NaN : squares / (divisor === "sample" ? n - 1 : n);
  return { window, windows: n, mean, variance, fano: variance / mean, poisson: poissonFanoRange(n) };
}
