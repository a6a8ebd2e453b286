/**
 * @file All eigenvalues of a general real matrix: split into strongly connected blocks, balance, reduce to Hessenberg
 * form, Francis QR. Balancing after Parlett & Reinsch (1969), with powers of two so that it rounds nothing.
 */

import { CajalError } from "../errors.ts";
import { type Matrix, type SparseMatrix, toDense, toSparse } from "../matrix.ts";
import { reduceToHessenberg } from "./hessenberg.ts";
import { type Eigenvalues, hessenbergEigenvalues } from "./hessenberg-eigenvalues.ts";
import { largestMagnitude, safeScale } from "./scaling.ts";
import { principalBlock, strongComponents } from "./strong-components.ts";

/**
 * All eigenvalues of a square matrix, dense algorithm: about 10 n³ operations for one strongly connected block.
 *
 * Backward stable: a simple eigenvalue of condition κ is off by κ · 1e-16 · ‖m‖, one of a Jordan block of size k by
 * about (1e-16)^(1/k). Eigenvalues of triangular and acyclic matrices, in any order of nodes, are exact.
 *
 * @param m - Shape `(post, pre)`, square, finite.
 * @returns Real and imaginary parts; complex pairs are neighbours, otherwise in no particular order.
 * @throws CajalError `not-square`, `not-finite`.
 */
export function eigenvalues(m: Matrix): Eigenvalues {
  const sparse = toSparse(checkSquareFinite(m, "eigenvalues"));
  const re = new Float64Array(m.rows);
  const im = new Float64Array(m.rows);
  let at = 0;
  for (const nodes of strongComponents(sparse)) {
    const block = denseEigenvalues(principalBlock(sparse, nodes));
    re.set(block.re, at);
    im.set(block.im, at);
    at += nodes.length;
  }
  return { re, im };
}

/** Eigenvalues of a matrix that is worth no further splitting. */
export function denseEigenvalues(m: SparseMatrix): Eigenvalues {
  const n = m.rows;
  if (n === 0) return { re: new Float64Array(0), im: new Float64Array(0) };
  const a = toDense(m).values;
  const scale = safeScale(largestMagnitude(a));
  for (let k = 0; k < a.length; k++) a[k] *= scale;
  balance(a, n);
  reduceToHessenberg(a, n);
  const { re, im } = hessenbergEigenvalues(a, n);
  return { re: re.map((v) => v / scale), im: im.map((v) => v / scale) };
}

/** The matrix itself. @throws CajalError `not-square`, `not-finite`, named after the calling function. */
export function checkSquareFinite<M extends Matrix>(m: M, where: string): M {
  if (m.rows !== m.columns) {
    throw new CajalError(`matrix is ${m.rows} × ${m.columns}, eigenvalues need a square one`, {
      code: "not-square",
      where,
      hint: "Give a matrix with as many rows as columns.",
    });
  }
  const bad = m.values.findIndex((v) => !Number.isFinite(v));
  if (bad < 0) return m;
  let row = m.kind === "dense" ? Math.floor(bad / m.columns) : 0;
  if (m.kind === "sparse") while (m.rowStart[row + 1] <= bad) row++;
  const column = m.kind === "dense" ? bad % m.columns : m.column[bad];
  throw new CajalError(`entry (${row}, ${column}) is ${m.values[bad]}`, {
    code: "not-finite",
    where,
    hint: "Replace NaN and infinite weights, or set them to 0 to drop the edge.",
  });
}

// Implementation

/** Make the norms of row i and column i similar for every i by a diagonal similarity. */
function balance(a: Float64Array, n: number): void {
  for (let round = 0; round < 50; round++) {
    let changed = false;
    for (let i = 0; i < n; i++) {
      let row = 0;
      let column = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        row += Math.abs(a[i * n + j]);
        column += Math.abs(a[j * n + i]);
      }
      const factor = balanceFactor(row, column);
      if (factor === 1) continue;
      changed = true;
      for (let j = 0; j < n; j++) a[i * n + j] /= factor;
      for (let j = 0; j < n; j++) a[j * n + i] *= factor;
    }
    if (!changed) return;
  }
}

/** Power of two by which column i is multiplied and row i divided; 1 when that would gain little. */
function balanceFactor(row: number, column: number): number {
  if (!(row > 0 && column > 0)) return 1;
  const before = row + column;
  let factor = 1;
  let c = column;
  let r = row;
  while (c < r / 2 && factor < 1e60) {
    factor *= 2;
    c *= 2;
    r /= 2;
  }
  while (c >= r * 2 && factor > 1e-60) {
    factor /= 2;
    c /= 2;
    r *= 2;
  }
  return c + r < 0.95 * before ? factor : 1;
}
