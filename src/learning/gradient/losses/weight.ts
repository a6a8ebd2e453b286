/**
 * @file Penalties on weights, and one on weights and activity together (Hebbian).
 */

import type { Values } from "../parameters.ts";
import { checkTrajectory, type GradientSink, type Mask, type TrajectoryShape } from "./trajectory.ts";

/**
 * How weights are measured: sum or mean of |w| (favours few synapses) or of w², or the Frobenius norm √Σ w². nn4n's
 * RNNLoss has `l2-mean`, its connectivity loss `l1-sum` and `frobenius`.
 */
export type WeightMetric = "l1-sum" | "l1-mean" | "l2-sum" | "l2-mean" | "frobenius";

/** Names of the metrics, for schemas and messages. */
export const WEIGHT_METRICS = ["l1-sum", "l1-mean", "l2-sum", "l2-mean", "frobenius"] as const;

/**
 * Penalty on the size of weights. Means are over all entries, absent ones included.
 *
 * @param weights - Any shape.
 * @param into - dL/dw is added to its gradient, of the same length.
 */
export function weightPenalty(
  weights: ArrayLike<number>,
  metric: WeightMetric = "l2-mean",
  into?: GradientSink,
): number {
  const linear = metric === "l1-sum" || metric === "l1-mean";
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += linear ? Math.abs(weights[k]) : weights[k] * weights[k];
  const share = metric === "l1-mean" || metric === "l2-mean" ? 1 / weights.length : 1;
  const norm = Math.sqrt(sum);
  if (into) {
    const { gradient, weight = 1 } = into;
    const factor = metric === "frobenius" ? (norm > 0 ? 1 / norm : 0) : linear ? share : 2 * share;
    for (let k = 0; k < weights.length; k++) {
      gradient[k] += weight * factor * (linear ? Math.sign(weights[k]) : weights[k]);
    }
  }
  return metric === "frobenius" ? norm : sum * share;
}

/** What {@link hebbianPenalty} is given. */
export interface HebbianInput {
  /** r, shape `(time, unit, batch)`. */
  activity: ArrayLike<number>;
  /** W, shape `(post, pre)`, square. */
  weights: ArrayLike<number>;
  shape: TrajectoryShape;
  /** Shape `(time, batch)`. */
  mask?: Mask;
  intoActivity?: GradientSink;
  intoWeights?: GradientSink;
}

/**
 * nn4n's Hebbian penalty, mean over steps and trials of |rᵀ W r|. Departure: it keeps one number per step and trial
 * where nn4n keeps N².
 *
 * @throws CajalError `trajectory-shape`, `empty-mask`.
 */
export function hebbianPenalty(input: HebbianInput): number {
  const { activity, weights, shape, mask, intoActivity, intoWeights } = input;
  const { time, units, batch } = shape;
  const where = "hebbianPenalty";
  checkTrajectory(activity, shape, { into: intoActivity, where });
  checkTrajectory(weights, { time: 1, units, batch: units }, { into: intoWeights, where });
  const count = checkTrajectory({ length: time * batch }, { time, units: 1, batch }, { mask, where });
  const r = new Float64Array(units);
  const forward = new Float64Array(units);
  let sum = 0;
  for (let at = 0; at < time * batch; at++) {
    const weight = mask ? mask[at] : 1;
    if (!(weight > 0)) continue;
    const first = Math.floor(at / batch) * units * batch + (at % batch);
    for (let i = 0; i < units; i++) r[i] = activity[first + i * batch];
    const agreement = product(weights, r, forward);
    sum += weight * Math.abs(agreement);
    const slope = (Math.sign(agreement) * weight) / count;
    if (intoWeights) addOuter(intoWeights.gradient, r, slope * (intoWeights.weight ?? 1));
    if (intoActivity) {
      const scale = slope * (intoActivity.weight ?? 1);
      const back = transposedProduct(weights, r);
      for (let i = 0; i < units; i++)
        intoActivity.gradient[first + i * batch] += scale * (forward[i] + back[i]);
    }
  }
  return sum / count;
}

// Implementation

/** out = W r; returns rᵀ W r. */
function product(w: ArrayLike<number>, r: Float64Array, out: Float64Array): number {
  const n = r.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += w[i * n + j] * r[j];
    out[i] = sum;
    total += r[i] * sum;
  }
  return total;
}

function transposedProduct(w: ArrayLike<number>, r: Float64Array): Float64Array {
  const n = r.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[j] += w[i * n + j] * r[i];
  return out;
}

function addOuter(gradient: Values, r: Float64Array, scale: number): void {
  const n = r.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gradient[i * n + j] += scale * r[i] * r[j];
}
