import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cliffsDelta, cohensD, hedgesCorrection, hedgesG, standardizedDifference } from "./effect-size.ts";

describe("standardizedDifference", () => {
  it("counts standard deviations of the nulls", () => {
    expect(standardizedDifference(8, [1, 2, 3, 4, 5])).toBeCloseTo(5 / Math.sqrt(2.5), 14);
  });
  it("is infinite beside identical nulls, 0 when equal to them, NaN beside one", () => {
    expect(standardizedDifference(2, [1, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(standardizedDifference(1, [1, 1])).toBe(0);
    expect(standardizedDifference(2, [1])).toBeNaN();
  });
});

describe("cliffsDelta", () => {
  it("equals the count over all pairs", () => {
    const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        let balance = 0;
        for (const x of a) for (const y of b) balance += Math.sign(x - y);
        expect(cliffsDelta(a, b)).toBe(balance / (a.length * b.length));
      }),
    );
  });
});

describe("cohensD and hedgesG", () => {
  it("follow the worked example of two samples: means 10 and 8, pooled sd √2.5", () => {
    const a = [8, 9, 10, 11, 12];
    const b = [6, 7, 8, 9, 10];
    expect(cohensD(a, b)).toBeCloseTo(2 / Math.sqrt(2.5), 14);
    // m = 8: J = Γ(4)/(2 Γ(3.5)) = 3/3.323350970447843
    expect(hedgesG(a, b)).toBeCloseTo((2 / Math.sqrt(2.5)) * (3 / 3.323350970447843), 13);
  });
  it("take one value against a sample: d is then the standardised difference", () => {
    const nulls = [3, 5, 4, 6];
    expect(cohensD([9], nulls)).toBe(standardizedDifference(9, nulls));
  });
  it("are NaN where there is no spread to be had", () => {
    expect([cohensD([1], [2]), hedgesG([1], [2, 3]), cohensD([], [1, 2, 3])]).toEqual([NaN, NaN, NaN]);
  });
});

describe("hedgesCorrection", () => {
  // Γ(m/2) / (√(m/2) Γ((m − 1)/2)) to 18 digits by arbitrary-precision arithmetic.
  it.each([
    [2, 0.5641895835477563],
    [3, 0.7236012545582676],
    [10, 0.9227456080530871],
    [19, 0.9599103529242536],
    [38, 0.9801104021309462],
  ])("is exact for m = %i", (m, want) => {
    expect(hedgesCorrection(m)).toBeCloseTo(want, 14);
  });
  it("approaches Hedges' approximation 1 − 3/(4m − 1)", () => {
    expect(hedgesCorrection(200)).toBeCloseTo(1 - 3 / 799, 5);
  });
});
