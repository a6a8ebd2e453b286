/**
 * @file Weakly and strongly connected components of a square weight matrix. Self-loops play no part.
 * Strong components after Tarjan (1972), with an explicit stack so that depth is not limited by the call stack.
 */

import { type SparseMatrix, transpose } from "../core/index.ts";

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
  const size = w.rows;
  const found = new Int32Array(size).fill(-1);
  const order = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const nextEdge = w.rowStart.slice(0, size);
  const path: number[] = [];
  const open: number[] = [];
  let clock = 0;
  let count = 0;
  for (let root = 0; root < size; root++) {
    if (order[root] >= 0) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (order[node] < 0) {
        order[node] = low[node] = clock++;
        open.push(node);
      }
      if (nextEdge[node] < w.rowStart[node + 1]) {
        const next = w.column[nextEdge[node]++];
        if (order[next] < 0) path.push(next);
        else if (found[next] < 0) low[node] = Math.min(low[node], order[next]);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const parent = path[path.length - 1];
        low[parent] = Math.min(low[parent], low[node]);
      }
      if (low[node] !== order[node]) continue;
      let member: number;
      do {
        member = open.pop() as number;
        found[member] = count;
      } while (member !== node);
      count++;
    }
  }
  const membership = renumber(found, count);
  return { count, membership, sizes: sizesOf(membership, count) };
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

function renumber(found: Int32Array, count: number): Int32Array {
  const name = new Int32Array(count).fill(-1);
  let next = 0;
  return found.map((c) => {
    if (name[c] < 0) name[c] = next++;
    return name[c];
  });
}
