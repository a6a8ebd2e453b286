/**
 * @file One run, from a plan to a directory of results: resumable at every moment, the same numbers whatever the
 * number of workers, the chunking, or how often it was interrupted.
 */

import { CajalError } from "../../core/index.ts";
import type { JobRecord, JobSpec, JobState } from "../jobs/job.ts";
import type { WriteDurably } from "../journal/durable-file.ts";
import type { JournalEntry } from "../journal/record-file.ts";
import { packageVersion } from "../package-root.ts";
import type { ExperimentPlan } from "../plan/plan-experiment.ts";
import { runIdentity } from "../results/identity.ts";
import type { JobFailure } from "../results/manifest.ts";
import type { MetricsTable } from "../results/metrics-table.ts";
import { openRunDirectory } from "../results/run-directory.ts";
import { writeResults } from "../results/write-results.ts";
import type { RunSummary, SettingsSummary } from "../run-summary.ts";
import { shownPath } from "../shown-path.ts";
import type { AnyExperiment } from "../spec/experiment-kind.ts";
import { type JobModule, jobModuleOf } from "./job-module.ts";
import { runJobs } from "./run-jobs.ts";
import { inlineRunner, poolRunner } from "./runner.ts";
import { elapsed, keepRecord, openSession, type Session, saveManifest, updateManifest } from "./session.ts";

/** How to run. */
export interface RunOptions {
  /** The run directory; made if it is not there. */
  folder: string;
  /** Threads; 0 runs jobs in this one. */
  workers: number;
  /** Threads of each job that can use several, results do not depend on them; default: what cores remain. */
  threads?: number;
  resume?: boolean;
  /** The command line, for `run.json`. */
  command?: string;
  signal?: AbortSignal;
  listener?: RunListener;
  /** Longest time between two saved states of a long job [s], default 10. */
  saveEvery?: number;
  /** Default: the one of the task. */
  jobModule?: JobModule;
  /** Replaces the durable write, in tests. */
  write?: WriteDurably;
}

/** What a display wants to know. */
export interface RunListener {
  /**
   * Before the first job: `kept` entries of earlier sessions need not run again, `damaged` tells of each file why its
   * job must, e.g. `records/rate.r0.npz is missing`.
   */
  planned?(jobs: readonly JobSpec[], kept: readonly JournalEntry[], damaged: readonly string[]): void;
  started?(job: JobSpec): void;
  /** How many of its steps a job has done, of one that tells, and how it stands. */
  progress?(job: JobSpec, steps: number, state?: JobState): void;
  ended?(job: JobSpec, record: JobRecord): void;
  /** All jobs are done, the results are being written. */
  finishing?(): void;
}

/** How a run ended. */
export interface RunResult {
  folder: string;
  status: "finished" | "interrupted";
  jobs: { total: number; done: number; failed: number };
  cells: { total: number; failed: number };
  /** Wall time of this session [s]. */
  seconds: number;
  /** Of the metrics; null when the run was interrupted. */
  hash: string | null;
  failures: JobFailure[];
  /** What jobs warned of, each once, and results that could not be made. */
  warnings: string[];
  /** Empty when the run was interrupted. */
  table: MetricsTable;
  /** The outcome in a few numbers; null when the run was interrupted or gave nothing. */
  summary: RunSummary | SettingsSummary | null;
}

/**
 * Run a plan.
 *
 * @throws CajalError when the directory cannot be used or written, e.g. `disk-full`; what is in the journal is safe.
 */
export async function runExperiment(
  plan: ExperimentPlan<AnyExperiment>,
  options: RunOptions,
): Promise<RunResult> {
  const { folder, resume, write, listener } = options;
  const identity = await runIdentity(plan.experiment, packageVersion());
  const directory = await openRunDirectory(folder, identity, { resume, write });
  try {
    const session = await openSession(plan, directory, { ...options, identity });
    listener?.planned?.(session.jobs, [...session.entries], session.damaged);
    try {
      const finished = await runRemaining(session, options);
      if (!finished) return await interrupted(session);
      listener?.finishing?.();
      return await finish(session);
    } catch (error) {
      // Best effort: on a full disk not even this may fit, and the journal says the same.
      await saveManifest(session, "stopped").catch(() => {});
      throw withProgress(error, session);
    }
  } finally {
    await directory.close();
  }
}

// Implementation

/** A state is written in a tenth of a second or so: ten seconds of work are lost at most, a hundredth of it spent. */
const SAVE_EVERY = 10;

async function runRemaining(session: Session, options: RunOptions): Promise<boolean> {
  const { jobs, plan } = session;
  const { workers, signal = new AbortController().signal, listener } = options;
  if (jobs.length === 0) return !signal.aborted;
  const jobModule = options.jobModule ?? jobModuleOf(plan.experiment);
  const lanes = Math.min(workers, jobs.length);
  const { folder } = session.directory;
  const place = { folder, saveEvery: options.saveEvery ?? SAVE_EVERY, threads: session.threads };
  const runner = lanes > 0 ? await poolRunner(jobModule, lanes, place) : inlineRunner(jobModule, place);
  const watch = {
    started: (job: JobSpec) => listener?.started?.(job),
    progress: (job: JobSpec, steps: number, state?: JobState) => listener?.progress?.(job, steps, state),
    ended: async (job: JobSpec, record: JobRecord) => {
      await keepRecord(session, job, record);
      listener?.ended?.(job, record);
    },
  };
  try {
    return await runJobs(jobs, runner, { listener: watch, signal });
  } finally {
    await runner.close();
  }
}

async function interrupted(session: Session): Promise<RunResult> {
  await saveManifest(session, "interrupted");
  return {
    ...outcome(session),
    status: "interrupted",
    hash: null,
    summary: null,
    table: { columns: [], rows: 0 },
  };
}

async function finish(session: Session): Promise<RunResult> {
  const { plan, entries, directory } = session;
  const manifest = updateManifest(session, "finished");
  const { table, hash, summary, warnings } = await writeResults(plan, entries, directory, manifest);
  const { warnings: ofJobs, ...rest } = outcome(session);
  return { ...rest, status: "finished", hash, table, summary, warnings: [...ofJobs, ...warnings] };
}

function outcome(session: Session) {
  const { directory, manifest } = session;
  const { jobs, cells, failures, warnings } = manifest;
  return { folder: directory.folder, jobs, cells, failures, warnings, seconds: elapsed(session) };
}

/** A failed write, with how much is safe. */
function withProgress(error: unknown, { entries, kept, jobs, directory }: Session): unknown {
  if (!(error instanceof CajalError)) return error;
  const { code, what, where, hint, cause } = error;
  const safe = `${entries.length} of ${kept + jobs.length} jobs are safe in ${shownPath(directory.folder)}`;
  return new CajalError(`${what}; ${safe}`, { code, where, hint, cause });
}
