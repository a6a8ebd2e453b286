import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { cliffsDelta } from "./effect-size.ts";
import { twoSampleTest } from "./two-sample-test.ts";

const rng = createRng(1);

describe("twoSampleTest", () => {
  // scipy 1.17.1, mannwhitneyu(method="exact").
  it.each([
    [[1, 2, 3], [4, 5, 6], 0, 0.1],
    [[1.1, 5, 3.2, 8], [2, 4, 9, 10, 12], 5, 0.2857142857142857],
    [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0, 0.007936507936507936],
  ])("on ranks of %j and %j is Mann and Whitney's", (a, b, u, p) => {
    const test = twoSampleTest(a, b, { rng });
    expect(test.u).toBe(u);
    expect(test.p).toBeCloseTo(p, 14);
    expect(test.exact).toBe(true);
  });

  // Counted by hand over the 126 choices; ties make the law of the ranks' sum lopsided, so doubling a tail would differ.
  it.each([
    ["means", 8],
    ["ranks", 6],
  ] as const)("goes through every relabelling of tied values: %s", (statistic, extreme) => {
    const { p, relabellings } = twoSampleTest([1, 2, 2, 5], [2, 6, 7, 7, 9], { rng, statistic });
    expect(p).toBeCloseTo(extreme / 126, 14);
    expect(relabellings).toBe(125);
  });

  it("draws relabellings where there are too many, and comes close to the exact p", () => {
    const draw = (shift: number) => Array.from({ length: 7 }, () => shift + rng.normal());
    const [a, b] = [draw(1), draw(0)];
    const exact = twoSampleTest(a, b, { rng });
    const drawn = twoSampleTest(a, b, { rng, resamples: 3000 });
    expect([exact.exact, drawn.exact]).toEqual([true, false]);
    expect(Math.abs(drawn.p - exact.p)).toBeLessThan(4 * Math.sqrt((exact.p * (1 - exact.p)) / 3000));
    expect(drawn.u).toBe(exact.u);
  });

  it("has the U of Cliff's delta, and no direction", () => {
    const [a, b] = [
      [3, 1, 4, 1, 5],
      [9, 2, 6, 5],
    ];
    const there = twoSampleTest(a, b, { rng });
    expect((2 * there.u) / 20 - 1).toBeCloseTo(cliffsDelta(a, b), 14);
    expect(twoSampleTest(b, a, { rng }).p).toBe(there.p);
  });

  it("is never below what so few values can show", () => {
    const { p, smallest } = twoSampleTest([1], [2, 3], { rng });
    expect(p).toBeGreaterThanOrEqual(smallest);
    expect(twoSampleTest([1], [2], { rng }).p).toBe(1);
  });

  it("refuses empty samples and missing values", () => {
    expect(() => twoSampleTest([], [1], { rng })).toThrow("a sample is empty: sizes 0 and 1");
    expect(() => twoSampleTest([1, Number.NaN], [1], { rng })).toThrow("a[1] is NaN");
  });
});
