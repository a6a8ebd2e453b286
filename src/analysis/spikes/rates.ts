/**
 * @file Firing rates: spikes over time, per unit and over windows. Refractoriness and bursts do not show here; see
 * `intervals.ts` and `fano-factor.ts`.
 */

import { CajalError } from "../../core/index.ts";
import { checkRaster, type Raster, spikeCounts } from "./raster.ts";

/** How a rate is counted. */
export interface RateOptions {
  /** Length of a step [ms], > 0. With it rates are in Hz, without in spikes per step. */
  dt?: number;
}

/**
 * Rate of every unit, nᵢ / T; with `dt` [ms] it is 1000 nᵢ / (T dt) in Hz. A Bernoulli unit of p per step has the
 * standard error √(p (1 − p) / T).
 *
 * @returns Shape `(unit)` [1/step or Hz]; NaN when the raster has no step.
 * @throws CajalError `bad-step-length`.
 */
export function firingRates(raster: Raster, options: RateOptions = {}): Float64Array {
  const perStep = stepsPerSecond(options.dt, "firingRates");
  return Float64Array.from(spikeCounts(raster), (n) => (n / raster.steps) * perStep);
}

/**
 * Spikes of a series in successive windows that do not overlap; a remainder at the end is left out.
 *
 * @param series - Counts or 0/1, shape `(time)`: a unit's spikes or the activity a(t).
 * @param window - Steps of a window, ≥ 1.
 * @returns Shape `(window)`, length ⌊T / window⌋.
 * @throws CajalError `bad-window`.
 */
export function windowCounts(series: ArrayLike<number>, window: number): Float64Array {
  checkWindow(window, series.length, "windowCounts");
  const counts = new Float64Array(Math.floor(series.length / window));
  for (let k = 0, t = 0; k < counts.length; k++) {
    for (const end = t + window; t < end; t++) counts[k] += series[t];
  }
  return counts;
}

/**
 * Spikes of every unit in successive windows that do not overlap.
 *
 * @returns Shape `(unit, window)`, row-major, with ⌊T / window⌋ windows.
 * @throws CajalError `bad-window`.
 */
export function unitWindowCounts(raster: Raster, window: number): Uint32Array {
  checkRaster(raster, "unitWindowCounts");
  checkWindow(window, raster.steps, "unitWindowCounts");
  const windows = Math.floor(raster.steps / window);
  const row = raster.bits.length / raster.steps;
  const out = new Uint32Array(raster.units * windows);
  for (let k = 0; k < windows; k++) {
    const bits = raster.bits.subarray(k * window * row, (k + 1) * window * row);
    const counts =
      window < 64 ? bitByBit(raster.units, bits, row) : spikeCounts({ ...raster, steps: window, bits });
    for (let u = 0; u < raster.units; u++) out[u * windows + k] = counts[u];
  }
  return out;
}

/** @throws CajalError `bad-window` unless 1 ≤ window ≤ steps. */
export function checkWindow(window: number, steps: number, where: string): void {
  if (Number.isInteger(window) && window >= 1 && window <= steps) return;
  throw new CajalError(`a window of ${window} steps does not fit ${steps} steps`, {
    code: "bad-window",
    where,
    hint: `Give a whole number from 1 to ${steps}.`,
  });
}

// Implementation

function stepsPerSecond(dt: number | undefined, where: string): number {
  if (dt === undefined) return 1;
  if (!(dt > 0 && dt < Number.POSITIVE_INFINITY)) {
    throw new CajalError(`dt must be a positive number of ms, got ${dt}`, {
      code: "bad-step-length",
      where,
      hint: "Leave dt out for spikes per step.",
    });
  }
  return 1000 / dt;
}

/** Counts of a short piece, for which the table of `spikeCounts` would cost more than the bits. */
function bitByBit(units: number, bits: Uint8Array, row: number): Uint32Array {
  const counts = new Uint32Array(units);
  for (let at = 0; at < bits.length; at += row) {
    for (let u = 0; u < units; u++) counts[u] += (bits[at + (u >> 3)] >> (u & 7)) & 1;
  }
  return counts;
}
