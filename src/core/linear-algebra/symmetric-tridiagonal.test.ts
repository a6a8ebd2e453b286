import { describe, expect, it } from "vitest";
import { createRng } from "../random/rng.ts";
import { type Tridiagonalization, tridiagonalize } from "./symmetric-tridiagonal.ts";

function symmetric(n: number, seed = n): Float64Array {
  const rng = createRng(seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = rng.normal();
  return a;
}

/** Q T Qᵀ, by applying the factors to the identity. */
function rebuild(t: Tridiagonalization): Float64Array {
  const { n, diagonal, offDiagonal } = t;
  const b = new Float64Array(n * n);
  for (let i = 0; i < n; i++) b[i * n + i] = 1;
  t.applyQt(b, n);
  const tb = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < n; c++) {
      tb[i * n + c] = diagonal[i] * b[i * n + c];
      if (i > 0) tb[i * n + c] += offDiagonal[i - 1] * b[(i - 1) * n + c];
      if (i < n - 1) tb[i * n + c] += offDiagonal[i] * b[(i + 1) * n + c];
    }
  t.applyQ(tb, n);
  return tb;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, v, k) => Math.max(most, Math.abs(v - b[k])), 0);
}

describe("tridiagonalize", () => {
  it.each([0, 1, 2, 3, 4, 5, 8, 41])("gives Q T Qᵀ = A for n = %i", (n) => {
    const a = symmetric(n);
    expect(largestDifference(rebuild(tridiagonalize(a, n)), a)).toBeLessThan(1e-13);
  });

  it.each([1, 2, 31, 32, 33, 70])("Q is orthogonal and acts on %i columns as on each alone", (columns) => {
    const n = 17;
    const t = tridiagonalize(symmetric(n), n);
    const rng = createRng(columns);
    const b = Float64Array.from({ length: n * columns }, () => rng.normal());
    const together = b.slice();
    t.applyQt(together, columns);
    for (let c = 0; c < columns; c++) {
      const alone = Float64Array.from({ length: n }, (_, i) => b[i * columns + c]);
      t.applyQt(alone);
      const picked = Float64Array.from({ length: n }, (_, i) => together[i * columns + c]);
      expect(largestDifference(picked, alone)).toBeLessThan(1e-14);
    }
    t.applyQ(together, columns);
    expect(largestDifference(together, b)).toBeLessThan(1e-13);
  });

  it("reads the lower triangle only and leaves the matrix alone", () => {
    const n = 9;
    const a = symmetric(n);
    const lowerOnly = a.map((v, k) => (k % n > Math.floor(k / n) ? NaN : v));
    const kept = lowerOnly.slice();
    expect([...tridiagonalize(lowerOnly, n).diagonal]).toEqual([...tridiagonalize(a, n).diagonal]);
    expect(lowerOnly).toEqual(kept);
  });

  it("does nothing to a matrix that is tridiagonal", () => {
    const t = tridiagonalize(Float64Array.of(1, 2, 0, 2, 3, 4, 0, 4, 5), 3);
    expect([...t.diagonal, ...t.offDiagonal]).toEqual([1, 3, 5, 2, 4]);
  });

  it.each([1e-300, 1e-200, 1e200, 1e300])("keeps its accuracy for entries near %f", (size) => {
    const n = 12;
    const a = symmetric(n).map((v) => v * size);
    const back = rebuild(tridiagonalize(a, n));
    expect(largestDifference(back, a) / size).toBeLessThan(1e-13);
  });

  it("keeps Q orthogonal where rows are 1e-170 of the rest, whose squares vanish", () => {
    const n = 6;
    const a = symmetric(n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) if ((i === 5) !== (j === 5)) a[i * n + j] *= 1e-170;
    const t = tridiagonalize(a, n);
    const b = Float64Array.from({ length: n }, (_, i) => i + 1);
    t.applyQt(b);
    expect(Math.sqrt(b.reduce((s, v) => s + v * v, 0))).toBeCloseTo(Math.sqrt(91), 12);
    expect(largestDifference(rebuild(t), a)).toBeLessThan(1e-13);
  });
});
