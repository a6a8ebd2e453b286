/**
 * @file What training did to a weight matrix: how far it moved, in how many dimensions, and what became of its spectrum.
 */

import { CajalError, type Matrix, spectralRadius, symmetricEigen, toDense } from "../../core/index.ts";

/** One matrix. */
export interface MatrixSummary {
  /** Weights that are not 0. */
  synapses: number;
  /** ‖W‖ by Frobenius. */
  norm: number;
  /** Mean and standard deviation (divisor n) of the weights that are not 0. */
  mean: number;
  deviation: number;
  /** Largest |λ|; NaN of a matrix that is not square. */
  spectralRadius: number;
  /** Descending, shape `(min(post, pre))`. */
  singularValues: Float64Array;
  /** Singular values above 1e-6 of the largest; what is finer is lost in squares. */
  rank: number;
  /** (Σ s²)² / Σ s⁴, the participation ratio of squared singular values: 1 for an outer product. */
  effectiveRank: number;
}

/** A matrix before and after. */
export interface WeightLearning {
  before: MatrixSummary;
  after: MatrixSummary;
  /** Of after − before. A low effective rank says that training moved weights along few directions. */
  change: MatrixSummary;
  /** ‖after − before‖ / ‖before‖. */
  relativeDistance: number;
  /** Cosine of the angle between the two as vectors; NaN when one is 0. */
  cosine: number;
}

/** @throws CajalError `shape`, or those of `spectralRadius`. */
export function compareWeights(before: Matrix, after: Matrix): WeightLearning {
  if (before.rows !== after.rows || before.columns !== after.columns) {
    throw new CajalError(
      `${before.rows} × ${before.columns} before, ${after.rows} × ${after.columns} after`,
      {
        code: "shape",
        where: "compareWeights",
        hint: "Give the same projection twice.",
      },
    );
  }
  const [a, b] = [toDense(before), toDense(after)];
  const change = { ...b, values: b.values.map((v, k) => v - a.values[k]) };
  const [first, last, moved] = [a, b, change].map(summarizeMatrix);
  let product = 0;
  for (let k = 0; k < a.values.length; k++) product += a.values[k] * b.values[k];
  return {
    before: first,
    after: last,
    change: moved,
    relativeDistance: moved.norm / first.norm,
    cosine: product / (first.norm * last.norm),
  };
}

/** Size, spread, rank and spectral radius of weights, shape `(post, pre)`. @throws CajalError `not-finite`. */
export function summarizeMatrix(weights: Matrix): MatrixSummary {
  const m = toDense(weights);
  const present = m.values.filter((v) => v !== 0);
  const mean = present.reduce((sum, v) => sum + v, 0) / present.length;
  const squares = m.values.reduce((sum, v) => sum + v * v, 0);
  const spread = present.reduce((sum, v) => sum + (v - mean) * (v - mean), 0);
  const singularValues = singularValuesOf(m.values, m.rows, m.columns);
  const fourth = singularValues.reduce((sum, s) => sum + s * s * (s * s), 0);
  return {
    synapses: present.length,
    norm: Math.sqrt(squares),
    mean,
    deviation: Math.sqrt(spread / present.length),
    spectralRadius: m.rows === m.columns ? spectralRadius(m) : Number.NaN,
    singularValues,
    rank: singularValues.filter((s) => s > 1e-6 * singularValues[0]).length,
    effectiveRank: (squares * squares) / fourth,
  };
}

// Implementation

/** Square roots of the eigenvalues of W Wᵀ or Wᵀ W, whichever is smaller. */
function singularValuesOf(w: Float64Array, rows: number, columns: number): Float64Array {
  const n = Math.min(rows, columns);
  const [length, step, pitch] = rows <= columns ? [columns, 1, columns] : [rows, columns, 1];
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += w[i * pitch + k * step] * w[j * pitch + k * step];
      gram[i * n + j] = sum;
    }
  }
  const { values } = symmetricEigen(gram, n);
  return values.map((v) => Math.sqrt(Math.max(0, v))).reverse();
}
