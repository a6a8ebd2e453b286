/**
 * @file How long the swap chain runs, and how it keeps the graph in one piece: it runs for a window of steps, then
 * the graph is looked at, and if it has fallen apart the whole window is undone. After Viger & Latapy (2005),
 * "Efficient and simple generation of random simple connected graphs with prescribed degree sequence".
 */

import type { Rng } from "../../core/index.ts";
import { clearJournal, createSwapChain, type EdgeList, takeSteps, undoJournal } from "./swap-chain.ts";

/** Checked options of {@link rewireEdges}. */
export interface RewireEdgesOptions {
  /** Swaps to reach. */
  wanted: number;
  /** Steps after which to stop even so. */
  maxAttempts: number;
  /** Whether the number of weakly connected components may not grow. */
  connected: boolean;
  rng: Rng;
}

/** What the chain did. */
export interface RewireReport {
  /** Successful edge swaps that were kept. */
  swaps: number;
  /** Steps taken: swaps, refused proposals, triangle reversals, and steps undone. */
  attempts: number;
}

/**
 * Rewire a simple graph in place, keeping every in- and out-degree.
 *
 * The chain goes in rounds of as many steps as there are edges (64 at least), until a round ends with `wanted` swaps,
 * and then one round more: stopping at a success would favour graphs with many legal swaps, and the last round, whose
 * length depends on nothing, makes the chain forget when it stopped.
 *
 * A window of random length is a symmetric proposal, so undoing the bad ones leaves all connected graphs equally
 * likely. A window may pass through graphs in pieces, as long as it ends in one: from a directed ring, for example,
 * every single swap leads to two rings, and only a second one joins them. Windows only ever get shorter, when more of
 * them were undone than kept, so that this adaptation comes to an end; Viger and Latapy let them grow again.
 *
 * @returns Counts; fewer than `wanted` swaps when `maxAttempts` came first.
 */
export function rewireEdges(edges: EdgeList, options: RewireEdgesOptions): RewireReport {
  const { wanted, maxAttempts, connected, rng } = options;
  const size = edges.from.length;
  const report = { swaps: 0, attempts: 0 };
  if (size < 2 || wanted === 0) return report;
  const chain = createSwapChain(edges);
  const parent = new Int32Array(edges.nodes);
  const mostComponents = countComponents(edges, parent, 0);
  const round = Math.max(size, LEAST_ROUND);
  let window = Math.max(LEAST_WINDOW, round >> 1);
  let kept = 0;
  let undone = 0;
  const runRound = () => {
    for (let left = Math.min(round, maxAttempts - report.attempts); left > 0; ) {
      const steps = Math.min(1 + rng.integer(2 * window), left);
      takeSteps(chain, steps, rng);
      left -= steps;
      report.attempts += steps;
      if (!connected || countComponents(edges, parent, mostComponents) <= mostComponents) {
        report.swaps += chain.swaps;
        clearJournal(chain);
        kept++;
        continue;
      }
      undoJournal(chain);
      undone++;
      if (undone < 2 || undone <= kept) continue;
      window = Math.max(LEAST_WINDOW, window >> 1);
      kept = 0;
      undone = 0;
    }
  };
  while (report.swaps < wanted && report.attempts < maxAttempts) runRound();
  runRound();
  return report;
}

// Implementation

/** Steps of a round on tiny graphs, which need more than one step per edge to forget where they were. */
const LEAST_ROUND = 64;
/** Least mean length of a window, rounded down: 1 to 4 steps. Of 1 step each, a directed ring would be stuck. */
const LEAST_WINDOW = 2;

/** Weakly connected components by union–find over the edges; stops early once no more than `enough` are left. */
function countComponents({ nodes, from, to }: EdgeList, parent: Int32Array, enough: number): number {
  for (let i = 0; i < nodes; i++) parent[i] = i;
  let count = nodes;
  for (let e = 0; e < from.length && count > enough; e++) {
    const a = findRoot(parent, from[e]);
    const b = findRoot(parent, to[e]);
    if (a === b) continue;
    parent[a] = b;
    count--;
  }
  return count;
}

function findRoot(parent: Int32Array, node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}
