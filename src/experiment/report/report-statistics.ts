/**
 * @file The comparisons a report makes, fixed before the numbers are seen: each network's own peak (the answer), one
 * fixed point of the sweep, and every point with corrections for their number.
 */

import {
  compareToNulls,
  holm,
  maxTPermutation,
  type NullComparison,
  permutationTest,
  sortedQuantile,
} from "../../analysis/index.ts";
import { createRng, type Rng } from "../../core/index.ts";
import type { MetricGrid } from "./metric-grid.ts";
import { metricName } from "./names.ts";
import { averageCells, bestCurve, type Peak, peakOf, type Restriction } from "./network-curves.ts";
import type { ReportInput } from "./report-input.ts";

/** One comparison with one null model. */
export interface ReportComparison {
  /** Metric, e.g. `memoryCapacity`. */
  metric: string;
  /** Name of the null model. */
  kind: string;
  /** `peak`: each network at its own best; `fixed`: all at one swept value. */
  at: "peak" | "fixed";
  /** Place of the fixed value on the axis. */
  point?: number;
  setting?: number;
  result: NullComparison;
  /** Nulls left out because no run of theirs finished. */
  dropped: number;
}

/** The real network against one null model at every point of the sweep. */
export interface PointwiseTests {
  kind: string;
  /** Places on the axis where every network has a value. */
  points: number[];
  observed: number[];
  nullMedian: number[];
  nullLow: number[];
  nullHigh: number[];
  /** Single tests, without correction. */
  p: number[];
  pHolm: number[];
  pMaxT: number[];
}

/** Every number of the report that needs a test or an interval, worked out once for words, tables and figures. */
export interface ReportStatistics {
  /** The real network's best cell; undefined if nothing finished. */
  peak: Peak | undefined;
  /** The first is the report's answer. */
  comparisons: ReportComparison[];
  pointwise: PointwiseTests[];
  /** Peak by setting, where there are several, against the first null model. */
  bySetting: ReportComparison[];
  /** Place of the fixed comparison on the axis. */
  fixedPoint: number | undefined;
}

/** All comparisons of a report. */
export function reportStatistics(grid: MetricGrid, input: ReportInput): ReportStatistics {
  const { metric } = input;
  const seed = Number.isSafeInteger(input.run.seed) && input.run.seed >= 0 ? input.run.seed : 0;
  const rng = createRng(seed).stream("report").stream("bootstrap");
  const cube = grid.cube(metric);
  const fixedPoint = fixedPlace(grid, input);
  const comparisons: ReportComparison[] = [];
  const add = (list: ReportComparison[], comparison: ReportComparison | undefined) => {
    if (comparison) list.push(comparison);
  };
  for (const kind of grid.nullKinds) {
    const wanted = input.methods.nulls.find((n) => n.name === kind)?.count ?? 0;
    const compare = (what: Omit<Wanted, "kind">) => comparison(grid, { ...what, kind }, { wanted, rng });
    add(comparisons, compare({ metric, at: "peak" }));
    if (fixedPoint !== undefined && grid.points.length > 1) {
      add(comparisons, compare({ metric, at: "fixed", point: fixedPoint }));
    }
    if (metric === "memoryCapacity") {
      add(comparisons, compare({ metric: "memoryCapacityAbs", at: "peak" }));
    }
  }
  const bySetting: ReportComparison[] = [];
  if (grid.settings.length > 1 && grid.nullKinds.length) {
    for (let setting = 0; setting < grid.settings.length; setting++) {
      add(
        bySetting,
        comparison(grid, { metric, kind: grid.nullKinds[0], at: "peak", setting }, { wanted: 0, rng }),
      );
    }
  }
  return {
    peak: cube && peakOf(grid, averageCells(grid, cube, 0), metricName(metric).better),
    comparisons,
    pointwise:
      grid.points.length > 1 ? grid.nullKinds.flatMap((kind) => pointwiseTests(grid, metric, kind)) : [],
    bySetting,
    fixedPoint,
  };
}

// Implementation

/** A common choice for echo-state networks, just inside the stable regime; used only as a place to look. */
const USUAL_RADIUS = 0.9;

function fixedPlace(grid: MetricGrid, { fixedAt }: ReportInput): number | undefined {
  const isRadius = grid.factor?.split(".").at(-1) === "spectralRadius";
  const wanted = fixedAt ?? (isRadius ? USUAL_RADIUS : undefined);
  if (wanted === undefined) return undefined;
  let best: number | undefined;
  grid.points.forEach((v, i) => {
    if (typeof v !== "number") return;
    if (best === undefined || Math.abs(v - wanted) < Math.abs((grid.points[best] as number) - wanted))
      best = i;
  });
  return best;
}

type Wanted = Pick<ReportComparison, "metric" | "kind" | "at"> & Restriction;

/** @param options.wanted - Nulls that were to be run; those that left no row at all are dropped ones too. */
function comparison(
  grid: MetricGrid,
  what: Wanted,
  { wanted, rng }: { wanted: number; rng: Rng },
): ReportComparison | undefined {
  const { metric, kind, point, setting } = what;
  const cube = grid.cube(metric);
  if (!cube) return undefined;
  const { better } = metricName(metric);
  const scoreOf = (network: number, repeats?: readonly number[]) =>
    peakOf(grid, averageCells(grid, cube, network, repeats), better, { point, setting })?.value ?? Number.NaN;
  const members = grid.networks.flatMap((n, i) => (n.kind === kind && i > 0 ? [i] : []));
  const finished = members.filter((i) => Number.isFinite(scoreOf(i)));
  if (!Number.isFinite(scoreOf(0)) || finished.length === 0) return undefined;
  const networks = [0, ...finished];
  // Only repeats that every network survived can be resampled for all of them together.
  const shared = grid.repeats
    .map((_, r) => r)
    .filter((r) => networks.every((network) => Number.isFinite(scoreOf(network, [r]))));
  const several = shared.length > 1;
  const result = compareToNulls(
    {
      networks: networks.length,
      repeats: several ? shared.length : 1,
      score: (i, repeats) => scoreOf(networks[i], several ? repeats.map((r) => shared[r]) : undefined),
    },
    { rng: rng.stream(JSON.stringify(what)) },
  );
  return { ...what, result, dropped: Math.max(wanted, members.length) - finished.length };
}

function pointwiseTests(grid: MetricGrid, metric: string, kind: string): PointwiseTests[] {
  const cube = grid.cube(metric);
  if (!cube) return [];
  const { better } = metricName(metric);
  const curveOf = (network: number) => bestCurve(grid, averageCells(grid, cube, network), better);
  const real = curveOf(0);
  const nulls = grid.networks
    .flatMap((n, i) => (n.kind === kind && i > 0 ? [curveOf(i)] : []))
    .filter((c) => c.some(Number.isFinite));
  const points = grid.points
    .map((_, i) => i)
    .filter((i) => Number.isFinite(real[i]) && nulls.every((c) => Number.isFinite(c[i])));
  if (nulls.length === 0 || points.length === 0) return [];
  const observed = points.map((i) => real[i]);
  const curves = nulls.map((c) => points.map((i) => c[i]));
  const p = observed.map(
    (v, i) =>
      permutationTest(
        v,
        curves.map((c) => c[i]),
      ).p,
  );
  const band = points.map((_, i) => [...curves.map((c) => c[i])].sort((a, b) => a - b));
  return [
    {
      kind,
      points,
      observed,
      nullMedian: band.map((s) => sortedQuantile(s, 0.5)),
      nullLow: band.map((s) => sortedQuantile(s, 0.05)),
      nullHigh: band.map((s) => sortedQuantile(s, 0.95)),
      p,
      pHolm: [...holm(p)],
      pMaxT: [...maxTPermutation(observed, curves)],
    },
  ];
}
