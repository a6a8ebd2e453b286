/**
 * @file Principal components of activity over trials, conditions and time, and how many dimensions it has.
 */

import { CajalError, symmetricEigen } from "../../core/index.ts";
import { type Activity, checkActivity, isPresent, projectActivity } from "./activity.ts";

/** Directions in which activity varies most. */
export interface PrincipalComponents {
  /** Samples that were there: rows × steps without those of NaN. */
  samples: number;
  /** Mean of each unit, shape `(unit)`; the origin of the projections. */
  mean: Float64Array;
  /** Orthonormal, by falling variance, shape `(component, unit)`. The largest entry of each is positive. */
  components: Float64Array;
  /** Variance along each component, all of them, divisor samples − 1, shape `(component)`. */
  variances: Float64Array;
  /** Share of the total variance, shape `(component)`; 0 when nothing varies. */
  explained: Float64Array;
  /** (Σ λ)² / Σ λ², see {@link participationRatio}. */
  dimension: number;
}

/**
 * Principal components of all samples (row, step), centred per unit.
 *
 * @param count - Components to keep, default all; variances are of all.
 * @throws CajalError `shape`, `too-few-samples`, `bad-option`.
 * @example const pca = principalComponents(activity, 3); const path = projectActivity(activity, pca.components, pca.mean);
 */
export function principalComponents(activity: Activity, count = activity.units): PrincipalComponents {
  checkActivity("principalComponents", activity);
  const { units } = activity;
  if (!Number.isInteger(count) || count < 1 || count > units) {
    throw new CajalError(`count must be a whole number from 1 to ${units}, got ${count}`, {
      code: "bad-option",
      where: "principalComponents",
      hint: "There is one component for each unit.",
    });
  }
  const { samples, mean, covariance } = covarianceOf(activity);
  const { values, vectors } = symmetricEigen(covariance, units);
  const variances = new Float64Array(units);
  const components = new Float64Array(count * units);
  let total = 0;
  for (let c = 0; c < units; c++) {
    const from = units - 1 - c;
    // A variance below 0 is rounding.
    variances[c] = Math.max(0, values[from]);
    total += variances[c];
    if (c < count) components.set(withSign(vectors.subarray(from * units, (from + 1) * units)), c * units);
  }
  return {
    samples,
    mean,
    components,
    variances,
    explained: variances.map((v) => (total > 0 ? v / total : 0)),
    dimension: participationRatio(variances),
  };
}

/**
 * Paths of every row through the space of components.
 *
 * @param activity - That of the components, or other activity of the same units, e.g. of single trials.
 * @returns Shape `(row, step, component)`.
 * @throws CajalError `shape`.
 */
export function trajectories(activity: Activity, { components, mean }: PrincipalComponents): Float64Array {
  return projectActivity(activity, components, mean);
}

/**
 * Number of dimensions that activity fills, D = (Σ λ)² / Σ λ²: 1 on a line, n for n equal variances. NaN of no variance.
 * After Gao et al. (2017), bioRxiv 214262.
 *
 * @param variances - ≥ 0, shape `(component)`.
 */
export function participationRatio(variances: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  let largest = 0;
  for (let c = 0; c < variances.length; c++) largest = Math.max(largest, variances[c]);
  for (let c = 0; c < variances.length; c++) {
    // Relative to the largest, so that tiny variances do not vanish when squared.
    const v = variances[c] / largest;
    sum += v;
    squares += v * v;
  }
  return (sum * sum) / squares;
}

/** Least number of components that explain at least `share` (0 … 1) of the variance. */
export function componentsFor({ explained }: Pick<PrincipalComponents, "explained">, share: number): number {
  let sum = 0;
  for (let c = 0; c < explained.length; c++) {
    sum += explained[c];
    // Shares that add up to 1 may miss it by a rounding error.
    if (sum >= share - 1e-12) return c + 1;
  }
  return explained.length;
}

// Implementation

function covarianceOf(activity: Activity): { samples: number; mean: Float64Array; covariance: Float64Array } {
  const { rows, steps, units, values } = activity;
  const present: number[] = [];
  for (let k = 0; k < rows * steps; k++) if (isPresent(activity, k)) present.push(k);
  const samples = present.length;
  if (samples < 2) {
    throw new CajalError(`${samples} samples of activity are not NaN, at least 2 are needed`, {
      code: "too-few-samples",
      where: "principalComponents",
      hint: "Give more trials or steps, and finite activity.",
    });
  }
  const mean = new Float64Array(units);
  for (const k of present) for (let i = 0; i < units; i++) mean[i] += values[k * units + i];
  for (let i = 0; i < units; i++) mean[i] /= samples;
  const covariance = new Float64Array(units * units);
  const centred = new Float64Array(units);
  for (const k of present) {
    for (let i = 0; i < units; i++) centred[i] = values[k * units + i] - mean[i];
    for (let i = 0; i < units; i++) {
      for (let j = 0; j <= i; j++) covariance[i * units + j] += centred[i] * centred[j];
    }
  }
  for (let k = 0; k < covariance.length; k++) covariance[k] /= samples - 1;
  return { samples, mean, covariance };
}

/** The vector or its opposite: the entry of largest modulus, the first of equals, is positive. */
function withSign(vector: Float64Array): Float64Array {
  let largest = 0;
  for (let i = 1; i < vector.length; i++) {
    if (Math.abs(vector[i]) > Math.abs(vector[largest])) largest = i;
  }
  return vector[largest] < 0 ? vector.map((v) => -v) : vector;
}
