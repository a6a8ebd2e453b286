/**
 * @file Ridge-regression readout from the moments of states and targets, λ given or chosen by generalised
 * cross-validation. Memory does not grow with the length of the run. After Hoerl & Kennard (1970) and
 * Lukoševičius (2012), "A practical guide to applying echo state networks"; the choice of λ is in `gcv.ts`.
 */

import {
  CajalError,
  type Cholesky,
  cholesky,
  choleskySolve,
  type Moments,
  solveTridiagonal,
  tridiagonalize,
  warn,
} from "../../core/index.ts";
import { chooseLambda, defaultPath, type GcvPath, gcvPath } from "./gcv.ts";
import {
  type LinearFitOptions,
  type LinearReadout,
  type NormalEquations,
  normalEquations,
  readoutOf,
} from "./linear-readout.ts";
import { momentsOf } from "./training-moments.ts";

/** A readout fitted by ridge regression. */
export interface RidgeReadout extends LinearReadout {
  kind: "ridge";
  /** λ used for each output, shape `(output)`. */
  lambda: Float64Array;
  /** The path λ was chosen from, if it was. */
  gcv?: GcvPath;
}

/** Options of {@link fitRidge}. */
export interface RidgeOptions extends LinearFitOptions {
  /**
   * λ in min Σ (y − β·z − b)² + λ |β|², or `"gcv"` (default). z are the standardised states, so λ / rows compares
   * between reservoirs of any gain. With `standardize: false, intercept: false` it is scikit-learn's Ridge(alpha = λ).
   */
  lambda?: number | "gcv";
  /** Path to choose λ from, ≥ 0; default 1e-12 … 1e2 times the mean square of a state times the rows. */
  lambdas?: ArrayLike<number>;
  /** Choose λ for each output by itself, default true; false chooses one for all. */
  perOutput?: boolean;
  /** Default true. */
  standardize?: boolean;
  /** Default true. */
  intercept?: boolean;
  /** `"conn2res"`: λ = 0.5, no intercept, raw states; options given beside it win. */
  compat?: "conn2res";
}

/**
 * Fit a ridge readout to moments of [units …, outputs …]. Units that do not vary get weight 0.
 *
 * @throws CajalError `bad-lambda`, `shape`, `too-few-rows`, `non-finite-moments` or `singular-gram`.
 * @example
 * const readout = fitRidge(moments, { units: 300, outputs: 20 });
 * const prediction = predict(readout, states);
 */
export function fitRidge(moments: Moments, options: RidgeOptions): RidgeReadout {
  const { units, outputs } = options;
  const { lambda, standardize, intercept, perOutput } = { ...defaults(options.compat), ...given(options) };
  const path = checkPath(options.lambdas);
  const equations = normalEquations("ridge", moments, { units, outputs, standardize, intercept });
  if (lambda === "gcv") return fitByGcv(equations, { path, intercept, perOutput });
  if (!(lambda >= 0 && lambda < Infinity)) {
    throw new CajalError(`lambda must be a number ≥ 0 or "gcv", got ${lambda}`, {
      code: "bad-lambda",
      where: "ridge",
    });
  }
  return fitFixed(equations, lambda);
}

/**
 * Fit a ridge readout to arrays.
 *
 * @param states - Shape `(time, unit)`, row-major.
 * @param targets - Shape `(time, output)`, row-major.
 * @param options.weights - Weight ≥ 0 of each row, shape `(time)`, default 1.
 * @throws CajalError as {@link fitRidge}.
 */
export function ridge(
  states: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: RidgeOptions & { weights?: ArrayLike<number> },
): RidgeReadout {
  return fitRidge(momentsOf(states, targets, options), options);
}

// Implementation

/** A pivot below this many ulp of its diagonal entry, for each unit, is rounding error. */
const ROUNDING = 16 * 2.220446049250313e-16;

type Settings = Required<Pick<RidgeOptions, "lambda" | "standardize" | "intercept" | "perOutput">>;

function defaults(compat: RidgeOptions["compat"]): Settings {
  return compat === "conn2res"
    ? { lambda: 0.5, standardize: false, intercept: false, perOutput: true }
    : { lambda: "gcv", standardize: true, intercept: true, perOutput: true };
}

/** Options that are set; an explicit `undefined` means the default. */
function given(options: RidgeOptions): Partial<Settings> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The user's path in ascending order. */
function checkPath(lambdas: ArrayLike<number> | undefined): Float64Array | undefined {
  if (!lambdas) return undefined;
  const path = Float64Array.from(lambdas).sort();
  const bad = path.find((lambda) => !(lambda >= 0 && lambda < Infinity));
  if (path.length === 0 || bad !== undefined) {
    throw new CajalError(`lambdas must be numbers ≥ 0, got ${path.length ? bad : "none"}`, {
      code: "bad-lambda",
      where: "ridge",
    });
  }
  return path;
}

function fitByGcv(
  equations: NormalEquations,
  options: { path: Float64Array | undefined; intercept: boolean; perOutput: boolean },
): RidgeReadout {
  const { gram, cross, outputs, targetSquares, active, count } = equations;
  const n = active.length;
  const factor = tridiagonalize(gram, n);
  const rotated = cross.slice();
  factor.applyQt(rotated, outputs);
  const path = options.path ?? defaultPath(meanDiagonal(gram, n));
  const problem = { t: factor, cross: rotated, targetSquares, outputs, count, intercept: options.intercept };
  const gcv = gcvPath(problem, path);
  const best = chooseLambda(gcv, { targetSquares, perOutput: options.perOutput });
  // The ends of the default path mean something (see `defaultPath`); those of a path by hand may cut off the minimum.
  if (options.path) warnOfEnds(gcv);
  const beta = new Float64Array(n * outputs);
  for (const k of new Set(best)) {
    const those = [...best.keys()].filter((o) => best[o] === k);
    const solution = new Float64Array(n * those.length);
    for (let i = 0; i < n; i++)
      for (let c = 0; c < those.length; c++) solution[i * those.length + c] = rotated[i * outputs + those[c]];
    solveTridiagonal(factor, path[k], solution, those.length);
    for (let i = 0; i < n; i++)
      for (let c = 0; c < those.length; c++) beta[i * outputs + those[c]] = solution[i * those.length + c];
  }
  factor.applyQ(beta, outputs);
  const lambda = Float64Array.from(best, (k) => path[k]);
  return { kind: "ridge", ...readoutOf(equations, beta), lambda, gcv };
}

function meanDiagonal(gram: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += gram[i * n + i];
  return n > 0 ? sum / n : 1;
}

function warnOfEnds({ atEnd, lambdas }: GcvPath): void {
  for (const [end, name, mend] of [
    [-1, "smallest", "smaller"],
    [1, "largest", "larger"],
  ] as const) {
    const those = atEnd.filter((e) => e === end).length;
    if (those === 0) continue;
    const value = end < 0 ? lambdas[0] : lambdas[lambdas.length - 1];
    warn(
      "ridge-path-end",
      `ridge: ${those} of ${atEnd.length} outputs chose the ${name} λ of the path, ${value}; give ${mend} lambdas, or none for the default path.`,
    );
  }
}

function fitFixed(equations: NormalEquations, lambda: number): RidgeReadout {
  const { gram, cross, outputs, active } = equations;
  const n = active.length;
  const beta = cross.slice();
  const { factor, used } = factorShifted(gram, n, lambda);
  choleskySolve(factor, beta, outputs);
  const lambdas = new Float64Array(outputs).fill(used);
  return { kind: "ridge", ...readoutOf(equations, beta), lambda: lambdas };
}

/** Cholesky factor of G + λI; where that is singular to rounding, λ is raised until it is not, with a warning. */
function factorShifted(gram: Float64Array, n: number, lambda: number): { factor: Cholesky; used: number } {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, gram[i * n + i] + lambda);
  const rounding = ROUNDING * n * largest;
  const first = tryFactor(gram, n, lambda);
  if (first) return { factor: first, used: lambda };
  warn(
    "ridge-singular",
    `ridge: states depend on each other up to rounding, so λ = ${lambda} has no unique fit and λ = ${rounding} was used; give a larger lambda or "gcv".`,
  );
  return { factor: cholesky(shifted(gram, n, rounding), n), used: rounding };
}

/** Undefined if a pivot is not above rounding error. */
function tryFactor(gram: Float64Array, n: number, lambda: number): Cholesky | undefined {
  try {
    const factor = cholesky(shifted(gram, n, lambda), n);
    for (let i = 0; i < n; i++) {
      const pivot = factor.lower[i * n + i];
      if (pivot * pivot <= ROUNDING * n * (gram[i * n + i] + lambda)) return undefined;
    }
    return factor;
  } catch (error) {
    if (error instanceof CajalError && error.code === "not-positive-definite") return undefined;
    throw error;
  }
}

function shifted(gram: Float64Array, n: number, lambda: number): Float64Array {
  const sum = gram.slice();
  for (let i = 0; i < n; i++) sum[i * n + i] += lambda;
  return sum;
}
