/**
 * @file What runs in each thread of the pool: one job at a time, the connectome read once.
 */

import { workerData } from "piscina";
import { ConnectomeStore } from "../connectome-source.ts";
import type { JobContext, JobRecord, JobSpec } from "../jobs/job.ts";
import { type JobModule, loadJob } from "./job-module.ts";
import { runSafely } from "./run-safely.ts";

const store = new ConnectomeStore();
const context: JobContext = { connectome: (experiment) => store.prepare(experiment) };
const { jobModule } = workerData as { jobModule: JobModule };
const runJob = loadJob(jobModule);
// The promise is awaited with the first job; until then a rejection must not end the thread.
runJob.catch(() => {});

export default async function runOne(job: JobSpec): Promise<JobRecord> {
  return runSafely(await runJob, job, context);
}
