import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dense, denseFromRows } from "../matrix.ts";
import { createRng, shuffled } from "../random/rng.ts";
import { eigenvalues } from "./eigenvalues.ts";
import type { Eigenvalues } from "./hessenberg-eigenvalues.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Every wanted value has its own computed one within `tolerance`. */
function expectSpectrum(actual: Eigenvalues, wanted: [number, number][], tolerance: number) {
  const left = Array.from(actual.re, (re, k): [number, number] => [re, actual.im[k]]);
  expect(left.length).toBe(wanted.length);
  for (const [re, im] of wanted) {
    const distances = left.map(([r, i]) => Math.hypot(r - re, i - im));
    const at = distances.indexOf(Math.min(...distances));
    expect(distances[at]).toBeLessThanOrEqual(tolerance);
    left.splice(at, 1);
  }
}

function normalMatrix(n: number, seed: number) {
  const rng = createRng(seed);
  return dense(
    n,
    n,
    Array.from({ length: n * n }, () => rng.normal()),
  );
}

describe("eigenvalues", () => {
  it.each([1, 2, 3, 4, 5, 12])("finds the roots of unity of a cycle of %i nodes", (n) => {
    const m = dense(n, n);
    for (let i = 0; i < n; i++) m.values[i * n + ((i + 1) % n)] = 1;
    const wanted = Array.from({ length: n }, (_, k): [number, number] => {
      const angle = (2 * Math.PI * k) / n;
      return [Math.cos(angle), Math.sin(angle)];
    });
    expectSpectrum(eigenvalues(m), wanted, 1e-14);
  });

  it("finds the roots 1, 2, 3, 4 of a companion matrix", () => {
    const m = denseFromRows([
      [10, -35, 50, -24],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ]);
    const wanted: [number, number][] = [
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ];
    expectSpectrum(eigenvalues(m), wanted, 1e-12);
  });

  it("has the closed form of a circulant matrix", () => {
    const n = 30;
    const rng = createRng(5);
    const c = Array.from({ length: n }, () => rng.normal());
    const m = dense(n, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) m.values[i * n + j] = c[(j - i + n) % n];
    const wanted = Array.from({ length: n }, (_, k): [number, number] => {
      let re = 0;
      let im = 0;
      c.forEach((v, d) => {
        re += v * Math.cos((2 * Math.PI * k * d) / n);
        im += v * Math.sin((2 * Math.PI * k * d) / n);
      });
      return [re, im];
    });
    expectSpectrum(eigenvalues(m), wanted, 1e-12);
  });

  it("has the traces of the first three powers, and pairs of conjugates", () => {
    const n = 40;
    const m = normalMatrix(n, 3);
    const { re, im } = eigenvalues(m);
    const a = m.values;
    let square = 0;
    let cube = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        square += a[i * n + j] * a[j * n + i];
        for (let k = 0; k < n; k++) cube += a[i * n + j] * a[j * n + k] * a[k * n + i];
      }
    const trace = Array.from({ length: n }, (_, i) => a[i * n + i]).reduce((x, y) => x + y);
    const sum = (f: (r: number, i: number) => number) => re.reduce((s, r, k) => s + f(r, im[k]), 0);
    expect(sum((r) => r)).toBeCloseTo(trace, 11);
    expect(sum((r, i) => r * r - i * i)).toBeCloseTo(square, 9);
    expect(sum((r, i) => r * r * r - 3 * r * i * i)).toBeCloseTo(cube, 8);
    for (let k = 0; k < n; k++) if (im[k] > 0) expect([re[k + 1], im[k + 1]]).toEqual([re[k], -im[k]]);
  });

  it("agrees with the symmetric solver", () => {
    const n = 40;
    const m = normalMatrix(n, 4);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) m.values[j * n + i] = m.values[i * n + j];
    const { re, im } = eigenvalues(m);
    const { values } = symmetricEigen(m.values, n);
    expect(im.every((v) => v === 0)).toBe(true);
    re.sort().forEach((v, k) => {
      expect(v).toBeCloseTo(values[k], 11);
    });
  });

  it("is exact for triangular matrices, however their nodes are numbered", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(1000), (n, seed) => {
        const rng = createRng(seed);
        const name = shuffled(
          Array.from({ length: n }, (_, i) => i),
          rng,
        );
        const m = dense(n, n);
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) m.values[name[i] * n + name[j]] = i === j ? i - 2 : rng.normal();
        const { re, im } = eigenvalues(m);
        expect([...re].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i - 2));
        expect(im.every((v) => v === 0)).toBe(true);
      }),
    );
  });

  it.each([1e-250, 1e250])("works at scale %f, and on rows and columns scaled against each other", (size) => {
    // D C D⁻¹ with D = diag(1, 1e6, 1e-6, 1e12): the same spectrum as C, which balancing has to bring back.
    const d = [1, 1e6, 1e-6, 1e12];
    const c = [
      [1, 2, 0, 1],
      [0, 3, 1, 1],
      [1, 0, 2, 1],
      [2, 1, 1, 0],
    ];
    const plain = eigenvalues(denseFromRows(c));
    const skewed = eigenvalues(
      denseFromRows(c.map((row, i) => row.map((v, j) => ((v * d[i]) / d[j]) * size))),
    );
    const wanted = Array.from(plain.re, (re, k): [number, number] => [re, plain.im[k]]);
    expectSpectrum({ re: skewed.re.map((v) => v / size), im: skewed.im.map((v) => v / size) }, wanted, 1e-13);
  });

  it("takes an empty and a zero matrix", () => {
    expect(eigenvalues(dense(0, 0)).re.length).toBe(0);
    expect([...eigenvalues(dense(3, 3)).re]).toEqual([0, 0, 0]);
  });

  it("says which matrix it cannot take", () => {
    expect(() => eigenvalues(dense(2, 3))).toThrow(
      "eigenvalues: matrix is 2 × 3, eigenvalues need a square one. Give a matrix with as many rows as columns.",
    );
    const m = dense(2, 2, [0, 1, NaN, 0]);
    expect(() => eigenvalues(m)).toThrow(
      "eigenvalues: entry (1, 0) is NaN. Replace NaN and infinite weights, or set them to 0 to drop the edge.",
    );
  });
});
