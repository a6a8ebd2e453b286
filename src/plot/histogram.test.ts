import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenHistogram, logBinnedDensity, quantileOf, wholeHistogram } from "./histogram.ts";

describe("logBinnedDensity", () => {
  it("has ascending points within the range of the values, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (values, perDecade) => {
          const { x, y } = logBinnedDensity(values, perDecade);
          expect(x.every((v, i) => i === 0 || v > x[i - 1])).toBe(true);
          expect(y.every((v) => v > 0)).toBe(true);
          expect(x[0]).toBeGreaterThanOrEqual(1);
          expect(x[x.length - 1]).toBeLessThanOrEqual(Math.max(...values) * 10 ** (1 / perDecade));
        },
      ),
    );
  });
  it("counts a bin as wide as the whole numbers it holds", () => {
    // One bin a decade: 1 … 9 and 10 … 99.
    const { x, y } = logBinnedDensity([1, 2, 3, 50], 1);
    expect(x[0]).toBeCloseTo(3, 12);
    expect(x[1]).toBeCloseTo(Math.sqrt(10 * 99), 10);
    expect(y[0]).toBeCloseTo(3 / 4 / 9, 12);
    expect(y[1]).toBeCloseTo(1 / 4 / 90, 12);
  });
  it("gives back a uniform distribution as flat", () => {
    const { y } = logBinnedDensity(
      Array.from({ length: 999 }, (_, i) => i + 1),
      1,
    );
    for (const v of y) expect(v).toBeCloseTo(1 / 999, 12);
  });
  it("has no point for no avalanche", () => {
    expect(logBinnedDensity([])).toEqual({ x: [], y: [] });
  });
});

describe("evenHistogram and wholeHistogram", () => {
  it("count each value inside once, both ends included", () => {
    expect(evenHistogram([0, 0.5, 1, 2, Number.NaN], { low: 0, high: 1, bins: 2 }).counts).toEqual([1, 2]);
    const log = evenHistogram([1, 5, 50, 100], { low: 1, high: 100, bins: 2, log: true });
    expect(log.counts).toEqual([2, 2]);
    expect(log.edges[1]).toBeCloseTo(10, 12);
    expect(wholeHistogram([1, 2, 2, 7], { low: 1, high: 6, width: 2 })).toEqual({
      edges: [0.5, 2.5, 4.5, 6.5],
      counts: [3, 0, 0],
    });
  });
});

describe("quantileOf", () => {
  it("sorts, leaves out what is not finite, and knows no quantile of nothing", () => {
    expect(quantileOf([3, Number.NaN, 1, 2], 0.5)).toBe(2);
    expect(quantileOf([3, 1, 2], 1)).toBe(3);
    expect(quantileOf([], 0.5)).toBeNaN();
  });
});
