/**
 * @file Symmetric tridiagonal matrices: eigenvalues without vectors, and solving with a shift on the diagonal.
 * Eigenvalues by the square-root-free QL iteration of Pal, Walker and Kahan, after Parlett (1998), The Symmetric
 * Eigenvalue Problem, section 8.15; with vectors see `symmetric-eigen.ts`.
 */

import { CajalError } from "../errors.ts";
import { notPositiveDefinite } from "./cholesky.ts";
import { largestMagnitude, safeScale } from "./scaling.ts";
import type { SymmetricTridiagonal } from "./symmetric-tridiagonal.ts";

/**
 * All eigenvalues of a symmetric tridiagonal matrix; absolute error a few ulp of the largest.
 *
 * @returns Eigenvalues ascending, shape `(eigenvalue)`; `t` is unchanged.
 * @throws CajalError `no-convergence` if the iteration stalls, which finite input does not make it do.
 */
export function tridiagonalEigenvalues(t: SymmetricTridiagonal): Float64Array {
  const n = t.diagonal.length;
  const largest = Math.max(largestMagnitude(t.diagonal), largestMagnitude(t.offDiagonal));
  const scale = safeScale(largest);
  const d = t.diagonal.map((v) => v * scale);
  const squares = t.offDiagonal.map((v) => v * scale * (v * scale));
  const negligible = NEGLIGIBLE * (largest * scale) * (largest * scale);
  let first = 0;
  let sweeps = 0;
  while (first < n) {
    let last = first;
    while (last < n - 1 && !isSmall(squares[last], d[last], d[last + 1], negligible)) last++;
    if (last < n - 1) squares[last] = 0;
    if (last === first) {
      first++;
      continue;
    }
    // The sweep converges at the low end first: put the small end of a graded block there.
    if (Math.abs(d[last]) < Math.abs(d[first])) reverse(d, squares, first, last);
    if (last === first + 1) {
      solvePair(d, squares, first);
      first += 2;
      continue;
    }
    if (++sweeps > 40 * n) throw noConvergence("tridiagonalEigenvalues", sweeps);
    rationalSweep(d, squares, first, last);
  }
  for (let i = 0; i < n; i++) d[i] /= scale;
  return d.sort();
}

/**
 * Solve (T + shift I) X = B in place, by LDLᵀ.
 *
 * @param shift - Added to the diagonal, e.g. a ridge parameter λ.
 * @param b - Right-hand sides, shape `(row, column)`, row-major; overwritten with X.
 * @param columns - Number of right-hand sides.
 * @throws CajalError `not-positive-definite` if T + shift I is not.
 */
export function solveTridiagonal(t: SymmetricTridiagonal, shift: number, b: Float64Array, columns = 1): void {
  const n = t.diagonal.length;
  const pivots = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const factor = i === 0 ? 0 : t.offDiagonal[i - 1] / pivots[i - 1];
    const pivot = t.diagonal[i] + shift - (i === 0 ? 0 : factor * t.offDiagonal[i - 1]);
    if (!(pivot > 0 && pivot < Infinity)) throw notPositiveDefinite("solveTridiagonal", i, pivot);
    pivots[i] = pivot;
    if (i === 0) continue;
    for (let c = 0; c < columns; c++) b[i * columns + c] -= factor * b[(i - 1) * columns + c];
  }
  for (let i = n - 1; i >= 0; i--) {
    const factor = i === n - 1 ? 0 : t.offDiagonal[i] / pivots[i];
    for (let c = 0; c < columns; c++) {
      const known = i === n - 1 ? 0 : factor * b[(i + 1) * columns + c];
      b[i * columns + c] = b[i * columns + c] / pivots[i] - known;
    }
  }
}

/** The error of an iteration that did not end. */
export function noConvergence(where: string, sweeps: number): CajalError {
  return new CajalError(`no convergence after ${sweeps} sweeps`, {
    code: "no-convergence",
    where,
    hint: "Check the matrix for NaN and infinite entries.",
  });
}

// Implementation

const EPSILON = 2.220446049250313e-16;
/** Square of a thousandth of an ulp: below it an entry cannot matter even where the diagonal is 0. */
const NEGLIGIBLE = 1e-6 * EPSILON * EPSILON;

function isSmall(square: number, above: number, below: number, negligible: number): boolean {
  return square <= negligible || square <= EPSILON * EPSILON * Math.abs(above * below);
}

function reverse(d: Float64Array, squares: Float64Array, first: number, last: number): void {
  d.subarray(first, last + 1).reverse();
  squares.subarray(first, last).reverse();
}

/** Eigenvalues of the 2 × 2 block at `i`, without cancellation. */
function solvePair(d: Float64Array, squares: Float64Array, i: number): void {
  const half = (d[i] - d[i + 1]) / 2;
  const root = Math.sqrt(half * half + squares[i]);
  const shift = half > 0 ? squares[i] / (half + root) : -squares[i] / (root - half);
  d[i] += shift;
  d[i + 1] -= shift;
}

/** One QL sweep over the block first … last; `squares` are the squared off-diagonal entries. */
function rationalSweep(d: Float64Array, squares: Float64Array, first: number, last: number): void {
  // Wilkinson's shift, from the 2 × 2 block at the end that converges.
  const root = Math.sqrt(squares[first]);
  const slope = (d[first + 1] - d[first]) / (2 * root);
  const length = Math.sqrt(slope * slope + 1);
  const shift = d[first] - root / (slope + (slope < 0 ? -length : length));
  let cosine = 1;
  let sine = 0;
  let gamma = d[last] - shift;
  let p = gamma * gamma;
  for (let i = last - 1; i >= first; i--) {
    const square = squares[i];
    const r = p + square;
    if (i !== last - 1) squares[i + 1] = sine * r;
    const oldCosine = cosine;
    cosine = p / r;
    sine = square / r;
    const oldGamma = gamma;
    gamma = cosine * (d[i] - shift) - sine * oldGamma;
    d[i + 1] = oldGamma + (d[i] - gamma);
    p = cosine === 0 ? oldCosine * square : (gamma * gamma) / cosine;
  }
  squares[first] = sine * p;
  d[first] = shift + gamma;
}
