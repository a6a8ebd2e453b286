/**
 * @file How well a policy does, without learning.
 */

import type { Rng } from "../../core/index.ts";
import { type AgentEnvironment, playEpisode } from "./episode.ts";
import type { Features } from "./features.ts";
import { actionProbabilities, likeliestAction, type SoftmaxPolicy, sampleAction } from "./softmax-policy.ts";

/**
 * Sum of the rewards of each of some episodes.
 *
 * @param options.greedy - Always the likeliest action (default), or false: draw as in training.
 * @returns Shape `(episode)`.
 * @throws CajalError `bad-reward`.
 */
export function evaluateAgent(options: {
  environment: AgentEnvironment;
  features: Features;
  policy: SoftmaxPolicy;
  episodes: number;
  rng: Rng;
  greedy?: boolean;
  maxSteps?: number;
}): Float64Array {
  const { policy, episodes, greedy = true } = options;
  const probabilities = new Float64Array(policy.actions);
  const actor = {
    act(state: Float64Array, rng: Rng): number {
      actionProbabilities(policy, state, probabilities);
      return greedy ? likeliestAction(probabilities) : sampleAction(probabilities, rng);
    },
  };
  return Float64Array.from(
    { length: episodes },
    (_, k) => playEpisode({ ...options, actor, rng: options.rng.stream(k) }).reward,
  );
}
