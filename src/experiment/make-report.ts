/**
 * @file The report of a run directory and the numbers in it, whatever the kind of experiment.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { buildReportInput } from "./build-report-input.ts";
import { renderReport } from "./report/index.ts";
import { RUN_FILES } from "./results/run-directory.ts";
import { type RunSummary, type SettingsSummary, summarizeRun } from "./run-summary.ts";
import { makeSelfOrganisationReport } from "./self-organisation-report.ts";
import { kindOf } from "./spec/experiment-kind.ts";
import { makeTrainingReport } from "./training-report.ts";

/** A report. */
export interface MadeReport {
  html: string;
  /** The outcome in a few numbers, for the table at the end of a run. */
  summary: RunSummary | SettingsSummary;
  /** What the report had to leave out, with the mend. */
  warnings: string[];
}

/**
 * Make the report of a run from what is in its directory.
 *
 * @throws CajalError `no-run`, `unfinished-run`, `damaged-run`.
 */
export async function makeReport(folder: string): Promise<MadeReport> {
  const kind = await kindOfRun(folder);
  if (kind === "self-organisation") return makeSelfOrganisationReport(folder);
  if (kind === "training") return makeTrainingReport(folder);
  const input = await buildReportInput(folder);
  return { summary: summarizeRun(input), html: await renderReport(input), warnings: [] };
}

// Implementation

/** A run without a readable experiment is left to the reader of the usual kind, which says what is wrong. */
async function kindOfRun(folder: string) {
  try {
    return kindOf(parse(await readFile(join(folder, RUN_FILES.experiment), "utf8")));
  } catch {
    return "memory";
  }
}
