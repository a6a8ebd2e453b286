/**
 * @file Numbers of neurons per area from measured densities.
 */

import { CajalError } from "../../core/index.ts";

/** Options of {@link scaleNeuronCounts}. */
export interface NeuronCountOptions {
  /** `ratio` (default): proportional to density. `rank`: 1 for the lowest density, 2 for the next; equal ones share. */
  by?: "ratio" | "rank";
  /** Neurons of the least dense area, whole, ≥ 1, default 1. */
  least?: number;
  /** Densities that are not known (NaN): an error (default), or the median of the known ones. */
  missing?: "error" | "median";
}

/**
 * Neurons per area, the least dense one with `least`.
 *
 * @param densities - E.g. [neurons / mm³], > 0, shape `(area)`.
 * @returns Shape `(area)`, whole numbers ≥ 1.
 * @throws CajalError `bad-density`, `bad-range`.
 * @example scaleNeuronCounts([10, 25, 7, 9, 40]) // 1, 4, 1, 1, 6
 */
export function scaleNeuronCounts(
  densities: ArrayLike<number>,
  options: NeuronCountOptions = {},
): Int32Array {
  const { by = "ratio", least = 1 } = options;
  const where = "scaleNeuronCounts";
  if (!(Number.isInteger(least) && least >= 1)) {
    throw new CajalError(`least must be a whole number ≥ 1, got ${least}`, { code: "bad-range", where });
  }
  const known = knownDensities(densities, options.missing ?? "error", where);
  const steps = [...new Set(known)].sort((a, b) => a - b);
  if (by === "rank") return Int32Array.from(known, (d) => (steps.indexOf(d) + 1) * least);
  return Int32Array.from(known, (d) => roundHalfEven((d / steps[0]) * least));
}

/** The nearest whole number; of two equally near the even one, as Python and NumPy round. */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

// Implementation

function knownDensities(
  densities: ArrayLike<number>,
  missing: "error" | "median",
  where: string,
): Float64Array {
  const sorted = Float64Array.from(densities)
    .filter((d) => !Number.isNaN(d))
    .sort();
  const half = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
  return Float64Array.from(densities, (d, area) => {
    if (Number.isNaN(d) && missing === "median" && sorted.length > 0) return median;
    if (d > 0 && d < Infinity) return d;
    throw new CajalError(`density of area ${area} is ${d}`, {
      code: "bad-density",
      where,
      hint: Number.isNaN(d)
        ? 'Give it, leave the area out, or pass missing: "median".'
        : "Densities are above 0.",
    });
  });
}
