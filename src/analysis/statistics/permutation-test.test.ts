import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { maxTPermutation, permutationTest } from "./permutation-test.ts";

describe("permutationTest", () => {
  const nulls = Array.from({ length: 19 }, (_, i) => i);

  it("gives the smallest p, 1/(n + 1), to a value beyond all nulls", () => {
    expect(permutationTest(100, nulls)).toEqual({
      p: 1 / 20,
      k: 0,
      n: 19,
      smallest: 1 / 20,
      alternative: "two-sided",
    });
  });
  it("counts one-sided tails with ties against the observed value", () => {
    expect(permutationTest(17, nulls, { alternative: "greater" }).k).toBe(2); // 17 and 18
    expect(permutationTest(17, nulls, { alternative: "less" }).k).toBe(18); // 0 … 17
  });
  it("never says 0, and says 1 when the observed value is in the middle", () => {
    expect(permutationTest(9, nulls).p).toBe(1);
  });
  it("takes values equal up to rounding as ties", () => {
    expect(permutationTest(0.3, [0.1 + 0.2, 0.1, 0.2], { alternative: "greater" }).k).toBe(1);
    expect(permutationTest(0.1 + 0.2, [0.3, 0.1, 0.2], { alternative: "greater" }).k).toBe(1);
  });
  it("does not change when all values are shifted, scaled or mirrored", () => {
    const value = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(value, fc.array(value, { minLength: 1, maxLength: 30 }), (x, null_) => {
        const p = permutationTest(x, null_).p;
        expect(
          permutationTest(
            -x,
            null_.map((v) => -v),
          ).p,
        ).toBe(p);
        expect(
          permutationTest(
            3 * x + 7,
            null_.map((v) => 3 * v + 7),
          ).p,
        ).toBe(p);
      }),
    );
  });
  it("is exact: over every choice of the observed one among n + 1 values, p ≤ j/(n + 1) at most j times", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 25 }),
        (all) => {
          const ps = all.map(
            (x, i) =>
              permutationTest(
                x,
                all.filter((_, j) => j !== i),
              ).p,
          );
          ps.sort((a, b) => a - b);
          for (let j = 0; j < ps.length; j++) {
            expect(ps[j]).toBeGreaterThanOrEqual((j + 1) / all.length - 1e-12);
          }
        },
      ),
    );
  });
  it("refuses no nulls, and values that are not numbers", () => {
    expect(() => permutationTest(1, [])).toThrow(
      "permutationTest: no null values to compare with. Ask for at least 19 null networks",
    );
    expect(() => permutationTest(1, [2, Number.NaN])).toThrow(
      "permutationTest: null value 1 is NaN. Drop diverged",
    );
    expect(() => permutationTest(Number.NaN, [2])).toThrow("the observed value is NaN");
  });
});

describe("maxTPermutation", () => {
  it("equals the ordinary two-sided test on a curve of one point", () => {
    const value = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(value, fc.array(value, { minLength: 2, maxLength: 20 }), (x, nulls) => {
        fc.pre(nulls.some((v) => v !== x));
        const p = maxTPermutation(
          [x],
          nulls.map((v) => [v]),
        )[0];
        expect(p).toBeCloseTo(permutationTest(x, nulls).p, 12);
      }),
    );
  });
  it("keeps the chance of any false alarm below the level over a curve of 12 correlated points", () => {
    const rng = createRng(11).stream("curves");
    const curve = () => {
      let level = rng.normal();
      return Array.from({ length: 12 }, () => {
        level = 0.8 * level + 0.6 * rng.normal();
        return level;
      });
    };
    let alarms = 0;
    const runs = 600;
    for (let i = 0; i < runs; i++) {
      const p = maxTPermutation(curve(), Array.from({ length: 19 }, curve));
      if (Math.min(...p) <= 0.1) alarms++;
    }
    // Exactly 10 % expected; 3.3 binomial standard deviations either way.
    expect(alarms / runs).toBeGreaterThan(0.06);
    expect(alarms / runs).toBeLessThan(0.14);
  });
  it("finds the one point that differs, and nothing where every curve agrees", () => {
    const nulls = Array.from({ length: 39 }, (_, i) => [5, (i % 7) - 3, (i % 5) - 2]);
    const p = maxTPermutation([5, 0, 30], nulls);
    expect(p[0]).toBe(1);
    expect(p[2]).toBe(1 / 40);
    expect(p[1]).toBeGreaterThan(0.5);
  });
});
