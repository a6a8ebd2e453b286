/**
 * @file Many trials side by side, laid out as the engine advances them: instances innermost, short trials padded.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import type { AnswerRule, Conditions, ReactionRule, Task, Trial, TrialFacts } from "./trial.ts";

/** Trials of one task as three arrays. Beyond the end of a trial inputs, targets and mask are 0, labels −1. */
export interface TrialBatch {
  kind: "trial-batch";
  /** Name of the task. */
  task: string;
  /** Step [ms]. */
  dt: number;
  /** Steps of all instances: those of the longest trial, or as asked for. */
  steps: number;
  /** Number of trials. */
  count: number;
  inputNames: readonly string[];
  outputNames: readonly string[];
  /** Shape `(time, channel, instance)`. */
  inputs: Float64Array;
  /** Shape `(time, output, instance)`. */
  targets: Float64Array;
  /** Shape `(time, output, instance)`. */
  mask: Float64Array;
  /** Shape `(time, instance)`. */
  labels: Int32Array;
  /** Facts of each trial, shape `(instance)`. */
  trials: TrialFacts[];
  readout: AnswerRule;
  reaction?: ReactionRule;
}

/** How the trials of a batch are chosen. */
export interface BatchOptions {
  /** Conditions fixed in every trial, or a list that is gone through again and again, one entry a trial. */
  conditions?: Conditions | readonly Conditions[];
  /** Index of the first trial, default 0: trial k of the batch draws from `rng.stream(first + k)`. */
  first?: number;
  /** Steps of the arrays, at least those of the longest trial drawn; give `task.maxSteps` for batches of one size. */
  steps?: number;
}

/**
 * A batch of trials. Trial k depends on `rng` and `first + k` alone, so a batch of 20 begins as one of 10 does.
 *
 * @param count - Trials, ≥ 1.
 * @throws CajalError `bad-option`, `unknown-condition`, `bad-condition`.
 * @example const { inputs, targets, mask } = batchTrials(perceptualDecision(), 20, createRng(7).stream("batch/0"));
 */
export function batchTrials(task: Task, count: number, rng: Rng, options: BatchOptions = {}): TrialBatch {
  const { conditions = {}, first = 0 } = options;
  const list = Array.isArray(conditions) ? (conditions as readonly Conditions[]) : [conditions as Conditions];
  const fail = (what: string, hint?: string) => {
    throw new CajalError(what, { code: "bad-option", where: "batchTrials", hint });
  };
  if (!(Number.isSafeInteger(count) && count >= 1)) fail(`count must be a whole number ≥ 1, got ${count}`);
  if (!(Number.isSafeInteger(first) && first >= 0)) fail(`first must be a whole number ≥ 0, got ${first}`);
  if (list.length === 0) fail("the list of conditions is empty", "Give at least one entry, or leave it out.");
  const trials = Array.from({ length: count }, (_, k) =>
    task.trial(rng.stream(first + k), list[(first + k) % list.length]),
  );
  return packTrials(task, trials, options.steps);
}

/**
 * Trials that exist already as one batch.
 *
 * @param steps - Steps of the arrays, default those of the longest trial.
 * @throws CajalError `bad-option` if there is no trial or one is longer than `steps`.
 */
export function packTrials(task: Task, trials: readonly Trial[], steps?: number): TrialBatch {
  const longest = Math.max(0, ...trials.map((t) => t.steps));
  const length = steps ?? longest;
  if (trials.length === 0 || !Number.isSafeInteger(length) || length < longest) {
    const what =
      trials.length === 0 ? "there is no trial" : `a trial has ${longest} steps, steps is ${steps}`;
    const hint =
      trials.length === 0 ? undefined : `Give ${task.maxSteps}, the longest trial of the task, or more.`;
    throw new CajalError(what, { code: "bad-option", where: "packTrials", hint });
  }
  const size = { steps: length, count: trials.length };
  return {
    kind: "trial-batch",
    task: task.name,
    dt: task.dt,
    ...size,
    inputNames: task.inputs,
    outputNames: task.outputs,
    inputs: interleave(trials, "inputs", { ...size, width: task.inputs.length }),
    targets: interleave(trials, "targets", { ...size, width: task.outputs.length }),
    mask: interleave(trials, "mask", { ...size, width: task.outputs.length }),
    labels: interleaveLabels(trials, size),
    trials: trials.map(({ steps, periods, conditions, choice, evidence, catchTrial }) => {
      return { steps, periods, conditions, choice, evidence, catchTrial };
    }),
    readout: task.readout,
    reaction: task.reaction,
  };
}

// Implementation

function interleave(
  trials: readonly Trial[],
  field: "inputs" | "targets" | "mask",
  { steps, count, width }: { steps: number; count: number; width: number },
): Float64Array {
  const out = new Float64Array(steps * width * count);
  for (let b = 0; b < count; b++) {
    const values = trials[b][field];
    for (let k = 0; k < values.length; k++) out[k * count + b] = values[k];
  }
  return out;
}

function interleaveLabels(
  trials: readonly Trial[],
  { steps, count }: { steps: number; count: number },
): Int32Array {
  const out = new Int32Array(steps * count).fill(-1);
  for (let b = 0; b < count; b++) {
    const { labels } = trials[b];
    for (let t = 0; t < labels.length; t++) out[t * count + b] = labels[t];
  }
  return out;
}
