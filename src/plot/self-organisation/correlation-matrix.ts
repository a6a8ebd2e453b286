/**
 * @file Picture of a correlation matrix: sign by hue, size by depth, 0 white; what could not be computed (a unit that
 * never fired) is grey.
 */

import { checkLengths, refuse } from "../checks.ts";
import { fromPaper, sequentialRamp, warmRamp } from "../colour-ramp.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { quantileOf } from "../histogram.ts";
import { formatNumber } from "../number-format.ts";
import { stroked } from "../plane.ts";
import { dataUri, encodePng } from "../png.ts";
import { COLOUR, FONT_SIZE, pixelWidth } from "../style.ts";
import { element, shortNumber, text } from "../svg.ts";
import { textWidth } from "../text-width.ts";
import { linearTicks } from "../ticks.ts";
import { blockGuides, blocksOf, type Guides, guideSize } from "../weight-matrix-guides.ts";

/** Correlations between units, with names and types to order and mark them. */
export interface CorrelationMatrixData {
  /** Correlations −1 … 1, row-major, shape `(unit, unit)`, symmetric; NaN where there is none. A dense matrix fits. */
  correlations: { rows: number; columns: number; values: ArrayLike<number> };
  /** Names, shape `(unit)`; written beside the axes where there are at most 60. */
  labels?: readonly string[];
  /** Types, shape `(unit)`; units of one type are drawn together. */
  types?: readonly (string | null | undefined)[];
}

/** Look of the figure: one triangle or all, and the range of the colours. */
export interface CorrelationMatrixOptions extends Omit<FigureOptions, "panelHeight"> {
  /** Only below the diagonal, where each pair shows once, or all. */
  triangle?: "lower" | "full";
  /** |r| of the deepest colour; else that of 99.5 % of the pairs. */
  limit?: number;
  /** What a unit is: `unit`, `neuron`. */
  nodeName?: string;
}

/**
 * Correlation matrix as an SVG string with the cells as one embedded PNG, and a colour bar.
 *
 * @throws CajalError `empty-figure`, `shape`, `out-of-range`, `bad-width`.
 * @example await correlationMatrix({ correlations: { rows: n, columns: n, values } })
 */
export async function correlationMatrix(
  data: CorrelationMatrixData,
  {
    width = 12,
    title = "Pair correlations",
    description,
    triangle = "lower",
    limit,
    nodeName = "unit",
  }: CorrelationMatrixOptions = {},
): Promise<string> {
  check(data, limit);
  const n = data.correlations.rows;
  const pairs = pairsOf(data.correlations);
  const largest = quantileOf(pairs.map(Math.abs), 0.995);
  const scale = limit ?? (largest > 0 ? largest : 1);
  const isCut = pairs.some((r) => Math.abs(r) > scale * (1 + 1e-9));
  const blocks = blocksOf(data.types, n);
  const guides: Guides = { blocks, labels: n <= 60 ? data.labels : undefined };
  const room = guideSize(guides);
  const total = pixelWidth(width);
  const ticks = linearTicks(-scale, scale, 4);
  const barRoom =
    16 + BAR + 6 + Math.max(...ticks.labels.map((l) => textWidth(l, FONT_SIZE.tick))) + FONT_SIZE.label + 10;
  const left = room.left + AXIS;
  const top = room.top + 4;
  const side = total - left - barRoom;
  const height = top + side + room.bottom + AXIS;
  const order = blocks.flatMap((b) => b.members);
  const image = cells(data.correlations, { order, scale, isLower: triangle === "lower" });
  const mean = pairs.length ? pairs.reduce((a, b) => a + b, 0) / pairs.length : Number.NaN;
  const summary = `mean ${formatNumber(mean, 2)} over ${pairs.length} pairs`;
  const bar = { x: left + side + 16, top, height: Math.min(side, 200), scale, ticks, isCut };
  const label = `${nodeName[0]?.toUpperCase() ?? ""}${nodeName.slice(1)} (${n})`;
  const box = { x: left, y: top, width: side, height: side };
  return describedFigure(
    {
      width: total,
      height,
      title,
      description: description ?? `Correlation matrix of ${n} × ${n} ${nodeName}s, ${summary}.`,
    },
    element("image", { ...box, preserveAspectRatio: "none", "image-rendering": "pixelated", href: image }),
    blockGuides(guides, { left, top, side }),
    element("rect", { ...box, fill: "none", stroke: COLOUR.axis, "stroke-width": 0.75 }),
    triangle === "lower"
      ? text(left + side - 8, top + 16, summary, { fill: COLOUR.quiet, "text-anchor": "end" })
      : "",
    text(left + side / 2, height - 5, label, { "text-anchor": "middle", "font-size": FONT_SIZE.label }),
    text(0, 0, label, {
      "text-anchor": "middle",
      "font-size": FONT_SIZE.label,
      transform: `translate(${FONT_SIZE.label - 1},${Math.round(top + side / 2)})rotate(-90)`,
    }),
    colourBar(bar, total - 5),
  );
}

// Implementation

/** Room for the name of an axis, and width of the colour bar [px]. */
const AXIS = FONT_SIZE.label + 8;
const BAR = 9;
/** Colours on each side of 0. */
const LEVELS = 100;
const MISSING = 2 * LEVELS + 1;
const OUTSIDE = MISSING + 1;
/** A picture has about so many pixels a side: small matrices are enlarged, large ones pooled. */
const MIN_SIDE = 600;
const MAX_SIDE = 1200;

function check({ correlations, labels, types }: CorrelationMatrixData, limit: number | undefined): void {
  const where = "correlationMatrix";
  const { rows, columns, values } = correlations;
  if (rows === 0) refuse(where, "the matrix is empty", "empty-figure", "Give at least one unit.");
  if (rows !== columns) refuse(where, `the matrix is ${rows} × ${columns}, not square`, "shape");
  if (values.length !== rows * columns) {
    refuse(where, `${values.length} values do not fill ${rows} × ${columns}`, "shape");
  }
  checkLengths(where, { units: { length: rows }, labels, types });
  if (limit !== undefined && !(limit > 0)) {
    refuse(where, `limit is ${limit}`, "out-of-range", "Give the |r| of the deepest colour, > 0.");
  }
}

/** Finite correlations below the diagonal. */
function pairsOf({ rows, values }: CorrelationMatrixData["correlations"]): number[] {
  const pairs: number[] = [];
  for (let i = 1; i < rows; i++) {
    for (let j = 0; j < i; j++) if (Number.isFinite(values[i * rows + j])) pairs.push(values[i * rows + j]);
  }
  return pairs;
}

function palette(): string[] {
  const half = (ramp: (t: number) => string) => (i: number) => fromPaper(ramp, (i + 1) / LEVELS);
  const warm = Array.from({ length: LEVELS }, (_, i) => half(warmRamp)(LEVELS - 1 - i));
  const cold = Array.from({ length: LEVELS }, (_, i) => half(sequentialRamp)(i));
  return [...warm, COLOUR.paper, ...cold, "#c4c4c4", COLOUR.paper];
}

function levelOf(r: number, scale: number): number {
  if (!Number.isFinite(r)) return MISSING;
  return LEVELS + Math.max(-LEVELS, Math.min(LEVELS, Math.round((r / scale) * LEVELS)));
}

/** Cells in the given order as a `data:` PNG; where cells are pooled, the strongest of each group shows. */
function cells(
  { rows: n, values }: CorrelationMatrixData["correlations"],
  { order, scale, isLower }: { order: readonly number[]; scale: number; isLower: boolean },
): string {
  const pool = Math.ceil(n / MAX_SIDE);
  const side = Math.ceil(n / pool);
  const strongest = new Float64Array(side * side).fill(Number.NaN);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const r = values[order[i] * n + order[j]];
      const at = Math.floor(i / pool) * side + Math.floor(j / pool);
      // Each unit agrees with itself, which says nothing.
      const shown = i === j ? 0 : r;
      if (Number.isNaN(strongest[at]) || Math.abs(shown) > Math.abs(strongest[at])) strongest[at] = shown;
    }
  }
  const zoom = Math.max(1, Math.round(MIN_SIDE / side));
  const wide = side * zoom;
  const pixels = new Uint8Array(wide * wide);
  for (let y = 0; y < wide; y++) {
    for (let x = 0; x < wide; x++) {
      const [i, j] = [Math.floor(y / zoom), Math.floor(x / zoom)];
      pixels[y * wide + x] = isLower && j >= i ? OUTSIDE : levelOf(strongest[i * side + j], scale);
    }
  }
  return dataUri(encodePng(pixels, { width: wide, height: wide }, palette()));
}

function colourBar(
  {
    x,
    top,
    height,
    scale,
    ticks,
    isCut,
  }: {
    x: number;
    top: number;
    height: number;
    scale: number;
    ticks: { values: number[]; labels: string[] };
    isCut: boolean;
  },
  nameX: number,
): string {
  const levels = 2 * LEVELS + 1;
  const strip = Uint8Array.from({ length: levels }, (_, i) => levels - 1 - i);
  const marks = ticks.values.map((v, i) => {
    const y = top + (height * (scale - v)) / (2 * scale);
    const tick = stroked(`M${shortNumber(x + BAR)},${shortNumber(y)}h3`, {
      stroke: COLOUR.axis,
      width: 0.75,
    });
    return tick + text(x + BAR + 6, y + FONT_SIZE.tick * 0.35, ticks.labels[i]);
  });
  return [
    element("image", {
      x,
      y: top,
      width: BAR,
      height,
      preserveAspectRatio: "none",
      "image-rendering": "pixelated",
      href: dataUri(encodePng(strip, { width: 1, height: levels }, palette())),
    }),
    element("rect", {
      x,
      y: top,
      width: BAR,
      height,
      fill: "none",
      stroke: COLOUR.axis,
      "stroke-width": 0.5,
    }),
    ...marks,
    text(0, 0, isCut ? `Correlation r, cut at ±${formatNumber(scale, 2)}` : "Correlation r", {
      "font-size": FONT_SIZE.label,
      "text-anchor": "middle",
      transform: `translate(${Math.round(nameX)},${Math.round(top + height / 2)})rotate(-90)`,
    }),
  ].join("");
}
