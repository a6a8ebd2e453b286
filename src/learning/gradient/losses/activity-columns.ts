/**
 * @file What terms over the activity of all units do to the columns of a batch, its trials: every number of them is
 * looked at, so this is where their time goes. Each trial is worked on by itself but for sums over trials, which are
 * returned; whoever has several parts of a batch adds those of the parts in ascending order.
 *
 * Rows are gone through as they lie in memory. Loops know nothing but arrays and numbers: a call for each number, or
 * arrays asked for in each step, takes several times as long.
 */

import type { Values } from "../parameters.ts";
import type { Mask, TrajectoryShape } from "./trajectory.ts";

/** Columns `first` … `first + width − 1` of every row. */
export interface Columns {
  first: number;
  width: number;
}

/** Work on activity; plain data. Arrays have the shape of the whole batch, `gradient` is added to. */
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

/** Does some work on all columns of a batch, and returns the sums over them. */
export type ColumnRunner = (work: ActivityWork) => Float64Array;

/** All columns at once, in this thread. */
export const inOneGo: ColumnRunner = (work) => workActivity(work, { first: 0, width: work.shape.batch });

/** Some work on some columns. @returns Sums over them. */
export function workActivity(work: ActivityWork, columns: Columns): Float64Array {
  const rows = createRows(work, columns);
  switch (work.kind) {
    case "distances":
      // What is asked for most often has a loop of its own.
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

/** Rows of a trajectory and what each of their numbers weighs. */
interface Rows {
  activity: ArrayLike<number>;
  gradient: Values | undefined;
  units: number;
  batch: number;
  first: number;
  width: number;
  /** How many rows there are, and how many share a row of weights. */
  count: number;
  sharing: number;
  weights: ArrayLike<number>;
}

function createRows({ shape, activity, gradient, mask, ...work }: ActivityWork, columns: Columns): Rows {
  const { time, units, batch } = shape;
  const steps = work.kind === "changes" ? time - work.lag : time;
  const common = { activity, gradient, units, batch, ...columns, count: steps * units };
  // Without a mask all share one row of ones.
  if (!mask) return { ...common, sharing: Infinity, weights: new Float64Array(batch).fill(1) };
  return { ...common, sharing: mask.length === steps * batch ? units : 1, weights: mask };
}

function addSquares(
  { activity, gradient, batch, first, width, count, sharing, weights }: Rows,
  { target, factor }: { target: number; factor: number },
): number {
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const from = row * batch + first;
    const m = Math.floor(row / sharing) * batch + first;
    let own = 0;
    for (let b = 0; b < width; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue; // what is not counted may be NaN
      const off = activity[from + b] - target;
      own += weight * (off * off);
      if (gradient) gradient[from + b] += factor * weight * (2 * off);
    }
    sum += own;
  }
  return sum;
}

function addDistances(
  { activity, gradient, batch, first, width, count, sharing, weights }: Rows,
  {
    target,
    factor,
    squared,
    absolute,
  }: { target: number; factor: number; squared: boolean; absolute: boolean },
): number {
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const from = row * batch + first;
    const m = Math.floor(row / sharing) * batch + first;
    let own = 0;
    for (let b = 0; b < width; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue;
      const rate = activity[from + b];
      const off = (absolute ? Math.abs(rate) : rate) - target;
      own += weight * (squared ? off * off : Math.abs(off));
      if (!gradient) continue;
      const sign = absolute ? Math.sign(rate) : 1;
      gradient[from + b] += factor * weight * sign * (squared ? 2 * off : Math.sign(off));
    }
    sum += own;
  }
  return sum;
}

function unitSums(
  { activity, units, batch, first, width, count, sharing, weights }: Rows,
  absolute: boolean,
): Float64Array {
  const sums = new Float64Array(2 * units);
  for (let row = 0; row < count; row++) {
    const from = row * batch + first;
    const m = Math.floor(row / sharing) * batch + first;
    let all = 0;
    let sum = 0;
    for (let b = 0; b < width; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue;
      const rate = activity[from + b];
      all += weight;
      sum += weight * (absolute ? Math.abs(rate) : rate);
    }
    sums[row % units] += all;
    sums[units + (row % units)] += sum;
  }
  return sums;
}

function addUnitSlopes(
  { activity, gradient, units, batch, first, width, count, sharing, weights }: Rows,
  { factors, absolute }: { factors: Float64Array; absolute: boolean },
): void {
  if (!gradient) return;
  for (let row = 0; row < count; row++) {
    const from = row * batch + first;
    const m = Math.floor(row / sharing) * batch + first;
    const factor = factors[row % units];
    for (let b = 0; b < width; b++) {
      const weight = weights[m + b];
      if (weight > 0) gradient[from + b] += factor * weight * (absolute ? Math.sign(activity[from + b]) : 1);
    }
  }
}

function addChanges(
  { activity, gradient, units, batch, first, width, count, sharing, weights }: Rows,
  { lag, factor }: { lag: number; factor: number },
): number {
  const shift = lag * units * batch;
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const from = row * batch + first;
    const m = Math.floor(row / sharing) * batch + first;
    let own = 0;
    for (let b = 0; b < width; b++) {
      const weight = weights[m + b];
      if (weight === 0) continue;
      const k = from + b;
      const change = activity[k + shift] - activity[k];
      own += weight * change * change;
      if (!gradient) continue;
      const slope = factor * weight * change;
      gradient[k] -= slope;
      gradient[k + shift] += slope;
    }
    sum += own;
  }
  return sum;
}
