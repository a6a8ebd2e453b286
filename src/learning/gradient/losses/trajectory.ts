/**
 * @file What losses are given: activity over time of a batch of trials, laid out as the engine keeps it, trials
 * innermost, and a mask that says what counts.
 */

import { CajalError } from "../../../core/index.ts";
import type { Values } from "../parameters.ts";

/** Size of a trajectory; its numbers are in shape `(time, unit, batch)`. */
export interface TrajectoryShape {
  time: number;
  /** Units, outputs or classes. */
  units: number;
  batch: number;
}

/**
 * What counts, and how much, ≥ 0: shape `(time, batch)` for all units alike, or `(time, unit, batch)`. Padding of short
 * trials is 0.
 */
export type Mask = ArrayLike<number>;

/** Where a term adds `weight` (default 1) times its gradient. */
export interface GradientSink {
  gradient: Values;
  weight?: number;
}

/** A value and, on request, its gradient. */
export interface TermOptions {
  mask?: Mask;
  into?: GradientSink;
}

/** Sum of the mask over all entries of the trajectory. @throws CajalError `trajectory-shape`, `empty-mask`. */
export function checkTrajectory(
  values: ArrayLike<number>,
  shape: TrajectoryShape,
  { mask, into, where }: TermOptions & { where: string },
): number {
  const { time, units, batch } = shape;
  const size = time * units * batch;
  if (values.length !== size || (into && into.gradient.length !== size)) {
    const [what, got] = values.length !== size ? ["trajectory", values] : ["gradient", into!.gradient];
    throw new CajalError(
      `the ${what} has ${got.length} values, ${time} × ${units} × ${batch} makes ${size}`,
      {
        code: "trajectory-shape",
        where,
        hint: "Trajectories are in shape (time, unit, batch).",
      },
    );
  }
  if (!mask) return size;
  const shared = mask.length === time * batch;
  if (!shared && mask.length !== size) {
    throw new CajalError(`the mask has ${mask.length} values, wanted ${time * batch} or ${size}`, {
      code: "trajectory-shape",
      where,
      hint: "Give the mask in shape (time, batch) or (time, unit, batch).",
    });
  }
  let sum = 0;
  for (let k = 0; k < mask.length; k++) sum += mask[k];
  if (!(sum > 0)) {
    throw new CajalError("the mask leaves nothing to count", {
      code: "empty-mask",
      where,
      hint: "Every batch needs at least one entry above 0.",
    });
  }
  return shared && units > 1 ? sum * units : sum;
}

/** Calls `visit(k, m)` for each entry k with mask m > 0, in storage order. */
export function eachEntry(
  { time, units, batch }: TrajectoryShape,
  mask: Mask | undefined,
  visit: (k: number, weight: number, unit: number) => void,
): void {
  const shared = mask !== undefined && mask.length === time * batch;
  let k = 0;
  for (let t = 0; t < time; t++) {
    for (let unit = 0; unit < units; unit++) {
      for (let b = 0; b < batch; b++, k++) {
        const weight = mask === undefined ? 1 : shared ? mask[t * batch + b] : mask[k];
        if (weight > 0) visit(k, weight, unit);
      }
    }
  }
}

/** Axes of an array from elsewhere, slowest first. */
export type AxisOrder = readonly ["batch", "time", "unit"] | readonly ["time", "batch", "unit"];

/** Numbers in shape `(time, unit, batch)` from another order of axes, as other tools have it. */
export function fromAxisOrder(
  values: ArrayLike<number>,
  { time, units, batch }: TrajectoryShape,
  order: AxisOrder,
): Float64Array {
  const out = new Float64Array(values.length);
  for (let t = 0; t < time; t++) {
    for (let i = 0; i < units; i++) {
      for (let b = 0; b < batch; b++) {
        const row = order[0] === "batch" ? b * time + t : t * batch + b;
        out[(t * units + i) * batch + b] = values[row * units + i];
      }
    }
  }
  return out;
}
