import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { mean, quantile, standardError, variance } from "./descriptive.ts";

const sampleOf = (n: number, draw: () => number) => Array.from({ length: n }, draw);
const meanOf = (x: readonly number[]) => (groups: readonly number[][]) => mean(groups[0].map((i) => x[i]));

describe("bootstrapInterval", () => {
  it("gives the same bits for the same stream, others for another", () => {
    const x = [1, 4, 2, 8, 5, 7];
    const at = (name: string) => bootstrapInterval([6], meanOf(x), { rng: createRng(1).stream(name) });
    expect(at("a")).toEqual(at("a"));
    expect(at("a").low).not.toBe(at("b").low);
  });

  it("agrees for the mean of many values with mean ± 1.96 sem", () => {
    const rng = createRng(3).stream("sample");
    const x = sampleOf(400, () => rng.normal());
    for (const method of ["bca", "percentile"] as const) {
      const interval = bootstrapInterval([400], meanOf(x), { rng: rng.stream(method), method });
      expect(interval.method).toBe(method);
      const half = 1.96 * standardError(x);
      expect(Math.abs(interval.low - (mean(x) - half))).toBeLessThan(0.12 * half);
      expect(Math.abs(interval.high - (mean(x) + half))).toBeLessThan(0.12 * half);
    }
  });

  it("is, for three values, the exact percentile interval over all 27 resamples", () => {
    const x = [0, 1, 5];
    const exact: number[] = [];
    for (const a of x) for (const b of x) for (const c of x) exact.push((a + b + c) / 3);
    const options = { rng: createRng(5), resamples: 20_000, level: 0.8, method: "percentile" } as const;
    const interval = bootstrapInterval([3], meanOf(x), options);
    expect(interval.low).toBeCloseTo(quantile(exact, 0.1), 12);
    expect(interval.high).toBeCloseTo(quantile(exact, 0.9), 12);
  });

  it("gives the intervals of Efron & Tibshirani (1993), table 14.2: variance of the spatial test data", () => {
    const a = [
      48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41,
    ];
    // The plug-in variance, divisor n, is biased and skewed: BCa must move both ends up.
    const plugIn = (groups: readonly number[][]) => {
      const x = groups[0].map((i) => a[i]);
      return (variance(x) * (x.length - 1)) / x.length;
    };
    const options = { level: 0.9, resamples: 8000 };
    const bca = bootstrapInterval([26], plugIn, { rng: createRng(1), ...options });
    const plain = bootstrapInterval([26], plugIn, { rng: createRng(1), ...options, method: "percentile" });
    expect(bca.estimate).toBeCloseTo(171.5, 1);
    // Their 2000 resamples leave a standard error of about 3 in each printed end.
    const near = (got: number, printed: number) => expect(Math.abs(got - printed)).toBeLessThan(6);
    near(plain.low, 100.8);
    near(plain.high, 233.9);
    near(bca.low, 115.8);
    near(bca.high, 259.6);
  });

  it("leaves a group of one unit alone and resamples the other", () => {
    const nulls = [1, 2, 3, 4, 5, 6];
    const seen = new Set<number>();
    const interval = bootstrapInterval(
      [1, 6],
      ([one, many]) => {
        for (const i of one) seen.add(i);
        return 10 - mean(many.map((i) => nulls[i]));
      },
      { rng: createRng(4) },
    );
    expect([...seen]).toEqual([0]);
    expect(interval.estimate).toBe(6.5);
    expect(interval.low).toBeLessThan(6.5);
    expect(interval.high).toBeGreaterThan(6.5);
  });

  it("falls back to a point when nothing varies", () => {
    const interval = bootstrapInterval([3], meanOf([2, 2, 2]), { rng: createRng(1) });
    expect([interval.low, interval.high, interval.method]).toEqual([2, 2, "percentile"]);
  });

  it("refuses empty groups, levels that are percentages, too few resamples", () => {
    const rng = createRng(1);
    expect(() => bootstrapInterval([0], () => 0, { rng })).toThrow(
      "bootstrapInterval: every group needs at least one unit, got sizes [0]",
    );
    expect(() => bootstrapInterval([2], () => 0, { rng, level: 95 })).toThrow(
      "level must lie between 0 and 1, got 95",
    );
    expect(() => bootstrapInterval([2], () => 0, { rng, resamples: 10 })).toThrow(
      "resamples must be a whole number ≥ 100, got 10",
    );
  });
});
