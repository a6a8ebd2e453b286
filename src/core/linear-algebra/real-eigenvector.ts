/**
 * @file The eigenvector of a general real matrix for a known real eigenvalue, by inverse iteration with an LU
 * factorisation that exchanges rows. After Golub & Van Loan (2013), section 7.6.1.
 */

import { type Matrix, toDense } from "../matrix.ts";
import { checkSquareFinite } from "./eigenvalues.ts";
import { largestMagnitude } from "./scaling.ts";

/**
 * Eigenvector of a real eigenvalue; one of them where the eigenvalue is multiple.
 *
 * @param m - Shape `(post, pre)`, square, finite. Give the transpose for the left eigenvector.
 * @param value - A real eigenvalue of `m`, as exact as it can be had.
 * @returns Norm 1, the entry of largest modulus > 0, shape `(unit)`.
 * @throws CajalError `not-square`, `not-finite`.
 */
export function realEigenvector(m: Matrix, value: number): Float64Array {
  const n = checkSquareFinite(m, "realEigenvector").rows;
  const lu = toDense(m).values.slice();
  const size = largestMagnitude(lu);
  for (let i = 0; i < n; i++) lu[i * n + i] -= value;
  const order = factor(lu, n, EPSILON * (size > 0 ? size : 1));
  let x = new Float64Array(n).fill(1);
  // The first pass starts from the back substitution alone, which no vector of ones can be blind to (Wilkinson).
  for (let pass = 0; pass < 3; pass++) {
    if (pass > 0) x = forward(lu, n, order, x);
    backward(lu, n, x);
    normalise(x);
  }
  return x;
}

// Implementation

const EPSILON = 2.220446049250313e-16;

/** P A = L U in place, pivots that vanish replaced by `least`. @returns Row of A that stands in each row. */
function factor(a: Float64Array, n: number, least: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j], a[k * n + j]];
      [order[k], order[pivot]] = [order[pivot], order[k]];
    }
    if (Math.abs(a[k * n + k]) < least) a[k * n + k] = least;
    for (let i = k + 1; i < n; i++) {
      const share = a[i * n + k] / a[k * n + k];
      a[i * n + k] = share;
      if (share === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= share * a[k * n + j];
    }
  }
  return order;
}

function forward(lu: Float64Array, n: number, order: Int32Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const x = Float64Array.from(order, (row) => b[row]);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) x[i] -= lu[i * n + j] * x[j];
  return x;
}

function backward(lu: Float64Array, n: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] -= lu[i * n + j] * x[j];
    x[i] /= lu[i * n + i];
  }
}

function normalise(x: Float64Array): void {
  const largest = largestMagnitude(x);
  const at = x.findIndex((v) => Math.abs(v) === largest);
  const sign = x[at] < 0 ? -1 : 1;
  let squares = 0;
  for (const v of x) squares += (v / largest) * (v / largest);
  const length = sign * Math.sqrt(squares);
  for (let i = 0; i < x.length; i++) x[i] = x[i] / largest / length;
}
