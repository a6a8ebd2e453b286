/**
 * @file Activity of a population as one array, by trial or condition, step and unit: what every analysis of this folder
 * takes. Steps beyond the end of a short trial hold NaN and are left out.
 */

import { CajalError } from "../../core/index.ts";

/** Activity over time. */
export interface Activity {
  /** Trials, or conditions. */
  rows: number;
  steps: number;
  units: number;
  /** Shape `(row, step, unit)`; NaN where there is nothing, e.g. beyond the end of a trial. */
  values: ArrayLike<number>;
}

/** @throws CajalError `shape`. */
export function checkActivity(where: string, { rows, steps, units, values }: Activity): void {
  if ([rows, steps, units].every((n) => Number.isSafeInteger(n) && n >= 1)) {
    if (values.length === rows * steps * units) return;
  }
  throw new CajalError(`${values.length} values are no activity of ${rows} × ${steps} × ${units}`, {
    code: "shape",
    where,
    hint: "Give shape (row, step, unit), unit fastest.",
  });
}

/** Whether every unit has a number at sample `k` = row · steps + step. */
export function isPresent({ units, values }: Activity, k: number): boolean {
  for (let i = 0; i < units; i++) if (!Number.isFinite(values[k * units + i])) return false;
  return true;
}

/**
 * Activity along axes: yₐ = Σᵢ axisₐᵢ (xᵢ − centreᵢ).
 *
 * @param axes - Shape `(axis, unit)`.
 * @param centre - Shape `(unit)`, default 0.
 * @returns Shape `(row, step, axis)`, NaN where the activity is.
 * @throws CajalError `shape`.
 */
export function projectActivity(
  activity: Activity,
  axes: ArrayLike<number>,
  centre?: ArrayLike<number>,
): Float64Array {
  checkActivity("projectActivity", activity);
  const { rows, steps, units, values } = activity;
  const count = axes.length / units;
  if (!Number.isInteger(count) || (centre && centre.length !== units)) {
    const what = Number.isInteger(count) ? `a centre of ${centre?.length}` : `axes of ${axes.length} values`;
    throw new CajalError(`${what} for ${units} units`, {
      code: "shape",
      where: "projectActivity",
      hint: "Give axes in shape (axis, unit) and a centre in shape (unit), of the units of the activity.",
    });
  }
  const out = new Float64Array(rows * steps * count);
  for (let k = 0; k < rows * steps; k++) {
    for (let a = 0; a < count; a++) {
      let sum = 0;
      for (let i = 0; i < units; i++) {
        sum += axes[a * units + i] * (values[k * units + i] - (centre ? centre[i] : 0));
      }
      out[k * count + a] = sum;
    }
  }
  return out;
}
