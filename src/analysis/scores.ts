/**
 * @file Scores of predicted series, by the definitions of scikit-learn's metrics where it has them. Streams:
 * `score-accumulator.ts`. Classes: `class-scores.ts`.
 */

import { CajalError } from "../core/index.ts";
import { type ErrorScale, type OutputScores, ScoreAccumulator } from "./score-accumulator.ts";

/** How the scores of several outputs are put together: their mean, their sum, or not at all. */
export type Average = "uniform" | "sum" | "raw";

/** A number, or with `average: "raw"` an array of shape `(output)`. */
export type Averaged<A extends Average> = A extends "raw" ? Float64Array : number;

/** Options of every score. */
export interface ScoreOptions<A extends Average = Average> {
  /** Columns of target and prediction, default 1. */
  outputs?: number;
  /** Weight ≥ 0 of each row, shape `(time)`, default 1. */
  weights?: ArrayLike<number>;
  /** Default `uniform`. */
  average?: A;
}

/** Target or prediction, shape `(time, output)`, row-major. */
type Series = ArrayLike<number>;

/**
 * Pearson's correlation r of target and prediction.
 *
 * @param options.of - `signed` r (default), its square, or its absolute value, taken before averaging.
 * @param options.constantR - r where target or prediction is constant and r is 0 / 0; default 0 (conn2res: NaN).
 * @example correlation(y, prediction, { outputs: 20, of: "absolute", average: "sum" }) // conn2res's memory capacity
 */
export function correlation<A extends Average = "uniform">(
  target: Series,
  prediction: Series,
  options: ScoreOptions<A> & { of?: "signed" | "squared" | "absolute"; constantR?: number } = {},
): Averaged<A> {
  const { of = "signed", constantR } = options;
  const { r, rSquared } = scoresOf(target, prediction, options, { constantR });
  return averaged({ signed: r, squared: rSquared, absolute: r.map(Math.abs) }[of], options.average);
}

/** Coefficient of determination R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)². A constant target has 1 if it is hit, else 0. */
export function determination<A extends Average = "uniform">(
  target: Series,
  prediction: Series,
  options: ScoreOptions<A> = {},
): Averaged<A> {
  return averaged(scoresOf(target, prediction, options).determination, options.average);
}

/** Mean squared error, Σ w (y − ŷ)² / Σ w. */
export function mse<A extends Average = "uniform">(
  target: Series,
  prediction: Series,
  options: ScoreOptions<A> = {},
): Averaged<A> {
  return averaged(scoresOf(target, prediction, options).mse, options.average);
}

/** Root mean squared error of each output, then averaged. */
export function rmse<A extends Average = "uniform">(
  target: Series,
  prediction: Series,
  options: ScoreOptions<A> = {},
): Averaged<A> {
  return averaged(scoresOf(target, prediction, options).rmse, options.average);
}

/**
 * Root mean squared error over the scale of the target.
 *
 * @param options.by - `deviation` (default; 1 for predicting the mean), `range` (max − min), or `variance`, which
 *   depends on the unit of y and is there because conn2res's `root_mean_squared_error` divides by it.
 */
export function nrmse<A extends Average = "uniform">(
  target: Series,
  prediction: Series,
  options: ScoreOptions<A> & { by?: ErrorScale } = {},
): Averaged<A> {
  return averaged(scoresOf(target, prediction, options, { nrmseBy: options.by }).nrmse, options.average);
}

/** Mean absolute error, Σ w |y − ŷ| / Σ w. */
export function mae<A extends Average = "uniform">(
  target: Series,
  prediction: Series,
  options: ScoreOptions<A> = {},
): Averaged<A> {
  return averaged(scoresOf(target, prediction, options).mae, options.average);
}

/** All scores of every output at once. */
export function regressionScores(
  target: Series,
  prediction: Series,
  options: Omit<ScoreOptions, "average"> & { nrmseBy?: ErrorScale; constantR?: number } = {},
): OutputScores {
  return scoresOf(target, prediction, options, options);
}

// Implementation

function scoresOf(
  target: Series,
  prediction: Series,
  { outputs = 1, weights }: ScoreOptions,
  { nrmseBy, constantR }: { nrmseBy?: ErrorScale; constantR?: number } = {},
): OutputScores {
  const accumulator = new ScoreAccumulator(outputs, { nrmseBy, constantR });
  accumulator.add(target, prediction, weights);
  return accumulator.scores();
}

function averaged<A extends Average>(scores: Float64Array, average: A | undefined): Averaged<A> {
  const how: Average = average ?? "uniform";
  const sum = () => scores.reduce((a, b) => a + b, 0);
  if (how === "raw") return scores as Averaged<A>;
  if (how === "sum") return sum() as Averaged<A>;
  if (how === "uniform") return (sum() / scores.length) as Averaged<A>;
  throw new CajalError(`average must be uniform, sum or raw, got ${how}`, {
    code: "bad-option",
    where: "score",
  });
}
