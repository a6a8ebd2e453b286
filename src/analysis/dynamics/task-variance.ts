/**
 * @file Task variance: how much a unit's activity differs between the conditions of a task, and how units share tasks.
 * After Yang, Joglekar, Song, Newsome & Wang (2019), Nat. Neurosci. 22:297.
 */

import { CajalError } from "../../core/index.ts";
import { type Activity, checkActivity } from "./activity.ts";

/**
 * Variance over conditions (divisor: conditions), averaged over time; meant for activity without noise.
 *
 * @param activity - A row for each condition.
 * @param steps - First step and the one after the last, default all; Yang et al. leave out fixation.
 * @returns Shape `(unit)`. Steps at which fewer than two conditions have values are left out; NaN if none is left.
 * @throws CajalError `shape`, `bad-option`.
 */
export function taskVariance(activity: Activity, { from = 0, to = activity.steps } = {}): Float64Array {
  checkActivity("taskVariance", activity);
  const { rows, steps, units, values } = activity;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= steps)) {
    throw new CajalError(`steps from ${from} to ${to} do not lie in 0 … ${steps}`, {
      code: "bad-option",
      where: "taskVariance",
      hint: "Give the first step and the one after the last.",
    });
  }
  const out = new Float64Array(units);
  for (let i = 0; i < units; i++) {
    let sum = 0;
    let counted = 0;
    for (let t = from; t < to; t++) {
      const v = spread(rows, (row) => values[(row * steps + t) * units + i]);
      if (Number.isNaN(v)) continue;
      sum += v;
      counted++;
    }
    out[i] = sum / counted;
  }
  return out;
}

/** Units by tasks. */
export interface TaskVariances {
  tasks: number;
  /** Shape `(unit, task)`. */
  values: Float64Array;
  /** Divided by the largest of the unit, shape `(unit, task)`; 0 for units that are not active. */
  normalised: Float64Array;
  /** 1 where the sum over tasks is above the threshold, shape `(unit)`. */
  active: Uint8Array;
}

/**
 * Task variances of the same units side by side, one column a task (or a context of one task).
 *
 * @param threshold - Sum over tasks above which a unit is active, default 1e-3 as in Yang et al.
 * @throws CajalError `shape`.
 */
export function compareTaskVariances(
  variances: readonly ArrayLike<number>[],
  threshold = 1e-3,
): TaskVariances {
  const tasks = variances.length;
  const units = tasks > 0 ? variances[0].length : 0;
  if (tasks === 0 || variances.some((v) => v.length !== units)) {
    throw new CajalError(`task variances of ${variances.map((v) => v.length).join(", ") || "no"} units`, {
      code: "shape",
      where: "compareTaskVariances",
      hint: "Give one array for each task, all of the same units.",
    });
  }
  const values = Float64Array.from(
    { length: units * tasks },
    (_, k) => variances[k % tasks][Math.floor(k / tasks)],
  );
  const normalised = new Float64Array(units * tasks);
  const active = new Uint8Array(units);
  for (let i = 0; i < units; i++) {
    const own = values.subarray(i * tasks, (i + 1) * tasks);
    active[i] = own.reduce((sum, v) => sum + v, 0) > threshold ? 1 : 0;
    if (active[i] === 0) continue;
    const largest = own.reduce((most, v) => Math.max(most, v), 0);
    for (let k = 0; k < tasks; k++) normalised[i * tasks + k] = own[k] / largest;
  }
  return { tasks, values, normalised, active };
}

/**
 * Fractional task variance (A − B) / (A + B) of each unit: 1 works for A alone, −1 for B alone, 0 for both alike.
 *
 * @returns Shape `(unit)`; NaN where both are 0. @throws CajalError `shape`.
 */
export function fractionalTaskVariance(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new CajalError(`task variances of ${a.length} and of ${b.length} units`, {
      code: "shape",
      where: "fractionalTaskVariance",
      hint: "Give those of the same units.",
    });
  }
  return Float64Array.from({ length: a.length }, (_, i) => (a[i] - b[i]) / (a[i] + b[i]));
}

// Implementation

/** Variance with divisor n of what is not NaN; NaN below two values. */
function spread(rows: number, at: (row: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(at(row))) continue;
    sum += at(row);
    count++;
  }
  if (count < 2) return Number.NaN;
  const centre = sum / count;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const d = at(row) - centre;
    if (!Number.isNaN(d)) squares += d * d;
  }
  return squares / count;
}
