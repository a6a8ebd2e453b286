/**
 * @file Which neurons of one area contact which of another: all make, or all receive, the same number of synapses.
 */

import type { Rng } from "../../core/index.ts";
import { roundHalfEven } from "./neuron-counts.ts";

/** Options of {@link blockDegree}. */
export interface DegreeOptions {
  /** Share of the other side's neurons, 0 … 1. */
  share: number;
  /** Whether a neuron may contact itself, within an area; true between areas. */
  self: boolean;
  fixedDegree: "out" | "in";
}

/** Synapses that each neuron of the fixed side has: at least one where one is possible. */
export function blockDegree(pre: number, post: number, { share, self, fixedDegree }: DegreeOptions): number {
  const others = fixedDegree === "out" ? post : pre;
  const possible = self ? others : others - 1;
  return Math.max(0, Math.min(possible, Math.max(1, roundHalfEven(share * others))));
}

/** Synapses of a block as pairs of neurons, counted from 0 in each area. */
export interface BlockEdges {
  pre: Int32Array;
  post: Int32Array;
}

/** Every neuron of the fixed side draws `degree` different partners, independently of the others. */
export function blockEdges(
  pre: number,
  post: number,
  { degree, self, fixedDegree, rng }: Omit<DegreeOptions, "share"> & { degree: number; rng: Rng },
): BlockEdges {
  const [drawing, drawn] = fixedDegree === "out" ? [pre, post] : [post, pre];
  const own = new Int32Array(drawing * degree);
  const partner = new Int32Array(drawing * degree);
  const pool = Int32Array.from({ length: drawn }, (_, k) => k);
  const size = self ? drawn : drawn - 1;
  for (let a = 0; a < drawing; a++) {
    // Without itself: move it to the end, where nothing is drawn.
    if (!self) swap(pool, pool.indexOf(a), drawn - 1);
    for (let k = 0; k < degree; k++) {
      if (degree < size) swap(pool, k, k + rng.integer(size - k));
      own[a * degree + k] = a;
      partner[a * degree + k] = pool[k];
    }
  }
  return fixedDegree === "out" ? { pre: own, post: partner } : { pre: partner, post: own };
}

// Implementation

function swap(pool: Int32Array, a: number, b: number): void {
  const kept = pool[a];
  pool[a] = pool[b];
  pool[b] = kept;
}
