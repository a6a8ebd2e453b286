/**
 * @file Scaling by powers of two, which is exact, so that squares neither overflow nor vanish.
 */

const STEP = 4294967296; // 2^32

/**
 * Power of two that brings `largest` into the range where its square and its reciprocal's square are safe; 1 for
 * every ordinary number, so ordinary results do not depend on it.
 *
 * @param largest - Largest magnitude of a matrix, finite, ≥ 0.
 */
export function safeScale(largest: number): number {
  let scale = 1;
  if (!(largest > 0)) return scale;
  while (largest * scale > 1e60) scale /= STEP;
  while (largest * scale < 1e-60) scale *= STEP;
  return scale;
}

/** Largest magnitude of the first `count` values; NaN when one of them is NaN. */
export function largestMagnitude(values: Float64Array, count = values.length): number {
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const v = Math.abs(values[k]);
    if (Number.isNaN(v)) return v;
    if (v > largest) largest = v;
  }
  return largest;
}

/** √(a² + b²) without overflow; Math.hypot is not the same on every engine. */
export function hypotenuse(a: number, b: number): number {
  const x = Math.abs(a);
  const y = Math.abs(b);
  const large = Math.max(x, y);
  if (large === 0) return 0;
  const ratio = Math.min(x, y) / large;
  return large * Math.sqrt(1 + ratio * ratio);
}
