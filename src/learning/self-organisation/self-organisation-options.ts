/**
 * @file What a self-organising run is given and what it gives.
 */

import type { SimulationOptions } from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";
import type { Drive } from "./drive.ts";
import type { PhaseResult } from "./phase-result.ts";
import type { PhaseWarning } from "./phase-warnings.ts";
import type { Phase } from "./phases.ts";

/** What is recorded of the synapses of a plastic projection. */
export interface SynapseRecording {
  projection: string;
  /** Steps between counts, default 1. */
  every?: number;
  /** Whether every birth and death is kept, default false. */
  events?: boolean;
  /** Steps between copies of the weights, default none. */
  snapshots?: number;
}

/** Options of {@link SelfOrganisation}. */
export interface SelfOrganisationOptions {
  network: Network;
  /** Seed of the noise; a list runs as many instances side by side, each as it would run alone. */
  seed: number | readonly number[];
  phases: readonly Phase[];
  /** Input of the whole run by name, shape `(time, input)`, or a function that gives it block by block. */
  drive?: Drive | Readonly<Record<string, Float64Array>>;
  /** Variable whose non-zero units count as active, default `E.x` where there is one. */
  activityOf?: string;
  record?: {
    /** Whether the raster of `activityOf` is kept, one bit a unit and step; default false. */
    raster?: boolean;
    synapses?: readonly SynapseRecording[];
  };
  simulation?: Pick<
    SimulationOptions,
    "dt" | "method" | "backend" | "events" | "precision" | "parameters" | "gains"
  >;
}

/** How the run stands, of one instance. */
export interface SelfOrganisationResult {
  /** `doubtful` where a phase is. */
  status: "done" | "unfinished" | "doubtful" | "diverged";
  /** Steps run. */
  step: number;
  /** Those begun, in order. */
  phases: PhaseResult[];
  /** Of all phases, each with its phase. */
  warnings: (PhaseWarning & { phase: string })[];
}
