/**
 * @file Keep every lane of a runner busy until all jobs are done, or the signal says stop.
 */

import type { JobRecord, JobSpec, JobState } from "../jobs/job.ts";
import type { Runner } from "./runner.ts";

/** What happens to jobs while they run. */
export interface JobListener {
  started?(job: JobSpec): void;
  progress?(job: JobSpec, steps: number, state?: JobState): void;
  /** Awaited before the lane takes its next job; when it rejects, everything stops. */
  ended(job: JobSpec, record: JobRecord): Promise<void>;
}

/**
 * Run jobs in order, `runner.lanes` at a time.
 *
 * @returns Whether all were run; false when `signal` was aborted.
 * @throws What `listener.ended` throws, after the other lanes have come to rest.
 */
export async function runJobs(
  jobs: readonly JobSpec[],
  runner: Runner,
  options: { listener: JobListener; signal: AbortSignal },
): Promise<boolean> {
  const { listener } = options;
  // One signal for the user's stop and for a failed journal: both end running jobs at once.
  const stop = new AbortController();
  const forward = () => stop.abort(options.signal.reason);
  options.signal.addEventListener("abort", forward, { once: true });
  if (options.signal.aborted) forward();
  let next = 0;
  let failure: { error: unknown } | undefined;
  const lane = async () => {
    while (next < jobs.length && !stop.signal.aborted) {
      const job = jobs[next++];
      listener.started?.(job);
      let record: JobRecord;
      try {
        record = await runner.run(job, stop.signal, (steps, state) => listener.progress?.(job, steps, state));
      } catch (error) {
        if (!stop.signal.aborted) failure ??= { error };
        stop.abort();
        return;
      }
      try {
        await listener.ended(job, record);
      } catch (error) {
        failure ??= { error };
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(runner.lanes, jobs.length) }, lane));
  options.signal.removeEventListener("abort", forward);
  if (failure) throw failure.error;
  return !stop.signal.aborted;
}
