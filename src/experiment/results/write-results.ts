/**
 * @file The results of a finished run: the metrics, the network for the pictures, the report, the manifest last.
 */

import { ConnectomeStore } from "../connectome-source.ts";
import { describeError } from "../describe-error.ts";
import type { JobSpec } from "../jobs/job.ts";
import type { JournalEntry } from "../journal/record-file.ts";
import { type MadeReport, makeReport } from "../make-report.ts";
import type { ExperimentPlan } from "../plan/plan-experiment.ts";
import type { RunSummary, SettingsSummary } from "../run-summary.ts";
import { removeStates } from "../runners/job-place.ts";
import { type AnyExperiment, keepsRecords } from "../spec/experiment-kind.ts";
import type { RunManifest } from "./manifest.ts";
import { completeRows, type MetricsTable, metricsHash, metricsTable } from "./metrics-table.ts";
import { connectomeFile, weightsFile } from "./network-files.ts";
import { encodeParquet } from "./parquet.ts";
import { RUN_FILES, type RunDirectory } from "./run-directory.ts";

/**
 * Write everything a finished run leaves, from its journal.
 *
 * @param manifest - Written last, with the hash in it.
 * @returns Beside the table: what the report says, or why there is none; metrics and manifest are not optional.
 */
export async function writeResults(
  plan: ExperimentPlan<AnyExperiment>,
  entries: readonly JournalEntry[],
  directory: Pick<RunDirectory, "folder" | "write">,
  manifest: RunManifest,
): Promise<{ table: MetricsTable; hash: string } & ReportOutcome> {
  const jobs = new Map<string, JobSpec>(plan.jobs.map((job) => [job.group, job]));
  const rows = entries.flatMap(({ group, record }) => {
    const job = jobs.get(group);
    return job ? completeRows(job, record) : [];
  });
  const table = metricsTable(plan, rows);
  const hash = metricsHash(table);
  const { name, seed, cajal } = manifest;
  const metadata = { experiment: name, seed: String(seed), version: cajal, hash };
  await directory.write(RUN_FILES.metrics, encodeParquet(table, metadata));
  const { experiment } = plan.jobs[0];
  if (keepsRecords(experiment)) await removeStates(directory.folder);
  else {
    const connectome = await new ConnectomeStore().prepare(experiment);
    await directory.write(RUN_FILES.weights, weightsFile(connectome));
    await directory.write(RUN_FILES.connectome, connectomeFile(connectome, experiment.connectome));
  }
  manifest.hash = hash;
  // Before the report, which reads it; a report that fails must not take the numbers with it.
  await directory.write(RUN_FILES.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  return { table, hash, ...(await writeReport(directory)) };
}

/** The report's numbers, and why there is no report, if so. */
export interface ReportOutcome {
  summary: RunSummary | SettingsSummary | null;
  warnings: string[];
}

/** Make the report of a run directory from what is in it. A full disk is thrown, anything else is a warning. */
export async function writeReport(directory: Pick<RunDirectory, "folder" | "write">): Promise<ReportOutcome> {
  let made: MadeReport;
  try {
    made = await makeReport(directory.folder);
  } catch (error) {
    return { summary: null, warnings: [`the report could not be made: ${describeError(error)}`] };
  }
  await directory.write(RUN_FILES.report, made.html);
  return { summary: made.summary, warnings: made.warnings };
}
