/**
 * @file Penalties on activity: how high it is, how unequal over units, and how much it changes from step to step.
 */

import { CajalError } from "../../../core/index.ts";
import { type DivideWork, inOneGo } from "./activity-work.ts";
import { checkTrajectory, type Mask, type TermOptions, type TrajectoryShape } from "./trajectory.ts";

/**
 * How activity r is measured; μᵢ is unit i's mean over steps and trials that count, N the number of units.
 *
 * - `l2`, `l1`: mean of r², of |r|, over all entries (the metabolic cost of Song, Yang & Wang 2016).
 * - `mean-l2`, `mean-l1`: mean over units of μᵢ², of |μᵢ| (nn4n's firing-rate loss; positive and negative rates of a
 *   unit cancel).
 * - `sd`: sample standard deviation of μ over units (N − 1); `cv`: that divided by the mean of μ.
 * - `mean-deviation`, `max-deviation`: mean, largest |μᵢ − mean of μ|.
 */
export type RateMetric =
  | "l2"
  | "l1"
  | "mean-l2"
  | "mean-l1"
  | "sd"
  | "cv"
  | "mean-deviation"
  | "max-deviation";

/** Names of the metrics, for schemas and messages. */
export const RATE_METRICS = [
  "l2",
  "l1",
  "mean-l2",
  "mean-l1",
  "sd",
  "cv",
  "mean-deviation",
  "max-deviation",
] as const;

/** Options of {@link ratePenalty}. */
export interface RatePenaltyOptions extends TermOptions {
  shape: TrajectoryShape;
  /** Default `l2`. */
  metric?: RateMetric;
  /** Rate wanted, for the first four metrics, default 0. */
  target?: number;
  /** Take |r| for r first, so that tanh units cannot cancel, default false. */
  absolute?: boolean;
  /** Who goes through the activity, default this thread. */
  divide?: DivideWork;
}

/**
 * Penalty on how active units are, or how unequally.
 *
 * @param activity - r, shape `(time, unit, batch)`.
 * @returns The penalty; its gradient is added to `options.into`.
 * @throws CajalError `trajectory-shape`, `empty-mask`, `too-few-units`.
 */
export function ratePenalty(activity: ArrayLike<number>, options: RatePenaltyOptions): number {
  const { shape, mask, into, metric = "l2", target = 0, absolute = false, divide = inOneGo } = options;
  const where = "ratePenalty";
  const count = checkTrajectory(activity, shape, { mask, into, where });
  const work = { shape, activity, mask, absolute };
  if (metric === "l2" || metric === "l1") {
    const [squared, factor] = [metric === "l2", into ? (into.weight ?? 1) / count : 0];
    const { gradient } = into ?? {};
    return divide({ ...work, kind: "distances", squared, target, factor, gradient })[0] / count;
  }
  const { units } = shape;
  const sums = divide({ ...work, kind: "unit-sums" });
  const share = sums.subarray(0, units);
  const mean = sums.slice(units);
  for (let i = 0; i < units; i++) mean[i] = share[i] > 0 ? mean[i] / share[i] : 0;
  const { value, slope } = measure(metric, mean, target);
  if (into) {
    const { gradient, weight = 1 } = into;
    // Of a metric in each unit's mean, which is that of all numbers that the mean is of.
    const factors = slope.map((one, i) => (weight * one) / share[i]);
    divide({ ...work, kind: "unit-slopes", factors, gradient });
  }
  return value;
}

/**
 * Mean squared change over `lag` steps, mean of (r_t − r_{t + lag})²; a step counts when both of its ends do.
 *
 * @param activity - r, shape `(time, unit, batch)`.
 * @param options.lag - Steps, whole, ≥ 1, default 1.
 * @param options.divide - Who goes through the activity, default this thread.
 * @throws CajalError `trajectory-shape`, `empty-mask`, `bad-lag`.
 */
export function smoothnessPenalty(
  activity: ArrayLike<number>,
  options: TermOptions & { shape: TrajectoryShape; lag?: number; divide?: DivideWork },
): number {
  const { shape, mask, into, lag = 1, divide = inOneGo } = options;
  const where = "smoothnessPenalty";
  checkTrajectory(activity, shape, { mask, into, where });
  const { time, units, batch } = shape;
  if (!(Number.isInteger(lag) && lag >= 1 && lag < time)) {
    throw new CajalError(`lag must be a whole number from 1 to ${time - 1}, got ${lag}`, {
      code: "bad-lag",
      where,
    });
  }
  const pairs = { time: time - lag, units, batch };
  const both = mask && pairMask(mask, lag * (mask.length / time));
  const earlier = { length: pairs.time * units * batch };
  const count = checkTrajectory(earlier, pairs, { mask: both, where });
  const factor = into ? (2 * (into.weight ?? 1)) / count : 0;
  const work = { kind: "changes", shape, activity, mask: both, gradient: into?.gradient } as const;
  return divide({ ...work, lag, factor })[0] / count;
}

// Implementation

/** A metric of the units' means and its slope with respect to each. */
function measure(
  metric: Exclude<RateMetric, "l1" | "l2">,
  mean: Float64Array,
  target: number,
): { value: number; slope: Float64Array } {
  const n = mean.length;
  if (metric === "mean-l2" || metric === "mean-l1") {
    const squared = metric === "mean-l2";
    const off = mean.map((m) => m - target);
    const value = off.reduce((sum, d) => sum + (squared ? d * d : Math.abs(d)), 0) / n;
    return { value, slope: off.map((d) => (squared ? 2 * d : Math.sign(d)) / n) };
  }
  if (n < 2) {
    throw new CajalError(`"${metric}" compares units, and there is ${n}`, {
      code: "too-few-units",
      where: "ratePenalty",
      hint: "Use a metric of level such as l2.",
    });
  }
  const centre = mean.reduce((sum, m) => sum + m, 0) / n;
  const off = mean.map((m) => m - centre);
  if (metric === "mean-deviation" || metric === "max-deviation") return deviation(metric, off);
  const sd = Math.sqrt(off.reduce((sum, d) => sum + d * d, 0) / (n - 1));
  const slope = off.map((d) => (sd > 0 ? d / ((n - 1) * sd) : 0));
  if (metric === "sd") return { value: sd, slope };
  return { value: sd / centre, slope: slope.map((s) => s / centre - sd / (n * centre * centre)) };
}

function deviation(metric: "mean-deviation" | "max-deviation", off: Float64Array) {
  const n = off.length;
  if (metric === "mean-deviation") {
    const signs = off.map(Math.sign);
    const shift = signs.reduce((sum, s) => sum + s, 0) / n;
    const value = off.reduce((sum, d) => sum + Math.abs(d), 0) / n;
    return { value, slope: signs.map((s) => (s - shift) / n) };
  }
  let worst = 0;
  for (let i = 1; i < n; i++) if (Math.abs(off[i]) > Math.abs(off[worst])) worst = i;
  const sign = Math.sign(off[worst]);
  return { value: Math.abs(off[worst]), slope: off.map((_, i) => sign * ((i === worst ? 1 : 0) - 1 / n)) };
}

/** Product of the mask with itself `shift` entries later. */
function pairMask(mask: Mask, shift: number): Float64Array {
  return Float64Array.from({ length: mask.length - shift }, (_, k) => mask[k] * mask[k + shift]);
}
