/**
 * @file Which function of which module runs a task. Jobs are loaded by address, so that a worker loads nothing else.
 */

import type { RunJob } from "../jobs/job.ts";
import { type AnyExperiment, kindOf } from "../spec/experiment-kind.ts";

/** A module and the name of its {@link RunJob}. */
export interface JobModule {
  url: string;
  name: string;
}

/** Files seen from this folder, without the ending, and the function in each. */
const JOBS = {
  memory: { file: "../jobs/memory-job", name: "runMemoryJob" },
  "self-organisation": { file: "../jobs/self-organisation-job", name: "runSelfOrganisationJob" },
  training: { file: "../jobs/training-job", name: "runTrainingJob" },
} as const;

/** The module that runs an experiment. */
export function jobModuleOf(experiment: AnyExperiment): JobModule {
  const { file, name } = JOBS[kindOf(experiment)];
  const here = import.meta.url;
  // Sources end in .ts, the build in .js; the neighbour ends as we do.
  return { url: new URL(file + here.slice(here.lastIndexOf(".")), here).href, name };
}

/** Load the function of a module. */
export async function loadJob({ url, name }: JobModule): Promise<RunJob> {
  const module = (await import(/* @vite-ignore */ url)) as Record<string, RunJob>;
  if (typeof module[name] === "function") return module[name];
  throw new Error(`${url} has no function ${name}`);
}
