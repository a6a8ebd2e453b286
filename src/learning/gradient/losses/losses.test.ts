import { describe, expect, it } from "vitest";
import { crossEntropy, fractionCorrect, negativeLogLikelihood, softCrossEntropy } from "./classification.ts";
import { binaryCrossEntropy, meanSquaredError } from "./error.ts";
import { omega } from "./omega.ts";
import { entropyPenalty, populationDivergence } from "./population.ts";
import { RATE_METRICS, ratePenalty, smoothnessPenalty } from "./rate.ts";
import { expectGradient, noise } from "./testing/finite-difference.ts";
import type { TermOptions } from "./trajectory.ts";
import { hebbianPenalty, WEIGHT_METRICS, weightPenalty } from "./weight.ts";

const shape = { time: 4, units: 3, batch: 2 };
const x = noise(24, 1);
const y = noise(24, 2);
const shares = Float64Array.from({ length: 24 }, (_, k) => [0.2, 0.5, 0.3][Math.floor(k / 2) % 3]);
const labels = [0, 2, -1, 1, 1, -1, 2, 0];
const padded = [1, 1, 1, 0.5, 1, 0, 1, 0];
const full = noise(24, 3).map((m) => (m < -0.5 ? 0 : m + 0.5));

/** A term, with any mask, as a function of its trajectory. */
type Term = (values: Float64Array, options: TermOptions) => number;
const byStep: Record<string, Term> = {
  "mean squared error": (v, o) => meanSquaredError(v, y, { shape, ...o }),
  "binary cross-entropy": (v, o) => binaryCrossEntropy(v, y, { shape, ...o }),
  "cross-entropy": (v, o) => crossEntropy(v, labels, { shape, ...o }),
  "negative log-likelihood": (v, o) => negativeLogLikelihood(v, labels, { shape, ...o }),
  "soft cross-entropy": (v, o) => softCrossEntropy(v, shares, { shape, ...o }),
  smoothness: (v, o) => smoothnessPenalty(v, { shape, lag: 2, ...o }),
  entropy: (v, o) => entropyPenalty(v, { shape, power: 0.3, ...o }),
  "divergence of the first": (v, { mask, into }) =>
    populationDivergence(v, y, { shape, power: 0.1, mask, intoA: into }),
  "divergence of the second": (v, { mask, into }) =>
    populationDivergence(y, v, { shape, symmetric: false, mask, intoB: into }),
};
for (const metric of RATE_METRICS) {
  byStep[`rate ${metric}`] = (v, o) => ratePenalty(v, { shape, metric, target: 0.1, ...o });
  byStep[`rate ${metric} of |r|`] = (v, o) => ratePenalty(v, { shape, metric, absolute: true, ...o });
}

describe.each(Object.entries(byStep))("%s", (name, term) => {
  it.each([undefined, padded])("has the gradient of its value, mask %j, and adds it", (mask) => {
    const gradient = y.slice();
    term(x, { mask, into: { gradient, weight: 0.7 } });
    const added = gradient.map((g, k) => (g - y[k]) / 0.7);
    expectGradient(x, (v) => term(v, { mask }), added);
  });

  it("does not look where the mask is 0", () => {
    if (name === "smoothness") return; // below
    const other = x.map((v, k) => (padded[Math.floor(k / 6) * 2 + (k % 2)] === 0 ? 99 : v));
    if (name.startsWith("divergence"))
      return expect(term(other, { mask: padded })).toBeCloseTo(term(x, { mask: padded }), 12);
    expect(term(other, { mask: padded })).toBe(term(x, { mask: padded }));
  });
});

describe("masks", () => {
  it("of classes are one mask for all classes of a step", () => {
    const spread = Float64Array.from({ length: 24 }, (_, k) => padded[Math.floor(k / 6) * 2 + (k % 2)]);
    const of = (mask: ArrayLike<number>) => softCrossEntropy(x, shares, { shape, mask });
    expect(of(spread)).toBe(of(padded));
    spread[8] = 0.25;
    expect(() => of(spread)).toThrow("the mask of class 1 at step 1 is not that of class 0");
  });

  it("per entry weigh each number, by hand", () => {
    const sum = full.reduce((a, m) => a + m, 0);
    const expected = x.reduce((a, v, k) => a + full[k] * (v - y[k]) * (v - y[k]), 0) / sum;
    expect(meanSquaredError(x, y, { shape, mask: full })).toBeCloseTo(expected, 14);
  });

  it("shared by units and full are the same", () => {
    const spread = x.map((_, k) => padded[Math.floor(k / 6) * 2 + (k % 2)]);
    for (const lag of [1, 3]) {
      const [a, b] = [padded, spread].map((mask) => smoothnessPenalty(x, { shape, mask, lag }));
      expect(a).toBe(b);
    }
    expect(ratePenalty(x, { shape, mask: spread, metric: "sd" })).toBe(
      ratePenalty(x, { shape, mask: padded, metric: "sd" }),
    );
  });
});

describe("values", () => {
  it("of cross-entropy are the log-likelihood of a softmax, without overflow", () => {
    const logits = [1000, 0, -1000, 0, 0, 0];
    const two = { time: 1, units: 3, batch: 2 };
    // Trial 0 is sure of class 0, trial 1 has no idea.
    expect(crossEntropy(logits, [0, 2], { shape: two })).toBeCloseTo(Math.log(3) / 2, 14);
    const uniform = new Float64Array(6);
    expect(crossEntropy(uniform, [0, 2], { shape: two })).toBeCloseTo(Math.log(3), 14);
    expect(negativeLogLikelihood([-1, -2, -3, -4, -5, -6], [0, 2], { shape: two })).toBe(3.5);
    const oneHot = [1, 0, 0, 0, 0, 1];
    const some = noise(6, 9);
    expect(softCrossEntropy(some, oneHot, { shape: two })).toBeCloseTo(
      crossEntropy(some, [0, 2], { shape: two }),
      13,
    );
    expect(binaryCrossEntropy([800, -800], [1, 0], { shape: { time: 1, units: 1, batch: 2 } })).toBe(0);
  });

  it("of rates are distances from the target, of numbers or of units' means, by hand", () => {
    // Two units in two trials: means -1 and 1, of sizes 2 and 1.
    const rates = [1, -3, 2, 0];
    const penalty = (metric: (typeof RATE_METRICS)[number], absolute = false) =>
      ratePenalty(rates, { shape: { time: 1, units: 2, batch: 2 }, metric, target: 0.5, absolute });
    expect([penalty("l2"), penalty("l1")]).toEqual([15 / 4, 6 / 4]);
    expect([penalty("l2", true), penalty("l1", true)]).toEqual([9 / 4, 5 / 4]);
    expect([penalty("mean-l2"), penalty("mean-l1"), penalty("mean-l1", true)]).toEqual([2.5 / 2, 1, 1]);
    expect([penalty("sd"), penalty("sd", true)]).toEqual([Math.SQRT2, Math.SQRT1_2]);
    expect([penalty("mean-deviation"), penalty("max-deviation"), penalty("max-deviation", true)]).toEqual([
      ...[1, 1, 0.5],
    ]);
    expect(penalty("cv", true)).toBeCloseTo(Math.SQRT1_2 / 1.5, 14);
  });

  it("of the fraction correct count labels only", () => {
    const outputs = [1, 0, 0, 5, 2, 0, /* step 2 */ 0, 0, 0, 1, 0, 0];
    expect(fractionCorrect(outputs, [2, 1, -1, 0], { shape: { time: 2, units: 3, batch: 2 } })).toBe(2 / 3);
  });
});

describe("weights", () => {
  it.each(WEIGHT_METRICS)("%s has the gradient of its value", (metric) => {
    const gradient = new Float64Array(24);
    weightPenalty(x, metric, { gradient });
    expectGradient(x, (w) => weightPenalty(w, metric), gradient);
  });

  it("Hebbian: both gradients", () => {
    const weights = noise(9, 5);
    const a = new Float64Array(24);
    const w = new Float64Array(9);
    const input = { activity: x, weights, shape, mask: padded };
    hebbianPenalty({ ...input, intoActivity: { gradient: a }, intoWeights: { gradient: w } });
    expectGradient(x, (activity) => hebbianPenalty({ ...input, activity }), a);
    expectGradient(weights, (v) => hebbianPenalty({ ...input, weights: v }), w);
  });
});

describe("omega", () => {
  const input = { stateGradients: x, slopes: full, weights: noise(9, 6), shape, alpha: [0.2, 0.5, 1] };

  it("has its immediate derivative, masked or not", () => {
    for (const mask of [undefined, padded.map(Math.ceil)]) {
      const gradient = new Float64Array(9);
      omega({ ...input, mask, into: { gradient } });
      expectGradient(input.weights, (weights) => omega({ ...input, mask, weights }), gradient);
    }
  });

  it("of one unit is that of its factor, with the slope of the state before, by hand", () => {
    const one = { time: 2, units: 1, batch: 1 };
    const given = { stateGradients: [7, -2], slopes: [0.8, 0.1], weights: [0.5], shape: one, alpha: 0.3 };
    // d ∂x₁/∂x₀ / d = (1 − α) + α w f′(x₀).
    const factor = 0.7 + 0.3 * 0.5 * 0.8;
    expect(omega(given)).toBeCloseTo((factor * factor - 1) ** 2, 14);
  });

  it("is 0 where the gradient keeps its length, and where there is none", () => {
    const weights = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    expect(omega({ ...input, weights, alpha: 0.3, slopes: x.map(() => 1) })).toBeCloseTo(0, 28);
    expect(omega({ ...input, stateGradients: new Float64Array(24) })).toBe(0);
  });
});

describe("refusals", () => {
  const refuse: [() => unknown, string][] = [
    [() => meanSquaredError(x, y.slice(1), { shape }), "meanSquaredError: 23 targets for 24 outputs"],
    [
      () => ratePenalty(x, { shape: { ...shape, units: 4 } }),
      "ratePenalty: the trajectory has 24 values, 4 × 4 × 2 makes 32",
    ],
    [() => ratePenalty(x, { shape, mask: [1, 2] }), "the mask has 2 values, wanted 8 or 24"],
    [
      () => smoothnessPenalty(x, { shape, mask: [1, 1, 0, 0, 0, 0, 0, 0] }),
      "smoothnessPenalty: the mask leaves nothing to count",
    ],
    [
      () => smoothnessPenalty(x, { shape, lag: 4 }),
      "smoothnessPenalty: lag must be a whole number from 1 to 3, got 4",
    ],
    [
      () => crossEntropy(x, [0, 0, 0, 3, 0, 0, 0, 0], { shape }),
      "crossEntropy: label 3 at step 1 of trial 1",
    ],
    [() => crossEntropy(x, new Array(8).fill(-1), { shape }), "no step has a label that counts"],
    [
      () => omega({ stateGradients: x, slopes: x, weights: noise(9), shape, alpha: 0 }),
      "omega: alpha must be in (0, 1]",
    ],
    [
      () => ratePenalty([1], { shape: { time: 1, units: 1, batch: 1 }, metric: "cv" }),
      '"cv" compares units, and there is 1',
    ],
  ];
  it.each(refuse.map(([attempt, message]) => ({ attempt, message })))("$message", ({ attempt, message }) =>
    expect(attempt).toThrow(message),
  );
});
