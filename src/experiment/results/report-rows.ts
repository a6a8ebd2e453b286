/**
 * @file The metrics table as the rows and the numbers of each job that a report reads.
 */

import type { ExperimentPlan } from "../plan/plan-experiment.ts";
import type { ReportRow } from "../report/index.ts";
import type { MetricsTable } from "./metrics-table.ts";

/** Rows with the factors under their paths, which the columns shorten. */
export function reportRows(
  { columns, rows }: MetricsTable,
  plan: Pick<ExperimentPlan, "factors">,
): ReportRow[] {
  const column = (name: string) => columns.find((c) => c.name === name)?.values ?? [];
  const [job, metric, delay, value] = ["job", "metric", "delay", "value"].map(column);
  const paths = [
    ...["network", "null", "repeat"].map((name) => [name, column(name)] as const),
    ...plan.factors.map((f) => [f.name, column(f.column)] as const),
  ];
  return Array.from({ length: rows }, (_, i) => ({
    job: String(job[i]),
    factors: Object.fromEntries(paths.map(([path, values]) => [path, values[i] ?? null])),
    metric: String(metric[i]),
    delay: delay[i] === null ? null : Number(delay[i]),
    value: Number(value[i] ?? Number.NaN),
  }));
}

/** Metrics of each job that has any, by the job's id. For tables whose metrics are single numbers, without delays. */
export function metricsByJob(
  table: MetricsTable,
  plan: Pick<ExperimentPlan, "factors">,
): Map<string, Record<string, number>> {
  const byJob = new Map<string, Record<string, number>>();
  for (const { job, metric, value } of reportRows(table, plan)) {
    const metrics = byJob.get(job) ?? {};
    metrics[metric] = value;
    byJob.set(job, metrics);
  }
  return byJob;
}
