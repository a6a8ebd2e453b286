/**
 * @file Rows of a picture of trials: panels with one axis of time, lines or heat maps in them, and the borders of periods
 * through all of them.
 */

import type { loadPlot } from "../figure-document.ts";
import { leftMargin, type PanelAxis, place, renderPanel } from "../panel.ts";
import { line, named, type Plane, stroked } from "../plane.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, SERIES_COLOURS } from "../style.ts";
import { element, shortNumber, text } from "../svg.ts";
import { fitText, textWidth, twoLines } from "../text-width.ts";
import { linearTicks, type Ticks } from "../ticks.ts";
import type { Block } from "../weight-matrix-guides.ts";
import { type HeatScale, heatImage } from "./heat-scale.ts";
import type { ShownTrial } from "./trial-picture.ts";
import { signColour } from "./unit-groups.ts";

/** Lines over time, or a heat map of many channels; height in centimetres. */
export type TrialRow =
  | {
      kind: "lines";
      label: string;
      height: number;
      axis: Pick<PanelAxis, "domain" | "ticks">;
      lines: { colour: string; dash?: string; of: (trial: ShownTrial, step: number) => number }[];
    }
  | HeatRow;

/** A heat map with channels from top to bottom. */
export interface HeatRow {
  kind: "heat";
  label: string;
  height: number;
  rows: number;
  /** Shape `(time, row)`. */
  of: (trial: ShownTrial) => ArrayLike<number>;
  /** Channel of each row; else as they are. */
  order?: readonly number[];
  blocks?: readonly Block[];
  /** Sign of each channel, −1, 0 or 1, which colours the blocks. */
  signs?: ArrayLike<number>;
  scale: HeatScale;
  /** Name of the colour bar. */
  bar: string;
}

/** What rows are drawn into. */
export interface TrialGrid {
  rows: readonly TrialRow[];
  width: number;
  /** Room for colour bars [px]. */
  right: number;
  /** Time of a step, in the unit of the axis. */
  step: number;
  timeLabel: string;
}

/** All panels, and where the heat maps of the last column lie [px]. */
export function drawTrials(
  loaded: Awaited<ReturnType<typeof loadPlot>>,
  trials: readonly ShownTrial[],
  { rows, width, right, step, timeLabel }: TrialGrid,
) {
  const vertical = rows.map((row): PanelAxis => {
    if (row.kind === "lines") return { label: row.label, ...row.axis };
    return { label: row.label, domain: [row.rows, 0], ticks: { values: [], labels: [] } };
  });
  const names = rows.map((row) => blockNames(row));
  const left = Math.max(...vertical.map((axis, r) => leftMargin(axis) + names[r].width));
  const gap = 12;
  const column = (width - left - right - gap * (trials.length - 1)) / trials.length;
  // Room for titles, notes where there are some, and the names of periods.
  const head = 30 + 12 * Math.max(...trials.map((t) => noteOf(t, column).length));
  const heats: { row: HeatRow; right: number; top: number; height: number }[] = [];
  const parts: string[] = [];
  let height = 0;
  for (const [c, trial] of trials.entries()) {
    const x = left + c * (column + gap);
    let y = head;
    parts.push(heading(trial, { x, column, head }));
    for (const [r, row] of rows.entries()) {
      const isLast = r === rows.length - 1;
      const own = row.height * PIXELS_PER_CM + (isLast ? 32 : 0);
      const time: PanelAxis = {
        label: timeLabel,
        domain: [0, trial.steps * step],
        ticks: timeTicks(trial.steps * step, column, c === trials.length - 1),
        hidden: !isLast,
      };
      const first = c === 0;
      const panel = renderPanel(loaded, {
        x: time,
        y: { ...vertical[r], label: first ? vertical[r].label : "", hidden: !first },
        width: column + (first ? left : 0),
        height: own,
        left: first ? left : 0,
        right: 0,
        top: 4,
        marks: () => [],
      });
      const plane: Plane = { ...panel, xDomain: time.domain, yDomain: vertical[r].domain };
      const marks =
        row.kind === "heat" ? heatMarks(plane, trial, row) : lineMarks(plane, trial, { row, step });
      const strip = first && row.kind === "heat" ? blockStrip(plane, row, names[r].width > 0) : "";
      const markup = panel.markup.replace(/<text [^>]*\/>/g, "");
      parts.push(place(first ? 0 : x, y, marks, borders(plane, trial, step), markup, strip));
      if (row.kind === "heat" && c === trials.length - 1) {
        const { top, bottom } = plane.frame;
        heats.push({ row, right: x + column, top: y + top, height: bottom - top });
      }
      y += own + 2;
    }
    height = y;
  }
  return { markup: parts.join(""), height, heats };
}

// Implementation

/** Ticks whose names end inside the column, so that they do not run into the next one. */
function timeTicks(end: number, column: number, isLast: boolean): Ticks {
  const { values, labels } = linearTicks(0, end, Math.max(2, Math.floor(column / 60)));
  const fits = (i: number) =>
    isLast || (values[i] / end) * column + textWidth(labels[i], FONT_SIZE.tick) / 2 < column + 2;
  const kept = values.map((_, i) => i).filter(fits);
  return { values: kept.map((i) => values[i]), labels: kept.map((i) => labels[i]) };
}

function noteOf({ note = "" }: ShownTrial, column: number): string[] {
  return twoLines(note, column, FONT_SIZE.tick);
}

/** Title of a trial, its note, and below them the names of its periods where they fit. */
function heading(
  trial: ShownTrial,
  { x, column, head }: { x: number; column: number; head: number },
): string {
  const title = fitText(trial.title, column / 1.07, FONT_SIZE.label);
  const size = FONT_SIZE.tick - 1;
  let end = Number.NEGATIVE_INFINITY;
  const periods = [...trial.periods]
    .sort((a, b) => a.from - b.from)
    .map(({ name, from, to }) => {
      const start = x + (column * from) / trial.steps;
      const room = (column * (to - from)) / trial.steps;
      // Periods may overlap: a name gives way to the one before.
      if (!(to > from) || start < end || room < 12) return "";
      const short = fitText(name, room - 2, size);
      // A stump of a name says little.
      if (short !== name && room < 45) return "";
      end = start + textWidth(short, size);
      return text(start + 1.5, head - 4, short, { "font-size": size, fill: COLOUR.quiet });
    });
  const style = { "font-size": FONT_SIZE.label, "font-weight": "bold" };
  return [
    text(x, 11, title, style),
    ...noteOf(trial, column).map((line, i) => text(x, 23 + 12 * i, line, { fill: COLOUR.quiet })),
    ...periods,
  ].join("");
}

function lineMarks(
  plane: Plane,
  trial: ShownTrial,
  { row, step }: { row: Extract<TrialRow, { kind: "lines" }>; step: number },
): string {
  const x = Array.from({ length: trial.steps }, (_, k) => (k + 0.5) * step);
  // What is wanted holds for whole steps: a single one would be a line without length.
  const edges = x.flatMap((_, k) => [k * step, (k + 1) * step]);
  const drawn = row.lines.map(({ colour, dash, of }) => {
    const y = x.map((_, k) => of(trial, k));
    const points = dash ? { x: edges, y: y.flatMap((v) => [v, v]) } : { x, y };
    return line(plane, points, { stroke: colour, width: dash ? 1 : 1.25, dash });
  });
  return named(row.label, ...drawn);
}

function heatMarks({ frame }: Plane, trial: ShownTrial, row: HeatRow): string {
  const values = row.of(trial);
  const href = heatImage({ rows: row.rows, columns: trial.steps }, row.scale, (i, k) => {
    return values[k * row.rows + (row.order?.[i] ?? i)];
  });
  const box = {
    x: frame.left,
    y: frame.top,
    width: frame.right - frame.left,
    height: frame.bottom - frame.top,
  };
  const style = { preserveAspectRatio: "none", "image-rendering": "pixelated" };
  return named(row.label, element("image", { ...box, ...style, href }));
}

/** A line at each start and end of a period inside the trial. */
function borders(plane: Plane, { periods, steps }: ShownTrial, step: number): string {
  const at = new Set(periods.flatMap(({ from, to }) => (to > from ? [from, to] : [])));
  const { top, bottom } = plane.frame;
  const d = [...at]
    .filter((k) => k > 0 && k < steps)
    .map((k) => `M${shortNumber(plane.x(k * step))},${shortNumber(top)}V${shortNumber(bottom)}`)
    .join("");
  return d === "" ? "" : named("periods", stroked(d, { stroke: COLOUR.quiet, width: 0.7, dash: "2 2" }));
}

function typed(row: TrialRow): readonly Block[] {
  const blocks = row.kind === "heat" ? (row.blocks ?? []) : [];
  return blocks.some((b) => b.type !== undefined) ? blocks : [];
}

/** Room the names of types need [px]. */
function blockNames(row: TrialRow): { width: number } {
  const names = typed(row).map((b) =>
    textWidth(fitText(b.type ?? "", MOST_NAME, FONT_SIZE.tick), FONT_SIZE.tick),
  );
  return { width: names.length ? Math.ceil(Math.max(...names)) + STRIP + 4 : 0 };
}

const STRIP = 5;
const MOST_NAME = 60;

/** Types of the units beside a heat map, and lines between them. */
function blockStrip({ frame }: Plane, row: HeatRow, isNamed: boolean): string {
  if (!isNamed) return "";
  const cell = (frame.bottom - frame.top) / row.rows;
  const hasSigns = Array.from(row.signs ?? []).some((sign) => sign !== 0);
  let start = frame.top;
  return typed(row)
    .map(({ type = "", members }, i) => {
      const height = members.length * cell;
      const y = start;
      start += height;
      const strip = element("rect", {
        x: frame.left - STRIP - 2,
        y,
        width: STRIP,
        height: Math.max(0.5, height - 0.5),
        fill: hasSigns ? signColour(row.signs?.[members[0]] ?? 0) : SERIES_COLOURS[i % SERIES_COLOURS.length],
      });
      const name = fitText(type, MOST_NAME, FONT_SIZE.tick);
      const at = { "text-anchor": "end" };
      const written =
        height >= FONT_SIZE.tick - 1
          ? text(frame.left - STRIP - 5, y + height / 2 + 0.35 * FONT_SIZE.tick, name, at)
          : "";
      return strip + written;
    })
    .join("");
}
