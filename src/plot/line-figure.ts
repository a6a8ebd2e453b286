/**
 * @file Lines over a common axis in stacked panels: time series, traces, anything without a figure of its own.
 */

import { CajalError } from "../core/index.ts";
import { extent } from "./curve.ts";
import { loadPlot, type PlotModule } from "./figure-document.ts";
import { type EndLabel, endLabels, endLabelWidth } from "./label-layout.ts";
import { leftMargin, type Panel, type PanelAxis, place, renderPanel } from "./panel.ts";
import { COLOUR, type FigureWidth, FONT_SIZE, PIXELS_PER_CM, pixelWidth, SERIES_COLOURS } from "./style.ts";
import { figure, text } from "./svg.ts";
import { thinLine } from "./thin-line.ts";

/** One line. NaN leaves a gap. */
export interface LineSeries {
  /** Shape `(point)`, ascending; 0, 1, 2 … if left out. */
  x?: ArrayLike<number>;
  /** Shape `(point)`. */
  y: ArrayLike<number>;
  /** Name written at the line's end. */
  label?: string;
  color?: string;
  /** Line width [px]. */
  width?: number;
  /** Dashes as in SVG, `4 2`. */
  dash?: string;
}

/** One row of the figure. */
export interface LinePanel {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  series: readonly LineSeries[];
  /** Ends of the vertical axis; else all of the data and a little more. */
  yDomain?: readonly [number, number];
  /** Stretches of x shaded and named, e.g. a stimulus. */
  spans?: readonly { from: number; to: number; label?: string }[];
}

/** Panels one below the other that share the figure's width. */
export interface LineFigure {
  panels: readonly LinePanel[];
  width?: FigureWidth;
  /** Height of one panel [cm]. */
  panelHeight?: number;
  /** What the figure shows, for readers who cannot see it. */
  label?: string;
}

/**
 * Stacked panels of lines, as an SVG string. Panels share the horizontal axis, so a time is at one place in all.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await lineFigure({ panels: [{ yLabel: "r", xLabel: "Time (ms)", series: [{ y: rates, label: "unit 1" }] }] })
 */
export async function lineFigure({
  panels,
  width = "double",
  panelHeight = 3.4,
  label = panels.map((p) => p.title ?? p.yLabel ?? "lines").join("; "),
}: LineFigure): Promise<string> {
  check(panels);
  const size = { width: pixelWidth(width), height: 0 };
  const loaded = await loadPlot();
  const xDomain = commonDomain(panels);
  const axes = panels.map(yAxis);
  const left = Math.max(...axes.map(leftMargin));
  const right = Math.max(10, ...panels.map((p) => endLabelWidth(namedSeries(p)) + 2));
  const children = panels.map((panel, i) => {
    const isLast = i === panels.length - 1;
    const height = panelHeight * PIXELS_PER_CM + (panel.xLabel && !isLast ? 6 : 0);
    const x: PanelAxis = { label: panel.xLabel ?? "", domain: xDomain, ticks: 7 };
    const pixels = { width: size.width - left - right, height };
    const drawn = renderPanel(loaded, {
      x,
      y: axes[i],
      width: size.width,
      height,
      left,
      right,
      top: (panel.title ? 20 : 8) + (hasNamedSpans(panel) ? 9 : 0),
      marks: (Plot) => panelMarks(Plot, panel, { x, y: axes[i], pixels }),
    });
    const at = size.height;
    size.height += height;
    return place(0, at, drawn.markup, panelText(panel, drawn));
  });
  return figure(size, label, ...children);
}

// Implementation

function check(panels: readonly LinePanel[]): void {
  if (panels.length === 0) {
    throw new CajalError("there is no panel to draw", { code: "empty-figure", where: "lineFigure" });
  }
  panels.forEach(({ series }, p) => {
    series.forEach(({ x, y, label }, s) => {
      if (x && x.length !== y.length) {
        throw new CajalError(`x has ${x.length} values, y has ${y.length}`, {
          code: "shape",
          where: `lineFigure: panels[${p}].series[${s}]${label ? ` "${label}"` : ""}`,
          hint: "Give as many x as y.",
        });
      }
    });
  });
}

function commonDomain(panels: readonly LinePanel[]): [number, number] {
  const [low, high] = extent(...panels.flatMap((p) => p.series.map((s) => Array.from(xOf(s))))) ?? [0, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

function xOf({ x, y }: LineSeries): ArrayLike<number> {
  return x ?? Array.from({ length: y.length }, (_, i) => i);
}

function yAxis({ series, yDomain, yLabel = "" }: LinePanel): PanelAxis {
  const [low, high] = yDomain ?? extent(...series.map((s) => Array.from(s.y))) ?? [0, 1];
  const pad = yDomain ? 0 : (high - low || Math.abs(high) || 1) * 0.06;
  return { label: yLabel, domain: [low - pad, high + pad], ticks: 3, grid: true };
}

function hasNamedSpans({ spans = [] }: LinePanel): boolean {
  return spans.some((s) => s.label);
}

function colourOf({ color }: LineSeries, i: number): string {
  return color ?? SERIES_COLOURS[i % SERIES_COLOURS.length];
}

function namedSeries({ series }: LinePanel): (Omit<EndLabel, "y"> & { series: LineSeries })[] {
  return series.flatMap((s, i) =>
    s.label ? [{ name: s.label, colour: colourOf(s, i), strong: true, series: s }] : [],
  );
}

function panelMarks(
  Plot: PlotModule,
  { series, spans = [] }: LinePanel,
  axes: { x: PanelAxis; y: PanelAxis; pixels: { width: number; height: number } },
) {
  const [low, high] = axes.y.domain;
  const [first, last] = axes.x.domain;
  const scale = { x: axes.pixels.width / (last - first), y: axes.pixels.height / (high - low) };
  return [
    Plot.rect(spans, { x1: "from", x2: "to", y1: low, y2: high, fill: COLOUR.grid, fillOpacity: 0.8 }),
    ...series.map((s, i) => {
      const x = xOf(s);
      // Outside a fixed axis a line would run over its neighbours.
      const y = Float64Array.from(s.y, (v) => Math.min(high, Math.max(low, v)));
      return Plot.line(thinLine(x, y, scale), {
        x: (k: number) => x[k],
        y: (k: number) => y[k],
        stroke: colourOf(s, i),
        strokeWidth: s.width ?? 1.25,
        strokeLinejoin: "round",
        ...(s.dash ? { strokeDasharray: s.dash } : {}),
      });
    }),
  ];
}

function panelText(panel: LinePanel, drawn: Panel): string {
  const { frame } = drawn;
  const title = panel.title
    ? text(frame.left, frame.top - (hasNamedSpans(panel) ? 17 : 8), panel.title, {
        "font-size": FONT_SIZE.label,
        "font-weight": "bold",
      })
    : "";
  const spans = (panel.spans ?? [])
    .filter((s) => s.label)
    .map((s) =>
      text((drawn.x(s.from) + drawn.x(s.to)) / 2, frame.top - 3, s.label ?? "", {
        fill: COLOUR.quiet,
        "text-anchor": "middle",
      }),
    );
  const labels = namedSeries(panel).flatMap((l) => {
    const y = drawn.y(lastOf(l.series.y));
    return Number.isFinite(y) ? [{ ...l, y: Math.max(frame.top, Math.min(frame.bottom, y)) }] : [];
  });
  return title + spans.join("") + endLabels(labels, frame.right, [frame.top - 4, frame.bottom + 4]);
}

function lastOf(y: ArrayLike<number>): number {
  for (let i = y.length - 1; i >= 0; i--) if (Number.isFinite(y[i])) return y[i];
  return Number.NaN;
}
