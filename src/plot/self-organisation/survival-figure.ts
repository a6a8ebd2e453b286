/**
 * @file How long new synapses live: Kaplan–Meier survival on log axes, and the density of lifetimes with its fitted
 * slope. After Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457–481.
 */

import { checkedRange, checkLengths, checkSome, logDomain } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { type GridPanel, panelGrid } from "../panel-grid.ts";
import { band, dots, named, type Plane, type Points, stepPoints, steps } from "../plane.ts";
import { note } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, pixelWidth, SERIES_COLOURS } from "../style.ts";
import { type PowerLawLine, powerLawLine, powerLawNote } from "./power-law-line.ts";

/** One group of synapses. */
export interface SurvivalCurve {
  label: string;
  /** Ages at which the curve steps [steps], shape `(event)`, ascending, > 0. */
  time: ArrayLike<number>;
  /** Fraction alive after each, 0–1, shape `(event)`. */
  survival: ArrayLike<number>;
  /** Ends of the confidence band, shape `(event)`. */
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
  /** Density of completed lifetimes: points, e.g. log-binned. */
  density?: Points;
  /** Power law fitted to the density; its slope is negative. */
  fit?: PowerLawLine;
}

/** One curve for each group of synapses. */
export interface SurvivalData {
  curves: readonly SurvivalCurve[];
}

/**
 * Survival of new synapses as an SVG string; a second panel shows the density of lifetimes where a curve has one.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await survivalFigure({ curves: [{ label: "plateau", ...kaplanMeier, density, fit: { slope: -2, from: 100, to: 5000 } }] })
 */
export async function survivalFigure(
  { curves }: SurvivalData,
  {
    width = "double",
    panelHeight = 6.5,
    title = "Survival of new synapses",
    description,
  }: FigureOptions = {},
): Promise<string> {
  check(curves);
  const total = pixelWidth(width);
  const panels = [survivalPanel(curves)];
  if (curves.some((c) => c.density)) panels.push(densityPanel(curves));
  const drawn = panelGrid(await loadPlot(), panels, { width: total, height: panelHeight * PIXELS_PER_CM });
  const key = legendRows(legend(curves), total - 12, 44);
  const slopes = curves
    .filter((c) => c.fit)
    .map((c) => `${c.label}: ${powerLawNote(c.fit!, "slope", 1).join(", ")}`);
  const said = `Fraction of synapses alive against age, log axes, for ${curves.map((c) => c.label).join(", ")}`;
  return figureWithKey(
    { width: total, title, description: description ?? `${[said, ...slopes].join("; ")}.` },
    drawn,
    key,
  );
}

// Implementation

const WHERE = "survivalFigure";

function check(curves: readonly SurvivalCurve[]): void {
  checkSome(WHERE, curves, "curve");
  for (const { label, time, survival, low, high, density } of curves) {
    checkLengths(`${WHERE}: "${label}"`, { time, survival, low, high });
    if (density) checkLengths(`${WHERE}: "${label}"`, { "density.x": density.x, "density.y": density.y });
  }
}

function colourOf(i: number): string {
  return i === 0 ? COLOUR.empirical : SERIES_COLOURS[i === 1 ? 0 : i % SERIES_COLOURS.length];
}

function survivalPanel(curves: readonly SurvivalCurve[]): GridPanel {
  const [first, last] = checkedRange(
    WHERE,
    curves.map((c) => c.time),
    { what: "age", positive: true },
  );
  const [lowest] = checkedRange(
    WHERE,
    curves.map((c) => c.survival),
    { what: "survival", positive: true },
  );
  const domain: [number, number] = [first, Math.max(last, first * 10)];
  return {
    title: "Survival",
    x: { label: "Age (steps)", domain, log: true },
    y: { label: "Fraction alive", domain: [Math.min(lowest * 0.7, 0.09), 1.15], log: true, grid: true },
    draw: (plane) => curves.map((c, i) => survivalMarks(plane, c, i)).join(""),
  };
}

function survivalMarks(plane: Plane, curve: SurvivalCurve, i: number): string {
  const end = curve.time.length ? curve.time[curve.time.length - 1] : plane.xDomain[1];
  // All are alive until the first event.
  const before = (list: ArrayLike<number>) => [1, ...Array.from(list)];
  const x = [plane.xDomain[0], ...Array.from(curve.time)];
  const corners = (list: ArrayLike<number>) => stepPoints({ x, y: before(list) }, end);
  const { low, high } = curve;
  const spread =
    low && high
      ? band(
          plane,
          { x: corners(low).x, low: corners(low).y, high: corners(high).y },
          { fill: colourOf(i), opacity: 0.22 },
        )
      : "";
  const step = steps(
    { ...plane, xDomain: [plane.xDomain[0], end] },
    { x, y: before(curve.survival) },
    {
      stroke: colourOf(i),
      width: 1.6,
    },
  );
  return named("confidence", spread) + named("survival", step);
}

function densityPanel(curves: readonly SurvivalCurve[]): GridPanel {
  const given = curves.flatMap((c) => (c.density ? [c.density] : []));
  const xRange = checkedRange(
    WHERE,
    given.map((d) => d.x),
    { what: "lifetime", positive: true },
  );
  const yRange = checkedRange(
    WHERE,
    given.map((d) => d.y),
    { what: "density", positive: true },
  );
  return {
    title: "Lifetimes",
    x: { label: "Lifetime (steps)", domain: logDomain(xRange), log: true },
    y: { label: "Density (per step)", domain: logDomain(yRange, 1.6), log: true },
    draw: (plane) =>
      [
        ...curves.map((c, i) =>
          c.density
            ? named("density", dots(plane, c.density, { r: 1.9, fill: colourOf(i), opacity: 0.75 }))
            : "",
        ),
        ...curves.map((c, i) =>
          c.density && c.fit
            ? named("fit", powerLawLine(plane, c.density, c.fit, { stroke: colourOf(i), width: 2 }))
            : "",
        ),
        slopeNotes(plane, curves),
      ].join(""),
  };
}

function slopeNotes(plane: Plane, curves: readonly SurvivalCurve[]): string {
  const fitted = curves.map((c, i) => ({ fit: c.fit, i })).filter((c) => c.fit);
  const lines = fitted.flatMap(({ fit, i }) => {
    const [value, window, ...rest] = powerLawNote(fit!, "slope", 1);
    return [
      { text: value, fill: colourOf(i), strong: true },
      { text: window, fill: COLOUR.quiet },
      ...rest.map((r) => ({ text: r, fill: COLOUR.quiet })),
    ];
  });
  return note(plane, lines, { corner: "top-right", size: FONT_SIZE.tick });
}

function legend(curves: readonly SurvivalCurve[]): LegendEntry[] {
  return curves.map((c, i) => ({
    label: c.label,
    swatch:
      c.low && c.high
        ? { kind: "area", fill: colourOf(i), opacity: 0.22, line: colourOf(i) }
        : { kind: "line", stroke: colourOf(i), width: 1.6 },
  }));
}
