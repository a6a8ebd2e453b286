/**
 * @file Change weights in place of the edges there are.
 */

import type { SparseMatrix } from "../../core/index.ts";

/** The matrix with `change(w, post, pre)` for each stored weight. */
export function mapWeights(
  m: SparseMatrix,
  change: (weight: number, post: number, pre: number) => number,
): SparseMatrix {
  const values = new Float64Array(m.values.length);
  for (let i = 0; i < m.rows; i++) {
    for (let k = m.rowStart[i]; k < m.rowStart[i + 1]; k++) values[k] = change(m.values[k], i, m.column[k]);
  }
  return { ...m, values };
}
