/**
 * @file Give the weights a wanted spectral radius.
 * Departure from conn2res, which divides directed matrices by an eigenvalue of their lower triangle.
 */

import { CajalError, spectralRadius } from "../../core/index.ts";
import { type Connectome, withWeights } from "../connectome.ts";
import { mapWeights } from "./map-weights.ts";

/**
 * Scale all weights by one factor so that ρ(W) = max |λᵢ(W)| is `value`. Signs and ratios are kept.
 *
 * @param value - Spectral radius wanted, dimensionless, > 0, default 1.
 * @throws CajalError `zero-spectral-radius`, `bad-range`.
 */
export function normalizeSpectralRadius(connectome: Connectome, value = 1): Connectome {
  const { name, weights } = connectome;
  const where = "normalizeSpectralRadius";
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    const hint = "Give a positive number, usually 0.5 … 1.5.";
    throw new CajalError(`the spectral radius cannot be made ${value}`, { code: "bad-range", where, hint });
  }
  const radius = spectralRadius(weights);
  let sumOfSquares = 0;
  for (const w of weights.values) sumOfSquares += w * w;
  // Below this the radius is rounding noise: dividing by it would blow the weights up.
  const noise = weights.rows * Number.EPSILON * Math.sqrt(sumOfSquares);
  if (!(radius > noise)) {
    const why = weights.values.length === 0 ? "it has no edges" : "it has no cycles that add up";
    throw new CajalError(
      `the spectral radius of "${name}" is 0 (${why}), so it cannot be scaled to ${value}`,
      {
        code: "zero-spectral-radius",
        where,
        hint: "Use scale (weights to a range), keep the strong largest component, or check that edges were read at all.",
      },
    );
  }
  return withWeights(
    connectome,
    mapWeights(weights, (w) => (w / radius) * value),
  );
}
