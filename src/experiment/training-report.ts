/**
 * @file The report of a run of trained networks, from what is in its directory.
 */

import { CajalError } from "../core/index.ts";
import { type PlannedRun, readPlannedRun } from "./finished-run.ts";
import type { MadeReport } from "./make-report.ts";
import { planTraining } from "./plan/plan-training.ts";
import { repeatMean } from "./report/repeat-mean.ts";
import { renderTraining } from "./report/training/render-training.ts";
import type { TrainingInput, TrainingRun, TrainingSetting } from "./report/training/training-input.ts";
import { finishedRuns, rankedBy, ranking, typicalRun } from "./report/training/training-numbers.ts";
import { shownColumns } from "./report/training/training-tables.ts";
import { varyingFactors } from "./report/varying-factors.ts";
import { damagedRun } from "./results/damaged-run.ts";
import { metricsByJob } from "./results/report-rows.ts";
import { RUN_FILES } from "./results/run-directory.ts";
import { readTrainingRecord, type TrainingRecord } from "./results/training-record.ts";
import type { SettingsSummary } from "./run-summary.ts";
import { resolveTrainingExperiment } from "./spec/resolve-experiment.ts";
import type { TrainingExperiment } from "./spec/training-schema.ts";

/** Make the report. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function makeTrainingReport(folder: string): Promise<MadeReport> {
  const { lacks, ...input } = await readTraining(folder);
  return { html: await renderTraining(input), summary: summarizeTraining(input), warnings: lacks };
}

/** What a report is made of, and in words what it lacks. */
export interface ReadTraining extends TrainingInput {
  /** Among the input's warnings too. */
  lacks: string[];
}

/**
 * Read a run directory for its report. Numbers alone make one, so records that are gone or damaged are told of.
 *
 * @throws CajalError `no-run`, `unfinished-run`, `damaged-run`, the last also when there is nothing to show.
 */
export async function readTraining(folder: string): Promise<ReadTraining> {
  const run = await readPlannedRun(folder, { resolve: resolveTrainingExperiment, plan: planTraining });
  const { manifest, facts, experimentYaml, plan } = run;
  const { settings, damages } = await settingsOf(run, folder);
  const isEmpty = settings.every(({ runs }) => runs.every(({ metrics, facts: f }) => !f && !hasAny(metrics)));
  if (isEmpty && damages.length > 0) throw damages[0];
  const lacks = lackWords(damages);
  const typical = typicalRun(settings);
  const record = typical?.run.facts && (await readTrainingRecord(folder, typical.run.job));
  return {
    title: manifest.name,
    experiment: plan.experiment,
    experimentYaml,
    run: facts,
    settings,
    ...(typical && record && { shown: { setting: typical.setting, repeat: typical.run.repeat, record } }),
    failures: manifest.failures,
    warnings: [...manifest.warnings, ...lacks],
    lacks,
  };
}

/** The table at the end of a run: each setting, the best first, with the time a repeat took where that was measured. */
export function summarizeTraining({ settings }: TrainingInput): SettingsSummary {
  const all = settings.flatMap(({ runs }) => runs);
  const columns: SettingsSummary["columns"] = shownColumns(all)
    .filter(({ metric }) => TOLD.has(metric))
    .map((column) => ({ ...column, isMain: MAIN.has(column.metric) }));
  if (all.some(({ seconds }) => seconds !== undefined)) columns.push(TIME);
  const varying = varyingFactors(settings.map(({ factors }) => factors));
  const isSwept = varying.heads.length > 0;
  const { metric: main } = rankedBy(settings);
  const order = columns.find(({ metric }) => metric === main)?.head;
  return {
    heads: { names: isSwept ? varying.heads : ["network"], repeats: "repeats" },
    columns,
    ...(order !== undefined && { order }),
    settings: ranked(settings).map(({ factors, experiment, runs }) => {
      const timed = runs.map(({ metrics, seconds }) => ({
        metrics: { ...metrics, ...(seconds !== undefined && { [TIME.metric]: seconds }) },
      }));
      const done = finishedRuns(runs).length;
      const diverged = runs.filter(({ facts }) => facts?.status === "diverged").length;
      return {
        names: isSwept ? varying.values(factors) : [experiment.network.model],
        ...{ repeats: done, diverged, failed: runs.length - done - diverged },
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
/** What a person asks first. */
const MAIN = new Set(["minimumLoss", "updateOfMinimum", "bestFractionCorrect", "testFractionCorrect"]);
/** How long a repeat took. No metric: it differs from run to run. */
const TIME = { metric: "seconds", head: "Time", meaning: "wall time of a repeat", kind: "seconds" } as const;

/** The best first, those without a result last, in the file's order. */
function ranked(settings: readonly TrainingSetting[]): TrainingSetting[] {
  const best = ranking(settings).map((k) => settings[k]);
  return [...best, ...settings.filter((setting) => !best.includes(setting))];
}

/** Cells of the sweep with their repeats; of records only what curves need is kept, the rest would fill the memory. */
async function settingsOf(
  { plan, table, manifest }: PlannedRun<TrainingExperiment>,
  folder: string,
): Promise<{ settings: TrainingSetting[]; damages: CajalError[] }> {
  const byJob = metricsByJob(table, plan);
  // A job that went on from a saved state counts the time since then alone.
  const seconds = manifest.sessions.length === 1 ? manifest.jobSeconds : {};
  const settings = new Map<string, TrainingSetting & { runs: TrainingRun[] }>();
  const damages: CajalError[] = [];
  for (const { id, repeat, fixed, experiment } of plan.jobs) {
    const key = JSON.stringify(fixed);
    const setting = settings.get(key) ?? { factors: fixed, experiment, runs: [] };
    settings.set(key, setting);
    const metrics = byJob.get(id);
    const { record, damage } = await readWhole(folder, id, metrics !== undefined);
    if (damage) damages.push(damage);
    setting.runs.push({
      job: id,
      repeat,
      metrics: metrics ?? {},
      ...(metrics && id in seconds && { seconds: seconds[id] }),
      ...(record && { facts: record.facts, history: record.history, validation: record.validation }),
    });
  }
  return { settings: [...settings.values()], damages };
}

/** @param isWanted - Whether the job gave numbers, and so left a record. */
async function readWhole(
  folder: string,
  job: string,
  isWanted: boolean,
): Promise<{ record?: TrainingRecord; damage?: CajalError }> {
  try {
    const record = await readTrainingRecord(folder, job);
    if (record) return { record };
    return isWanted ? { damage: damagedRun(`${RUN_FILES.records}/${job}.npz is missing`) } : {};
  } catch (error) {
    if (error instanceof CajalError && error.code === "damaged-run") return { damage: error };
    throw error;
  }
}

/** One sentence and the mend, however many files there are. */
function lackWords(damages: readonly CajalError[]): string[] {
  if (damages.length === 0) return [];
  const [{ what, hint }] = damages;
  const others = damages.length > 1 ? ` (and so ${damages.length - 1} more)` : "";
  return [`${what}${others}; the report is without its curves and pictures. ${hint}`];
}

const hasAny = (metrics: object): boolean => Object.keys(metrics).length > 0;
