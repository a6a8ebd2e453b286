import { describe, expect, it } from "vitest";
import { readMetrics } from "./metric-grid.ts";
import { LEAK, RADIUS, type RunShape, reportInput } from "./report-input.fixture.ts";
import { reportStatistics } from "./report-statistics.ts";

const statisticsOf = (shape: RunShape = {}) => {
  const input = reportInput(shape);
  return reportStatistics(readMetrics(input), input);
};

describe("reportStatistics", () => {
  it("compares peaks first, then one fixed radius, then the other capacity", () => {
    const { comparisons, peak } = statisticsOf();
    expect(peak).toEqual({ value: 10, point: 2, setting: 0 });
    expect(comparisons.map(({ metric, at }) => [metric, at])).toEqual([
      ["memoryCapacity", "peak"],
      ["memoryCapacity", "fixed"],
      ["memoryCapacityAbs", "peak"],
    ]);
    const { result } = comparisons[0];
    expect(result.observed).toBe(10);
    expect(result.nulls.mean).toBeCloseTo(10 - 2 - 0.95, 12);
    expect(result.difference.estimate).toBeCloseTo(2.95, 12);
    expect(result.difference.low).toBeLessThan(2.95);
    expect(result.difference.high).toBeGreaterThan(2.95);
    expect(result.test).toMatchObject({ p: 1 / 21, k: 0, n: 20 });
  });

  it("looks at the swept value nearest to 0.9, or to the one asked for", () => {
    const input = reportInput({ radii: [0.2, 0.86, 0.97, 1.3] });
    expect(reportStatistics(readMetrics(input), input).fixedPoint).toBe(1);
    const asked = { ...input, fixedAt: 1.2 };
    expect(reportStatistics(readMetrics(asked), asked).fixedPoint).toBe(3);
    const leak = { ...reportInput({ leaks: [0.5, 1] }), sweptFactor: LEAK };
    expect(reportStatistics(readMetrics(leak), leak).fixedPoint).toBeUndefined();
  });

  it("tests every point, with maxT no larger than Holm and no smaller than the single test", () => {
    const [tests] = statisticsOf().pointwise;
    expect(tests.points).toEqual([0, 1, 2, 3]);
    tests.p.forEach((p, i) => {
      expect(p).toBe(1 / 21);
      expect(tests.pMaxT[i]).toBeGreaterThanOrEqual(p);
      expect(tests.pHolm[i]).toBeCloseTo(4 / 21, 12);
      expect(tests.pMaxT[i]).toBeLessThanOrEqual(tests.pHolm[i]);
    });
  });

  it("drops nulls that never finished, counts them, and leaves out points with gaps", () => {
    const shape: RunShape = { diverged: (f) => f.null === 3 || (f.null === 4 && f[RADIUS] === 1.1) };
    const { comparisons, pointwise } = statisticsOf(shape);
    expect(comparisons[0]).toMatchObject({ dropped: 1 });
    expect(comparisons[0].result.test.n).toBe(19);
    expect(pointwise[0].points).toEqual([0, 1, 2]);
  });

  it("resamples repeats too where there are several, without being widened by what all networks share", () => {
    const { comparisons } = statisticsOf({ repeats: 3 });
    const { difference, resampled } = comparisons[0].result;
    expect(resampled).toBe("nulls and repeats");
    expect(difference.estimate).toBeCloseTo(2.95, 12);
    expect(difference.high - difference.low).toBeLessThan(0.7);
  });

  it("takes only repeats that every network survived for the interval", () => {
    const { comparisons } = statisticsOf({ repeats: 3, diverged: (f) => f.null === 2 && f.repeat === 1 });
    expect(comparisons[0].result.resampled).toBe("nulls and repeats");
    expect(Number.isFinite(comparisons[0].result.difference.high)).toBe(true);
  });

  it("compares with each null model and within each setting", () => {
    const { comparisons, bySetting } = statisticsOf({ nulls: { rewired: 5, random: 4 }, leaks: [0.5, 1] });
    expect(comparisons.map((c) => c.kind)).toEqual([
      "rewired",
      "rewired",
      "rewired",
      "random",
      "random",
      "random",
    ]);
    expect(bySetting.map((c) => c.result.observed)).toEqual([5, 10]);
  });

  it("has nothing to compare without nulls, without the real network, without rows", () => {
    expect(statisticsOf({ nulls: {} }).comparisons).toEqual([]);
    const lost = statisticsOf({ diverged: (f) => f.network === "empirical" });
    expect(lost.comparisons).toEqual([]);
    const none = statisticsOf({ diverged: () => true });
    expect(none).toMatchObject({ peak: undefined, comparisons: [], pointwise: [] });
  });

  it("gives the same numbers for the same seed, others for another", () => {
    const input = reportInput();
    const at = (seed: number) => {
      const run = { ...input, run: { ...input.run, seed } };
      return reportStatistics(readMetrics(run), run).comparisons[0].result.difference;
    };
    expect(at(1)).toEqual(at(1));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => at(seed).high)).size).toBeGreaterThan(1);
    expect(at(Number.NaN).estimate).toBe(at(1).estimate);
  });
});
