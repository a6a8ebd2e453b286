/**
 * @file A linear readout, ŷ = W x + b, and the normal equations every fit of one starts from.
 */

import { CajalError, type Moments } from "../../core/index.ts";

/** ŷ = W x + b. */
export interface LinearReadout {
  /** W, on states as they are recorded, shape `(output, unit)`, row-major. */
  weights: Float64Array;
  /** b, shape `(output)`; 0 without intercept. */
  intercept: Float64Array;
  units: number;
  outputs: number;
}

/** What fits of a linear readout have in common. */
export interface LinearFitOptions {
  /** The first variables of the moments are the units, the next the outputs. */
  units: number;
  outputs: number;
  /** Divide each unit by its standard deviation before it is penalised (without intercept: by its root mean square). */
  standardize?: boolean;
  /** Fit b; it is not penalised. */
  intercept?: boolean;
}

/**
 * Predictions of a readout.
 *
 * @param states - Shape `(time, unit)`, row-major.
 * @param out - Where to write, shape `(time, output)`; a new array by default.
 * @returns Shape `(time, output)`.
 * @throws CajalError `shape`.
 */
export function predict(readout: LinearReadout, states: ArrayLike<number>, out?: Float64Array): Float64Array {
  const { weights, intercept, units, outputs } = readout;
  const steps = states.length / units;
  if (!Number.isInteger(steps)) {
    throw new CajalError(`${states.length} states do not hold whole rows of ${units} units`, {
      code: "shape",
      where: "predict",
      hint: "Give states of shape (time, unit), of the units the readout was fitted on.",
    });
  }
  const result = out ?? new Float64Array(steps * outputs);
  for (let t = 0; t < steps; t++) {
    for (let o = 0; o < outputs; o++) {
      let sum = intercept[o];
      for (let i = 0; i < units; i++) sum += weights[o * units + i] * states[t * units + i];
      result[t * outputs + o] = sum;
    }
  }
  return result;
}

/** ZᵀZ β = Zᵀy for the states Z, centred with intercept and scaled if standardised, of units that vary. */
export interface NormalEquations {
  /** Rows behind them. */
  count: number;
  units: number;
  outputs: number;
  /** Units that vary, ascending, shape `(active)`; a unit that does not gets weight 0. */
  active: Int32Array;
  /** ZᵀZ, shape `(active, active)`. */
  gram: Float64Array;
  /** Zᵀy, shape `(active, output)`. */
  cross: Float64Array;
  /** yᵀy, of the centred targets with intercept, shape `(output)`. */
  targetSquares: Float64Array;
  /** What a unit of Z was multiplied with, shape `(active)`. */
  scale: Float64Array;
  /** Shape `(unit + output)`: subtracted from states and targets, 0 without intercept. */
  centre: Float64Array;
}

/** Normal equations from moments. @throws CajalError `shape`, `too-few-rows` or `non-finite-moments`. */
export function normalEquations(
  where: string,
  moments: Moments,
  options: Required<LinearFitOptions>,
): NormalEquations {
  const { units, outputs, standardize, intercept } = options;
  checkMoments(where, moments, options);
  const n = moments.mean.length;
  const weight = moments.weight ?? moments.count;
  const product = (i: number, j: number) =>
    moments.scatter[i * n + j] + (intercept ? 0 : weight * moments.mean[i] * moments.mean[j]);
  const active = Int32Array.from(
    Array.from({ length: units }, (_, i) => i).filter((i) => varies(product(i, i) / weight, moments.mean[i])),
  );
  const scale = Float64Array.from(active, (i) => (standardize ? 1 / Math.sqrt(product(i, i) / weight) : 1));
  const size = active.length;
  const gram = new Float64Array(size * size);
  const cross = new Float64Array(size * outputs);
  for (let a = 0; a < size; a++) {
    const i = active[a];
    for (let b = 0; b <= a; b++) {
      const value = product(i, active[b]) * scale[a] * scale[b];
      gram[a * size + b] = value;
      gram[b * size + a] = value;
    }
    for (let o = 0; o < outputs; o++) cross[a * outputs + o] = product(i, units + o) * scale[a];
  }
  const targetSquares = Float64Array.from({ length: outputs }, (_, o) => product(units + o, units + o));
  const centre = intercept ? moments.mean.slice() : new Float64Array(n);
  return { count: moments.count, units, outputs, active, gram, cross, targetSquares, scale, centre };
}

/** The readout that weights β on Z, shape `(active, output)`, stand for. */
export function readoutOf(equations: NormalEquations, beta: Float64Array): LinearReadout {
  const { units, outputs, active, scale, centre } = equations;
  const weights = new Float64Array(outputs * units);
  const intercept = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    intercept[o] = centre[units + o];
    for (let a = 0; a < active.length; a++) {
      const w = scale[a] * beta[a * outputs + o];
      weights[o * units + active[a]] = w;
      intercept[o] -= w * centre[active[a]];
    }
  }
  return { weights, intercept, units, outputs };
}

// Implementation

/**
 * A unit below this fraction of its mean, or whose variance is subnormal, varies by rounding alone; dividing by its
 * deviation would blow that up into a signal.
 */
const ROUNDING = 1e-13;
const SMALLEST_VARIANCE = 1e-290;

function varies(variance: number, mean: number): boolean {
  return variance > SMALLEST_VARIANCE && Math.sqrt(variance) > ROUNDING * Math.abs(mean);
}

function checkMoments(where: string, moments: Moments, options: Required<LinearFitOptions>): void {
  const { units, outputs, intercept } = options;
  const n = moments.mean.length;
  if (units + outputs !== n || moments.scatter.length !== n * n) {
    throw new CajalError(`moments of ${n} variables do not hold ${units} units and ${outputs} outputs`, {
      code: "shape",
      where,
      hint: "Accumulate rows of all units, then all outputs.",
    });
  }
  const least = intercept ? 2 : 1;
  if (!(moments.count >= least)) {
    throw new CajalError(`${moments.count} rows are too few to fit on, ${least} are the least`, {
      code: "too-few-rows",
      where,
      hint: "Is the training part empty, or washout too long?",
    });
  }
  const bad = moments.scatter.findIndex((v) => !Number.isFinite(v));
  if (bad < 0 && moments.mean.every(Number.isFinite)) return;
  const variable = bad < 0 ? moments.mean.findIndex((v) => !Number.isFinite(v)) : firstBad(moments);
  const name = variable < units ? `unit ${variable}` : `output ${variable - units}`;
  throw new CajalError(`moments of ${name} are not finite`, {
    code: "non-finite-moments",
    where,
    hint: "Did the run diverge? Look at its status.",
  });
}

/** The first variable whose own variance is not finite, else the row of the first bad entry. */
function firstBad(moments: Moments): number {
  const n = moments.mean.length;
  for (let i = 0; i < n; i++) if (!Number.isFinite(moments.scatter[i * n + i])) return i;
  return Math.floor(moments.scatter.findIndex((v) => !Number.isFinite(v)) / n);
}
