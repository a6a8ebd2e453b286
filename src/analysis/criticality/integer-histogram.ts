/**
 * @file Counts of whole numbers in a window: all that the fits of discrete laws need, so that their cost grows with the
 * width of the window and not with the number of avalanches.
 */

import { CajalError } from "../../core/index.ts";

/** Both ends of a range of whole numbers, inclusive, 1 ≤ min < max. */
export type FitWindow = readonly [min: number, max: number];

/** How often each whole number of a window occurs. */
export interface IntegerHistogram {
  window: FitWindow;
  /** Occurrences of min, min + 1, …, max, shape `(value)`. */
  counts: Float64Array;
  /** Values inside the window, Σ counts. */
  n: number;
  /** Values below and above the window, which no fit sees. */
  below: number;
  above: number;
}

/**
 * Histogram of whole numbers on a window.
 *
 * @param values - Whole numbers, e.g. durations [steps] or sizes [spikes], shape `(avalanche)`.
 * @throws CajalError `bad-window`, `not-whole`.
 * @example integerHistogram(avalanches(activity, 10).duration, [6, 60])
 */
export function integerHistogram(values: ArrayLike<number>, window: FitWindow): IntegerHistogram {
  checkWindow(window, "integerHistogram");
  const [min, max] = window;
  const counts = new Float64Array(max - min + 1);
  let below = 0;
  let above = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!Number.isInteger(v)) {
      throw new CajalError(`value ${i} is ${v}, not a whole number`, {
        code: "not-whole",
        where: "integerHistogram",
        hint: "The laws are discrete; fit counts, or round first and say so.",
      });
    }
    if (v < min) below++;
    else if (v > max) above++;
    else counts[v - min]++;
  }
  return { window: [min, max], counts, n: values.length - below - above, below, above };
}

/** @throws CajalError `bad-window` unless both ends are whole and 1 ≤ min < max ≤ 10⁷. */
export function checkWindow(window: FitWindow, where: string): void {
  const [min, max] = window;
  if (Number.isInteger(min) && Number.isInteger(max) && min >= 1 && min < max && max <= LARGEST) return;
  throw new CajalError(`window must be two whole numbers with 1 ≤ min < max ≤ 10^7, got [${window}]`, {
    code: "bad-window",
    where,
    hint: "For example [6, 60] for durations of 200 units.",
  });
}

// Implementation

/** Every fit holds a few arrays as wide as the window. */
const LARGEST = 10_000_000;
