/**
 * @file Gradient clipping: all gradients by their common norm (Pascanu, Mikolov & Bengio 2013), or each by its value.
 */

import { checkNumber, type ParameterSet } from "../parameters.ts";

/** Euclidean norm over all gradients together; not finite if one of them is not. */
export function globalNorm(gradients: ParameterSet): number {
  const sum = sumSquares(gradients, 1);
  // Squares of gradients that explode overflow long before the gradients do, and small ones vanish.
  if (sum > 1e-180 && sum < 1e180) return Math.sqrt(sum);
  let largest = 0;
  for (const gradient of Object.values(gradients)) {
    const size = largestOf(gradient);
    if (Number.isNaN(size)) return NaN;
    if (size > largest) largest = size;
  }
  if (largest === 0 || largest === Infinity) return largest;
  return largest * Math.sqrt(sumSquares(gradients, largest));
}

/**
 * Shrink all gradients by one factor, in place, so that their norm is at most `most`. Gradients that are not finite
 * stay as they are: look at the norm that comes back.
 *
 * @param options.epsilon - Added to the norm in the quotient, default 0; PyTorch's clip_grad_norm_ has 1e-6.
 * @returns The norm before.
 * @throws CajalError `bad-range`.
 */
export function clipByNorm(
  gradients: ParameterSet,
  most: number,
  { epsilon = 0 }: { epsilon?: number } = {},
): number {
  checkNumber(most, "the largest norm", { where: "clipByNorm", above: 0 });
  const norm = globalNorm(gradients);
  const factor = most / (norm + epsilon);
  if (!(factor < 1) || !(norm < Infinity)) return norm;
  for (const gradient of Object.values(gradients)) {
    for (let k = 0; k < gradient.length; k++) gradient[k] *= factor;
  }
  return norm;
}

/** Limit every number of the gradients to −most … most, in place. @throws CajalError `bad-range`. */
export function clipByValue(gradients: ParameterSet, most: number): void {
  checkNumber(most, "the largest value", { where: "clipByValue", above: 0 });
  for (const gradient of Object.values(gradients)) {
    for (let k = 0; k < gradient.length; k++) {
      if (gradient[k] > most) gradient[k] = most;
      else if (gradient[k] < -most) gradient[k] = -most;
    }
  }
}

// Implementation

/** Sum of the squares of all numbers over a scale. */
function sumSquares(gradients: ParameterSet, scale: number): number {
  let sum = 0;
  for (const gradient of Object.values(gradients)) {
    if (scale === 1) {
      for (let k = 0; k < gradient.length; k++) sum += gradient[k] * gradient[k];
      continue;
    }
    for (let k = 0; k < gradient.length; k++) {
      const g = gradient[k] / scale;
      sum += g * g;
    }
  }
  return sum;
}

/** Largest size of the numbers; NaN if one of them is. */
function largestOf(values: ParameterSet[string]): number {
  let largest = 0;
  let unset = 0;
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k]);
    if (size > largest) largest = size;
    else if (Number.isNaN(size)) unset++;
  }
  return unset > 0 ? NaN : largest;
}
