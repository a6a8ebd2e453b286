/**
 * @file Cholesky factorisation A = L Lᵀ of a symmetric positive definite matrix, and solving with it.
 * After Golub & Van Loan (2013), Matrix Computations, section 4.2, row by row so that every inner loop reads
 * contiguous memory, four rows at once.
 */

import { CajalError } from "../errors.ts";

/** The factor of a symmetric positive definite matrix. */
export interface Cholesky {
  n: number;
  /** L, shape `(row, column)`, row-major; entries above the diagonal are 0. */
  lower: Float64Array;
}

/**
 * Factor A = L Lᵀ.
 *
 * @param a - Symmetric matrix, shape `(row, column)`, row-major, `n * n` values; only the lower triangle is read.
 * @param n - Number of rows.
 * @returns The factor; `a` is unchanged.
 * @throws CajalError `not-positive-definite` naming the first row whose pivot is not positive.
 * @example const x = b.slice(); choleskySolve(cholesky(gram, n), x); // gram x = b
 */
export function cholesky(a: Float64Array, n: number): Cholesky {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) lower[i * n + j] = a[i * n + j];
  for (let first = 0; first < n; first += 4) {
    const last = Math.min(first + 4, n);
    if (last - first === 4) eliminateFour(lower, n, first);
    else for (let i = first; i < last; i++) eliminateRow(lower, n, { row: i, from: 0, to: first });
    // The small triangle on the diagonal.
    for (let i = first; i < last; i++) {
      eliminateRow(lower, n, { row: i, from: first, to: i });
      lower[i * n + i] = pivot(lower, n, i);
    }
  }
  return { n, lower };
}

/**
 * Solve A X = B in place.
 *
 * @param factor - From {@link cholesky}.
 * @param b - Right-hand sides, shape `(row, column)`, row-major; overwritten with X.
 * @param columns - Number of right-hand sides.
 */
export function choleskySolve(factor: Cholesky, b: Float64Array, columns = 1): void {
  const { n, lower } = factor;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(b, columns, { to: i, from: k, times: lower[i * n + k] });
    divideRow(b, columns, i, lower[i * n + i]);
  }
  for (let i = n - 1; i >= 0; i--) {
    divideRow(b, columns, i, lower[i * n + i]);
    for (let k = 0; k < i; k++) subtractRow(b, columns, { to: k, from: i, times: lower[i * n + k] });
  }
}

// Implementation

/** L[row, from…to) from A[row, ·] and the finished rows above. */
function eliminateRow(l: Float64Array, n: number, { row, from, to }: Record<"row" | "from" | "to", number>) {
  const at = row * n;
  for (let j = from; j < to; j++) {
    const above = j * n;
    let sum = l[at + j];
    for (let k = 0; k < j; k++) sum -= l[at + k] * l[above + k];
    l[at + j] = sum / l[above + j];
  }
}

/** The same for rows first … first + 3 and all columns before `first`: row j is read once for four sums. */
function eliminateFour(l: Float64Array, n: number, first: number): void {
  const r0 = first * n;
  const r1 = r0 + n;
  const r2 = r1 + n;
  const r3 = r2 + n;
  for (let j = 0; j < first; j++) {
    const above = j * n;
    let s0 = l[r0 + j];
    let s1 = l[r1 + j];
    let s2 = l[r2 + j];
    let s3 = l[r3 + j];
    for (let k = 0; k < j; k++) {
      const v = l[above + k];
      s0 -= l[r0 + k] * v;
      s1 -= l[r1 + k] * v;
      s2 -= l[r2 + k] * v;
      s3 -= l[r3 + k] * v;
    }
    const d = l[above + j];
    l[r0 + j] = s0 / d;
    l[r1 + j] = s1 / d;
    l[r2 + j] = s2 / d;
    l[r3 + j] = s3 / d;
  }
}

function pivot(l: Float64Array, n: number, i: number): number {
  let sum = l[i * n + i];
  for (let k = 0; k < i; k++) sum -= l[i * n + k] * l[i * n + k];
  // Written so that NaN is caught too.
  if (sum > 0 && sum < Infinity) return Math.sqrt(sum);
  throw notPositiveDefinite("cholesky", i, sum);
}

/** The error shared by every solver that needs a positive definite matrix. */
export function notPositiveDefinite(where: string, row: number, pivotValue: number): CajalError {
  return new CajalError(`matrix is not positive definite: pivot of row ${row} is ${pivotValue}`, {
    code: "not-positive-definite",
    where,
    hint: "Add a larger ridge to the diagonal, or drop columns that repeat others.",
  });
}

function subtractRow(
  b: Float64Array,
  columns: number,
  step: { to: number; from: number; times: number },
): void {
  const to = step.to * columns;
  const from = step.from * columns;
  for (let c = 0; c < columns; c++) b[to + c] -= step.times * b[from + c];
}

function divideRow(b: Float64Array, columns: number, row: number, by: number): void {
  for (let c = 0; c < columns; c++) b[row * columns + c] /= by;
}
