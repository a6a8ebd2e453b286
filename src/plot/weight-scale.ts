/**
 * @file From weights to colours: magnitude by its logarithm, sign by hue, 0 white.
 */

import { log } from "../core/index.ts";
import { sequentialRamp, warmRamp } from "./colour-ramp.ts";
import { COLOUR } from "./style.ts";

/** How weights become colours: indices into a palette. */
export interface WeightScale {
  /** Smallest and largest magnitude told apart; smaller ones get the lightest colour. */
  low: number;
  high: number;
  signed: boolean;
  /** Whether magnitudes below `low` occur. */
  clipped: boolean;
  palette: string[];
  /** Palette index of a weight; 0 is white. */
  index: (w: number) => number;
}

/** Colours on each side of 0. */
const LEVELS = 64;
/** Magnitudes span at most this ratio; a single tiny weight must not push all others into one colour. */
const MAX_RATIO = 1e4;
/** Scale of the non-zero weights; undefined if there is none. @param values - Shape `(edge)`, finite. */
export function weightScale(values: ArrayLike<number>): WeightScale | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let signed = false;
  for (let k = 0; k < values.length; k++) {
    if (values[k] === 0) continue;
    low = Math.min(low, Math.abs(values[k]));
    high = Math.max(high, Math.abs(values[k]));
    signed ||= values[k] < 0;
  }
  if (high === 0) return undefined;
  const clipped = high / low > MAX_RATIO;
  const floor = clipped ? high / MAX_RATIO : low;
  const span = log(high / floor);
  const level = (w: number) => {
    const t = span > 0 ? log(Math.abs(w) / floor) / span : 1;
    return 1 + Math.max(0, Math.min(LEVELS - 1, Math.floor(t * LEVELS)));
  };
  const shades = (ramp: (t: number) => string) =>
    Array.from({ length: LEVELS }, (_, i) => ramp(i / (LEVELS - 1)));
  return {
    low: floor,
    high,
    signed,
    clipped,
    palette: [COLOUR.paper, ...shades(sequentialRamp), ...(signed ? shades(warmRamp) : [])],
    index: (w) => (w === 0 ? 0 : w > 0 ? level(w) : LEVELS + level(w)),
  };
}
