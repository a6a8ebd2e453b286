/**
 * @file Score of a task against its difficulty, for a self-organised network and for those it has to beat: the same
 * network without plasticity, with intrinsic plasticity alone, and a predictor that needs no network. After Lazar, Pipa
 * and Triesch (2009), Front. Comput. Neurosci. 3, 23.
 */

import { checkSome, refuse } from "../checks.ts";
import { type Curve, checkLengths as checkCurve, extent, seriesOf } from "../curve.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { type EndLabel, endLabels, endLabelWidth } from "../label-layout.ts";
import { formatExact } from "../number-format.ts";
import { panelGrid } from "../panel-grid.ts";
import { band, dots, errorBars, line, named, type Plane } from "../plane.ts";
import { COLOUR, NULL_COLOURS, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Scores of networks over a difficulty. */
export interface TaskScoreData {
  /** Word length or another difficulty, shape `(point)`, ascending. */
  n: readonly number[];
  /** The network of interest first, then its controls; `low` and `high` are their spread over seeds. */
  curves: readonly Curve[];
}

/** Look of the figure and names of its axes. */
export interface TaskScoreOptions extends FigureOptions {
  xLabel?: string;
  yLabel?: string;
}

/**
 * Task scores as an SVG string: a line with its spread for each network, names at their ends.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await taskScores({ n: [4, 8, 12], curves: [{ label: "SORN", values: [1, 0.99, 0.96] }, { label: "static", values: [0.9, 0.8, 0.6] }] })
 */
export async function taskScores(
  { n, curves }: TaskScoreData,
  {
    width = "double",
    panelHeight = 7,
    title = "Task scores",
    description,
    xLabel = "Word length n",
    yLabel = "Score",
  }: TaskScoreOptions = {},
): Promise<string> {
  const where = "taskScores";
  checkSome(where, n, "word length");
  checkSome(where, curves, "curve");
  for (const c of curves) checkCurve(where, n.length, c);
  const range = extent(...curves.flatMap(seriesOf));
  if (!range) refuse(where, "no finite score to draw", "empty-figure", "Give at least one finite value.");
  const total = pixelWidth(width);
  const labels = curves.map((c, i) => ({ name: c.label, colour: colourOf(i), strong: true }));
  const [low, high] = [n[0], n[n.length - 1]];
  const room = (high - low || 2) * 0.03;
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x: {
          label: xLabel,
          domain: [low - room, high + room],
          ticks: n.length <= 12 ? { values: [...n], labels: n.map(formatExact) } : 8,
        },
        y: { label: yLabel, domain: [Math.min(0, range[0]), Math.max(range[1], 1) * 1.03], grid: true },
        draw: (plane) =>
          curves
            .map((_, i) => curves.length - 1 - i) // the network of interest lies on top
            .map((i) => named(curves[i].label, curveMarks(plane, n, curves[i], i)))
            .join("") + names(plane, n, curves),
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM, right: endLabelWidth(labels) + 2 },
  );
  const said = `${yLabel} against ${xLabel} from ${low} to ${high} for ${curves.map((c) => c.label).join(", ")}.`;
  return describedFigure(
    { width: total, height: drawn.height, title, description: description ?? said },
    drawn.markup,
  );
}

// Implementation

const CONTROLS = [OKABE_ITO.blue, OKABE_ITO.green, NULL_COLOURS[0], OKABE_ITO.purple, OKABE_ITO.orange];

function colourOf(i: number): string {
  return i === 0 ? COLOUR.empirical : CONTROLS[(i - 1) % CONTROLS.length];
}

function curveMarks(plane: Plane, x: readonly number[], { values, low, high }: Curve, i: number): string {
  const stroke = colourOf(i);
  const single = values.filter(Number.isFinite).length === 1;
  const points = { x, y: values };
  return [
    low && high && !single ? band(plane, { x, low, high }, { fill: stroke, opacity: 0.15 }) : "",
    low && high ? errorBars(plane, { x, low, high }, { stroke, width: 0.9, opacity: 0.7 }) : "",
    line(plane, points, { stroke, width: i === 0 ? 2.2 : 1.25 }),
    dots(plane, points, { r: i === 0 ? 2.8 : 2.1, fill: stroke, edge: COLOUR.paper }),
  ].join("");
}

function names(plane: Plane, x: readonly number[], curves: readonly Curve[]): string {
  const labels = curves.flatMap((c, i): EndLabel[] => {
    let last = x.length - 1;
    while (last >= 0 && !Number.isFinite(c.values[last])) last -= 1;
    if (last < 0) return [];
    return [{ y: plane.y(c.values[last]), colour: colourOf(i), name: c.label, strong: true }];
  });
  return endLabels(labels, plane.frame.right, [plane.frame.top, plane.frame.bottom]);
}
