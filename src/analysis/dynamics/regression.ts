/**
 * @file Mixed selectivity by linear regression of each unit, step by step, on what was varied: choice, motion, colour,
 * context … After Mante, Sussillo, Shenoy & Newsome (2013), Nature 503:78, supplementary section 6.
 */

import { CajalError } from "../../core/index.ts";
import { type Activity, checkActivity, isPresent } from "./activity.ts";
import { orthonormalise } from "./orthonormalise.ts";
import { backSubstituted, forwardSubstituted } from "./triangular.ts";

/** Something that varied over trials. */
export interface Regressor {
  name: string;
  /** Shape `(trial)`; Mante et al. divide each by its largest modulus. */
  values: ArrayLike<number>;
}

/** Regression coefficients of every unit at every step. */
export interface ActivityRegression {
  /** Names of the regressors; a constant was fitted beside them. */
  names: readonly string[];
  steps: number;
  units: number;
  /** Shape `(regressor, step, unit)`; NaN at steps with too few trials. */
  coefficients: Float64Array;
  /** Standard errors, same shape; NaN without degrees of freedom. */
  errors: Float64Array;
  /** Share of the unit's variance over trials that is explained, shape `(step, unit)`; NaN where nothing varies. */
  explained: Float64Array;
}

/** How {@link regressActivity} fits. */
export interface RegressionOptions {
  /** Subtract the mean of each unit over all trials and steps and divide by its standard deviation; default true. */
  normalise?: boolean;
}

/**
 * Regress activity on several variables at once, by least squares.
 *
 * @param activity - A row for each trial.
 * @throws CajalError `shape`, or `collinear` if a regressor is constant or a sum of others.
 */
export function regressActivity(
  activity: Activity,
  regressors: readonly Regressor[],
  { normalise = true }: RegressionOptions = {},
): ActivityRegression {
  checkActivity("regressActivity", activity);
  const { rows, steps, units } = activity;
  checkRegressors(activity, regressors);
  const scaled = normalise ? zScored(activity) : Float64Array.from(activity.values);
  const size = regressors.length * steps * units;
  const out = {
    names: regressors.map((r) => r.name),
    steps,
    units,
    coefficients: new Float64Array(size).fill(Number.NaN),
    errors: new Float64Array(size).fill(Number.NaN),
    explained: new Float64Array(steps * units).fill(Number.NaN),
  };
  let before = "";
  let design: Design | undefined;
  for (let t = 0; t < steps; t++) {
    const trials: number[] = [];
    for (let k = 0; k < rows; k++) if (isPresent(activity, k * steps + t)) trials.push(k);
    // Trials end at different steps; between two ends the design stays what it was.
    if (trials.join() !== before) design = designOf(trials, regressors);
    before = trials.join();
    if (!design) continue;
    for (let i = 0; i < units; i++) {
      const y = Float64Array.from(trials, (k) => scaled[(k * steps + t) * units + i]);
      fitUnit(design, y, { at: t * units + i, pitch: steps * units }, out);
    }
  }
  return out;
}

/** Directions in the space of units that carry one variable each. */
export interface TargetedAxes {
  names: readonly string[];
  /** Orthonormal, shape `(axis, unit)`. */
  axes: Float64Array;
  /** Step at which the coefficients of each were largest, and were taken, shape `(axis)`. */
  step: Int32Array;
}

/**
 * Targeted dimensionality reduction: of each regressor the coefficients at the step where their norm is largest, made
 * orthogonal in the order given, so that an axis keeps what those before it do not have.
 *
 * @param options.order - Names, default all in the order of the regression.
 * @param options.denoise - Orthonormal components, shape `(component, unit)`, to whose span coefficients are confined
 *   first; Mante et al. take the first 12 principal components of the condition averages.
 * @throws CajalError `unknown-regressor`, `collinear`.
 * @example projectActivity(activity, targetedAxes(regression, { order: ["choice", "motion", "colour"] }).axes)
 */
export function targetedAxes(
  regression: ActivityRegression,
  options: { order?: readonly string[]; denoise?: ArrayLike<number> } = {},
): TargetedAxes {
  const { names, steps, units, coefficients } = regression;
  const { order = names, denoise } = options;
  const vectors = new Float64Array(order.length * units);
  const step = new Int32Array(order.length);
  order.forEach((name, a) => {
    const at = names.indexOf(name);
    if (at < 0) {
      throw new CajalError(`there is no regressor "${name}"`, {
        code: "unknown-regressor",
        where: "targetedAxes",
        hint: `Known: ${names.join(", ")}.`,
      });
    }
    let most = -1;
    for (let t = 0; t < steps; t++) {
      const from = (at * steps + t) * units;
      const beta = confined(coefficients.slice(from, from + units), denoise);
      const size = beta.reduce((sum, v) => sum + v * v, 0);
      if (!(size > most)) continue;
      most = size;
      step[a] = t;
      vectors.set(beta, a * units);
    }
  });
  const { q, dependent } = orthonormalise(vectors, units);
  if (dependent >= 0) {
    throw new CajalError(`the coefficients of "${order[dependent]}" are 0, or a sum of those before it`, {
      code: "collinear",
      where: "targetedAxes",
      hint: "Leave it out of the order.",
    });
  }
  return { names: order, axes: q, step };
}

// Implementation

/** Columns of the design, constant first, as V = T Q. */
interface Design {
  count: number;
  q: Float64Array;
  t: Float64Array;
  trials: number;
}

function checkRegressors({ rows }: Activity, regressors: readonly Regressor[]): void {
  for (const { name, values } of regressors) {
    if (values.length === rows && Array.from(values).every(Number.isFinite)) continue;
    throw new CajalError(
      `"${name}" has ${values.length} values for ${rows} trials, or one that is no number`,
      {
        code: "shape",
        where: "regressActivity",
        hint: "Give one finite value for each trial; leave out trials that have none.",
      },
    );
  }
}

function zScored({ rows, steps, units, values }: Activity): Float64Array {
  const out = Float64Array.from(values);
  for (let i = 0; i < units; i++) {
    let count = 0;
    let sum = 0;
    for (let k = i; k < rows * steps * units; k += units) {
      if (Number.isNaN(out[k])) continue;
      sum += out[k];
      count++;
    }
    const centre = sum / count;
    let squares = 0;
    for (let k = i; k < out.length; k += units) {
      out[k] -= centre;
      if (!Number.isNaN(out[k])) squares += out[k] * out[k];
    }
    const deviation = Math.sqrt(squares / count);
    // A unit that never varies stays at 0.
    if (deviation > 0) for (let k = i; k < out.length; k += units) out[k] /= deviation;
  }
  return out;
}

/** Undefined when there are fewer trials than coefficients. */
function designOf(trials: readonly number[], regressors: readonly Regressor[]): Design | undefined {
  const count = regressors.length + 1;
  if (trials.length < count) return undefined;
  const columns = [trials.map(() => 1), ...regressors.map(({ values }) => trials.map((k) => values[k]))];
  const { q, t, dependent } = orthonormalise(columns.flat(), trials.length);
  if (dependent < 0) return { count, q, t, trials: trials.length };
  throw new CajalError(
    `"${regressors[dependent - 1].name}" is constant, or a sum of the regressors before it`,
    {
      code: "collinear",
      where: "regressActivity",
      hint: "Leave it out, or show trials in which it varies by itself.",
    },
  );
}

function fitUnit(
  { count, q, t, trials }: Design,
  y: Float64Array,
  { at, pitch }: { at: number; pitch: number },
  out: ActivityRegression,
): void {
  const share = new Float64Array(count);
  const rest = y.slice();
  let varied = 0;
  for (let c = 0; c < count; c++) {
    for (let k = 0; k < trials; k++) share[c] += q[c * trials + k] * rest[k];
    for (let k = 0; k < trials; k++) rest[k] -= share[c] * q[c * trials + k];
    if (c === 0) varied = rest.reduce((sum, v) => sum + v * v, 0);
  }
  const left = rest.reduce((sum, v) => sum + v * v, 0);
  out.explained[at] = varied > 0 ? 1 - left / varied : Number.NaN;
  const noise = trials > count ? left / (trials - count) : Number.NaN;
  // X = Qᵀ Tᵀ, so Tᵀ β = share, and the covariance of β is noise · (T Tᵀ)⁻¹.
  const beta = backSubstituted(t, share, count);
  for (let c = 1; c < count; c++) {
    const unit = new Float64Array(count);
    unit[c] = 1;
    // Row c of T⁻ᵀ has the norm of column c of T⁻¹.
    const z = forwardSubstituted(t, unit, count);
    out.coefficients[(c - 1) * pitch + at] = beta[c];
    out.errors[(c - 1) * pitch + at] = Math.sqrt(noise * z.reduce((sum, v) => sum + v * v, 0));
  }
}

/** The part of a vector in the span of orthonormal components. */
function confined(vector: Float64Array, components: ArrayLike<number> | undefined): Float64Array {
  if (!components) return vector;
  const units = vector.length;
  const out = new Float64Array(units);
  for (let c = 0; c * units < components.length; c++) {
    let share = 0;
    for (let i = 0; i < units; i++) share += components[c * units + i] * vector[i];
    for (let i = 0; i < units; i++) out[i] += share * components[c * units + i];
  }
  return out;
}
