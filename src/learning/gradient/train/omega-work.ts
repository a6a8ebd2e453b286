/**
 * @file What Ω does between the products with recurrent weights; see `omega-regulariser.ts`, and `losses/activity-work.ts` for
 * how work is divided.
 */

import { stepsOf, type WorkPart } from "../losses/activity-work.ts";
import { LEAST_NORM } from "../losses/omega.ts";
import type { TrajectoryShape } from "../losses/trajectory.ts";
import { ACTIVATION_SLOPES } from "./leaky-rate.ts";
import type { RateActivation } from "./rate-network-options.ts";

/** Work for Ω; plain data. Those of the first group of arrays are written. */
export type OmegaWork = {
  shape: TrajectoryShape;
  /** f′ of every state but the last, shape `(time, unit, batch)`. */
  slopes: Float64Array;
  /** d ∂x_t/∂x_{t−1}, same shape; none at the first step. */
  pulled: Float64Array;
  /** ‖d_t‖² and ‖d_t ∂x_t/∂x_{t−1}‖², shape `(time, batch)`. */
  below: Float64Array;
  above: Float64Array;
} & (
  | {
      /** Sets norms and the vectors they are of; returns how many steps of trials have a gradient. */
      kind: "omega-norms";
      /** States, α d and Wᵀ α d, shape `(time, unit, batch)`. */
      x: ArrayLike<number>;
      dSum: ArrayLike<number>;
      back: ArrayLike<number>;
      activation: RateActivation;
      /** g in f(g x) and α, of all units or of each. */
      gain: Float64Array;
      alpha: Float64Array;
    }
  | {
      /** Sets what the outer product takes of the state before each step; returns Σ of what Ω is the mean of. */
      kind: "omega-reads";
      counted: number;
      /** Shape `(time, unit, batch)`, 0 at the first step, in the precision of the run. */
      reads: FloatArray;
    }
);

type FloatArray = Float64Array | Float32Array;

/** A share of some work. @returns A sum over it. */
export function workOmega(work: OmegaWork, share: WorkPart): Float64Array {
  return Float64Array.of(work.kind === "omega-norms" ? setNorms(work, share) : setReads(work, share));
}

// Implementation

/** Of one value for all units, or of one each. */
const ofUnit = (values: Float64Array, unit: number) => values[values.length > 1 ? unit : 0];

function setNorms(work: Extract<OmegaWork, { kind: "omega-norms" }>, share: WorkPart): number {
  const { shape, slopes, pulled, below, above, x, dSum, back, alpha } = work;
  const { time, units, batch } = shape;
  const size = units * batch;
  const { from, to } = stepsOf(time, share);
  const setSlopes = slopeLoop(work);
  let counted = 0;
  for (let t = Math.max(1, from); t < to; t++) {
    const at = t * batch;
    below.fill(0, at, at + batch);
    above.fill(0, at, at + batch);
    for (let unit = 0; unit < units; unit++) {
      const a = ofUnit(alpha, unit);
      const row = t * size + unit * batch;
      setSlopes(x, slopes, { from: row - size, to: row - size + batch, gain: ofUnit(work.gain, unit) });
      for (let b = 0; b < batch; b++) {
        const k = row + b;
        const d = dSum[k] / a;
        const v = (1 - a) * d + back[k] * slopes[k - size];
        pulled[k] = v;
        below[at + b] += d * d;
        above[at + b] += v * v;
      }
    }
    for (let b = 0; b < batch; b++) if (below[at + b] >= LEAST_NORM) counted++;
  }
  return counted;
}

type SlopeLoop = (
  x: ArrayLike<number>,
  slopes: Float64Array,
  row: { from: number; to: number; gain: number },
) => void;

/** g f′(g x) of a row. */
function slopeLoop({ activation }: { activation: RateActivation }): SlopeLoop {
  if (activation === "relu") return reluSlopes;
  const slope = ACTIVATION_SLOPES[activation];
  return (x, slopes, { from, to, gain }) => {
    for (let k = from; k < to; k++) slopes[k] = gain * slope(gain * x[k]);
  };
}

/** A call for each number would take longer than all the rest. */
const reluSlopes: SlopeLoop = (x, slopes, { from, to, gain }) => {
  for (let k = from; k < to; k++) slopes[k] = gain * (gain * x[k] > 0 ? 1 : 0);
};

function setReads(
  { shape, slopes, pulled, below, above, counted, reads }: Extract<OmegaWork, { kind: "omega-reads" }>,
  share: WorkPart,
): number {
  const { time, units, batch } = shape;
  const size = units * batch;
  const { from, to } = stepsOf(time, share);
  const factors = new Float64Array(batch);
  if (from === 0) reads.fill(0, 0, size);
  let sum = 0;
  for (let t = Math.max(1, from); t < to; t++) {
    for (let b = 0; b < batch; b++) {
      const at = t * batch + b;
      const counts = below[at] >= LEAST_NORM;
      const excess = counts ? above[at] / below[at] - 1 : 0;
      sum += excess * excess;
      // d(excess²)/dv of v = pulled; from v to W it is one outer product.
      factors[b] = counts ? (4 * excess) / (below[at] * counted) : 0;
    }
    for (let unit = 0; unit < units; unit++) {
      const row = t * size + unit * batch;
      for (let k = row; k < row + batch; k++) reads[k] = pulled[k] * (factors[k - row] * slopes[k - size]);
    }
  }
  return sum;
}
