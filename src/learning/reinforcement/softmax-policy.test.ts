import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import {
  actionProbabilities,
  addLogGradient,
  likeliestAction,
  sampleAction,
  uniformPolicy,
} from "./softmax-policy.ts";

const cases = fc.record({
  seed: fc.nat(1e6),
  features: fc.integer({ min: 1, max: 6 }),
  actions: fc.integer({ min: 2, max: 4 }),
});

function randomPolicy({ seed, features, actions }: Record<"seed" | "features" | "actions", number>) {
  const rng = createRng(seed);
  const weights = Float64Array.from({ length: actions * features }, () => rng.normal());
  const state = Float64Array.from({ length: features }, () => rng.normal());
  return {
    policy: { ...uniformPolicy({ features, actions }), weights },
    state,
    action: rng.integer(actions),
  };
}

describe("addLogGradient", () => {
  it("is the gradient of the log of the probability, by finite differences", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { policy, state, action } = randomPolicy(c);
        const probabilities = actionProbabilities(policy, state);
        const gradient = new Float64Array(policy.weights.length).fill(1);
        addLogGradient(gradient, state, { action, probabilities, scale: 2 });
        const logAt = (k: number, h: number) => {
          const weights = policy.weights.map((w, i) => (i === k ? w + h : w));
          return Math.log(actionProbabilities({ ...policy, weights }, state)[action]);
        };
        gradient.forEach((g, k) => {
          const slope = (logAt(k, 1e-5) - logAt(k, -1e-5)) / 2e-5;
          expect((g - 1) / 2).toBeCloseTo(slope, 7);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe("actionProbabilities", () => {
  it("adds up to 1, also where scores are huge", () => {
    const policy = {
      ...uniformPolicy({ features: 1, actions: 3 }),
      weights: Float64Array.of(1000, 1000, -1000),
    };
    expect([...actionProbabilities(policy, Float64Array.of(1))]).toEqual([0.5, 0.5, 0]);
    expect(likeliestAction(actionProbabilities(policy, Float64Array.of(-1)))).toBe(2);
  });
});

describe("sampleAction", () => {
  it("draws actions as often as they are likely, and never one of probability 0", () => {
    const rng = createRng(1);
    const counts = [0, 0, 0, 0];
    for (let k = 0; k < 20_000; k++) counts[sampleAction(Float64Array.of(0.2, 0, 0.5, 0.3), rng)]++;
    expect(counts[1]).toBe(0);
    // Four standard deviations.
    [0.2, 0, 0.5, 0.3].forEach((p, a) => {
      expect(Math.abs(counts[a] / 20_000 - p)).toBeLessThan(0.0145);
    });
  });
});

describe("uniformPolicy", () => {
  it("says what does not fit", () => {
    expect(() => uniformPolicy({ features: 2, actions: 1 })).toThrow(
      "policy: actions must be a whole number ≥ 2, got 1",
    );
    expect(() => uniformPolicy({ features: 0, actions: 2 })).toThrow(
      "features must be a whole number ≥ 1, got 0",
    );
  });
});
