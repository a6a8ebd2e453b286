/**
 * @file How often how many units are active together, beside the law of units that fire by themselves.
 */

import { checkSome } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { wholeHistogram } from "../histogram.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { formatFixed } from "../number-format.ts";
import { panelGrid } from "../panel-grid.ts";
import { bars, line, named, type Plane, upright } from "../plane.ts";
import { note } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Activity over time, and what independent units would do. */
export interface ActivityHistogramData {
  /** Active units at each step, shape `(time)`. */
  activity: ArrayLike<number>;
  /** Probability of 0, 1 … active units where every unit fires by itself, shape `(active)`. */
  independent?: ArrayLike<number>;
  /** Active units above which an avalanche lasts. */
  theta?: number;
}

/**
 * The histogram of the activity as an SVG string.
 *
 * @throws CajalError `empty-figure`, `bad-width`.
 * @example await activityHistogram({ activity, theta: 10 })
 */
export async function activityHistogram(
  { activity, independent, theta }: ActivityHistogramData,
  { width = 13, panelHeight = 6, title = "Active units", description }: FigureOptions = {},
): Promise<string> {
  checkSome("activityHistogram", activity, "step");
  const { low, high, mean, sd } = summarise(activity);
  const binWidth = Math.max(1, Math.ceil((high - low + 1) / 60));
  const { edges, counts } = wholeHistogram(activity, { low, high, width: binWidth });
  const shares = counts.map((count) => count / activity.length / binWidth);
  const law = { x: Array.from(independent ?? [], (_, k) => k), y: Array.from(independent ?? []) };
  const top = Math.max(...shares, ...law.y);
  const total = pixelWidth(width);
  const text = `mean ${formatFixed(mean, 1)}, sd ${formatFixed(sd, 1)}`;
  const draw = (plane: Plane) =>
    [
      named("histogram", bars(plane, { edges, heights: shares }, { fill: COLOUR.null, opacity: 0.45 })),
      named("independent", line(plane, law, INDEPENDENT)),
      theta === undefined ? "" : named("threshold", upright(plane, theta, THRESHOLD)),
      note(plane, [{ text, fill: COLOUR.quiet }], { corner: "top-right", size: FONT_SIZE.tick }),
    ].join("");
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x: { label: "Active units", domain: [Math.min(-0.5, low - 0.5), high + 0.5], ticks: 7 },
        y: { label: "Share of steps", domain: [0, top * 1.15], ticks: 4 },
        draw,
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM },
  );
  const key = legendRows(legend(independent !== undefined, theta), total - 12, 12);
  const said = `Histogram of the number of active units over ${activity.length} steps: ${text}, from ${low} to ${high}.`;
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

const INDEPENDENT = { stroke: OKABE_ITO.blue, width: 1.6 };
const THRESHOLD = { stroke: OKABE_ITO.vermilion, width: 1.1, dash: "3 2" };

function summarise(activity: ArrayLike<number>) {
  let [low, high, sum, squares] = [activity[0], activity[0], 0, 0];
  for (let t = 0; t < activity.length; t++) {
    low = Math.min(low, activity[t]);
    high = Math.max(high, activity[t]);
    sum += activity[t];
    squares += activity[t] * activity[t];
  }
  const mean = sum / activity.length;
  return { low, high, mean, sd: Math.sqrt(Math.max(0, squares / activity.length - mean * mean)) };
}

function legend(hasLaw: boolean, theta: number | undefined): LegendEntry[] {
  const entries: LegendEntry[] = [
    { label: "steps", swatch: { kind: "area", fill: COLOUR.null, opacity: 0.45 } },
  ];
  if (hasLaw) {
    entries.push({
      label: "independent units",
      note: "same rates",
      swatch: { kind: "line", ...INDEPENDENT },
    });
  }
  if (theta !== undefined)
    entries.push({ label: `threshold ${theta}`, swatch: { kind: "line", ...THRESHOLD } });
  return entries;
}
