import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, multiplyVector } from "../../core/index.ts";
import { binnedEncoder, clipToRange } from "./binned-encoder.ts";
import { cartPole } from "./cart-pole.ts";

const rng = (seed: number) => createRng(seed).stream("encoder");

describe("binnedEncoder", () => {
  const ranges = [
    [-2, 2],
    [0, 1],
  ] as const;

  it("cuts ranges into equal bins and clips what lies outside", () => {
    const encoder = binnedEncoder({ bins: 4, ranges, units: 20, poolSize: 3, rng: rng(1) });
    const bins = (x: number, y: number) => [...encoder.binsOf([x, y])];
    expect(bins(-2, 0)).toEqual([0, 0]);
    expect(bins(-1.01, 0.24)).toEqual([0, 0]);
    expect(bins(-1, 0.25)).toEqual([1, 1]);
    expect(bins(0, 0.5)).toEqual([2, 2]);
    expect(bins(2, 1)).toEqual([3, 3]);
    expect(bins(-1e9, Number.POSITIVE_INFINITY)).toEqual([0, 3]);
  });

  it("drives the pools of its bins: the same as its weights times the one-hot bins", () => {
    const encoder = binnedEncoder({ bins: [3, 5], ranges, units: 30, poolSize: 8, gain: 0.5, rng: rng(2) });
    expect([encoder.pools.rows, encoder.pools.columns]).toEqual([30, 8]);
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const out = new Float64Array(30).fill(9);
    fc.assert(
      fc.property(value, value, (x, y) => {
        const [i, j] = encoder.binsOf([x, y]);
        const hot = new Float64Array(8);
        hot[i] = 1;
        hot[3 + j] = 1;
        const drive = encoder.encode([x, y]);
        expect(drive).toEqual(multiplyVector(encoder.pools, hot));
        expect(drive.reduce((a, b) => a + b)).toBe(8); // two pools of 8 at ½
        expect(encoder.encode([x, y], out)).toBe(out);
        expect(out).toEqual(drive);
      }),
    );
  });

  it("takes an environment's ranges as they are", () => {
    const env = cartPole({ hideVelocities: true });
    const encoder = binnedEncoder({ bins: 12, ranges: env.observationRanges, units: 200, rng: rng(3) });
    expect(encoder.encode(env.reset(rng(1))).filter((d) => d > 0).length).toBeGreaterThanOrEqual(8);
    expect([...encoder.binsOf([0.01, -0.01])]).toEqual([6, 5]);
  });

  it.each([
    [{ ranges: [] }, "no ranges given. Give one for each variable."],
    [
      { ranges: [[1, 1]] as [number, number][] },
      "range 0 is [1, 1]. A range is two finite numbers, the lower first.",
    ],
    [
      { bins: [3] },
      "1 numbers of bins for 2 ranges. Give one number of bins for each variable, or one for all.",
    ],
    [{ bins: [3, 0] }, "bins must be whole numbers ≥ 1, got 0"],
  ])("refuses %j", (options, message) => {
    expect(() => binnedEncoder({ ranges, units: 20, rng: rng(1), ...options })).toThrow(
      `binnedEncoder: ${message}`,
    );
  });

  it("refuses pools wider than the network and observations that do not fit", () => {
    expect(() => binnedEncoder({ ranges, units: 5, rng: rng(1) })).toThrow(
      "a pool of 8 units is wider than the network of 5",
    );
    const encoder = binnedEncoder({ ranges, units: 20, rng: rng(1) });
    expect(() => encoder.encode([1])).toThrow(
      "binnedEncoder: the observation has 1 values, there are 2 ranges",
    );
    expect(() => encoder.encode([Number.NaN, 0])).toThrow("binnedEncoder: value 0 of the observation is NaN");
    expect(() => encoder.encode([0, 0], new Float64Array(3))).toThrow(
      "binnedEncoder: out has 3 entries, the network has 20 units",
    );
  });
});

describe("clipToRange", () => {
  it("moves only what lies outside", () => {
    expect([-3, -1, 0.5, 2, 7].map((v) => clipToRange(v, [-1, 2]))).toEqual([-1, -1, 0.5, 2, 2]);
    expect(clipToRange(Number.NaN, [0, 1])).toBeNaN();
  });
});
