import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { mean } from "./descriptive.ts";
import { compareToNulls, scoresOf } from "./null-comparison.ts";

const rng = () => createRng(7).stream("bootstrap");

describe("compareToNulls", () => {
  const nulls = [10.1, 9.8, 10.4, 10.0, 9.7, 10.2];

  it("puts difference, effect sizes and p of one network together", () => {
    const c = compareToNulls(scoresOf(12, nulls), { rng: rng() });
    expect(c.difference.estimate).toBeCloseTo(12 - mean(nulls), 12);
    expect(c.difference.low).toBeLessThan(c.difference.estimate);
    expect(c.difference.high).toBeGreaterThan(c.difference.estimate);
    expect(c.test).toMatchObject({ p: 1 / 7, k: 0, n: 6, smallest: 1 / 7 });
    expect(c.cliffsDelta).toBe(1);
    expect(c.z).toBeGreaterThan(5);
    expect(c.resampled).toBe("nulls");
  });

  it("widens the interval by the chance of repeats, shared by all networks", () => {
    // Repeat r lifts the real network alone, so the interval must see the spread over repeats.
    const lift = [0, 1, 2, 3];
    const score = (network: number, repeats: readonly number[]) =>
      network === 0 ? 12 + mean(repeats.map((r) => lift[r])) : nulls[network - 1];
    const c = compareToNulls({ networks: 7, repeats: 4, score }, { rng: rng() });
    const plain = compareToNulls(scoresOf(13.5, nulls), { rng: rng() });
    expect(c.difference.estimate).toBeCloseTo(plain.difference.estimate, 12);
    expect(c.difference.high - c.difference.low).toBeGreaterThan(
      2 * (plain.difference.high - plain.difference.low),
    );
    expect(c.resampled).toBe("nulls and repeats");
    expect(c.test.p).toBe(plain.test.p);
  });

  it("does not widen it when a repeat lifts every network alike", () => {
    const score = (network: number, repeats: readonly number[]) =>
      mean(repeats) + (network === 0 ? 12 : nulls[network - 1]);
    const c = compareToNulls({ networks: 7, repeats: 4, score }, { rng: rng() });
    expect(c.difference.high - c.difference.low).toBeLessThan(0.6);
  });

  it("refuses a comparison with nothing", () => {
    expect(() => scoresOf(1, [])).toThrow("scoresOf: no null values to compare with");
    expect(() => compareToNulls({ networks: 1, repeats: 1, score: () => 1 }, { rng: rng() })).toThrow(
      "permutationTest: no null values",
    );
  });
});
