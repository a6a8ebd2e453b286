/**
 * @file Forget the direction of edges.
 */

import { sparseFromEntries, transpose } from "../../core/index.ts";
import { type Connectome, createConnectome } from "../connectome.ts";

/** The undirected connectome with weights (W + Wᵀ) / 2. Opposite weights of equal size cancel. */
export function symmetrize(connectome: Connectome): Connectome {
  const { directed: _, weights, ...rest } = connectome;
  const post: number[] = [];
  const pre: number[] = [];
  const values: number[] = [];
  for (const m of [weights, transpose(weights)]) {
    for (let i = 0; i < m.rows; i++) {
      for (let k = m.rowStart[i]; k < m.rowStart[i + 1]; k++) {
        post.push(i);
        pre.push(m.column[k]);
        values.push(m.values[k] / 2);
      }
    }
  }
  return createConnectome({
    ...rest,
    weights: sparseFromEntries(weights, { post, pre, values }),
    directed: false,
  });
}
