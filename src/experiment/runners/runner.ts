/**
 * @file Where jobs run: in a pool of threads, or in this one.
 */

import { ConnectomeStore } from "../connectome-source.ts";
import { describeError } from "../describe-error.ts";
import type { JobContext, JobRecord, JobSpec } from "../jobs/job.ts";
import { type JobModule, loadJob } from "./job-module.ts";
import { failedRecord, runSafely } from "./run-safely.ts";

/** Runs jobs. */
export interface Runner {
  /** Jobs that can run at once. */
  readonly lanes: number;
  /** Never rejects but with the signal's abort: whatever goes wrong is a failed record. */
  run(job: JobSpec, signal: AbortSignal): Promise<JobRecord>;
  close(): Promise<void>;
}

/** Jobs in this thread, one after another; for debugging and very small runs. */
export function inlineRunner(jobModule: JobModule, store = new ConnectomeStore()): Runner {
  const context: JobContext = { connectome: (experiment) => store.prepare(experiment) };
  const runJob = loadJob(jobModule);
  runJob.catch(() => {});
  return {
    lanes: 1,
    async run(job, signal) {
      // Let timers and signals be heard between two jobs.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      return runSafely(await runJob, job, context);
    },
    async close() {},
  };
}

/** Jobs in `workers` threads. */
export async function poolRunner(jobModule: JobModule, workers: number): Promise<Runner> {
  const { Piscina } = await import("piscina");
  const here = import.meta.url;
  const pool = new Piscina({
    filename: new URL(`./worker${here.slice(here.lastIndexOf("."))}`, here).href,
    workerData: { jobModule },
    minThreads: workers,
    maxThreads: workers,
  });
  // A thread that dies between two jobs is replaced; without a listener the event would end this process.
  pool.on("error", () => {});
  return {
    lanes: workers,
    async run(job, signal) {
      try {
        return (await pool.run(job, { signal })) as JobRecord;
      } catch (error) {
        signal.throwIfAborted();
        // The thread itself died (out of memory, process.exit): the pool has replaced it.
        return failedRecord(job, `the worker stopped: ${describeError(error)}`);
      }
    },
    close: () => pool.destroy(),
  };
}
