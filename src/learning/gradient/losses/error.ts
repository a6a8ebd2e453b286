/**
 * @file Losses of outputs that should follow a target: masked mean squared error and binary cross-entropy.
 */

import { CajalError, exp, log1p, sigmoid } from "../../../core/index.ts";
import { checkTrajectory, eachEntry, type TermOptions, type TrajectoryShape } from "./trajectory.ts";

/**
 * Mean squared error, Σ m (z − y)² / Σ m, as in Song, Yang & Wang (2016), Eq. 20; the plain mean without a mask.
 *
 * @param outputs - z, shape `(time, output, batch)`.
 * @param targets - y, same shape.
 * @returns The loss; dL/dz is added to `options.into`.
 * @throws CajalError `trajectory-shape`, `empty-mask`.
 */
export function meanSquaredError(
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: TermOptions & { shape: TrajectoryShape },
): number {
  const { shape, mask, into } = options;
  const count = checkPair(outputs, targets, { ...options, where: "meanSquaredError" });
  const scale = into ? (2 * (into.weight ?? 1)) / count : 0;
  let sum = 0;
  eachEntry(shape, mask, (k, weight) => {
    const error = outputs[k] - targets[k];
    sum += weight * error * error;
    if (into) into.gradient[k] += scale * weight * error;
  });
  return sum / count;
}

/**
 * Binary cross-entropy of sigmoid outputs given before the sigmoid: −Σ m (y ln σ(x) + (1 − y) ln(1 − σ(x))) / Σ m.
 *
 * @param logits - x, shape `(time, output, batch)`.
 * @param targets - y, same shape, 0 … 1.
 * @throws CajalError `trajectory-shape`, `empty-mask`.
 */
export function binaryCrossEntropy(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: TermOptions & { shape: TrajectoryShape },
): number {
  const { shape, mask, into } = options;
  const count = checkPair(logits, targets, { ...options, where: "binaryCrossEntropy" });
  const scale = into ? (into.weight ?? 1) / count : 0;
  let sum = 0;
  eachEntry(shape, mask, (k, weight) => {
    const x = logits[k];
    // ln(1 + eˣ) − y x, written so that nothing overflows.
    sum += weight * (Math.max(x, 0) - targets[k] * x + log1p(exp(-Math.abs(x))));
    if (into) into.gradient[k] += scale * weight * (sigmoid(x) - targets[k]);
  });
  return sum / count;
}

// Implementation

function checkPair(
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: TermOptions & { shape: TrajectoryShape; where: string },
): number {
  if (targets.length !== outputs.length) {
    throw new CajalError(`${targets.length} targets for ${outputs.length} outputs`, {
      code: "trajectory-shape",
      where: options.where,
      hint: "Outputs and targets have the same shape (time, output, batch).",
    });
  }
  return checkTrajectory(outputs, options.shape, options);
}
