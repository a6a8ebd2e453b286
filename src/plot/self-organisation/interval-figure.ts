/**
 * @file Intervals between spikes with a fitted exponential, on a linear and a logarithmic axis: under the second an
 * exponential is a straight line, and what it misses shows.
 */

import { exp } from "../../core/index.ts";
import { checkedRange, checkSome, logDomain, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { quantileOf, wholeHistogram } from "../histogram.ts";
import { formatCount, formatExact, formatFixed, formatNumber } from "../number-format.ts";
import { panelGrid } from "../panel-grid.ts";
import { bars, dots, line, named, type Plane, type Points } from "../plane.ts";
import { note } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Density a · e^(−rate · x) + offset, for x ≥ from. */
export interface ExponentialFit {
  /** Decay for each step, > 0. */
  rate: number;
  /** Height at 0; else such that the curve holds the part of the data from `from` on. */
  amplitude?: number;
  offset?: number;
  /** First interval that was fitted, else all. */
  from?: number;
}

/** Intervals between spikes with a fitted exponential and their coefficient of variation. */
export interface IntervalData {
  /** Intervals between spikes of one unit [steps], whole numbers ≥ 1, all units together. */
  intervals: ArrayLike<number>;
  fit?: ExponentialFit;
  /** Coefficient of variation, as given; mean over units. */
  cv?: number;
}

/** Look of the figure, and where the tail is cut. */
export interface IntervalOptions extends FigureOptions {
  /** Longest interval shown [steps]; else 99.5 % of them. */
  longest?: number;
}

/**
 * Histogram of inter-spike intervals as an SVG string.
 *
 * @throws CajalError `empty-figure`, `out-of-range`, `bad-width`.
 * @example await intervalFigure({ intervals, fit: { rate: 0.1, from: 3 }, cv: 0.93 })
 */
export async function intervalFigure(
  { intervals, fit, cv }: IntervalData,
  {
    width = "double",
    panelHeight = 6,
    title = "Inter-spike intervals",
    description,
    longest,
  }: IntervalOptions = {},
): Promise<string> {
  const where = "intervalFigure";
  checkSome(where, intervals, "interval");
  if (fit && !(fit.rate > 0)) {
    refuse(
      where,
      `the rate of the exponential is ${fit.rate}`,
      "out-of-range",
      "Give the decay per step, > 0.",
    );
  }
  const [low] = checkedRange(where, [intervals], { what: "interval", positive: true });
  const end = Math.max(low + 4, longest ?? quantileOf(intervals, 0.995));
  const binWidth = Math.max(1, Math.ceil(end / 80));
  const { edges, counts } = wholeHistogram(intervals, { low: 1, high: end, width: binWidth });
  const n = intervals.length;
  const heights = counts.map((c) => c / n / binWidth);
  const centres = counts.map((_, i) => (edges[i] + edges[i + 1]) / 2);
  const points: Points = { x: centres, y: heights };
  const curve = fit ? curveOf(fit, intervals, edges[edges.length - 1]) : undefined;
  const beyond = 1 - counts.reduce((a, b) => a + b, 0) / n;
  const total = pixelWidth(width);
  const x = { label: "Interval (steps)", domain: [0, edges[edges.length - 1]] as [number, number], ticks: 6 };
  const top = Math.max(...heights, ...(curve ? Array.from(curve.y) : []));
  const yRange = checkedRange(where, [heights], { what: "density", positive: true });
  const lines = notes({ fit, cv, n, beyond, end });
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        title: "Linear axis",
        x,
        y: {
          label: "Density (per step)",
          domain: [0, Math.min(top, 1.6 * Math.max(...heights)) * 1.08],
          ticks: 4,
        },
        draw: (plane) =>
          named("histogram", bars(plane, { edges, heights }, { fill: COLOUR.null, opacity: 0.45 })) +
          fitMark(plane, curve) +
          note(plane, lines, { corner: "top-right", size: FONT_SIZE.tick }),
      },
      {
        title: "Logarithmic axis",
        x,
        y: { label: "Density (per step)", domain: logDomain(yRange, 1.6), log: true },
        draw: (plane) =>
          named("points", dots(plane, points, { r: 1.8, fill: COLOUR.quiet })) + fitMark(plane, curve),
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM },
  );
  const said = `Density of ${n} inter-spike intervals on a linear and a logarithmic axis; ${lines.map((l) => l.text).join(", ")}.`;
  return describedFigure(
    { width: total, height: drawn.height, title, description: description ?? said },
    drawn.markup,
  );
}

// Implementation

function curveOf(
  { rate, amplitude, offset = 0, from = 0 }: ExponentialFit,
  intervals: ArrayLike<number>,
  end: number,
): Points {
  let inside = 0;
  for (let i = 0; i < intervals.length; i++) if (intervals[i] >= from) inside += 1;
  // Whole numbers from k on have their bins from k − ½ on.
  const start = Math.max(0, from - 0.5);
  const height = amplitude ?? (rate * exp(rate * start) * inside) / intervals.length;
  const x = Array.from({ length: 301 }, (_, i) => start + ((end - start) * i) / 300);
  return { x, y: x.map((v) => height * exp(-rate * v) + offset) };
}

function fitMark(plane: Plane, curve: Points | undefined): string {
  return curve ? named("fit", line(plane, curve, { stroke: COLOUR.empirical, width: 1.8 })) : "";
}

function notes({
  fit,
  cv,
  n,
  beyond,
  end,
}: Pick<IntervalData, "fit" | "cv"> & { n: number; beyond: number; end: number }) {
  const fitted = fit && `exponential, mean ${formatNumber(1 / fit.rate)} steps`;
  const from = fit?.from ? ` from ${formatExact(fit.from)} on` : "";
  return [
    ...(fitted ? [{ text: fitted + from, fill: COLOUR.empirical, strong: true }] : []),
    {
      text: `n = ${formatCount(n)}${cv === undefined ? "" : `, CV = ${formatFixed(cv, 2)}`}`,
      fill: COLOUR.quiet,
    },
    ...(beyond > 0
      ? [{ text: `${formatNumber(100 * beyond, 2)} % beyond ${formatExact(end)}`, fill: COLOUR.quiet }]
      : []),
  ];
}
