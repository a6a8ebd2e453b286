import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { fitExponentialCurve, fitGeometricIntervals } from "./interval-fit.ts";
import { interSpikeIntervals, intervalHistogram, intervalsBetween, pooledIntervals } from "./intervals.ts";
import { bernoulliIrregularity, irregularity, rasterIrregularity } from "./irregularity.ts";
import { rasterFromDense } from "./raster.ts";

/** Intervals of a unit that fires with probability p at each step. */
function geometric(p: number, count: number, seed = 1): number[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    let k = 1;
    while (rng.uniform() >= p) k++;
    return k;
  });
}

describe("intervals", () => {
  // Unit 0 fires at 0, 1, 4; unit 1 at 2, 3; unit 2 once.
  const raster = rasterFromDense([1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0], 3);
  it("are differences in time within a unit", () => {
    expect(Array.from(interSpikeIntervals(raster, 0))).toEqual([1, 3]);
    expect(Array.from(interSpikeIntervals(raster, 2))).toEqual([]);
    expect(Array.from(intervalsBetween([]))).toEqual([]);
  });
  it("are pooled over units without mixing them", () => {
    expect(pooledIntervals(raster)).toEqual({ counts: Uint32Array.of(0, 2, 0, 1), total: 3, mean: 5 / 3 });
    expect(pooledIntervals(raster)).toEqual(intervalHistogram([1, 3, 1]));
  });
  it("are whole steps", () => {
    expect(() => intervalHistogram([1, 0])).toThrow(
      "intervalHistogram: interval 1 is 0. Intervals are whole numbers of steps, at least 1.",
    );
  });
});

describe("irregularity", () => {
  it("is 0 for a clock and follows its formulas by hand", () => {
    expect(irregularity([4, 4, 4])).toEqual({ count: 3, mean: 4, cv: 0, cv2: 0, lv: 0 });
    const { cv, cv2, lv } = irregularity([1, 3, 2]);
    expect(cv).toBeCloseTo(0.5, 14);
    expect(cv2).toBeCloseTo((1 + 0.4) / 2, 14);
    expect(lv).toBeCloseTo((3 * (0.25 + 0.04)) / 2, 14);
    expect(irregularity([5]).cv).toBeNaN();
  });
  it("of a raster is that of its units' intervals", () => {
    const rng = createRng(2);
    const raster = rasterFromDense(
      Uint8Array.from({ length: 4000 }, (_, k) => (rng.uniform() < [0.5, 0.1, 0.3, 0.01][k % 4] ? 1 : 0)),
      4,
    );
    const r = rasterIrregularity(raster, { minimumIntervals: 20 });
    for (let u = 0; u < 4; u++) {
      const one = irregularity(interSpikeIntervals(raster, u));
      expect([r.count[u], r.mean[u], r.cv[u], r.cv2[u], r.lv[u]]).toEqual([
        one.count,
        one.mean,
        one.cv,
        one.cv2,
        one.lv,
      ]);
    }
    expect(r.excluded).toBe(1);
    expect(r.average.cv).toBeCloseTo((r.cv[0] + r.cv[1] + r.cv[2]) / 3, 14);
  });
  it("has the stated null for independent steps, by summing over all pairs of intervals", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 1, noNaN: true }), (p) => {
        let [cv2, lv] = [0, 0];
        for (let i = 1; i < 150; i++) {
          for (let j = 1; j < 150; j++) {
            const weight = p * p * (1 - p) ** (i + j - 2);
            const contrast = Math.abs(i - j) / (i + j);
            cv2 += weight * 2 * contrast;
            lv += weight * 3 * contrast * contrast;
          }
        }
        const b = bernoulliIrregularity(p);
        expect(b.cv).toBeCloseTo(Math.sqrt(1 - p), 14);
        expect(b.cv2).toBeCloseTo(cv2, 9);
        expect(b.lv).toBeCloseTo(lv, 9);
      }),
      { numRuns: 30 },
    );
  });
  it("measures what the null says, and tends to a Poisson process", () => {
    const measured = irregularity(geometric(0.2, 20000));
    const expected = bernoulliIrregularity(0.2);
    for (const key of ["cv", "cv2", "lv"] as const)
      expect(Math.abs(measured[key] - expected[key])).toBeLessThan(0.02);
    const rare = bernoulliIrregularity(1e-5);
    for (const key of ["cv", "cv2", "lv"] as const) expect(Math.abs(rare[key] - 1)).toBeLessThan(1e-4);
    expect(() => bernoulliIrregularity(0)).toThrow("a firing probability must lie in 0 < p ≤ 1, got 0");
  });
});

describe("fitGeometricIntervals", () => {
  it("recovers p within its standard error, with a small KS distance", () => {
    const fit = fitGeometricIntervals(intervalHistogram(geometric(0.1, 5000, 3)));
    expect(Math.abs(fit.p - 0.1)).toBeLessThan(3 * fit.standardError);
    expect(fit.standardError).toBeCloseTo((0.1 * Math.sqrt(0.9)) / Math.sqrt(5000), 4);
    expect(fit.ks).toBeLessThan(1.36 / Math.sqrt(5000));
    expect(fit.rate).toBeCloseTo(-Math.log(1 - fit.p), 14);
  });
  it("has the highest likelihood among its neighbours, and its value by hand", () => {
    const fit = fitGeometricIntervals(intervalHistogram([1, 2, 2, 5]));
    expect(fit.p).toBe(0.4);
    const at = (p: number) => 4 * Math.log(p) + 6 * Math.log(1 - p);
    expect(fit.logLikelihood).toBeCloseTo(at(0.4), 12);
    expect(fit.logLikelihood).toBeGreaterThan(Math.max(at(0.39), at(0.41)));
    expect(fit.aic).toBeCloseTo(2 - 2 * at(0.4), 12);
  });
  it("fits from a refractory minimum on, and a clock exactly", () => {
    const late = geometric(0.3, 3000, 4).map((k) => k + 4);
    const fit = fitGeometricIntervals(intervalHistogram(late), { minimum: 5 });
    expect(Math.abs(fit.p - 0.3)).toBeLessThan(3 * fit.standardError);
    expect(fitGeometricIntervals(intervalHistogram(late)).ks).toBeGreaterThan(0.2);
    expect(fitGeometricIntervals(intervalHistogram([3, 3]), { minimum: 3 })).toMatchObject({
      p: 1,
      ks: 0,
      aic: 2,
    });
  });
  it("says when there is nothing to fit", () => {
    expect(() => fitGeometricIntervals(intervalHistogram([1, 2]), { minimum: 3 })).toThrow(
      "fitGeometricIntervals: no interval of 3 steps or more. Record more steps, or lower minimum.",
    );
    expect(() => fitGeometricIntervals(intervalHistogram([1]), { minimum: 0 })).toThrow("≥ 1, got 0");
  });
});

describe("fitExponentialCurve", () => {
  const x = Array.from({ length: 30 }, (_, k) => k + 1);
  it("recovers an exact curve, with and without offset, over decades of b", () => {
    for (const [a, b, c] of [
      [120, 0.3, 0],
      [5, 0.01, 0],
      [40, 1.5, 0],
      [50, 0.2, 3],
    ]) {
      const y = x.map((v) => a * Math.exp(-b * v) - c);
      const fit = fitExponentialCurve(x, y, { offset: c !== 0 });
      expect(Math.abs(fit.a / a - 1)).toBeLessThan(1e-5);
      expect(Math.abs(fit.b / b - 1)).toBeLessThan(1e-5);
      expect(fit.c).toBeCloseTo(c, 5);
      expect(fit.rSquared).toBeCloseTo(1, 9);
    }
  });
  it("is a minimum: no small change of a or b lowers the residual", () => {
    const rng = createRng(1);
    const y = x.map((v) => 100 * Math.exp(-0.2 * v) + 3 * rng.normal());
    const fit = fitExponentialCurve(x, y);
    const cost = (a: number, b: number) => x.reduce((s, v, k) => s + (y[k] - a * Math.exp(-b * v)) ** 2, 0);
    expect(fit.residual).toBeCloseTo(cost(fit.a, fit.b), 8);
    for (const [da, db] of [
      [1e-3, 0],
      [-1e-3, 0],
      [0, 1e-3],
      [0, -1e-3],
    ]) {
      expect(cost(fit.a * (1 + da), fit.b * (1 + db))).toBeGreaterThan(fit.residual);
    }
  });
  it("wants enough points", () => {
    expect(() => fitExponentialCurve([1, 2], [1], {})).toThrow(
      "fitExponentialCurve: 2 places and 1 values. Give as many values as places, at least 2.",
    );
  });
});
