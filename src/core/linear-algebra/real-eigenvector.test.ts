import { describe, expect, it } from "vitest";
import { dense } from "../matrix.ts";
import { createRng } from "../random/rng.ts";
import { eigenvalues } from "./eigenvalues.ts";
import { realEigenvector } from "./real-eigenvector.ts";

describe("realEigenvector", () => {
  it("solves M x = λ x for every real eigenvalue of random matrices", () => {
    let found = 0;
    for (let seed = 0; seed < 20; seed++) {
      const rng = createRng(seed);
      const n = 1 + rng.integer(12);
      const m = dense(
        n,
        n,
        Array.from({ length: n * n }, () => rng.normal()),
      );
      const { re, im } = eigenvalues(m);
      re.forEach((value, k) => {
        if (im[k] !== 0) return;
        found++;
        const x = realEigenvector(m, value);
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += m.values[i * n + j] * x[j];
          expect(Math.abs(sum - value * x[i])).toBeLessThan(1e-11);
        }
        expect(x.reduce((s, v) => s + v * v, 0)).toBeCloseTo(1, 12);
        expect(Math.max(...x)).toBe(Math.max(...x.map(Math.abs)));
      });
    }
    expect(found).toBeGreaterThan(30);
  });

  it("is the axis of a diagonal, also where the eigenvalue is 0 or the matrix is", () => {
    realEigenvector(dense(3, 3, [2, 0, 0, 0, 0, 0, 0, 0, -1]), 0).forEach((v, i) => {
      expect(v).toBeCloseTo(i === 1 ? 1 : 0, 14);
    });
    expect(Array.from(realEigenvector(dense(1, 1, [0]), 0))).toEqual([1]);
    const x = realEigenvector(dense(2, 2), 0);
    expect(x[0] * x[0] + x[1] * x[1]).toBeCloseTo(1, 14);
    expect(() => realEigenvector(dense(1, 2), 0)).toThrow("matrix is 1 × 2");
  });
});
