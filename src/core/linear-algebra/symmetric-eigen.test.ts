import { describe, expect, it } from "vitest";
import { createRng } from "../random/rng.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { tridiagonalize } from "./symmetric-tridiagonal.ts";
import { tridiagonalEigenvalues } from "./tridiagonal.ts";

function symmetric(n: number): Float64Array {
  const rng = createRng(n);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = rng.normal();
  return a;
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[i * n + k] * b[j * n + k];
  return sum;
}

describe("symmetricEigen", () => {
  it.each([0, 1, 2, 3, 10, 50])("gives orthonormal rows with A u = λ u, ascending, n = %i", (n) => {
    const a = symmetric(n);
    const { values, vectors } = symmetricEigen(a, n);
    for (let k = 0; k < n; k++) {
      if (k > 0) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
      for (let l = 0; l < n; l++) expect(dot(vectors, k, vectors, l, n)).toBeCloseTo(k === l ? 1 : 0, 13);
      for (let i = 0; i < n; i++)
        expect(dot(a, i, vectors, k, n)).toBeCloseTo(values[k] * vectors[k * n + i], 12);
    }
  });

  it("agrees with the eigenvalues of the tridiagonal form alone", () => {
    const n = 60;
    const a = symmetric(n);
    const { values } = symmetricEigen(a, n);
    const alone = tridiagonalEigenvalues(tridiagonalize(a, n));
    for (let k = 0; k < n; k++) expect(values[k]).toBeCloseTo(alone[k], 12);
  });

  it("finds the n-fold 0 and the single n of a matrix of ones", () => {
    const n = 7;
    const { values, vectors } = symmetricEigen(new Float64Array(n * n).fill(1), n);
    for (let k = 0; k < n - 1; k++) expect(Math.abs(values[k])).toBeLessThan(1e-14);
    expect(values[n - 1]).toBeCloseTo(n, 13);
    for (let i = 0; i < n; i++) expect(Math.abs(vectors[(n - 1) * n + i])).toBeCloseTo(1 / Math.sqrt(n), 13);
  });
});
