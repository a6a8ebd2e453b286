/**
 * @file Activity of a population in the plane of two of its components: a path for each condition, coloured by its
 * evidence, with the places where trials and periods start and end; and fixed points, coloured by their stability.
 */

import { checkedRange, checkLengths, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { type LegendEntry, legendColumn, legendColumnWidth } from "../legend.ts";
import { PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { equalPanels } from "./equal-panels.ts";
import { evidenceColours } from "./evidence-colours.ts";
import { pathMarks, periodEntries, pointEntries, pointMarks } from "./state-marks.ts";

/** The path of one condition. */
export interface StatePath {
  label: string;
  /** Coordinates at each step, shape `(time)` each. NaN ends the path. */
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Signed strength that colours the path; else colours go round. */
  evidence?: number;
  /** Drawn dashed, e.g. the other context. */
  dashed?: boolean;
}

/** A point at which the state stands still, or moves slowly. */
export interface StatePoint {
  x: number;
  y: number;
  /** Directions in which the state runs away: 0 is a stable point, 1 a saddle. */
  unstable: number;
  /** Slow rather than fixed. */
  slow?: boolean;
}

/** What is drawn in the plane. */
export interface StatePlaneData {
  paths: readonly StatePath[];
  /** Step at which each period starts; its place is marked on every path. */
  periods?: readonly { name: string; step: number }[];
  points?: readonly StatePoint[];
}

/** Names of the two axes, e.g. `PC 1 (62 %)`. */
export interface StatePlaneOptions extends FigureOptions {
  xLabel?: string;
  yLabel?: string;
  /** What colours stand for, e.g. `coherence (%)`. */
  evidenceLabel?: string;
}

/**
 * Paths and fixed points as an SVG string; both axes have the same unit.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await statePlane({ paths, periods: [{ name: "stimulus", step: 20 }] }, { xLabel: "PC 1 (62 %)" })
 */
export async function statePlane(
  { paths, periods = [], points = [] }: StatePlaneData,
  options: StatePlaneOptions = {},
): Promise<string> {
  const {
    width = "double",
    panelHeight = 9.5,
    title,
    description,
    xLabel = "PC 1",
    yLabel = "PC 2",
  } = options;
  if (paths.length + points.length === 0) {
    refuse(WHERE, "there is no path and no point to draw", "empty-figure", "Give at least one.");
  }
  for (const { label, x, y } of paths) checkLengths(`${WHERE}: "${label}"`, { x, y });
  const x = checkedRange(WHERE, [...paths.map((p) => p.x), points.map((p) => p.x)], { what: "coordinate" });
  const y = checkedRange(WHERE, [...paths.map((p) => p.y), points.map((p) => p.y)], { what: "coordinate" });
  const coloured = evidenceColours(paths);
  const entries: LegendEntry[] = [
    ...coloured.entries(options.evidenceLabel),
    ...(paths.length > 0 ? periodEntries(periods) : []),
    ...pointEntries(points),
  ];
  const total = pixelWidth(width);
  const key = legendColumnWidth(entries, 175);
  const height = Math.max(panelHeight * PIXELS_PER_CM, entries.length * 17 + 50);
  const drawn = equalPanels(
    await loadPlot(),
    [
      {
        draw: (plane) =>
          // Strong evidence first, so that the crowded middle stays visible.
          paths.map((path, i) => pathMarks(plane, path, { colour: coloured.of[i], periods })).join("") +
          pointMarks(plane, points) +
          legendColumn(entries, { x: plane.frame.right + 16, y: plane.frame.top + 2, width: key }),
      },
    ],
    { x: { label: xLabel, range: x }, y: { label: yLabel, range: y }, width: total, height, right: key + 24 },
  );
  const named = title ?? (paths.length === 0 ? "Fixed points" : "Trajectories");
  const said = [
    paths.length > 0 && `${paths.length} paths: ${paths.map((p) => p.label).join("; ")}`,
    points.length > 0 &&
      `${points.length} fixed points, ${points.filter((p) => p.unstable === 0).length} of them stable`,
  ].filter((w): w is string => typeof w === "string");
  return describedFigure(
    {
      width: total,
      height: drawn.height,
      title: named,
      description: description ?? `The plane of ${xLabel} and ${yLabel}. ${said.join(". ")}.`,
    },
    drawn.markup,
  );
}

// Implementation

const WHERE = "statePlane";
