/**
 * @file Softmax, safe for scores of any size.
 */

import { exp, log } from "../../core/index.ts";

/**
 * Replace scores by exp(score) / Σ exp(score).
 *
 * @param scores - Shape `(class)`; overwritten.
 * @returns log Σ exp(score).
 */
export function softmax(scores: Float64Array): number {
  let most = scores[0];
  for (let c = 1; c < scores.length; c++) if (!(scores[c] <= most)) most = scores[c];
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = exp(scores[c] - most);
    sum += scores[c];
  }
  for (let c = 0; c < scores.length; c++) scores[c] /= sum;
  return most + log(sum);
}
