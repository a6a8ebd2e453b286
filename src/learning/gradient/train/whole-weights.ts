/**
 * @file Weights as terms of a loss see them: whole matrices with 0 where there is no synapse, so that a mean over all
 * entries and what is made of a square matrix do not depend on how weights are stored.
 */

import type { Network } from "../../../model/index.ts";

/** Place of each stored weight of a projection in its whole matrix, shape `(post, pre)`. */
export interface WholeWeights {
  /** Entries of the matrix. */
  size: number;
  /** Shape `(edge)`. */
  places: Uint32Array;
}

/** Of a projection with sparse weights; undefined where the matrix is stored whole. */
export function wholeWeights({ projections }: Network, name: string): WholeWeights | undefined {
  const weights = projections.find((p) => p.name === name)?.weights;
  if (weights?.kind !== "sparse") return undefined;
  const { rows, columns, rowStart, column } = weights;
  const places = new Uint32Array(column.length);
  for (let post = 0; post < rows; post++) {
    for (let k = rowStart[post]; k < rowStart[post + 1]; k++) places[k] = post * columns + column[k];
  }
  return { size: rows * columns, places };
}

/** The whole matrix of stored weights. */
export function spreadWeights({ size, places }: WholeWeights, stored: ArrayLike<number>): Float64Array {
  const whole = new Float64Array(size);
  for (let k = 0; k < places.length; k++) whole[places[k]] = stored[k];
  return whole;
}

/** What a whole matrix has where weights are stored. */
export function gatherWeights({ places }: WholeWeights, whole: ArrayLike<number>): Float64Array {
  return Float64Array.from(places, (place) => whole[place]);
}
