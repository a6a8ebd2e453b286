/**
 * @file Actor–critic with eligibility traces: every step the error of the critic, δ = r + γ V(φ') − V(φ), moves the
 * weights of critic and actor along decaying traces of their gradients. After Sutton & Barto (2018), section 13.5,
 * "Actor–Critic with Eligibility Traces (episodic)"; the critic alone is TD(λ) of section 12.2.
 * Departure: their factor γ^t of step t is left out, as is usual.
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
import { linearValue } from "./linear-value.ts";
import {
  actionProbabilities,
  addLogGradient,
  type SoftmaxPolicy,
  sampleAction,
  uniformPolicy,
} from "./softmax-policy.ts";

/** Options of {@link actorCritic}. */
export interface ActorCriticOptions {
  /** Length of the features. */
  features: number;
  actions: number;
  /** γ, 0 … 1, default 0.99. */
  discount?: number;
  /** Rate of the policy, ≥ 0, default 0.01; 0 leaves the policy as it is and evaluates it. */
  actorRate?: number;
  /** Rate of the critic, ≥ 0, default 0.01. With n active binary features it must stay below about 1 / n. */
  criticRate?: number;
  /** Decay of the critic's trace, 0 (one step, default) … 1 (all of the episode). */
  lambda?: number;
  /** Decay of the actor's trace, default as the critic's. */
  actorLambda?: number;
}

/**
 * A learner that learns at every step.
 *
 * @throws CajalError `bad-option`.
 * @example actorCritic({ features: 201, actions: 2, lambda: 0.9, criticRate: 0.02 })
 */
export function actorCritic(options: ActorCriticOptions): Learner {
  const { discount = 0.99, actorRate = 0.01, criticRate = 0.01, lambda = 0, actorLambda = lambda } = options;
  checkRange("actorCritic", "discount", discount, [0, 1]);
  checkRange("actorCritic", "actorRate", actorRate, [0, Infinity]);
  checkRange("actorCritic", "criticRate", criticRate, [0, Infinity]);
  checkRange("actorCritic", "lambda", lambda, [0, 1]);
  checkRange("actorCritic", "actorLambda", actorLambda, [0, 1]);
  return new ActorCritic(uniformPolicy(options), { discount, actorRate, criticRate, lambda, actorLambda });
}

// Implementation

type Settings = Required<Omit<ActorCriticOptions, "features" | "actions">>;

class ActorCritic implements Learner {
  readonly kind = "actorCritic";
  readonly features: number;
  readonly actions: number;
  readonly #policy: SoftmaxPolicy;
  readonly #settings: Settings;
  readonly #value: Float64Array;
  readonly #actorTrace: Float64Array;
  readonly #criticTrace: Float64Array;
  readonly #state: Float64Array;
  readonly #probabilities: Float64Array;
  #action = 0;
  #underWay = false;

  constructor(policy: SoftmaxPolicy, settings: Settings) {
    this.features = policy.features;
    this.actions = policy.actions;
    this.#policy = policy;
    this.#settings = settings;
    this.#value = new Float64Array(policy.features);
    this.#actorTrace = new Float64Array(policy.weights.length);
    this.#criticTrace = new Float64Array(policy.features);
    this.#state = new Float64Array(policy.features);
    this.#probabilities = new Float64Array(policy.actions);
  }

  begin(): void {
    this.#actorTrace.fill(0);
    this.#criticTrace.fill(0);
    this.#underWay = false;
  }

  act(features: Float64Array, rng: Rng): number {
    this.#state.set(features);
    actionProbabilities(this.#policy, features, this.#probabilities);
    this.#action = sampleAction(this.#probabilities, rng);
    this.#underWay = true;
    return this.#action;
  }

  learn({ reward, next, terminated, truncated }: Outcome): void {
    const { discount, actorRate, criticRate, lambda, actorLambda } = this.#settings;
    // An episode that was cut off would have gone on, so its last state is worth what the critic says.
    const after = terminated ? 0 : discount * linearValue(this.#value, next);
    const error = reward + after - linearValue(this.#value, this.#state);
    decay(this.#criticTrace, discount * lambda);
    for (let i = 0; i < this.features; i++) this.#criticTrace[i] += this.#state[i];
    decay(this.#actorTrace, discount * actorLambda);
    addLogGradient(this.#actorTrace, this.#state, {
      action: this.#action,
      probabilities: this.#probabilities,
    });
    addScaled(this.#value, this.#criticTrace, criticRate * error);
    addScaled(this.#policy.weights, this.#actorTrace, actorRate * error);
    if (terminated || truncated) this.begin();
  }

  policy(): SoftmaxPolicy {
    return { ...this.#policy, weights: this.#policy.weights.slice() };
  }

  valueWeights(): Float64Array {
    return this.#value.slice();
  }

  save(): LearnerState {
    if (this.#underWay) refuseMidEpisode(this.kind);
    return { kind: this.kind, values: { policy: this.#policy.weights.slice(), value: this.#value.slice() } };
  }

  restore(state: LearnerState): void {
    restoreArrays(this.kind, { policy: this.#policy.weights, value: this.#value }, state);
    this.begin();
  }
}

function decay(array: Float64Array, factor: number): void {
  for (let i = 0; i < array.length; i++) array[i] *= factor;
}

function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i];
}
