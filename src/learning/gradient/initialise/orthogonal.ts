/**
 * @file Random matrices with orthonormal rows or columns (Saxe, McClelland & Ganguli 2014), uniform over all of them.
 */

import type { Rng } from "../../../core/index.ts";

/**
 * Orthonormal rows when there are at most as many as columns, else orthonormal columns.
 *
 * @returns Shape `(rows, columns)`.
 */
export function drawOrthogonal(rows: number, columns: number, rng: Rng): Float64Array {
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    // Gram–Schmidt on normal vectors gives the uniform (Haar) distribution; twice, so that rounding does not spoil it.
    const v = Float64Array.from({ length }, () => rng.normal());
    for (let pass = 0; pass < 2; pass++) for (const u of basis) subtract(v, u, dot(u, v));
    const norm = Math.sqrt(dot(v, v));
    if (norm > 1e-8) basis.push(v.map((x) => x / norm));
  }
  const out = new Float64Array(rows * columns);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < length; b++) out[rows <= columns ? a * columns + b : b * columns + a] = basis[a][b];
  }
  return out;
}

// Implementation

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function subtract(v: Float64Array, u: Float64Array, share: number): void {
  for (let k = 0; k < v.length; k++) v[k] -= share * u[k];
}
