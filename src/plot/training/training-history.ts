/**
 * @file What happened while a network was trained: loss, fraction of correct answers and size of the gradient over
 * updates, a panel each, every repeat thin and their median bold.
 */

import { stepTicks } from "../axis-ticks.ts";
import { checkLengths, linearDomain, logDomain, rangeOf, refuse } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { freeLabel, levelPlaces } from "../free-label.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { formatExact } from "../number-format.ts";
import type { PanelAxis } from "../panel.ts";
import { type GridPanel, panelGrid } from "../panel-grid.ts";
import { level, named, type Plane, type Points, upright } from "../plane.ts";
import { COLOUR, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { condensed, groupSize, type Repeat, repeatBand, smoothed, topOf, updatesOf } from "./repeat-band.ts";
import { bandWords, cutNote, repeatMarks } from "./repeat-marks.ts";

/** Histories of the repeats of one setting, shape `(repeat)` each; what is left out or empty gets no panel. */
export interface TrainingHistoryData {
  /** Of the batches trained on. */
  loss?: readonly Repeat[];
  validationLoss?: readonly Repeat[];
  /** 0 … 1, of the batches trained on. */
  fractionCorrect?: readonly Repeat[];
  validationCorrect?: readonly Repeat[];
  /** Of the worst condition in each validation, dashed. */
  worstCorrect?: readonly Repeat[];
  /** Fraction at which training was to stop. */
  target?: number;
  /** What the target is for, written behind it: `of the worst`. */
  targetNote?: string;
  /** Norm of the whole gradient, before it was clipped. */
  gradientNorm?: readonly Repeat[];
  /** Norm it was clipped to. */
  clip?: number;
  /** Updates at which stages of a curriculum began, of each repeat; those of update 0 are not drawn. */
  stages?: readonly (readonly number[])[];
}

/** Look of the figure. */
export interface TrainingHistoryOptions extends FigureOptions {
  /** Logarithmic axis of the loss. */
  log?: boolean;
  /** Numbers of single batches are means of so many updates; else of 1/100 of the training. */
  window?: number;
  /** Ends of the bands as quantiles over repeats. */
  quantiles?: readonly [number, number];
}

/**
 * History of a training as an SVG string.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await trainingHistory({ loss: [{ values: loss }], validationCorrect: [{ updates, values }], target: 0.85 })
 */
export async function trainingHistory(
  data: TrainingHistoryData,
  options: TrainingHistoryOptions = {},
): Promise<string> {
  const { width = "double", panelHeight = 5.6, title = "Training history", description } = options;
  const { log = true, quantiles = [0.25, 0.75] } = options;
  const lists = [
    data.loss,
    data.validationLoss,
    data.fractionCorrect,
    data.validationCorrect,
    data.worstCorrect,
    data.gradientNorm,
  ];
  const all = lists.flatMap((list) => list ?? []);
  for (const { values, updates } of all) checkLengths(WHERE, { values, updates });
  const last = rangeOf(all.map((r) => updatesOf(r).slice(-1)))?.[1];
  if (last === undefined) {
    refuse(WHERE, "there is no history to draw", "empty-figure", "Give the loss of at least one update.");
  }
  const longest = Math.max(...all.map((r) => r.values.length));
  const shared: Shared = {
    last,
    log,
    quantiles,
    window: options.window ?? Math.max(1, Math.round(longest / 100)),
    stages: [...new Set((data.stages ?? []).flat())].filter((update) => update > 0 && update < last),
    columnWidth: pixelWidth(width) / 2,
  };
  const panels = [lossPanel(data, shared), correctPanel(data, shared), gradientPanel(data, shared)].filter(
    (p) => p !== undefined,
  );
  const total = pixelWidth(width);
  const drawn = panelGrid(await loadPlot(), panels, {
    width: total,
    height: panelHeight * PIXELS_PER_CM,
    columns: panels.length === 1 ? 1 : Math.min(3, panels.length),
  });
  const repeats = Math.max(...lists.map((list) => list?.length ?? 0));
  const key = legendRows(legend(data, shared, repeats), total - 12, 12);
  const said = `${panels.map((p) => p.title).join(", ")} over ${last} updates of ${repeats} ${repeats === 1 ? "repeat" : "repeats"}.`;
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

const WHERE = "trainingHistory";
const TRAINED = OKABE_ITO.blue;
const VALIDATED = OKABE_ITO.vermilion;
const WORST = { stroke: OKABE_ITO.green, width: 1.5, dash: "4 2" } as const;
const STAGE = { stroke: COLOUR.quiet, width: 0.75, dash: "3 2" } as const;

interface Shared {
  /** Last update of any repeat. */
  last: number;
  log: boolean;
  window: number;
  quantiles: readonly [number, number];
  /** Updates with a line. */
  stages: readonly number[];
  columnWidth: number;
}

interface Series {
  label: string;
  colour: string;
  repeats: readonly Repeat[];
  /** Of the median. */
  dash?: string;
  width?: number;
}

function updateAxis({ last, columnWidth }: Shared): PanelAxis {
  return { label: "Update", domain: [0, last], ticks: stepTicks([0, last], 0.5 * columnWidth) };
}

/** Batches are averaged over some updates, validations are shown as they are; both only where there are some. */
function seriesOf(
  trained: readonly Repeat[] | undefined,
  validated: readonly Repeat[] | undefined,
  { window }: Shared,
): Series[] {
  const series = [
    {
      label: "training batches",
      colour: TRAINED,
      repeats: thinned((trained ?? []).map((r) => smoothed(r, window))),
    },
    { label: "validation", colour: VALIDATED, repeats: thinned(validated ?? []) },
  ];
  return series.filter(({ repeats }) => rangeOf(repeats.map((r) => r.values)) !== undefined);
}

function thinned(repeats: readonly Repeat[]): Repeat[] {
  const size = groupSize(repeats, 400);
  return repeats.map((r) => condensed(r, size));
}

function draw(series: readonly Series[], { quantiles, stages }: Shared): GridPanel["draw"] {
  return (plane) => {
    const begun = stages.map((update) => upright(plane, update, STAGE));
    const marks = series.map((s) =>
      repeatMarks(plane, { ...s, band: repeatBand(s.repeats, quantiles), thin: true }),
    );
    return (begun.length > 0 ? named("stages", ...begun) : "") + marks.join("");
  };
}

function lossPanel(data: TrainingHistoryData, shared: Shared): GridPanel | undefined {
  const series = seriesOf(data.loss, data.validationLoss, shared);
  const values = series.flatMap((s) => s.repeats.map((r) => r.values));
  const range = rangeOf(values, { positive: shared.log });
  if (!range) return undefined;
  const top = topOf(values, range[1]);
  const ends = [range[0], top] as const;
  const domain = shared.log ? logDomain(ends) : linearDomain(ends, { zero: range[0] >= 0 });
  return {
    title: "Loss",
    x: updateAxis(shared),
    y: { label: "Loss", domain, log: shared.log, grid: true, ticks: shared.log ? undefined : 4 },
    draw: (plane) =>
      draw(series, shared)(plane) + cutNote(plane, range[1], top, { curves: curvesOf(series) }).markup,
  };
}

function correctPanel(data: TrainingHistoryData, shared: Shared): GridPanel | undefined {
  const series = seriesOf(data.fractionCorrect, data.validationCorrect, shared);
  const { stroke: colour, ...look } = WORST;
  if (hasValues(data.worstCorrect))
    series.push({ label: "worst condition", colour, ...look, repeats: thinned(data.worstCorrect) });
  if (series.length === 0) return undefined;
  const { target, targetNote = "" } = data;
  return {
    title: "Answers",
    x: updateAxis(shared),
    y: { label: "Fraction correct", domain: [0, 1.04], grid: true },
    draw: (plane) =>
      (target === undefined
        ? ""
        : named("target", level(plane, target, { stroke: COLOUR.ink, width: 1, dash: "5 3" }))) +
      draw(series, shared)(plane) +
      (target === undefined
        ? ""
        : freeLabel(plane, `target ${formatExact(target)} ${targetNote}`.trimEnd(), {
            places: levelPlaces(plane, target),
            curves: curvesOf(series),
          }).markup),
  };
}

function gradientPanel({ gradientNorm, clip }: TrainingHistoryData, shared: Shared): GridPanel | undefined {
  const series = seriesOf(gradientNorm, undefined, shared);
  const values = series.flatMap((s) => s.repeats.map((r) => r.values));
  const all = rangeOf(values, { positive: true });
  if (!all) return undefined;
  const range = [all[0], topOf(values, all[1])] as const;
  const shownClip = clip !== undefined && clip < 3 * range[1] && clip > range[0] / 3 ? clip : undefined;
  const ends =
    shownClip === undefined
      ? range
      : ([Math.min(range[0], shownClip), Math.max(range[1], shownClip)] as const);
  return {
    title: "Gradient",
    x: updateAxis(shared),
    y: { label: "Norm of the gradient", domain: logDomain(ends), log: true, grid: true },
    draw: (plane) =>
      draw(series, shared)(plane) + clipMarks(plane, shownClip, { highest: all[1], top: ends[1], series }),
  };
}

/** The line gradients are clipped at with its name, and what is cut; neither over the other. */
function clipMarks(
  plane: Plane,
  clip: number | undefined,
  { highest, top, series }: { highest: number; top: number; series: readonly Series[] },
): string {
  const curves = curvesOf(series);
  if (clip === undefined) return cutNote(plane, highest, top, { curves }).markup;
  const { left, right } = plane.frame;
  const at = plane.y(clip);
  const rule = { left, right, top: at - 1, bottom: at + 1 };
  const cut = cutNote(plane, highest, top, { curves, taken: [rule] });
  const places = levelPlaces(plane, clip);
  const name = freeLabel(plane, `clipped to ${formatExact(clip)}`, { places, curves, taken: cut.taken });
  const look = { stroke: COLOUR.ink, width: 1, dash: "2 2" };
  return named("clip", level(plane, clip, look)) + name.markup + cut.markup;
}

function hasValues(list: readonly Repeat[] | undefined): list is readonly Repeat[] {
  return rangeOf((list ?? []).map((r) => r.values)) !== undefined;
}

/** Medians and single repeats, which words must not cover. */
function curvesOf(series: readonly Series[]): Points[] {
  return series.flatMap(({ repeats }) => repeats.map((r) => ({ x: updatesOf(r), y: r.values })));
}

function legend(data: TrainingHistoryData, shared: Shared, repeats: number): LegendEntry[] {
  const has = hasValues;
  const many = repeats > 1 ? `${repeats} repeats: ${bandWords(shared.quantiles)}` : undefined;
  const averaged = shared.window > 1 ? `mean of ${shared.window} updates` : undefined;
  const swatch = (stroke: string) => ({ kind: "line", stroke, width: 2 }) as const;
  const entries: LegendEntry[] = [];
  if (has(data.loss) || has(data.fractionCorrect) || has(data.gradientNorm)) {
    const note = [averaged, many].filter(Boolean).join("; ") || undefined;
    entries.push({ label: "training batches", note, swatch: swatch(TRAINED) });
  }
  if (has(data.validationLoss) || has(data.validationCorrect)) {
    entries.push({ label: "validation", note: entries.length ? undefined : many, swatch: swatch(VALIDATED) });
  }
  if (has(data.worstCorrect)) {
    entries.push({ label: "worst condition", note: "validation", swatch: { kind: "line", ...WORST } });
  }
  if (shared.stages.length > 0) {
    entries.push({ label: "a stage of the curriculum begins", swatch: { kind: "line", ...STAGE } });
  }
  return entries;
}
