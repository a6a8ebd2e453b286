/**
 * @file How many threads each job gets: what cores the workers leave, and no more than a batch has shards.
 */

import { availableParallelism } from "node:os";
import type { ExperimentPlan } from "../plan/plan-experiment.ts";
import { type AnyExperiment, isTraining } from "../spec/experiment-kind.ts";

/**
 * Threads of each job.
 *
 * @param options.jobs - How many there are to run.
 * @param options.threads - As asked for; default what cores remain.
 */
export function jobThreads(
  plan: Pick<ExperimentPlan<AnyExperiment>, "jobs">,
  { workers, jobs, threads }: { workers: number; jobs: number; threads?: number },
): number {
  const spare = Math.floor(availableParallelism() / Math.max(1, Math.min(workers, jobs)));
  return Math.min(mostShards(plan) ?? 1, threads ?? Math.max(1, spare));
}

// Implementation

/** Parts of a batch that can be trained at once, in the job that has most; undefined where nothing is trained. */
function mostShards({ jobs }: Pick<ExperimentPlan<AnyExperiment>, "jobs">): number | undefined {
  const all = jobs.flatMap(({ experiment }) =>
    isTraining(experiment) ? [experiment.gradient.shards ?? 1] : [],
  );
  return all.length > 0 ? Math.max(...all) : undefined;
}
