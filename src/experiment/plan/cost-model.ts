/**
 * @file What a job will cost, before it runs: linear in the operations of each part. Rough on purpose, within a
 * factor of two or so on a machine of 2024; the constants stand here and nowhere else.
 */

import type { Connectome } from "../../connectome/index.ts";
import type { JobSpec } from "../jobs/job.ts";
import type { ResolvedExperiment } from "../spec/experiment-schema.ts";
import type { SelfOrganisationExperiment } from "../spec/self-organisation-schema.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import { seriesLengths } from "./series-lengths.ts";

/** Cost of a job, the process it runs in left aside. */
export interface Cost {
  /** Wall time on one worker, with its threads [s]. */
  seconds: number;
  /** Peak memory [bytes]. */
  bytes: number;
}

/** Time of one operation [ns], as measured on the C. elegans connectome with 20 instances. */
const NS = {
  /** One weight times one state of one instance. */
  edge: 0.7,
  /** The equations of one unit of one instance for one step. */
  unit: 8,
  /** One product of the Gram matrix of one instance. */
  gram: 0.1,
  /** One multiply-add of a factorisation. */
  factor: 0.2,
  /** One swap of a rewiring, attempts that fail included. */
  swap: 400,
  /** One step of a network that organises itself: the step, each excitatory unit, plastic and frozen; pairs per ns. */
  plasticStep: 500,
  plasticUnit: 45,
  frozenUnit: 8,
  pairs: 400,
  /** Training, for each step of a trial: one weight and one unit, forward and, twice that, backward; f64 twice. */
  trainedWeight: 0.5,
  trainedUnit: 12,
  /** What every job costs before it starts. */
  job: 40e6,
};

/** Multiply-adds of the ridge path for each unit³: tridiagonal form and eigenvalues. */
const FACTORISATIONS = 9;

/** Memory [bytes]. */
const BYTES = {
  edge: 12,
  state: 8,
  /** Copies of the Gram matrix alive at once, those that wait to be collected included. */
  grams: 3,
  main: 110e6,
  worker: 45e6,
};

/** Estimate one job. @param connectome - The empirical connectome after its transforms. */
export function jobCost(job: JobSpec<ResolvedExperiment>, connectome: Connectome, outputs: number): Cost {
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
  const gram = BYTES.grams * (outputs + maxDelay) ** 2 * BYTES.state;
  const states = units * 8 * BYTES.state;
  return {
    seconds: (NS.job + simulate + fit + rewire) / 1e9,
    bytes: edges * BYTES.edge + instances * (gram + states) + 2 * steps * maxDelay * BYTES.state,
  };
}

/** Estimate one job of a network that organises itself. @param nodes - Of the connectome it grows on, if any. */
export function selfOrganisationCost(experiment: SelfOrganisationExperiment, nodes?: number): Cost {
  const units = experiment.network.units ?? nodes ?? 200;
  const { phases, record } = experiment;
  const time = (steps: number, frozen: boolean) =>
    steps * (NS.plasticStep + units * (frozen ? NS.frozenUnit : NS.plasticUnit) + (units * units) / NS.pairs);
  const steps = phases.reduce((sum, phase) => sum + phase.steps, 0);
  const nanoseconds = phases.reduce((sum, p) => sum + time(p.steps, p.freeze === "all"), NS.job);
  const raster = record.raster ? 2 * steps * Math.ceil(units / 8) : 0;
  return { seconds: nanoseconds / 1e9, bytes: 4 * steps + raster + 8 * units * units };
}

/** Sizes that the cost of training depends on. */
export interface TrainingSize {
  /** Steps of the longest trial. */
  steps: number;
  units: number;
  /** Inputs and outputs together. */
  channels: number;
  /** Recurrent synapses. */
  synapses: number;
}

/**
 * Estimate one job of training. Early stopping may end it sooner.
 *
 * @param threads - That the job has; those above its shards are idle, and trials of the test are run by one.
 */
export function trainingCost(
  { updates, batchSize, validation, precision, test, gradient }: TrainingExperiment,
  { steps, units, channels, synapses }: TrainingSize,
  threads = 1,
): Cost {
  const wide = precision === "f64" ? 2 : 1;
  const weights = synapses + units * channels;
  const forward = steps * wide * (weights * NS.trainedWeight + units * NS.trainedUnit);
  const validated = validation ? Math.ceil(updates / validation.every) * validation.trials : 0;
  // Shards are shared out whole.
  const shards = gradient.shards ?? 1;
  const share = Math.ceil(shards / Math.min(threads, shards)) / shards;
  const trials = share * (3 * updates * batchSize + validated) + 2 * test.trials;
  const frames = 4 * wide * steps * batchSize * (6 * units + channels);
  return {
    seconds: (NS.job + trials * forward) / 1e9,
    bytes: frames + 8 * 10 * weights + 8 * Math.min(50, test.trials) * steps * units,
  };
}

/** Memory of a whole run [bytes]: the program, its workers, and the largest job in each. */
export function totalBytes(costs: readonly Cost[], workers: number): number {
  const largest = costs.reduce((most, cost) => Math.max(most, cost.bytes), 0);
  const threads = Math.min(workers, costs.length);
  return BYTES.main + threads * BYTES.worker + Math.max(1, threads) * largest;
}

/** Wall time of many jobs on some workers [s]: no worker idles but at the end. */
export function totalSeconds(costs: readonly Cost[], workers: number): number {
  const sum = costs.reduce((total, cost) => total + cost.seconds, 0);
  const longest = costs.reduce((most, cost) => Math.max(most, cost.seconds), 0);
  return Math.max(longest, sum / Math.max(1, workers));
}
