/**
 * @file Adam (Kingma & Ba 2015), AMSGrad (Reddi, Kale & Kumar 2018) and AdamW with decoupled decay (Loshchilov & Hutter
 * 2019), as in torch.optim: the bias correction stands outside of ε.
 */

import { pow } from "../../../core/index.ts";
import { checkNumber, type Values, zerosLike } from "../parameters.ts";
import { type AdamArrays, adamBlocks } from "./adam-block.ts";
import type { Tensor } from "./tensor.ts";

/** Options of `{ kind: "adam" }` and `{ kind: "adamw" }`. */
export interface AdamOptions {
  /** β₁: share of the old mean kept, 0 ≤ β₁ < 1, default 0.9. */
  beta1?: number;
  /** β₂: share of the old mean square kept, 0 ≤ β₂ < 1, default 0.999. */
  beta2?: number;
  /** ε added to the root, ≥ 0, default 1e-8. */
  epsilon?: number;
  /** Divide by the largest mean square so far, default false. */
  amsgrad?: boolean;
  /** Adam: λ of an L2 penalty, default 0. AdamW: shrinks weights by 1 − ηλ each step, default 0.01. */
  weightDecay?: number;
}

/** @throws CajalError `bad-range`. */
export function checkAdam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions, where: string): void {
  checkNumber(beta1, "beta1", { where, least: 0, below: 1 });
  checkNumber(beta2, "beta2", { where, least: 0, below: 1 });
  checkNumber(epsilon, "epsilon", { where, least: 0 });
}

/** m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε). */
export function adamStep(options: AdamOptions & { decoupled: boolean }, tensor: Tensor): void {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, decoupled } = options;
  const { values, gradient, slots, rate, steps } = tensor;
  slots.mean ??= zerosLike(values);
  slots.square ??= zerosLike(values);
  if (options.amsgrad) slots.largest ??= zerosLike(values);
  const { mean, square, largest } = slots;
  const stepSize = rate / (1 - pow(beta1, steps));
  const root = Math.sqrt(1 - pow(beta2, steps));
  const keep = decoupled ? 1 - rate * weightDecay : 1;
  const penalty = decoupled ? 0 : weightDecay;
  if (!largest && values.length >= MANY && isDouble({ values, gradient, mean, square })) {
    const factors = {
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      penalty,
      keep,
      stepSize,
      root,
      epsilon,
    };
    adamBlocks({ values, gradient, mean, square } as AdamArrays, factors);
    return;
  }
  for (let k = 0; k < values.length; k++) {
    const g = gradient[k] + penalty * values[k];
    mean[k] = beta1 * mean[k] + (1 - beta1) * g;
    square[k] = beta2 * square[k] + (1 - beta2) * g * g;
    let v = square[k];
    if (largest) {
      if (v > largest[k]) largest[k] = v;
      v = largest[k];
    }
    values[k] = values[k] * keep - stepSize * (mean[k] / (Math.sqrt(v) / root + epsilon));
  }
}

// Implementation

/** Numbers from which on blocks are faster. */
const MANY = 256;

const isDouble = (arrays: Record<keyof AdamArrays, Values>) =>
  Object.values(arrays).every((array) => array instanceof Float64Array);
