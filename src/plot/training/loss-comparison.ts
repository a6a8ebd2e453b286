/**
 * @file Learning curves of several trainings in one pair of axes: loss, or any other number, over updates, a median with
 * its band for each group, and where each repeat was best.
 */

import { stepTicks } from "../axis-ticks.ts";
import { checkCount, checkedRange, checkLengths, checkSome, linearDomain, logDomain } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { freeLabel, levelPlaces } from "../free-label.ts";
import { type EndLabel, endLabels, endLabelWidth } from "../label-layout.ts";
import { formatExact, formatNumber } from "../number-format.ts";
import type { PanelAxis } from "../panel.ts";
import { panelGrid } from "../panel-grid.ts";
import { level, named, type Plane, type Points } from "../plane.ts";
import { COLOUR, PIXELS_PER_CM, pixelWidth, SERIES_COLOURS } from "../style.ts";
import {
  condensed,
  groupSize,
  minimumOf,
  type Repeat,
  type RepeatBand,
  repeatBand,
  smoothed,
  topOf,
  updatesOf,
} from "./repeat-band.ts";
import { bandWords, cutNote, repeatMarks } from "./repeat-marks.ts";

/** Repeats under one name. */
export interface TrainingGroup {
  label: string;
  repeats: readonly Repeat[];
  /** What they are, in the plural, where they are more than repeats of one setting: `networks`. */
  unit?: string;
  /** `#rrggbb`; else the next of the series colours. */
  colour?: string;
}

/** Groups that are compared, the reference first. */
export interface LossComparisonData {
  groups: readonly TrainingGroup[];
  /** A value that was to be reached. */
  target?: { value: number; label?: string };
}

/** Look of the figure, and what stands for a group. */
export interface LossComparisonOptions extends FigureOptions {
  xLabel?: string;
  yLabel?: string;
  /** Logarithmic vertical axis; values ≤ 0 are gaps there. */
  log?: boolean;
  /** Each value is the mean of so many updates before it. */
  window?: number;
  /** Ends of the band as quantiles over repeats. */
  quantiles?: readonly [number, number];
  /** A thin line for each repeat; else where there are at most 20 of them. */
  thin?: boolean;
  /** A dot where each repeat is smallest. */
  minima?: boolean;
}

/**
 * Learning curves of groups as an SVG string: for each group a thin line a repeat, the median bold, a band between two
 * quantiles, and a dot at the minimum of each repeat. Of long trainings, neighbouring values are averaged.
 *
 * @throws CajalError `empty-figure`, `shape`, `out-of-range`, `bad-width`.
 * @example await lossComparison({ groups: [{ label: "adam", repeats: [{ values: loss }] }] })
 */
export async function lossComparison(
  { groups, target }: LossComparisonData,
  options: LossComparisonOptions = {},
): Promise<string> {
  const {
    width = "double",
    panelHeight = 7.5,
    title = "Learning curves",
    description,
    xLabel = "Update",
    yLabel = "Loss",
    log = true,
    window = 1,
    quantiles = [0.25, 0.75],
    minima = true,
  } = options;
  check(groups, window);
  const thin = options.thin ?? groups.reduce((n, g) => n + g.repeats.length, 0) <= 20;
  const shown = sayOnce(groups.map((g, i) => prepare(g, i, { window, quantiles })));
  const range = checkedRange(
    WHERE,
    [
      ...shown.flatMap((s) => s.repeats.map((r) => r.values)),
      ...(minima ? shown.map((s) => s.minima.map((m) => m.value)) : []),
      target ? [target.value] : [],
    ],
    { what: yLabel.toLowerCase(), positive: log },
  );
  const last = Math.max(...shown.map((s) => s.band.updates[s.band.updates.length - 1]));
  const total = pixelWidth(width);
  const labels = shown.map((s) => ({ name: s.label, colour: s.colour, strong: true, note: s.note }));
  const top = topOf(
    shown.flatMap((s) => s.repeats.map((r) => r.values)),
    range[1],
  );
  const ends = [range[0], Math.max(top, target?.value ?? top)] as const;
  const x: PanelAxis = { label: xLabel, domain: [0, last], ticks: stepTicks([0, last], 0.7 * total) };
  const y: PanelAxis = log
    ? { label: yLabel, domain: logDomain(ends), log, grid: true }
    : { label: yLabel, domain: linearDomain(ends, { zero: range[0] >= 0 }), grid: true };
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x,
        y,
        draw: (plane) =>
          marks(plane, shown, { target, thin, minima }) +
          cutNote(plane, range[1], ends[1], { curves: shown.flatMap(curvesOf) }).markup,
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM, right: endLabelWidth(labels) + 2 },
  );
  const said = `${yLabel} over ${last} updates: ${shown.map(groupWords).join("; ")}.`;
  return describedFigure(
    { width: total, height: drawn.height, title, description: description ?? said },
    drawn.markup,
  );
}

// Implementation

const WHERE = "lossComparison";
const TARGET = { stroke: COLOUR.ink, width: 1, dash: "5 3" } as const;

/** How many repeats a group has, and what its band is. */
interface GroupNote {
  size: string;
  band: string;
}

interface Shown {
  label: string;
  colour: string;
  note: string | undefined;
  /** As drawn. */
  repeats: readonly Repeat[];
  /** Where each repeat was smallest, once averaged over the window. */
  minima: { update: number; value: number }[];
  band: RepeatBand;
}

function check(groups: readonly TrainingGroup[], window: number): void {
  checkSome(WHERE, groups, "group");
  checkCount(WHERE, "window", window, " of updates,");
  for (const { label, repeats } of groups) {
    checkSome(`${WHERE}: "${label}"`, repeats, "repeat");
    for (const { updates, values } of repeats) {
      checkSome(`${WHERE}: "${label}"`, values, "update");
      checkLengths(`${WHERE}: "${label}"`, { values, updates });
    }
  }
}

function prepare(
  { label, repeats, colour, unit = "repeats" }: TrainingGroup,
  i: number,
  { window, quantiles }: { window: number; quantiles: readonly [number, number] },
): Omit<Shown, "note"> & { note: GroupNote | undefined } {
  const smooth = repeats.map((r) => smoothed(r, window));
  const size = groupSize(smooth);
  const drawn = smooth.map((r) => condensed(r, size));
  const many = repeats.length > 1;
  return {
    label,
    colour: colour ?? SERIES_COLOURS[i % SERIES_COLOURS.length],
    repeats: drawn,
    minima: smooth.map(minimumOf).filter((m) => m !== undefined),
    band: repeatBand(drawn, quantiles),
    note: many ? { size: `${repeats.length} ${unit}`, band: bandWords(quantiles) } : undefined,
  };
}

/** What is true of all groups stands once, under the last name. */
function sayOnce(groups: readonly (Omit<Shown, "note"> & { note: GroupNote | undefined })[]): Shown[] {
  const [first] = groups;
  const isShared =
    groups.length > 1 &&
    groups.every(
      ({ note }) => note !== undefined && note.size === first.note?.size && note.band === first.note.band,
    );
  return groups.map(({ note, ...group }, i) => {
    if (note === undefined || (isShared && i < groups.length - 1)) return { ...group, note: undefined };
    return { ...group, note: `${note.size}${isShared ? " each" : ""}: ${note.band}` };
  });
}

function marks(
  plane: Plane,
  shown: readonly Shown[],
  { target, thin, minima }: { target: LossComparisonData["target"]; thin: boolean; minima: boolean },
): string {
  const ends = shown.map((s): EndLabel => {
    const end = plane.y(lastFinite(s.band.median));
    return {
      name: s.label,
      colour: s.colour,
      strong: true,
      note: s.note,
      y: Number.isFinite(end) ? end : plane.frame.top,
    };
  });
  return [
    target ? named("target", level(plane, target.value, TARGET)) : "",
    // The first group, the reference, on top.
    ...[...shown]
      .reverse()
      .map((s) => repeatMarks(plane, { ...s, thin, minima: minima ? s.minima : undefined })),
    target ? targetName(plane, target, shown) : "",
    endLabels(ends, plane.frame.right, [plane.frame.top, plane.frame.bottom]),
  ].join("");
}

function targetName(
  plane: Plane,
  { value, label }: { value: number; label?: string },
  shown: readonly Shown[],
): string {
  return freeLabel(plane, label ?? `target ${formatExact(value)}`, {
    places: levelPlaces(plane, value),
    curves: shown.flatMap(curvesOf),
  }).markup;
}

function curvesOf({ repeats }: Shown): Points[] {
  return repeats.map((r) => ({ x: updatesOf(r), y: r.values }));
}

function lastFinite(values: readonly number[]): number {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return values[i];
  return Number.NaN;
}

function groupWords({ label, repeats, minima }: Shown): string {
  if (minima.length === 0) return `${label} no finite value`;
  const lowest = minima.reduce((a, b) => (b.value < a.value ? b : a));
  return `${label} lowest ${formatNumber(lowest.value)} at update ${lowest.update} of ${repeats.length} ${repeats.length === 1 ? "repeat" : "repeats"}`;
}
