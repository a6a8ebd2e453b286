/**
 * @file Which synapses of a network exist, which of them are trained, and the signs of what units send, as arrays for
 * files that other programs read.
 */

import type { Matrix } from "../../../core/index.ts";
import type { WeightConstraint } from "../constraints/weight-constraint.ts";
import type { TrainableNetwork } from "../train/trainable-network.ts";
import type { Tensor } from "./safetensors.ts";

/** What stands in a mask: no synapse, one that is trained, one that keeps its weight. */
export const SYNAPSE = { none: 0, trained: 1, fixed: 2 } as const;

/** One of {@link SYNAPSE} for each pair, shape `(post, pre)`. */
export interface MaskArray {
  shape: readonly [number, number];
  values: Uint8Array;
}

/** By name of the projection. */
export function synapseMasks({
  network,
  trainable,
  constraints = {},
}: TrainableNetwork): Record<string, MaskArray> {
  return Object.fromEntries(
    network.projections.map(({ name, weights }): [string, MaskArray] => {
      const constraint = constraints[`weights:${name}`];
      const isTrained = trainable.includes(`weights:${name}`);
      const kind = (e: number): number => {
        if (constraint?.plastic[e] === 1) return SYNAPSE.trained;
        if (constraint) return constraint.fixed && constraint.fixed[e] !== 0 ? SYNAPSE.fixed : SYNAPSE.none;
        if (isTrained) return SYNAPSE.trained;
        return weights.values[e] === 0 ? SYNAPSE.none : SYNAPSE.fixed;
      };
      return [name, { shape: [weights.rows, weights.columns], values: spread(weights, kind) }];
    }),
  );
}

/**
 * Masks and signs of a network, to stand beside its parameters in a file.
 *
 * @returns `masks/<projection>`, shape `(post, pre)`, whole numbers of 8 bits: 0 no synapse, 1 trained, 2 keeps its
 * weight; and `signs/<projection>`, shape `(pre)`, of trained projections whose sending units each have one sign
 * (Dale's law): 1, −1, or 0 for a unit without synapses there.
 * @example
 * const { network } = rate;
 * encodeSafetensors({ ...parameterTensors(network, result.last), ...constraintTensors(rate) });
 */
export function constraintTensors(trainable: TrainableNetwork): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, mask] of Object.entries(synapseMasks(trainable))) tensors[`masks/${name}`] = mask;
  for (const { name, weights } of trainable.network.projections) {
    const constraint = trainable.constraints?.[`weights:${name}`];
    const signs = constraint && signsOf(constraint, weights);
    if (signs) tensors[`signs/${name}`] = { values: signs, shape: [weights.columns] };
  }
  return tensors;
}

// Implementation

/** From the order of storage to shape `(post, pre)`, 0 where nothing is stored. */
function spread(weights: Matrix, kind: (e: number) => number): Uint8Array {
  const out = new Uint8Array(weights.rows * weights.columns);
  forEachEntry(weights, (place, e) => {
    out[place] = kind(e);
  });
  return out;
}

/** Shape `(pre)`; undefined where some synapses may have either sign, or those of one unit differ. */
function signsOf({ signs, plastic, fixed }: WeightConstraint, weights: Matrix): Int8Array | undefined {
  if (!signs) return undefined;
  const out = new Int8Array(weights.columns);
  let isLawful = true;
  forEachEntry(weights, (place, e) => {
    if (plastic[e] === 0 && !(fixed && fixed[e] !== 0)) return;
    const pre = place % weights.columns;
    if (signs[e] === 0 || out[pre] === -signs[e]) isLawful = false;
    out[pre] = signs[e];
  });
  return isLawful ? out : undefined;
}

/** Each stored weight, with its place in shape `(post, pre)`. */
function forEachEntry(weights: Matrix, visit: (place: number, e: number) => void): void {
  const { rows, columns } = weights;
  if (weights.kind === "dense") {
    for (let e = 0; e < rows * columns; e++) visit(e, e);
    return;
  }
  const { rowStart, column } = weights;
  for (let i = 0; i < rows; i++)
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) visit(i * columns + column[e], e);
}
