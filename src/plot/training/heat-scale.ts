/**
 * @file From numbers to colours for pictures of many cells: white to blue for magnitudes, orange over white to blue
 * where numbers have a sign, grey where there is no number.
 */

import { log } from "../../core/index.ts";
import { fromPaper, sequentialRamp, warmRamp } from "../colour-ramp.ts";
import { dataUri, encodePng } from "../png.ts";
import { COLOUR } from "../style.ts";

/** How numbers become colours: indices into a palette. */
export interface HeatScale {
  /** Numbers of the two ends; those beyond get the colour of the end. */
  low: number;
  high: number;
  /** Even steps of the logarithm; both ends positive. */
  log: boolean;
  palette: readonly string[];
  /** Palette index of a number; the last one where there is none. */
  index: (value: number) => number;
  /** Place of a number between the ends, 0 … 1. */
  place: (value: number) => number;
}

/** White to blue between two numbers. */
export function magnitudeScale(
  [low, high]: readonly [number, number],
  { log: isLog = false } = {},
): HeatScale {
  const colours = Array.from({ length: LEVELS }, (_, i) => fromPaper(sequentialRamp, i / (LEVELS - 1)));
  return scale(low, high, { colours, isLog });
}

/** Orange at −limit, white at 0, blue at limit. */
export function signedScale(limit: number): HeatScale {
  const half = (LEVELS - 1) / 2;
  const colours = Array.from({ length: LEVELS }, (_, i) => {
    const t = (i - half) / half;
    return t === 0 ? COLOUR.paper : fromPaper(t < 0 ? warmRamp : sequentialRamp, Math.abs(t));
  });
  return scale(-limit, limit, { colours, isLog: false });
}

/** Signed where numbers below 0 occur, else from 0 on; undefined if nothing is finite. */
export function scaleFor(range: readonly [number, number] | undefined): HeatScale | undefined {
  if (!range) return undefined;
  const [low, high] = range;
  if (low < 0) return signedScale(Math.max(-low, high));
  return magnitudeScale([0, high > 0 ? high : 1]);
}

/** Colour of a number. */
export function heatColour(scale: HeatScale, value: number): string {
  return scale.palette[scale.index(value)];
}

/** Dark text on light cells and light text on dark ones. */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? COLOUR.ink : COLOUR.paper;
}

/**
 * Cells as a `data:` PNG. Where there are more than a page can show, a pixel takes the cell of largest magnitude among
 * those it stands for.
 *
 * @param at - Number of a cell.
 */
export function heatImage(
  { rows, columns }: { rows: number; columns: number },
  scale: HeatScale,
  at: (row: number, column: number) => number,
): string {
  const down = Math.ceil(rows / MOST_PIXELS);
  const across = Math.ceil(columns / MOST_PIXELS);
  const height = Math.ceil(rows / down);
  const width = Math.ceil(columns / across);
  const strongest = new Float64Array(width * height).fill(Number.NaN);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = at(i, j);
      const cell = Math.floor(i / down) * width + Math.floor(j / across);
      if (Number.isNaN(strongest[cell]) || Math.abs(value) > Math.abs(strongest[cell]))
        strongest[cell] = value;
    }
  }
  const pixels = Uint8Array.from(strongest, scale.index);
  return dataUri(encodePng(pixels, { width, height }, scale.palette));
}

// Implementation

/** Odd, so that 0 has a colour of its own. */
const LEVELS = 201;
const MISSING = "#c4c4c4";
const MOST_PIXELS = 1000;

function scale(
  low: number,
  high: number,
  { colours, isLog }: { colours: readonly string[]; isLog: boolean },
): HeatScale {
  const span = isLog ? log(high / low) : high - low;
  const place = (value: number) => {
    const t = span > 0 ? (isLog ? log(value / low) : value - low) / span : 0.5;
    return Math.max(0, Math.min(1, t));
  };
  return {
    low,
    high,
    log: isLog,
    palette: [...colours, MISSING],
    place,
    index: (value) =>
      Number.isFinite(value) && !(isLog && value <= 0) ? Math.round(place(value) * (LEVELS - 1)) : LEVELS,
  };
}
