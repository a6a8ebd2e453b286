/**
 * @file Trials run through a network to look at what happens inside: any variable of any population, by trial and step.
 */

import type { Activity } from "../../../analysis/index.ts";
import { CajalError, suggest } from "../../../core/index.ts";
import { type Divergence, type SimulationOptions, simulate } from "../../../engine/index.ts";
import { type Reactions, readChoices, readReactions, type TrialBatch } from "../../../tasks/index.ts";
import type { TrainableNetwork } from "../train/trainable-network.ts";
import { type Perturbation, perturbing } from "./perturbation.ts";
import { withoutNoise } from "./without-noise.ts";

/** A network with the place where trials go in and the one where answers come out. */
export type InspectedNetwork = Pick<TrainableNetwork, "network" | "input" | "output">;

/** How {@link runTrials} runs. */
export interface RunTrialsOptions extends Pick<SimulationOptions, "method" | "precision" | "backend"> {
  /** Variables to keep, `"population.variable"`, default none. */
  record?: readonly string[];
  /** Noise of the equations; that of the inputs belongs to the task. Default false. */
  noise?: boolean;
  /** Seed of noise and of random starts, default 0. */
  seed?: number;
  perturbations?: readonly Perturbation[];
}

/** Activity of one variable, a row for each trial; NaN beyond the end of a trial. */
export interface TrialActivity extends Activity {
  /** Shape `(trial, step, unit)`. */
  values: Float64Array;
}

/** What went on in a batch of trials. */
export interface TrialRun {
  /** By name, as asked for. */
  activity: Record<string, TrialActivity>;
  /** Outputs as tasks read them, shape `(time, output, instance)`. */
  outputs: Float64Array;
  /** Index of the chosen output, −1 for none, shape `(trial)`; absent in tasks without choices. */
  choices?: Int32Array;
  /** Absent in tasks that define no reaction. */
  reactions?: Reactions;
  /** Trials whose activity did not stay finite. */
  diverged: readonly Divergence[];
}

/**
 * Run a batch of trials and keep what happens inside.
 *
 * @throws CajalError `unknown-input`, `unknown-variable`, `shape`, and those of perturbations.
 * @example
 * const trained = { ...rate, network: withParameters(rate.network, result.last) };
 * const { activity } = runTrials(trained, batchTrials(task, 100, rng), { record: ["rec.r", "rec.x"] });
 */
export function runTrials(
  { network, input, output }: InspectedNetwork,
  batch: TrialBatch,
  options: RunTrialsOptions = {},
): TrialRun {
  const { record = [], noise = false, seed = 0, perturbations = [], ...rest } = options;
  const names = network.inputs.map((i) => i.name);
  if (!names.includes(input)) {
    throw new CajalError(`the network has no input "${input}"`, {
      code: "unknown-input",
      where: "runTrials",
      hint: suggest(input, names),
    });
  }
  const quiet = noise ? network : withoutNoise(network);
  const run = simulate(quiet, { ...rest, dt: batch.dt, instances: batch.count, seed });
  const monitors = new Map([...new Set([output, ...record])].map((name) => [name, run.monitor(name)]));
  const { diverged } = run.run(batch.steps * batch.dt, {
    inputs: { [input]: batch.inputs },
    ...(perturbations.length > 0 && { onStep: perturbing(run, batch, perturbations) }),
  });
  const outputs = monitors.get(output)!.data().values;
  return {
    activity: Object.fromEntries(
      record.map((name) => [name, byTrial(monitors.get(name)!.data().values, batch)]),
    ),
    outputs,
    ...(batch.readout.kind === "choice" && { choices: readChoices(outputs, batch) }),
    ...(batch.reaction && { reactions: readReactions(outputs, batch) }),
    diverged,
  };
}

// Implementation

/** From `(time, unit, instance)` to `(trial, step, unit)`. */
function byTrial(values: Float64Array, { count, steps, trials }: TrialBatch): TrialActivity {
  const units = values.length / (steps * count);
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let b = 0; b < count; b++) {
    const end = trials[b].steps * units;
    for (let k = 0; k < end; k++) out[b * steps * units + k] = values[k * count + b];
  }
  return { rows: count, steps, units, values: out };
}
