/**
 * @file Exponents of every seed as dots, the pooled value as a mark, and the ranges that surrogates reach: pooling hides
 * how far seeds lie apart, and an exponent that a surrogate reaches proves nothing.
 */

import { checkedRange, checkSome, linearDomain } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { swarm } from "../null-distribution.ts";
import { formatFixed } from "../number-format.ts";
import { renderPanel } from "../panel.ts";
import { named, type Plane, stroked } from "../plane.ts";
import { halo, keepInside } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, pixelWidth } from "../style.ts";
import { element, shortNumber, text } from "../svg.ts";
import { fitText, textWidth } from "../text-width.ts";

/** One exponent. */
export interface ExponentRow {
  /** Its name, e.g. `α (duration)`. */
  label: string;
  /** Its value for each seed, shape `(seed)`. */
  seeds: ArrayLike<number>;
  /** Its value for all seeds together, with the ends of an interval. */
  pooled?: { value: number; low?: number; high?: number };
  /** What surrogates give: a range over their repeats. */
  surrogates?: readonly { label: string; low: number; high: number }[];
  /** A value from elsewhere, e.g. of a paper. */
  reference?: { label: string; value: number };
}

/** Exponents from top to bottom. */
export interface ExponentSpreadData {
  rows: readonly ExponentRow[];
}

/** Look of the figure; its height follows from the rows. */
export interface ExponentSpreadOptions extends Omit<FigureOptions, "panelHeight"> {
  xLabel?: string;
}

/**
 * Exponent spread over seeds as an SVG string, one strip an exponent, all on one axis.
 *
 * @throws CajalError `empty-figure`, `bad-width`.
 * @example await exponentSpread({ rows: [{ label: "α (duration)", seeds: alphas, pooled: { value: 1.365 } }] })
 */
export async function exponentSpread(
  { rows }: ExponentSpreadData,
  {
    width = "double",
    title = "Exponents over seeds",
    description,
    xLabel = "Exponent",
  }: ExponentSpreadOptions = {},
): Promise<string> {
  const where = "exponentSpread";
  checkSome(where, rows, "exponent");
  const finite = checkedRange(where, rows.flatMap(valuesOf), { what: "exponent" });
  const total = pixelWidth(width);
  const names = rows.map((r) => fitText(r.label, 0.25 * total, FONT_SIZE.label));
  const heights = rows.map((r) => STRIP.dots + (r.surrogates?.length ?? 0) * STRIP.bar + STRIP.gap);
  const height = heights.reduce((a, b) => a + b, 0) + 44;
  const x = {
    label: xLabel,
    domain: linearDomain(finite),
    ticks: Math.max(3, Math.min(8, Math.floor(total / 70))),
    grid: true,
  };
  const y = { label: "", domain: [1, 0] as [number, number], hidden: true };
  const left = Math.ceil(Math.max(...names.map((n) => textWidth(n, FONT_SIZE.label, "bold")))) + 14;
  const longest = rows.flatMap((r) => r.surrogates ?? []).map((s) => textWidth(s.label, FONT_SIZE.tick));
  const right = Math.min(0.3 * total, Math.max(10, ...longest.map((w) => w + 12)));
  const panel = renderPanel(await loadPlot(), {
    width: total,
    height,
    x,
    y,
    left,
    right,
    top: 6,
    marks: () => [],
  });
  const plane: Plane = { ...panel, xDomain: x.domain, yDomain: y.domain };
  let top = plane.frame.top;
  const strips = rows.map((row, i) => {
    const markup = strip(plane, row, { top, height: heights[i], name: names[i], isFirst: i === 0, right });
    top += heights[i];
    return markup;
  });
  const said = `Exponents of each seed beside the pooled value and the range of surrogates: ${rows.map(rowText).join("; ")}.`;
  return describedFigure(
    { width: total, height, title, description: description ?? said },
    panel.markup,
    ...strips,
  );
}

// Implementation

/** Height of the dots of a row, of each surrogate's bar, and of the gap below [px]. */
const STRIP = { dots: 64, bar: 13, gap: 10 } as const;
const RADIUS = 3;

function valuesOf({ seeds, pooled, surrogates = [], reference }: ExponentRow): ArrayLike<number>[] {
  const { value = Number.NaN, low = value, high = value } = pooled ?? {};
  return [
    seeds,
    [value, low, high],
    surrogates.flatMap((s) => [s.low, s.high]),
    [reference?.value ?? Number.NaN],
  ];
}

function rowText({ label, seeds, pooled, surrogates = [] }: ExponentRow): string {
  const values = Array.from(seeds).filter(Number.isFinite);
  const spread = values.length
    ? `${values.length} seeds ${formatFixed(Math.min(...values), 2)} to ${formatFixed(Math.max(...values), 2)}`
    : "no seed";
  const all = pooled ? `, pooled ${formatFixed(pooled.value, 2)}` : "";
  const others = surrogates.map((s) => `, ${s.label} ${formatFixed(s.low, 2)} to ${formatFixed(s.high, 2)}`);
  return `${label} ${spread}${all}${others.join("")}`;
}

function strip(
  plane: Plane,
  row: ExponentRow,
  {
    top,
    height,
    name,
    isFirst,
    right,
  }: { top: number; height: number; name: string; isFirst: boolean; right: number },
): string {
  const { frame } = plane;
  const middle = top + 44;
  const seeds = Array.from(row.seeds).filter(Number.isFinite);
  const at = seeds.map(plane.x);
  const offsets = swarm(at, RADIUS);
  const press = Math.min(1, 13 / Math.max(1, ...offsets.map(Math.abs)));
  const dots = at.map((cx, i) =>
    element("circle", {
      cx,
      cy: middle + offsets[i] * press,
      r: RADIUS,
      fill: COLOUR.empirical,
      "fill-opacity": 0.4,
      stroke: COLOUR.empirical,
      "stroke-width": 0.6,
    }),
  );
  const bars = (row.surrogates ?? []).map((s, i) =>
    surrogateBar(plane, s, { y: top + STRIP.dots + (i + 0.5) * STRIP.bar, right }),
  );
  const rule = isFirst
    ? ""
    : stroked(`M0,${shortNumber(top)}H${shortNumber(frame.right + right)}`, {
        stroke: COLOUR.grid,
        width: 0.75,
      });
  return [
    rule,
    text(6, top + 28, name, { "font-size": FONT_SIZE.label, "font-weight": "bold" }),
    row.reference
      ? referenceMark(plane, row.reference, { top: top + 20, bottom: top + height - STRIP.gap })
      : "",
    named("surrogates", ...bars),
    named("seeds", ...dots),
    row.pooled ? pooledMark(plane, row.pooled, top + 24) : "",
  ].join("");
}

function surrogateBar(
  plane: Plane,
  { label, low, high }: { label: string; low: number; high: number },
  { y, right }: { y: number; right: number },
): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "";
  const from = plane.x(low);
  const width = Math.max(2, plane.x(high) - from);
  const bar = element("rect", {
    x: from,
    y: y - 3,
    width,
    height: 6,
    rx: 1,
    fill: COLOUR.null,
    "fill-opacity": 0.65,
  });
  const name = fitText(label, Math.max(right - 10, 60), FONT_SIZE.tick);
  return bar + halo(from + width + 5, y + 3.2, name, { fill: COLOUR.quiet, size: FONT_SIZE.tick });
}

function referenceMark(
  plane: Plane,
  { label, value }: { label: string; value: number },
  { top, bottom }: { top: number; bottom: number },
): string {
  if (!Number.isFinite(value)) return "";
  const x = plane.x(value);
  const d = `M${shortNumber(x)},${shortNumber(top)}V${shortNumber(bottom)}`;
  const at = keepInside(x, label, FONT_SIZE.tick, [plane.frame.left, plane.frame.right]);
  return (
    stroked(d, { stroke: COLOUR.ink, width: 0.9, dash: "2 2" }) +
    text(at, bottom + FONT_SIZE.tick * 0.8, label, { fill: COLOUR.quiet, "text-anchor": "middle" })
  );
}

/** A diamond with its interval and its value above. */
function pooledMark(
  plane: Plane,
  { value, low, high }: { value: number; low?: number; high?: number },
  y: number,
): string {
  if (!Number.isFinite(value)) return "";
  const x = plane.x(value);
  const name = `pooled ${formatFixed(value, 3)}`;
  const interval =
    low !== undefined && high !== undefined
      ? stroked(`M${shortNumber(plane.x(low))},${shortNumber(y)}H${shortNumber(plane.x(high))}`, {
          stroke: COLOUR.ink,
          width: 2,
        })
      : "";
  const at = keepInside(x, name, FONT_SIZE.label, [plane.frame.left, plane.frame.right]);
  return (
    interval +
    element("path", {
      d: `M${shortNumber(x)},${y - 6}l5,6l-5,6l-5,-6Z`,
      fill: COLOUR.ink,
      stroke: COLOUR.paper,
    }) +
    text(at, y - 10, name, { "text-anchor": "middle", "font-size": FONT_SIZE.label, "font-weight": "bold" })
  );
}
