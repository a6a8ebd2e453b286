import { describe, expect, it } from "vitest";
import { createRng } from "../random/rng.ts";
import { cholesky, choleskySolve } from "./cholesky.ts";
import { solveTridiagonal, tridiagonalEigenvalues } from "./tridiagonal.ts";

function expectClose(actual: Float64Array, wanted: number[], tolerance: number) {
  expect(actual.length).toBe(wanted.length);
  wanted.forEach((v, k) => {
    expect(Math.abs(actual[k] - v)).toBeLessThanOrEqual(tolerance);
  });
}

const filled = (length: number, f: (i: number) => number) => Float64Array.from({ length }, (_, i) => f(i));

describe("tridiagonalEigenvalues", () => {
  it.each([1, 2, 3, 10, 101])(
    "has the closed form 2 − 2 cos(kπ / (n + 1)) of the second difference, n = %i",
    (n) => {
      const t = { diagonal: filled(n, () => 2), offDiagonal: filled(n - 1, () => -1) };
      const wanted = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
      expectClose(tridiagonalEigenvalues(t), wanted, 1e-14);
    },
  );

  it("gives the whole numbers −n … n of Clement's matrix, whose diagonal is 0", () => {
    const n = 51;
    const off = filled(n - 1, (i) => Math.sqrt((i + 1) * (n - 1 - i)));
    const wanted = Array.from({ length: n }, (_, k) => 2 * k - (n - 1));
    expectClose(tridiagonalEigenvalues({ diagonal: new Float64Array(n), offDiagonal: off }), wanted, 1e-12);
  });

  it("separates the close pairs of Wilkinson's W21+", () => {
    const t = { diagonal: filled(21, (i) => Math.abs(i - 10)), offDiagonal: filled(20, () => 1) };
    const values = tridiagonalEigenvalues(t);
    // Wilkinson (1965), The Algebraic Eigenvalue Problem, page 309.
    expect(values[20]).toBeCloseTo(10.746194182903393, 13);
    expect(values[19]).toBeCloseTo(10.746194182903322, 13);
    expect(values[0]).toBeCloseTo(-1.1254415221199847, 13);
  });

  it.each([1, 1e-180, 1e180])("handles graded, split and zero blocks at scale %f", (size) => {
    const values = tridiagonalEigenvalues({
      diagonal: Float64Array.of(0, 0, 5, 1e-8, 3, 3).map((v) => v * size),
      offDiagonal: Float64Array.of(0, 0, 0, 2, 0).map((v) => v * size),
    });
    const root = Math.sqrt(1.5 * 1.5 + 4);
    const wanted = [1.5 - root, 0, 0, 3, 1.5 + root, 5].map((v) => v * size);
    expectClose(values, wanted, 1e-8 * size);
  });

  it("leaves its argument alone", () => {
    const t = { diagonal: Float64Array.of(1, 2), offDiagonal: Float64Array.of(3) };
    tridiagonalEigenvalues(t);
    expect([...t.diagonal, ...t.offDiagonal]).toEqual([1, 2, 3]);
  });

  it("reports NaN instead of turning for ever", () => {
    const t = { diagonal: Float64Array.of(1, NaN, 2), offDiagonal: Float64Array.of(1, 1) };
    expect(() => tridiagonalEigenvalues(t)).toThrow(
      /^tridiagonalEigenvalues: no convergence after \d+ sweeps\. Check the matrix for NaN and infinite entries\.$/,
    );
  });
});

describe("solveTridiagonal", () => {
  it.each([1, 2, 3, 20])("equals the dense solution of T + shift I, n = %i", (n) => {
    const rng = createRng(n);
    const t = {
      diagonal: filled(n, () => 2 + rng.uniform()),
      offDiagonal: filled(n - 1, () => rng.uniform() - 0.5),
    };
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = t.diagonal[i] + 0.25;
      if (i > 0) a[i * n + i - 1] = t.offDiagonal[i - 1];
    }
    const b = filled(n * 3, () => rng.normal());
    const wanted = b.slice();
    choleskySolve(cholesky(a, n), wanted, 3);
    solveTridiagonal(t, 0.25, b, 3);
    expectClose(b, [...wanted], 1e-13);
  });

  it("refuses a matrix that is not positive definite", () => {
    const t = { diagonal: Float64Array.of(1, 1), offDiagonal: Float64Array.of(2) };
    expect(() => solveTridiagonal(t, 0, new Float64Array(2))).toThrow(
      "solveTridiagonal: matrix is not positive definite: pivot of row 1 is -3.",
    );
    solveTridiagonal(t, 2, new Float64Array(2));
  });
});
