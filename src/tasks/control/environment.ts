/**
 * @file A stepped environment: an agent acts, the environment answers with an observation and a reward. The protocol
 * is Gymnasium's (Towers et al. 2024, arXiv:2407.17032), with the source of randomness as an argument.
 */

import type { Rng } from "../../core/index.ts";

/** What an action led to. */
export interface EnvironmentStep {
  /** Shape `(observation)`; a new array each step. */
  observation: Float64Array;
  reward: number;
  /** The episode ended by what happened in it: nothing can be gained after it. */
  terminated: boolean;
  /** The episode was cut by its limit of steps; a value estimate may look beyond it. */
  truncated: boolean;
}

/** A task that is acted in. It holds the state of one episode and nothing else; make one for each agent. */
export interface Environment {
  readonly name: string;
  /** Length of an observation. */
  readonly observationSize: number;
  /** Name and unit of each entry, shape `(observation)`. */
  readonly observationNames: readonly string[];
  /** Usual range of each entry, for encoders, shape `(observation)`; values may lie outside. */
  readonly observationRanges: readonly (readonly [number, number])[];
  /** Number of actions; an action is an index 0 … actions − 1. */
  readonly actions: number;
  /** Name of each action, shape `(action)`. */
  readonly actionNames: readonly string[];
  /** Steps after which an episode is cut. */
  readonly maxSteps: number;
  /** The task counts as solved when the mean return of this many episodes in a row reaches `meanReturn`. */
  readonly solved: { readonly meanReturn: number; readonly episodes: number };
  /** Begin an episode. @returns The first observation, shape `(observation)`. */
  reset(rng: Rng): Float64Array;
  /** Act. @throws CajalError `bad-action`, `not-reset` or `episode-over`. */
  step(action: number): EnvironmentStep;
}
