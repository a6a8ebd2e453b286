/**
 * @file Recurrent weights that training on a connectome starts from: drawn ones in the order of the connectome's, or
 * the connectome's own, at a wanted spectral radius, in the storage of the network.
 */

import { type Connectome, rankRemap } from "../../../connectome/index.ts";
import { CajalError, type Matrix, type SparseMatrix, spectralRadius, toSparse } from "../../../core/index.ts";
import type { RateNetwork } from "../../../learning/index.ts";
import type { WiringChoice } from "../../spec/wiring-schema.ts";

/** How weights start. */
export interface StartingOptions {
  use: WiringChoice["use"];
  /** Sign of each unit; undefined without Dale's law. */
  signs: Int8Array | undefined;
  /** Wanted radius; undefined: as it comes. */
  spectralRadius?: number;
}

/**
 * Recurrent weights to start from, in the storage of the network.
 *
 * @throws CajalError `zero-spectral-radius`, `sign-conflict`.
 */
export function startingWeights(
  rate: RateNetwork,
  connectome: Connectome,
  { use, signs, spectralRadius: wanted }: StartingOptions,
): Float64Array {
  const stored = rate.network.projections.find(({ name }) => name === "rec")!.weights;
  const drawn = denseValues(stored);
  const values = use === "mask" ? drawn : ordered(drawn, connectome, { use, signs });
  const weights = inStorageOf(stored, values);
  if (wanted === undefined) return weights;
  const radius = spectralRadius({ ...stored, values: weights });
  if (radius > 0) return weights.map((w) => (w / radius) * wanted);
  if (wanted === 0) return weights;
  throw new CajalError(`the spectral radius of the weights is 0, it cannot be made ${wanted}`, {
    code: "zero-spectral-radius",
    where: "wiring.spectralRadius",
    hint: "The synapses form no loop: take another connectome, or spectralRadius: free.",
  });
}

/** Shape `(post, pre)`, row-major, zeros where there is no synapse. */
export function denseValues(matrix: Matrix): Float64Array {
  if (matrix.kind === "dense") return matrix.values.slice();
  const out = new Float64Array(matrix.rows * matrix.columns);
  forEachEdge(matrix, (place, e) => {
    out[place] = matrix.values[e];
  });
  return out;
}

/** Values of shape `(post, pre)` in the storage of a matrix. */
export function inStorageOf(matrix: Matrix, dense: Float64Array): Float64Array {
  if (matrix.kind === "dense") return dense.slice();
  const out = new Float64Array(matrix.values.length);
  forEachEdge(matrix, (place, e) => {
    out[e] = dense[place];
  });
  return out;
}

// Implementation

function forEachEdge(
  { rows, columns, rowStart, column }: SparseMatrix,
  visit: (place: number, e: number) => void,
): void {
  for (let i = 0; i < rows; i++)
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) visit(i * columns + column[e], e);
}

/** Weights in the order of the connectome's, or those themselves; under Dale's law with the sign of the sending unit. */
function ordered(
  drawn: Float64Array,
  { weights, labels }: Connectome,
  { use, signs }: Pick<StartingOptions, "use" | "signs">,
): Float64Array {
  const size = labels.length;
  const measured = denseValues(weights);
  // Synapses that the network does not have (autapses, those thinned out) have no rank.
  const template = measured.map((w, k) => (drawn[k] === 0 ? 0 : signs ? Math.abs(w) : w));
  const matrix = (values: Float64Array) => ({ kind: "dense" as const, rows: size, columns: size, values });
  const sizes = signs ? drawn.map(Math.abs) : drawn;
  const placed =
    use === "weights" ? template : denseValues(rankRemap(toSparse(matrix(template)), matrix(sizes)).weights);
  if (!signs) return placed;
  return placed.map((w, k) => (signs[k % size] < 0 ? -w : w));
}
