/**
 * @file Scores of predictions that arrive block by block, so that no test prediction need be kept. Means, variances
 * and the covariance are updated row by row after West (1979), "Updating mean and variance estimates", so the result
 * does not depend on how the rows are cut into blocks, not even in the last bit.
 */

import { CajalError } from "../core/index.ts";

/** What an RMSE is divided by: standard deviation, variance (as conn2res does) or range of the target. */
export type ErrorScale = "deviation" | "variance" | "range";

/** Scores of each output, every array of shape `(output)`. y is the target, ŷ the prediction. */
export interface OutputScores {
  /** Rows seen. */
  steps: number;
  /** Pearson's correlation of y and ŷ, −1 … 1. */
  r: Float64Array;
  /** r², the fraction of variance a rescaled prediction explains, 0 … 1: the r²(k) of memory capacity. */
  rSquared: Float64Array;
  /** Coefficient of determination R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², ≤ 1. A constant y has 1 if ŷ = y, else 0. */
  determination: Float64Array;
  /** Mean squared error [y²]. */
  mse: Float64Array;
  /** √MSE [y]. */
  rmse: Float64Array;
  /** RMSE / scale of y; a constant y has 0 if ŷ = y, else Infinity. */
  nrmse: Float64Array;
  /** Mean absolute error [y]. */
  mae: Float64Array;
}

/**
 * Collects targets and predictions and scores them at any time.
 *
 * @example
 * const scores = new ScoreAccumulator(task.outputs);
 * for (const [target, prediction] of blocks) scores.add(target, prediction);
 * scores.scores().rSquared; // shape (output)
 */
export class ScoreAccumulator {
  readonly outputs: number;
  readonly #nrmseBy: ErrorScale;
  readonly #constantR: number;
  readonly #sums: Float64Array;
  #weight = 0;
  #steps = 0;

  /**
   * @param outputs - Columns of target and prediction.
   * @param options.nrmseBy - What the RMSE is divided by, default `deviation` (of the population, not n − 1).
   * @param options.constantR - r of an output whose target or prediction is constant, where r is 0 / 0. Default 0: a
   *   constant remembers nothing. conn2res has NaN, and so has every sum with it.
   */
  constructor(outputs: number, options: { nrmseBy?: ErrorScale; constantR?: number } = {}) {
    const { nrmseBy = "deviation", constantR = 0 } = options;
    if (!Number.isInteger(outputs) || outputs < 1) {
      throw new CajalError(`outputs must be a whole number ≥ 1, got ${outputs}`, {
        code: "bad-option",
        where: "ScoreAccumulator",
      });
    }
    this.outputs = outputs;
    this.#nrmseBy = nrmseBy;
    this.#constantR = constantR;
    this.#sums = new Float64Array(outputs * FIELDS);
    for (let o = 0; o < outputs; o++) {
      this.#sums[o * FIELDS + LOW] = Infinity;
      this.#sums[o * FIELDS + HIGH] = -Infinity;
    }
  }

  /**
   * Take in a block of rows.
   *
   * @param target - Shape `(time, output)`, row-major.
   * @param prediction - Same shape.
   * @param weights - Weight ≥ 0 of each row, shape `(time)`, default 1.
   * @throws CajalError `shape`.
   */
  add(target: ArrayLike<number>, prediction: ArrayLike<number>, weights?: ArrayLike<number>): void {
    const rows = target.length / this.outputs;
    checkShapes(rows, target, prediction, weights);
    for (let t = 0; t < rows; t++) {
      const w = weights ? weights[t] : 1;
      if (!(w > 0)) continue;
      this.#weight += w;
      const share = w / this.#weight;
      for (let o = 0; o < this.outputs; o++) {
        const k = t * this.outputs + o;
        addPair(this.#sums, o * FIELDS, { y: target[k], p: prediction[k], w, share });
      }
    }
    this.#steps += rows;
  }

  /** Scores of all rows so far. @throws CajalError `no-rows`. */
  scores(): OutputScores {
    if (!(this.#weight > 0)) {
      throw new CajalError("no rows to score", {
        code: "no-rows",
        where: "ScoreAccumulator",
        hint: "Add at least one row of positive weight; is the test part empty?",
      });
    }
    const columns = Array.from({ length: this.outputs }, (_, o) =>
      scoreOutput(this.#sums.subarray(o * FIELDS, (o + 1) * FIELDS), {
        weight: this.#weight,
        nrmseBy: this.#nrmseBy,
        constantR: this.#constantR,
      }),
    );
    const pick = (field: keyof ReturnType<typeof scoreOutput>) =>
      Float64Array.from(columns, (column) => column[field]);
    return {
      steps: this.#steps,
      r: pick("r"),
      rSquared: pick("rSquared"),
      determination: pick("determination"),
      mse: pick("mse"),
      rmse: pick("rmse"),
      nrmse: pick("nrmse"),
      mae: pick("mae"),
    };
  }
}

// Implementation

/** Places of the running sums of one output. */
const MEAN_Y = 0;
const MEAN_P = 1;
const SQUARES_Y = 2;
const SQUARES_P = 3;
const PRODUCTS = 4;
const SQUARED_ERROR = 5;
const ABSOLUTE_ERROR = 6;
const LOW = 7;
const HIGH = 8;
const FIELDS = 9;

/** A deviation below this fraction of the mean is rounding of a constant, not a signal. */
const CONSTANT = 1e-14;

function addPair(
  sums: Float64Array,
  at: number,
  { y, p, w, share }: { y: number; p: number; w: number; share: number },
): void {
  const fromY = y - sums[at + MEAN_Y];
  const fromP = p - sums[at + MEAN_P];
  sums[at + MEAN_Y] += share * fromY;
  sums[at + MEAN_P] += share * fromP;
  const restP = p - sums[at + MEAN_P];
  sums[at + SQUARES_Y] += w * fromY * (y - sums[at + MEAN_Y]);
  sums[at + SQUARES_P] += w * fromP * restP;
  sums[at + PRODUCTS] += w * fromY * restP;
  const error = y - p;
  sums[at + SQUARED_ERROR] += w * error * error;
  sums[at + ABSOLUTE_ERROR] += w * Math.abs(error);
  // Written so that NaN sticks.
  if (!(y >= sums[at + LOW])) sums[at + LOW] = y;
  if (!(y <= sums[at + HIGH])) sums[at + HIGH] = y;
}

function scoreOutput(
  sums: Float64Array,
  { weight, nrmseBy, constantR }: { weight: number; nrmseBy: ErrorScale; constantR: number },
) {
  const mse = sums[SQUARED_ERROR] / weight;
  const rmse = Math.sqrt(mse);
  const variance = isConstant(sums[SQUARES_Y] / weight, sums[MEAN_Y]) ? 0 : sums[SQUARES_Y] / weight;
  const scale = {
    deviation: Math.sqrt(variance),
    variance,
    range: sums[HIGH] - sums[LOW],
  }[nrmseBy];
  const constant = variance === 0 || isConstant(sums[SQUARES_P] / weight, sums[MEAN_P]);
  const r = constant ? constantR : correlationOf(sums);
  return {
    r,
    rSquared: r * r,
    determination: variance === 0 ? constantScore(mse, 1, 0) : 1 - mse / variance,
    mse,
    rmse,
    nrmse: scale === 0 ? constantScore(mse, 0, Infinity) : rmse / scale,
    mae: sums[ABSOLUTE_ERROR] / weight,
  };
}

/** Rounding can carry |r| past 1. */
function correlationOf(sums: Float64Array): number {
  const r = sums[PRODUCTS] / (Math.sqrt(sums[SQUARES_Y]) * Math.sqrt(sums[SQUARES_P]));
  return Math.max(-1, Math.min(1, r));
}

function isConstant(variance: number, mean: number): boolean {
  return Math.sqrt(variance) <= CONSTANT * Math.abs(mean);
}

/** Score of a constant target: one value if it is hit, another if it is missed, NaN for NaN. */
function constantScore(mse: number, hit: number, missed: number): number {
  return Number.isNaN(mse) ? NaN : mse === 0 ? hit : missed;
}

function checkShapes(
  rows: number,
  target: ArrayLike<number>,
  prediction: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): void {
  const where = "ScoreAccumulator";
  if (target.length !== prediction.length) {
    const hint = "Both have the shape (time, output).";
    throw new CajalError(`${target.length} targets but ${prediction.length} predictions`, {
      code: "shape",
      where,
      hint,
    });
  }
  if (!Number.isInteger(rows)) {
    const hint = "Give outputs as the number of columns.";
    throw new CajalError(`${target.length} targets are no whole number of rows`, {
      code: "shape",
      where,
      hint,
    });
  }
  if (weights && weights.length !== rows) {
    const hint = "Give one weight for each row.";
    throw new CajalError(`${weights.length} weights for ${rows} rows`, { code: "shape", where, hint });
  }
}
