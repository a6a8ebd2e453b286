/**
 * @file The report of a run of trained networks, from what is in its directory.
 */

import { type PlannedRun, readPlannedRun } from "./finished-run.ts";
import type { MadeReport } from "./make-report.ts";
import { planTraining } from "./plan/plan-training.ts";
import { repeatMean } from "./report/repeat-mean.ts";
import { renderTraining } from "./report/training/render-training.ts";
import type { TrainingInput, TrainingRun, TrainingSetting } from "./report/training/training-input.ts";
import { finishedRuns, settingWords, typicalRun } from "./report/training/training-numbers.ts";
import { shownColumns } from "./report/training/training-tables.ts";
import { metricsByJob } from "./results/report-rows.ts";
import { readTrainingRecord } from "./results/training-record.ts";
import type { SettingsSummary } from "./run-summary.ts";
import { resolveTrainingExperiment } from "./spec/resolve-experiment.ts";
import type { TrainingExperiment } from "./spec/training-schema.ts";

/** Make the report. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function makeTrainingReport(folder: string): Promise<MadeReport> {
  const input = await readTraining(folder);
  return { html: await renderTraining(input), summary: summarizeTraining(input) };
}

/** Read a run directory for its report. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function readTraining(folder: string): Promise<TrainingInput> {
  const run = await readPlannedRun(folder, { resolve: resolveTrainingExperiment, plan: planTraining });
  const { manifest, facts, experimentYaml, plan } = run;
  const settings = await settingsOf(run, folder);
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

/** The table at the end of a run: each setting, with the time a repeat took where that was measured. */
export function summarizeTraining({ settings }: TrainingInput): SettingsSummary {
  const all = settings.flatMap(({ runs }) => runs);
  const columns: SettingsSummary["columns"] = shownColumns(all).filter(({ metric }) => TOLD.has(metric));
  if (all.some(({ seconds }) => seconds !== undefined)) columns.push(TIME);
  const isSwept = settings.some(({ factors }) => Object.keys(factors).length > 0);
  return {
    heads: { setting: isSwept ? "setting" : "network", repeats: "repeats" },
    columns,
    settings: settings.map(({ factors, experiment, runs }) => {
      const timed = runs.map(({ metrics, seconds }) => ({
        metrics: { ...metrics, ...(seconds !== undefined && { [TIME.metric]: seconds }) },
      }));
      return {
        name: settingWords(factors) || experiment.network.model,
        repeats: { done: finishedRuns(runs).length, all: runs.length },
        values: columns.map(({ metric }) => repeatMean(timed, metric)),
      };
    }),
  };
}

// Implementation

/** What the terminal tells; the rest is in the report. */
const TOLD = new Set([
  ...["minimumLoss", "updateOfMinimum", "bestFractionCorrect", "testFractionCorrect", "testError"],
  ...["updatesToTarget", "updates"],
]);
/** How long a repeat took. No metric: it differs from run to run. */
const TIME = { metric: "seconds", head: "Time", meaning: "wall time of a repeat", kind: "seconds" } as const;

/** Cells of the sweep with their repeats; of records only what curves need is kept, the rest would fill the memory. */
async function settingsOf(
  { plan, table, manifest }: PlannedRun<TrainingExperiment>,
  folder: string,
): Promise<TrainingSetting[]> {
  const byJob = metricsByJob(table, plan);
  // A job that went on from a saved state counts the time since then alone.
  const seconds = manifest.sessions.length === 1 ? manifest.jobSeconds : {};
  const settings = new Map<string, TrainingSetting & { runs: TrainingRun[] }>();
  for (const { id, repeat, fixed, experiment } of plan.jobs) {
    const key = JSON.stringify(fixed);
    const setting = settings.get(key) ?? { factors: fixed, experiment, runs: [] };
    settings.set(key, setting);
    const record = await readTrainingRecord(folder, id);
    const metrics = byJob.get(id);
    setting.runs.push({
      job: id,
      repeat,
      metrics: metrics ?? {},
      ...(metrics && id in seconds && { seconds: seconds[id] }),
      ...(record && { facts: record.facts, history: record.history, validation: record.validation }),
    });
  }
  return [...settings.values()];
}
