/**
 * @file What Ω does to the columns of a batch, its trials, between the products with recurrent weights; see
 * `omega-regulariser.ts`, and `losses/activity-columns.ts` for how columns are gone through.
 */

import type { Columns } from "../losses/activity-columns.ts";
import { LEAST_NORM } from "../losses/omega.ts";
import type { TrajectoryShape } from "../losses/trajectory.ts";
import { ACTIVATION_SLOPES } from "./leaky-rate.ts";
import type { RateActivation } from "./rate-network-options.ts";

/** Work for Ω; plain data. Arrays have the shape of the whole batch; those of the first group are written. */
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

/** Some work on some columns. @returns A sum over them. */
export function workOmega(work: OmegaWork, columns: Columns): Float64Array {
  return Float64Array.of(work.kind === "omega-norms" ? setNorms(work, columns) : setReads(work, columns));
}

// Implementation

/** Of one value for all units, or of one each. */
const ofUnit = (values: Float64Array, unit: number) => values[values.length > 1 ? unit : 0];

function setNorms(work: Extract<OmegaWork, { kind: "omega-norms" }>, { first, width }: Columns): number {
  const { shape, slopes, pulled, below, above, x, dSum, back, alpha } = work;
  const { time, units, batch } = shape;
  const size = units * batch;
  const setSlopes = slopeLoop(work);
  let counted = 0;
  for (let t = 1; t < time; t++) {
    const at = t * batch + first;
    below.fill(0, at, at + width);
    above.fill(0, at, at + width);
    for (let unit = 0; unit < units; unit++) {
      const a = ofUnit(alpha, unit);
      const row = t * size + unit * batch + first;
      setSlopes(x, slopes, { from: row - size, to: row - size + width, gain: ofUnit(work.gain, unit) });
      for (let b = 0; b < width; b++) {
        const k = row + b;
        const d = dSum[k] / a;
        const v = (1 - a) * d + back[k] * slopes[k - size];
        pulled[k] = v;
        below[at + b] += d * d;
        above[at + b] += v * v;
      }
    }
    for (let b = 0; b < width; b++) if (below[at + b] >= LEAST_NORM) counted++;
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
  { first, width }: Columns,
): number {
  const { time, units, batch } = shape;
  const size = units * batch;
  const factors = new Float64Array(width);
  for (let from = first; from < size; from += batch) reads.fill(0, from, from + width);
  let sum = 0;
  for (let t = 1; t < time; t++) {
    for (let b = 0; b < width; b++) {
      const at = t * batch + first + b;
      const counts = below[at] >= LEAST_NORM;
      const excess = counts ? above[at] / below[at] - 1 : 0;
      sum += excess * excess;
      // d(excess²)/dv of v = pulled; from v to W it is one outer product.
      factors[b] = counts ? (4 * excess) / (below[at] * counted) : 0;
    }
    for (let unit = 0; unit < units; unit++) {
      const row = t * size + unit * batch + first;
      for (let k = row; k < row + width; k++) reads[k] = pulled[k] * (factors[k - row] * slopes[k - size]);
    }
  }
  return sum;
}
