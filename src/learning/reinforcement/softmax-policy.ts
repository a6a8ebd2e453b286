/**
 * @file A linear policy: π(action | φ) = softmax(W φ). After Sutton & Barto (2018), section 13.1.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { softmax } from "../readouts/softmax.ts";

/** π(action | φ) = softmax(W φ), plain data. */
export interface SoftmaxPolicy {
  kind: "softmax";
  actions: number;
  features: number;
  /** W, shape `(action, feature)`, row-major. */
  weights: Float64Array;
}

/** A policy of weights 0: every action is as likely. @throws CajalError `bad-option`. */
export function uniformPolicy({ features, actions }: { features: number; actions: number }): SoftmaxPolicy {
  checkSize("features", features, 1);
  checkSize("actions", actions, 2);
  return { kind: "softmax", actions, features, weights: new Float64Array(actions * features) };
}

/**
 * π(· | φ).
 *
 * @param features - φ, shape `(feature)`. @param out - Overwritten and returned where given, shape `(action)`.
 * @returns Shape `(action)`.
 */
export function actionProbabilities(
  policy: SoftmaxPolicy,
  features: Float64Array,
  out: Float64Array = new Float64Array(policy.actions),
): Float64Array {
  const { actions, features: size, weights } = policy;
  for (let a = 0; a < actions; a++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += weights[a * size + i] * features[i];
    out[a] = sum;
  }
  softmax(out);
  return out;
}

/**
 * ∇_W log π(action | φ) = (1[a = action] − π(a | φ)) φ, added to `out` times `scale`.
 *
 * @param options.probabilities - π(· | φ), shape `(action)`.
 * @param out - Shape `(action, feature)`.
 */
export function addLogGradient(
  out: Float64Array,
  features: Float64Array,
  { action, probabilities, scale = 1 }: { action: number; probabilities: Float64Array; scale?: number },
): void {
  const size = features.length;
  for (let a = 0; a < probabilities.length; a++) {
    const factor = scale * ((a === action ? 1 : 0) - probabilities[a]);
    for (let i = 0; i < size; i++) out[a * size + i] += factor * features[i];
  }
}

/** Draw an action. */
export function sampleAction(probabilities: Float64Array, rng: Rng): number {
  let left = rng.uniform();
  const last = probabilities.length - 1;
  for (let a = 0; a < last; a++) {
    left -= probabilities[a];
    if (left < 0) return a;
  }
  return last;
}

/** The likeliest action, the first of equals. */
export function likeliestAction(probabilities: Float64Array): number {
  let best = 0;
  for (let a = 1; a < probabilities.length; a++) if (probabilities[a] > probabilities[best]) best = a;
  return best;
}

// Implementation

function checkSize(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new CajalError(`${name} must be a whole number ≥ ${least}, got ${value}`, {
    code: "bad-option",
    where: "policy",
  });
}
