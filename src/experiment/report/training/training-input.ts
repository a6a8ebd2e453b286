/**
 * @file What the report of trained networks is made from: plain data, already read.
 */

import type {
  HistoryArrays,
  TrainingFacts,
  TrainingRecord,
  ValidationArrays,
} from "../../results/training-record.ts";
import type { FactorValue } from "../../spec/factors.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import type { RunFacts } from "../report-input.ts";

/** One job: one network, trained once. */
export interface TrainingRun {
  job: string;
  repeat: number;
  /** Empty for a job that broke down. */
  metrics: Readonly<Record<string, number>>;
  /** Wall time [s]; left out where it is not known whole. */
  seconds?: number;
  /** Left out for a job that left no record. */
  facts?: TrainingFacts;
  history?: HistoryArrays;
  validation?: ValidationArrays;
}

/** One cell of the sweep with all its repeats. */
export interface TrainingSetting {
  /** Values of the sweep, by path. */
  factors: Readonly<Record<string, FactorValue>>;
  /** The experiment of this cell. */
  experiment: TrainingExperiment;
  runs: readonly TrainingRun[];
}

/** The network that pictures of one network show. */
export interface ShownNetwork {
  setting: number;
  repeat: number;
  record: TrainingRecord;
}

/** Everything the report shows. */
export interface TrainingInput {
  title: string;
  experiment: TrainingExperiment;
  experimentYaml: string;
  run: RunFacts;
  settings: readonly TrainingSetting[];
  /** Undefined when no job left a record that shows anything. */
  shown?: ShownNetwork;
  failures: readonly { job: string; cell?: number; message: string }[];
  warnings: readonly string[];
}
