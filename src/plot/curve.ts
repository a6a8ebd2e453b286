/**
 * @file Curves and bands as figures take them, and the marks that draw them.
 */

import type { Markish } from "@observablehq/plot";
import { CajalError } from "../core/index.ts";
import type { PlotModule } from "./figure-document.ts";

/** A curve of one network, with the spread over its repeats if there are any. NaN leaves a gap. */
export interface Curve {
  /** Name written beside the curve. */
  label: string;
  /** Shape `(point)`. */
  values: readonly number[];
  /** Lower and upper end of the spread, shape `(point)`. */
  low?: readonly number[];
  high?: readonly number[];
}

/** Quantiles over many networks at each point, each of shape `(point)`. NaN leaves a gap. */
export interface CurveBand {
  label: string;
  q05: readonly number[];
  q25: readonly number[];
  median: readonly number[];
  q75: readonly number[];
  q95: readonly number[];
}

/** What the parts of a band are, for the line below its name. */
export const BAND_NOTE = "median, 25–75 %, 5–95 %";

/** Refuse curves whose length differs from their axis. @throws CajalError `shape`. */
export function checkLengths(where: string, points: number, curve: Curve | CurveBand): void {
  for (const [name, values] of Object.entries(curve)) {
    if (Array.isArray(values) && values.length !== points) {
      throw new CajalError(`"${name}" of ${curve.label} has ${values.length} values for ${points} points`, {
        code: "shape",
        where,
        hint: "Give one value for each point of the axis, NaN where there is none.",
      });
    }
  }
}

/** Smallest and largest finite value of everything that is drawn; undefined if there is none. */
export function extent(...series: (readonly number[] | undefined)[]): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of series) {
    for (const v of values ?? []) {
      if (!Number.isFinite(v)) continue;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** All series of a curve or a band, for {@link extent}. */
export function seriesOf(curve: Curve | CurveBand): readonly number[][] {
  return Object.values(curve).filter((v): v is number[] => Array.isArray(v));
}

/** Place of the largest (or smallest) finite value; −1 if there is none. */
export function bestIndex(values: readonly number[], better: "higher" | "lower" = "higher"): number {
  let best = -1;
  values.forEach((v, i) => {
    if (!Number.isFinite(v)) return;
    if (best < 0 || (better === "higher" ? v > values[best] : v < values[best])) best = i;
  });
  return best;
}

/** Last finite value of a curve; NaN if there is none. */
export function lastFinite(values: readonly number[]): number {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return values[i];
  return Number.NaN;
}

/** Area between two series, and nothing where they do not differ. */
export function areaMark(
  Plot: PlotModule,
  x: readonly number[],
  [low, high]: readonly [readonly number[], readonly number[]],
  { fill, opacity }: { fill: string; opacity: number },
): Markish {
  const at = indicesOf(x);
  return Plot.areaY(at, {
    x: (i: number) => x[i],
    y1: (i: number) => low[i],
    y2: (i: number) => high[i],
    fill,
    fillOpacity: opacity,
  });
}

/** A line through a series. */
export function lineMark(
  Plot: PlotModule,
  x: readonly number[],
  y: readonly number[],
  style: { stroke: string; width: number; dash?: string },
): Markish {
  return Plot.line(indicesOf(x), {
    x: (i: number) => x[i],
    y: (i: number) => y[i],
    stroke: style.stroke,
    strokeWidth: style.width,
    ...(style.dash ? { strokeDasharray: style.dash } : {}),
    strokeLinejoin: "round",
  });
}

/** The 5–95 % and 25–75 % bands and the median line of many networks. */
export function bandMarks(
  Plot: PlotModule,
  x: readonly number[],
  band: CurveBand,
  colour: string,
): Markish[] {
  return [
    areaMark(Plot, x, [band.q05, band.q95], { fill: colour, opacity: 0.22 }),
    areaMark(Plot, x, [band.q25, band.q75], { fill: colour, opacity: 0.32 }),
    lineMark(Plot, x, band.median, { stroke: colour, width: 1.25 }),
  ];
}

/** The curve of one network over its spread. */
export function curveMarks(Plot: PlotModule, x: readonly number[], curve: Curve, colour: string): Markish[] {
  const { values, low, high } = curve;
  return [
    ...(low && high ? [areaMark(Plot, x, [low, high], { fill: colour, opacity: 0.22 })] : []),
    lineMark(Plot, x, values, { stroke: colour, width: 2 }),
  ];
}

/** A short vertical bar with quantiles, at points that have no neighbours to join: whiskers, box, median tick. */
export function barMarks(
  Plot: PlotModule,
  x: readonly number[],
  band: CurveBand,
  { colour, shift }: { colour: string; shift: number },
): Markish[] {
  const at = indicesOf(x);
  const whisker = (
    low: readonly number[],
    high: readonly number[],
    strokeWidth: number,
    strokeOpacity: number,
  ) =>
    Plot.ruleX(
      at.filter((i) => Number.isFinite(low[i])),
      {
        x: (i: number) => x[i] + shift,
        y1: (i: number) => low[i],
        y2: (i: number) => high[i],
        stroke: colour,
        strokeWidth,
        strokeOpacity,
      },
    );
  return [
    whisker(band.q05, band.q95, 3, 0.35),
    whisker(band.q25, band.q75, 7, 0.5),
    Plot.dot(at, {
      x: (i: number) => x[i] + shift,
      y: (i: number) => band.median[i],
      r: 2.5,
      fill: "white",
      stroke: colour,
    }),
  ];
}

// Implementation

function indicesOf(x: readonly unknown[]): number[] {
  return x.map((_, i) => i);
}
