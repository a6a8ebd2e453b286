import { describe, expect, it } from "vitest";
import { createRng } from "../random/rng.ts";
import { cholesky, choleskySolve } from "./cholesky.ts";

/** G Gᵀ + n I with normal G, and normal right-hand sides. */
function problem(n: number, columns: number) {
  const rng = createRng(n);
  const g = Float64Array.from({ length: n * n }, () => rng.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) a[i * n + j] += g[i * n + k] * g[j * n + k];
      if (i === j) a[i * n + j] += n;
    }
  return { a, b: Float64Array.from({ length: n * columns }, () => rng.normal()) };
}

describe("cholesky", () => {
  // Rows go four at a time: every remainder, and more than one block.
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30])("gives L with L Lᵀ = A for n = %i", (n) => {
    const { a } = problem(n, 1);
    const { lower } = cholesky(a, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += lower[i * n + k] * lower[j * n + k];
        expect(sum).toBeCloseTo(a[i * n + j], 10);
        if (j > i) expect(lower[i * n + j]).toBe(0);
      }
  });

  it("has the textbook factor of a matrix with whole-number factor", () => {
    const a = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
    expect([...cholesky(a, 3).lower]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3]);
  });

  it("reads the lower triangle only and leaves the matrix alone", () => {
    const a = Float64Array.of(4, NaN, 2, 5);
    expect([...cholesky(a, 2).lower]).toEqual([2, 0, 1, 2]);
    expect(a[3]).toBe(5);
  });

  it("names the row of a pivot that is not positive, NaN included", () => {
    const singular = Float64Array.of(1, 1, 1, 1);
    expect(() => cholesky(singular, 2)).toThrow(
      "cholesky: matrix is not positive definite: pivot of row 1 is 0. Add a larger ridge to the diagonal, or drop columns that repeat others.",
    );
    expect(() => cholesky(Float64Array.of(NaN), 1)).toThrow(
      expect.objectContaining({ code: "not-positive-definite" }),
    );
  });
});

describe("choleskySolve", () => {
  it.each([1, 3])("solves A X = B for %i right-hand sides", (columns) => {
    const n = 30;
    const { a, b } = problem(n, columns);
    const x = b.slice();
    choleskySolve(cholesky(a, n), x, columns);
    for (let i = 0; i < n; i++)
      for (let c = 0; c < columns; c++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += a[i * n + k] * x[k * columns + c];
        expect(sum).toBeCloseTo(b[i * columns + c], 10);
      }
  });
});
