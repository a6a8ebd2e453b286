/**
 * @file What a phase leaves behind, as plain data.
 */

import type { Raster } from "../../analysis/index.ts";
import { CajalError, type SparseMatrix } from "../../core/index.ts";
import type { Simulation, SpikeRecord, SynapseRecord } from "../../engine/index.ts";
import { type PhaseWarning, phaseWarnings } from "./phase-warnings.ts";
import type { Phase } from "./phases.ts";

/** Synapses of a plastic projection during a phase. */
export interface SynapseSeries {
  /** Steps between counts; 0 where they were not recorded. */
  every: number;
  /** Synapses after every so many steps, counted from the start of the run, shape `(record)`. */
  counts: Uint32Array;
  /** Synapses born and died in the recorded phase. */
  births: number;
  deaths: number;
  /** Each birth and death, shape `(event, 3)`: step of the run, post × columns + pre, 1 for a birth and 0 for a death. */
  events: Uint32Array;
  snapshots: readonly { step: number; weights: SparseMatrix }[];
  /** Weights at the end of the phase; absent once an instance has diverged. */
  weights?: SparseMatrix;
  /** Births since the start of the run that found no room. */
  refused: number;
}

/** What a phase leaves behind. */
export interface PhaseResult {
  name: string;
  /** Step of the run at which it began, and steps it has run. */
  firstStep: number;
  steps: number;
  /** Rules that were off. */
  frozen: string[];
  /** `doubtful`: it ran to its end but a warning says why it is not to be used; `unfinished` where it goes on. */
  status: "done" | "unfinished" | "doubtful" | "diverged";
  warnings: PhaseWarning[];
  /** Active units at each step, shape `(time)`; absent where not recorded. */
  activity?: Uint32Array;
  raster?: Raster;
  /** Of the phase's further variables, by name; absent where it has none. */
  rasters?: Record<string, Raster>;
  /** Mean rate of each unit per step, shape `(unit)`. */
  rates?: Float64Array;
  /** By projection. */
  synapses: Record<string, SynapseSeries>;
  /** Variable T of the recorded population at the end, shape `(unit)`, where it has one. */
  thresholds?: Float64Array;
}

/** A phase, what was recorded of it in one instance, and the state at its end. */
export interface PhaseEnd {
  simulation: Simulation;
  instance: number;
  phase: Phase;
  firstStep: number;
  /** Steps run. */
  steps: number;
  frozen: string[];
  /** Name of the recorded variable, e.g. `E.x`. */
  activityOf?: string;
  /** Absent where the phase is not recorded, or nothing is known to record. */
  spikes?: SpikeRecord;
  /** Of the phase's further variables, by name. */
  further?: ReadonlyMap<string, SpikeRecord>;
  synapses: ReadonlyMap<string, { record?: SynapseRecord; every: number; refused: number }>;
  /** Why the instance has diverged. */
  divergence?: string;
  /** For each projection, which units had incoming synapses when the run began. */
  connected: ReadonlyMap<string, readonly boolean[]>;
}

/** The result of a phase in one instance. */
export function phaseResult(end: PhaseEnd): PhaseResult {
  const { simulation, instance, phase, spikes, divergence, steps } = end;
  const [population] = (end.activityOf ?? "").split(".");
  const thresholds = valuesOf(simulation, `${population}.T`, instance);
  const recorded = spikes?.activity.length ?? 0;
  const result: PhaseResult = {
    name: phase.name,
    firstStep: end.firstStep,
    steps,
    frozen: end.frozen,
    status: steps < phase.steps ? "unfinished" : "done",
    warnings: [],
    ...(spikes && { activity: spikes.activity, rates: spikes.counts.map((c) => c / Math.max(1, recorded)) }),
    ...(spikes?.bits && { raster: rasterOf(spikes) }),
    ...(end.further && end.further.size > 0 && { rasters: rastersOf(end.further) }),
    synapses: Object.fromEntries([...end.synapses.keys()].map((name) => [name, synapseSeries(end, name)])),
    ...(thresholds?.every(Number.isFinite) && { thresholds }),
  };
  result.warnings = phaseWarnings(result, {
    targetRate: valuesOf(simulation, `${population}.targetRate`, instance),
    connected: end.connected,
    ...(isBinary(end) && { activityOf: end.activityOf! }),
  });
  if (divergence !== undefined) {
    result.status = "diverged";
    result.warnings.unshift({ code: "diverged", message: divergence });
  } else if (result.status === "done" && result.warnings.some((w) => w.grave)) result.status = "doubtful";
  return result;
}

/** Values of one instance, shape `(unit)`, or undefined where there is no such name. */
export function valuesOf(simulation: Simulation, name: string, instance: number): Float64Array | undefined {
  try {
    const values = simulation.get(name);
    const { instances } = simulation;
    // Parameters that all instances share have no instance axis.
    if (values.length !== simulation.memoryOf(name).units * instances) return values;
    return values.filter((_, k) => k % instances === instance);
  } catch (error) {
    if (error instanceof CajalError && error.code === "unknown-variable") return undefined;
    throw error;
  }
}

// Implementation

function rasterOf({ activity, counts, bits = new Uint8Array(0) }: SpikeRecord): Raster {
  return { units: counts.length, steps: activity.length, bits };
}

function rastersOf(further: ReadonlyMap<string, SpikeRecord>): Record<string, Raster> {
  return Object.fromEntries([...further].map(([name, record]) => [name, rasterOf(record)]));
}

/** Whether rates mean anything: a graded variable is hardly ever 0. */
function isBinary({ simulation, instance, activityOf }: PhaseEnd): boolean {
  const values = activityOf === undefined ? undefined : valuesOf(simulation, activityOf, instance);
  return values?.every((v) => v === 0 || v === 1) === true;
}

const NOTHING: SynapseRecord = {
  counts: new Uint32Array(0),
  events: new Uint32Array(0),
  births: 0,
  deaths: 0,
  snapshots: [],
};

function synapseSeries(
  { simulation, instance, divergence, synapses }: PhaseEnd,
  name: string,
): SynapseSeries {
  const { record = NOTHING, every, refused } = synapses.get(name)!;
  const finite = (weights: SparseMatrix) => divergence === undefined || weights.values.every(Number.isFinite);
  return {
    ...record,
    every,
    refused,
    snapshots: record.snapshots.filter((s) => finite(s.weights)),
    ...(divergence === undefined && { weights: simulation.weights(name, instance) }),
  };
}
