import { describe, expect, it } from "vitest";
import { createRng } from "../random/rng.ts";
import { hessenbergEigenvalues } from "./hessenberg-eigenvalues.ts";
import { hessenbergVector } from "./hessenberg-vector.ts";

describe("hessenbergVector", () => {
  it.each([1, 2, 3, 20])("solves H x = λ x for every real and complex λ, n = %i", (n) => {
    const rng = createRng(n);
    const h = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = Math.max(0, i - 1); j < n; j++) h[i * n + j] = rng.normal();
    const { re, im } = hessenbergEigenvalues(h.slice(), n);
    for (let k = 0; k < n; k++) {
      const x = hessenbergVector(h.slice(), n, { re: re[k], im: im[k] });
      let squares = 0;
      for (let i = 0; i < n; i++) {
        let real = 0;
        let imaginary = 0;
        for (let j = 0; j < n; j++) {
          real += h[i * n + j] * x.re[j];
          imaginary += h[i * n + j] * x.im[j];
        }
        expect(real - (re[k] * x.re[i] - im[k] * x.im[i])).toBeCloseTo(0, 12);
        expect(imaginary - (re[k] * x.im[i] + im[k] * x.re[i])).toBeCloseTo(0, 12);
        squares += x.re[i] * x.re[i] + x.im[i] * x.im[i];
      }
      expect(squares).toBeCloseTo(1, 13);
      expect(x.last).toBeCloseTo(Math.hypot(x.re[n - 1], x.im[n - 1]), 14);
    }
  });
});
