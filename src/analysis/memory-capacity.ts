/**
 * @file Memory capacity of a reservoir from the correlations of its readouts with the delayed input.
 * After Jaeger (2001), "Short term memory in echo state networks", GMD report 152.
 */

import { CajalError } from "../core/index.ts";

/** Memory capacity and where it comes from. */
export interface MemoryCapacity {
  /** Σₖ r²(k), Jaeger's memory capacity; at most N, the number of units, up to chance. */
  jaeger: number;
  /** Σₖ |r(k)|, what conn2res calls memory capacity; larger, and not bounded by N. */
  absolute: number;
  /** r²(k), shape `(delay)`, delay 1 first. */
  forgettingCurve: Float64Array;
  /**
   * What readouts that remember nothing reach on a test part of n rows: E r² = 1 / (n − 1) and, from r's limiting
   * normal distribution, E |r| = √(2 / π(n − 1)) for each delay. Long sums of delays gather it: report it beside the
   * capacity. Absent when `testSteps` was not given.
   */
  chance?: { jaeger: number; absolute: number };
}

/**
 * Memory capacity from the correlation of prediction and target at each delay.
 *
 * @param r - Pearson's r of each delay 1 … k on test rows, shape `(delay)`; sign is kept by neither capacity.
 * @param options.testSteps - Rows the correlations were taken over, for `chance`.
 * @throws CajalError `bad-correlation` if one is NaN or outside −1 … 1.
 * @example memoryCapacity(scores.r, { testSteps: 1200 }).jaeger
 */
export function memoryCapacity(r: ArrayLike<number>, options: { testSteps?: number } = {}): MemoryCapacity {
  let jaeger = 0;
  let absolute = 0;
  const forgettingCurve = new Float64Array(r.length);
  for (let k = 0; k < r.length; k++) {
    if (!(Math.abs(r[k]) <= 1)) {
      throw new CajalError(`r of delay ${k + 1} must be from -1 to 1, got ${r[k]}`, {
        code: "bad-correlation",
        where: "memoryCapacity",
        hint: "Score a constant prediction as r = 0, and check that the run did not diverge.",
      });
    }
    forgettingCurve[k] = r[k] * r[k];
    jaeger += forgettingCurve[k];
    absolute += Math.abs(r[k]);
  }
  const { testSteps } = options;
  if (testSteps === undefined) return { jaeger, absolute, forgettingCurve };
  if (!(testSteps >= 2)) {
    throw new CajalError(`testSteps must be 2 or more, got ${testSteps}`, {
      code: "bad-option",
      where: "memoryCapacity",
    });
  }
  const each = { jaeger: 1 / (testSteps - 1), absolute: Math.sqrt(2 / (Math.PI * (testSteps - 1))) };
  const chance = { jaeger: r.length * each.jaeger, absolute: r.length * each.absolute };
  return { jaeger, absolute, forgettingCurve, chance };
}
