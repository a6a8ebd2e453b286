/**
 * @file Run directories for tests, written without running anything.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dense } from "../../core/index.ts";
import type { MetricRow } from "../jobs/job.ts";
import { thisMachine } from "../results/manifest.ts";
import { metricsHash, metricsTable } from "../results/metrics-table.ts";
import { encodeParquet } from "../results/parquet.ts";
import { encodeTrainingRecord, type TrainingFacts } from "../results/training-record.ts";
import type { FactorValue } from "../spec/factors.ts";

/** A job to be written. */
export interface FixtureJob {
  repeat: number;
  network?: string;
  /** Values of the factors, by column. */
  factors?: Record<string, FactorValue>;
  /** Validation loss at updates 10, 20 …, or at `updates`. */
  loss?: readonly number[];
  updates?: readonly number[];
  correct?: readonly number[];
  metrics?: Record<string, number>;
  /** False: only losses of the batches. */
  validated?: boolean;
  task?: string;
  status?: TrainingFacts["status"];
}

/** What a directory holds. */
export interface FixtureRun {
  jobs: readonly FixtureJob[];
  kind?: string;
  finished?: boolean;
  failures?: number;
}

/** Write a run directory. */
export function writeRun(
  folder: string,
  { jobs, kind = "training", finished = true, failures = 0 }: FixtureRun,
): void {
  mkdirSync(join(folder, "records"), { recursive: true });
  const names = [...new Set(jobs.flatMap(({ factors = {} }) => Object.keys(factors)))];
  const rows = jobs.flatMap((job, index): MetricRow[] => {
    const id = `job-${index}`;
    if (job.loss) writeRecord(folder, id, job);
    const factors = { network: job.network ?? "empirical", null: null, repeat: job.repeat, ...job.factors };
    return Object.entries({ recordsHash: index, ...job.metrics }).map(([metric, value]) => ({
      ...{ job: id, factors, metric, delay: null, value },
    }));
  });
  const factors = names.map((name) => ({
    name,
    column: name,
    path: [name],
    values: [],
    listed: true,
    instance: false,
  }));
  const table = metricsTable({ factors }, rows);
  writeFileSync(
    join(folder, "experiment.yaml"),
    kind === "memory" ? "name: fixture\n" : `kind: ${kind}\nname: fixture\n`,
  );
  if (finished) writeFileSync(join(folder, "metrics.parquet"), encodeParquet(table, {}));
  const manifest = {
    ...{ format: "cajal-run", formatVersion: 1, cajal: "0.0.0", name: "fixture", seed: 1, repeat: 1 },
    ...{ status: finished ? "finished" : "interrupted", fingerprint: "x", files: {}, machine: thisMachine() },
    ...{ sessions: [], jobs: { total: jobs.length, done: finished ? jobs.length : 1, failed: 0 }, cells: {} },
    failures: Array.from({ length: failures }, (_, k) => ({ job: `failed-${k}`, message: "NaN" })),
    ...{ seconds: 1, jobSeconds: {}, warnings: [], hash: finished ? metricsHash(table) : null },
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(manifest));
}

// Implementation

function writeRecord(folder: string, id: string, job: FixtureJob): void {
  const { loss = [], correct, validated = true, task = "n-back", status = "done" } = job;
  const updates = job.updates ?? loss.map((_, i) => 10 * (i + 1));
  const fractionCorrect = Float64Array.from(loss, (_, i) => correct?.[i] ?? Number.NaN);
  const empty = new Float64Array();
  const columns = { loss: Float64Array.from(loss), fractionCorrect };
  const facts: TrainingFacts = {
    ...{ status, message: "", updates: updates.at(-1) ?? 0, bestUpdate: 0, conditions: [] },
    ...{ periods: [], inputNames: [], outputNames: [], areaNames: ["rec"], dt: 1, backend: "wasm", task },
  };
  const weights = { rec: dense(1, 1, Float64Array.of(0)) };
  const { npz, json } = encodeTrainingRecord({
    facts,
    history: { ...columns, gradientNorm: empty, learningRate: empty, terms: {} },
    validation: validated
      ? { updates: Float64Array.from(updates), ...columns }
      : { updates: empty, loss: empty, fractionCorrect: empty },
    weights: { initial: weights, last: weights, best: weights },
    parameters: {},
    signs: Float64Array.of(0),
    areas: Float64Array.of(0),
  });
  writeFileSync(join(folder, "records", `${id}.npz`), npz);
  writeFileSync(join(folder, "records", `${id}.json`), json);
}
