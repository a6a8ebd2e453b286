/**
 * @file A trained network is asked: new trials, longer fixation, the network simulated like any other.
 */

import { createRng } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import type { Network } from "../../src/model/index.ts";
import {
  batchTrials,
  type Conditions,
  readChoices,
  type Task,
  type TrialBatch,
} from "../../src/tasks/index.ts";

/** Answers to a batch of trials. */
export interface Answers {
  batch: TrialBatch;
  /** Chosen output, shape `(trial)`. */
  choices: Int32Array;
}

/** What is asked. */
export interface Questions {
  network: Network;
  task: Task;
  trials: number;
  conditions?: Conditions | readonly Conditions[];
  seed: number;
}

/** Show a network trials it was not trained on. */
export function ask(questions: Questions): Answers {
  const { batch, values } = observe(questions, "out.z");
  return { batch, choices: readChoices(values, batch) };
}

/**
 * Watch a variable of a network while it does trials it was not trained on.
 *
 * @param variable - `"population.variable"`.
 * @returns Values, shape `(time, unit, trial)`.
 */
export function observe(
  { network, task, trials, conditions, seed }: Questions,
  variable: string,
): { batch: TrialBatch; values: ArrayLike<number> } {
  const batch = batchTrials(
    task,
    trials,
    createRng(seed).stream("questions"),
    conditions ? { conditions } : {},
  );
  const run = simulate(network, { dt: task.dt, instances: trials, seed, precision: "f32" });
  const monitor = run.monitor(variable);
  run.run(batch.steps * task.dt, { inputs: { [network.inputs[0].name]: batch.inputs } });
  return { batch, values: monitor.data().values };
}
