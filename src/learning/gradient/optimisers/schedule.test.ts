import { describe, expect, it } from "vitest";
import { clipByNorm, clipByValue, globalNorm } from "./clip.ts";
import { advanceSchedule, createSchedule, rateFactor, type ScheduleSpec } from "./schedule.ts";

const LOSSES = [1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8];

/** Rates before each step from torch.optim.lr_scheduler 1.13.0, f64, base rate 1. */
const TORCH: [ScheduleSpec, number[]][] = [
  [{ kind: "step", every: 3, factor: 0.5 }, [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]],
  [{ kind: "exponential", factor: 0.9 }, [1, 0.9, 0.81, 0.729, 0.6561, 0.59049]],
  [
    { kind: "cosine", length: 5, least: 0.1 },
    [1, 0.9140576474687263, 0.6890576474687263, 0.41094235253127365, 0.1859423525312737, 0.1],
  ],
  [
    { kind: "step", every: 3, factor: 0.5, warmUp: { length: 4, from: 0.25 } },
    [0.25, 0.4375, 0.625, 0.8125, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25],
  ],
  [
    { kind: "plateau", factor: 0.5, patience: 2, cooldown: 1, least: 0.2 },
    [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2],
  ],
  [{ kind: "constant" }, [1, 1, 1]],
];

describe("rateFactor", () => {
  it.each(TORCH)("is PyTorch's: %j", (spec, expected) => {
    let state = createSchedule(spec);
    for (let n = 0; n < expected.length; n++) {
      expect(rateFactor(spec, state)).toBeCloseTo(expected[n], 14);
      // A resumed run has been through JSON.
      state = JSON.parse(JSON.stringify(advanceSchedule(spec, state, LOSSES[n])));
    }
  });

  it("keeps a cosine at its end", () => {
    expect(
      rateFactor({ kind: "cosine", length: 5 }, { ...createSchedule({ kind: "constant" }), time: 9 }),
    ).toBe(0);
  });

  it("refuses what makes no schedule", () => {
    expect(() => createSchedule({ kind: "cosin" } as never)).toThrow(
      'unknown schedule "cosin". Did you mean "cosine"',
    );
    expect(() => createSchedule({ kind: "step", every: 0 })).toThrow(
      'schedule "step": every must be > 0, got 0',
    );
    const plateau: ScheduleSpec = { kind: "plateau" };
    expect(() => advanceSchedule(plateau, createSchedule(plateau))).toThrow(
      "a plateau can only be seen in a loss",
    );
  });
});

describe("clipping", () => {
  const gradients = () => ({ a: Float64Array.of(3, -4), b: Float64Array.of(1, 0.5) });

  it("by norm is PyTorch's with its epsilon, and exact without", () => {
    const g = gradients();
    expect(clipByNorm(g, 2, { epsilon: 1e-6 })).toBeCloseTo(5.123475382979799, 14);
    expect(g.a[0]).toBeCloseTo(1.1710798589668558, 14);
    expect(g.b[1]).toBeCloseTo(0.19517997649447597, 14);
    const exact = gradients();
    clipByNorm(exact, 2);
    expect(globalNorm(exact)).toBeCloseTo(2, 14);
  });

  it("by norm leaves small and broken gradients alone and does not overflow", () => {
    const g = gradients();
    clipByNorm(g, 6);
    expect(g).toEqual(gradients());
    const broken = { a: Float64Array.of(1, NaN) };
    expect(clipByNorm(broken, 0.1)).toBeNaN();
    expect(broken.a[0]).toBe(1);
    expect(globalNorm({ a: Float64Array.of(NaN, 1), b: Float64Array.of(2) })).toBeNaN();
    expect(globalNorm({ a: Float64Array.of(3e200, 4e200) })).toBeCloseTo(5e200, -190);
    expect(clipByNorm({ a: Float64Array.of(Infinity) }, 1)).toBe(Infinity);
    // Squares that vanish, and the border to those that do not.
    expect(globalNorm({ a: Float64Array.of(3e-200), b: Float64Array.of(4e-200) }) / 5e-200).toBeCloseTo(
      1,
      12,
    );
    for (const size of [1e-100, 1e-90, 1e-89, 1e89, 1e90, 1e100])
      expect(globalNorm({ a: Float64Array.of(3 * size, 4 * size) }) / size).toBeCloseTo(5, 12);
    expect(globalNorm({ a: new Float64Array(3) })).toBe(0);
  });

  it("by value limits every number", () => {
    const g = gradients();
    clipByValue(g, 2);
    expect([...g.a, ...g.b]).toEqual([2, -2, 1, 0.5]);
    expect(() => clipByValue(g, 0)).toThrow("clipByValue: the largest value must be > 0, got 0");
  });
});
