/**
 * @file Degree-preserving rewiring of a connectome, after Maslov & Sneppen (2002), "Specificity and stability in
 * topology of protein networks", Science 296:910. The chain itself: `swap-chain.ts`; keeping the graph connected:
 * `rewire-edges.ts`. Departures: refused proposals count as steps and directed triangles are reversed now and then,
 * so that every graph with these degrees is equally likely in the long run.
 */

import { CajalError, type Rng, type SparseMatrix, transpose, warn } from "../../core/index.ts";
import { type Connectome, isSymmetric, withWeights } from "../connectome.ts";
import { type RewireReport, rewireEdges } from "./rewire-edges.ts";
import type { EdgeList } from "./swap-chain.ts";

/** Options of {@link rewire}. */
export interface RewireOptions {
  /**
   * Successful swaps wanted per edge, ≥ 0, default 10. (A link of an undirected connectome is one edge; self-loops
   * are none.)
   */
  swapsPerEdge?: number;
  rng: Rng;
  /** Whether the result may have no more weakly connected components than the input, default true. */
  connected?: boolean;
  /** Steps after which to stop even with fewer swaps, default 100 for each swap wanted. */
  maxAttempts?: number;
}

/**
 * The connectome with its edges rewired at random. Kept exactly: in- and out-degree of every node, the number of edges,
 * the weights as a set, self-loops in place, symmetry of an undirected connectome, and, with `connected`, its being
 * connected. Weights travel with their edge: an edge a→b that becomes a→d takes its weight along, so the sum of
 * outgoing weights of every node of a directed connectome is kept; the incoming one, and strength in undirected
 * connectomes, are not.
 *
 * A connectome in several pieces keeps at most that many; it is not made connected.
 *
 * @returns New connectome with the nodes, labels and types of the old one. Warns (`few-swaps`) when the degrees leave
 * too little freedom, as in nearly complete graphs.
 * @throws CajalError `bad-option`.
 * @example const nulls = Array.from({ length: 500 }, (_, k) => rewire(worm, { rng: rng.stream(k) }));
 */
export function rewire(connectome: Connectome, options: RewireOptions): Connectome {
  const { weights, swaps, wanted } = rewireWeights(connectome.weights, {
    ...options,
    directed: connectome.directed,
  });
  if (swaps < wanted) {
    const how = swaps === 0 ? "no swap was possible" : `fewer than the ${wanted} swaps wanted came about`;
    warn(
      "few-swaps",
      `rewire: ${how} in connectome "${connectome.name}": its degrees leave little freedom. Raise maxAttempts, or lower swapsPerEdge (0 for none).`,
    );
  }
  return withWeights(connectome, weights);
}

/**
 * {@link rewire} on a bare matrix, with counts.
 *
 * @param weights - `w[post, pre]`, shape `(post, pre)`, square, without stored zeros.
 * @param options - As for {@link rewire}, and whether the graph is directed; default: whether `weights` is asymmetric.
 * @returns New weights of the same shape, swaps wanted, successful swaps, and steps taken.
 * @throws CajalError `bad-option`, `not-square`, `not-symmetric`.
 */
export function rewireWeights(
  weights: SparseMatrix,
  options: RewireOptions & { directed?: boolean },
): RewireReport & { weights: SparseMatrix; wanted: number } {
  const { swapsPerEdge = 10, rng, connected = true, maxAttempts } = options;
  checkOption("swapsPerEdge", swapsPerEdge, (v) => v >= 0 && v < Infinity, "a number of at least 0");
  checkOption(
    "maxAttempts",
    maxAttempts ?? 1,
    (v) => Number.isSafeInteger(v) && v > 0,
    "a whole number of at least 1",
  );
  const directed = options.directed ?? !isSymmetric(weights);
  checkGraph(weights, directed);
  const slots = directed ? directedSlots(weights) : undirectedSlots(weights);
  const wanted = Math.round(swapsPerEdge * slots.edges.from.length);
  const most = maxAttempts ?? 100 * wanted;
  const report = rewireEdges(slots.edges, { wanted, maxAttempts: most, connected, rng });
  return { ...report, wanted, weights: directed ? fromDirected(slots) : fromUndirected(weights, slots) };
}

// Implementation

/** The edges the chain may move, and what is needed to put them back. */
interface Slots {
  edges: EdgeList;
  /** Directed: rows are `pre`. Undirected: the matrix itself. */
  out: SparseMatrix;
  /** Place of each edge in `out`, shape `(edge)`. */
  place: Int32Array;
}

function checkOption(name: string, value: number, isGood: (v: number) => boolean, wanted: string): void {
  if (typeof value === "number" && isGood(value)) return;
  throw new CajalError(`${name} must be ${wanted}, got ${value}`, {
    code: "bad-option",
    where: "rewire",
    hint: name === "maxAttempts" ? "Leave it out for 100 attempts per swap." : "10 is usual.",
  });
}

function checkGraph(weights: SparseMatrix, directed: boolean): void {
  if (weights.rows !== weights.columns) {
    throw new CajalError(`weights must be square, got ${weights.rows} × ${weights.columns}`, {
      code: "not-square",
      where: "rewire",
    });
  }
  if (directed || isSymmetric(weights)) return;
  throw new CajalError("weights are not symmetric, but directed is false", {
    code: "not-symmetric",
    where: "rewire",
    hint: "Leave out directed: false, or symmetrize first.",
  });
}

/** Every edge off the diagonal, by source. */
function directedSlots(weights: SparseMatrix): Slots {
  const out = transpose(weights);
  return collect(out, true, (from, to) => from !== to);
}

/** Every link once. */
function undirectedSlots(weights: SparseMatrix): Slots {
  return collect(weights, false, (from, to) => from > to);
}

function collect(
  out: SparseMatrix,
  directed: boolean,
  isWanted: (from: number, to: number) => boolean,
): Slots {
  const from: number[] = [];
  const to: number[] = [];
  const place: number[] = [];
  for (let i = 0; i < out.rows; i++) {
    for (let k = out.rowStart[i]; k < out.rowStart[i + 1]; k++) {
      if (!isWanted(i, out.column[k])) continue;
      from.push(i);
      to.push(out.column[k]);
      place.push(k);
    }
  }
  return {
    edges: { nodes: out.rows, directed, from: Int32Array.from(from), to: Int32Array.from(to) },
    out,
    place: Int32Array.from(place),
  };
}

/** Put the new targets where the old ones were; transposing also sorts them. */
function fromDirected({ edges, out, place }: Slots): SparseMatrix {
  const column = out.column.slice();
  place.forEach((k, e) => {
    column[k] = edges.to[e];
  });
  return transpose({ ...out, column });
}

/** Both directions of every link, and the old self-loops. Degrees are as before, so `rowStart` is too. */
function fromUndirected(weights: SparseMatrix, { edges, place }: Slots): SparseMatrix {
  const { rowStart } = weights;
  const next = rowStart.slice();
  const column = new Int32Array(weights.column.length);
  const values = new Float64Array(weights.values.length);
  const put = (post: number, pre: number, value: number) => {
    column[next[post]] = pre;
    values[next[post]++] = value;
  };
  for (let i = 0; i < weights.rows; i++)
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++)
      if (weights.column[k] === i) put(i, i, weights.values[k]);
  place.forEach((k, e) => {
    put(edges.from[e], edges.to[e], weights.values[k]);
    put(edges.to[e], edges.from[e], weights.values[k]);
  });
  return transpose({ ...weights, column, values });
}
