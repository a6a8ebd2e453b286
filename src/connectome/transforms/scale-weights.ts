/**
 * @file Scale the weights of the edges there are; absent edges stay absent.
 * Departure from conn2res, whose min–max over all entries turns absent edges into edges when a weight is negative.
 */

import { CajalError } from "../../core/index.ts";
import { type Connectome, withWeights } from "../connectome.ts";
import { mapWeights } from "./map-weights.ts";

/**
 * Scale magnitudes |w| to at most `max`; signs are kept.
 *
 * With `min` 0 (default) magnitudes are multiplied by max / max|w|: ratios are kept, and non-negative matrices get
 * what conn2res' `scale` gives. With `min` above 0 the weakest edge gets `min` and the strongest `max`, linearly
 * between (all get `max` when they are equally strong).
 *
 * @param options.min - Smallest magnitude wanted, 0 ≤ min ≤ max, default 0.
 * @param options.max - Largest magnitude wanted, > 0, default 1.
 * @throws CajalError `bad-range`.
 */
export function scaleWeights(
  connectome: Connectome,
  { min = 0, max = 1 }: { min?: number; max?: number } = {},
): Connectome {
  if (!(min >= 0 && max > 0 && min <= max && max < Number.POSITIVE_INFINITY)) {
    throw new CajalError(`magnitudes cannot be scaled to ${min} … ${max}`, {
      code: "bad-range",
      where: "scaleWeights",
      hint: "Give 0 ≤ min ≤ max and max > 0; signs are kept.",
    });
  }
  let weakest = Number.POSITIVE_INFINITY;
  let strongest = 0;
  for (const w of connectome.weights.values) {
    weakest = Math.min(weakest, Math.abs(w));
    strongest = Math.max(strongest, Math.abs(w));
  }
  const scale = (magnitude: number) => {
    if (min === 0) return (magnitude / strongest) * max;
    if (weakest === strongest) return max;
    return min + ((magnitude - weakest) / (strongest - weakest)) * (max - min);
  };
  return withWeights(
    connectome,
    mapWeights(connectome.weights, (w) => Math.sign(w) * scale(Math.abs(w))),
  );
}
