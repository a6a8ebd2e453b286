/**
 * @file Draws from a finite discrete law in O(1): inversion with a guide table (Chen & Asau 1974, AIIE Trans. 6,
 * 163–166).
 */

import type { Rng } from "../../core/index.ts";

/**
 * A function drawing 0, 1, … with the given probabilities.
 *
 * @param probabilities - Shape `(value)`, ≥ 0; need not sum to 1.
 */
export function discreteSampler(probabilities: ArrayLike<number>, rng: Rng): () => number {
  const n = probabilities.length;
  const cumulative = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += probabilities[i];
    cumulative[i] = total;
  }
  const guide = new Int32Array(n);
  for (let g = 0, i = 0; g < n; g++) {
    while (i < n - 1 && cumulative[i] <= (g / n) * total) i++;
    guide[g] = i;
  }
  return () => {
    const u = rng.uniform();
    const target = u * total;
    let i = guide[Math.floor(u * n)];
    // Rounding of g/n may set the guide one too far.
    while (i > 0 && cumulative[i - 1] > target) i--;
    while (i < n - 1 && cumulative[i] <= target) i++;
    return i;
  };
}
