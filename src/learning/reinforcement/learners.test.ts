import { describe, expect, it } from "vitest";
import { createRng, type Rng } from "../../core/index.ts";
import { expectClose } from "../readouts/testing/slow-ridge.ts";
import { type ActorCriticOptions, actorCritic } from "./actor-critic.ts";
import { rawFeatures } from "./features.ts";
import type { Learner, Outcome } from "./learner.ts";
import { type ReinforceOptions, reinforce, returnsOf } from "./reinforce.ts";
import { actionProbabilities } from "./softmax-policy.ts";
import { bandit, corridor, randomWalk, switchedCorridor } from "./testing/environments.ts";
import { trainAgent } from "./train-agent.ts";

/** An episode with random features and rewards, played to a learner. */
interface Episode {
  states: number[][];
  actions: number[];
  rewards: number[];
}

function play(
  learner: Learner,
  rng: Rng,
  { steps, terminated }: { steps: number; terminated: boolean },
): Episode {
  const draw = () => Array.from({ length: learner.features }, () => rng.normal());
  const episode: Episode = { states: [draw()], actions: [], rewards: [] };
  learner.begin();
  for (let t = 0; t < steps; t++) {
    episode.actions.push(learner.act(Float64Array.from(episode.states[t]), rng));
    episode.rewards.push(rng.normal());
    episode.states.push(draw());
    const outcome: Outcome = {
      reward: episode.rewards[t],
      next: Float64Array.from(episode.states[t + 1]),
      terminated: terminated && t === steps - 1,
      truncated: !terminated && t === steps - 1,
    };
    learner.learn(outcome);
  }
  return episode;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);

/** ∇ log π(action) of every weight, by its definition. */
function logGradient(weights: number[][], state: number[], action: number): number[][] {
  const scores = weights.map((w) => Math.exp(dot(w, state)));
  const sum = scores.reduce((a, b) => a + b, 0);
  return weights.map((_, a) => state.map((x) => ((a === action ? 1 : 0) - scores[a] / sum) * x));
}

const zeros = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

describe("returnsOf", () => {
  it("is the discounted sum of the rewards to come", () => {
    expect([...returnsOf([1, 2, 4], 0.5, 8)]).toEqual([4, 6, 8]);
    expect([...returnsOf([], 0.5)]).toEqual([]);
  });
});

describe("reinforce", () => {
  const sizes = { features: 3, actions: 3 };

  it.each<ReinforceOptions & { terminated: boolean }>([
    { ...sizes, terminated: true },
    { ...sizes, terminated: false },
    { ...sizes, terminated: false, bootstrap: false, magnitudeRate: 0.3, baselineRate: 0.1 },
    { ...sizes, terminated: true, advantage: "standardized" },
    { ...sizes, terminated: true, advantage: "return", discount: 0.5 },
  ])("makes the updates of its equations, %o", ({ terminated, ...options }) => {
    const { discount = 0.99, learningRate = 0.01, baselineRate = 0.01, magnitudeRate = 0.01 } = options;
    const { advantage = "baseline", bootstrap = true } = options;
    const learner = reinforce(options);
    const rng = createRng(5);
    const weights = zeros(3, 3);
    const v = [0, 0, 0];
    let magnitude = 0;
    for (const steps of [7, 1, 12]) {
      const { states, actions, rewards } = play(learner, rng, { steps, terminated });
      const returns = rewards.map((_, t) => {
        const rest = rewards.slice(t).reduce((sum, r, k) => sum + discount ** k * r, 0);
        const after = bootstrap && advantage === "baseline" && !terminated ? dot(v, states[steps]) : 0;
        return rest + discount ** (steps - t) * after;
      });
      const mean = returns.reduce((a, b) => a + b, 0) / steps;
      const deviation = Math.sqrt(returns.reduce((sum, g) => sum + (g - mean) ** 2, 0) / steps);
      const errors = returns.map((g, t) => g - dot(v, states[t]));
      const size = errors.reduce((sum, e) => sum + Math.abs(e), 0) / steps;
      magnitude = magnitude === 0 ? size : (1 - magnitudeRate) * magnitude + magnitudeRate * size;
      const step = zeros(3, 3);
      returns.forEach((g, t) => {
        const value = {
          baseline: errors[t] / magnitude,
          standardized: deviation > 1e-9 ? (g - mean) / deviation : 0,
          return: g,
        };
        logGradient(weights, states[t], actions[t]).forEach((row, a) => {
          row.forEach((x, i) => {
            step[a][i] += learningRate * value[advantage] * x;
          });
        });
      });
      weights.forEach((row, a) => {
        row.forEach((_, i) => {
          row[i] += step[a][i];
        });
      });
      if (advantage === "baseline") {
        returns.forEach((g, t) => {
          const error = g - dot(v, states[t]);
          const rate = Math.min(baselineRate, 1 / dot(states[t], states[t]));
          v.forEach((_, i) => {
            v[i] += rate * error * states[t][i];
          });
        });
      }
    }
    expectClose(learner.policy().weights, weights.flat(), 1e-12);
    expectClose(learner.valueWeights(), v, 1e-12);
  });

  it("keeps a baseline from overshooting where many features are active", () => {
    const learner = reinforce({ features: 2000, actions: 2, baselineRate: 0.1 });
    const state = new Float64Array(2000).fill(1);
    for (let k = 0; k < 50; k++) {
      learner.begin();
      learner.act(state, createRng(k));
      learner.learn({ reward: 1, next: state, terminated: true, truncated: false });
    }
    expect(dot(learner.valueWeights(), state)).toBeCloseTo(1, 9);
  });

  it("says what does not fit", () => {
    expect(() => reinforce({ ...sizes, discount: 1.1 })).toThrow(
      "reinforce: discount must be a number from 0 to 1, got 1.1",
    );
    expect(() => reinforce({ ...sizes, learningRate: -1 })).toThrow(
      "learningRate must be a number ≥ 0, got -1",
    );
  });
});

describe("actorCritic", () => {
  it.each<Partial<ActorCriticOptions> & { terminated: boolean }>([
    { terminated: true },
    { terminated: false, lambda: 0.7 },
    { terminated: true, lambda: 1, actorLambda: 0.2, discount: 0.8, actorRate: 0.1, criticRate: 0.05 },
  ])("makes the updates of its equations, %o", ({ terminated, ...options }) => {
    const { discount = 0.99, actorRate = 0.01, criticRate = 0.01, lambda = 0 } = options;
    const { actorLambda = lambda } = options;
    const learner = actorCritic({ features: 3, actions: 3, ...options });
    const rng = createRng(6);
    const weights = zeros(3, 3);
    const v = [0, 0, 0];
    for (const steps of [6, 9]) {
      const { states, actions, rewards } = play(learner, rng, { steps, terminated });
      const gradients: number[][][] = [];
      for (let t = 0; t < steps; t++) {
        gradients.push(logGradient(weights, states[t], actions[t]));
        const next = terminated && t === steps - 1 ? 0 : dot(v, states[t + 1]);
        const error = rewards[t] + discount * next - dot(v, states[t]);
        // Traces as sums over all steps so far.
        for (let k = 0; k <= t; k++) {
          const faded = criticRate * error * (discount * lambda) ** (t - k);
          const actorFaded = actorRate * error * (discount * actorLambda) ** (t - k);
          v.forEach((_, i) => {
            v[i] += faded * states[k][i];
          });
          weights.forEach((row, a) => {
            row.forEach((_, i) => {
              row[i] += actorFaded * gradients[k][a][i];
            });
          });
        }
      }
    }
    expectClose(learner.policy().weights, weights.flat(), 1e-12);
    expectClose(learner.valueWeights(), v, 1e-12);
  });

  it.each([0, 0.5, 0.9])("finds the values 1/6 … 5/6 of the random walk with λ = %d", (lambda) => {
    const learner = actorCritic({
      features: 5,
      actions: 2,
      discount: 1,
      actorRate: 0,
      criticRate: 0.01,
      lambda,
    });
    const rng = createRng(62).stream(String(lambda));
    // With a constant rate values go on to waver, so take their mean over the last 2000 episodes.
    const mean = new Float64Array(5);
    const onEpisode = ({ episode }: { episode: number }) => {
      if (episode < 1000) return;
      learner.valueWeights().forEach((value, s) => {
        mean[s] += value / 2000;
      });
    };
    trainAgent({
      environment: randomWalk(),
      features: rawFeatures(5),
      learner,
      episodes: 3000,
      rng,
      onEpisode,
    });
    mean.forEach((value, s) => {
      expect(Math.abs(value - (s + 1) / 6)).toBeLessThan(0.03);
    });
    expect(learner.policy().weights.every((w) => w === 0)).toBe(true);
  });

  it("says what does not fit", () => {
    expect(() => actorCritic({ features: 1, actions: 2, lambda: 2 })).toThrow(
      "actorCritic: lambda must be a number from 0 to 1, got 2",
    );
  });
});

const learners: [string, (features: number, actions: number, rate: number, discount?: number) => Learner][] =
  [
    [
      "reinforce",
      (features, actions, learningRate, discount) => reinforce({ features, actions, learningRate, discount }),
    ],
    [
      "actorCritic",
      (features, actions, rate, discount) =>
        actorCritic({ features, actions, actorRate: rate, criticRate: 0.05, lambda: 0.9, discount }),
    ],
  ];

describe.each(learners)("%s", (_, make) => {
  it("finds the better arm of a bandit", () => {
    const learner = make(1, 3, 0.1);
    trainAgent({
      environment: bandit([0.2, 0.8, 0.4]),
      features: rawFeatures(1),
      learner,
      episodes: 3000,
      rng: createRng(2),
    });
    expect(actionProbabilities(learner.policy(), Float64Array.of(1))[1]).toBeGreaterThan(0.9);
  });

  it("goes straight through a corridor, and knows what that is worth", () => {
    const learner = make(4, 2, 0.05, 0.9);
    trainAgent({
      environment: corridor(4),
      features: rawFeatures(4),
      learner,
      episodes: 4000,
      rng: createRng(3),
      maxSteps: 100,
    });
    for (let s = 0; s < 4; s++) {
      const state = Float64Array.from({ length: 4 }, (__, k) => (k === s ? 1 : 0));
      expect(actionProbabilities(learner.policy(), state)[1]).toBeGreaterThan(0.95);
      // Σ of 0.9^k over the steps to the end.
      const best = -(1 - 0.9 ** (4 - s)) / (1 - 0.9);
      expect(Math.abs(learner.valueWeights()[s] / best - 1)).toBeLessThan(0.1);
    }
  });

  it("refuses to be saved in mid-episode, and a state that is not its own", () => {
    const learner = make(2, 2, 0.1);
    const saved = learner.save();
    learner.begin();
    learner.act(Float64Array.of(1, 0), createRng(1));
    expect(() => learner.save()).toThrow(
      `${learner.kind}, save: an episode is under way. Save between episodes: the episode in hand would be lost.`,
    );
    expect(() => make(3, 2, 0.1).restore(saved)).toThrow(
      `${learner.kind}, restore: "policy" has 4 numbers in the state, 6 here. Make the learner with the features, actions and options it was saved with.`,
    );
    expect(() => learner.restore({ kind: "other", values: {} })).toThrow(
      'the state was saved by "other". Restore it with other().',
    );
  });
});

describe("reinforce on the short corridor with switched actions", () => {
  it("finds the best stochastic policy, P(right) = 2 − √2, worth −(6 + 4√2)", () => {
    const learner = reinforce({
      features: 1,
      actions: 2,
      discount: 1,
      learningRate: 0.002,
      baselineRate: 0.01,
    });
    const { rewards } = trainAgent({
      environment: switchedCorridor(),
      features: rawFeatures(1),
      learner,
      episodes: 6000,
      rng: createRng(4),
    });
    const p = actionProbabilities(learner.policy(), Float64Array.of(1))[1];
    expect(Math.abs(p - (2 - Math.SQRT2))).toBeLessThan(0.06);
    const late = rewards.subarray(3000).reduce((a, b) => a + b, 0) / 3000;
    // Three standard errors of the mean, 9.7 / √3000.
    expect(Math.abs(late + 6 + 4 * Math.SQRT2)).toBeLessThan(0.54);
  });
});
