/**
 * @file Density of the lifetimes of synapses that died, on logarithmic axes, and its slope on a window; beside it what
 * a constant rate of death would give.
 */

import { CajalError, exp, log } from "../../core/index.ts";
import { fitLine } from "./line.ts";
import type { Lifetimes } from "./survival.ts";

/** Log-binned density of completed lifetimes. */
export interface LifetimeDensity {
  /** Bin edges [steps], shape `(bin + 1)`; a bin holds lifetimes of edge ≤ t < next edge. */
  edges: Float64Array;
  /** Geometric middle of each bin, shape `(bin)`. */
  centre: Float64Array;
  /** Deaths in each bin, shape `(bin)`. */
  count: Uint32Array;
  /** count / (deaths · whole steps in the bin) [1/step], shape `(bin)`; it sums to 1 over steps within the edges. */
  density: Float64Array;
  /** Null: density of the exponential law with the same mean lifetime, shape `(bin)`. */
  exponential: Float64Array;
  /** Completed lifetimes. */
  deaths: number;
}

/**
 * Density of the lifetimes of synapses that died, in bins of equal width on a logarithmic axis. Living synapses are left
 * out, which bends the tail down where ages near the length of the record: fit well below it.
 *
 * @param options.binsPerDecade - Default 10.
 * @throws CajalError `no-lifetimes` when none died at an age of at least 1 step.
 */
export function lifetimeDensity({ duration, died }: Lifetimes, { binsPerDecade = 10 } = {}): LifetimeDensity {
  const done = duration.filter((t, k) => died[k] === 1 && t >= 1);
  let longest = 0;
  let sum = 0;
  for (const t of done) {
    longest = Math.max(longest, t);
    sum += t;
  }
  if (done.length === 0 || !(binsPerDecade > 0)) {
    throw new CajalError(done.length ? `${binsPerDecade} bins per decade` : "no synapse has died", {
      code: "no-lifetimes",
      where: "lifetimeDensity",
      hint: done.length ? "Give a positive number." : "Record for longer.",
    });
  }
  const edges = wholeEdges(longest, binsPerDecade);
  const bins = edges.length - 1;
  const count = new Uint32Array(bins);
  for (const t of done) count[binOf(edges, t)]++;
  // Geometric with the same mean: P(t ≥ edge) = (1 − 1/mean)^(edge − 1).
  const decay = log(Math.max(0, 1 - done.length / sum));
  const beyond = (edge: number) => (edge <= 1 ? 1 : exp((edge - 1) * decay));
  const width = (k: number) => edges[k + 1] - edges[k];
  return {
    edges,
    centre: Float64Array.from(count, (_, k) => Math.sqrt(edges[k] * (edges[k + 1] - 1))),
    count,
    density: Float64Array.from(count, (c, k) => c / (done.length * width(k))),
    exponential: Float64Array.from(count, (_, k) => (beyond(edges[k]) - beyond(edges[k + 1])) / width(k)),
    deaths: done.length,
  };
}

/** Straight line through the density of lifetimes on two logarithmic axes. */
export interface DensitySlope {
  /** Exponent of density ∝ t^slope. */
  slope: number;
  standardError: number;
  /** Bins in the window with at least one death. */
  bins: number;
  /** The same line through the exponential null: what no power law at all would give in this window. */
  exponentialSlope: number;
}

/**
 * Log–log slope of the density of lifetimes on a window, by least squares over the bins whose centre lies inside and
 * that are not empty. A slope is not evidence of a power law: see `exponentialSlope`.
 *
 * @param window - Smallest and largest age [steps].
 * @throws CajalError `too-few-bins` below three bins.
 */
export function densitySlope(d: LifetimeDensity, [low, high]: readonly [number, number]): DensitySlope {
  const inside = Array.from(d.centre.keys()).filter(
    (k) => d.count[k] > 0 && d.centre[k] >= low && d.centre[k] <= high,
  );
  if (inside.length < 3) {
    throw new CajalError(`${inside.length} bins with deaths between ${low} and ${high} steps`, {
      code: "too-few-bins",
      where: "densitySlope",
      hint: "Widen the window, or give more bins per decade.",
    });
  }
  const x = inside.map((k) => log(d.centre[k]));
  const { slope, standardError } = fitLine(
    x,
    inside.map((k) => log(d.density[k])),
  );
  // Bins in which the null has underflowed say nothing of a slope.
  const full = inside.filter((k) => d.exponential[k] > 0);
  const exponential = fitLine(
    full.map((k) => log(d.centre[k])),
    full.map((k) => log(d.exponential[k])),
  );
  return { slope, standardError, bins: inside.length, exponentialSlope: exponential.slope };
}

// Implementation

/** Whole edges 1 = e₀ < e₁ < …, near 10^(k / bins), the last beyond `longest`; whole, so that widths count steps. */
function wholeEdges(longest: number, binsPerDecade: number): Float64Array {
  const edges = [1];
  for (let k = 1; edges[edges.length - 1] <= longest; k++) {
    const edge = Math.round(exp((k * Math.LN10) / binsPerDecade));
    if (edge > edges[edges.length - 1]) edges.push(edge);
  }
  return Float64Array.from(edges);
}

function binOf(edges: Float64Array, t: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle] <= t) low = middle;
    else high = middle;
  }
  return low;
}
