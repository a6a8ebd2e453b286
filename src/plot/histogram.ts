/**
 * @file Histograms as figures need them: even bins, bins even in the logarithm, and bins of whole numbers.
 */

import { exp, log } from "../core/index.ts";

/** Counts between edges. */
export interface Histogram {
  /** Shape `(bin + 1)`, ascending. */
  edges: number[];
  /** Shape `(bin)`. */
  counts: number[];
}

/** Counts in so many bins of one width, or of one ratio where `log`; values outside and NaN are left out. */
export function evenHistogram(
  values: ArrayLike<number>,
  { low, high, bins, log: isLog = false }: { low: number; high: number; bins: number; log?: boolean },
): Histogram {
  const [a, b] = isLog ? [log(low), log(high)] : [low, high];
  const edges = Array.from({ length: bins + 1 }, (_, i) => {
    const at = a + ((b - a) * i) / bins;
    return isLog ? exp(at) : at;
  });
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= low && values[i] <= high)) continue;
    const t = ((isLog ? log(values[i]) : values[i]) - a) / (b - a);
    counts[Math.max(0, Math.min(bins - 1, Math.floor(t * bins)))] += 1;
  }
  return { edges, counts };
}

/** Counts of whole numbers low … high, `width` of them in a bin; a bin holding k … m reaches from k − ½ to m + ½. */
export function wholeHistogram(
  values: ArrayLike<number>,
  { low, high, width }: { low: number; high: number; width: number },
): Histogram {
  const bins = Math.max(1, Math.ceil((high - low + 1) / width));
  const edges = Array.from({ length: bins + 1 }, (_, i) => low - 0.5 + i * width);
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const k = Math.floor((values[i] - low + 0.5) / width);
    if (k >= 0 && k < bins) counts[k] += 1;
  }
  return { edges, counts };
}

/** A histogram as points, for log–log axes. */
export interface BinnedDensity {
  /** Geometric mean of the smallest and largest whole number of a bin, shape `(bin)`. */
  x: number[];
  /** Fraction of the values for each whole number, shape `(bin)`. */
  y: number[];
}

/**
 * Density of positive whole numbers in bins that grow with a constant ratio. A bin counts as wide as it holds whole
 * numbers, so that small ones, where bins are narrower than 1, are not distorted; empty bins are left out.
 *
 * @param values - Whole numbers ≥ 1, shape `(value)`; others are left out.
 * @param binsPerDecade - Bins for each factor of 10, > 0.
 */
export function logBinnedDensity(values: ArrayLike<number>, binsPerDecade = 8): BinnedDensity {
  const ratio = exp(log(10) / binsPerDecade);
  let highest = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 1)) continue;
    n += 1;
    highest = Math.max(highest, values[i]);
  }
  // First whole number of each bin; bins without one of their own are skipped.
  const starts = [1];
  for (let edge = 1; starts[starts.length - 1] <= highest; edge *= ratio) {
    const next = Math.ceil(edge * ratio - 1e-9);
    if (next > starts[starts.length - 1]) starts.push(next);
  }
  const counts = new Array<number>(starts.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= 1) counts[lastAtMost(starts, values[i])] += 1;
  }
  const density: BinnedDensity = { x: [], y: [] };
  for (let b = 0; b + 1 < starts.length; b++) {
    if (counts[b] === 0) continue;
    const [first, after] = [starts[b], starts[b + 1]];
    density.x.push(Math.sqrt(first) * Math.sqrt(after - 1));
    density.y.push(counts[b] / n / (after - first));
  }
  return density;
}

/** Value below which a fraction of the finite values lie; NaN if there is none. */
export function quantileOf(values: ArrayLike<number>, fraction: number): number {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
}

/** Bins of width 2 · IQR / ∛n over a range. After Freedman and Diaconis (1981), Z. Wahrsch. verw. Geb. 57, 453–476. */
export function binCount(sorted: Float64Array, range: number): number {
  const n = sorted.length;
  const spread = sorted[Math.floor(0.75 * n)] - sorted[Math.floor(0.25 * n)];
  const width = (2 * spread) / exp(log(n) / 3);
  return width > 0 ? Math.max(12, Math.min(80, Math.ceil(range / width))) : 20;
}

// Implementation

/** Place of the last of ascending numbers that is at most v. */
function lastAtMost(ascending: readonly number[], v: number): number {
  let low = 0;
  let high = ascending.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= v) low = middle;
    else high = middle;
  }
  return low;
}
