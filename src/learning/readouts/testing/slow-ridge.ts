/**
 * @file Ridge regression and its cross-validation by their definitions, slow and plain: what the tests compare with.
 */

import { expect } from "vitest";
import type { Rng } from "../../../core/index.ts";

/** Rows as nested lists, slow and plain. */
export type Rows = number[][];
/** Column j. */
export const column = (rows: Rows, j: number) => rows.map((row) => row[j]);
/** Σ a b. */
export const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
/** Arithmetic mean. */
export const mean = (v: number[]) =>
  dot(
    v,
    v.map(() => 1),
  ) / v.length;

/** Normal numbers, shape `(rows, columns)`. */
export function random(rng: Rng, rows: number, columns: number): Rows {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.normal()));
}

/** Least squares by modified Gram–Schmidt with a second pass: accurate even where a residual is 1e-12 of the target. */
function leastSquares(a: Rows, b: number[]): { x: number[]; residual: number[] } {
  const n = a[0].length;
  const q = Array.from({ length: n }, (_, j) => column(a, j));
  const r = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const coefficients = new Array<number>(n).fill(0);
  let residual = [...b];
  for (let j = 0; j < n; j++) {
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i < j; i++) {
        const h = dot(q[i], q[j]);
        r[i][j] += h;
        q[j] = q[j].map((v, t) => v - h * q[i][t]);
      }
    r[j][j] = Math.sqrt(dot(q[j], q[j]));
    q[j] = q[j].map((v) => v / r[j][j]);
  }
  for (let pass = 0; pass < 2; pass++)
    for (let j = 0; j < n; j++) {
      const h = dot(q[j], residual);
      coefficients[j] += h;
      residual = residual.map((v, t) => v - h * q[j][t]);
    }
  const x = new Array<number>(n).fill(0);
  for (let j = n - 1; j >= 0; j--) {
    x[j] = (coefficients[j] - x.reduce((sum, v, k) => (k > j ? sum + r[j][k] * v : sum), 0)) / r[j][j];
  }
  return { x, residual };
}

/** Ridge by its definition: least squares with √λ I below the states; λ > 0 or full rank. */
export function slowRidge(z: Rows, y: number[], lambda: number) {
  const n = z[0].length;
  const below = Array.from({ length: n }, (_, i) => z[0].map((_, j) => (i === j ? Math.sqrt(lambda) : 0)));
  const { x } = leastSquares([...z, ...below], [...y, ...new Array<number>(n).fill(0)]);
  return x;
}

/** Columns with mean 0 and standard deviation 1. */
export function standardized(states: Rows): Rows {
  const moments = states[0].map((_, j) => {
    const m = mean(column(states, j));
    return { m, s: Math.sqrt(mean(column(states, j).map((v) => (v - m) ** 2))) };
  });
  return states.map((row) => row.map((v, j) => (v - moments[j].m) / moments[j].s));
}

/** GCV by its definition, with the trace from n fits to unit targets. */
export function slowGcv(states: Rows, y: number[], lambda: number) {
  const z = standardized(states);
  const n = z.length;
  const centred = y.map((v) => v - mean(y));
  const fitted = (target: number[]) => {
    const x = slowRidge(z, target, lambda);
    return z.map((row) => dot(row, x));
  };
  const residual = fitted(centred).map((v, t) => centred[t] - v);
  const trace = z.reduce((sum, _, t) => sum + fitted(z.map((_, s) => (s === t ? 1 : 0)))[t], 0);
  const rss = dot(residual, residual);
  return { rss, trace, score: rss / n / (1 - (trace + 1) / n) ** 2 };
}

/** Expect all numbers within a relative tolerance. */
export function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  expect(actual.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(actual[i] - wanted[i])).toBeLessThanOrEqual(tolerance * (1 + Math.abs(wanted[i])));
}
