import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { effectInterval, noncentralTCdf } from "./effect-interval.ts";

describe("noncentralTCdf", () => {
  // scipy 1.17.1, stats.nct.cdf, and stats.t.cdf where the noncentrality is 0.
  it.each([
    [0.5, 3, 0, 0.6742760175759245],
    [1.5, 8, 1, 0.6643645679122466],
    [-2, 1, 0.5, 0.07457768951883127],
    [4, 18, 6, 0.04414033138511078],
    [30, 4, 20, 0.7755578017791107],
    [2, 198, 2.5, 0.30853254970250465],
  ])("at t = %f with %i degrees of freedom and noncentrality %f is %f", (t, freedom, mu, p) => {
    expect(noncentralTCdf(t, freedom, mu)).toBeCloseTo(p, 8);
  });
});

describe("effectInterval", () => {
  // scipy: brentq on stats.nct.cdf.
  it.each([
    [[1, 2, 3, 4], [3, 4, 5, 6], -3.13374189195206, 0.12460840951861153],
    [[10, 12, 9, 14, 11], [1, 2, 3, 2.5, 0, 1], 3.1811612344426465, 9.36524996017503],
    [[1, 2, 3, 9], [3, 4, 5.5, 2], -1.3425531507915724, 1.429709758939955],
  ])("of %j and %j is that of scipy", (a, b, low, high) => {
    const interval = effectInterval(a, b);
    expect(interval.low).toBeCloseTo(low, 7);
    expect(interval.high).toBeCloseTo(high, 7);
  });

  it("holds the true difference in 95 % of samples", () => {
    const rng = createRng(5);
    let inside = 0;
    const runs = 150;
    for (let i = 0; i < runs; i++) {
      const draw = (shift: number) => Array.from({ length: 5 }, () => shift + rng.normal());
      const { low, high } = effectInterval(draw(1), draw(0));
      if (low <= 1 && 1 <= high) inside++;
    }
    // Within four standard errors of 0.95.
    expect(Math.abs(inside / runs - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / runs));
  });

  it("has no ends without spread, or with a single value", () => {
    for (const [a, b] of [
      [
        [1, 1],
        [2, 2],
      ],
      [
        [1, 1],
        [1, 1],
      ],
      [[1], [1, 2, 3]],
    ]) {
      const { low, high } = effectInterval(a, b);
      expect([low, high]).toEqual([Number.NaN, Number.NaN]);
    }
  });

  it("refuses a level outside 0 … 1", () => {
    expect(() => effectInterval([1, 2], [3, 4], { level: 95 })).toThrow(
      "level must lie between 0 and 1, got 95",
    );
  });
});
