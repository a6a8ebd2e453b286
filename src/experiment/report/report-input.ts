/**
 * @file What a report is made from: plain data, already computed. Everything in it is escaped before it is shown.
 */

import type { SparseMatrix } from "../../core/index.ts";

/** One number of the tidy table. */
export interface ReportRow {
  job: string;
  /**
   * `network` (`empirical` or the name of a null model), `null` (number of the copy; null for the real network),
   * `repeat`, and every swept path, e.g. `network.spectralRadius`.
   */
  factors: Readonly<Record<string, string | number | null>>;
  metric: string;
  /** Delay [steps] of a metric that has one. */
  delay: number | null;
  value: number;
}

/** When, where and with what the run was made. */
export interface RunFacts {
  /** Version of each program, e.g. `{ cajal: "0.1.0", node: "20.20.2" }`. */
  versions: Readonly<Record<string, string>>;
  seed: number;
  /** The computer in words, e.g. `linux x64, 2 × Some CPU`. */
  machine: string;
  /** ISO date and time. */
  startedAt?: string;
  /** Wall time [s]. */
  seconds: number;
  /** Of the metrics table. */
  hash: string;
  jobs: { done: number; failed: number };
  command?: string;
  /** Of each job, where networks are trained. */
  threads?: number;
}

/** The wiring, as simulated (after its transforms). */
export interface ConnectomeFacts {
  name: string;
  /** `(post, pre)`. */
  weights: SparseMatrix;
  labels?: readonly string[];
  types?: readonly (string | null | undefined)[];
  /** How to cite the data. */
  citation?: string;
  /** Facts shown beside the matrix: nodes, edges, density … */
  summary: Readonly<Record<string, number | string>>;
  /** Name and unit of a weight, default `Weight`. */
  weightLabel?: string;
  /** What a node is, default `unit`. */
  nodeName?: string;
}

/** How λ of the ridge readout was found. */
export type LambdaPolicy =
  | { policy: "gcv"; from: number; to: number; count?: number }
  | { policy: "fixed"; value: number }
  | { policy: "swept" };

/** What was done, for the methods paragraph. Absent facts are left out of it. */
export interface MethodsFacts {
  task: {
    /** E.g. `memory-capacity`. */
    name: string;
    /** Length of the input series [steps], and what of it is discarded, trained and tested on. */
    steps: number;
    washout: number;
    trainSteps?: number;
    testSteps?: number;
    /** Delays 1 … k [steps]. */
    maxDelay?: number;
    /** The input in words, e.g. `uniform in −1 … 1`. */
    input?: string;
  };
  network: {
    nodes: number;
    /** The neuron's equations, as text. */
    neuron: string;
    activation?: string;
    leakRate?: number;
    inputNodes?: number;
    outputNodes?: number;
    inputGain?: number;
    /** Input weights in words. */
    inputWeights?: string;
    noise?: number;
    bias?: number;
  };
  readout: { kind: string; standardized?: boolean; intercept?: boolean; lambda?: LambdaPolicy };
  /** Null models by name as in the rows; `methods` says how they are made, with its citation. */
  nulls: readonly { name: string; count: number; methods?: string; swapsPerEdge?: number }[];
  /** Steps from the data to the simulated weights, in words. */
  transforms?: readonly string[];
  /** References the facts above cite, in full. */
  references?: readonly string[];
}

/** Everything a report shows. */
export interface ReportInput {
  title: string;
  rows: readonly ReportRow[];
  /** The metric that answers the question, e.g. `memoryCapacity`. */
  metric: string;
  /** Path on the horizontal axis; default: the spectral radius if it was swept, else the first swept path. */
  sweptFactor?: string;
  /** All other swept paths. */
  otherFactors: readonly string[];
  /** Swept value of the second, fixed comparison; default 0.9 on an axis of spectral radii, none on others. */
  fixedAt?: number;
  /** The resolved file. */
  experimentYaml: string;
  run: RunFacts;
  connectome: ConnectomeFacts;
  methods: MethodsFacts;
  failures: readonly { job: string; message: string }[];
}
