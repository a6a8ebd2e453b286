/**
 * @file From a file name to a checked plan: what `run` and `check` have in common.
 */

import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { CajalError, nearest } from "../src/core/index.ts";
import {
  type AnyExperiment,
  ConnectomeStore,
  checkExperiment,
  checkSelfOrganisation,
  checkTraining,
  type ExperimentPlan,
  experimentKind,
  isTraining,
  parseExperiment,
  planExperiment,
  planSelfOrganisation,
  planTraining,
  resolveExperiment,
  resolveSelfOrganisation,
  resolveTrainingExperiment,
  type SelfOrganisationExperiment,
  type TrainingExperiment,
} from "../src/experiment/index.ts";

import { decodeText } from "./decode-text.ts";
import { plural } from "./format.ts";

/** A plan that can run. */
export type Prepared =
  | { kind: "memory"; plan: ExperimentPlan; store: ConnectomeStore }
  | { kind: "self-organisation"; plan: ExperimentPlan<SelfOrganisationExperiment>; store: ConnectomeStore }
  | { kind: "training"; plan: ExperimentPlan<TrainingExperiment>; store: ConnectomeStore };

/**
 * Read, resolve, check and plan an experiment.
 *
 * @param options.set - `--set` options.
 * @throws CajalError with every problem.
 */
export async function prepare(
  file: string,
  options: { set: readonly string[]; cwd: string; instances?: number },
): Promise<Prepared> {
  const { set, cwd, instances } = options;
  const path = resolve(cwd, file);
  const source = parseExperiment(await readText(path, file), { file, set });
  const folders = { folder: dirname(path), workingFolder: cwd };
  const store = new ConnectomeStore();
  const kind = experimentKind(source);
  if (kind === "self-organisation") {
    const resolved = resolveSelfOrganisation(source, folders);
    await checkSelfOrganisation(resolved, store);
    return { kind, plan: planSelfOrganisation(resolved), store };
  }
  if (kind === "training") {
    const resolved = resolveTrainingExperiment(source, folders);
    await checkTraining(resolved, store);
    return { kind, plan: planTraining(resolved), store };
  }
  const resolved = resolveExperiment(source, folders);
  await checkExperiment(resolved, store);
  return { kind, plan: planExperiment(resolved, { instances }), store };
}

/** `21 networks × 2 repeats × 20 cells in 42 jobs`. */
export function planWords({ networks, experiment, cells, jobs }: ExperimentPlan<AnyExperiment>): string {
  const count = networks.reduce((sum, network) => sum + network.count, 0);
  const { repeat } = experiment;
  const steps = jobs.reduce((sum, job) => sum + (job.steps ?? 0), 0);
  const parts = [
    plural(count, "network"),
    ...(repeat > 1 ? [plural(repeat, "repeat")] : []),
    ...(cells > 1 ? [plural(cells, "cell")] : []),
  ];
  return `${parts.join(" × ")} in ${plural(jobs.length, "job")}${steps > 0 ? `, ${plural(steps, stepWord(experiment))}` : ""}`;
}

/** What the steps of a job are. */
export function stepWord(experiment: AnyExperiment): "step" | "update" {
  return isTraining(experiment) ? "update" : "step";
}

// Implementation

async function readText(path: string, file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EISDIR")
      throw new CajalError(`${file} is a folder, not an experiment file`, { code: "not-a-file", cause });
    if (code !== "ENOENT")
      throw new CajalError(`${file} cannot be read: ${message}`, { code: "unreadable-file", cause });
    const near = nearest(basename(path), await readdir(dirname(path)).catch(() => []));
    const hint = near === undefined ? "Make one to start from: cajal new" : `Did you mean ${near}?`;
    throw new CajalError(`there is no file ${file}`, { code: "no-such-file", hint, cause });
  }
  return decodeText(bytes, { file, hint: "An experiment file is YAML text, saved as UTF-8." });
}
