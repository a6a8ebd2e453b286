/**
 * @file Which function of which module runs a task. Jobs are loaded by address, so that a worker loads nothing else.
 */

import type { RunJob } from "../jobs/job.ts";
import type { ResolvedExperiment } from "../spec/experiment-schema.ts";

/** A module and the name of its {@link RunJob}. */
export interface JobModule {
  url: string;
  name: string;
}

/** Of each task: its file seen from this folder, without the ending, and the function in it. */
const JOBS: Record<ResolvedExperiment["task"]["kind"], { file: string; name: string }> = {
  "memory-capacity": { file: "../jobs/memory-job", name: "runMemoryJob" },
};

/** The module that runs a task. */
export function jobModuleOf(task: ResolvedExperiment["task"]["kind"]): JobModule {
  const { file, name } = JOBS[task];
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
