/**
 * @file How far twin runs part after one unit was flipped, noise and input being the same, and how many have come
 * together again. After Eser, Zheng and Triesch (2014), PLoS ONE 9, e86962.
 */

import { checkLengths, checkSome } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { legendRows } from "../legend.ts";
import { panelGrid } from "../panel-grid.ts";
import { level, line, named, type Plane } from "../plane.ts";
import { COLOUR, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Twins over time; the first value is that of the flip itself. */
export interface DivergenceData {
  /** Mean number of units that differ, a curve for each network, shape `(time)`. */
  curves: readonly { distance: ArrayLike<number>; alive: ArrayLike<number> }[];
  /** Units in which runs that share nothing would differ. */
  unrelated?: number;
}

/**
 * Distance and share of twins that differ as an SVG string.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await divergenceFigure({ curves: [perturbationGrowth({ network, seed: 1, rng })] })
 */
export async function divergenceFigure(
  { curves, unrelated }: DivergenceData,
  { width = "double", panelHeight = 6, title = "One flipped unit", description }: FigureOptions = {},
): Promise<string> {
  checkSome(WHERE, curves, "curve");
  for (const { distance, alive } of curves) {
    checkSome(WHERE, distance, "step");
    checkLengths(WHERE, { distance, alive });
  }
  const steps = Math.max(...curves.map(({ distance }) => distance.length - 1));
  const most = Math.max(1, unrelated ?? 0, ...curves.flatMap(({ distance }) => [...Array.from(distance)]));
  const total = pixelWidth(width);
  const x = { label: "Steps after the flip", domain: [0, Math.max(1, steps)] as [number, number], ticks: 6 };
  const strokes = (plane: Plane, of: "distance" | "alive") =>
    curves.map((curve) =>
      line(
        plane,
        { x: Array.from(curve[of], (_, t) => t), y: curve[of] },
        { stroke: OKABE_ITO.blue, width: 1.4, opacity: curves.length > 1 ? 0.7 : 1 },
      ),
    );
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        title: "How far twins part",
        x,
        y: { label: "Units that differ", domain: [0, most * 1.1], ticks: 5, grid: true },
        draw: (plane) =>
          [
            unrelated === undefined ? "" : named("unrelated", level(plane, unrelated, UNRELATED)),
            named("distance", ...strokes(plane, "distance")),
          ].join(""),
      },
      {
        title: "How many still differ",
        x,
        y: { label: "Share of twins", domain: [0, 1.05], ticks: 5, grid: true },
        draw: (plane) => named("alive", ...strokes(plane, "alive")),
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM },
  );
  const said = `Mean number of units that differ between twin runs over ${steps} steps after one unit was flipped, ${curves.length} ${curves.length === 1 ? "curve" : "curves"}, and the share of twins that still differ.`;
  const key = legendRows(
    [
      { label: "twins", swatch: { kind: "line", stroke: OKABE_ITO.blue, width: 1.4 } },
      ...(unrelated === undefined
        ? []
        : [{ label: "runs that share nothing", swatch: { kind: "line" as const, ...UNRELATED } }]),
    ],
    total - 12,
    12,
  );
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

const WHERE = "divergenceFigure";
const UNRELATED = { stroke: COLOUR.quiet, width: 1, dash: "4 3" };
