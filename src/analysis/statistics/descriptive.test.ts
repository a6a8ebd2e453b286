import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  mean,
  median,
  quantile,
  standardDeviation,
  standardError,
  summarizeSample,
  variance,
} from "./descriptive.ts";

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe("mean", () => {
  it("keeps a small value between two huge ones", () => {
    expect(mean([1e100, 3, -1e100])).toBe(1);
  });
  it("is the closed form (n − 1)/2 of 0 … n − 1", () => {
    expect(mean(Array.from({ length: 101 }, (_, i) => i))).toBe(50);
  });
  it("is NaN of nothing and infinite of infinity", () => {
    expect(mean([])).toBeNaN();
    expect(mean([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("variance", () => {
  it("is n(n + 1)/12 of 1 … n", () => {
    expect(variance(Array.from({ length: 12 }, (_, i) => i + 1))).toBeCloseTo(13, 12);
  });
  it("does not lose digits on a large offset", () => {
    expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30);
  });
  it("is undefined for one value, and so is all that needs it", () => {
    expect([variance([5]), standardDeviation([5]), standardError([5])]).toEqual([NaN, NaN, NaN]);
  });
  it("gives sd / √n as standard error", () => {
    expect(standardError([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7 / 8), 14);
  });
});

describe("quantile", () => {
  it("is type 7: R's quantile(c(1, 2, 4, 8), c(0, .1, .25, .5, .9, 1))", () => {
    const x = [8, 1, 4, 2];
    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((p) => quantile(x, p))).toEqual([
      1,
      expect.closeTo(1.3, 12),
      1.75,
      3,
      expect.closeTo(6.8, 12),
      8,
    ]);
  });
  it("agrees with the definition by counting order statistics", () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (x, p) => {
        const s = [...x].sort((a, b) => a - b);
        const h = (s.length - 1) * p;
        const k = Math.floor(h);
        const want = k + 1 < s.length ? (1 - (h - k)) * s[k] + (h - k) * s[k + 1] : s[k];
        expect(Math.abs(quantile(x, p) - want)).toBeLessThan(1e-9 * (1 + Math.abs(want)));
      }),
    );
  });
  it("leaves its argument alone and accepts infinities", () => {
    const x = [3, 1, 2];
    median(x);
    expect(x).toEqual([3, 1, 2]);
    expect(quantile([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.3)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
  it("refuses a percentage and NaN, saying how to mend", () => {
    expect(() => quantile([1], 5)).toThrow(
      "quantile: probability must lie in 0 … 1, got 5. Write 5 % as 0.05.",
    );
    expect(() => quantile([1, NaN], 0.5)).toThrow(
      "quantile: value 1 of 2 is NaN. Drop diverged runs before summarising, and report how many were dropped.",
    );
  });
});

describe("summarizeSample", () => {
  it("orders its quantiles within the extremes", () => {
    fc.assert(
      fc.property(samples, (x) => {
        const s = summarizeSample(x);
        const steps = [s.minimum, s.q05, s.q25, s.median, s.q75, s.q95, s.maximum];
        for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThanOrEqual(steps[i - 1]);
        expect(s.count).toBe(x.length);
      }),
    );
  });
  it("is NaN, not an error, of nothing", () => {
    expect(summarizeSample([]).median).toBeNaN();
  });
});
