/**
 * @file What a job will cost, before it runs: linear in the operations of each part. Rough on purpose, within a
 * factor of two or so on a machine of 2024; the constants stand here and nowhere else.
 */

import type { Connectome } from "../../connectome/index.ts";
import type { JobSpec } from "../jobs/job.ts";
import { seriesLengths } from "./series-lengths.ts";

/** Cost of a job. */
export interface Cost {
  /** Wall time on one worker [s]. */
  seconds: number;
  /** Peak memory [bytes]. */
  bytes: number;
}

/** Time of one operation [ns]. */
const NS = {
  /** One weight times one state of one instance. */
  edge: 0.6,
  /** The equations of one unit of one instance for one step. */
  unit: 6,
  /** One product of the Gram matrix of one instance. */
  gram: 0.35,
  /** One multiply-add of a factorisation. */
  factor: 0.8,
  /** One attempted swap of a rewiring. */
  swap: 250,
  /** What every job costs before it starts. */
  job: 15e6,
};

/** Multiply-adds of the ridge path for each unit³: eigendecomposition included. */
const FACTORISATIONS = 9;

/** Memory [bytes]. */
const BYTES = { edge: 12, state: 8, process: 12e6 };

/** Estimate one job. @param connectome - The empirical connectome after its transforms. */
export function jobCost(job: JobSpec, connectome: Connectome, outputs: number): Cost {
  const { experiment, cells, nullModel } = job;
  const units = connectome.weights.rows;
  const edges = connectome.weights.values.length;
  const { train, test } = seriesLengths(experiment);
  const { steps, maxDelay } = experiment.task;
  const instances = cells.length;
  const simulate = instances * steps * (edges * NS.edge + units * NS.unit);
  const fit =
    instances *
    ((train + test) * outputs * (outputs / 2 + maxDelay) * NS.gram +
      FACTORISATIONS * outputs ** 3 * NS.factor);
  const rewire = nullModel ? edges * nullModel.swapsPerEdge * NS.swap : 0;
  const gram = outputs * (outputs + 2 * maxDelay) * BYTES.state;
  return {
    seconds: (NS.job + simulate + fit + rewire) / 1e9,
    bytes:
      BYTES.process +
      edges * BYTES.edge +
      instances * (gram + units * 8 * BYTES.state) +
      steps * maxDelay * BYTES.state,
  };
}

/** Wall time of many jobs on some workers [s]: no worker idles but at the end. */
export function totalSeconds(costs: readonly Cost[], workers: number): number {
  const sum = costs.reduce((total, cost) => total + cost.seconds, 0);
  const longest = costs.reduce((most, cost) => Math.max(most, cost.seconds), 0);
  return Math.max(longest, sum / Math.max(1, workers));
}
