/**
 * @file How much weights change against how large they are: flat for changes that do not know the weight (additive),
 * proportional for multiplicative ones. After the fluctuations in Zheng, Dimitrakakis & Triesch (2013), PLoS Comput.
 * Biol. 9, e1002848.
 */

import { CajalError, exp, log } from "../../core/index.ts";
import { fitLine } from "./line.ts";

/** Weights of the synapses alive at one moment; the key names the edge, e.g. post · units + pre. */
export type WeightSnapshot = ReadonlyMap<number, number>;

/** Mean |Δw| in bins of w, of the synapses alive in both snapshots. */
export interface WeightChange {
  /** Bin edges [weight], shape `(bin + 1)`; the last bin holds its upper edge too. */
  edges: Float64Array;
  /** Mean weight of each bin in the first snapshot, NaN when empty, shape `(bin)`. */
  weight: Float64Array;
  /** Mean |Δw| of each bin, NaN when empty, shape `(bin)`. */
  change: Float64Array;
  /** sd / √n of |Δw| in the bin, divisor n − 1; NaN below two synapses, shape `(bin)`. */
  standardError: Float64Array;
  /** Synapses in each bin, shape `(bin)`. */
  count: Uint32Array;
  /** Regression of |Δw| on w over single synapses; the null of additive changes is 0. */
  slope: number;
  /** Standard error of the slope. */
  slopeError: number;
  /** Slope of ln ⟨|Δw|⟩ against ln w over bins: 0 additive (null), 1 multiplicative; NaN below two bins. */
  exponent: number;
  /** Synapses alive in both snapshots. */
  survivors: number;
  /** Synapses of the first snapshot only, and of the second only. */
  lost: number;
  gained: number;
}

/**
 * |Δw| against w between two snapshots.
 *
 * @param before - First snapshot; bins go by its weights.
 * @param after - Second snapshot.
 * @param options.bins - Number of bins, default 10.
 * @param options.scale - Bins of equal width in w (`linear`, default) or in ln w (`log`, needs w > 0).
 * @param options.edges - Bin edges instead, ascending; synapses outside are left out of the bins.
 * @throws CajalError `no-survivors`, `bad-bins`, `weight-not-positive`.
 */
export function weightChange(
  before: WeightSnapshot,
  after: WeightSnapshot,
  options: { bins?: number; scale?: "linear" | "log"; edges?: ArrayLike<number> } = {},
): WeightChange {
  const w: number[] = [];
  const change: number[] = [];
  for (const [edge, weight] of before) {
    const later = after.get(edge);
    if (later === undefined) continue;
    w.push(weight);
    change.push(Math.abs(later - weight));
  }
  if (w.length === 0) {
    throw new CajalError("no synapse is alive in both snapshots", {
      code: "no-survivors",
      where: "weightChange",
      hint: "Take the snapshots closer together, and name edges alike in both.",
    });
  }
  const edges = options.edges ? givenEdges(options.edges) : equalBins(w, options);
  const line = fitLine(w, change);
  const binned = intoBins(w, change, edges);
  const full = Array.from(binned.count.keys()).filter((k) => binned.change[k] > 0 && binned.weight[k] > 0);
  const power = fitLine(
    full.map((k) => log(binned.weight[k])),
    full.map((k) => log(binned.change[k])),
  );
  return {
    edges,
    ...binned,
    slope: line.slope,
    slopeError: line.standardError,
    exponent: power.slope,
    survivors: w.length,
    lost: before.size - w.length,
    gained: after.size - w.length,
  };
}

// Implementation

function badBins(what: string): CajalError {
  return new CajalError(what, {
    code: "bad-bins",
    where: "weightChange",
    hint: "Give at least one bin, or at least two ascending edges.",
  });
}

function givenEdges(edges: ArrayLike<number>): Float64Array {
  const out = Float64Array.from(edges);
  if (out.length < 2 || out.some((edge, k) => k > 0 && !(edge > out[k - 1]))) {
    throw badBins(`the bin edges ${Array.from(out).join(", ")} do not ascend`);
  }
  return out;
}

function equalBins(
  w: readonly number[],
  { bins = 10, scale = "linear" }: { bins?: number; scale?: "linear" | "log" },
): Float64Array {
  if (!Number.isInteger(bins) || bins < 1) throw badBins(`${bins} bins`);
  let [low, high] = [w[0], w[0]];
  for (const v of w) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (scale === "log" && !(low > 0)) {
    throw new CajalError(`a weight is ${low}, which has no logarithm`, {
      code: "weight-not-positive",
      where: "weightChange",
      hint: 'Use scale "linear".',
    });
  }
  const edges = new Float64Array(bins + 1);
  const ratio = log(high / low);
  for (let k = 0; k <= bins; k++) {
    edges[k] = scale === "log" ? low * exp((ratio * k) / bins) : low + ((high - low) * k) / bins;
  }
  edges[0] = low;
  edges[bins] = high;
  return edges;
}

function intoBins(w: readonly number[], change: readonly number[], edges: Float64Array) {
  const bins = edges.length - 1;
  const count = new Uint32Array(bins);
  const [weight, sum, squares] = [0, 1, 2].map(() => new Float64Array(bins));
  const place = w.map((v) => binOf(edges, v));
  for (let k = 0; k < w.length; k++) {
    if (place[k] < 0) continue;
    count[place[k]]++;
    weight[place[k]] += w[k];
    sum[place[k]] += change[k];
  }
  const mean = sum.map((s, k) => s / count[k]);
  for (let k = 0; k < w.length; k++) {
    if (place[k] >= 0) squares[place[k]] += (change[k] - mean[place[k]]) * (change[k] - mean[place[k]]);
  }
  return {
    weight: weight.map((s, k) => s / count[k]),
    change: mean,
    standardError: squares.map((s, k) =>
      count[k] < 2 ? Number.NaN : Math.sqrt(s / (count[k] - 1) / count[k]),
    ),
    count,
  };
}

function binOf(edges: Float64Array, v: number): number {
  const last = edges.length - 1;
  if (!(v >= edges[0] && v <= edges[last])) return -1;
  let k = 0;
  while (k < last - 1 && v >= edges[k + 1]) k++;
  return k;
}
