/**
 * @file REINFORCE with a baseline: after each episode the weights move by Σ_t A_t ∇ log π(a_t | φ_t), with A_t the
 * return from step t less what was expected. After Williams (1992) and Sutton & Barto (2018), section 13.4.
 * Departure: their factor γ^t of step t is left out, as is usual; late steps count as much as early ones.
 */

import type { Rng } from "../../core/index.ts";
import {
  checkRange,
  type Learner,
  type LearnerState,
  type Outcome,
  refuseMidEpisode,
  restoreArrays,
} from "./learner.ts";
import { linearValue, moveValue } from "./linear-value.ts";
import {
  actionProbabilities,
  addLogGradient,
  type SoftmaxPolicy,
  sampleAction,
  uniformPolicy,
} from "./softmax-policy.ts";
import { Trajectory } from "./trajectory.ts";

/** Options of {@link reinforce}. */
export interface ReinforceOptions {
  /** Length of the features. */
  features: number;
  actions: number;
  /** γ, 0 … 1, default 0.99: the return of step t is G_t = Σ_k γ^k r_{t+k}. */
  discount?: number;
  /** Rate of the policy, ≥ 0, default 0.01. */
  learningRate?: number;
  /** Rate of the baseline V(φ) = v · φ, ≥ 0, default as the policy. */
  baselineRate?: number;
  /**
   * `baseline` (default): A_t = (G_t − V(φ_t)) / m, m the running mean of |G − V|, so that the rate means the same
   * whatever rewards are worth. `standardized`: A_t = (G_t − mean) / deviation over the episode, without V.
   * `return`: A_t = G_t.
   */
  advantage?: "baseline" | "standardized" | "return";
  /** Weight of the newest episode in the running mean, 0 … 1, default 0.01. */
  magnitudeRate?: number;
  /** Whether the returns of an episode that was cut off go on with V of its last state; default with `baseline`. */
  bootstrap?: boolean;
}

/**
 * A learner that waits for the end of the episode.
 *
 * @throws CajalError `bad-option`.
 * @example trainAgent({ environment, features, learner: reinforce({ features: 5, actions: 2 }), episodes: 500, rng })
 */
export function reinforce(options: ReinforceOptions): Learner {
  const { discount = 0.99, learningRate = 0.01, advantage = "baseline" } = options;
  const { baselineRate = learningRate, magnitudeRate = 0.01, bootstrap = advantage === "baseline" } = options;
  checkRange("reinforce", "discount", discount, [0, 1]);
  checkRange("reinforce", "learningRate", learningRate, [0, Infinity]);
  checkRange("reinforce", "baselineRate", baselineRate, [0, Infinity]);
  checkRange("reinforce", "magnitudeRate", magnitudeRate, [0, 1]);
  const settings = { discount, learningRate, baselineRate, magnitudeRate, advantage, bootstrap };
  return new Reinforce(uniformPolicy(options), settings);
}

/**
 * Returns G_t = r_t + γ G_{t+1} of an episode.
 *
 * @param rewards - Shape `(time)`. @param after - G after the last step, default 0.
 * @returns Shape `(time)`.
 */
export function returnsOf(rewards: ArrayLike<number>, discount: number, after = 0): Float64Array {
  const returns = new Float64Array(rewards.length);
  let sum = after;
  for (let t = rewards.length - 1; t >= 0; t--) {
    sum = rewards[t] + discount * sum;
    returns[t] = sum;
  }
  return returns;
}

// Implementation

type Settings = Required<Omit<ReinforceOptions, "features" | "actions">>;

class Reinforce implements Learner {
  readonly kind = "reinforce";
  readonly features: number;
  readonly actions: number;
  readonly #policy: SoftmaxPolicy;
  readonly #settings: Settings;
  readonly #value: Float64Array;
  /** Running mean of |G − V|, 0 before the first episode. */
  readonly #magnitude = new Float64Array(1);
  readonly #episode: Trajectory;

  constructor(policy: SoftmaxPolicy, settings: Settings) {
    this.features = policy.features;
    this.actions = policy.actions;
    this.#policy = policy;
    this.#settings = settings;
    this.#value = new Float64Array(policy.features);
    this.#episode = new Trajectory(policy);
  }

  begin(): void {
    this.#episode.clear();
  }

  act(features: Float64Array, rng: Rng): number {
    const probabilities = this.#episode.enter(features);
    actionProbabilities(this.#policy, features, probabilities);
    return this.#episode.choose(sampleAction(probabilities, rng));
  }

  learn({ reward, next, terminated, truncated }: Outcome): void {
    this.#episode.rewards.push(reward);
    if (!terminated && !truncated) return;
    const { discount, bootstrap } = this.#settings;
    const after = bootstrap && !terminated ? linearValue(this.#value, next) : 0;
    this.#update(returnsOf(this.#episode.rewards, discount, after));
    this.begin();
  }

  policy(): SoftmaxPolicy {
    return { ...this.#policy, weights: this.#policy.weights.slice() };
  }

  valueWeights(): Float64Array {
    return this.#value.slice();
  }

  save(): LearnerState {
    if (this.#episode.steps > 0) refuseMidEpisode(this.kind);
    const values = Object.entries(this.#arrays()).map(([name, array]) => [name, array.slice()]);
    return { kind: this.kind, values: Object.fromEntries(values) };
  }

  restore(state: LearnerState): void {
    restoreArrays(this.kind, this.#arrays(), state);
    this.begin();
  }

  #arrays(): Record<string, Float64Array> {
    return { policy: this.#policy.weights, value: this.#value, magnitude: this.#magnitude };
  }

  #update(returns: Float64Array): void {
    const { learningRate, baselineRate, advantage, bootstrap } = this.#settings;
    const advantages = this.#advantages(returns);
    for (let t = 0; t < returns.length; t++) {
      const visit = this.#episode.visit(t);
      // All at once: the probabilities are those of the weights that acted.
      addLogGradient(this.#policy.weights, visit.features, { ...visit, scale: learningRate * advantages[t] });
    }
    if (advantage !== "baseline" && !bootstrap) return;
    for (let t = 0; t < returns.length; t++)
      moveValue(this.#value, this.#episode.visit(t).features, { target: returns[t], rate: baselineRate });
  }

  #advantages(returns: Float64Array): Float64Array {
    const { advantage, magnitudeRate } = this.#settings;
    if (advantage === "return") return returns;
    if (advantage === "standardized") return standardized(returns);
    const errors = returns.map((g, t) => g - linearValue(this.#value, this.#episode.visit(t).features));
    const size = errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length;
    const before = this.#magnitude[0];
    const magnitude = before === 0 ? size : before + magnitudeRate * (size - before);
    this.#magnitude[0] = magnitude;
    return magnitude > 0 ? errors.map((e) => e / magnitude) : errors;
  }
}

/** (G − mean) / deviation; zeros where all returns are equal. */
function standardized(returns: Float64Array): Float64Array {
  const mean = returns.reduce((sum, g) => sum + g, 0) / returns.length;
  const centred = returns.map((g) => g - mean);
  const deviation = Math.sqrt(centred.reduce((sum, g) => sum + g * g, 0) / returns.length);
  return deviation > 1e-12 * Math.abs(mean) ? centred.map((g) => g / deviation) : centred.fill(0);
}
