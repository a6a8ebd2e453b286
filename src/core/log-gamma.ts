/**
 * @file The logarithm of the gamma function, from plain arithmetic and the portable logarithm: same bits everywhere.
 */

import { log } from "./elementary.ts";

/** ln Γ(x) for x > 0: Stirling's series beyond 15, the recurrence below. Absolute error below 1e-13 for x < 10. */
export function logGamma(x: number): number {
  let shift = 1;
  let z = x;
  // The product of at most 15 factors below 16 cannot overflow.
  for (; z < 15; z++) shift *= z;
  const r = 1 / (z * z);
  const series =
    (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))))) / z;
  return (z - 0.5) * log(z) - z + HALF_LOG_TWO_PI + series - log(shift);
}

// Implementation

/** ½ ln 2π. */
const HALF_LOG_TWO_PI = 0.9189385332046727;
