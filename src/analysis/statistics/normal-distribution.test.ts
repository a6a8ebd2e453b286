import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf, normalDensity, normalQuantile } from "./normal-distribution.ts";

const relative = (got: number, want: number) => Math.abs(got - want) / Math.abs(want);

describe("normalCdf", () => {
  // 20 digits by arbitrary-precision arithmetic.
  it.each([
    [-20, 2.7536241186062337e-89],
    [-10, 7.619853024160525e-24],
    [-5, 2.866515718791939e-7],
    [-3.5, 0.00023262907903552504],
    [-3, 0.0013498980316300946],
    [-2.9999, 0.0013503412829549248],
    [-1, 0.15865525393145705],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [2, 0.9772498680518208],
    [3, 0.9986501019683699],
    [5, 0.9999997133484281],
    [8, 0.9999999999999993],
  ])("is right at %f", (x, want) => {
    expect(relative(normalCdf(x), want)).toBeLessThan(1e-13);
  });
  it("has limits 0 and 1 and keeps NaN", () => {
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN].map(normalCdf)).toEqual([
      0,
      1,
      NaN,
    ]);
  });
  it("has the density as its slope", () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
        const slope = (normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5;
        expect(Math.abs(slope - normalDensity(x))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe("normalQuantile", () => {
  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-6, -4.753424308822899],
    [0.001, -3.0902323061678136],
    [0.025, -1.9599639845400543],
    [0.07, -1.4757910281791706],
    [0.075, -1.439531470938456],
    [0.2, -0.8416212335729142],
    [0.6, 0.2533471031357997],
    [0.975, 1.9599639845400538],
    [0.999, 3.090232306167813],
  ])("is right at %f", (p, want) => {
    expect(relative(normalQuantile(p), want)).toBeLessThan(2e-15);
  });
  it("undoes normalCdf", () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 3, noNaN: true }), (x) => {
        expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(1e-12);
      }),
    );
  });
  it("is infinite at 0 and 1, ½ at 0, and refuses the rest", () => {
    expect([0, 0.5, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
    expect(() => normalQuantile(-0.1)).toThrow("normalQuantile: probability must lie in 0 … 1, got -0.1");
  });
});
