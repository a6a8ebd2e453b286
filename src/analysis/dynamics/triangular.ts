/**
 * @file Solving with a small lower triangular matrix.
 */

/** x of Tᵀ x = b, T lower triangular. */
export function backSubstituted(t: Float64Array, b: Float64Array, n: number): Float64Array {
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] -= t[j * n + i] * x[j];
    x[i] /= t[i * n + i];
  }
  return x;
}

/** x of T x = b. */
export function forwardSubstituted(t: Float64Array, b: Float64Array, n: number): Float64Array {
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) x[i] -= t[i * n + j] * x[j];
    x[i] /= t[i * n + i];
  }
  return x;
}
