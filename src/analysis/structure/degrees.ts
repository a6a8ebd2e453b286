/**
 * @file Degrees of a directed graph given by its edges, and what chance wiring of the same density would give.
 */

import { CajalError } from "../../core/index.ts";

/** Synapses as a list, without weights. */
export interface EdgeList {
  /** Presynaptic unit of each edge, shape `(edge)`. */
  pre: ArrayLike<number>;
  /** Postsynaptic unit of each edge, shape `(edge)`. */
  post: ArrayLike<number>;
}

/** Degrees in one direction. */
export interface DegreeDistribution {
  /** Degree of each unit, shape `(unit)`. */
  degrees: Uint32Array;
  /** histogram[k] units have degree k, shape `(degree)`. */
  histogram: Uint32Array;
  mean: number;
  /** Divisor n. */
  standardDeviation: number;
}

/** In- and out-degrees. */
export interface DegreeHistograms {
  in: DegreeDistribution;
  out: DegreeDistribution;
  /** Edges over n (n − 1) possible ones, without self-edges. */
  density: number;
  /** Null: standard deviation of the degree when each edge exists with probability `density`, √((n − 1) p (1 − p)). */
  chance: number;
}

/**
 * Degrees of a graph without self-edges or repeated edges; both are counted as they come.
 *
 * @param edges - Shape `(edge)`.
 * @param options.pre - Number of presynaptic units.
 * @param options.post - Number of postsynaptic units, default `pre`; when it differs no pair is left out as a self-edge.
 * @throws CajalError `shape`, `bad-index`.
 */
export function degreeHistograms(edges: EdgeList, options: { pre: number; post?: number }): DegreeHistograms {
  const { pre, post = pre } = options;
  if (edges.pre.length !== edges.post.length) {
    throw new CajalError(`${edges.pre.length} presynaptic and ${edges.post.length} postsynaptic ends`, {
      code: "shape",
      where: "degreeHistograms",
      hint: "Give both ends of every edge.",
    });
  }
  const sources = ends(edges.pre, pre, "pre");
  const targets = ends(edges.post, post, "post");
  const square = pre === post;
  const density = edges.pre.length / (square ? pre * (pre - 1) : pre * post);
  const others = square ? pre - 1 : pre;
  return {
    in: targets,
    out: sources,
    density,
    chance: Math.sqrt(others * density * Math.max(0, 1 - density)),
  };
}

// Implementation

function ends(units: ArrayLike<number>, count: number, side: string): DegreeDistribution {
  const degrees = new Uint32Array(count);
  for (let k = 0; k < units.length; k++) {
    if (!Number.isInteger(units[k]) || units[k] < 0 || units[k] >= count) {
      throw new CajalError(`${side} of edge ${k} is ${units[k]}, not one of 0 … ${count - 1}`, {
        code: "bad-index",
        where: "degreeHistograms",
      });
    }
    degrees[units[k]]++;
  }
  let largest = 0;
  for (const d of degrees) largest = Math.max(largest, d);
  const histogram = new Uint32Array(largest + 1);
  for (const d of degrees) histogram[d]++;
  const mean = units.length / count;
  let squares = 0;
  for (const d of degrees) squares += (d - mean) * (d - mean);
  return { degrees, histogram, mean, standardDeviation: Math.sqrt(squares / count) };
}
