/** @file Central differences, for tests of gradients. */

import { expect } from "vitest";
import { createRng } from "../../../../core/index.ts";

/** Numbers without pattern, from −1 to 1. */
export function noise(length: number, seed = 1): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length }, () => 2 * rng.uniform() - 1);
}

/** Expects `gradient` to be that of `value` in every number of `x`, to 1e-7 of the largest. */
export function expectGradient(
  x: Float64Array,
  value: (x: Float64Array) => number,
  gradient: ArrayLike<number>,
  step = 1e-5,
): void {
  const numeric = x.map((_, k) => {
    const moved = (by: number) => value(x.map((v, j) => (j === k ? v + by : v)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
  const scale = numeric.reduce((most, g) => Math.max(most, Math.abs(g)), 1e-3);
  for (let k = 0; k < x.length; k++) expect(Math.abs(gradient[k] - numeric[k]) / scale).toBeLessThan(1e-7);
}
