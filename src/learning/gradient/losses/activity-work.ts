/**
 * @file What terms over the activity of all units do with it. Every number of it is looked at, so this is where their time
 * goes, and the work can be divided by steps: nothing that one share writes is read or written by another. Sums are
 * returned; whoever divides the work adds those of the shares in ascending order.
 *
 * Rows are gone through as they lie in memory. Loops know nothing but arrays and numbers: a call for each number, or
 * arrays asked for in each step, takes several times as long.
 */

import type { Values } from "../parameters.ts";
import type { Mask, TrajectoryShape } from "./trajectory.ts";

/** So large a share of some work: `first / of` to `(first + width) / of`. */
export interface WorkPart {
  first: number;
  width: number;
  of: number;
}

/** All of it. */
export const WHOLE: WorkPart = { first: 0, width: 1, of: 1 };

/** Steps of a share, from the first to before the last. Shares that follow each other leave no step out. */
export function stepsOf(time: number, { first, width, of }: WorkPart): { from: number; to: number } {
  return { from: Math.floor((time * first) / of), to: Math.floor((time * (first + width)) / of) };
}

/** Work on activity; plain data. `gradient` is added to. */
export type ActivityWork = {
  shape: TrajectoryShape;
  /** r, shape `(time, unit, batch)`. */
  activity: ArrayLike<number>;
  mask?: Mask;
  gradient?: Values;
} & (
  | {
      /** Returns Σ m |r − target| or Σ m (r − target)²; adds `factor` times its slope. */
      kind: "distances";
      squared: boolean;
      /** |r| stands for r. */
      absolute: boolean;
      target: number;
      factor: number;
    }
  /** Returns Σ m of each unit, then Σ m r or Σ m |r| of each unit. */
  | { kind: "unit-sums"; absolute: boolean }
  /** Adds m `factors[unit]`, times the sign of r where |r| stands for r. */
  | { kind: "unit-slopes"; absolute: boolean; factors: Float64Array }
  /**
   * Returns Σ m (r_{t + lag} − r_t)² and adds `factor` times its slope. The mask is of pairs, `lag` steps shorter than
   * the activity.
   */
  | { kind: "changes"; lag: number; factor: number }
);

/** Has some work done, by whomever, and returns the sums over it. */
export type DivideWork = (work: ActivityWork) => Float64Array;

/** All at once, in this thread. */
export const inOneGo: DivideWork = (work) => workActivity(work, WHOLE);

/** A share of some work. @returns Sums over it. */
export function workActivity(work: ActivityWork, share: WorkPart): Float64Array {
  const rows = createRows(work, stepsOf(work.shape.time, share));
  switch (work.kind) {
    case "distances":
      // What is asked for most often has a loop of its own, which takes less than half the time of the general one.
      return Float64Array.of(
        work.squared && !work.absolute ? addSquares(rows, work) : addDistances(rows, work),
      );
    case "unit-sums":
      return unitSums(rows, work.absolute);
    case "unit-slopes":
      addUnitSlopes(rows, work);
      return new Float64Array(0);
    case "changes":
      return Float64Array.of(addChanges(rows, work));
  }
}

// Implementation

/** Rows of a trajectory, `from` to before `to`, and what each of their numbers weighs. */
interface Rows {
  activity: ArrayLike<number>;
  gradient: Values | undefined;
  units: number;
  batch: number;
  from: number;
  to: number;
  /** How many rows share a row of weights. */
  sharing: number;
  weights: ArrayLike<number>;
}

function createRows(
  { shape, activity, gradient, mask, ...work }: ActivityWork,
  steps: { from: number; to: number },
): Rows {
  const { time, units, batch } = shape;
  const common = { activity, gradient, units, batch, from: steps.from * units, to: steps.to * units };
  // Without a mask all share one row of ones.
  if (!mask) return { ...common, sharing: Infinity, weights: new Float64Array(batch).fill(1) };
  const masked = work.kind === "changes" ? time - work.lag : time;
  return { ...common, sharing: mask.length === masked * batch ? units : 1, weights: mask };
}

function addSquares(
  { activity, gradient, batch, from, to, sharing, weights }: Rows,
  { target, factor }: { target: number; factor: number },
): number {
  let sum = 0;
  for (let row = from; row < to; row++) {
    const at = row * batch;
    const m = Math.floor(row / sharing) * batch;
    let own = 0;
    for (let b = 0; b < batch; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue; // what is not counted may be NaN
      const off = activity[at + b] - target;
      own += weight * (off * off);
      if (gradient) gradient[at + b] += factor * weight * (2 * off);
    }
    sum += own;
  }
  return sum;
}

function addDistances(
  { activity, gradient, batch, from, to, sharing, weights }: Rows,
  {
    target,
    factor,
    squared,
    absolute,
  }: { target: number; factor: number; squared: boolean; absolute: boolean },
): number {
  let sum = 0;
  for (let row = from; row < to; row++) {
    const at = row * batch;
    const m = Math.floor(row / sharing) * batch;
    let own = 0;
    for (let b = 0; b < batch; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue;
      const rate = activity[at + b];
      const off = (absolute ? Math.abs(rate) : rate) - target;
      own += weight * (squared ? off * off : Math.abs(off));
      if (!gradient) continue;
      const sign = absolute ? Math.sign(rate) : 1;
      gradient[at + b] += factor * weight * sign * (squared ? 2 * off : Math.sign(off));
    }
    sum += own;
  }
  return sum;
}

function unitSums(
  { activity, units, batch, from, to, sharing, weights }: Rows,
  absolute: boolean,
): Float64Array {
  const sums = new Float64Array(2 * units);
  for (let row = from; row < to; row++) {
    const at = row * batch;
    const m = Math.floor(row / sharing) * batch;
    let all = 0;
    let sum = 0;
    for (let b = 0; b < batch; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue;
      const rate = activity[at + b];
      all += weight;
      sum += weight * (absolute ? Math.abs(rate) : rate);
    }
    sums[row % units] += all;
    sums[units + (row % units)] += sum;
  }
  return sums;
}

function addUnitSlopes(
  { activity, gradient, units, batch, from, to, sharing, weights }: Rows,
  { factors, absolute }: { factors: Float64Array; absolute: boolean },
): void {
  if (!gradient) return;
  for (let row = from; row < to; row++) {
    const at = row * batch;
    const m = Math.floor(row / sharing) * batch;
    const factor = factors[row % units];
    for (let b = 0; b < batch; b++) {
      const weight = weights[m + b];
      if (weight > 0) gradient[at + b] += factor * weight * (absolute ? Math.sign(activity[at + b]) : 1);
    }
  }
}

function addChanges(
  { activity, gradient, units, batch, from, to, sharing, weights }: Rows,
  { lag, factor, shape }: { lag: number; factor: number; shape: TrajectoryShape },
): number {
  const apart = lag * units;
  const shift = apart * batch;
  const last = shape.time * units - apart;
  let sum = 0;
  for (let row = from; row < to; row++) {
    const at = row * batch;
    if (gradient && row >= apart && row - apart < from) {
      // The later end of a change whose earlier end, where it is counted, is in another share.
      const m = Math.floor((row - apart) / sharing) * batch;
      for (let b = 0; b < batch; b++) {
        const weight = weights[m + b];
        if (weight === 0) continue;
        gradient[at + b] += factor * weight * (activity[at + b] - activity[at + b - shift]);
      }
    }
    if (row >= last) continue;
    const m = Math.floor(row / sharing) * batch;
    const isWithin = row + apart < to;
    let own = 0;
    for (let b = 0; b < batch; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue;
      const k = at + b;
      const change = activity[k + shift] - activity[k];
      own += weight * change * change;
      if (!gradient) continue;
      const slope = factor * weight * change;
      gradient[k] -= slope;
      if (isWithin) gradient[k + shift] += slope;
    }
    sum += own;
  }
  return sum;
}
