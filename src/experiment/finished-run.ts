/**
 * @file What every report needs of a run directory: that the run is finished, its facts, its experiment, its plan, its
 * metrics.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CajalError } from "../core/index.ts";
import type { ExperimentPlan } from "./plan/plan-experiment.ts";
import type { RunFacts } from "./report/index.ts";
import type { RunManifest } from "./results/manifest.ts";
import type { MetricsTable } from "./results/metrics-table.ts";
import { decodeParquet } from "./results/parquet.ts";
import { RUN_FILES, readManifest } from "./results/run-directory.ts";
import { shownPath } from "./shown-path.ts";
import type { AnyExperiment } from "./spec/experiment-kind.ts";
import { parseExperiment } from "./spec/parse-experiment.ts";
import type { Resolved } from "./spec/resolve-experiment.ts";
import type { Source } from "./spec/source.ts";

/** A run that has come to its end. */
export interface FinishedRun {
  manifest: RunManifest;
  facts: RunFacts;
  /** Bytes of the table. */
  metrics: Uint8Array;
  experimentYaml: string;
  source: Source;
}

/**
 * Open a run directory for its report.
 *
 * @throws CajalError `no-run`, `unfinished-run`, `damaged-run`.
 */
export async function openFinishedRun(folder: string): Promise<FinishedRun> {
  const manifest = await readManifest(folder);
  if (!manifest) {
    throw new CajalError(`${shownPath(folder)} holds no run`, {
      code: "no-run",
      hint: "Name a folder that cajal run made, e.g. runs/experiment-1.",
    });
  }
  const metrics = await readFile(join(folder, RUN_FILES.metrics)).catch(() => undefined);
  if (manifest.hash === null || !metrics) {
    const { done, total } = manifest.jobs;
    const what = `the run in ${shownPath(folder)} is not finished: ${done} of ${total} jobs are done`;
    throw new CajalError(what, { code: "unfinished-run", hint: "Continue it with: cajal run … --resume" });
  }
  const { experimentYaml, source } = await whole(folder, RUN_FILES.experiment, async () => {
    const text = await readFile(join(folder, RUN_FILES.experiment), "utf8");
    return { experimentYaml: text, source: parseExperiment(text, { file: RUN_FILES.experiment }) };
  });
  return { manifest, facts: runFacts(manifest, manifest.hash), metrics, experimentYaml, source };
}

/** A finished run with what its experiment planned and what came out. */
export interface PlannedRun<E extends AnyExperiment> extends FinishedRun {
  resolved: Resolved<E>;
  plan: ExperimentPlan<E>;
  table: MetricsTable;
}

/**
 * Read a run directory for its report, by the kind of its experiment.
 *
 * @throws CajalError `no-run`, `unfinished-run`, `damaged-run`.
 */
export async function readPlannedRun<E extends AnyExperiment>(
  folder: string,
  kind: {
    resolve(source: Source, options: { folder: string }): Resolved<E>;
    plan(resolved: Resolved<E>): ExperimentPlan<E>;
  },
): Promise<PlannedRun<E>> {
  const run = await openFinishedRun(folder);
  const resolved = await whole(folder, RUN_FILES.experiment, async () =>
    kind.resolve(run.source, { folder }),
  );
  const plan = kind.plan(resolved);
  const { table } = await whole(folder, RUN_FILES.metrics, () => decodeParquet(run.metrics));
  return { ...run, resolved, plan, table };
}

/** Read a part of the run; what cannot be understood was cut off or changed after the run. */
export async function whole<T>(folder: string, name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") throw cause;
    const reason = (cause as Error).message.split("\n")[0].replace(/^error {2}/, "");
    throw new CajalError(`${shownPath(join(folder, name))} is damaged: ${reason}`, {
      code: "damaged-run",
      hint: "Run the experiment again with --resume, which writes it anew.",
      cause,
    });
  }
}

// Implementation

function runFacts(manifest: RunManifest, hash: string): RunFacts {
  const { machine, sessions, jobs, seconds, seed, cajal } = manifest;
  const last = sessions[sessions.length - 1];
  return {
    versions: { cajal, node: machine.node },
    seed,
    machine: `${machine.platform} ${machine.arch}, ${machine.cores} × ${machine.cpu}`,
    ...(sessions[0] && { startedAt: sessions[0].started }),
    seconds,
    hash,
    jobs: { done: jobs.done, failed: jobs.failed },
    ...(last?.command && { command: last.command }),
    ...(last?.threads !== undefined && { threads: last.threads }),
  };
}
