/**
 * @file Eigenvalues and eigenvectors of a dense symmetric matrix: tridiagonalise, then QR sweeps with Wilkinson's
 * shift, rotating the vectors along. After Golub & Van Loan (2013), algorithm 8.3.3. Values alone: `tridiagonal.ts`.
 */

import { hypotenuse, largestMagnitude } from "./scaling.ts";
import { tridiagonalize } from "./symmetric-tridiagonal.ts";
import { noConvergence } from "./tridiagonal.ts";

/** A = Σₖ valuesₖ uₖ uₖᵀ. */
export interface SymmetricEigen {
  /** Ascending, shape `(eigenvalue)`. */
  values: Float64Array;
  /** Orthonormal eigenvectors as rows, shape `(eigenvalue, component)`, row-major. */
  vectors: Float64Array;
}

/**
 * Eigen-decomposition of a dense symmetric matrix.
 *
 * @param a - Shape `(row, column)`, row-major, `n * n` finite values; only the lower triangle is read.
 * @param n - Number of rows.
 * @returns Values and vectors; the sign of a vector is arbitrary but always the same. `a` is unchanged.
 * @throws CajalError `no-convergence` if the iteration stalls, which finite input does not make it do.
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const t = tridiagonalize(a, n);
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  t.applyQt(rows, n);
  const d = t.diagonal;
  const e = t.offDiagonal;
  const negligible = 1e-3 * EPSILON * Math.max(largestMagnitude(d), largestMagnitude(e));
  let last = n - 1;
  for (let sweeps = 0; last > 0; sweeps++) {
    for (let i = 0; i < last; i++) {
      if (Math.abs(e[i]) <= negligible + EPSILON * Math.sqrt(Math.abs(d[i])) * Math.sqrt(Math.abs(d[i + 1])))
        e[i] = 0;
    }
    while (last > 0 && e[last - 1] === 0) last--;
    let first = last;
    while (first > 0 && e[first - 1] !== 0) first--;
    if (first === last) continue;
    if (sweeps > 40 * n) throw noConvergence("symmetricEigen", sweeps);
    sweep(d, e, rows, { n, first, last });
  }
  return sorted(d, rows, n);
}

// Implementation

const EPSILON = 2.220446049250313e-16;

/** One implicit QR sweep over the block first … last. */
function sweep(
  d: Float64Array,
  e: Float64Array,
  rows: Float64Array,
  { n, first, last }: { n: number; first: number; last: number },
): void {
  const half = (d[last - 1] - d[last]) / 2;
  const tail = e[last - 1];
  const root = hypotenuse(half, tail);
  const shift = d[last] - tail * (tail / (half + (half < 0 ? -root : root)));
  let x = d[first] - shift;
  let z = e[first];
  for (let k = first; k < last; k++) {
    const r = hypotenuse(x, z);
    const c = r === 0 ? 1 : x / r;
    const s = r === 0 ? 0 : z / r;
    if (k > first) e[k - 1] = r;
    const upper = d[k];
    const lower = d[k + 1];
    const off = e[k];
    d[k] = c * c * upper + 2 * c * s * off + s * s * lower;
    d[k + 1] = s * s * upper - 2 * c * s * off + c * c * lower;
    e[k] = c * s * (lower - upper) + (c * c - s * s) * off;
    if (k < last - 1) {
      x = e[k];
      z = s * e[k + 1];
      e[k + 1] *= c;
    }
    rotate(rows, n, k, c, s);
  }
}

function rotate(rows: Float64Array, n: number, k: number, c: number, s: number): void {
  const at = k * n;
  const below = at + n;
  for (let j = 0; j < n; j++) {
    const upper = rows[at + j];
    const lower = rows[below + j];
    rows[at + j] = c * upper + s * lower;
    rows[below + j] = c * lower - s * upper;
  }
}

function sorted(d: Float64Array, rows: Float64Array, n: number): SymmetricEigen {
  const order = Array.from(d, (_, k) => k).sort((a, b) => d[a] - d[b] || a - b);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(rows.subarray(from * n, from * n + n), to * n);
  });
  return { values: Float64Array.from(order, (k) => d[k]), vectors };
}
