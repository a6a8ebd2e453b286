/**
 * @file When training is over: by a target, by patience.
 */

import { CajalError } from "../../../core/index.ts";
import type { TrialBatch } from "../../../tasks/index.ts";
import type { EarlyStopping } from "./train-options.ts";
import type { TrainingStatus, Validation } from "./training-result.ts";

/** Whether the validations so far end training, and why. Depends on them alone, so that a resumed run stops alike. */
export function judge(
  all: readonly Validation[],
  { criterion, target, window = 1, patience }: EarlyStopping,
): { status: TrainingStatus; message: string } | undefined {
  // Saved with another criterion, a run may lack the one of now in what was seen before.
  const validations = all.filter((v) => v[criterion] !== undefined);
  const values = validations.map((v) => v[criterion] as number);
  const sign = criterion === "loss" ? -1 : 1;
  const after = validations.at(-1)?.updates;
  if (target !== undefined && values.length >= window) {
    const mean = values.slice(-window).reduce((sum, v) => sum + v, 0) / window;
    if (sign * mean >= sign * target) {
      const over = window > 1 ? `, mean of ${window} validations,` : "";
      return {
        status: "reached",
        message: `${criterion}${over} is ${short(mean)} after ${after} updates, target ${target}.`,
      };
    }
  }
  if (patience === undefined) return undefined;
  let best = -1;
  values.forEach((v, k) => {
    if (best < 0 || sign * v > sign * values[best]) best = k;
  });
  if (values.length - 1 - best < patience) return undefined;
  const when = `the best is ${short(values[best])} after ${validations[best].updates}`;
  return {
    status: "stopped",
    message: `${criterion} has not improved in ${patience} validations, ${after} updates were made; ${when}.`,
  };
}

/**
 * Whether validation trials can be judged at all: chance may have drawn none but catch trials.
 *
 * @throws CajalError `bad-option`.
 */
export function checkAnswers(validation: readonly TrialBatch[], stopping: EarlyStopping | undefined): void {
  if (!stopping || stopping.criterion === "loss") return;
  const isAsked = ({ readout, trials, labels }: TrialBatch) =>
    readout.kind === "choice" ? trials.some((t) => t.choice >= 0) : labels.some((label) => label >= 0);
  if (validation.some(isAsked)) return;
  throw new CajalError(`no validation trial has a right answer, ${stopping.criterion} cannot be judged`, {
    code: "bad-option",
    where: "train",
    hint: "Raise validation.trials, or show no catch trials: validation: { conditions: { catch: false } }.",
  });
}

// Implementation

const short = (value: number) => Number(value.toPrecision(4));
