/**
 * @file From a valid experiment to its jobs: networks × repeats × fixed factors, each with its cells as instances.
 */

import type { JobSpec } from "../jobs/job.ts";
import type { AnyExperiment } from "../spec/experiment-kind.ts";
import type { NullModel, ResolvedExperiment } from "../spec/experiment-schema.ts";
import { type FactorValue, factorValue } from "../spec/factors.ts";
import { cellCount, cellIndices } from "../spec/grid.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";
import { describeFixed, type PlannedFactor, planFactors } from "./planned-factors.ts";

/** The empirical network, or a family of nulls. */
export interface PlannedNetwork {
  name: string;
  /** Null for the empirical network. */
  model: NullModel | null;
  /** Copies: 1, or the number of nulls. */
  count: number;
}

/** Everything that will run, as plain data. */
export interface ExperimentPlan<E extends AnyExperiment = ResolvedExperiment> {
  experiment: E;
  factors: readonly PlannedFactor[];
  networks: readonly PlannedNetwork[];
  jobs: readonly JobSpec<E>[];
  /** Cells of the sweep's grid. */
  cells: number;
}

/** Cells of one job unless `instances` says otherwise: bounds the memory of a job. */
export const DEFAULT_INSTANCES = 64;

/** Paths whose values the engine takes for each instance; all other factors need a network of their own. */
export const INSTANCE_PATHS: ReadonlySet<string> = new Set([
  "network.spectralRadius",
  "network.input.gain",
  "network.neuron.leakRate",
  "network.noise",
]);

/**
 * The jobs of an experiment, in the order they start: the empirical network first.
 *
 * @param options.instances - Most cells in one job; results do not depend on it.
 */
export function planExperiment(resolved: Resolved, options: { instances?: number } = {}): ExperimentPlan {
  const { instances = DEFAULT_INSTANCES } = options;
  const { experiment } = resolved;
  const factors = planFactors(resolved.factors, INSTANCE_PATHS);
  const networks = planNetworks(experiment);
  const groups = fixedGroups(resolved, factors);
  const jobs: JobSpec<ResolvedExperiment>[] = [];
  for (const { name, model, count } of networks) {
    for (let copy = 0; copy < count; copy++) {
      for (let repeat = 0; repeat < experiment.repeat; repeat++) {
        for (const { suffix, fixed, cells, experiment: own } of groups) {
          const network = model ? `${name}-${padded(copy, count)}` : name;
          const group = `${network}.r${repeat}${suffix}`;
          for (const part of chunks(cells, instances)) {
            const id = part.length === cells.length ? group : `${group}.c${part[0].index}`;
            jobs.push({
              id,
              index: jobs.length,
              group,
              experiment: own,
              network: name,
              nullModel: model,
              nullIndex: model ? copy : null,
              repeat,
              fixed,
              cells: part,
            });
          }
        }
      }
    }
  }
  return { experiment, factors, networks, jobs, cells: cellCount(factors) };
}

/**
 * A plan with only the cells that are not done yet; jobs without any left are gone.
 *
 * @param done - Numbers of the finished cells by group.
 */
export function remainingJobs(
  plan: ExperimentPlan<AnyExperiment>,
  done: ReadonlyMap<string, ReadonlySet<number>>,
): JobSpec[] {
  return plan.jobs.flatMap((job) => {
    const finished = done.get(job.group);
    if (!finished) return [job];
    const cells = job.cells.filter(({ index }) => !finished.has(index));
    if (cells.length === 0) return [];
    // Records are named by their first cell: a part of a group must never take the name of the whole.
    return cells.length === job.cells.length
      ? [job]
      : [{ ...job, id: `${job.group}.c${cells[0].index}`, cells }];
  });
}

/** Name of a null model in tables. */
export function nullName(model: NullModel): string {
  return model.name ?? model.kind;
}

// Implementation

interface FixedGroup {
  suffix: string;
  fixed: Record<string, FactorValue>;
  cells: JobSpec["cells"];
  experiment: ResolvedExperiment;
}

function planNetworks({ nullModels }: ResolvedExperiment): PlannedNetwork[] {
  const nulls = nullModels.map((model) => ({ name: nullName(model), model, count: model.count }));
  return [{ name: "empirical", model: null, count: 1 }, ...nulls];
}

/** Cells of the grid, gathered by the values of the factors that cannot run side by side. */
function fixedGroups(resolved: Resolved, factors: readonly PlannedFactor[]): FixedGroup[] {
  const groups = new Map<string, FixedGroup>();
  const count = cellCount(factors);
  for (let index = 0; index < count; index++) {
    const indices = cellIndices(factors, index);
    const key = factors.map((f, i) => (f.instance ? "" : indices[i])).join(",");
    let group = groups.get(key);
    if (!group) {
      const experiment = resolved.cell(indices.map((value, i) => (factors[i].instance ? 0 : value)));
      group = { ...describeFixed(factors, indices), cells: [], experiment };
      groups.set(key, group);
    }
    const values: Record<string, FactorValue> = {};
    for (const [i, f] of factors.entries())
      if (f.instance) values[f.name] = factorValue(f.values[indices[i]]);
    group.cells.push({ index, factors: values });
  }
  return [...groups.values()];
}

function chunks<T>(items: readonly T[], most: number): T[][] {
  const parts = Math.ceil(items.length / Math.max(1, most));
  return Array.from({ length: parts }, (_, i) =>
    items.slice(Math.floor((i * items.length) / parts), Math.floor(((i + 1) * items.length) / parts)),
  );
}

function padded(index: number, count: number): string {
  return String(index).padStart(Math.max(2, String(count - 1).length), "0");
}
