/**
 * @file Histograms of in- and out-degree, with the normal and the Poisson distribution of the same mean (and, for the
 * normal, the same spread) beside them: a random graph follows the second.
 */

import { checkedRange, checkSome } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { wholeHistogram } from "../histogram.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { formatFixed } from "../number-format.ts";
import { type GridPanel, panelGrid } from "../panel-grid.ts";
import { bars, dots, line, named, type Plane, type Points } from "../plane.ts";
import { note } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { densityAt, poissonAt } from "./density.ts";

/** Synapses that each unit receives and sends. */
export interface DegreeData {
  /** Connections that arrive at each unit, shape `(unit)`. */
  inDegree: ArrayLike<number>;
  /** Connections that leave each unit, shape `(unit)`. */
  outDegree: ArrayLike<number>;
}

/** Look of the figure, and which references are drawn over the bars. */
export interface DegreeOptions extends FigureOptions {
  /** References drawn over the histograms. */
  references?: readonly ("normal" | "poisson")[];
}

/**
 * Degree histograms as an SVG string, both panels on the same axes.
 *
 * @throws CajalError `empty-figure`, `bad-width`.
 * @example await degreeFigure({ inDegree, outDegree })
 */
export async function degreeFigure(
  { inDegree, outDegree }: DegreeData,
  {
    width = "double",
    panelHeight = 6,
    title = "Degrees",
    description,
    references = ["normal", "poisson"],
  }: DegreeOptions = {},
): Promise<string> {
  const where = "degreeFigure";
  checkSome(where, inDegree, "in-degree");
  checkSome(where, outDegree, "out-degree");
  const [low, high] = checkedRange(where, [inDegree, outDegree], { what: "degree" });
  const binWidth = Math.max(1, Math.ceil((high - low + 1) / 45));
  const sides = [
    { name: "In-degree", xLabel: "Connections in", values: inDegree },
    { name: "Out-degree", xLabel: "Connections out", values: outDegree },
  ].map((side) => ({ ...side, ...summarise(side.values, { low, high, binWidth, references }) }));
  const top = Math.max(
    ...sides.flatMap((s) => [...s.counts, ...(s.normal?.y ?? []), ...(s.poisson?.y ?? [])]),
  );
  const room = Math.max(1, 0.04 * (high - low));
  const total = pixelWidth(width);
  const panels = sides.map(
    (side): GridPanel => ({
      title: side.name,
      x: { label: side.xLabel, domain: [Math.max(-0.5, low - 0.5 - room), high + 0.5 + room], ticks: 6 },
      // Room above for the note.
      y: { label: "Units", domain: [0, top * 1.25], ticks: 4 },
      draw: (plane) => marks(plane, side),
    }),
  );
  const drawn = panelGrid(await loadPlot(), panels, { width: total, height: panelHeight * PIXELS_PER_CM });
  const key = legendRows(legend(references), total - 12, 12);
  const said = `Histograms of in- and out-degree of ${inDegree.length} units: ${sides.map((s) => `${s.name} ${s.text}`).join("; ")}.`;
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

interface Side {
  edges: number[];
  counts: number[];
  normal?: { x: number[]; y: number[] };
  poisson?: { x: number[]; y: number[] };
  text: string;
}

const NORMAL = { stroke: OKABE_ITO.blue, width: 1.6 };
const POISSON = { stroke: OKABE_ITO.vermilion, width: 1.1, dash: "3 2" };

function summarise(
  values: ArrayLike<number>,
  {
    low,
    high,
    binWidth,
    references,
  }: { low: number; high: number; binWidth: number; references: readonly string[] },
): Side {
  const n = values.length;
  const mean = Array.from(values).reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(
    Array.from(values).reduce((s, v) => s + (v - mean) * (v - mean), 0) / Math.max(1, n - 1),
  );
  const { edges, counts } = wholeHistogram(values, { low, high, width: binWidth });
  const side: Side = { edges, counts, text: `mean ${formatFixed(mean, 1)}, sd ${formatFixed(sd, 1)}` };
  if (references.includes("normal") && sd > 0) {
    const x = Array.from({ length: 201 }, (_, i) => low - 1 + ((high - low + 2) * i) / 200);
    side.normal = { x, y: x.map((v) => densityAt({ kind: "normal", mean, sd }, v) * n * binWidth) };
  }
  if (references.includes("poisson") && mean >= 0) {
    const x = counts.map((_, i) => (edges[i] + edges[i + 1]) / 2);
    const y = counts.map((_, i) => {
      let expected = 0;
      for (let k = Math.ceil(edges[i]); k < edges[i + 1]; k++) if (k >= 0) expected += n * poissonAt(mean, k);
      return expected;
    });
    side.poisson = { x, y };
  }
  return side;
}

function marks(plane: Plane, { edges, counts, normal, poisson, text }: Side): string {
  const curve = (p: Points | undefined, style: typeof NORMAL | typeof POISSON) =>
    p ? line(plane, p, style) : "";
  return [
    named("histogram", bars(plane, { edges, heights: counts }, { fill: COLOUR.null, opacity: 0.45 })),
    named("normal", curve(normal, NORMAL)),
    named(
      "poisson",
      curve(poisson, POISSON),
      poisson ? dots(plane, poisson, { r: 1.5, fill: POISSON.stroke }) : "",
    ),
    note(plane, [{ text, fill: COLOUR.quiet }], { corner: "top-right", size: FONT_SIZE.tick }),
  ].join("");
}

function legend(references: readonly string[]): LegendEntry[] {
  const entries: LegendEntry[] = [
    { label: "units", swatch: { kind: "area", fill: COLOUR.null, opacity: 0.45 } },
  ];
  if (references.includes("normal")) {
    entries.push({ label: "normal", note: "same mean and sd", swatch: { kind: "line", ...NORMAL } });
  }
  if (references.includes("poisson")) {
    entries.push({ label: "Poisson", note: "same mean", swatch: { kind: "line", ...POISSON, dot: true } });
  }
  return entries;
}
