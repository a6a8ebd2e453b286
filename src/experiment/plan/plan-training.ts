/**
 * @file From a valid experiment with networks to train to its jobs: repeats × cells of the sweep, each one network.
 */

import type { JobSpec } from "../jobs/job.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import type { ExperimentPlan } from "./plan-experiment.ts";
import { planCells } from "./planned-factors.ts";

/** The jobs of an experiment, in the order they start: all cells of a repeat, then the next repeat. */
export function planTraining(resolved: Resolved<TrainingExperiment>): ExperimentPlan<TrainingExperiment> {
  const { experiment } = resolved;
  const { factors, settings } = planCells(resolved);
  const jobs: JobSpec<TrainingExperiment>[] = [];
  for (let repeat = 0; repeat < experiment.repeat; repeat++) {
    for (const { index, suffix, fixed, experiment: own } of settings) {
      const network = own.network.model;
      const id = `${network}.r${repeat}${suffix}`;
      jobs.push({
        ...{ id, group: id, network, repeat, fixed },
        index: jobs.length,
        experiment: own,
        nullModel: null,
        nullIndex: null,
        cells: [{ index, factors: {} }],
        steps: own.updates,
      });
    }
  }
  const names = [...new Set(settings.map(({ experiment: own }) => own.network.model))];
  const networks = names.map((name) => ({ name, model: null, count: 1 }));
  return { experiment, factors, networks, jobs, cells: settings.length };
}
