/**
 * @file What a job is and what it leaves behind: plain data that crosses to a worker and lies in the journal.
 */

import type { Connectome } from "../../connectome/index.ts";
import type { AnyExperiment } from "../spec/experiment-kind.ts";
import type { NullModel, ResolvedExperiment } from "../spec/experiment-schema.ts";
import type { FactorValue } from "../spec/factors.ts";
import type { WeightsFileSource } from "../spec/weights-file-schema.ts";
import type { TrainedFile } from "../weights-file/read-trained-file.ts";
import type { FileWeights } from "../weights-file/read-weights-file.ts";

/** One network, one repeat, some cells of the grid that run together as instances. */
export interface JobSpec<E extends AnyExperiment = AnyExperiment> {
  /** Name of its journal record, e.g. `rewired-03.r0`; ends in `.c5` when the job holds cells 5 … of a larger group. */
  id: string;
  /** Place in the plan, from 0. */
  index: number;
  /** Name of the group of cells the job belongs to, whatever the chunking: the `job` column of the metrics. */
  group: string;
  /** The experiment with the fixed factors at their values; each of `cells` lays its own over it. */
  experiment: E;
  /** `empirical`, or the name of a null model; of a network that organises itself `full`, or `no-` and a rule; of one that is trained, its model. */
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
  /** Steps to simulate, or updates to train, of a job that tells how far it is. */
  steps?: number;
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
  /** Files of results the job wrote, by path within the run directory; the runner fills it in. */
  files?: Record<string, FileMark>;
}

/** What a file was when it was written: tells later whether it still is. */
export interface FileMark {
  bytes: number;
  /** In hexadecimal digits. */
  sha256: string;
}

/** What a job may ask of its surroundings. */
export interface JobContext {
  /** The empirical connectome of an experiment after its transforms; read once for each worker. */
  connectome(experiment: PreparedChoice): Promise<Connectome>;
  /** Weights of one projection from a file; read once for each worker. */
  weights(source: WeightsFileSource): Promise<FileWeights>;
  /** All that an earlier run trained, from its file; read once for each worker. */
  trained(path: string): Promise<TrainedFile>;
}

/** What says how a connectome is read and transformed. */
export type PreparedChoice = Pick<ResolvedExperiment, "connectome" | "transforms" | "seed">;

/** How a job stands: its loss if it is trained, or a few words. */
export type JobState = number | string;

/** A job's place in its run directory, and the display that shows how far it is. */
export interface JobPlace {
  /** What an earlier, interrupted attempt at this job left by {@link save}; undefined when there is nothing whole. */
  saved(): Promise<Uint8Array | undefined>;
  /** Keep the state of the job; when this returns, it outlives a power cut. */
  save(state: Uint8Array): Promise<void>;
  /** Longest time between two calls of {@link save} [s]. */
  readonly saveEvery: number;
  /** Threads that the job may use, its own among them; no bit of its results depends on them. */
  readonly threads: number;
  /**
   * Write a file of results of this job.
   *
   * @param extension - E.g. `npz`.
   * @param into - Folder, default `records`.
   */
  write(extension: string, content: Uint8Array, into?: "records" | "weights"): Promise<void>;
  /** Tell how many of the job's steps are done. @param state - How it stands. */
  progress(steps: number, state?: JobState): void;
  /** Whether the user has asked to stop: a job that sees this saves its state and throws {@link JobStopped}. */
  isStopping(): boolean;
}

/** Thrown by a job that has saved its state because the user asked to stop. */
export class JobStopped extends Error {}

/** A function that runs one job. It may throw; the runner makes a failed record of that. */
export type RunJob<E extends AnyExperiment = AnyExperiment> = (
  job: JobSpec<E>,
  context: JobContext & { place: JobPlace },
) => Promise<JobRecord>;
