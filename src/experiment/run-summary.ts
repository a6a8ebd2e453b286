/**
 * @file The outcome of a run in a few numbers, for the table at the end: each network at its own best.
 */

import { mean, permutationTest, standardDeviation } from "../analysis/index.ts";
import { type MetricGrid, readMetrics } from "./report/metric-grid.ts";
import { metricName } from "./report/names.ts";
import { averageCells, peakOf } from "./report/network-curves.ts";
import type { MetricKind, RepeatMean } from "./report/repeat-mean.ts";
import type { ReportInput } from "./report/report-input.ts";

/** One line of the table. */
export interface NetworkSummary {
  /** `empirical`, or the null model's name. */
  network: string;
  /** Copies with a finite result. */
  copies: number;
  /** Mean over copies of the best over the sweep. */
  best: number;
  /** Standard deviation over copies; null for one. */
  spread: number | null;
  /** Median over copies of where the best is; null when nothing numeric was swept. */
  at: number | null;
  /** Empirical − mean of the copies; null for the empirical network. */
  difference: number | null;
  /** Two-sided permutation p = (k + 1) / (n + 1). */
  p: number | null;
}

/** The table and what its columns mean. */
export interface RunSummary {
  metric: string;
  /** Path of the swept factor the best is taken over. */
  factor: string | undefined;
  networks: NetworkSummary[];
}

/** The outcome of networks that learn: each setting, which is a network or a cell of the sweep, a row. */
export interface SettingsSummary {
  /** Heads of the columns that tell settings apart: the network, factors that vary; and what a repeat is called. */
  heads: { names: readonly string[]; repeats: string };
  /** Numbers, those that are asked for first in front. */
  columns: {
    metric: string;
    head: string;
    meaning: string;
    /** How the numbers are written; default as others in a terminal. */
    kind?: MetricKind | "seconds";
    /** Whether a summary without it would not be one. */
    isMain?: boolean;
  }[];
  /** Head of the column that settings are ordered by, the best first; left out where the order is that of the file. */
  order?: string;
  settings: {
    /** One text for each head. */
    names: readonly string[];
    /** Repeats that gave a result. */
    repeats: number;
    /** Repeats whose training broke down, and those that gave nothing for another reason. */
    diverged: number;
    failed: number;
    /** Of each column, over the repeats that have it. */
    values: RepeatMean[];
  }[];
}

/** Summarise a run by the metric its report asks about. */
export function summarizeRun(input: ReportInput): RunSummary {
  const { metric } = input;
  const grid = readMetrics(input);
  const peaks = peaksOf(grid, metric);
  const real = peaks.find(({ index }) => index === 0);
  const networks = [...new Set(grid.networks.map(({ kind }) => kind))].map((kind) => {
    const own = peaks.filter(({ index }) => grid.networks[index].kind === kind);
    const values = own.map(({ value }) => value);
    const places = own.flatMap(({ point }) => (typeof point === "number" ? [point] : []));
    const compared = kind !== grid.networks[0].kind && real && values.length > 0;
    return {
      network: kind,
      copies: values.length,
      best: mean(values),
      spread: values.length > 1 ? standardDeviation(values) : null,
      at: places.length > 0 ? middle(places) : null,
      difference: compared ? real.value - mean(values) : null,
      p: compared ? permutationTest(real.value, values).p : null,
    };
  });
  return { metric, factor: grid.factor, networks };
}

// Implementation

function peaksOf(
  grid: MetricGrid,
  metric: string,
): { index: number; value: number; point: string | number }[] {
  const cube = grid.cube(metric);
  if (!cube) return [];
  return grid.networks.flatMap((_, index) => {
    const peak = peakOf(grid, averageCells(grid, cube, index), metricName(metric).better);
    return peak ? [{ index, value: peak.value, point: grid.points[peak.point] }] : [];
  });
}

/** The lower middle value: one that was simulated. */
function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
