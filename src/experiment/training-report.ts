/**
 * @file The report of a run of trained networks, from what is in its directory.
 */

import { readPlannedRun } from "./finished-run.ts";
import type { MadeReport } from "./make-report.ts";
import type { ExperimentPlan } from "./plan/plan-experiment.ts";
import { planTraining } from "./plan/plan-training.ts";
import { repeatMean } from "./report/repeat-mean.ts";
import { renderTraining } from "./report/training/render-training.ts";
import type { TrainingInput, TrainingRun, TrainingSetting } from "./report/training/training-input.ts";
import { settingWords, typicalRun } from "./report/training/training-numbers.ts";
import { shownColumns } from "./report/training/training-tables.ts";
import type { MetricsTable } from "./results/metrics-table.ts";
import { metricsByJob } from "./results/report-rows.ts";
import { readTrainingRecord } from "./results/training-record.ts";
import type { SelfOrganisationSummary } from "./run-summary.ts";
import { resolveTrainingExperiment } from "./spec/resolve-experiment.ts";
import type { TrainingExperiment } from "./spec/training-schema.ts";

/** Make the report. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function makeTrainingReport(folder: string): Promise<MadeReport> {
  const input = await readTraining(folder);
  return { html: await renderTraining(input), summary: summarizeTraining(input) };
}

/** Read a run directory for its report. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function readTraining(folder: string): Promise<TrainingInput> {
  const { manifest, facts, experimentYaml, plan, table } = await readPlannedRun(folder, {
    resolve: resolveTrainingExperiment,
    plan: planTraining,
  });
  const settings = await settingsOf(plan, table, folder);
  const typical = typicalRun(settings);
  const record = typical && (await readTrainingRecord(folder, typical.run.job));
  return {
    title: manifest.name,
    experiment: plan.experiment,
    experimentYaml,
    run: facts,
    settings,
    ...(typical && record && { shown: { setting: typical.setting, repeat: typical.run.repeat, record } }),
    failures: manifest.failures,
    warnings: manifest.warnings,
  };
}

/** The table at the end of a run. */
export function summarizeTraining({ settings }: TrainingInput): SelfOrganisationSummary {
  const all = settings.flatMap(({ runs }) => runs);
  const columns = shownColumns(all).slice(0, 5);
  const factor = (kind: string) => (kind === "percent" ? 100 : 1);
  return {
    columns: columns.map(({ metric, head, meaning, kind }) => ({
      metric,
      meaning,
      head: kind === "percent" ? `${head} %` : head,
    })),
    settings: settings.map(({ factors, runs }) => ({
      name: settingWords(factors) || "all repeats",
      seeds: runs.length,
      values: columns.map(({ metric, kind }) => {
        const { mean, spread } = repeatMean(runs, metric);
        return { mean: factor(kind) * mean, spread: spread === null ? null : factor(kind) * spread };
      }),
    })),
  };
}

// Implementation

/** Cells of the sweep with their repeats; of records only what curves need is kept, the rest would fill the memory. */
async function settingsOf(
  plan: ExperimentPlan<TrainingExperiment>,
  table: MetricsTable,
  folder: string,
): Promise<TrainingSetting[]> {
  const byJob = metricsByJob(table, plan);
  const settings = new Map<string, TrainingSetting & { runs: TrainingRun[] }>();
  for (const { id, repeat, fixed, experiment } of plan.jobs) {
    const key = JSON.stringify(fixed);
    const setting = settings.get(key) ?? { factors: fixed, experiment, runs: [] };
    settings.set(key, setting);
    const record = await readTrainingRecord(folder, id);
    setting.runs.push({
      job: id,
      repeat,
      metrics: byJob.get(id) ?? {},
      ...(record && { facts: record.facts, history: record.history, validation: record.validation }),
    });
  }
  return [...settings.values()];
}
