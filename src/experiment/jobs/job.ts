/**
 * @file What a job is and what it leaves behind: plain data that crosses to a worker and lies in the journal.
 */

import type { Connectome } from "../../connectome/index.ts";
import type { NullModel, ResolvedExperiment } from "../spec/experiment-schema.ts";
import type { FactorValue } from "../spec/factors.ts";

/** One network, one repeat, some cells of the grid that run together as instances. */
export interface JobSpec {
  /** Name of its journal record, e.g. `rewired-03.r0`; ends in `.c5` when the job holds cells 5 … of a larger group. */
  id: string;
  /** Place in the plan, from 0. */
  index: number;
  /** Name of the group of cells the job belongs to, whatever the chunking: the `job` column of the metrics. */
  group: string;
  /** The experiment with the fixed factors at their values; each of `cells` lays its own over it. */
  experiment: ResolvedExperiment;
  /** `empirical`, or the name of a null model. */
  network: string;
  /** The null model to draw from; null for the empirical network. */
  nullModel: NullModel | null;
  /** Number of the copy, from 0; null for the empirical network. */
  nullIndex: number | null;
  /** From 0. */
  repeat: number;
  /** Values of the factors that are the same for all cells, by path. */
  fixed: Record<string, FactorValue>;
  /** Values of the factors that run as instances, by path; `index` is the cell's number in the whole grid. */
  cells: { index: number; factors: Record<string, FactorValue> }[];
}

/** One number of the tidy table. The runner adds network, null, repeat and the fixed factors to `factors`. */
export interface MetricRow {
  job: string;
  /** By path; at least those of the row's cell. */
  factors: Record<string, FactorValue | null>;
  metric: string;
  /** Delay [steps] of a metric that has one. */
  delay: number | null;
  value: number;
}

/** A cell that gave no result, e.g. because its activity diverged. */
export interface CellFailure {
  /** Number of the cell in the grid, from 0. */
  cell: number;
  message: string;
}

/** What is left of a finished job. `failed`: an error stopped it as a whole. */
export interface JobRecord {
  id: string;
  status: "done" | "failed";
  rows: MetricRow[];
  failures: CellFailure[];
  /** Wall time [s]; not part of the results. */
  seconds: number;
  /** What the library warned of while the job ran; the runner fills it in. */
  warnings?: string[];
}

/** What a job may ask of its surroundings. */
export interface JobContext {
  /** The empirical connectome of an experiment after its transforms; read once for each worker. */
  connectome(experiment: ResolvedExperiment): Promise<Connectome>;
}

/** A function that runs one job. It may throw; the runner makes a failed record of that. */
export type RunJob = (job: JobSpec, context: JobContext) => Promise<JobRecord>;
