/**
 * @file Penalties on a population as a whole: entropy of how activity is shared between units (sparsity), and the
 * difference of two populations' statistics. Formulas of nn4n 1.2.
 */

import { log } from "../../../core/index.ts";
import {
  checkTrajectory,
  type GradientSink,
  type Mask,
  type TermOptions,
  type TrajectoryShape,
} from "./trajectory.ts";

/**
 * Entropy penalty: mean over steps and trials of −Σᵢ pᵢ ln(pᵢ + ε) + power · Σᵢ rᵢ², with pᵢ = |rᵢ| / (Σ |r| + ε) and
 * ε = 1e-8. Low where few units share the activity. Departure from nn4n, which is NaN for rates below 0: they enter by
 * size.
 *
 * @param activity - r, shape `(time, unit, batch)`.
 * @param options.mask - Shape `(time, batch)`.
 * @param options.power - Weight of Σ r², default 10 as in nn4n.
 * @throws CajalError `trajectory-shape`, `empty-mask`.
 */
export function entropyPenalty(
  activity: ArrayLike<number>,
  options: TermOptions & { shape: TrajectoryShape; power?: number },
): number {
  const { shape, mask, into, power = 10 } = options;
  const { time, units, batch } = shape;
  const where = "entropyPenalty";
  checkTrajectory(activity, shape, { into, where });
  const count = checkTrajectory({ length: time * batch }, { time, units: 1, batch }, { mask, where });
  const scale = into ? (into.weight ?? 1) / count : 0;
  const slope = new Float64Array(units);
  let sum = 0;
  for (let at = 0; at < time * batch; at++) {
    const weight = mask ? mask[at] : 1;
    if (!(weight > 0)) continue;
    const first = Math.floor(at / batch) * units * batch + (at % batch);
    let total = EPSILON;
    for (let i = 0; i < units; i++) total += Math.abs(activity[first + i * batch]);
    let mean = 0; // Σ pᵢ ∂H/∂pᵢ
    for (let i = 0; i < units; i++) {
      const r = activity[first + i * batch];
      const p = Math.abs(r) / total;
      const logP = log(p + EPSILON);
      sum += weight * (power * r * r - p * logP);
      slope[i] = -logP - p / (p + EPSILON);
      mean += p * slope[i];
    }
    if (!into) continue;
    for (let i = 0; i < units; i++) {
      const r = activity[first + i * batch];
      const entropySlope = (Math.sign(r) * (slope[i] - mean)) / total;
      into.gradient[first + i * batch] += scale * weight * (entropySlope + 2 * power * r);
    }
  }
  return sum / count;
}

/** Options of {@link populationDivergence}. */
export interface DivergenceOptions {
  shape: TrajectoryShape;
  /** Mean of both directions, default true; else KL(a ‖ b). */
  symmetric?: boolean;
  /** Weight of the mean of Σᵢ aᵢ² and of Σᵢ bᵢ², default 1e-3. */
  power?: number;
  /** Shape `(time, batch)`. */
  mask?: Mask;
  intoA?: GradientSink;
  intoB?: GradientSink;
}

/**
 * How much the means and variances of units differ between two recordings: Kullback–Leibler divergence of Gaussians
 * fitted to each unit over steps and trials, mean over units, plus `power` times both powers.
 *
 * @param a - Shape `(time, unit, batch)`.
 * @param b - Same shape.
 * @returns The penalty; Infinity or NaN where a unit does not vary at all.
 * @throws CajalError `trajectory-shape`, `empty-mask`.
 */
export function populationDivergence(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: DivergenceOptions,
): number {
  const { shape, symmetric = true, power = 1e-3, mask, intoA, intoB } = options;
  const where = "populationDivergence";
  checkTrajectory(a, shape, { mask, into: intoA, where });
  checkTrajectory(b, shape, { mask, into: intoB, where });
  const first = unitMoments(a, shape, mask);
  const second = unitMoments(b, shape, mask);
  const half = symmetric ? 0.5 : 1;
  let value = power * (first.power + second.power);
  for (let i = 0; i < shape.units; i++) {
    const to = gaussianDivergence(first, second, i);
    const back = symmetric ? gaussianDivergence(second, first, i) : NO_DIVERGENCE;
    value += (half * (to.value + back.value)) / shape.units;
    const scale = half / shape.units;
    first.meanSlope[i] = scale * (to.mean + back.otherMean);
    first.varianceSlope[i] = scale * (to.variance + back.otherVariance);
    second.meanSlope[i] = scale * (to.otherMean + back.mean);
    second.varianceSlope[i] = scale * (to.otherVariance + back.variance);
  }
  if (intoA) addMomentSlopes(a, first, { shape, mask, into: intoA, power });
  if (intoB) addMomentSlopes(b, second, { shape, mask, into: intoB, power });
  return value;
}

// Implementation

const EPSILON = 1e-8;
const NO_DIVERGENCE = { value: 0, mean: 0, variance: 0, otherMean: 0, otherVariance: 0 };

interface UnitMoments {
  mean: Float64Array;
  variance: Float64Array;
  /** Mean over steps and trials of Σᵢ rᵢ². */
  power: number;
  /** Steps and trials that count. */
  count: number;
  meanSlope: Float64Array;
  varianceSlope: Float64Array;
}

function unitMoments(
  r: ArrayLike<number>,
  { time, units, batch }: TrajectoryShape,
  mask?: Mask,
): UnitMoments {
  const mean = new Float64Array(units);
  const variance = new Float64Array(units);
  let power = 0;
  let count = 0;
  for (let at = 0; at < time * batch; at++) count += mask ? mask[at] : 1;
  for (const pass of ["mean", "variance"] as const) {
    for (let at = 0; at < time * batch; at++) {
      const weight = (mask ? mask[at] : 1) / count;
      const first = Math.floor(at / batch) * units * batch + (at % batch);
      for (let i = 0; i < units; i++) {
        const value = r[first + i * batch];
        if (pass === "mean") {
          mean[i] += weight * value;
          power += weight * value * value;
        } else variance[i] += weight * (value - mean[i]) * (value - mean[i]);
      }
    }
  }
  const slopes = { meanSlope: new Float64Array(units), varianceSlope: new Float64Array(units) };
  return { mean, variance, power, count, ...slopes };
}

/** KL(p ‖ q) of unit i and its slopes in the moments of p and of q ("other"). */
function gaussianDivergence(p: UnitMoments, q: UnitMoments, i: number): typeof NO_DIVERGENCE {
  const [v, w, d] = [p.variance[i], q.variance[i], p.mean[i] - q.mean[i]];
  return {
    value: 0.5 * (log(w / v) + (v + d * d) / w - 1),
    mean: d / w,
    variance: 0.5 * (1 / w - 1 / v),
    otherMean: -d / w,
    otherVariance: 0.5 * (1 / w - (v + d * d) / (w * w)),
  };
}

function addMomentSlopes(
  r: ArrayLike<number>,
  moments: UnitMoments,
  options: { shape: TrajectoryShape; mask?: Mask; into: GradientSink; power: number },
): void {
  const { shape, mask, into, power } = options;
  const { time, units, batch } = shape;
  for (let at = 0; at < time * batch; at++) {
    const weight = ((into.weight ?? 1) * (mask ? mask[at] : 1)) / moments.count;
    const first = Math.floor(at / batch) * units * batch + (at % batch);
    for (let i = 0; i < units; i++) {
      const k = first + i * batch;
      const spread = 2 * moments.varianceSlope[i] * (r[k] - moments.mean[i]);
      into.gradient[k] += weight * (moments.meanSlope[i] + spread + 2 * power * r[k]);
    }
  }
}
