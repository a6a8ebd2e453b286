/**
 * @file Where training broke, in words: the first quantity that is not finite and what to do about it.
 */

import type { Divergence } from "../../../engine/index.ts";
import type { TrialBatch } from "../../../tasks/index.ts";
import type { ResolvedTraining } from "./train-options.ts";
import type { BadNumber } from "./trained-parameters.ts";

/** What stopped being finite. */
export interface Breakdown {
  quantity: string;
  /** What it became, and where. */
  what: string;
  advice: string;
}

/** The trial whose activity was not finite first; trials are listed by number. */
export function earliest(diverged: readonly Divergence[]): Divergence | undefined {
  return diverged.reduce<Divergence | undefined>((a, b) => (a && a.t <= b.t ? a : b), undefined);
}

/** Activity exploded. */
export function brokenForward({ variable, unit, instance, t }: Divergence): Breakdown {
  return {
    quantity: variable,
    what: `of unit ${unit} was not finite at t = ${t} ms of trial ${instance}`,
    advice: "lower the learning rate, the spectral radius of the initial weights, or dt",
  };
}

/** Activity exploded because a task showed what is no number; undefined if it did not. */
export function brokenInput(batches: readonly TrialBatch[]): Breakdown | undefined {
  for (const { task, inputs, inputNames, count, dt } of batches) {
    const at = inputs.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const row = Math.floor(at / count);
    const t = Math.floor(row / inputNames.length) * dt;
    return {
      quantity: `input "${inputNames[row % inputNames.length]}"`,
      what: `is ${inputs[at]} at t = ${t} ms of trial ${at % count}`,
      advice: `mend the task "${task}": its inputs must be finite numbers`,
    };
  }
  return undefined;
}

/** Activity in the validation is finite, its loss is not. */
export function brokenValidation(loss: number): Breakdown {
  return { quantity: "loss of the validation", what: `is ${loss}`, advice: "lower the learning rate" };
}

/** Activity is finite, the loss is not. */
export function brokenLoss(terms: Readonly<Record<string, number>>): Breakdown {
  const bad = Object.entries(terms).find(([, value]) => !Number.isFinite(value));
  return {
    quantity: bad ? `loss "${bad[0]}"` : "loss",
    what: `is ${bad ? bad[1] : "not finite, though each of its terms is"}`,
    advice: "lower the learning rate or the weight of the term, and look for targets that are not finite",
  };
}

/** The loss is finite, its gradient is not. */
export function brokenGradient(
  { name, index, value }: BadNumber,
  notFiniteAt: number,
  { run }: Pick<ResolvedTraining, "run">,
): Breakdown {
  const where = notFiniteAt < 0 ? "" : `, adjoints from step ${notFiniteAt} backwards`;
  const wider = run.precision === "f64" ? "" : ", or run in f64";
  return {
    quantity: `gradient of ${name}`,
    what: `is ${value} at ${index}${where}, while the loss is finite`,
    advice: `gradients exploded through time: lower the spectral radius or the learning rate${wider}`,
  };
}

/** The gradient is finite, what the optimiser made of it is not. */
export function brokenStep({ name, index, value }: BadNumber, learningRate: number): Breakdown {
  return {
    quantity: name,
    what: `became ${value} at ${index} in a step with learning rate ${learningRate}`,
    advice: "lower the learning rate, or clip the gradient",
  };
}
