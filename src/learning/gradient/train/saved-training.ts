/**
 * @file A training run as bytes, and whether bytes fit the run that is to go on from them.
 */

import { CajalError } from "../../../core/index.ts";
import { packData, unpackData } from "../../self-organisation/pack-data.ts";
import { countSynapses } from "../constraints/weight-constraint.ts";
import type { OptimiserState } from "../optimisers/optimiser.ts";
import { restoreOptimiser, type SavedOptimiser, saveOptimiser } from "../optimisers/save-optimiser.ts";
import type { ScheduleState } from "../optimisers/schedule.ts";
import type { ParameterSet } from "../parameters.ts";
import type { TrialStates } from "./carried-states.ts";
import { TASK_TRIALS, taskFingerprint } from "./task-fingerprint.ts";
import type { ResolvedTraining } from "./train-options.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { type PackedHistory, packHistory, type TrainingHistory, unpackHistory } from "./training-result.ts";
import { wiringFingerprint } from "./wiring-fingerprint.ts";

/** Everything training goes on from. */
export interface SavedTraining {
  updates: number;
  theta: Record<string, Float64Array>;
  optimiser: OptimiserState;
  schedule: ScheduleState;
  history: TrainingHistory;
  best: BestSoFar | undefined;
  /** Of trials that follow each other. */
  carried?: TrialStates;
}

/** At the validation of lowest loss. */
export interface BestSoFar {
  updates: number;
  loss: number;
  theta: Record<string, Float64Array>;
  carried?: TrialStates;
}

/** As it lies in the bytes. */
interface Packed extends Omit<SavedTraining, "optimiser" | "history" | "best"> {
  kind: "training";
  /** Options that the bits of a run depend on, as text by name. */
  options: Record<string, string>;
  optimiser: SavedOptimiser;
  history: PackedHistory;
  best: BestSoFar | null;
}

/** Bytes of a run. */
export function writeTraining(options: ResolvedTraining, saved: SavedTraining): Uint8Array<ArrayBuffer> {
  const packed: Packed = {
    ...saved,
    kind: "training",
    options: describeOptions(options),
    optimiser: saveOptimiser(saved.optimiser),
    history: packHistory(saved.history),
    best: saved.best ?? null,
  };
  return packData(packed);
}

/** What {@link writeTraining} wrote. @throws CajalError `bad-image`, `optimiser-state`. */
export function readTraining(
  options: ResolvedTraining,
  parameters: ParameterSet,
  bytes: Uint8Array,
): SavedTraining {
  const packed = unpackData(bytes) as Packed;
  if (packed.kind !== "training") throw misfit("these bytes are no record of training");
  const wanted = describeOptions(options);
  // What was saved before there were shards had one, and trials began anew; what was saved before wiring and the parts of
  // the task were looked at is believed.
  const believed = ["wiring", ...Object.keys(taskFingerprint(options.task))].map((name) => [
    name,
    wanted[name],
  ]);
  const earlier = { shards: "1", continuous: "false", ...Object.fromEntries(believed) };
  const saved: Packed["options"] = { ...earlier, ...packed.options };
  const other = Object.keys(wanted).find((name) => wanted[name] !== saved[name]);
  if (other === TASK_TRIALS)
    throw misfit(`the run was saved with another task "${options.task.name}": its trials differ`);
  if (other === "wiring") throw misfit("the run was saved with other synapses, signs, or fixed weights");
  if (other !== undefined) {
    const [was, is] = [saved[other], wanted[other]];
    // A network or a list of trials is no reading matter.
    const short = is.length + was.length < 200;
    throw misfit(
      `the run was saved with ${short ? `${other} ${was}, this one has ${is}` : `another ${other}`}`,
    );
  }
  const { updates, theta, schedule, best, carried } = packed;
  return {
    updates,
    theta,
    schedule,
    optimiser: restoreOptimiser(options.optimiser, parameters, packed.optimiser),
    history: unpackHistory(packed.history),
    best: best ?? undefined,
    carried,
  };
}

// Implementation

function misfit(what: string): CajalError {
  return new CajalError(what, {
    code: "bad-image",
    where: "restore",
    hint: "Make the trainer with the options it was saved with; updates, early stopping and onUpdate may differ.",
  });
}

function describeOptions(options: ResolvedTraining): Record<string, string> {
  const { network, task, batchSize, shards, continuous, seed, run } = options;
  const { loss, regularisers, optimiser, schedule, clip, validation, curriculum } = options;
  const plain = {
    // First: it changes the network.
    continuous,
    network: describeNetwork(network),
    task: { name: task.name, dt: task.dt, maxSteps: task.maxSteps, factors: task.factors },
    batchSize,
    shards,
    seed,
    loss,
    regularisers,
    optimiser,
    schedule,
    clip,
    validation: validation ?? false,
    curriculum,
    precision: run.precision ?? "f32",
    window: run.window ?? 0,
    surrogate: run.surrogate ?? network.surrogate ?? false,
    wiring: wiringFingerprint(network),
    ...taskFingerprint(task),
  };
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** All but the weights, which are among what was saved. */
function describeNetwork({ network, constraints = {}, input, output, trainable, bounds }: TrainableNetwork) {
  const { populations, projections } = network;
  return {
    input,
    output,
    trainable,
    bounds,
    constraints: Object.entries(constraints).map(([name, c]) => [name, c.enforce, countSynapses(c)]),
    // Parameters of each unit as one number, e.g. time constants; trained ones are saved with θ.
    populations: populations.map(({ name, size, neuron, parameters }) => [
      name,
      size,
      neuron.equations,
      Object.entries(parameters).map(([key, p]) => [
        key,
        typeof p === "number" ? p : p.reduce((a, b) => a + b, 0),
      ]),
    ]),
    projections: projections.map((p) => [p.name, p.from, p.to, p.target, p.delay, p.weights.values.length]),
  };
}
