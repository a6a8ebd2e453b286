import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { avalanches, avalancheThreshold } from "./avalanches.ts";
import { defaultWindows } from "./default-windows.ts";
import { integerHistogram } from "./integer-histogram.ts";
import { poolAvalanches, seedSpread } from "./pool-avalanches.ts";

const record = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 60 });

describe("avalanches", () => {
  it("gives T, S and start of runs above the threshold, those cut by the record left out", () => {
    const activity = [5, 0, 3, 4, 0, 2, 1, 7, 0, 0, 9];
    const found = avalanches(activity, 1);
    expect([...found.duration]).toEqual([2, 1, 1]);
    expect([...found.size]).toEqual([5, 1, 6]);
    expect([...found.start]).toEqual([2, 5, 7]);
    expect(found.cut).toBe(2);
    expect(found.stepsAbove).toBe(6);
    const kept = avalanches(activity, 1, { edges: "keep" });
    expect([...kept.duration]).toEqual([1, 2, 1, 1, 1]);
    expect([...kept.size]).toEqual([4, 5, 1, 6, 8]);
  });

  it("counts a record wholly above the threshold as one cut run", () => {
    expect(avalanches([4, 4, 4], 1)).toMatchObject({ cut: 1, stepsAbove: 3 });
    expect(avalanches([4, 4, 4], 1).duration).toHaveLength(0);
    expect([...avalanches([4, 4, 4], 1, { edges: "keep" }).size]).toEqual([9]);
  });

  it("conserves steps and excess and separates runs, whatever the record", () => {
    fc.assert(
      fc.property(record, fc.integer({ min: 0, max: 6 }), (activity, theta) => {
        const { duration, size, start } = avalanches(activity, theta, { edges: "keep" });
        const above = activity.filter((a) => a > theta);
        expect(duration.reduce((a, b) => a + b, 0)).toBe(above.length);
        expect(size.reduce((a, b) => a + b, 0)).toBe(above.reduce((sum, a) => sum + a - theta, 0));
        for (let i = 0; i < start.length; i++) {
          const end = start[i] + duration[i];
          expect(activity.slice(start[i], end).every((a) => a > theta)).toBe(true);
          expect(start[i] === 0 || activity[start[i] - 1] <= theta).toBe(true);
          expect(end === activity.length || activity[end] <= theta).toBe(true);
        }
      }),
    );
  });

  it("refuses a threshold that is not a whole number, and activity that is not a count", () => {
    expect(() => avalanches([1], 9.5)).toThrow(
      "avalanches: threshold theta must be a whole number ≥ 0, got 9.5. Activity counts units, so a > 9.5 and a > 9 differ silently. Use avalancheThreshold(targetRate, units).",
    );
    expect(() => avalanches([1, Number.NaN], 1)).toThrow(
      "avalanches: activity at step 1 is NaN, not a whole number ≥ 0. Give the number of active units at each step.",
    );
    expect(() => avalanches([0.5], 1)).toThrow("activity at step 0 is 0.5");
  });
});

describe("avalancheThreshold", () => {
  it("is half the target activity, rounded down in spite of binary fractions", () => {
    expect(avalancheThreshold(0.1, 200)).toBe(10);
    expect(avalancheThreshold(0.1, 50)).toBe(2);
    expect(avalancheThreshold(0.29, 200)).toBe(29);
    expect(avalancheThreshold(0, 200)).toBe(0);
  });

  it("refuses rates outside 0 … 1 and units that are no number of units", () => {
    expect(() => avalancheThreshold(20, 200)).toThrow("target rate must lie in 0 … 1, got 20");
    expect(() => avalancheThreshold(0.1, 1.5)).toThrow("units must be a whole number ≥ 1, got 1.5");
  });
});

describe("poolAvalanches", () => {
  it("concatenates and remembers the seed", () => {
    const pool = poolAvalanches([avalanches([0, 3, 0, 2, 2, 0], 1), avalanches([0, 4, 0], 1)]);
    expect([...pool.duration]).toEqual([1, 2, 1]);
    expect([...pool.size]).toEqual([2, 2, 3]);
    expect([...pool.seed]).toEqual([0, 0, 1]);
    expect([...pool.start]).toEqual([1, 3, 1]);
    expect(pool).toMatchObject({ seeds: 2, steps: 9, stepsAbove: 4 });
  });

  it("refuses no record and different thresholds", () => {
    expect(() => poolAvalanches([])).toThrow("poolAvalanches: no record given");
    expect(() => poolAvalanches([avalanches([1], 1), avalanches([1], 2)])).toThrow(
      "poolAvalanches: records have thresholds 1 and 2. Use one theta for all seeds",
    );
  });

  it("has the spread over seeds that could be determined", () => {
    expect(seedSpread([1, Number.NaN, 3])).toEqual({
      count: 2,
      mean: 2,
      standardDeviation: Math.sqrt(2),
      minimum: 1,
      maximum: 3,
    });
    expect(seedSpread([]).minimum).toBeNaN();
  });
});

describe("integerHistogram", () => {
  it("counts inside the window and says what lies outside", () => {
    expect(integerHistogram([1, 2, 2, 4, 9], [2, 4])).toEqual({
      window: [2, 4],
      counts: Float64Array.of(2, 0, 1),
      n: 3,
      below: 1,
      above: 1,
    });
  });

  it("refuses fractions and windows that are none", () => {
    expect(() => integerHistogram([2.5], [1, 4])).toThrow(
      "integerHistogram: value 0 is 2.5, not a whole number. The laws are discrete; fit counts, or round first and say so.",
    );
    for (const window of [
      [0, 4],
      [4, 4],
      [1, 2.5],
      [1, 1e8],
    ] as [number, number][]) {
      expect(() => integerHistogram([], window)).toThrow(
        "window must be two whole numbers with 1 ≤ min < max",
      );
    }
  });
});

describe("defaultWindows", () => {
  it.each([
    [50, [2, 10], [3, 100]],
    [100, [4, 30], [4, 200]],
    [200, [6, 60], [10, 1500]],
    [400, [8, 100], [30, 3000]],
    [800, [10, 150], [70, 7000]],
  ])("knows %i units", (units, duration, size) => {
    expect(defaultWindows(units)).toEqual({ duration, size });
  });

  it("wants a choice for other sizes", () => {
    expect(() => defaultWindows(300)).toThrow(
      "defaultWindows: there are no default fit windows for 300 units. Give windows: { duration: [min, max], size: [min, max] }. Known sizes: 50, 100, 200, 400, 800.",
    );
  });
});
