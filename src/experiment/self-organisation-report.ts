/**
 * @file The report of a run of networks that organise themselves, from what is in its directory.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { rasterWindow } from "../analysis/index.ts";
import { readPlannedRun } from "./finished-run.ts";
import type { MadeReport } from "./make-report.ts";
import type { ExperimentPlan } from "./plan/plan-experiment.ts";
import { planSelfOrganisation } from "./plan/plan-self-organisation.ts";
import { repeatMean } from "./report/repeat-mean.ts";
import { SHOWN_STEPS } from "./report/self-organisation/activity-figures.ts";
import { metricMeaning } from "./report/self-organisation/metric-meanings.ts";
import type {
  OrganisationInput,
  OtherSetting,
  SeedRun,
  Setting,
} from "./report/self-organisation/organisation-input.ts";
import { renderOrganisation } from "./report/self-organisation/render-organisation.ts";
import { seedView } from "./report/self-organisation/seed-view.ts";
import { varyingFactors } from "./report/varying-factors.ts";
import { decodeArchive, type ShapedArray } from "./results/array-archive.ts";
import type { MetricsTable } from "./results/metrics-table.ts";
import { metricsByJob } from "./results/report-rows.ts";
import { RUN_FILES } from "./results/run-directory.ts";
import type { SettingsSummary } from "./run-summary.ts";
import { resolveSelfOrganisation } from "./spec/resolve-experiment.ts";
import type { SelfOrganisationExperiment } from "./spec/self-organisation-schema.ts";

/** Make the report. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function makeSelfOrganisationReport(folder: string): Promise<MadeReport> {
  const input = await readOrganisation(folder);
  return { html: await renderOrganisation(input), summary: summarizeOrganisation(input), warnings: [] };
}

/** Read a run directory for its report. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function readOrganisation(folder: string): Promise<OrganisationInput> {
  const { manifest, facts, experimentYaml, plan, table } = await readPlannedRun(folder, {
    resolve: resolveSelfOrganisation,
    plan: planSelfOrganisation,
  });
  const settings = settingsOf(plan, table);
  const shown = settings[0]?.seeds ?? [];
  return {
    title: manifest.name,
    experiment: plan.experiment,
    experimentYaml,
    run: facts,
    settings,
    others: await readOthers(folder, plan, settings.slice(1)),
    records: await Promise.all(shown.map(({ job }) => readRecords(folder, job))),
    shown: plan.jobs.find(({ id }) => id === shown[0]?.job)?.experiment ?? plan.experiment,
    failures: manifest.failures,
    warnings: manifest.warnings,
  };
}

/** The table at the end of a run. */
export function summarizeOrganisation({ settings, experiment }: OrganisationInput): SettingsSummary {
  const known = new Set(
    settings.flatMap(({ seeds }) => seeds.flatMap(({ metrics }) => Object.keys(metrics))),
  );
  const columns = SHOWN.filter((metric) => known.has(metric)).slice(0, 5);
  const varying = varyingFactors(settings.map(({ factors }) => factors));
  return {
    heads: { names: ["network", ...varying.heads], repeats: "seeds" },
    columns: columns.map((metric, k) => ({ ...columnOf(metric), isMain: k === 0 })),
    settings: settings.map(({ network, factors, seeds }) => ({
      names: [network, ...varying.values(factors)],
      repeats: seeds.length,
      diverged: 0,
      failed: experiment.repeat - seeds.length,
      values: columns.map((metric) => shownValue(seeds, metric)),
    })),
  };
}

// Implementation

/** What the terminal shows first, where it was measured. */
const SHOWN = [
  ...["position", "positionInternal", "lastSymbol", "lastSymbolInternal", "nextSymbol"],
  ...["meanRate", "connectionsEnd", "isiCv", "alpha", "tau", "lifetimeMedian"],
];
/** Shares that are shown in per cent, where two decimals of the share would say nothing. */
const IN_PERCENT = new Set(["meanRate", "connectionsEnd"]);

function columnOf(metric: string) {
  const { head, meaning } = metricMeaning(metric);
  return { metric, meaning, head: IN_PERCENT.has(metric) ? `${head} %` : head };
}

function shownValue(seeds: readonly SeedRun[], metric: string) {
  const { mean, spread, count } = repeatMean(seeds, metric);
  const factor = IN_PERCENT.has(metric) ? 100 : 1;
  return { mean: factor * mean, spread: spread === null ? null : factor * spread, count };
}

function settingsOf(plan: ExperimentPlan<SelfOrganisationExperiment>, table: MetricsTable): Setting[] {
  const byJob = metricsByJob(table, plan);
  const settings = new Map<string, Setting & { seeds: SeedRun[] }>();
  for (const { id, network, repeat, fixed } of plan.jobs) {
    const key = JSON.stringify([network, fixed]);
    const setting = settings.get(key) ?? { network, factors: fixed, seeds: [] };
    settings.set(key, setting);
    const metrics = byJob.get(id);
    if (metrics) setting.seeds.push({ job: id, repeat, metrics });
  }
  return [...settings.values()];
}

/** Settings after the first that have figures of their own. */
const MOST_OTHERS = 12;

/** One after the other, with as much of the raster as is drawn: rasters of long runs are large. */
async function readOthers(
  folder: string,
  plan: ExperimentPlan<SelfOrganisationExperiment>,
  settings: readonly Setting[],
): Promise<OtherSetting[]> {
  const others: OtherSetting[] = [];
  for (const { network, factors, seeds } of settings) {
    if (seeds.length === 0 || others.length === MOST_OTHERS) continue;
    const [{ job }] = seeds;
    const { experiment } = plan.jobs.find(({ id }) => id === job)!;
    const view = seedView(await readRecords(folder, job), experiment);
    const { raster, firstStep } = view;
    const from = raster && Math.max(0, raster.steps - SHOWN_STEPS);
    const last = raster && rasterWindow(raster, from!, raster.steps);
    others.push({
      ...{ network, factors },
      view: {
        ...view,
        ...(last && { raster: { ...last, bits: last.bits.slice() }, firstStep: firstStep + from! }),
      },
    });
  }
  return others;
}

async function readRecords(folder: string, job: string): Promise<Record<string, ShapedArray>> {
  const name = join(RUN_FILES.records, `${job}.npz`);
  return decodeArchive(await readFile(join(folder, name)), { name });
}
