/**
 * @file The task that an experiment file names, with the conditions of its trials.
 */

import type { Rng } from "../../../core/index.ts";
import {
  type Conditions,
  conditionGrid,
  contextIntegration,
  delayComparison,
  delayedDiscrimination,
  delayedMatchToSample,
  eyeMovementSequence,
  multisensoryIntegration,
  nBack,
  parametricWorkingMemory,
  perceptualDecision,
  pictureMemory,
  randomDotMotion,
  ringContextDecision,
  ringDecision,
  ringMultisensory,
  sequenceMemory,
  sineWave,
  syntheticPictures,
  type Task,
} from "../../../tasks/index.ts";
import type { ConditionList, TrainedTask } from "../../spec/trained-task-schema.ts";

/**
 * The task.
 *
 * @param rng - Of the repeat; made-up pictures are drawn from a stream of it, the same for training and test.
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`, `bad-pictures`.
 */
export function buildTask(choice: TrainedTask, rng: Rng): Task {
  switch (choice.name) {
    case "perceptual-decision":
      return perceptualDecision(choice);
    case "context-integration":
      return contextIntegration(choice);
    case "multisensory-integration":
      return multisensoryIntegration(choice);
    case "parametric-working-memory":
      return parametricWorkingMemory(choice);
    case "eye-movement-sequence":
      return eyeMovementSequence(choice);
    case "sine-wave":
      return sineWave(choice);
    case "random-dot-motion":
      return randomDotMotion(choice);
    case "delayed-discrimination":
      return delayedDiscrimination(choice);
    case "delay-comparison":
      return delayComparison(choice);
    case "delayed-match-to-sample":
      return delayedMatchToSample(choice);
    case "ring-decision":
      return ringDecision(choice);
    case "ring-multisensory":
      return ringMultisensory(choice);
    case "ring-context-decision":
      return ringContextDecision(choice);
    case "sequence-memory":
      return sequenceMemory(choice);
    case "n-back":
      return nBack(choice);
    case "picture-memory":
      return pictureMemory(syntheticPictures(choice, rng.stream("pictures")), choice);
  }
}

/** Whether a task counts in items, one a step, and not in milliseconds. */
export function countsItems({ name }: Pick<TrainedTask, "name">): boolean {
  return name === "sequence-memory" || name === "n-back" || name === "picture-memory";
}

/** Conditions of trials as the task takes them. @throws CajalError `unknown-condition`, `bad-condition`. */
export function conditionsOf(list: ConditionList, task: Task): Conditions | readonly Conditions[] {
  if (list === "drawn") return {};
  return list === "grid" ? conditionGrid(task) : list;
}
