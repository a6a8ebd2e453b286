/**
 * @file What every learner of a policy has in common: it acts, is told what came of it, and can be saved between
 * episodes.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import type { SoftmaxPolicy } from "./softmax-policy.ts";

/** What an action led to. */
export interface Outcome {
  reward: number;
  /** Features of the observation after it, shape `(feature)`; not kept. */
  next: Float64Array;
  /** The episode is over and nothing comes after. */
  terminated: boolean;
  /** The episode was cut off; more would have come. */
  truncated: boolean;
}

/** Everything a learner goes on from, plain data. */
export interface LearnerState {
  kind: string;
  /** Numbers and arrays by name. */
  values: Record<string, Float64Array>;
}

/** Learns a policy, episode by episode. */
export interface Learner {
  readonly kind: string;
  readonly features: number;
  readonly actions: number;
  /** Begin an episode. */
  begin(): void;
  /** Choose an action in a state. @param features - Shape `(feature)`; copied if kept. */
  act(features: Float64Array, rng: Rng): number;
  /** Learn from what the last action led to. */
  learn(outcome: Outcome): void;
  /** The policy now, a copy. */
  policy(): SoftmaxPolicy;
  /** Weights of V(φ) = v · φ now, a copy, shape `(feature)`. */
  valueWeights(): Float64Array;
  /** Between episodes. @throws CajalError `mid-episode`. */
  save(): LearnerState;
  /** Go on from a state another learner of this kind and size has saved. @throws CajalError `wrong-state`. */
  restore(state: LearnerState): void;
}

/** @throws CajalError `bad-option` unless low ≤ value ≤ high. */
export function checkRange(where: string, name: string, value: number, [low, high]: [number, number]): void {
  if (value >= low && value <= high && Number.isFinite(value)) return;
  const wanted = high === Infinity ? `a number ≥ ${low}` : `a number from ${low} to ${high}`;
  throw new CajalError(`${name} must be ${wanted}, got ${value}`, { code: "bad-option", where });
}

/** Copy saved arrays over those of a learner. @throws CajalError `wrong-state` when kinds or sizes differ. */
export function restoreArrays(kind: string, own: Record<string, Float64Array>, state: LearnerState): void {
  const fail = (what: string, hint: string): never => {
    throw new CajalError(what, { code: "wrong-state", where: `${kind}, restore`, hint });
  };
  if (state.kind !== kind) fail(`the state was saved by "${state.kind}"`, `Restore it with ${state.kind}().`);
  for (const [name, array] of Object.entries(own)) {
    const saved = state.values[name];
    const length = saved?.length ?? 0;
    if (length !== array.length) {
      const hint = "Make the learner with the features, actions and options it was saved with.";
      fail(`"${name}" has ${length} numbers in the state, ${array.length} here`, hint);
    }
    array.set(saved);
  }
}

/** @throws CajalError `mid-episode`. */
export function refuseMidEpisode(kind: string): never {
  throw new CajalError("an episode is under way", {
    code: "mid-episode",
    where: `${kind}, save`,
    hint: "Save between episodes: the episode in hand would be lost.",
  });
}
