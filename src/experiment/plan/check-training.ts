/**
 * @file What the schema of training cannot see: that the network fits the task, that masks, signs and areas are
 * possible, that everything fits into memory. Every cell of the sweep is checked before the first job runs.
 */

import { CajalError } from "../../core/index.ts";
import { createOptimiser, createSchedule, resolveTraining, Trainer } from "../../learning/index.ts";
import type { ConnectomeStore } from "../connectome-source.ts";
import { repeatRng } from "../jobs/choose-nodes.ts";
import { buildTask } from "../jobs/training/build-task.ts";
import { setUpTraining, type TrainingSetup, testChoice } from "../jobs/training/training-setup.ts";
import type { Problem } from "../spec/problem.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import { checkCells } from "./check-cells.ts";
import {
  checkLength,
  checkLoss,
  checkOverlap,
  checkSize,
  checkTestTask,
  warnOfLateStages,
} from "./check-training-parts.ts";
import { checkGivenKeys, readGivenWeights } from "./check-weights-files.ts";
import { tryReading } from "./reader-problem.ts";
import { conditionProblems, taskProblem, trainingProblem } from "./training-problem.ts";

/**
 * Check every cell of an experiment.
 *
 * @throws CajalError with every problem found, each with its place.
 */
export async function checkTraining(
  resolved: Resolved<TrainingExperiment>,
  store: ConnectomeStore,
): Promise<void> {
  const compiled = new Set<string>();
  await checkCells(resolved, (experiment) => checkCell(experiment, store, compiled));
}

// Implementation

async function checkCell(
  experiment: TrainingExperiment,
  store: ConnectomeStore,
  compiled: Set<string>,
): Promise<Problem[]> {
  const plain = [...checkOverlap(experiment), ...checkGivenKeys(experiment), ...checkTestTask(experiment)];
  if (plain.length > 0) return plain;
  const tasks = checkTasks(experiment);
  if (tasks.length > 0) return tasks;
  const { connectome: source, transforms, seed } = experiment;
  const read =
    source && (await tryReading(() => store.prepare({ connectome: source, transforms, seed }), source));
  if (read && "problem" in read) return [read.problem];
  const connectome = read?.value;
  const size = checkSize(experiment, connectome);
  if (size.length > 0) return size;
  const { given, problems } = await readGivenWeights(experiment, store);
  if (problems.length > 0) return problems;
  try {
    const setup = setUpTraining(experiment, { connectome, given, repeat: 0, sketch: true });
    const loss = checkLoss(experiment, setup);
    if (loss.length > 0) return loss;
    tryOptions(experiment, setup, compiled);
    warnOfLateStages(experiment);
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return [trainingProblem(error, experiment)];
  }
  return [];
}

/** Options, lengths and conditions of both tasks, before anything large is made of them. */
function checkTasks(experiment: TrainingExperiment): Problem[] {
  const rng = repeatRng(experiment.seed, 0);
  for (const [key, choice] of [
    ["task", experiment.task],
    ["test", testChoice(experiment)],
  ] as const) {
    try {
      const task = buildTask(choice, rng);
      const long = checkLength(experiment, task, key);
      if (long.length > 0) return long;
      const conditions = conditionProblems(experiment, task, key);
      if (conditions.length > 0) return conditions;
    } catch (error) {
      if (!(error instanceof CajalError)) throw error;
      return [taskProblem(error, experiment, key)];
    }
  }
  return [];
}

/** What the training loop would refuse. Cells that differ in nothing that is compiled are compiled once. */
function tryOptions(experiment: TrainingExperiment, { options }: TrainingSetup, compiled: Set<string>): void {
  const { network, optimiser, schedule } = resolveTraining(options);
  createSchedule(schedule);
  createOptimiser(
    optimiser,
    Object.fromEntries(network.trainable.map((name) => [name, new Float64Array(0)])),
  );
  const { task, connectome, transforms, wiring, network: own, batchSize, precision, gradient } = experiment;
  const key = JSON.stringify([task, connectome, transforms, wiring, own, batchSize, precision, gradient]);
  if (compiled.has(key)) return;
  compiled.add(key);
  // One batch tells as much as many; when to stop is checked above, by the trials there really are.
  const validation = options.validation && { ...options.validation, trials: 1 };
  new Trainer({ ...options, validation, earlyStopping: undefined });
}
