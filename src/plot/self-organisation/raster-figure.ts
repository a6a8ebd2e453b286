/**
 * @file Who fired when, and below it how many: a raster with the activity a(t), its threshold and its avalanches. An
 * avalanche is a maximal run of steps with a(t) > θ, after Del Papa, Priesemann and Triesch (2017), PLoS ONE 12,
 * e0178683; its size, Σ (a − θ), is the shaded area.
 */

import { stepTicks } from "../axis-ticks.ts";
import { checkLengths, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { formatCount } from "../number-format.ts";
import { leftMargin, type PanelAxis } from "../panel.ts";
import { panelGrid } from "../panel-grid.ts";
import { level, line, named, type Plane } from "../plane.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { element, shortNumber, text } from "../svg.ts";
import { gridPath, type SpikeData, type SpikeGrid, spikeGrid } from "./raster-bits.ts";

/** Spikes as a list or as packed bits. */
export interface RasterData {
  units: number;
  /** Number of steps recorded. */
  steps: number;
  spikes: SpikeData;
  /** Step of the first row, 0 if left out. */
  firstStep?: number;
  /** Active units at each recorded step, shape `(step)`; else counted from the spikes. */
  activity?: ArrayLike<number>;
}

/** Window of time, and the threshold that shades avalanches. */
export interface RasterOptions extends FigureOptions {
  /** First step shown, and the one after the last; else all. */
  from?: number;
  to?: number;
  /** Threshold of avalanches, in active units; none if left out. */
  theta?: number;
}

/**
 * Raster and activity of a window as an SVG string. All spikes are one path; where steps are narrower than a
 * pixel, the raster shows one in so many and says so, and the picture stays small however long the window.
 *
 * @throws CajalError `empty-figure`, `out-of-range`, `shape`, `bad-width`.
 * @example await rasterFigure({ units: 200, steps: 500, spikes: { kind: "bits", rows } }, { theta: 10 })
 */
export async function rasterFigure(
  data: RasterData,
  {
    width = "double",
    panelHeight = 6.5,
    theta,
    title = "Spikes and activity",
    description,
    from = data.firstStep ?? 0,
    to = (data.firstStep ?? 0) + data.steps,
  }: RasterOptions = {},
): Promise<string> {
  check(data, { from, to });
  const total = pixelWidth(width);
  const height = panelHeight * PIXELS_PER_CM;
  const unitAxis: PanelAxis = { label: "Unit", domain: [0, data.units], ticks: 4 };
  const right = theta === undefined ? 24 : 96;
  const grid = spikeGrid(
    data.spikes,
    { units: data.units, firstStep: data.firstStep ?? 0, from, to },
    {
      width: Math.max(50, total - leftMargin(unitAxis) - right),
      height: Math.max(40, height - 40),
      smallest: 1,
    },
  );
  const activity = activityOf(data, grid, { from, to });
  const top = activity.reduce((a, b) => Math.max(a, b), theta ?? 1);
  const avalanches = theta === undefined ? [] : avalanchesOf(activity, theta);
  const x: PanelAxis = {
    label: "",
    domain: [from, to],
    ticks: stepTicks([from, to], total - leftMargin(unitAxis) - right),
  };
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x,
        y: unitAxis,
        height,
        draw: (plane) => named("spikes", spikeMark(plane, grid)) + samplingNote(plane, grid),
      },
      {
        x: { ...x, label: "Step" },
        y: { label: "Active units", domain: [0, top * 1.08], ticks: 3 },
        height: height * 0.5 + 14,
        draw: (plane) => activityMarks(plane, { activity, from, theta, avalanches: avalanches.length }),
      },
    ],
    { width: total, height, columns: 1, right },
  );
  const counted = theta === undefined ? "" : `, ${avalanches.length} avalanches above ${theta} active units`;
  const said = `${data.units} units over steps ${from} to ${to}: a dot for each spike, and the number of active units${counted}.`;
  return describedFigure(
    { width: total, height: drawn.height, title, description: description ?? said },
    drawn.markup,
  );
}

/** First step of each avalanche and the one after its last, both counted from the start of `activity`. */
export function avalanchesOf(activity: ArrayLike<number>, theta: number): [number, number][] {
  const runs: [number, number][] = [];
  for (let t = 0; t < activity.length; t++) {
    if (!(activity[t] > theta)) continue;
    const start = t;
    while (t + 1 < activity.length && activity[t + 1] > theta) t += 1;
    runs.push([start, t + 1]);
  }
  return runs;
}

// Implementation

function check(
  { units, steps, activity, firstStep = 0 }: RasterData,
  { from, to }: { from: number; to: number },
): void {
  const where = "rasterFigure";
  if (!(units >= 1)) refuse(where, "there is no unit to draw", "empty-figure", "Give at least one.");
  if (!(steps >= 1)) refuse(where, "there is no step to draw", "empty-figure", "Give at least one.");
  if (activity) checkLengths(where, { "the recording": { length: steps }, activity });
  if (!(from >= firstStep && to <= firstStep + steps && from < to)) {
    refuse(
      where,
      `steps ${from} … ${to} are not in the recording`,
      "out-of-range",
      `It holds steps ${firstStep} … ${firstStep + steps}.`,
    );
  }
}

function activityOf(
  { activity, firstStep = 0 }: RasterData,
  grid: SpikeGrid,
  { from, to }: { from: number; to: number },
): Float64Array {
  if (!activity) return grid.activity;
  return Float64Array.from({ length: to - from }, (_, t) => activity[from - firstStep + t]);
}

/** The grid in its own coordinates, stretched over the axes: whole numbers make a short path. */
function spikeMark({ frame, xDomain, yDomain, x, y }: Plane, grid: SpikeGrid): string {
  const { stepsPerColumn, unitsPerRow } = grid;
  const across = x(xDomain[0] + stepsPerColumn) - x(xDomain[0]) || 1;
  const down = y(yDomain[0]) - y(yDomain[0] + unitsPerRow);
  const length = across >= 2 ? Math.min(0.8, MAX_DOT / across) : 1;
  const thickness = down >= 2 ? Math.min(0.8, MAX_DOT / down) : 1;
  const d = gridPath(grid, length);
  if (d === "") return "";
  const exact = (v: number) => Number(v.toFixed(5));
  // A row's middle at ½, a dot in the middle of its cell; unit 0 at the bottom.
  const left = frame.left + ((1 - length) / 2) * across;
  const low = frame.bottom - down / 2;
  return element("path", {
    d,
    transform: `translate(${shortNumber(left)},${shortNumber(low)})scale(${exact(across)},${exact(-down)})`,
    fill: "none",
    stroke: COLOUR.ink,
    "stroke-width": thickness,
  });
}

/** Dots are at most so long [px]. */
const MAX_DOT = 3.5;

function samplingNote({ frame }: Plane, { stepsPerColumn, unitsPerRow }: SpikeGrid): string {
  const skipped = [
    ...(stepsPerColumn > 1 ? [`1 of ${stepsPerColumn} steps`] : []),
    ...(unitsPerRow > 1 ? [`1 of ${unitsPerRow} units`] : []),
  ];
  if (skipped.length === 0) return "";
  return text(frame.right, frame.top - 4, `shown: ${skipped.join(", ")}`, {
    fill: COLOUR.quiet,
    "text-anchor": "end",
  });
}

function activityMarks(
  plane: Plane,
  {
    activity,
    from,
    theta,
    avalanches,
  }: { activity: Float64Array; from: number; theta: number | undefined; avalanches: number },
): string {
  const edges = { x: [] as number[], y: [] as number[] };
  for (let t = 0; t < activity.length; t++) {
    edges.x.push(from + t, from + t + 1);
    edges.y.push(activity[t], activity[t]);
  }
  // Where steps are finer than the page, a dark line would cover the avalanches.
  const isDense = activity.length > plane.frame.right - plane.frame.left;
  const style = isDense ? { stroke: COLOUR.null, width: 0.4 } : { stroke: COLOUR.ink, width: 0.9 };
  const curve = line(plane, edges, style);
  if (theta === undefined) return named("activity", curve);
  const at = plane.y(theta);
  const label = { x: plane.frame.right + 8, size: FONT_SIZE.label };
  const layers = [named("avalanches", excess(plane, { activity, from, theta })), named("activity", curve)];
  return [
    ...(isDense ? layers.reverse() : layers),
    named("threshold", level(plane, theta, { stroke: COLOUR.empirical, width: 1 })),
    text(label.x, at + 3.5, `θ = ${theta}`, {
      fill: COLOUR.empirical,
      "font-size": label.size,
      "font-weight": "bold",
    }),
    text(label.x, at - 10, `${formatCount(avalanches)} avalanche${avalanches === 1 ? "" : "s"}`, {
      fill: COLOUR.quiet,
    }),
  ].join("");
}

/** What of a(t) lies above the threshold, as one path; a pixel column shows the highest of its steps. */
function excess(
  plane: Plane,
  { activity, from, theta }: { activity: Float64Array; from: number; theta: number },
): string {
  const floor = plane.y(theta);
  const pixels = plane.frame.right - plane.frame.left;
  const pool = Math.max(1, Math.ceil(activity.length / (2 * pixels)));
  let d = "";
  let isOpen = false;
  for (let t = 0; t < activity.length; t += pool) {
    let high = 0;
    const end = Math.min(activity.length, t + pool);
    for (let k = t; k < end; k++) high = Math.max(high, activity[k]);
    if (high > theta) {
      if (!isOpen) d += `M${shortNumber(plane.x(from + t))},${shortNumber(floor)}`;
      d += `V${shortNumber(plane.y(high))}H${shortNumber(plane.x(from + end))}`;
    } else if (isOpen) d += `V${shortNumber(floor)}Z`;
    isOpen = high > theta;
  }
  if (isOpen) d += `V${shortNumber(floor)}Z`;
  return d === "" ? "" : element("path", { d, fill: COLOUR.empirical, "fill-opacity": 0.35 });
}
