/**
 * @file One number for every pair of settings of a grid, as a heat map with the numbers written in it.
 */

import { checkedRange, checkSome, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { formatExact, formatNumber } from "../number-format.ts";
import { COLOUR, FONT_SIZE, pixelWidth } from "../style.ts";
import { element, text } from "../svg.ts";
import { fitText, textWidth } from "../text-width.ts";
import { heatBar, heatBarWidth } from "./heat-bar.ts";
import { heatColour, inkOn, magnitudeScale, signedScale } from "./heat-scale.ts";

/** A grid of numbers. */
export interface SettingGridData {
  /** What varies downwards and across, with the value of each row and column. */
  rows: { name: string; values: readonly (string | number)[] };
  columns: { name: string; values: readonly (string | number)[] };
  /** Shape `(row, column)`, row-major; NaN where nothing finished. */
  cells: ArrayLike<number>;
  /** Written small under each number, e.g. its spread or the repeats that failed, shape `(row, column)`. */
  notes?: readonly string[];
}

/** What the numbers are. */
export interface SettingGridOptions extends Omit<FigureOptions, "panelHeight"> {
  /** Name of the numbers, e.g. `Lowest loss`. */
  label?: string;
  /** Even steps of the logarithm; else where numbers are positive and reach over a factor of 30. */
  log?: boolean;
  /** Which number is framed as the best. */
  better?: "lower" | "higher";
}

/**
 * Heat map of a grid as an SVG string; the best cell has a frame.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await settingGrid({ rows: { name: "Learning rate", values: [0.01, 0.001] }, columns, cells }, { label: "Lowest loss" })
 */
export async function settingGrid(data: SettingGridData, options: SettingGridOptions = {}): Promise<string> {
  const { rows, columns, cells, notes } = data;
  const {
    width = "double",
    title = "Grid of settings",
    description,
    label = "Value",
    better = "lower",
  } = options;
  const [low, high] = check(data);
  const isLog = options.log ?? (low > 0 && high / low > 30);
  const scale =
    low < 0 && high > 0
      ? signedScale(Math.max(-low, high))
      : magnitudeScale(isLog ? [low, high] : padded(low, high), { log: isLog && low > 0 });
  const names = {
    rows: rows.values.map((v) => fitText(formatExact(v), 110, FONT_SIZE.tick)),
    columns: columns.values.map(formatExact),
  };
  const widest = Math.max(...names.rows.map((n) => textWidth(n, FONT_SIZE.tick)));
  const left = Math.ceil(FONT_SIZE.label + 12 + widest);
  const room = pixelWidth(width) - left - heatBarWidth(scale);
  // Few rows are drawn taller, so that the bar beside them has room for its name.
  const cell = {
    width: Math.min(room / names.columns.length, 110),
    height: Math.max(notes ? 36 : 27, Math.min(48, 110 / names.rows.length)),
  };
  const top = 8;
  const side = { width: cell.width * names.columns.length, height: cell.height * names.rows.length };
  const height = top + side.height + FONT_SIZE.tick + FONT_SIZE.label + 22;
  const total = left + side.width + heatBarWidth(scale) + 4;
  const best = bestOf(cells, better);
  const drawn = Array.from({ length: names.rows.length * names.columns.length }, (_, k) => {
    const at = {
      x: left + (k % names.columns.length) * cell.width,
      y: top + Math.floor(k / names.columns.length) * cell.height,
    };
    return drawCell(cells[k], { ...at, ...cell, fill: heatColour(scale, cells[k]), note: notes?.[k] });
  });
  const frame = best < 0 ? "" : bestFrame(best, { left, top, cell, columns: names.columns.length });
  const bar = {
    right: left + side.width,
    top,
    height: Math.max(textWidth(label, FONT_SIZE.label) + 4, side.height),
  };
  const said = `${label} for ${rows.name} (${names.rows.join(", ")}) by ${columns.name} (${names.columns.join(", ")})${best < 0 ? "" : `; best ${formatNumber(cells[best])} at ${names.rows[Math.floor(best / names.columns.length)]}, ${names.columns[best % names.columns.length]}`}.`;
  return describedFigure(
    { width: total, height: Math.max(height, top + bar.height + 8), title, description: description ?? said },
    ...drawn,
    frame,
    axisNames(names, { rows: rows.name, columns: columns.name }, { left, top, cell }),
    heatBar(scale, bar, label),
  );
}

// Implementation

const WHERE = "settingGrid";

function check({ rows, columns, cells, notes }: SettingGridData): [number, number] {
  checkSome(WHERE, rows.values, "row");
  checkSome(WHERE, columns.values, "column");
  const wanted = rows.values.length * columns.values.length;
  for (const [name, list] of Object.entries({ cells, notes })) {
    if (list === undefined || list.length === wanted) continue;
    refuse(
      WHERE,
      `${list.length} ${name} do not fill ${rows.values.length} × ${columns.values.length}`,
      "shape",
      "Give NaN where nothing finished.",
    );
  }
  return checkedRange(WHERE, [cells], { what: "number" });
}

/** A single value, or values that hardly differ, must not look like the extremes of something. */
function padded(low: number, high: number): [number, number] {
  if (low >= 0 && low < 0.7 * high) return [0, high];
  const pad = (high - low || Math.abs(high) || 1) * 0.3;
  return [low - pad, high];
}

function bestOf(cells: ArrayLike<number>, better: "lower" | "higher"): number {
  let best = -1;
  let finite = 0;
  for (let k = 0; k < cells.length; k++) {
    if (!Number.isFinite(cells[k])) continue;
    finite += 1;
    if (best < 0 || (better === "lower" ? cells[k] < cells[best] : cells[k] > cells[best])) best = k;
  }
  return finite > 1 ? best : -1;
}

function drawCell(
  value: number,
  {
    x,
    y,
    width,
    height,
    fill,
    note,
  }: { x: number; y: number; width: number; height: number; fill: string; note: string | undefined },
): string {
  const ink = inkOn(fill);
  const middle = y + height / 2 + 0.35 * FONT_SIZE.label - (note ? 5 : 0);
  const style = { "text-anchor": "middle", fill: ink };
  const box = element("rect", { x, y, width, height, fill, stroke: COLOUR.paper, "stroke-width": 1 });
  const number = text(x + width / 2, middle, formatNumber(value), { ...style, "font-size": FONT_SIZE.label });
  const small = note
    ? text(x + width / 2, middle + FONT_SIZE.tick + 2, fitText(note, width - 4, FONT_SIZE.tick), style)
    : "";
  return element("g", { "aria-label": "cell" }, box, number, small);
}

/** Values of the rows and columns, and what they are. */
function axisNames(
  values: { rows: readonly string[]; columns: readonly string[] },
  names: { rows: string; columns: string },
  { left, top, cell }: { left: number; top: number; cell: { width: number; height: number } },
): string {
  const middle = { "text-anchor": "middle", "font-size": FONT_SIZE.label };
  const [right, bottom] = [left + values.columns.length * cell.width, top + values.rows.length * cell.height];
  const below = bottom + FONT_SIZE.tick;
  return [
    ...values.rows.map((value, i) =>
      text(left - 6, top + (i + 0.5) * cell.height + 0.35 * FONT_SIZE.tick, value, { "text-anchor": "end" }),
    ),
    ...values.columns.map((value, j) => {
      const short = fitText(value, cell.width - 2, FONT_SIZE.tick);
      return text(left + (j + 0.5) * cell.width, below + 4, short, { "text-anchor": "middle" });
    }),
    text((left + right) / 2, below + FONT_SIZE.label + 13, names.columns, middle),
    text(0, 0, fitText(names.rows, Math.max(60, bottom - top + 20), FONT_SIZE.label), {
      ...middle,
      transform: `translate(${FONT_SIZE.label - 1},${Math.round((top + bottom) / 2)})rotate(-90)`,
    }),
  ].join("");
}

function bestFrame(
  best: number,
  {
    left,
    top,
    cell,
    columns,
  }: { left: number; top: number; cell: { width: number; height: number }; columns: number },
): string {
  const box = {
    x: left + (best % columns) * cell.width + 1.5,
    y: top + Math.floor(best / columns) * cell.height + 1.5,
    width: cell.width - 3,
    height: cell.height - 3,
    fill: "none",
  };
  // Ink on a white edge stands out from light and from dark cells.
  return element(
    "g",
    { "aria-label": "best" },
    element("rect", { ...box, stroke: COLOUR.paper, "stroke-width": 5 }),
    element("rect", { ...box, stroke: COLOUR.ink, "stroke-width": 1.8 }),
  );
}
