/**
 * @file Householder tridiagonalisation A = Q T Qᵀ of a dense symmetric matrix, keeping the reflectors so that Q acts
 * on vectors without being formed. One factorisation serves a whole path of ridge parameters, since
 * A + λI = Q (T + λI) Qᵀ. After Golub & Van Loan (2013), section 8.3.1, from the last row up as in Martin, Reinsch
 * & Wilkinson (1968). Departure: the rank-2 update of one step and the matrix–vector product of the next are one pass
 * over the lower triangle, because memory, not arithmetic, limits the speed. What to do with T: `tridiagonal.ts`.
 */

import { largestMagnitude, safeScale } from "./scaling.ts";

/** Symmetric tridiagonal matrix T. */
export interface SymmetricTridiagonal {
  /** Shape `(row)`. */
  diagonal: Float64Array;
  /** Shape `(row - 1)`: entry i couples rows i and i + 1. */
  offDiagonal: Float64Array;
}

/** A = Q T Qᵀ with orthogonal Q kept as reflectors. */
export interface Tridiagonalization extends SymmetricTridiagonal {
  n: number;
  /** B ← Qᵀ B in place. @param b - Shape `(row, column)`, row-major. @param columns - Columns of B, default 1. */
  applyQt(b: Float64Array, columns?: number): void;
  /** B ← Q B in place. @param b - Shape `(row, column)`, row-major. @param columns - Columns of B, default 1. */
  applyQ(b: Float64Array, columns?: number): void;
}

/**
 * Tridiagonalise a dense symmetric matrix: 4 n³ / 3 operations.
 *
 * @param a - Shape `(row, column)`, row-major, `n * n` finite values; only the lower triangle is read.
 * @param n - Number of rows.
 * @returns T and Q; `a` is unchanged.
 */
export function tridiagonalize(a: Float64Array, n: number): Tridiagonalization {
  const scale = safeScale(largestMagnitude(a, n * n));
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) work[i * n + j] = a[i * n + j] * scale;
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(Math.max(0, n - 1));
  /** 2 / vᵀv of the reflector kept in row i, 0 where that reflector is the identity. */
  const beta = new Float64Array(n);
  const step: Step = {
    v: new Float64Array(n),
    w: new Float64Array(n),
    next: new Float64Array(n),
    product: new Float64Array(n),
  };
  for (let i = n - 1; i >= 0; i--) {
    updateLastRow(work.subarray(i * n, i * n + i + 1), step, i);
    diagonal[i] = work[i * n + i] / scale;
    if (i === 0) break;
    const reflector = work.subarray(i * n, i * n + i);
    const made = makeReflector(reflector);
    offDiagonal[i - 1] = made.image / scale;
    beta[i] = made.beta;
    advance(work, n, i, step, reflector, made.beta);
  }
  return {
    n,
    diagonal,
    offDiagonal,
    applyQt: (b, columns = 1) => {
      for (let c = 0; c < columns; c += BLOCK)
        for (let i = n - 1; i > 0; i--) reflect(work, b, { n, i, columns, from: c, beta: beta[i] });
    },
    applyQ: (b, columns = 1) => {
      for (let c = 0; c < columns; c += BLOCK)
        for (let i = 1; i < n; i++) reflect(work, b, { n, i, columns, from: c, beta: beta[i] });
    },
  };
}

// Implementation

/** Columns of B reflected together: 1000 rows of 32 stay in the second-level cache. */
const BLOCK = 32;

/** The rank-2 update A ← A − v wᵀ − w vᵀ still owed to the matrix, and scratch for the next one. */
interface Step {
  v: Float64Array;
  w: Float64Array;
  next: Float64Array;
  product: Float64Array;
}

function updateLastRow(row: Float64Array, { v, w }: Step, i: number): void {
  const vi = v[i];
  const wi = w[i];
  for (let j = 0; j <= i; j++) row[j] -= vi * w[j] + wi * v[j];
}

/**
 * Overwrite x with v such that (I − β v vᵀ) x has only its last entry left, `image`. Scaled by the largest entry, or a
 * row of tiny numbers would give a reflector that is not orthogonal.
 */
function makeReflector(x: Float64Array): { beta: number; image: number } {
  const last = x.length - 1;
  let largest = 0;
  for (let j = 0; j < last; j++) if (Math.abs(x[j]) > largest) largest = Math.abs(x[j]);
  if (largest === 0) {
    const image = x[last];
    x.fill(0);
    return { beta: 0, image };
  }
  if (Math.abs(x[last]) > largest) largest = Math.abs(x[last]);
  let squares = 0;
  for (let j = 0; j <= last; j++) {
    x[j] /= largest;
    squares += x[j] * x[j];
  }
  const norm = x[last] > 0 ? -Math.sqrt(squares) : Math.sqrt(squares); // opposite sign: no cancellation below
  const beta = 1 / (squares - x[last] * norm);
  x[last] -= norm;
  return { beta, image: norm * largest };
}

/** Apply the owed update to rows 0 … i − 1, and from the updated matrix make the update that `reflector` owes. */
function advance(
  work: Float64Array,
  n: number,
  i: number,
  step: Step,
  reflector: Float64Array,
  beta: number,
): void {
  const { v, w, next, product } = step;
  next.set(reflector);
  product.fill(0, 0, i);
  let row = 0;
  for (; row + 1 < i; row += 2) updateTwoRows(work, n, row, step);
  if (row < i) updateRow(work, n, row, step, 0);
  // w = β A v − (β² vᵀ A v / 2) v makes (I − β v vᵀ) A (I − β v vᵀ) = A − v wᵀ − w vᵀ.
  let inner = 0;
  for (let j = 0; j < i; j++) inner += product[j] * next[j];
  const half = 0.5 * beta * beta * inner;
  for (let j = 0; j < i; j++) {
    v[j] = next[j];
    w[j] = beta * product[j] - half * next[j];
  }
}

/** Update row `row` from column `from` to the diagonal and add its share to product = A next. */
function updateRow(work: Float64Array, n: number, row: number, step: Step, from: number): void {
  const { v, w, next, product } = step;
  const at = row * n;
  const x = next[row];
  let sum = 0;
  for (let j = from; j < row; j++) {
    const value = work[at + j] - (v[row] * w[j] + w[row] * v[j]);
    work[at + j] = value;
    sum += value * next[j];
    product[j] += value * x;
  }
  work[at + row] -= 2 * v[row] * w[row];
  product[row] += sum + work[at + row] * x;
}

/** {@link updateRow} for rows `row` and `row + 1` together: half the traffic on v, w, next and product. */
function updateTwoRows(work: Float64Array, n: number, row: number, step: Step): void {
  const { v, w, next, product } = step;
  const at = row * n;
  const below = at + n;
  const v0 = v[row];
  const w0 = w[row];
  const x0 = next[row];
  const v1 = v[row + 1];
  const w1 = w[row + 1];
  const x1 = next[row + 1];
  let sum0 = 0;
  let sum1 = 0;
  for (let j = 0; j < row; j++) {
    const vj = v[j];
    const wj = w[j];
    const xj = next[j];
    const a0 = work[at + j] - (v0 * wj + w0 * vj);
    const a1 = work[below + j] - (v1 * wj + w1 * vj);
    work[at + j] = a0;
    work[below + j] = a1;
    sum0 += a0 * xj;
    sum1 += a1 * xj;
    product[j] += a0 * x0 + a1 * x1;
  }
  product[row] += sum0;
  product[row + 1] += sum1;
  work[at + row] -= 2 * v0 * w0;
  product[row] += work[at + row] * x0;
  updateRow(work, n, row + 1, step, row);
}

/** B ← (I − β v vᵀ) B for columns `from` … `from + BLOCK`, v being row i of `work`. */
function reflect(
  work: Float64Array,
  b: Float64Array,
  { n, i, columns, from, beta }: { n: number; i: number; columns: number; from: number; beta: number },
): void {
  if (beta === 0) return;
  const at = i * n;
  if (columns === 1) {
    let sum = 0;
    for (let j = 0; j < i; j++) sum += work[at + j] * b[j];
    sum *= beta;
    for (let j = 0; j < i; j++) b[j] -= sum * work[at + j];
    return;
  }
  const width = Math.min(BLOCK, columns - from);
  const sums = new Float64Array(width);
  for (let j = 0; j < i; j++) {
    const value = work[at + j];
    for (let c = 0, k = j * columns + from; c < width; c++, k++) sums[c] += value * b[k];
  }
  for (let j = 0; j < i; j++) {
    const value = work[at + j] * beta;
    for (let c = 0, k = j * columns + from; c < width; c++, k++) b[k] -= value * sums[c];
  }
}
