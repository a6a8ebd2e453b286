/**
 * @file A metric over the repeats of a setting.
 */

import { standardDeviation } from "../../analysis/index.ts";

/** Mean over repeats with what spreads about it. */
export interface RepeatMean {
  /** NaN where no repeat has the metric. */
  mean: number;
  /** Standard deviation; null for one repeat. */
  spread: number | null;
  /** Repeats that have it. */
  count: number;
}

/** Mean and standard deviation of a metric over the repeats that have it. */
export function repeatMean(
  runs: readonly { metrics: Readonly<Record<string, number>> }[],
  metric: string,
): RepeatMean {
  const values = runs.flatMap(({ metrics }) => (Number.isFinite(metrics[metric]) ? [metrics[metric]] : []));
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, spread: values.length > 1 ? standardDeviation(values) : null, count: values.length };
}
