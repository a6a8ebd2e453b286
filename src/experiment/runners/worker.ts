/**
 * @file What runs in each thread of the pool: one job at a time, the connectome read once.
 */

import type { MessagePort } from "node:worker_threads";
import { workerData } from "piscina";
import { ConnectomeStore } from "../connectome-source.ts";
import type { JobRecord, JobSpec } from "../jobs/job.ts";
import { type JobModule, loadJob } from "./job-module.ts";
import { jobPlace, type PlaceOptions } from "./job-place.ts";
import { runSafely } from "./run-safely.ts";

const store = new ConnectomeStore();
const { jobModule, place } = workerData as { jobModule: JobModule; place: PlaceOptions };
const runJob = loadJob(jobModule);
// The promise is awaited with the first job; until then a rejection must not end the thread.
runJob.catch(() => {});

/** @param options.port - Takes the steps done, and gives word when to stop. */
export default async function runOne({ job, port }: { job: JobSpec; port: MessagePort }): Promise<JobRecord> {
  let stopping = false;
  port.once("message", () => {
    stopping = true;
  });
  try {
    return await runSafely(await runJob, job, {
      connectome: (choice) => store.prepare(choice),
      weights: (source) => store.weights(source),
      trained: (path) => store.trained(path),
      place: jobPlace(job, place, {
        progress: (steps, state) => port.postMessage([steps, state]),
        isStopping: () => stopping,
      }),
    });
  } finally {
    port.close();
  }
}
