/**
 * @file A metric over the repeats of a setting, and how it is written.
 */

import { standardDeviation } from "../../analysis/index.ts";
import { formatEstimate, formatFixed, formatNumber } from "../../plot/index.ts";

/** Mean over repeats with what spreads about it. */
export interface RepeatMean {
  /** NaN where no repeat has the metric. */
  mean: number;
  /** Standard deviation; null for one repeat. */
  spread: number | null;
  /** Repeats that have it. */
  count: number;
}

/** How a metric is written. */
export type MetricKind = "number" | "percent" | "count";

/** Mean and standard deviation of a metric over the repeats that have it. */
export function repeatMean(
  runs: readonly { metrics: Readonly<Record<string, number>> }[],
  metric: string,
): RepeatMean {
  const values = runs.flatMap(({ metrics }) => (Number.isFinite(metrics[metric]) ? [metrics[metric]] : []));
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, spread: values.length > 1 ? standardDeviation(values) : null, count: values.length };
}

/** `0.031 ± 0.002`; updates as whole numbers, shares in per cent. */
export function meanWords({ mean, spread }: RepeatMean, kind: MetricKind = "number"): string {
  if (Number.isNaN(mean)) return "–";
  // A spread of rounding errors is none.
  const isSame = spread === null || spread <= 1e-6 * Math.abs(mean);
  if (kind === "number") return isSame ? formatNumber(mean) : formatEstimate(mean, spread);
  const one = (v: number) => (kind === "percent" ? formatFixed(100 * v, 1) : formatFixed(v, 0));
  const unit = kind === "percent" ? " %" : "";
  return isSame ? `${one(mean)}${unit}` : `${one(mean)} ± ${one(spread)}${unit}`;
}
