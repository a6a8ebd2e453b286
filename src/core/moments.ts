/**
 * @file First and second moments of a stream of rows: what a linear readout needs, in memory that does not grow with
 * the length of the run. Blocks are merged after Chan, Golub & LeVeque (1983), "Algorithms for computing the sample
 * variance", so nothing cancels when means are large.
 */

import { CajalError } from "./errors.ts";

/** Moments of rows of `variable`s, for readouts ordered units first, then outputs. */
export interface Moments {
  /** Rows seen, those of weight 0 left out. */
  count: number;
  /** Σ of the weights of the rows; absent when every row weighs 1, that is `count`. */
  weight?: number;
  /** Weighted mean, shape `(variable)`. */
  mean: Float64Array;
  /** Σ w (x − mean)(x − mean)ᵀ, symmetric, both triangles filled, shape `(variable, variable)`. */
  scatter: Float64Array;
}

/**
 * Moments of the rows of all blocks. The plain reference of the engine's accumulator.
 *
 * @param blocks - Each of shape `(time, variable)`, row-major; any number of rows, also none.
 * @param options.variables - Columns of every block.
 * @param options.weights - One weight ≥ 0 for each row, shape `(time)` over all blocks; default 1.
 * @throws CajalError `shape` when a block does not hold whole rows or weights and rows differ in number.
 */
export function accumulateMoments(
  blocks: Iterable<ArrayLike<number>>,
  options: { variables: number; weights?: ArrayLike<number> },
): Moments {
  const { variables, weights } = options;
  let total = emptyMoments(variables);
  let firstRow = 0;
  for (const block of blocks) {
    const rows = block.length / variables;
    if (!Number.isInteger(rows)) {
      throw new CajalError(`a block of ${block.length} values does not hold whole rows of ${variables}`, {
        code: "shape",
        where: "accumulateMoments",
        hint: "Give blocks of shape (time, variable), row-major.",
      });
    }
    total = mergeMoments(total, blockMoments(block, { rows, variables, weights, firstRow }));
    firstRow += rows;
  }
  if (!weights) return { count: total.count, mean: total.mean, scatter: total.scatter };
  if (weights.length !== firstRow) {
    throw new CajalError(`${weights.length} weights for ${firstRow} rows`, {
      code: "shape",
      where: "accumulateMoments",
      hint: "Give one weight for each row.",
    });
  }
  return total;
}

/** Moments of two sets of rows taken together; both stay as they are. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const weightA = a.weight ?? a.count;
  const weightB = b.weight ?? b.count;
  const weight = weightA + weightB;
  const count = a.count + b.count;
  const share = weight > 0 ? weightB / weight : 0;
  const n = a.mean.length;
  const shift = a.mean.map((m, i) => b.mean[i] - m);
  const mean = a.mean.map((m, i) => m + share * shift[i]);
  const scatter = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const scale = weightA * share * shift[i];
    for (let j = 0; j < n; j++) {
      const k = i * n + j;
      scatter[k] = a.scatter[k] + b.scatter[k] + scale * shift[j];
    }
  }
  // (weightA share) shift[i] shift[j] rounds differently from its mirror image: keep the matrix exactly symmetric.
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) scatter[i * n + j] = scatter[j * n + i];
  const weighted = a.weight !== undefined || b.weight !== undefined;
  return weighted ? { count, weight, mean, scatter } : { count, mean, scatter };
}

/**
 * Moments of some of the variables, in the order given: a readout from a module of units needs no second pass.
 *
 * @param variables - Indices into the variables of `moments`.
 * @example const module = selectVariables(moments, [...unitsOfVisualCortex, ...outputs]);
 */
export function selectVariables(moments: Moments, variables: ArrayLike<number>): Moments {
  const n = moments.mean.length;
  const m = variables.length;
  const mean = new Float64Array(m);
  const scatter = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    const from = variables[i];
    if (!Number.isInteger(from) || from < 0 || from >= n) {
      throw new CajalError(`variable ${from} is not one of 0 … ${n - 1}`, {
        code: "bad-index",
        where: "selectVariables",
      });
    }
    mean[i] = moments.mean[from];
    for (let j = 0; j < m; j++) scatter[i * m + j] = moments.scatter[from * n + variables[j]];
  }
  return { ...moments, mean, scatter };
}

// Implementation

function emptyMoments(variables: number): Moments {
  const mean = new Float64Array(variables);
  return { count: 0, weight: 0, mean, scatter: new Float64Array(variables * variables) };
}

interface BlockShape {
  rows: number;
  variables: number;
  weights: ArrayLike<number> | undefined;
  firstRow: number;
}

/** Two passes: the mean first, then products of deviations from it. */
function blockMoments(block: ArrayLike<number>, shape: BlockShape): Moments {
  const { rows, variables, weights, firstRow } = shape;
  const { mean, scatter } = emptyMoments(variables);
  let count = 0;
  let weight = 0;
  for (let t = 0; t < rows; t++) {
    const w = weights ? weights[firstRow + t] : 1;
    if (!(w > 0)) continue;
    count++;
    weight += w;
    for (let i = 0; i < variables; i++) mean[i] += w * block[t * variables + i];
  }
  if (count === 0) return { count, weight, mean, scatter };
  for (let i = 0; i < variables; i++) mean[i] /= weight;
  const deviation = new Float64Array(variables);
  for (let t = 0; t < rows; t++) {
    const w = weights ? weights[firstRow + t] : 1;
    if (!(w > 0)) continue;
    for (let i = 0; i < variables; i++) deviation[i] = block[t * variables + i] - mean[i];
    for (let i = 0; i < variables; i++) {
      const scaled = w * deviation[i];
      for (let j = i; j < variables; j++) scatter[i * variables + j] += scaled * deviation[j];
    }
  }
  for (let i = 0; i < variables; i++)
    for (let j = 0; j < i; j++) scatter[i * variables + j] = scatter[j * variables + i];
  return { count, weight, mean, scatter };
}
