/**
 * @file Keep the strongest edges, up to a wanted density.
 * Departure from conn2res, which keeps the largest signed weights and so drops strong inhibition first.
 */

import { CajalError, plural } from "../../core/index.ts";
import { type Connectome, withWeights } from "../connectome.ts";
import { mapWeights } from "./map-weights.ts";

/**
 * Keep the ⌊density · N(N − 1)⌋ edges of largest |w|; in an undirected connectome the ⌊density · N(N − 1) / 2⌋
 * strongest links, both directions together. Of equally strong edges at the cut, those of lower `post`, then lower
 * `pre`, are kept, so the count is exact. Self-loops are not part of the density and stay. A connectome that is
 * sparser already stays as it is.
 *
 * @param density - Wanted edges / (N (N − 1)), 0 < density ≤ 1.
 * @throws CajalError `bad-range`, `density-too-low` when no edge would be left.
 */
export function thresholdDensity(connectome: Connectome, density: number): Connectome {
  const where = "thresholdDensity";
  if (!(density > 0 && density <= 1)) {
    const what = `density must be above 0 and at most 1, got ${density}`;
    throw new CajalError(what, {
      code: "bad-range",
      where,
      hint: "0.1 keeps a tenth of all possible edges.",
    });
  }
  const { weights, directed } = connectome;
  const size = weights.rows;
  const possible = (size * (size - 1)) / (directed ? 1 : 2);
  // A hair above, so that 0.3 of 90 is 27 and not 26.
  const wanted = Math.floor(density * possible * (1 + 4 * Number.EPSILON));
  if (wanted === 0) {
    const hint = `Give at least ${1 / possible}.`;
    const what = `density ${density} leaves no edge among ${plural(size, "node")}`;
    throw new CajalError(what, { code: "density-too-low", where, hint });
  }
  const strongest: { key: number; size: number }[] = [];
  for (let i = 0; i < size; i++) {
    for (let k = weights.rowStart[i]; k < weights.rowStart[i + 1]; k++) {
      const j = weights.column[k];
      if (i === j || (!directed && i > j)) continue;
      strongest.push({ key: i * size + j, size: Math.abs(weights.values[k]) });
    }
  }
  strongest.sort((a, b) => b.size - a.size || a.key - b.key);
  const kept = new Set(strongest.slice(0, wanted).map(({ key }) => key));
  const keeps = (post: number, pre: number) =>
    kept.has(directed ? post * size + pre : Math.min(post, pre) * size + Math.max(post, pre));
  return withWeights(
    connectome,
    mapWeights(weights, (w, post, pre) => (post === pre || keeps(post, pre) ? w : 0)),
  );
}
