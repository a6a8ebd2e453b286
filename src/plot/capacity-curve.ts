/**
 * @file A score against a swept value: the real network's line over the band of its null networks.
 */

import type { Markish } from "@observablehq/plot";
import { CajalError } from "../core/index.ts";
import {
  BAND_NOTE,
  bandMarks,
  barMarks,
  bestIndex,
  type Curve,
  type CurveBand,
  checkLengths,
  curveMarks,
  extent,
  lastFinite,
  seriesOf,
} from "./curve.ts";
import { loadPlot, type PlotModule } from "./figure-document.ts";
import { type EndLabel, endLabels, endLabelWidth } from "./label-layout.ts";
import { formatExact, formatNumber } from "./number-format.ts";
import { type Panel, type PanelAxis, renderPanel } from "./panel.ts";
import { COLOUR, type FigureWidth, FONT_SIZE, NULL_COLOURS, PIXELS_PER_CM, pixelWidth } from "./style.ts";
import { element, figure, text } from "./svg.ts";

/** A score of the real network and of its nulls at each value of the swept factor. */
export interface CapacityCurveData {
  /** Swept values, shape `(point)`: numbers ascending, or names. */
  x: readonly (number | string)[];
  /** The real network. */
  empirical: Curve;
  /** One band for each null model, none where there are no nulls. */
  nulls: readonly CurveBand[];
}

/** Size, axes, and which end of the score is marked as best. */
export interface CapacityCurveOptions {
  xLabel: string;
  yLabel: string;
  width?: FigureWidth;
  /** Height [cm]. */
  height?: number;
  /** `auto` takes a logarithmic axis where values span more than a factor of 50 and keep their ratio. */
  xScale?: "linear" | "log" | "auto";
  /** Which end of the score is good; the marker stands there. */
  better?: "higher" | "lower";
}

/**
 * Score against a swept value, as an SVG string.
 *
 * The null networks are a grey band (5–95 % and 25–75 %, median line), the real one a strong line; each carries a marker
 * at its best and its name at its end. Values that are names, and a single value, get bars instead of lines.
 *
 * @throws CajalError `shape`, `empty-figure`, `bad-width`.
 * @example await capacityCurve({ x: radii, empirical, nulls: [band] }, { xLabel: "Spectral radius", yLabel: "Memory capacity (steps)" })
 */
export async function capacityCurve(data: CapacityCurveData, options: CapacityCurveOptions): Promise<string> {
  const { x, empirical, nulls } = data;
  const { width = "double", height = 8, better = "higher" } = options;
  if (x.length === 0) {
    throw new CajalError("there is no value to draw", { code: "empty-figure", where: "capacityCurve" });
  }
  for (const curve of [empirical, ...nulls]) checkLengths("capacityCurve", x.length, curve);
  const joined = x.length > 1 && x.every((v) => typeof v === "number");
  const places = joined ? (x as number[]) : x.map((_, i) => i);
  const yRange = extent(...[empirical, ...nulls].flatMap(seriesOf)) ?? [0, 1];
  const y: PanelAxis = { label: options.yLabel, domain: scoreDomain(yRange), grid: true };
  const labels = labelsOf(data);
  const size = { width: pixelWidth(width), height: height * PIXELS_PER_CM };
  const panel = renderPanel(await loadPlot(), {
    ...size,
    x: joined ? numberAxis(places, options) : nameAxis(x, options.xLabel),
    y,
    top: 14,
    right: endLabelWidth(labels),
    marks: (Plot) => (joined ? joinedMarks(Plot, places, data) : separateMarks(Plot, places, data)),
  });
  const { frame } = panel;
  const ends = labels.filter((l) => Number.isFinite(l.y)).map((l) => ({ ...l, y: panel.y(l.y) }));
  return figure(
    size,
    `${options.yLabel} against ${options.xLabel}: ${[empirical, ...nulls].map((c) => c.label).join(", ")}`,
    panel.markup,
    joined ? peaks(panel, places, data, better) : "",
    endLabels(ends, frame.right, [frame.top, frame.bottom]),
    ends.length ? "" : emptyNote(panel),
  );
}

/** Axis of a score: from 0 where no value is negative, with room above for a label. */
export function scoreDomain([low, high]: readonly [number, number]): [number, number] {
  const span = high - Math.min(0, low) || 1;
  return [low < 0 ? low - 0.06 * span : 0, (high === low && high === 0 ? 1 : high) + 0.09 * span];
}

/** Whether ascending values look laid out by ratio: all positive, more than a factor of 50, steps in even ratio. */
export function looksLogarithmic(x: readonly number[]): boolean {
  if (x.length < 3 || !(x[0] > 0) || x[x.length - 1] / x[0] < 50) return false;
  const ratios = x.slice(1).map((v, i) => v / x[i]);
  return Math.max(...ratios) < 4 * Math.min(...ratios);
}

// Implementation

function numberAxis(x: readonly number[], { xLabel, xScale = "auto" }: CapacityCurveOptions): PanelAxis {
  const log = xScale === "log" || (xScale === "auto" && looksLogarithmic(x));
  return { label: xLabel, domain: [Math.min(...x), Math.max(...x)], log, ticks: log ? undefined : 8 };
}

function nameAxis(x: readonly (number | string)[], label: string): PanelAxis {
  const values = x.map((_, i) => i);
  return { label, domain: [-0.5, x.length - 0.5], ticks: { values, labels: x.map(formatExact) } };
}

function labelsOf({ empirical, nulls }: CapacityCurveData): EndLabel[] {
  return [
    { y: lastFinite(empirical.values), colour: COLOUR.empirical, name: empirical.label, strong: true },
    ...nulls.map((band, i) => ({
      y: lastFinite(band.median),
      colour: NULL_COLOURS[i % NULL_COLOURS.length],
      name: band.label,
      note: BAND_NOTE,
    })),
  ];
}

function joinedMarks(
  Plot: PlotModule,
  x: readonly number[],
  { empirical, nulls }: CapacityCurveData,
): Markish[] {
  return [
    ...nulls.flatMap((band, i) => bandMarks(Plot, x, band, NULL_COLOURS[i % NULL_COLOURS.length])),
    ...curveMarks(Plot, x, empirical, COLOUR.empirical),
  ];
}

function separateMarks(
  Plot: PlotModule,
  x: readonly number[],
  { empirical, nulls }: CapacityCurveData,
): Markish[] {
  const { values, low, high } = empirical;
  const spread = { label: "", q05: low ?? [], q95: high ?? [], q25: [], q75: [], median: values };
  return [
    ...nulls.flatMap((band, i) =>
      barMarks(Plot, x, band, { colour: NULL_COLOURS[i % NULL_COLOURS.length], shift: 0.12 + 0.14 * i }),
    ),
    ...barMarks(Plot, x, spread, { colour: COLOUR.empirical, shift: -0.12 }),
  ];
}

/** A dot at each best value; the higher label stands above its dot, the lower one below, so they cannot meet. */
function peaks(
  panel: Panel,
  x: readonly number[],
  data: CapacityCurveData,
  better: "higher" | "lower",
): string {
  const found = [
    ...data.nulls.map((band, i) => ({
      values: band.median,
      colour: NULL_COLOURS[i % NULL_COLOURS.length],
      fill: COLOUR.paper,
      ink: COLOUR.quiet,
      weight: undefined,
    })),
    {
      values: data.empirical.values,
      colour: COLOUR.empirical,
      fill: COLOUR.empirical,
      ink: COLOUR.empirical,
      weight: "bold",
    },
  ]
    .map((p) => ({ ...p, at: bestIndex(p.values, better) }))
    .filter((p) => p.at >= 0);
  const top = Math.max(...found.map((p) => p.values[p.at]));
  return found
    .map((p, i) => {
      const value = p.values[p.at];
      const px = panel.x(x[p.at]);
      const py = panel.y(value);
      const dot = element("circle", {
        cx: px,
        cy: py,
        r: 3,
        fill: p.fill,
        stroke: p.colour,
        "stroke-width": 1.25,
      });
      // Of several null models none is labelled: the labels would collide.
      if (data.nulls.length > 1 && i < found.length - 1) return dot;
      const above = value === top;
      const label = `${formatNumber(value)} at ${formatExact(x[p.at])}`;
      return dot + haloText(px, above ? py - 7 : py + 10 + FONT_SIZE.tick * 0.8, label, panel, p);
    })
    .join("");
}

/** Text on a thin white edge, so that lines behind it do not cut it; kept inside the axes. */
function haloText(
  x: number,
  y: number,
  content: string,
  { frame }: Panel,
  { ink, weight }: { ink: string; weight: string | undefined },
): string {
  const half = content.length * FONT_SIZE.tick * 0.27;
  const inside = Math.max(frame.left + half + 3, Math.min(frame.right - half, x));
  return text(inside, y, content, {
    fill: ink,
    "font-weight": weight,
    "text-anchor": "middle",
    stroke: COLOUR.paper,
    "stroke-width": 2.5,
    "stroke-linejoin": "round",
    "paint-order": "stroke",
  });
}

function emptyNote({ frame }: Panel): string {
  return text((frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2, "no finite value to draw", {
    fill: COLOUR.quiet,
    "text-anchor": "middle",
    "font-size": FONT_SIZE.label,
  });
}
