/**
 * @file A linear estimate of the value of a state, V(φ) = v · φ, as baseline and as critic.
 */

/** v · φ. */
export function linearValue(weights: Float64Array, features: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * features[i];
  return sum;
}

/**
 * Move V(φ) towards a target by the LMS rule, v += α (target − v · φ) φ.
 *
 * Departure: α is at most 1 / |φ|², where V(φ) becomes the target. Beyond it a step overshoots, and beyond twice that
 * the estimate of a reservoir with many active units blows up.
 *
 * @param weights - v, changed in place.
 */
export function moveValue(
  weights: Float64Array,
  features: Float64Array,
  { target, rate }: { target: number; rate: number },
): void {
  let norm = 0;
  for (let i = 0; i < features.length; i++) norm += features[i] * features[i];
  const step = (norm * rate > 1 ? 1 / norm : rate) * (target - linearValue(weights, features));
  for (let i = 0; i < weights.length; i++) weights[i] += step * features[i];
}
