/**
 * @file Stochastic gradient descent with momentum, dampening, Nesterov's look-ahead and weight decay, as in
 * torch.optim.SGD: the first step takes the bare gradient as momentum, and the learning rate is outside of it.
 */

import { CajalError } from "../../../core/index.ts";
import { checkNumber } from "../parameters.ts";
import type { Tensor } from "./tensor.ts";

/** Options of `{ kind: "sgd" }`. */
export interface SgdOptions {
  /** μ, 0 ≤ μ < 1, default 0. */
  momentum?: number;
  /** τ: only 1 − τ of each gradient enters the momentum, default 0. */
  dampening?: number;
  /** Default false. */
  nesterov?: boolean;
  /** λ of an L2 penalty λ/2 |θ|², ≥ 0, default 0. */
  weightDecay?: number;
}

/** @throws CajalError `bad-range`, `bad-nesterov`. */
export function checkSgd({ momentum = 0, dampening = 0, nesterov }: SgdOptions, where: string): void {
  checkNumber(momentum, "momentum", { where, least: 0, below: 1 });
  checkNumber(dampening, "dampening", { where, least: 0, most: 1 });
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new CajalError("nesterov needs momentum above 0 and dampening 0", {
      code: "bad-nesterov",
      where,
      hint: `Got momentum ${momentum}, dampening ${dampening}; usual is momentum: 0.9.`,
    });
  }
}

/** b ← μ b + (1 − τ) g, θ ← θ − η b; with Nesterov θ ← θ − η (g + μ b). */
export function sgdStep(options: SgdOptions, { values, gradient, slots, rate }: Tensor): void {
  const { momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
  const size = values.length;
  if (momentum === 0) {
    for (let k = 0; k < size; k++) values[k] -= rate * (gradient[k] + weightDecay * values[k]);
    return;
  }
  const first = slots.momentum === undefined;
  slots.momentum ??= values.slice().fill(0);
  const buffer = slots.momentum;
  for (let k = 0; k < size; k++) {
    const g = gradient[k] + weightDecay * values[k];
    const b = first ? g : momentum * buffer[k] + (1 - dampening) * g;
    buffer[k] = b;
    values[k] -= rate * (nesterov ? g + momentum * b : b);
  }
}
