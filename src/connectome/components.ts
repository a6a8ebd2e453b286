/**
 * @file Weakly and strongly connected components of a square weight matrix. Self-loops play no part.
 */

import { type SparseMatrix, strongComponents, transpose } from "../core/index.ts";

/** A partition of the nodes. Components are numbered in the order of their lowest node. */
export interface Components {
  count: number;
  /** Shape `(unit)`: number of the component each node is in. */
  membership: Int32Array;
  /** Shape `(component)`: nodes in each. */
  sizes: Int32Array;
}

/** Components when direction is ignored. @param w - `w[post, pre]`, square. */
export function weaklyConnected(w: SparseMatrix): Components {
  const both = [w, transpose(w)];
  const membership = new Int32Array(w.rows).fill(-1);
  const queue = new Int32Array(w.rows);
  let count = 0;
  for (let root = 0; root < w.rows; root++) {
    if (membership[root] >= 0) continue;
    membership[root] = count;
    queue[0] = root;
    for (let head = 0, tail = 1; head < tail; head++) {
      const node = queue[head];
      for (const m of both) {
        for (let k = m.rowStart[node]; k < m.rowStart[node + 1]; k++) {
          const next = m.column[k];
          if (membership[next] >= 0) continue;
          membership[next] = count;
          queue[tail++] = next;
        }
      }
    }
    count++;
  }
  return { count, membership, sizes: sizesOf(membership, count) };
}

/** Components within which every node reaches every other along edges. @param w - `w[post, pre]`, square. */
export function stronglyConnected(w: SparseMatrix): Components {
  const found = strongComponents(w).sort((a, b) => a[0] - b[0]);
  const membership = new Int32Array(w.rows);
  found.forEach((nodes, c) => {
    for (const node of nodes) membership[node] = c;
  });
  return { count: found.length, membership, sizes: sizesOf(membership, found.length) };
}

/** Nodes of the largest component, ascending; of equally large ones, the one that holds the lowest node. */
export function largestOf({ membership, sizes }: Components): Int32Array {
  let largest = 0;
  for (let c = 1; c < sizes.length; c++) if (sizes[c] > sizes[largest]) largest = c;
  return membersOf(membership, largest);
}

/** Nodes of component `number`, ascending. */
export function membersOf(membership: Int32Array, number: number): Int32Array {
  const out: number[] = [];
  for (let i = 0; i < membership.length; i++) if (membership[i] === number) out.push(i);
  return Int32Array.from(out);
}

// Implementation

function sizesOf(membership: Int32Array, count: number): Int32Array {
  const sizes = new Int32Array(count);
  for (const c of membership) sizes[c]++;
  return sizes;
}
