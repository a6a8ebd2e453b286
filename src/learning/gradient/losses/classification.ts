/**
 * @file Losses of outputs that stand for classes, and the fraction correct. Labels are whole numbers, −1 where nothing
 * is asked.
 */

import { CajalError, exp, log } from "../../../core/index.ts";
import { checkTrajectory, type GradientSink, type Mask, type TrajectoryShape } from "./trajectory.ts";

/** What the losses of this file are given beside outputs and labels. */
export interface ClassOptions {
  /** `units` is the number of classes. */
  shape: TrajectoryShape;
  /** Shape `(time, batch)`, ≥ 0: how much each label counts, default 1. */
  mask?: Mask;
  into?: GradientSink;
}

/**
 * Cross-entropy with logits, Σ m −ln softmax(x)[label] / Σ m, over the labelled steps.
 *
 * @param logits - x, shape `(time, class, batch)`.
 * @param labels - Shape `(time, batch)`, 0 … classes − 1, or −1.
 * @returns The loss in nats; dL/dx is added to `options.into`.
 * @throws CajalError `trajectory-shape`, `bad-label`, `empty-mask`.
 */
export function crossEntropy(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassOptions,
): number {
  const { shape, into } = options;
  const { units, batch } = shape;
  const count = checkLabels(logits, labels, { ...options, where: "crossEntropy" });
  const scale = into ? (into.weight ?? 1) / count : 0;
  let sum = 0;
  eachLabel(labels, options, (first, label, weight) => {
    const total = logSumExp(logits, first, shape);
    sum += weight * (total - logits[first + label * batch]);
    if (!into) return;
    for (let c = 0; c < units; c++) {
      const share = exp(logits[first + c * batch] - total);
      into.gradient[first + c * batch] += scale * weight * (share - (c === label ? 1 : 0));
    }
  });
  return sum / count;
}

/**
 * Negative log-likelihood of outputs that are log-probabilities already, Σ m −x[label] / Σ m.
 *
 * @param logProbabilities - Shape `(time, class, batch)`, as a log-softmax gives them; taken as they are.
 * @throws CajalError `trajectory-shape`, `bad-label`, `empty-mask`.
 */
export function negativeLogLikelihood(
  logProbabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassOptions,
): number {
  const { shape, into } = options;
  const count = checkLabels(logProbabilities, labels, { ...options, where: "negativeLogLikelihood" });
  let sum = 0;
  eachLabel(labels, options, (first, label, weight) => {
    const k = first + label * shape.batch;
    sum -= weight * logProbabilities[k];
    if (into) into.gradient[k] -= ((into.weight ?? 1) * weight) / count;
  });
  return sum / count;
}

/**
 * Cross-entropy with shares of classes as targets, Σ m −Σ_c y_c ln max(softmax(x)_c, 1e-12) / Σ m, as nn4n has it.
 *
 * @param targets - y, shape `(time, class, batch)`, shares that sum to 1 over classes.
 * @param options - `mask` may also have shape `(time, class, batch)`, the same for all classes of a step.
 * @throws CajalError `trajectory-shape`, `empty-mask`.
 */
export function softCrossEntropy(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  { shape, mask: given, into }: ClassOptions,
): number {
  const where = "softCrossEntropy";
  checkTrajectory(logits, shape, { into, where });
  checkTrajectory(targets, shape, { where });
  const { time, units, batch } = shape;
  const mask = given && maskOfSteps(given, shape, where);
  const count = checkTrajectory({ length: time * batch }, { time, units: 1, batch }, { mask, where });
  const scale = into ? (into.weight ?? 1) / count : 0;
  let sum = 0;
  for (let at = 0; at < time * batch; at++) {
    const weight = mask ? mask[at] : 1;
    if (!(weight > 0)) continue;
    const first = Math.floor(at / batch) * units * batch + (at % batch);
    const total = logSumExp(logits, first, shape);
    let above = 0; // target mass on classes whose probability is not cut off
    for (let c = 0; c < units; c++) {
      const k = first + c * batch;
      const logShare = logits[k] - total;
      sum -= weight * targets[k] * Math.max(logShare, LOG_LEAST);
      if (logShare > LOG_LEAST) above += targets[k];
    }
    if (!into) continue;
    for (let c = 0; c < units; c++) {
      const k = first + c * batch;
      const logShare = logits[k] - total;
      const own = logShare > LOG_LEAST ? targets[k] : 0;
      into.gradient[k] += scale * weight * (above * exp(logShare) - own);
    }
  }
  return sum / count;
}

/**
 * Share of labels whose class has the largest output, weighted by the mask, 0 … 1. A tie goes to the lower class.
 *
 * @param outputs - Shape `(time, class, batch)`.
 */
export function fractionCorrect(
  outputs: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassOptions,
): number {
  const { units, batch } = options.shape;
  const count = checkLabels(outputs, labels, { ...options, where: "fractionCorrect" });
  let correct = 0;
  eachLabel(labels, options, (first, label, weight) => {
    let best = 0;
    for (let c = 1; c < units; c++) {
      if (outputs[first + c * batch] > outputs[first + best * batch]) best = c;
    }
    if (best === label) correct += weight;
  });
  return correct / count;
}

// Implementation

/** ln 1e-12. */
const LOG_LEAST = -27.631021115928547;

/** ln Σ_c exp(x_c) at one step of one trial. */
function logSumExp(x: ArrayLike<number>, first: number, { units, batch }: TrajectoryShape): number {
  let largest = -Infinity;
  for (let c = 0; c < units; c++) largest = Math.max(largest, x[first + c * batch]);
  let sum = 0;
  for (let c = 0; c < units; c++) sum += exp(x[first + c * batch] - largest);
  return largest + log(sum);
}

/** A mask in shape `(time, batch)`, also from one that has classes. */
function maskOfSteps(mask: Mask, { time, units, batch }: TrajectoryShape, where: string): Mask {
  if (mask.length !== time * units * batch) return mask;
  const steps = new Float64Array(time * batch);
  for (let k = 0; k < mask.length; k++) {
    const unit = Math.floor(k / batch) % units;
    const at = Math.floor(k / (units * batch)) * batch + (k % batch);
    if (unit === 0) steps[at] = mask[k];
    if (steps[at] === mask[k]) continue;
    throw new CajalError(
      `the mask of class ${unit} at step ${Math.floor(at / batch)} is not that of class 0`,
      {
        code: "trajectory-shape",
        where,
        hint: "The classes of a step count together: give one mask for all of them.",
      },
    );
  }
  return steps;
}

/** Sum of the mask over the labels. */
function checkLabels(
  outputs: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassOptions & { where: string },
): number {
  const { shape, mask, into, where } = options;
  const { time, units, batch } = shape;
  checkTrajectory(outputs, shape, { into, where });
  checkTrajectory(labels, { time, units: 1, batch }, { mask, where });
  let count = 0;
  for (let k = 0; k < labels.length; k++) {
    const label = labels[k];
    if (!(Number.isInteger(label) && label >= -1 && label < units)) {
      throw new CajalError(`label ${label} at step ${Math.floor(k / batch)} of trial ${k % batch}`, {
        code: "bad-label",
        where,
        hint: `Labels are 0 … ${units - 1}, or -1 where nothing is asked.`,
      });
    }
    if (label >= 0) count += mask ? mask[k] : 1;
  }
  if (count > 0) return count;
  throw new CajalError("no step has a label that counts", {
    code: "empty-mask",
    where,
    hint: "Every batch needs at least one label ≥ 0 with a mask above 0.",
  });
}

/** Calls `visit` with the index of class 0 at each labelled step. */
function eachLabel(
  labels: ArrayLike<number>,
  { shape, mask }: ClassOptions,
  visit: (first: number, label: number, weight: number) => void,
): void {
  const { units, batch } = shape;
  for (let k = 0; k < labels.length; k++) {
    const weight = mask ? mask[k] : 1;
    if (labels[k] < 0 || !(weight > 0)) continue;
    visit(Math.floor(k / batch) * units * batch + (k % batch), labels[k], weight);
  }
}
