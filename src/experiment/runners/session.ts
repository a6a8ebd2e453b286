/**
 * @file One session of work on a run directory: what was there, what is left to do, and the manifest that says so.
 */

import { warn } from "../../core/index.ts";
import type { JobRecord, JobSpec } from "../jobs/job.ts";
import { finishedCells } from "../journal/journal.ts";
import type { JournalEntry } from "../journal/record-file.ts";
import { describeKernels } from "../native/job-backend.ts";
import { type ExperimentPlan, remainingJobs } from "../plan/plan-experiment.ts";
import { failuresOf, newManifest, type RunManifest, type RunStatus } from "../results/manifest.ts";
import { RUN_FILES, type RunDirectory, type RunIdentity } from "../results/run-directory.ts";
import { type AnyExperiment, isTraining } from "../spec/experiment-kind.ts";
import { removeState } from "./job-place.ts";
import { jobThreads } from "./job-threads.ts";
import { keptJobs } from "./kept-jobs.ts";

/** What the weights of a trained network depend on besides its file. */
const BITS_OF_TRAINING =
  "the same for a file, a seed and these kernels; WebAssembly and native code differ in last bits";

/** Work on a directory, from opening it to closing it. */
export interface Session {
  readonly plan: ExperimentPlan<AnyExperiment>;
  readonly directory: RunDirectory;
  readonly manifest: RunManifest;
  /** Jobs this session has to run. */
  readonly jobs: readonly JobSpec[];
  /** Threads of each job. */
  readonly threads: number;
  /** Finished jobs: those kept from earlier sessions, then those of this one as they end. */
  readonly entries: JournalEntry[];
  readonly kept: number;
  /** What is wrong with the files of finished jobs that run again, e.g. `records/rate.r0.npz is missing`. */
  readonly damaged: readonly string[];
  /** Records of jobs that failed in this session. */
  readonly failed: JobRecord[];
  /** `performance.now()` at the start [ms]. */
  readonly start: number;
  /** Wall time of earlier sessions [s]. */
  readonly before: number;
}

/** Read the journal and find out what is left. Writes the manifest. */
export async function openSession(
  plan: ExperimentPlan<AnyExperiment>,
  directory: RunDirectory,
  options: { identity: RunIdentity; workers: number; threads?: number; command?: string },
): Promise<Session> {
  const start = performance.now();
  const { identity, workers, command = "" } = options;
  const { folder, journal } = directory;
  const { entries: all, damaged: torn } = await journal.read();
  const groups = new Set(plan.jobs.map(({ group }) => group));
  const known = all.filter(({ group }) => groups.has(group));
  const { entries, flaws } = await keptJobs(known, { experiment: plan.experiment, folder, journal });
  const damaged = [...torn.map((name) => `${RUN_FILES.journal}/${name} is damaged`), ...flaws];
  const jobs = remainingJobs(plan, finishedCells(entries));
  const cells = plan.jobs.reduce((sum, job) => sum + job.cells.length, 0);
  const manifest = directory.earlier ?? newManifest({ ...identity, cajal: identity.version, jobs: 0, cells });
  const kernels = describeKernels();
  if (isTraining(plan.experiment) && jobs.length > 0) warnOfOtherKernels(manifest.sessions, kernels);
  const threads = jobThreads(plan, { workers, jobs: jobs.length, threads: options.threads });
  manifest.sessions.push({
    started: new Date().toISOString(),
    ...{ command, workers, ...(isTraining(plan.experiment) && { threads, bits: BITS_OF_TRAINING }) },
    ...{ kernels, jobs: 0 },
  });
  manifest.hash = null;
  const kept = entries.length;
  const before = manifest.seconds;
  const found = { jobs, threads, entries, kept, damaged };
  const session = { plan, directory, manifest, ...found, failed: [], start, before };
  await saveManifest(session, "running");
  return session;
}

/** Keep the record of a job that ended. */
export async function keepRecord(
  { directory, manifest, entries, failed }: Session,
  job: JobSpec,
  record: JobRecord,
): Promise<void> {
  await directory.journal.add(job, record);
  // A failed job begins anew, whatever it was that stopped it.
  await removeState(directory.folder, job.id);
  if (record.status === "failed") failed.push(record);
  else
    entries.push({
      run: manifest.fingerprint,
      group: job.group,
      cells: job.cells.map(({ index }) => index),
      record,
    });
}

/** Bring the manifest up to date. */
export function updateManifest(session: Session, status: RunStatus): RunManifest {
  const { manifest, entries, failed, jobs, kept, before } = session;
  const records = [...entries.map(({ record }) => record), ...failed].sort((a, b) => (a.id < b.id ? -1 : 1));
  manifest.status = status;
  manifest.jobs = { total: kept + jobs.length, done: entries.length, failed: failed.length };
  manifest.failures = records.flatMap(({ id, status: s, failures }) =>
    failuresOf(id, s === "failed", failures),
  );
  manifest.cells.failed = manifest.failures.filter(({ cell }) => cell !== undefined).length;
  manifest.warnings = [...new Set(records.flatMap(({ warnings = [] }) => warnings))].sort();
  manifest.seconds = before + elapsed(session);
  manifest.jobSeconds = Object.fromEntries(records.map(({ id, seconds }) => [id, seconds]));
  const current = manifest.sessions[manifest.sessions.length - 1];
  current.jobs = entries.length - kept + failed.length;
  if (status !== "running") current.ended = new Date().toISOString();
  return manifest;
}

/** Bring the manifest up to date and write it. */
export async function saveManifest(session: Session, status: RunStatus): Promise<void> {
  const manifest = updateManifest(session, status);
  await session.directory.write(RUN_FILES.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Wall time of this session so far [s]. */
export function elapsed({ start }: Session): number {
  return (performance.now() - start) / 1000;
}

/** A training that goes on by other kernels ends at weights that no undisturbed run has. */
function warnOfOtherKernels(sessions: readonly { kernels?: string }[], kernels: string): void {
  const other = sessions.map((session) => session.kernels).find((k) => k !== undefined && k !== kernels);
  if (other === undefined) return;
  warn(
    "other-kernels",
    `this run was begun by ${other} and goes on by ${kernels}: its weights will differ in last bits from those of a run ` +
      "that was not interrupted. To avoid it, give --native as before, or leave it out as before.",
  );
}
