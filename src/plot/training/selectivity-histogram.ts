/**
 * @file How strongly units tell two conditions apart: a histogram of an index over units, those beyond chance dark.
 */

import { checkCount, checkedRange, checkLengths, checkSome } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { evenHistogram } from "../histogram.ts";
import { legendRows } from "../legend.ts";
import { panelGrid } from "../panel-grid.ts";
import { bars, named, type Plane, upright } from "../plane.ts";
import { COLOUR, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Index of each unit, for each thing it may be selective for. */
export interface SelectivityData {
  panels: readonly {
    title: string;
    /** Signed index, e.g. d′ or −1 … 1, shape `(unit)`; NaN for silent units. */
    values: ArrayLike<number>;
    /** 1 where the index is beyond chance, shape `(unit)`. */
    significant?: ArrayLike<number>;
  }[];
}

/** Look of the figure. */
export interface SelectivityOptions extends FigureOptions {
  xLabel?: string;
  bins?: number;
}

/**
 * Histograms of selectivity as an SVG string, all panels on the same axis, 0 in the middle.
 *
 * @throws CajalError `empty-figure`, `shape`, `out-of-range`, `bad-width`.
 * @example await selectivityHistogram({ panels: [{ title: "choice", values: dPrime }] }, { xLabel: "d′" })
 */
export async function selectivityHistogram(
  { panels }: SelectivityData,
  {
    width = "double",
    panelHeight = 5.2,
    title = "Selectivity of units",
    description,
    xLabel = "Selectivity",
    bins = 25,
  }: SelectivityOptions = {},
): Promise<string> {
  checkSome(WHERE, panels, "panel");
  checkCount(WHERE, "bins", bins);
  for (const p of panels) {
    checkLengths(`${WHERE}: "${p.title}"`, { values: p.values, significant: p.significant });
  }
  const [low, high] = checkedRange(
    WHERE,
    panels.map((p) => p.values),
    { what: "index" },
  );
  const reach = Math.max(-low, high) * 1.02 || 1;
  // A bar of which the axis cuts nothing: half a bin is left free at either end.
  const end = reach * (1 + 1 / bins);
  const counted = panels.map(({ title: name, values, significant }) => {
    const range = { low: -reach, high: reach, bins };
    const beyond = significant ? Array.from(values).filter((_, i) => significant[i] > 0) : [];
    return {
      name,
      units: values.length,
      all: evenHistogram(values, range),
      beyond: evenHistogram(beyond, range),
    };
  });
  const most = Math.max(1, ...counted.flatMap((c) => c.all.counts));
  const total = pixelWidth(width);
  const drawn = panelGrid(
    await loadPlot(),
    counted.map(({ name, all, beyond }) => ({
      title: name,
      x: { label: xLabel, domain: [-end, end] as const },
      y: { label: "Units", domain: [0, most * 1.06] as const, ticks: 4 },
      draw: (plane: Plane) =>
        named("all units", bars(plane, { edges: all.edges, heights: all.counts }, { fill: LIGHT })) +
        named("beyond chance", bars(plane, { edges: beyond.edges, heights: beyond.counts }, { fill: DARK })) +
        named("zero", upright(plane, 0, { stroke: COLOUR.axis, width: 0.7, dash: "2 2" })),
    })),
    { width: total, height: panelHeight * PIXELS_PER_CM, columns: 3 },
  );
  const entries = [
    { label: "all units", swatch: { kind: "area", fill: LIGHT } as const },
    { label: "beyond chance", swatch: { kind: "area", fill: DARK } as const },
  ];
  const key = legendRows(panels.some((p) => p.significant) ? entries : [], total - 12, 12);
  const said = counted.map(({ name, units, beyond }) => {
    const n = beyond.counts.reduce((a, b) => a + b, 0);
    return `${name}, ${units} units${n > 0 ? `, ${n} beyond chance` : ""}`;
  });
  return figureWithKey(
    {
      width: total,
      title,
      description: description ?? `Histograms of ${xLabel} over units: ${said.join("; ")}.`,
    },
    drawn,
    key,
  );
}

// Implementation

const WHERE = "selectivityHistogram";
const LIGHT = "#a9cce9";
const DARK = OKABE_ITO.blue;
