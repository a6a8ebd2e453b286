/**
 * @file A comparison of groups of runs as data: curves, a number for each group, tests between groups. What the
 * terminal, the page and `--json` show.
 */

import type { SampleSummary } from "../../analysis/index.ts";
import type { FactorValue } from "../spec/factors.ts";
import type { Curve } from "./compared-run.ts";

/** Medians and quartiles over all jobs of a group. */
export interface CurveBand {
  /** Shape `(point)`. */
  updates: number[];
  median: number[];
  q25: number[];
  q75: number[];
}

/** Learning curves of a group under one setting of its other factors. */
export interface GroupCurves {
  /** Words of the setting; empty when there is one. */
  setting: string;
  loss: Curve[];
  /** Undefined where there are no right answers. */
  correct?: Curve[];
}

/** A group and its numbers. */
export interface GroupSummary {
  label: string;
  folder: string;
  where: Record<string, FactorValue>;
  jobs: number;
  repeats: number;
  /** Settings of other factors that are pooled in the group. */
  settings: string[];
  /** Jobs and cells of the run that gave no result. */
  failures: number;
  /** Loss over updates; undefined when the run has no curves. */
  loss?: CurveBand;
  correct?: CurveBand;
  metrics: Record<string, { values: number[]; missing: number; summary: SampleSummary }>;
}

/** Two groups in one metric. */
export interface PairTest {
  metric: string;
  a: string;
  b: string;
  /** Difference of means, a − b, in the metric's unit. */
  difference: number;
  /** Hedges' g with its interval; NaN where the groups have no spread or too few repeats. */
  g: number;
  low: number;
  high: number;
  cliffsDelta: number;
  /** Mann–Whitney, two-sided. */
  p: number;
  /** Corrected for all pairs of this metric by Holm's method. */
  pHolm: number;
  /** The smallest p that so many repeats can give. */
  smallest: number;
  exact: boolean;
}

/** A comparison. */
export interface Comparison {
  kind: string;
  /** Metrics that are compared, in order. */
  metrics: string[];
  /** Metrics that the runs have besides. */
  further: string[];
  groups: GroupSummary[];
  tests: PairTest[];
  /** Group by group; empty when runs have no curves. */
  curves: GroupCurves[][];
  /** Whether curves are of validations. */
  validated: boolean;
  /** What a reader should know, one sentence each. */
  cautions: string[];
}
