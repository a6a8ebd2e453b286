/**
 * @file How answers depend on the evidence: psychometric curves (share of choices) and chronometric curves (reaction
 * times), with error bars.
 */

import { checkedRange, checkLengths, checkSome, linearDomain } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import type { PanelAxis } from "../panel.ts";
import { panelGrid } from "../panel-grid.ts";
import { dots, errorBars, level, line, named, type Plane, type Points, upright } from "../plane.ts";
import { COLOUR, PIXELS_PER_CM, pixelWidth, SERIES_COLOURS } from "../style.ts";
import { wilsonInterval } from "./wilson-interval.ts";

/** Answers of one network, or in one context. */
export interface PsychometricSeries {
  label: string;
  /** Signed evidence of each point, shape `(point)`. */
  evidence: ArrayLike<number>;
  /** Share of choices for the first alternative, 0 … 1, shape `(point)`. */
  fraction: ArrayLike<number>;
  /** Trials with a choice, shape `(point)`: error bars are 95 % intervals of Wilson (1927). */
  count?: ArrayLike<number>;
  /** A fitted curve through ascending evidence. */
  curve?: Points;
}

/** Reaction times of one kind of trial. */
export interface ChronometricSeries {
  label: string;
  /** Shape `(point)`. */
  evidence: ArrayLike<number>;
  /** Mean or median [ms], shape `(point)`. */
  time: ArrayLike<number>;
  /** Ends of the error bars [ms], shape `(point)`. */
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
  /** Drawn quieter, e.g. trials answered wrong. */
  isQuiet?: boolean;
}

/** Words on the axes. */
export interface ChoiceCurveOptions extends FigureOptions {
  xLabel?: string;
  yLabel?: string;
}

/**
 * Psychometric curves as an SVG string: dots with error bars, and the fitted curve or, where there is none, lines
 * between the dots.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await psychometricFigure({ series: [{ label: "trained", evidence, fraction, count, curve }] })
 */
export async function psychometricFigure(
  { series }: { series: readonly PsychometricSeries[] },
  options: ChoiceCurveOptions = {},
): Promise<string> {
  const where = "psychometricFigure";
  checkSome(where, series, "curve");
  for (const { label, evidence, fraction, count, curve } of series) {
    checkLengths(`${where}: "${label}"`, { evidence, fraction, count });
    if (curve) checkLengths(`${where}: fit of "${label}"`, { x: curve.x, y: curve.y });
  }
  const range = checkedRange(
    where,
    series.map((s) => s.evidence),
    { what: "evidence" },
  );
  const shown = series.map((s, i) => ({ ...s, colour: SERIES_COLOURS[i % SERIES_COLOURS.length] }));
  const x: PanelAxis = { label: options.xLabel ?? "Evidence", domain: linearDomain(range) };
  const y: PanelAxis = {
    label: options.yLabel ?? "Fraction choosing the first",
    domain: [-0.03, 1.03],
    ticks: UNIT,
    grid: true,
  };
  const draw = (plane: Plane) =>
    named("chance", level(plane, 0.5, CHANCE), upright(plane, 0, CHANCE)) +
    shown.map((s) => psychometricMarks(plane, s)).join("");
  const said = series.map(
    ({ label, evidence, fraction }) =>
      `${label} from ${percent(fraction[0])} at ${evidence[0]} to ${percent(fraction[fraction.length - 1])} at ${evidence[evidence.length - 1]}`,
  );
  return curveFigure({ x, y, draw, shown }, options, {
    title: "Psychometric curve",
    said: `Share of choices of the first alternative over evidence: ${said.join("; ")}.`,
  });
}

/**
 * Chronometric curves as an SVG string: reaction times over evidence, joined dots with error bars.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await chronometricFigure({ series: [{ label: "right", evidence, time, low, high }] })
 */
export async function chronometricFigure(
  { series }: { series: readonly ChronometricSeries[] },
  options: ChoiceCurveOptions = {},
): Promise<string> {
  const where = "chronometricFigure";
  checkSome(where, series, "curve");
  for (const { label, evidence, time, low, high } of series) {
    checkLengths(`${where}: "${label}"`, { evidence, time, low, high });
  }
  const range = checkedRange(
    where,
    series.map((s) => s.evidence),
    { what: "evidence" },
  );
  const times = checkedRange(
    where,
    series.flatMap((s) => [s.time, ...(s.low ? [s.low] : []), ...(s.high ? [s.high] : [])]),
    { what: "reaction time" },
  );
  const shown = series.map((s, i) => ({
    ...s,
    colour: s.isQuiet ? COLOUR.null : SERIES_COLOURS[i % SERIES_COLOURS.length],
  }));
  const x: PanelAxis = { label: options.xLabel ?? "Evidence", domain: linearDomain(range) };
  const y: PanelAxis = {
    label: options.yLabel ?? "Reaction time (ms)",
    domain: linearDomain(times),
    grid: true,
  };
  const draw = (plane: Plane) =>
    [...shown]
      .reverse()
      .map((s) => chronometricMarks(plane, s))
      .join("");
  return curveFigure({ x, y, draw, shown }, options, {
    title: "Chronometric curve",
    said: `Reaction times over evidence: ${series.map((s) => s.label).join("; ")}; ${Math.round(times[0])} to ${Math.round(times[1])} ms.`,
  });
}

// Implementation

const CHANCE = { stroke: COLOUR.quiet, width: 0.6, dash: "2 2" } as const;
const UNIT = { values: [0, 0.25, 0.5, 0.75, 1], labels: ["0", "0.25", "0.5", "0.75", "1"] };

interface CurveFigure {
  x: PanelAxis;
  y: PanelAxis;
  draw: (plane: Plane) => string;
  shown: readonly { label: string; colour: string }[];
}

async function curveFigure(
  { x, y, draw, shown }: CurveFigure,
  { width = 11, panelHeight = 7, title, description }: ChoiceCurveOptions,
  words: { title: string; said: string },
): Promise<string> {
  const total = pixelWidth(width);
  const drawn = panelGrid(await loadPlot(), [{ x, y, draw }], {
    width: total,
    height: panelHeight * PIXELS_PER_CM,
  });
  const entries = shown.map(
    ({ label, colour }): LegendEntry => ({
      label,
      swatch: { kind: "line", stroke: colour, width: 1.6, dot: true },
    }),
  );
  const key = legendRows(shown.length > 1 ? entries : [], total - 12, 12);
  return figureWithKey(
    { width: total, title: title ?? words.title, description: description ?? words.said },
    drawn,
    key,
  );
}

function psychometricMarks(plane: Plane, s: PsychometricSeries & { colour: string }): string {
  const { label, evidence, fraction, count, curve, colour } = s;
  const points = { x: evidence, y: fraction };
  const ends = Array.from(fraction, (f, i) => wilsonInterval(f, count?.[i] ?? Number.NaN));
  const around = { x: evidence, low: ends.map((e) => e.low), high: ends.map((e) => e.high) };
  return [
    named(
      curve ? `${label}: fit` : `${label}: line`,
      line(plane, curve ?? points, { stroke: colour, width: curve ? 1.6 : 1 }),
    ),
    named(`${label}: intervals`, errorBars(plane, around, { stroke: colour, width: 1 })),
    named(label, dots(plane, points, { r: 2.8, fill: colour, edge: COLOUR.paper })),
  ].join("");
}

function chronometricMarks(plane: Plane, s: ChronometricSeries & { colour: string }): string {
  const { label, evidence, time, low, high, colour, isQuiet } = s;
  const points = { x: evidence, y: time };
  const style = { stroke: colour, width: isQuiet ? 1 : 1.6, dash: isQuiet ? "4 2" : undefined };
  return [
    named(`${label}: line`, line(plane, points, style)),
    low && high
      ? named(
          `${label}: intervals`,
          errorBars(plane, { x: evidence, low, high }, { stroke: colour, width: 1 }),
        )
      : "",
    named(label, dots(plane, points, { r: 2.8, fill: colour, edge: COLOUR.paper })),
  ].join("");
}

function percent(fraction: number): string {
  return `${Math.round(100 * fraction)} %`;
}
