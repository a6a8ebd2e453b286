/**
 * @file One parameter in one optimiser step, as the optimisers' inner functions take it.
 */

import type { Values } from "../parameters.ts";

/** Running averages of one parameter by name, each of its length, e.g. `{ mean, square }`. */
export type Slots = Record<string, Values>;

/** One parameter in one step, as the optimisers' inner functions take it. */
export interface Tensor {
  values: Values;
  gradient: Values;
  slots: Slots;
  /** Learning rate of this parameter. */
  rate: number;
  /** 1 in the first step. */
  steps: number;
}
