/**
 * @file Phases of the fraction of existing synapses while a network organises itself: decay to a minimum, growth, and a
 * plateau, as in Del Papa, Priesemann & Triesch (2017), PLoS ONE 12, e0178683.
 */

import { CajalError } from "../../core/index.ts";
import { fitLine } from "./line.ts";

/** Connection fraction over time; steps ascend. */
export interface ConnectionFraction {
  /** Steps of the samples, ascending, shape `(sample)`. */
  steps: ArrayLike<number>;
  /** Existing synapses over possible ones, 0–1, shape `(sample)`. */
  fraction: ArrayLike<number>;
}

/** The phases of one run. */
export interface ConnectionPhases {
  /** Fraction of the first sample. */
  initial: number;
  /** Smallest fraction and the first step that has it. */
  minimum: { step: number; fraction: number };
  /** Fraction at the end of growth over the minimum; 1 for a run that never grows; NaN when the minimum is 0. */
  growthFactor: number;
  /** Where growth was read off: the last sample up to `growthUntil`. */
  grown: { step: number; fraction: number };
  /** Stretch from `plateauFrom` on; null when it has fewer than three samples. */
  plateau: Plateau | null;
  /** Where the run ends: `decay` when the minimum is its last sample, `growth` when no plateau was recorded. */
  phase: "decay" | "growth" | "plateau";
}

/** The end of a run, taken as stationary. */
export interface Plateau {
  from: number;
  to: number;
  /** Mean fraction. */
  mean: number;
  /** Smallest and largest fraction. */
  minimum: number;
  maximum: number;
  /** Slope of the fraction over its mean, per million steps; 0 for a stationary fraction (null). */
  drift: number;
  /**
   * Standard error of the drift were the samples independent. They are not: the fraction is a sum of births and deaths,
   * so its true error is several times larger and this is a lower bound.
   */
  driftError: number;
}

/**
 * Decay, growth and plateau of a connection fraction.
 *
 * @param options.growthUntil - Step at which growth is read off, default 1 000 000.
 * @param options.plateauFrom - First step of the plateau, default 1 500 000.
 * @throws CajalError `shape` without samples, with unequal lengths, or when steps do not ascend.
 */
export function connectionPhases(
  { steps, fraction }: ConnectionFraction,
  { growthUntil = 1_000_000, plateauFrom = 1_500_000 } = {},
): ConnectionPhases {
  check(steps, fraction);
  const last = steps.length - 1;
  let lowest = 0;
  for (let k = 1; k <= last; k++) if (fraction[k] < fraction[lowest]) lowest = k;
  // Growth follows the minimum; a run whose minimum is later has none to show yet.
  let end = lowest;
  while (end < last && steps[end + 1] <= growthUntil) end++;
  const plateau = plateauOf(steps, fraction, plateauFrom);
  return {
    initial: fraction[0],
    minimum: { step: steps[lowest], fraction: fraction[lowest] },
    growthFactor: fraction[end] / fraction[lowest],
    grown: { step: steps[end], fraction: fraction[end] },
    plateau,
    phase: lowest === last ? "decay" : plateau ? "plateau" : "growth",
  };
}

// Implementation

function check(steps: ArrayLike<number>, fraction: ArrayLike<number>): void {
  if (steps.length === 0 || steps.length !== fraction.length) {
    throw new CajalError(`${steps.length} steps and ${fraction.length} fractions`, {
      code: "shape",
      where: "connectionPhases",
      hint: "Give one fraction for each recorded step, at least one.",
    });
  }
  for (let k = 1; k < steps.length; k++) {
    if (steps[k] > steps[k - 1]) continue;
    throw new CajalError(`step ${steps[k]} follows step ${steps[k - 1]}`, {
      code: "shape",
      where: "connectionPhases",
      hint: "Give the samples in order of time, each step once.",
    });
  }
}

function plateauOf(steps: ArrayLike<number>, fraction: ArrayLike<number>, from: number): Plateau | null {
  const t: number[] = [];
  const c: number[] = [];
  let [minimum, maximum, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let k = 0; k < steps.length; k++) {
    if (!(steps[k] >= from)) continue;
    t.push(steps[k] / 1e6);
    c.push(fraction[k]);
    sum += fraction[k];
    minimum = Math.min(minimum, fraction[k]);
    maximum = Math.max(maximum, fraction[k]);
  }
  if (t.length < 3) return null;
  const mean = sum / t.length;
  const { slope, standardError } = fitLine(t, c);
  const to = steps[steps.length - 1];
  return {
    from: steps[steps.length - t.length],
    to,
    mean,
    minimum,
    maximum,
    drift: slope / mean,
    driftError: standardError / mean,
  };
}
