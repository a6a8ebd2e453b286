/**
 * @file RMSprop (Tieleman & Hinton 2012, lecture 6.5), centred or not, with momentum, as in torch.optim.RMSprop: ε is
 * added to the root.
 */

import { checkNumber, zerosLike } from "../parameters.ts";
import type { Tensor } from "./tensor.ts";

/** Options of `{ kind: "rmsprop" }`. */
export interface RmspropOptions {
  /** α: share of the old mean square kept in a step, 0 ≤ α < 1, default 0.99. */
  smoothing?: number;
  /** ε added to the root, ≥ 0, default 1e-8. */
  epsilon?: number;
  /** μ, 0 ≤ μ < 1, default 0. */
  momentum?: number;
  /** Divide by an estimate of the standard deviation instead of the root mean square, default false. */
  centered?: boolean;
  /** λ of an L2 penalty λ/2 |θ|², ≥ 0, default 0. */
  weightDecay?: number;
}

/** @throws CajalError `bad-range`. */
export function checkRmsprop(options: RmspropOptions, where: string): void {
  const { smoothing = 0.99, epsilon = 1e-8, momentum = 0 } = options;
  checkNumber(smoothing, "smoothing", { where, least: 0, below: 1 });
  checkNumber(epsilon, "epsilon", { where, least: 0 });
  checkNumber(momentum, "momentum", { where, least: 0, below: 1 });
}

/** v ← α v + (1 − α) g², m ← α m + (1 − α) g, θ ← θ − η g / (√(v − m²) + ε); m only when centred. */
export function rmspropStep(options: RmspropOptions, { values, gradient, slots, rate }: Tensor): void {
  const { smoothing = 0.99, epsilon = 1e-8, momentum = 0, centered = false, weightDecay = 0 } = options;
  slots.square ??= zerosLike(values);
  if (centered) slots.mean ??= zerosLike(values);
  if (momentum > 0) slots.momentum ??= zerosLike(values);
  const { square, mean, momentum: buffer } = slots;
  for (let k = 0; k < values.length; k++) {
    const g = gradient[k] + weightDecay * values[k];
    square[k] = smoothing * square[k] + (1 - smoothing) * g * g;
    let variance = square[k];
    if (centered) {
      mean[k] += (1 - smoothing) * (g - mean[k]);
      // Rounding may leave a constant gradient's variance a hair below 0.
      variance = Math.max(0, variance - mean[k] * mean[k]);
    }
    const step = g / (Math.sqrt(variance) + epsilon);
    if (momentum > 0) {
      buffer[k] = momentum * buffer[k] + step;
      values[k] -= rate * buffer[k];
    } else values[k] -= rate * step;
  }
}
