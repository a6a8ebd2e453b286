/**
 * @file Gamma-distributed numbers: Marsaglia & Tsang (2000), "A simple method for generating gamma variables", ACM
 * Trans. Math. Softw. 26:363, with their boost for shapes below 1.
 */

import { log, pow } from "../elementary.ts";
import type { Rng } from "./rng.ts";

/**
 * One number of Gamma(shape k, scale 1); its mean is k, its variance k.
 *
 * @param shape - k > 0.
 */
export function drawGamma(shape: number, rng: Rng): number {
  if (shape < 1) return drawGamma(shape + 1, rng) * pow(1 - rng.uniform(), 1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    if (log(1 - rng.uniform()) < 0.5 * x * x + d * (1 - v + log(v))) return d * v;
  }
}
