/**
 * @file Neuronal avalanches of a whole-number activity over a threshold: an avalanche is a maximal run of steps with
 * a(t) > θ, its duration T the number of steps, its size S = Σ (a(t) − θ).
 * After Poil et al. (2012), "Critical-state dynamics of avalanches and oscillations jointly emerge from balanced
 * excitation/inhibition in neuronal networks", J. Neurosci. 32, 9817–9823, and Del Papa, Priesemann & Triesch (2017),
 * "Criticality meets learning", PLoS ONE 12, e0178683. Departure: θ is given, never taken from the record.
 */

import { CajalError } from "../../core/index.ts";

/** Avalanches in order of time. */
export interface Avalanches {
  /** T [steps], shape `(avalanche)`. */
  duration: Int32Array;
  /** S = Σ (a − θ) [units × steps], whole numbers, shape `(avalanche)`. */
  size: Float64Array;
  /** First step, shape `(avalanche)`. */
  start: Int32Array;
  /** θ [units]. */
  theta: number;
  /** Runs touching the first or last step of the record, 0–2: left out unless asked for. */
  cut: number;
  /** Steps with a > θ, in avalanches or not. */
  stepsAbove: number;
  /** Length of the record [steps]. */
  steps: number;
}

/** How avalanches are cut out of a record. */
export interface AvalancheOptions {
  /**
   * Runs cut by the start or end of the record: their true T and S are unknown and too small as seen, so they are
   * left out unless `"keep"`.
   */
  edges?: "leave-out" | "keep";
}

/**
 * Avalanches of one record.
 *
 * @param activity - Active units at each step, whole numbers ≥ 0, shape `(time)`.
 * @param theta - θ [units], a whole number ≥ 0; see {@link avalancheThreshold}.
 * @throws CajalError `bad-theta`, `bad-activity`.
 * @example avalanches([0, 3, 4, 0], 1) // T = [2], S = [5], start = [1]
 */
export function avalanches(
  activity: ArrayLike<number>,
  theta: number,
  { edges = "leave-out" }: AvalancheOptions = {},
): Avalanches {
  checkTheta(theta, "avalanches");
  checkActivity(activity, "avalanches");
  const steps = activity.length;
  const duration: number[] = [];
  const size: number[] = [];
  const start: number[] = [];
  let cut = 0;
  let stepsAbove = 0;
  for (let t = 0; t < steps; t++) {
    if (activity[t] <= theta) continue;
    const first = t;
    let sum = 0;
    for (; t < steps && activity[t] > theta; t++) sum += activity[t] - theta;
    stepsAbove += t - first;
    const isCut = first === 0 || t === steps;
    if (isCut) cut++;
    if (isCut && edges === "leave-out") continue;
    duration.push(t - first);
    size.push(sum);
    start.push(first);
  }
  return {
    duration: Int32Array.from(duration),
    size: Float64Array.from(size),
    start: Int32Array.from(start),
    theta,
    cut,
    stepsAbove,
    steps,
  };
}

/**
 * θ = ⌊h N / 2⌋, half the activity that intrinsic plasticity aims at.
 *
 * From the target and not from the record, because the mean of a homeostatic network is h N to within rounding: with
 * h N = 20, int(mean / 2) is 9 or 10 by the last digits of the mean, and θ ± 1 moves the exponent of durations by
 * about 0.18. Where thresholds no longer adapt (frozen plasticity) the mean drifts; choose another θ and say so.
 *
 * @param targetRate - h, mean activity of a unit, 0–1 [spikes/step].
 * @param units - N.
 * @throws CajalError `bad-target-rate`, `bad-units`.
 */
export function avalancheThreshold(targetRate: number, units: number): number {
  if (!(targetRate >= 0 && targetRate <= 1)) {
    throw new CajalError(`target rate must lie in 0 … 1, got ${targetRate}`, {
      code: "bad-target-rate",
      where: "avalancheThreshold",
      hint: "It is the mean activity of one unit per step, e.g. 0.1.",
    });
  }
  checkUnits(units, "avalancheThreshold");
  // h N is a whole number in the user's mind even where 0.29 × 200 falls short of 58 by one bit.
  return Math.floor((targetRate * units) / 2 + 1e-9);
}

/** @throws CajalError `bad-theta` unless θ is a whole number ≥ 0. */
export function checkTheta(theta: number, where: string): void {
  if (Number.isSafeInteger(theta) && theta >= 0) return;
  throw new CajalError(`threshold theta must be a whole number ≥ 0, got ${theta}`, {
    code: "bad-theta",
    where,
    hint: "Activity counts units, so a > 9.5 and a > 9 differ silently. Use avalancheThreshold(targetRate, units).",
  });
}

/** @throws CajalError `bad-units` unless N is a whole number ≥ 1. */
export function checkUnits(units: number, where: string): void {
  if (Number.isSafeInteger(units) && units >= 1) return;
  throw new CajalError(`units must be a whole number ≥ 1, got ${units}`, { code: "bad-units", where });
}

/** @throws CajalError `bad-activity` unless every value is a whole number from 0 to `units`. */
export function checkActivity(
  activity: ArrayLike<number>,
  where: string,
  units: number = Number.MAX_SAFE_INTEGER,
): void {
  for (let t = 0; t < activity.length; t++) {
    const a = activity[t];
    if (a >= 0 && a <= units && Math.floor(a) === a) continue;
    const range = units < Number.MAX_SAFE_INTEGER ? `from 0 to ${units} (units)` : "≥ 0";
    throw new CajalError(`activity at step ${t} is ${a}, not a whole number ${range}`, {
      code: "bad-activity",
      where,
      hint: "Give the number of active units at each step.",
    });
  }
}
