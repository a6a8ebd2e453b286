/**
 * @file What a network answered: the choice of each trial, and when it was made, read off its outputs.
 */

import { CajalError } from "../../core/index.ts";
import type { TrialBatch } from "./batch-trials.ts";
import { findPeriod } from "./periods.ts";

/**
 * The choice of each trial by the rule of its task: the largest output at the end of the period, or the largest mean
 * over it. A tie goes to the lower index.
 *
 * @param outputs - Shape `(time, output, instance)`, for the steps of the batch.
 * @returns Index of the chosen output, shape `(instance)`; −1 in catch trials, and where an output is not a number.
 * @throws CajalError `shape`, or `no-choice` if the task has nothing to choose.
 */
export function readChoices(outputs: ArrayLike<number>, batch: TrialBatch): Int32Array {
  const { readout, count, outputNames } = batch;
  checkOutputs("readChoices", outputs, batch);
  if (readout.kind !== "choice") {
    throw new CajalError(`the task "${batch.task}" has outputs to be traced, not choices`, {
      code: "no-choice",
      where: "readChoices",
      hint: "Score it by the error between outputs and targets.",
    });
  }
  const width = outputNames.length;
  return Int32Array.from(batch.trials, ({ periods, catchTrial }, b) => {
    if (catchTrial) return -1;
    const { from, to } = findPeriod(periods, readout.period);
    const first = readout.at === "end" ? to - 1 : from;
    const sums = Float64Array.from({ length: width }, (_, i) => {
      let sum = 0;
      for (let t = first; t < to; t++) sum += outputs[(t * width + i) * count + b];
      return sum;
    });
    return largest(sums);
  });
}

/** When each trial was answered, and how. */
export interface Reactions {
  /** From the start of the rule's period to the end of the first step above threshold [ms], shape `(instance)`; NaN if never. */
  times: Float64Array;
  /** Index of the output that was first, shape `(instance)`; −1 if none. */
  choices: Int32Array;
}

/**
 * Reaction times: the first step, from the start of the period on, at which an alternative is above threshold. Of two
 * in one step the larger counts. Catch trials are looked at as well, from their start: a reaction there is a false alarm.
 *
 * @param outputs - Shape `(time, output, instance)`, for the steps of the batch.
 * @param options - Period and threshold, default those of the task.
 * @throws CajalError `shape`, or `no-reaction-time` if the task defines none and none is given.
 */
export function readReactions(
  outputs: ArrayLike<number>,
  batch: TrialBatch,
  options: { period?: string; threshold?: number } = {},
): Reactions {
  checkOutputs("readReactions", outputs, batch);
  const { readout, reaction, count, dt, outputNames } = batch;
  const period = options.period ?? reaction?.period;
  const threshold = options.threshold ?? reaction?.threshold;
  if (period === undefined || threshold === undefined) {
    throw new CajalError(`the task "${batch.task}" defines no reaction time`, {
      code: "no-reaction-time",
      where: "readReactions",
      hint: 'Give a period and a threshold, e.g. { period: "stimulus", threshold: 1 }.',
    });
  }
  const alternatives = readout.kind === "choice" ? readout.alternatives : outputNames.map((_, i) => i);
  const times = new Float64Array(batch.trials.length).fill(Number.NaN);
  const choices = new Int32Array(batch.trials.length).fill(-1);
  batch.trials.forEach(({ periods, steps, catchTrial }, b) => {
    const from = catchTrial ? 0 : findPeriod(periods, period).from;
    for (let t = from; t < steps && choices[b] < 0; t++) {
      let best = threshold;
      for (const i of alternatives) {
        const z = outputs[(t * outputNames.length + i) * count + b];
        if (!(z > best)) continue;
        best = z;
        choices[b] = i;
        times[b] = (t + 1 - from) * dt;
      }
    }
  });
  return { times, choices };
}

// Implementation

function largest(values: Float64Array): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) return -1;
    if (values[i] > values[best]) best = i;
  }
  return best;
}

function checkOutputs(where: string, outputs: ArrayLike<number>, batch: TrialBatch): void {
  const { steps, count, outputNames } = batch;
  const size = steps * outputNames.length * count;
  if (outputs.length === size) return;
  throw new CajalError(
    `there are ${outputs.length} outputs, ${steps} × ${outputNames.length} × ${count} makes ${size}`,
    { code: "shape", where, hint: "Give outputs of the whole batch in shape (time, output, instance)." },
  );
}
