/**
 * @file Generalised cross-validation along a path of ridge parameters from one factorisation G = Q T Qᵀ.
 * After Golub, Heath & Wahba (1979), "Generalized cross-validation as a method for choosing a good ridge parameter";
 * the tridiagonal form after Eldén (1984), "A note on the computation of the generalized cross-validation function".
 */

import {
  CajalError,
  type SymmetricTridiagonal,
  solveTridiagonal,
  tridiagonalEigenvalues,
} from "../../core/index.ts";

/** GCV scores of a path of λ. */
export interface GcvPath {
  /** Ascending, shape `(lambda)`. */
  lambdas: Float64Array;
  /**
   * (RSS / n) / (1 − (tr H + [intercept]) / n)², shape `(lambda, output)`; Infinity where λ is below the rounding
   * error of the Gram matrix, so that nothing can be said.
   */
  score: Float64Array;
  /** tr H of the states, without the intercept, shape `(lambda)`. */
  degreesOfFreedom: Float64Array;
  /** Where the chosen λ lies on the path, shape `(output)`: −1 its low end, 1 its high end, else 0. */
  atEnd: Int8Array;
}

/** A ridge problem in the basis where its Gram matrix is tridiagonal. */
export interface TridiagonalProblem {
  t: SymmetricTridiagonal;
  /** Qᵀ Zᵀ y, shape `(unit, output)`. */
  cross: Float64Array;
  /** yᵀy, shape `(output)`. */
  targetSquares: Float64Array;
  outputs: number;
  /** Rows n. */
  count: number;
  intercept: boolean;
}

/**
 * Default path, 1e-12 … 1e2 times `level` in thirds of a decade. From a digit above the rounding of the Gram matrix
 * to where weights all but vanish, so an output that chooses an end is noise-free, or has nothing to be predicted.
 *
 * @param level - Mean of the diagonal of the Gram matrix; the number of rows if states are standardised.
 */
export function defaultPath(level: number): Float64Array {
  const path: number[] = [];
  for (let decade = -12; decade < 2; decade++)
    for (const third of THIRDS) path.push(level * Number(`${third}e${decade}`));
  return Float64Array.from([...path, level * 100]);
}

/**
 * Score every λ for every output: O(unit) for each pair, after the eigenvalues of T.
 *
 * @param lambdas - Ascending.
 * @throws CajalError `singular-gram` when every λ is below rounding error.
 */
export function gcvPath(problem: TridiagonalProblem, lambdas: Float64Array): GcvPath {
  const { outputs, count, intercept } = problem;
  const eigenvalues = tridiagonalEigenvalues(problem.t);
  const usable = firstUsable(eigenvalues, lambdas);
  const residuals = residualPath(problem, lambdas, { usable, largest: eigenvalues.at(-1) ?? 0 });
  const degreesOfFreedom = new Float64Array(lambdas.length);
  const score = new Float64Array(lambdas.length * outputs).fill(Infinity);
  for (let k = 0; k < lambdas.length; k++) {
    const freedom = freedomAt(eigenvalues, lambdas[k], count - (intercept ? 1 : 0));
    degreesOfFreedom[k] = freedom.states;
    if (k < usable) continue;
    const rest = freedom.residual / count;
    for (let o = 0; o < outputs; o++) {
      const rss = residuals[k * outputs + o];
      if (rest > 0) score[k * outputs + o] = rss / count / (rest * rest);
    }
  }
  return { lambdas, score, degreesOfFreedom, atEnd: new Int8Array(outputs) };
}

/**
 * Index of the best λ of each output: the lowest score, the largest λ among equals.
 *
 * @param options.perOutput - False: one λ for all, by the mean of the scores, each over its target's variance.
 */
export function chooseLambda(
  path: GcvPath,
  { targetSquares, perOutput }: { targetSquares: Float64Array; perOutput: boolean },
): Int32Array {
  const outputs = targetSquares.length;
  const best = new Int32Array(outputs).fill(path.lambdas.length - 1);
  const scoreOf = (k: number, o: number): number => {
    if (perOutput) return path.score[k * outputs + o];
    let sum = 0;
    for (let p = 0; p < outputs; p++)
      if (targetSquares[p] > 0) sum += path.score[k * outputs + p] / targetSquares[p];
    return sum;
  };
  for (let o = 0; o < outputs; o++) {
    for (let k = path.lambdas.length - 2; k >= 0; k--) if (scoreOf(k, o) < scoreOf(best[o], o)) best[o] = k;
    // A constant target has no best λ, so it has no end to warn of either.
    if (!(targetSquares[o] > 0) || path.lambdas.length < 2) continue;
    path.atEnd[o] = best[o] === 0 ? -1 : best[o] === path.lambdas.length - 1 ? 1 : 0;
  }
  return best;
}

// Implementation

/** 10^0, 10^(1/3), 10^(2/3), as text so that every λ is the double nearest to its decimal. */
const THIRDS = ["1", "2.154434690031884", "4.641588833612779"];
const EPSILON = 2.220446049250313e-16;
/** Eigenvalues of a Gram matrix below this many ulp of its largest are rounding error. */
const ROUNDING = 16 * EPSILON;

/** Index of the first λ with every λ + d above rounding error. */
function firstUsable(eigenvalues: Float64Array, lambdas: Float64Array): number {
  if (eigenvalues.length === 0) return 0;
  const rounding = ROUNDING * eigenvalues[eigenvalues.length - 1];
  const usable = lambdas.findIndex((lambda) => lambda + eigenvalues[0] > rounding);
  if (usable >= 0) return usable;
  throw new CajalError(`no λ of the path is above the rounding error of the Gram matrix, ${rounding}`, {
    code: "singular-gram",
    where: "ridge",
    hint: "Give larger lambdas, or leave them to the default path.",
  });
}

/**
 * tr H and n − tr H − [intercept]. The second is summed from λ / (d + λ), or it would cancel where n ≈ tr H; of more
 * units than rows, only as many eigenvalues as there are free rows can differ from 0.
 */
function freedomAt(
  eigenvalues: Float64Array,
  lambda: number,
  freeRows: number,
): { states: number; residual: number } {
  const rank = Math.min(freeRows, eigenvalues.length);
  let states = 0;
  let residual = freeRows - rank;
  for (let i = eigenvalues.length - rank; i < eigenvalues.length; i++) {
    const d = Math.max(0, eigenvalues[i]);
    if (d + lambda === 0) continue;
    states += d / (d + lambda);
    residual += lambda / (d + lambda);
  }
  return { states, residual };
}

/**
 * RSS of every usable λ and output, shape `(lambda, output)`. yᵀy − βᵀ(…) would lose a small RSS at small λ, and its
 * noise would choose λ. So only the largest λ is computed that way, and the path below it follows from differences
 * that are sums of positive terms: with u = (T + λ)⁻¹c and v = (T + λ)⁻¹u,
 * RSS(λ₂) − RSS(λ₁) = (λ₂ − λ₁)(λ₂ u₁ᵀv₂ + λ₁ v₁ᵀu₂). What rounding hides, |y|² + |T||β|² ulps, is added at the end.
 */
function residualPath(
  { t, cross, targetSquares, outputs }: TridiagonalProblem,
  lambdas: Float64Array,
  { usable, largest }: { usable: number; largest: number },
): Float64Array {
  const n = t.diagonal.length;
  const rss = new Float64Array(lambdas.length * outputs);
  const at = new Float64Array(outputs);
  let above: { u: Float64Array; v: Float64Array } | undefined;
  for (let k = lambdas.length - 1; k >= usable; k--) {
    const lambda = lambdas[k];
    const u = cross.slice();
    solveTridiagonal(t, lambda, u, outputs);
    const v = u.slice();
    solveTridiagonal(t, lambda, v, outputs);
    for (let o = 0; o < outputs; o++) {
      const dot = (a: Float64Array, b: Float64Array) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += a[i * outputs + o] * b[i * outputs + o];
        return sum;
      };
      const length = dot(u, u);
      if (above) {
        const next = lambdas[k + 1];
        at[o] -= Math.max(0, (next - lambda) * (next * dot(u, above.v) + lambda * dot(v, above.u)));
      } else {
        at[o] = targetSquares[o] - dot(cross, u) - lambda * length;
      }
      rss[k * outputs + o] = Math.max(0, at[o]) + EPSILON * (targetSquares[o] + largest * length);
    }
    above = { u, v };
  }
  return rss;
}
