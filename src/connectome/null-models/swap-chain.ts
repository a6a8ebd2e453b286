/**
 * @file The Markov chain of edge swaps on simple graphs with fixed degrees, and its moves. A proposal that is not
 * legal leaves the graph as it is and still counts as a step; without that, graphs with few legal swaps would be drawn
 * too rarely (Artzy-Randrup & Stone 2005).
 *
 * Directed: besides swaps a→b, c→d ⇒ a→d, c→b, directed triangles are reversed now and then, a→b→c→a ⇒ a→c→b→a. Swaps
 * alone cannot always do that, so that part of the graphs would never be reached (Rao, Jana & Bandyopadhyay 1996;
 * Berger & Müller-Hannemann 2010). Undirected: swaps alone reach every graph (Taylor 1981).
 */

import type { Rng } from "../../core/index.ts";
import { createEdgeSet, type EdgeSet } from "./edge-set.ts";

/** A simple graph as lists of edges: no self-loops, no edge twice. */
export interface EdgeList {
  nodes: number;
  directed: boolean;
  /** Shape `(edge)`. Directed: ascending, and never changed by the chain. Undirected: either end. */
  from: Int32Array;
  /** Shape `(edge)`. */
  to: Int32Array;
}

/** A chain at work on an edge list. */
export interface SwapChain {
  edges: EdgeList;
  present: EdgeSet;
  /** Directed: first slot of each node's outgoing edges, shape `(unit + 1)`. */
  firstSlot: Int32Array;
  /** Moves since the last {@link clearJournal}: three numbers each. */
  journal: number[];
  /** Swaps among them. */
  swaps: number;
}

/** Start a chain; `edges` is changed in place by the moves. */
export function createSwapChain(edges: EdgeList): SwapChain {
  const { nodes, directed, from, to } = edges;
  const present = createEdgeSet(nodes, directed);
  const firstSlot = new Int32Array(nodes + 1);
  for (let e = 0; e < from.length; e++) {
    present.add(from[e], to[e]);
    firstSlot[from[e] + 1]++;
  }
  for (let i = 0; i < nodes; i++) firstSlot[i + 1] += firstSlot[i];
  return { edges, present, firstSlot, journal: [], swaps: 0 };
}

/** Take `count` steps; what was done is added to the journal. */
export function takeSteps(chain: SwapChain, count: number, rng: Rng): void {
  const { directed, nodes, from } = chain.edges;
  const size = from.length;
  if (!directed) {
    for (let step = 0; step < count; step++) {
      const first = rng.integer(size);
      const second = rng.integer(2 * size);
      tryUndirectedSwap(chain, first, second >>> 1, (second & 1) === 1);
    }
    return;
  }
  const triangles = Math.ceil(size * TRIANGLE_SHARE);
  for (let step = 0; step < count; step++) {
    const first = rng.integer(size);
    const second = rng.integer(size + triangles);
    if (second < size) tryDirectedSwap(chain, first, second);
    else tryReversal(chain, first, rng.integer(nodes));
  }
}

/** Accept the moves of the journal for good. */
export function clearJournal(chain: SwapChain): void {
  chain.journal.length = 0;
  chain.swaps = 0;
}

/** Undo every move of the journal, last one first. */
export function undoJournal(chain: SwapChain): void {
  const { journal } = chain;
  const { from, to } = chain.edges;
  for (let k = journal.length - 3; k >= 0; k -= 3) {
    const first = journal[k];
    const second = journal[k + 1];
    const what = journal[k + 2];
    if (what >= 0) {
      rotateTargets(chain, what, second, first);
      continue;
    }
    exchangeTargets(chain, first, second);
    if (what === FLIPPED_SWAP) [from[second], to[second]] = [to[second], from[second]];
  }
  clearJournal(chain);
}

// Implementation

/** Reversals proposed per swap proposed; graphs small enough for them to matter need few. */
const TRIANGLE_SHARE = 1 / 16;
/** Third number of a journal entry; for a reversal it is the third slot. */
const SWAP = -1;
const FLIPPED_SWAP = -2;

/** a→b, c→d ⇒ a→d, c→b. The weight stays in its slot, so with its source. */
function tryDirectedSwap(chain: SwapChain, first: number, second: number): void {
  const { from, to } = chain.edges;
  const a = from[first];
  const b = to[first];
  const c = from[second];
  const d = to[second];
  if (a === d || c === b || chain.present.has(a, d) || chain.present.has(c, b)) return;
  exchangeTargets(chain, first, second);
  chain.journal.push(first, second, SWAP);
  chain.swaps++;
}

/** a–b, c–d ⇒ a–d, c–b, or with the second edge read from its other end. */
function tryUndirectedSwap(chain: SwapChain, first: number, second: number, flip: boolean): void {
  const { from, to } = chain.edges;
  const a = from[first];
  const b = to[first];
  const c = flip ? to[second] : from[second];
  const d = flip ? from[second] : to[second];
  if (a === d || c === b || chain.present.has(a, d) || chain.present.has(c, b)) return;
  from[second] = c;
  to[second] = d;
  exchangeTargets(chain, first, second);
  chain.journal.push(first, second, flip ? FLIPPED_SWAP : SWAP);
  chain.swaps++;
}

/** a→b→c→a ⇒ a→c→b→a for the edge a→b in slot `first` and the node c, where that creates no edge twice. */
function tryReversal(chain: SwapChain, first: number, c: number): void {
  const { from, to } = chain.edges;
  const { present } = chain;
  const a = from[first];
  const b = to[first];
  if (!present.has(b, c) || !present.has(c, a)) return;
  if (present.has(a, c) || present.has(c, b) || present.has(b, a)) return;
  const second = slotOf(chain, b, c);
  const third = slotOf(chain, c, a);
  rotateTargets(chain, first, second, third);
  chain.journal.push(first, second, third);
}

function slotOf({ firstSlot, edges }: SwapChain, from: number, to: number): number {
  let slot = firstSlot[from];
  while (edges.to[slot] !== to) slot++;
  return slot;
}

function exchangeTargets({ edges: { from, to }, present }: SwapChain, first: number, second: number): void {
  const b = to[first];
  const d = to[second];
  present.delete(from[first], b);
  present.delete(from[second], d);
  to[first] = d;
  to[second] = b;
  present.add(from[first], d);
  present.add(from[second], b);
}

/** Each slot gets the target of the next. */
function rotateTargets({ edges: { from, to }, present }: SwapChain, s: number, t: number, u: number): void {
  for (const slot of [s, t, u]) present.delete(from[slot], to[slot]);
  const kept = to[s];
  to[s] = to[t];
  to[t] = to[u];
  to[u] = kept;
  for (const slot of [s, t, u]) present.add(from[slot], to[slot]);
}
