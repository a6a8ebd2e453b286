/**
 * @file The pictures of a report with their captions, each left out where there is nothing to show.
 */

import {
  capacityCurve,
  forgettingCurve,
  formatExact,
  formatNumber,
  formatSigned,
  nullDistribution,
  weightMatrix,
} from "../../plot/index.ts";
import type { MetricGrid } from "./metric-grid.ts";
import { factorName, factorWords, metricName, nullsName } from "./names.ts";
import {
  averageCells,
  bandOf,
  bestCurve,
  curveOverRepeats,
  delayCurves,
  meanOverRepeats,
  type Peak,
  peakOf,
} from "./network-curves.ts";
import type { ReportInput } from "./report-input.ts";
import type { ReportComparison, ReportStatistics } from "./report-statistics.ts";
import { formatP, intervalWords, smallestWords } from "./wording.ts";

/** A picture and what it shows. */
export interface ReportFigure {
  svg: string;
  caption: string;
  /** Widest on screen [cm]. */
  width: number;
}

/** All pictures, in the order they are read. */
export interface ReportFigures {
  capacity?: ReportFigure;
  nulls?: ReportFigure;
  forgetting?: ReportFigure;
  matrix?: ReportFigure;
}

/** Draw what there is to draw. */
export async function drawFigures(
  grid: MetricGrid,
  statistics: ReportStatistics,
  input: ReportInput,
): Promise<ReportFigures> {
  return {
    capacity: await capacityFigure(grid, input),
    nulls: await nullFigure(grid, statistics, input),
    forgetting: await forgettingFigure(grid, statistics, input),
    matrix: await matrixFigure(input),
  };
}

// Implementation

/** Lines of a family that can be told apart. */
const MOST_LINES = 7;
const BANDS = "median (line), 25–75 % and 5–95 % (bands)";

async function capacityFigure(grid: MetricGrid, input: ReportInput): Promise<ReportFigure | undefined> {
  const cube = grid.cube(input.metric);
  // One point is a number in the answer, and dots in the figure of the nulls.
  if (!cube || grid.points.length < 2 || grid.factor === undefined) return undefined;
  const { factor } = grid;
  const { axis, better } = metricName(input.metric);
  const curveOf = (network: number, repeats?: number[]) =>
    bestCurve(grid, averageCells(grid, cube, network, repeats), better);
  const repeats = grid.repeats.map((_, r) => curveOf(0, [r]));
  const nulls = grid.nullKinds.map((kind) => {
    const curves = membersOf(grid, kind).map((i) => curveOf(i));
    return bandOf(nullsName(kind, curves.length), curves);
  });
  const empirical = { ...curveOverRepeats(input.connectome.name, repeats), values: curveOf(0) };
  const svg = await capacityCurve(
    { x: grid.points, empirical, nulls },
    { xLabel: factorName(factor), yLabel: axis, better, height: 8.5 },
  );
  const parts = [
    `${metricName(input.metric).plain} of ${input.connectome.name} against ${factorWords(factor)}`,
    nulls.length ? ` beside ${nulls.map((n) => n.label).join(" and ")}: ${BANDS}` : "",
    ". ",
    grid.repeats.length > 1
      ? `Mean of ${grid.repeats.length} repeats, shaded ± one standard deviation. `
      : "",
    grid.settings.length > 1
      ? `At each point every network shows its best over ${grid.settings.length} settings of ${otherWords(grid)}. `
      : "",
    grid.points.every((v) => typeof v === "number")
      ? `Dots: ${better === "higher" ? "highest" : "lowest"} point of each line.`
      : "",
  ];
  return { svg, caption: capitalized(parts.join("").trim()), width: 17.5 };
}

async function nullFigure(
  grid: MetricGrid,
  statistics: ReportStatistics,
  input: ReportInput,
): Promise<ReportFigure | undefined> {
  const { axis, unit } = metricName(input.metric);
  const shown = statistics.comparisons.filter((c) => c.metric === input.metric);
  if (shown.length === 0) return undefined;
  const rows = shown.map((c) => {
    const { q05, q95, median } = c.result.nulls;
    return {
      title: rowTitle(grid, c),
      empirical: c.result.observed,
      nulls: c.result.nullValues,
      bar: { low: q05, high: q95, middle: median },
      caption: rowCaption(c, unit),
    };
  });
  const svg = await nullDistribution({ label: input.connectome.name, rows }, { xLabel: axis });
  const caption =
    "Each dot is one null network; grey: their median and 5–95 %. p counts the dots at least as far from the centre of all as the real network.";
  return { svg, caption, width: 17.5 };
}

async function forgettingFigure(
  grid: MetricGrid,
  { peak }: ReportStatistics,
  input: ReportInput,
): Promise<ReportFigure | undefined> {
  const delays = grid.delays("r2");
  const cube = grid.cube(input.metric);
  if (delays.length === 0 || !peak || !cube) return undefined;
  const { better } = metricName(input.metric);
  const own = (network: number): Peak | undefined => peakOf(grid, averageCells(grid, cube, network), better);
  const nulls = grid.nullKinds.flatMap((kind) => {
    const curves = membersOf(grid, kind).flatMap((i) => {
      const at = own(i);
      return at ? [meanOverRepeats(delayCurves(grid, "r2", i, at))] : [];
    });
    return curves.length ? [bandOf(nullsName(kind, curves.length), curves)] : [];
  });
  const swept = grid.points.length > 2 && grid.factor !== undefined;
  const at = swept ? linesOf(grid, peak.point) : [];
  const curves = at
    .map((point) => ({
      value: grid.points[point],
      values: meanOverRepeats(delayCurves(grid, "r2", 0, { point, setting: peak.setting })),
    }))
    .filter((c) => c.values.some(Number.isFinite));
  const svg = await forgettingCurve({
    delays,
    empirical: curveOverRepeats(input.connectome.name, delayCurves(grid, "r2", 0, peak)),
    nulls,
    family:
      curves.length > 1
        ? { label: factorName(grid.factor ?? ""), best: grid.points[peak.point], curves }
        : undefined,
  });
  const caption = [
    `How much of the input k steps ago a linear readout recovers, r²(k)${curves.length > 1 ? ": (a)" : ","} ${placeWords(grid, peak)}`,
    nulls.length ? `; nulls: ${BANDS}` : "",
    curves.length > 1 && grid.factor
      ? `; (b) ${input.connectome.name} at several values of ${factorWords(grid.factor)}`
      : "",
    ". The area under a curve is the memory capacity.",
  ].join("");
  return { svg, caption, width: 17.5 };
}

async function matrixFigure({ connectome }: ReportInput): Promise<ReportFigure | undefined> {
  const { weights, labels, types, weightLabel, nodeName = "unit" } = connectome;
  if (
    weights.rows === 0 ||
    weights.rows !== weights.columns ||
    weights.values.some((w) => !Number.isFinite(w))
  ) {
    return undefined;
  }
  const fits = <T>(list: readonly T[] | undefined) => (list?.length === weights.rows ? list : undefined);
  const svg = await weightMatrix(
    { weights, labels: fits(labels), types: fits(types) },
    { width: 13.5, weightLabel, nodeName },
  );
  const ordered = fits(types)?.some((t) => t) ? `, ${nodeName}s grouped by type` : "";
  const caption = `Weights of ${connectome.name} as simulated, before scaling to a spectral radius: row = postsynaptic, column = presynaptic ${nodeName}${ordered}; logarithmic colours, white = no connection.`;
  return { svg, caption, width: 13.5 };
}

function membersOf(grid: MetricGrid, kind: string): number[] {
  return grid.networks.flatMap((n, i) => (i > 0 && n.kind === kind ? [i] : []));
}

/** Where the networks were looked at. */
function placeWords(grid: MetricGrid, { point }: Peak): string {
  if (!grid.factor) return "at the one setting simulated";
  return grid.points.length > 1
    ? `each network at its best ${factorWords(grid.factor)}`
    : `at ${factorWords(grid.factor)} ${formatExact(grid.points[point])}`;
}

function otherWords(grid: MetricGrid): string {
  return Object.keys(grid.settings[0].values).map(factorWords).join(", ");
}

function rowTitle(grid: MetricGrid, { at, point, kind }: ReportComparison): string {
  const family = grid.nullKinds.length > 1 ? ` (${kind})` : "";
  if (at === "fixed" && point !== undefined && grid.factor) {
    return `All at ${factorWords(grid.factor)} ${formatExact(grid.points[point])}${family}`;
  }
  return grid.points.length > 1 ? `Each at its own best${family}` : `At the one setting simulated${family}`;
}

function rowCaption({ result }: ReportComparison, unit: string): string {
  const { difference, z, cliffsDelta, test } = result;
  const interval = intervalWords(difference, result.nullValues.length);
  return [
    `difference ${formatSigned(difference.estimate)}${unit}${interval ? ` [${interval}]` : ""}`,
    Number.isFinite(z) ? `z = ${formatNumber(z)}` : "",
    `Cliff’s δ = ${formatNumber(cliffsDelta, 2)}`,
    `p = ${formatP(test.p)}${smallestWords(test)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Evenly spread places on the axis, the best among them. */
function linesOf(grid: MetricGrid, best: number): number[] {
  const n = grid.points.length;
  if (n <= MOST_LINES) return grid.points.map((_, i) => i);
  const chosen = new Set(
    Array.from({ length: MOST_LINES }, (_, i) => Math.round((i * (n - 1)) / (MOST_LINES - 1))),
  );
  if (!chosen.has(best)) {
    // The best takes the place of its nearest neighbour, so that the spacing stays even.
    let nearest = 0;
    for (const c of chosen) if (Math.abs(c - best) < Math.abs(nearest - best)) nearest = c;
    chosen.delete(nearest);
    chosen.add(best);
  }
  return [...chosen].sort((a, b) => a - b);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
