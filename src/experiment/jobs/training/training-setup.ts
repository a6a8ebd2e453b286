/**
 * @file Everything that a training job is made of, from its experiment and repeat: the same in the check before the run,
 * in the job, and when it is taken up again.
 */

import type { Connectome } from "../../../connectome/index.ts";
import type { Rng } from "../../../core/index.ts";
import type { TrainOptions } from "../../../learning/index.ts";
import type { Task } from "../../../tasks/index.ts";
import { trainedTaskSchema } from "../../spec/trained-task-schema.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import { repeatRng } from "../choose-nodes.ts";
import { type BuiltNetwork, buildTrainedNetwork } from "./build-network.ts";
import { buildTask } from "./build-task.ts";
import type { GivenWeights } from "./given-weights.ts";
import { trainOptions } from "./train-options.ts";

/** A job before its first update. */
export interface TrainingSetup {
  task: Task;
  /** With what the test changes. */
  testTask: Task;
  built: BuiltNetwork;
  options: TrainOptions;
  /** Of the repeat. */
  rng: Rng;
}

/** What a setup needs beside the experiment. */
export interface SetupOptions {
  connectome: Connectome | undefined;
  /** Of the files of `network.weights`; a sketch may do without. */
  given?: GivenWeights;
  repeat: number;
  sketch?: boolean;
}

/**
 * @param options.sketch - For the check: the network is there to be looked at, not to be trained.
 * @throws CajalError those of tasks, networks, wiring and conditions.
 */
export function setUpTraining(
  experiment: TrainingExperiment,
  { connectome, given, repeat, sketch }: SetupOptions,
): TrainingSetup {
  const rng = repeatRng(experiment.seed, repeat);
  const task = buildTask(experiment.task, rng);
  const testTask = buildTask(testChoice(experiment), rng);
  const built = buildTrainedNetwork(experiment, { task, connectome, given, rng, sketch });
  const seed = rng.stream("training").integer(2 ** 32);
  return {
    task,
    testTask,
    built,
    options: trainOptions(experiment, { network: built.rate, task, seed }),
    rng,
  };
}

/** The task of the test. */
export function testChoice({ task, test }: TrainingExperiment) {
  return trainedTaskSchema.parse({ ...task, ...test.task });
}
