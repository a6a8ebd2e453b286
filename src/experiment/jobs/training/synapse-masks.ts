/**
 * @file Which synapses of a network exist and which of them are trained, as arrays that other programs read.
 */

import type { Matrix } from "../../../core/index.ts";
import type { RateNetwork } from "../../../learning/index.ts";
import { type MaskArray, SYNAPSE } from "../../results/training-record.ts";

/** By name of the projection. */
export function synapseMasks({
  network,
  trainable,
  constraints = {},
}: RateNetwork): Record<string, MaskArray> {
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

// Implementation

/** From the order of storage to shape `(post, pre)`, 0 where nothing is stored. */
function spread(weights: Matrix, kind: (e: number) => number): Uint8Array {
  const out = new Uint8Array(weights.rows * weights.columns);
  if (weights.kind === "dense") {
    for (let e = 0; e < out.length; e++) out[e] = kind(e);
    return out;
  }
  const { rows, columns, rowStart, column } = weights;
  for (let i = 0; i < rows; i++)
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) out[i * columns + column[e]] = kind(e);
  return out;
}
