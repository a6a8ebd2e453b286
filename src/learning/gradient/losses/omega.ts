/**
 * @file Ω, the regulariser that keeps gradients from vanishing: Pascanu, Mikolov & Bengio (2013), Eq. 9–10, as Song,
 * Yang & Wang (2016) use it for leaky rate networks.
 */

import { CajalError } from "../../../core/index.ts";
import type { Values } from "../parameters.ts";
import { checkTrajectory, type TrajectoryShape } from "./trajectory.ts";

/** What {@link omega} is given. */
export interface OmegaInput {
  /** d = dL/dx of the whole loss with respect to each state, shape `(time, unit, batch)`. */
  stateGradients: ArrayLike<number>;
  /** f'(x), slope of the activation at each state, same shape. */
  slopes: ArrayLike<number>;
  /** Effective W as it acts, shape `(post, pre)`. */
  weights: ArrayLike<number>;
  shape: TrajectoryShape;
  /** α = dt / τ, one or shape `(unit)`, 0 < α ≤ 1. */
  alpha: number | ArrayLike<number>;
  /** 1 where a step counts, shape `(time, batch)`; default all. */
  mask?: ArrayLike<number>;
  /** `weight` times the immediate derivative ∂Ω/∂W, d and x held, is added; shape `(post, pre)`. */
  into?: { gradient: Values; weight?: number };
}

/**
 * Ω = Σ_t ⟨(‖d_{t+1} ∂x_{t+1}/∂x_t‖² / ‖d_{t+1}‖² − 1)²⟩ / Σ_t ⟨‖d_{t+1}‖² ≥ 1e-20⟩, mean over trials, with
 * d_{t+1} ∂x_{t+1}/∂x_t = (1 − α) d_{t+1} + (α d_{t+1} W) ∘ f'(x_t). Steps whose gradient is gone count 0.
 *
 * For weights that are rectified, pull the gradient back to the free ones as the loss's own.
 *
 * @returns Ω ≥ 0; 0 when no step has a gradient.
 * @throws CajalError `trajectory-shape`, `bad-alpha`.
 */
export function omega(input: OmegaInput): number {
  const { stateGradients: d, slopes, weights, shape, mask, into } = input;
  const { time, units, batch } = shape;
  const where = "omega";
  checkTrajectory(d, shape, { where });
  checkTrajectory(slopes, shape, { where });
  checkTrajectory(weights, { time: 1, units, batch: units }, { into, where });
  if (mask) checkTrajectory({ length: time * batch }, { time, units: 1, batch }, { mask, where });
  const alpha = perUnit(input.alpha, units);
  const work = createWork({ units, batch, alpha });
  const w = Float64Array.from(weights);
  const counted = countSteps(d, shape, mask);
  if (counted === 0) return 0;
  let sum = 0;
  for (let t = 1; t < time; t++) {
    const norms = squaredNorms(d, t, shape);
    pullBack(work, { d, slopes, weights: w, t });
    for (let b = 0; b < batch; b++) {
      const counts = norms[b] >= LEAST_NORM && (!mask || mask[t * batch + b] > 0);
      let above = 0;
      for (let k = b; k < work.size; k += batch) above += work.pulled[k] * work.pulled[k];
      const excess = counts ? above / norms[b] - 1 : 0;
      sum += excess * excess;
      if (!into) continue;
      // d(excess²)/dv for v = pulled; what follows from v to W is one outer product per step.
      const slope = counts ? (4 * excess) / (norms[b] * counted) : 0;
      for (let k = b; k < work.size; k += batch) work.pulled[k] *= slope;
    }
    if (into) addOuter(work);
  }
  if (into) {
    const { gradient, weight = 1 } = into;
    for (let k = 0; k < w.length; k++) gradient[k] += weight * alpha[Math.floor(k / units)] * work.outer[k];
  }
  return sum / counted;
}

// Implementation

/** Below this ‖d‖² a step has no gradient to keep. */
export const LEAST_NORM = 1e-20;

interface Work {
  size: number;
  /** v = (1 − α) d + (α d W) ∘ f' of one step, shape `(unit, batch)`. */
  pulled: Float64Array;
  /** d of this step and f' of the one before, same shape. Local copies: loops over one kind of array are fast. */
  now: Float64Array;
  slope: Float64Array;
  turned: Float64Array;
  /** Sum of outer products, shape `(post, pre)`. */
  outer: Float64Array;
  units: number;
  batch: number;
  alpha: Float64Array;
}

function createWork({ units, batch, alpha }: Pick<Work, "units" | "batch" | "alpha">): Work {
  const size = units * batch;
  const array = () => new Float64Array(size);
  const outer = new Float64Array(units * units);
  return { size, pulled: array(), now: array(), slope: array(), turned: array(), outer, units, batch, alpha };
}

function perUnit(alpha: number | ArrayLike<number>, units: number): Float64Array {
  const out = typeof alpha === "number" ? new Float64Array(units).fill(alpha) : Float64Array.from(alpha);
  if (out.length === units && out.every((a) => a > 0 && a <= 1)) return out;
  throw new CajalError(`alpha must be in (0, 1], one or ${units} of them`, {
    code: "bad-alpha",
    where: "omega",
    hint: "alpha = dt / tau.",
  });
}

function squaredNorms(d: ArrayLike<number>, t: number, { units, batch }: TrajectoryShape): Float64Array {
  const norms = new Float64Array(batch);
  const start = t * units * batch;
  for (let k = 0; k < units * batch; k++) norms[k % batch] += d[start + k] * d[start + k];
  return norms;
}

/** Steps and trials whose gradient is not gone. The mean over trials cancels in the quotient. */
function countSteps(d: ArrayLike<number>, shape: TrajectoryShape, mask?: ArrayLike<number>): number {
  let count = 0;
  for (let t = 1; t < shape.time; t++) {
    const norms = squaredNorms(d, t, shape);
    for (let b = 0; b < shape.batch; b++) {
      if (norms[b] >= LEAST_NORM && (!mask || mask[t * shape.batch + b] > 0)) count++;
    }
  }
  return count;
}

/** Copies d and f' of step t, and sets `pulled`; absent synapses cost nothing. */
function pullBack(
  { size, pulled, now, slope, units, batch, alpha }: Work,
  {
    d,
    slopes,
    weights,
    t,
  }: { d: ArrayLike<number>; slopes: ArrayLike<number>; weights: Float64Array; t: number },
): void {
  for (let k = 0; k < size; k++) {
    now[k] = d[t * size + k];
    slope[k] = slopes[(t - 1) * size + k];
  }
  pulled.fill(0);
  for (let i = 0; i < units; i++) {
    const from = i * batch;
    for (let j = 0; j < units; j++) {
      const w = alpha[i] * weights[i * units + j];
      if (w === 0) continue;
      const to = j * batch;
      for (let b = 0; b < batch; b++) pulled[to + b] += w * now[from + b];
    }
  }
  for (let i = 0; i < units; i++) {
    const keep = 1 - alpha[i];
    for (let k = i * batch; k < (i + 1) * batch; k++) pulled[k] = keep * now[k] + pulled[k] * slope[k];
  }
}

/** Adds Σ_b d_i f'_j v_j for post i and pre j. */
function addOuter({ size, pulled, now, slope, units, batch, outer, turned }: Work): void {
  // In shape (batch, unit) the inner loop is over many independent sums.
  for (let k = 0; k < size; k++) turned[(k % batch) * units + Math.floor(k / batch)] = pulled[k] * slope[k];
  for (let i = 0; i < units; i++) {
    const to = i * units;
    for (let b = 0; b < batch; b++) {
      const d = now[i * batch + b];
      if (d === 0) continue;
      const from = b * units;
      for (let j = 0; j < units; j++) outer[to + j] += d * turned[from + j];
    }
  }
}
