/**
 * @file `run.json`: what ran, where, with which versions and seeds, how long it took, and how it ended.
 */

import { arch, cpus, platform, release, totalmem } from "node:os";
import type { CellFailure } from "../jobs/job.ts";
import type { AnyExperiment } from "../spec/experiment-kind.ts";

/** `interrupted`: by the user; `stopped`: by an error outside the jobs, e.g. a full disk. Both go on with `--resume`. */
export type RunStatus = "running" | "finished" | "interrupted" | "stopped";

/** A job that failed, or cells of it that gave no result. */
export interface JobFailure {
  job: string;
  /** Number of the cell in the grid, from 1 as on every screen; absent when the whole job failed. */
  cell?: number;
  message: string;
}

/** One time that `cajal run` worked on this directory. */
export interface Session {
  started: string;
  /** Absent when the process was killed. */
  ended?: string;
  command: string;
  workers: number;
  /** Threads of each job, where networks are trained; the results are the same. */
  threads?: number;
  /** What its bits depend on; of training. */
  bits?: string;
  /** What ran the compiled equations: WebAssembly, or native code by which compiler; only of training do bits differ. */
  kernels?: string;
  /** Jobs finished in this session. */
  jobs: number;
}

/** The content of `run.json`. */
export interface RunManifest {
  format: "cajal-run";
  formatVersion: 1;
  status: RunStatus;
  cajal: string;
  name: string;
  seed: number;
  repeat: number;
  /** SHA-256 of the resolved experiment and of the files it reads: what must agree to resume. */
  fingerprint: string;
  /** SHA-256 of each file that the connectome, or weights, are read from, by its name in `experiment.yaml`. */
  files: Record<string, string>;
  machine: Machine;
  sessions: Session[];
  jobs: { total: number; done: number; failed: number };
  cells: { total: number; failed: number };
  /** Wall time of all sessions together [s]. */
  seconds: number;
  /** Wall time of each finished job [s]. */
  jobSeconds: Record<string, number>;
  failures: JobFailure[];
  /** What jobs warned of, each once. */
  warnings: string[];
  /** Of the metrics; null until the run is finished. */
  hash: string | null;
}

/** What times in a methods section refer to, and what bits are checked against. */
export interface Machine {
  platform: string;
  release: string;
  arch: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  node: string;
  v8: string;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  const all = cpus();
  return {
    platform: platform(),
    release: release(),
    arch: arch(),
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryBytes: totalmem(),
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

/** A manifest before the first job. */
export function newManifest(parts: {
  experiment: AnyExperiment;
  cajal: string;
  fingerprint: string;
  files: Record<string, string>;
  jobs: number;
  cells: number;
}): RunManifest {
  const { experiment, cajal, fingerprint, files, jobs, cells } = parts;
  const { name, seed, repeat } = experiment;
  return {
    format: "cajal-run",
    formatVersion: 1,
    status: "running",
    cajal,
    name,
    seed,
    repeat,
    fingerprint,
    files,
    machine: thisMachine(),
    sessions: [],
    jobs: { total: jobs, done: 0, failed: 0 },
    cells: { total: cells, failed: 0 },
    seconds: 0,
    jobSeconds: {},
    failures: [],
    warnings: [],
    hash: null,
  };
}

/** Failures of one job, as the manifest lists them. */
export function failuresOf(job: string, failed: boolean, failures: readonly CellFailure[]): JobFailure[] {
  if (failed) return [{ job, message: failures[0]?.message ?? "failed without a message" }];
  return failures.map(({ cell, message }) => ({ job, cell: cell + 1, message }));
}
