/**
 * @file The forgetting curve: how much of the input k steps ago is still there, r²(k) against k. After Jaeger (2001),
 * "Short term memory in echo state networks", GMD report 152.
 */

import { CajalError } from "../core/index.ts";
import { lineRamp } from "./colour-ramp.ts";
import {
  BAND_NOTE,
  bandMarks,
  type Curve,
  type CurveBand,
  checkLengths,
  curveMarks,
  extent,
  lineMark,
  seriesOf,
} from "./curve.ts";
import { loadPlot, type PlotModule } from "./figure-document.ts";
import { type EndLabel, endLabelWidth, labelColumn } from "./label-layout.ts";
import { formatExact } from "./number-format.ts";
import { type Panel, type PanelAxis, place, renderPanel } from "./panel.ts";
import { COLOUR, type FigureWidth, FONT_SIZE, NULL_COLOURS, PIXELS_PER_CM, pixelWidth } from "./style.ts";
import { figure, text } from "./svg.ts";

/** Curves of one network at several values of a swept factor. */
export interface CurveFamily {
  /** Name of the factor, e.g. `Spectral radius`. */
  label: string;
  /** Ascending by value; at most eight can be told apart. */
  curves: readonly { value: number | string; values: readonly number[] }[];
  /** The value whose curve is drawn strong. */
  best?: number | string;
}

/** r² at each delay for the real network, its nulls, and some values of the swept factor. */
export interface ForgettingCurveData {
  /** Delays [steps], shape `(delay)`, ascending. */
  delays: readonly number[];
  /** The real network. */
  empirical: Curve;
  /** One band for each null model. */
  nulls: readonly CurveBand[];
  /** A second panel: the real network at several swept values. */
  family?: CurveFamily;
}

/** Size and axis labels; by default those of memory capacity. */
export interface ForgettingCurveOptions {
  width?: FigureWidth;
  /** Height of one panel [cm]. */
  height?: number;
  xLabel?: string;
  yLabel?: string;
}

/**
 * Forgetting curve as an SVG string: the real network over the band of its nulls, and, if asked for, the real network at
 * several swept values in a second panel (beside the first where there is room, else below).
 *
 * @throws CajalError `shape`, `empty-figure`, `bad-width`.
 */
export async function forgettingCurve(
  data: ForgettingCurveData,
  {
    width = "double",
    height = 6.5,
    xLabel = "Delay k (steps)",
    yLabel = "Input recalled, r²(k)",
  }: ForgettingCurveOptions = {},
): Promise<string> {
  check(data);
  const { delays, family } = data;
  const total = pixelWidth(width);
  const beside = family !== undefined && total > 450;
  const panelSize = { width: beside ? total / 2 : total, height: height * PIXELS_PER_CM };
  const labels = family ? [familyLabels(family), networkLabels(data)] : [networkLabels(data)];
  const shared = {
    ...panelSize,
    // Panels of one figure keep the same room for labels, so that their axes are equally wide.
    right: Math.max(...labels.map((l) => endLabelWidth(l) + 8), family ? headingWidth(family) : 0),
    top: family ? 20 : 10,
    x: { label: xLabel, domain: delayDomain(delays), ticks: 6 } satisfies PanelAxis,
    y: { label: yLabel, domain: yDomain(data), ticks: 5, grid: true } satisfies PanelAxis,
  };
  const loaded = await loadPlot();
  const first = renderPanel(loaded, { ...shared, marks: (Plot) => networkMarks(Plot, data) });
  const children = [first.markup, labelColumn(networkLabels(data), first.frame.right + 10, first.frame.top)];
  if (family) {
    const second = renderPanel(loaded, { ...shared, marks: (Plot) => familyMarks(Plot, delays, family) });
    const at: [number, number] = beside ? [panelSize.width, 0] : [0, panelSize.height];
    children.push(letter("a"), place(at[0], at[1], second.markup, familyKey(family, second), letter("b")));
  }
  const rows = family && !beside ? 2 : 1;
  const size = { width: total, height: panelSize.height * rows };
  return figure(size, `${yLabel} against ${xLabel}`, ...children);
}

// Implementation

function check({ delays, empirical, nulls, family }: ForgettingCurveData): void {
  if (delays.length === 0) {
    throw new CajalError("there is no delay to draw", { code: "empty-figure", where: "forgettingCurve" });
  }
  const family_ = (family?.curves ?? []).map((c) => ({ label: formatExact(c.value), values: c.values }));
  for (const curve of [empirical, ...nulls, ...family_]) {
    checkLengths("forgettingCurve", delays.length, curve);
  }
}

function delayDomain(delays: readonly number[]): [number, number] {
  const [low, high] = [delays[0], delays[delays.length - 1]];
  return low === high ? [low - 1, high + 1] : [Math.min(low, high === 0 ? low : 0), high];
}

/** r² lives in 0–1; other scores get what they need. */
function yDomain({ empirical, nulls, family }: ForgettingCurveData): [number, number] {
  const all = [...[empirical, ...nulls].flatMap(seriesOf), ...(family?.curves ?? []).map((c) => c.values)];
  const [low, high] = extent(...all) ?? [0, 1];
  return [Math.min(0, low), high <= 1 ? 1 : high * 1.05];
}

/** Beside a second panel there is no room to say what the bands are; the caption does. */
function networkLabels({ empirical, nulls, family }: ForgettingCurveData): Omit<EndLabel, "y">[] {
  return [
    { colour: COLOUR.empirical, name: empirical.label, strong: true },
    ...nulls.map((band, i) => ({
      colour: NULL_COLOURS[i % NULL_COLOURS.length],
      name: band.label,
      note: family ? undefined : BAND_NOTE,
      band: true,
    })),
  ];
}

function networkMarks(Plot: PlotModule, { delays, empirical, nulls }: ForgettingCurveData) {
  return [
    ...nulls.flatMap((band, i) => bandMarks(Plot, delays, band, NULL_COLOURS[i % NULL_COLOURS.length])),
    ...curveMarks(Plot, delays, empirical, COLOUR.empirical),
  ];
}

function familyColour({ curves, best }: CurveFamily, i: number): string {
  return curves[i].value === best
    ? COLOUR.empirical
    : lineRamp(curves.length > 1 ? i / (curves.length - 1) : 1);
}

function familyLabels(family: CurveFamily): Omit<EndLabel, "y">[] {
  return family.curves.map(({ value }, i) => ({
    colour: familyColour(family, i),
    name: value === family.best ? `${formatExact(value)} (best)` : formatExact(value),
    strong: value === family.best,
  }));
}

function familyMarks(Plot: PlotModule, delays: readonly number[], family: CurveFamily) {
  const width = (i: number) => (family.curves[i].value === family.best ? 2 : 1.25);
  const order = family.curves.map((_, i) => i).sort((a, b) => width(a) - width(b) || a - b);
  return order.map((i) =>
    lineMark(Plot, delays, family.curves[i].values, { stroke: familyColour(family, i), width: width(i) }),
  );
}

function headingWidth({ label }: CurveFamily): number {
  return endLabelWidth([{ name: label, colour: "" }]);
}

/** Values of the family right of the axes, the factor's name as their heading, larger values on top like their lines. */
function familyKey(family: CurveFamily, { frame }: Panel): string {
  const heading = text(frame.right + 10, frame.top + FONT_SIZE.tick * 0.85, family.label, {
    fill: COLOUR.quiet,
  });
  return heading + labelColumn(familyLabels(family), frame.right + 10, frame.top + FONT_SIZE.tick + 5);
}

function letter(name: string): string {
  return text(2, 12, name, { "font-size": FONT_SIZE.letter, "font-weight": "bold" });
}
