/**
 * @file Every null network as a dot, the real one as a mark beside them: what a p value is made of.
 */

import { CajalError } from "../core/index.ts";
import { extent } from "./curve.ts";
import { loadPlot } from "./figure-document.ts";
import { formatNumber } from "./number-format.ts";
import { type Panel, renderPanel } from "./panel.ts";
import { COLOUR, type FigureWidth, FONT_SIZE, pixelWidth } from "./style.ts";
import { element, figure, text } from "./svg.ts";
import { textWidth } from "./text-width.ts";

/** One strip: the nulls of one comparison. */
export interface NullRow {
  /** What is compared, e.g. `Best of the sweep`. */
  title: string;
  /** The real network's value. */
  empirical: number;
  /** Values of the nulls, shape `(null)`. */
  nulls: readonly number[];
  /** Mean of the nulls and the 2.5–97.5 % or other range to draw as a bar. */
  bar?: { low: number; high: number; middle: number };
  /** Line below the dots: effect size, interval, p. */
  caption?: string;
}

/** The real network's value beside those of its nulls, one row a comparison. */
export interface NullDistributionData {
  /** Name of the real network. */
  label: string;
  rows: readonly NullRow[];
}

/** What the values are, and how wide the figure is. */
export interface NullDistributionOptions {
  xLabel: string;
  width?: FigureWidth;
}

/**
 * Strip of null values with the real value marked, one strip a comparison, as an SVG string.
 *
 * @throws CajalError `empty-figure`, `bad-width`.
 */
export async function nullDistribution(
  { label, rows }: NullDistributionData,
  { xLabel, width = "double" }: NullDistributionOptions,
): Promise<string> {
  if (rows.length === 0) {
    throw new CajalError("there is no comparison to draw", {
      code: "empty-figure",
      where: "nullDistribution",
    });
  }
  const size = { width: pixelWidth(width), height: rows.length * ROW.height + 38 };
  const [low, high] = extent(...rows.map((r) => [r.empirical, ...r.nulls])) ?? [0, 1];
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  const panel = renderPanel(await loadPlot(), {
    ...size,
    x: { label: xLabel, domain: [low - pad, high + pad], ticks: 7 },
    y: { label: "", domain: [rows.length, 0], hidden: true },
    top: 2,
    right: 8,
    left: 8,
    marks: () => [],
  });
  const strips = rows.map((row, i) => strip(row, label, panel, i * ROW.height + 2));
  return figure(size, `${xLabel} of ${label} and of its null networks`, panel.markup, ...strips);
}

/**
 * Offsets that keep dots of one line from covering each other: each dot, from left to right, takes the free place
 * nearest to the line.
 *
 * @param x - Shape `(dot)` [px].
 * @param r - Radius [px].
 * @returns Offset of each dot [px], in the order given.
 */
export function swarm(x: readonly number[], r: number): number[] {
  const order = x.map((_, i) => i).sort((a, b) => x[a] - x[b] || a - b);
  const offsets = new Array<number>(x.length).fill(0);
  const placed: number[] = [];
  const gap = 2 * r + 0.6;
  for (const i of order) {
    const near = placed.filter((j) => x[i] - x[j] < gap);
    const touching = near.flatMap((j) => {
      const rise = Math.sqrt(Math.max(0, gap * gap - (x[i] - x[j]) * (x[i] - x[j])));
      return [offsets[j] - rise, offsets[j] + rise];
    });
    const free = [0, ...touching].filter((y) =>
      near.every((j) => (x[i] - x[j]) ** 2 + (y - offsets[j]) ** 2 >= gap * gap - 1e-6),
    );
    free.sort((a, b) => Math.abs(a) - Math.abs(b) || a - b);
    offsets[i] = free[0] ?? 0;
    placed.push(i);
  }
  return offsets;
}

// Implementation

/** Height of a strip and, inside it, of its title, dots and caption [px]. */
const ROW = { height: 86, title: 12, line: 48, dots: 18, caption: 80 } as const;

function strip(row: NullRow, label: string, panel: Panel, top: number): string {
  const { frame } = panel;
  const line = top + ROW.line;
  const finite = row.nulls.filter(Number.isFinite);
  const x = finite.map(panel.x);
  let r = 3.2;
  let offsets = swarm(x, r);
  const height = () => Math.max(0, ...offsets.map(Math.abs)) + r;
  // Smaller dots until the swarm fits its strip; where even the smallest do not, they are pressed together.
  while (r > 0.8 && height() > ROW.dots) {
    r *= 0.85;
    offsets = swarm(x, r);
  }
  const press = Math.min(1, ROW.dots / height());
  const dots = x.map((cx, i) =>
    element("circle", { cx, cy: line + offsets[i] * press, r, fill: COLOUR.null, "fill-opacity": 0.75 }),
  );
  const caption = row.caption
    ? text(frame.left + 2, top + ROW.caption, row.caption, { fill: COLOUR.quiet })
    : "";
  return [
    text(frame.left + 2, top + ROW.title, row.title, { "font-size": FONT_SIZE.label, "font-weight": "bold" }),
    row.bar ? barOf(row.bar, panel, line) : "",
    ...dots,
    Number.isFinite(row.empirical) ? realMark(row.empirical, label, panel, line) : "",
    caption,
  ].join("");
}

function barOf(
  { low, high, middle }: { low: number; high: number; middle: number },
  panel: Panel,
  y: number,
) {
  const band = element("rect", {
    x: panel.x(low),
    y: y - ROW.dots,
    width: Math.max(0.5, panel.x(high) - panel.x(low)),
    height: 2 * ROW.dots,
    fill: COLOUR.null,
    "fill-opacity": 0.16,
  });
  const centre = element("path", {
    d: `M${Math.round(panel.x(middle) * 100) / 100},${y - ROW.dots}v${2 * ROW.dots}`,
    stroke: COLOUR.null,
    "stroke-width": 1,
  });
  return band + centre;
}

function realMark(value: number, label: string, panel: Panel, line: number): string {
  const x = panel.x(value);
  const name = `${label} ${formatNumber(value)}`;
  const half = textWidth(name, FONT_SIZE.label, "bold") / 2;
  const at = Math.max(panel.frame.left + half, Math.min(panel.frame.right - half, x));
  const px = Math.round(x * 100) / 100;
  return (
    element("path", {
      d: `M${px},${line - ROW.dots}v${2 * ROW.dots}`,
      stroke: COLOUR.empirical,
      "stroke-width": 1.5,
    }) +
    element("path", {
      d: `M${px},${line - 5}l5,5l-5,5l-5,-5Z`,
      fill: COLOUR.empirical,
      stroke: COLOUR.paper,
    }) +
    text(at, line - 21, name, {
      fill: COLOUR.empirical,
      "font-size": FONT_SIZE.label,
      "font-weight": "bold",
      "text-anchor": "middle",
    })
  );
}
