/**
 * @file Strongly connected components of the directed graph of a sparse square matrix (Tarjan 1972, without recursion)
 * and the blocks they cut from it. Ordered by components a matrix is block triangular, so its eigenvalues are those of
 * the diagonal blocks: this is what makes the eigenvalues of an acyclic graph exactly 0.
 */

import type { SparseMatrix } from "../matrix.ts";

/**
 * Strongly connected components; stored zeros are no edges.
 *
 * @returns Node indices of each component, ascending within one; every node is in exactly one.
 */
export function strongComponents(m: SparseMatrix): Int32Array[] {
  const n = m.rows;
  const order = new Int32Array(n); // 0: not seen yet
  const low = new Int32Array(n);
  const open = new Uint8Array(n);
  const next = m.rowStart.slice(0, n);
  const path: number[] = [];
  const pending: number[] = [];
  const components: Int32Array[] = [];
  let count = 0;
  for (let root = 0; root < n; root++) {
    if (order[root]) continue;
    path.push(root);
    while (path.length) {
      const v = path[path.length - 1];
      if (!order[v]) {
        order[v] = low[v] = ++count;
        open[v] = 1;
        pending.push(v);
      }
      let child = -1;
      while (child < 0 && next[v] < m.rowStart[v + 1]) {
        const k = next[v]++;
        const u = m.column[k];
        if (m.values[k] === 0) continue;
        if (!order[u]) child = u;
        else if (open[u]) low[v] = Math.min(low[v], order[u]);
      }
      if (child >= 0) {
        path.push(child);
        continue;
      }
      path.pop();
      if (path.length) low[path[path.length - 1]] = Math.min(low[path[path.length - 1]], low[v]);
      if (low[v] === order[v]) components.push(close(v, pending, open));
    }
  }
  return components;
}

/** Rows and columns `nodes` of a square sparse matrix, in that order; stored zeros are dropped. */
export function principalBlock(m: SparseMatrix, nodes: Int32Array): SparseMatrix {
  const position = new Int32Array(m.columns).fill(-1);
  nodes.forEach((node, at) => {
    position[node] = at;
  });
  const rowStart = new Int32Array(nodes.length + 1);
  const column: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < nodes.length; i++) {
    for (let k = m.rowStart[nodes[i]]; k < m.rowStart[nodes[i] + 1]; k++) {
      if (m.values[k] === 0 || position[m.column[k]] < 0) continue;
      column.push(position[m.column[k]]);
      values.push(m.values[k]);
    }
    rowStart[i + 1] = column.length;
  }
  return {
    kind: "sparse",
    rows: nodes.length,
    columns: nodes.length,
    rowStart,
    column: Int32Array.from(column),
    values: Float64Array.from(values),
  };
}

// Implementation

/** Take the component rooted at v off the stack of open nodes. */
function close(v: number, pending: number[], open: Uint8Array): Int32Array {
  const nodes: number[] = [];
  for (;;) {
    const u = pending.pop() as number;
    open[u] = 0;
    nodes.push(u);
    if (u === v) return Int32Array.from(nodes).sort();
  }
}
