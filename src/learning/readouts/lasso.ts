/**
 * @file Lasso readout: few units carry the weights. Coordinate descent on the moments, after Friedman, Hastie &
 * Tibshirani (2010), "Regularization paths for generalized linear models via coordinate descent", section 2.2, until
 * the duality gap of Kim et al. (2007) is small. The objective is scikit-learn's.
 */

import { CajalError, type Moments, warn } from "../../core/index.ts";
import {
  type LinearFitOptions,
  type LinearReadout,
  type NormalEquations,
  normalEquations,
  readoutOf,
} from "./linear-readout.ts";
import { momentsOf } from "./training-moments.ts";

/** A readout fitted by the Lasso. */
export interface LassoReadout extends LinearReadout {
  kind: "lasso";
  lambda: number;
  /** Passes over the units, shape `(output)`. */
  sweeps: Int32Array;
  /** Duality gap over yᵀy when the descent stopped, shape `(output)`: how far the objective can be from its minimum. */
  gap: Float64Array;
}

/** Options of {@link fitLasso}. */
export interface LassoOptions extends LinearFitOptions {
  /** λ > 0 in min Σ (y − β·z − b)² / 2n + λ Σ|β|: scikit-learn's `alpha`. */
  lambda: number;
  /** Default false, as in scikit-learn. */
  standardize?: boolean;
  /** Default true. */
  intercept?: boolean;
  /** Stop when the duality gap is below this fraction of yᵀy, default 1e-6. */
  tolerance?: number;
  /** Most passes over the units, default 20 000. */
  maxSweeps?: number;
}

/**
 * Fit a Lasso readout to moments of [units …, outputs …]. Warns when it stops before the tolerance is met.
 *
 * @throws CajalError `bad-lambda`, `bad-option`, `shape`, `too-few-rows` or `non-finite-moments`.
 * @example fitLasso(moments, { units: 400, outputs: 1, lambda: 0.001 })
 */
export function fitLasso(moments: Moments, options: LassoOptions): LassoReadout {
  const { units, outputs, lambda, standardize = false, intercept = true } = options;
  const { tolerance = 1e-6, maxSweeps = 20_000 } = options;
  if (!(lambda > 0 && lambda < Infinity)) {
    throw new CajalError(`lambda must be a number > 0, got ${lambda}`, {
      code: "bad-lambda",
      where: "lasso",
      hint: "Without a penalty use ridge with a small lambda.",
    });
  }
  if (!(tolerance > 0) || !(maxSweeps >= 1)) {
    throw new CajalError(`tolerance must be > 0 and maxSweeps ≥ 1, got ${tolerance} and ${maxSweeps}`, {
      code: "bad-option",
      where: "lasso",
    });
  }
  const equations = normalEquations("lasso", moments, { units, outputs, standardize, intercept });
  const weight = moments.weight ?? moments.count;
  const beta = new Float64Array(equations.active.length * outputs);
  const sweeps = new Int32Array(outputs);
  const gap = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    const problem = problemOf(equations, o, weight * lambda);
    const result = descend(problem, tolerance, maxSweeps);
    sweeps[o] = result.sweeps;
    gap[o] = result.gap;
    for (let i = 0; i < problem.n; i++) beta[i * outputs + o] = problem.beta[i];
  }
  const stopped = gap.filter((g) => g > tolerance).length;
  if (stopped > 0) {
    warn(
      "lasso-not-converged",
      `lasso: ${stopped} of ${outputs} outputs stopped after ${maxSweeps} sweeps with a duality gap up to ${gap.reduce((a, b) => Math.max(a, b))} of yᵀy; raise lambda, maxSweeps or tolerance.`,
    );
  }
  return { kind: "lasso", ...readoutOf(equations, beta), lambda, sweeps, gap };
}

/**
 * Fit a Lasso readout to arrays.
 *
 * @param states - Shape `(time, unit)`, row-major.
 * @param targets - Shape `(time, output)`, row-major.
 * @param options.weights - Weight ≥ 0 of each row, shape `(time)`, default 1.
 * @throws CajalError as {@link fitLasso}.
 */
export function lasso(
  states: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: LassoOptions & { weights?: ArrayLike<number> },
): LassoReadout {
  return fitLasso(momentsOf(states, targets, options), options);
}

// Implementation

/** One output: min (yᵀy − 2 βᵀc + βᵀGβ) / 2 + penalty Σ|β|. */
interface Problem {
  n: number;
  /** Shape `(active, active)`. */
  gram: Float64Array;
  /** c, shape `(active)`. */
  cross: Float64Array;
  targetSquares: number;
  penalty: number;
  /** β, shape `(active)`. */
  beta: Float64Array;
  /** Zᵀ(y − Zβ) = c − Gβ, shape `(active)`. */
  gradient: Float64Array;
}

/** Passes over the non-zero weights between passes over all. */
const INNER_SWEEPS = 10;

function problemOf(equations: NormalEquations, output: number, penalty: number): Problem {
  const { gram, outputs, targetSquares, active } = equations;
  const n = active.length;
  const cross = Float64Array.from({ length: n }, (_, i) => equations.cross[i * outputs + output]);
  return {
    n,
    gram,
    cross,
    targetSquares: targetSquares[output],
    penalty,
    beta: new Float64Array(n),
    gradient: cross.slice(),
  };
}

/** Descend until the gap, as a fraction of yᵀy, meets the tolerance. */
function descend(problem: Problem, tolerance: number, maxSweeps: number): { sweeps: number; gap: number } {
  let sweeps = 0;
  let gap = relativeGap(problem);
  while (gap > tolerance && sweeps < maxSweeps) {
    sweep(problem, false);
    for (let k = 0; k < INNER_SWEEPS; k++) sweep(problem, true);
    sweeps += 1 + INNER_SWEEPS;
    refreshGradient(problem);
    gap = relativeGap(problem);
  }
  return { sweeps, gap };
}

/** Minimise over each weight in turn, the others held. */
function sweep({ n, gram, penalty, beta, gradient }: Problem, nonZeroOnly: boolean): void {
  for (let i = 0; i < n; i++) {
    const before = beta[i];
    if (nonZeroOnly && before === 0) continue;
    const curvature = gram[i * n + i];
    const pull = gradient[i] + curvature * before;
    const after = Math.sign(pull) * (Math.max(0, Math.abs(pull) - penalty) / curvature);
    const change = after - before;
    if (change === 0) continue;
    beta[i] = after;
    // The matrix is symmetric: row i is read, which is contiguous.
    for (let j = 0; j < n; j++) gradient[j] -= change * gram[i * n + j];
  }
}

/** The gradient from scratch: thousands of updates leave rounding behind. */
function refreshGradient({ n, gram, cross, beta, gradient }: Problem): void {
  gradient.set(cross);
  for (let i = 0; i < n; i++) {
    if (beta[i] === 0) continue;
    for (let j = 0; j < n; j++) gradient[j] -= beta[i] * gram[i * n + j];
  }
}

/**
 * Objective minus its dual at the residual scaled into the feasible set, over yᵀy. It bounds the distance of the
 * objective from its minimum.
 */
function relativeGap({ n, cross, targetSquares, penalty, beta, gradient }: Problem): number {
  if (!(targetSquares > 0)) return 0;
  let steepest = 0;
  let fitted = 0;
  let slope = 0;
  let size = 0;
  for (let i = 0; i < n; i++) {
    steepest = Math.max(steepest, Math.abs(gradient[i]));
    fitted += beta[i] * cross[i];
    slope += beta[i] * gradient[i];
    size += Math.abs(beta[i]);
  }
  const residual = Math.max(0, targetSquares - fitted - slope);
  const scale = steepest > penalty ? penalty / steepest : 1;
  const gap = 0.5 * residual * (1 + scale * scale) + penalty * size - scale * (targetSquares - fitted);
  return Math.max(0, gap) / targetSquares;
}
