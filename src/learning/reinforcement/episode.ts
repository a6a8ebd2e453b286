/**
 * @file One episode: observe, act, step, until the environment ends it.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import type { Environment } from "../../tasks/index.ts";
import type { Features } from "./features.ts";
import type { Outcome } from "./learner.ts";

/** What an agent needs of an environment. */
export type AgentEnvironment = Pick<Environment, "name" | "observationSize" | "actions" | "reset" | "step">;

/** Who acts. */
export interface Actor {
  act(features: Float64Array, rng: Rng): number;
  learn?(outcome: Outcome): void;
}

/**
 * Play an episode. Random numbers come from the streams `environment` and `actions` of `rng`.
 *
 * @param options.maxSteps - Cut the episode off after so many steps, beside what the environment does itself.
 * @returns Sum of the rewards and the number of steps.
 * @throws CajalError `bad-reward` when a reward is not finite.
 */
export function playEpisode(options: {
  environment: AgentEnvironment;
  features: Features;
  actor: Actor;
  rng: Rng;
  maxSteps?: number;
}): { reward: number; steps: number } {
  const { environment, features, actor, rng, maxSteps = Infinity } = options;
  const actions = rng.stream("actions");
  features.reset();
  let state = features.observe(environment.reset(rng.stream("environment")));
  let sum = 0;
  for (let steps = 1; ; steps++) {
    const action = actor.act(state, actions);
    const { observation, reward, terminated, truncated } = environment.step(action);
    if (!Number.isFinite(reward)) throw badReward(environment, reward, steps);
    sum += reward;
    const cut = truncated || steps >= maxSteps;
    state = features.observe(observation);
    actor.learn?.({ reward, next: state, terminated, truncated: cut });
    if (terminated || cut) return { reward: sum, steps };
  }
}

// Implementation

function badReward(environment: AgentEnvironment, reward: number, steps: number): CajalError {
  return new CajalError(`reward is ${reward} at step ${steps}`, {
    code: "bad-reward",
    where: environment.name,
    hint: "A reward is a finite number.",
  });
}
