/**
 * @file Initial weights in the order of a connectome's: the largest weight goes to the strongest connection, and so on
 * down. After bio_rnn_mem (Goulas, Damicelli & Hilgetag 2021). Departure: ties are broken by place, row by row, and the
 * spectral radius, which the remap raises, is reported and matched on request; without that a comparison with random
 * topology is one of spectra.
 */

import {
  CajalError,
  type Matrix,
  type SparseMatrix,
  spectralRadius,
  toDense,
  toSparse,
} from "../../core/index.ts";

/** Options of {@link rankRemap}. */
export interface RankRemapOptions {
  /**
   * What is ranked of the weights: their `value` (default: the weaker half of the connections becomes inhibitory when
   * weights are symmetric about 0), or their `magnitude`, which takes each weight's sign along.
   */
  by?: "value" | "magnitude";
  /** Scale the result to the radius before the remap, or to this number, > 0. Default left. */
  spectralRadius?: "before" | number;
}

/** What {@link rankRemap} makes. */
export interface RankRemap {
  /** Shape `(post, pre)`, entries where the template has them. */
  readonly weights: SparseMatrix;
  /** ρ of the weights at the template's places before the remap, after it, and after scaling. */
  readonly spectralRadius: { readonly before: number; readonly remapped: number; readonly after: number };
}

/**
 * Put weights in the order of a template.
 *
 * @param template - Shape `(post, pre)`, square; where it is 0 the result is. Ties are ranked row by row, earlier first.
 * @param weights - Same shape; those where the template is 0 are not used.
 * @throws CajalError `shape`, `not-finite`, `zero-spectral-radius`, `bad-range`.
 * @example rankRemap(connectome.weights, initial, { spectralRadius: "before" }).weights
 */
export function rankRemap(template: Matrix, weights: Matrix, options: RankRemapOptions = {}): RankRemap {
  const where = "rankRemap";
  if (template.rows !== weights.rows || template.columns !== weights.columns) {
    const sizes = [template, weights].map((m) => `${m.rows} × ${m.columns}`);
    throw new CajalError(`the template is ${sizes[0]}, the weights ${sizes[1]}`, {
      code: "shape",
      where,
      hint: "Both are (post, pre) of the same network.",
    });
  }
  const places = withoutZeros(template);
  const masked = { ...places, values: pick(places, weights) };
  for (const [what, values] of Object.entries({ template: places.values, weights: masked.values })) {
    const odd = values.find((w) => !Number.isFinite(w));
    if (odd === undefined) continue;
    const hint = "Put 0 in the template where there is no connection.";
    throw new CajalError(`${odd} of the ${what} has no rank`, { code: "not-finite", where, hint });
  }
  const key = options.by === "magnitude" ? Math.abs : (w: number) => w;
  const values = new Float64Array(masked.values.length);
  // Sorting is stable, so that places and weights of equal size keep their order, row by row.
  const bySize = order(masked.values, key);
  for (const [rank, place] of order(places.values, (w) => w).entries())
    values[place] = masked.values[bySize[rank]];
  const before = spectralRadius(masked);
  const remapped = spectralRadius({ ...places, values });
  const target = options.spectralRadius === "before" ? before : options.spectralRadius;
  const scaled = target === undefined ? values : scaleTo(values, { remapped, target, where });
  const after = target ?? remapped;
  return { weights: { ...places, values: scaled }, spectralRadius: { before, remapped, after } };
}

// Implementation

/** A stored 0 is no connection. */
function withoutZeros(template: Matrix): SparseMatrix {
  return toSparse(template.values.includes(0) ? toDense(template) : template);
}

/** Values of `weights` at the entries of `places`. */
function pick(places: SparseMatrix, weights: Matrix): Float64Array {
  const out = new Float64Array(places.values.length);
  const row = new Float64Array(places.columns);
  for (let i = 0; i < places.rows; i++) {
    if (weights.kind === "dense") row.set(weights.values.subarray(i * row.length, (i + 1) * row.length));
    else {
      row.fill(0);
      for (let k = weights.rowStart[i]; k < weights.rowStart[i + 1]; k++)
        row[weights.column[k]] += weights.values[k];
    }
    for (let k = places.rowStart[i]; k < places.rowStart[i + 1]; k++) out[k] = row[places.column[k]];
  }
  return out;
}

/** Places from the largest key to the smallest. */
function order(values: Float64Array, key: (w: number) => number): Int32Array {
  return Int32Array.from({ length: values.length }, (_, k) => k).sort(
    (a, b) => key(values[b]) - key(values[a]) || a - b,
  );
}

function scaleTo(
  values: Float64Array,
  { remapped, target, where }: { remapped: number; target: number; where: string },
): Float64Array {
  if (!(target > 0 && target < Infinity)) {
    throw new CajalError(`the spectral radius cannot be made ${target}`, { code: "bad-range", where });
  }
  if (!(remapped > 0)) {
    throw new CajalError(`the spectral radius is 0, it cannot be made ${target}`, {
      code: "zero-spectral-radius",
      where,
      hint: "The template has no loops, or all weights are 0.",
    });
  }
  return values.map((w) => (w / remapped) * target);
}
