/**
 * @file Where jobs run: in a pool of threads, or in this one.
 */

import { MessageChannel } from "node:worker_threads";
import { ConnectomeStore } from "../connectome-source.ts";
import { describeError } from "../describe-error.ts";
import type { JobRecord, JobSpec, JobState } from "../jobs/job.ts";
import { type JobModule, loadJob } from "./job-module.ts";
import { jobPlace, type PlaceOptions } from "./job-place.ts";
import { failedRecord, runSafely } from "./run-safely.ts";

/** Told how many of its steps a job has done, and how it stands. */
export type ProgressListener = (steps: number, state?: JobState) => void;

/** Runs jobs. */
export interface Runner {
  /** Jobs that can run at once. */
  readonly lanes: number;
  /**
   * Never rejects but with the signal's abort: whatever goes wrong is a failed record.
   *
   * @param progress - Called with the steps that a job has done, where it tells.
   */
  run(job: JobSpec, signal: AbortSignal, progress?: ProgressListener): Promise<JobRecord>;
  close(): Promise<void>;
}

/** Jobs in this thread, one after another; for debugging and very small runs. */
export function inlineRunner(jobModule: JobModule, options: PlaceOptions): Runner {
  const store = new ConnectomeStore();
  const runJob = loadJob(jobModule);
  runJob.catch(() => {});
  return {
    lanes: 1,
    async run(job, signal, progress = () => {}) {
      // Let timers and signals be heard between two jobs.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      const place = jobPlace(job, options, { progress, isStopping: () => signal.aborted });
      const context = {
        connectome: store.prepare.bind(store),
        weights: store.weights.bind(store),
        trained: store.trained.bind(store),
        place,
      };
      return runSafely(await runJob, job, context);
    },
    async close() {},
  };
}

/** Time that a job has to save its state when it is stopped [ms]. */
const GRACE = 10_000;

/** Jobs in `workers` threads. */
export async function poolRunner(
  jobModule: JobModule,
  workers: number,
  place: PlaceOptions,
): Promise<Runner> {
  const { Piscina } = await import("piscina");
  const here = import.meta.url;
  const pool = new Piscina({
    filename: new URL(`./worker${here.slice(here.lastIndexOf("."))}`, here).href,
    workerData: { jobModule, place },
    minThreads: workers,
    maxThreads: workers,
  });
  // A thread that dies between two jobs is replaced; without a listener the event would end this process.
  pool.on("error", () => {});
  return {
    lanes: workers,
    async run(job, signal, progress) {
      const { port1, port2 } = new MessageChannel();
      port1.on("message", ([steps, state]: [number, JobState?]) => progress?.(steps, state));
      const { kill, close } = softStop(job, signal, () => port1.postMessage("stop"));
      try {
        return (await pool.run({ job, port: port2 }, { signal: kill, transferList: [port2] })) as JobRecord;
      } catch (error) {
        signal.throwIfAborted();
        // The thread itself died (out of memory, process.exit): the pool has replaced it.
        return failedRecord(job, `the worker stopped: ${describeError(error)}`);
      } finally {
        close();
        port1.close();
      }
    },
    close: () => pool.destroy(),
  };
}

// Implementation

/** A signal that ends the thread: at once for a short job, after a time of grace for one that can save its state. */
function softStop(
  { steps }: JobSpec,
  signal: AbortSignal,
  ask: () => void,
): { kill: AbortSignal; close: () => void } {
  if (steps === undefined) return { kill: signal, close() {} };
  const killer = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    ask();
    timer = setTimeout(() => killer.abort(), GRACE);
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return {
    kill: killer.signal,
    close() {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    },
  };
}
