/**
 * @file What lesions do to a trained network: the same trials with and without each of them.
 */

import { type ConditionScore, scoreConditions, type TrialBatch } from "../../../tasks/index.ts";
import { type Lesion, lesionNetwork } from "./lesion.ts";
import { type InspectedNetwork, type RunTrialsOptions, runTrials } from "./run-trials.ts";

/** How a network did. */
export interface LesionScore {
  name: string;
  /** Of trials with a right answer; NaN in tasks without choices. */
  fractionCorrect: number;
  /** `fractionCorrect` − that of the intact network. */
  change: number;
  /** Mean squared error of the outputs where they count, weighted by the mask. */
  error: number;
  /** By condition; empty in tasks without choices. */
  conditions: ConditionScore[];
}

/** The intact network, and each lesion in the order given. */
export interface LesionSweep {
  intact: LesionScore;
  lesions: LesionScore[];
}

/**
 * Run the same trials through a network with each of some lesions.
 *
 * @param options.names - Conditions to tell apart, default all.
 * @throws CajalError of `lesionNetwork` and `runTrials`.
 * @example lesionSweep(trained, batch, singleUnitLesions(trained.network, "rec"))
 */
export function lesionSweep(
  inspected: InspectedNetwork,
  batch: TrialBatch,
  lesions: readonly { name: string; lesion: Lesion | readonly Lesion[] }[],
  { names, ...run }: Omit<RunTrialsOptions, "record"> & { names?: readonly string[] } = {},
): LesionSweep {
  const score = (name: string, network: InspectedNetwork["network"]): Omit<LesionScore, "change"> => {
    const { outputs, choices } = runTrials({ ...inspected, network }, batch, run);
    const conditions = choices ? scoreConditions(choices, batch.trials, names) : [];
    const sum = (key: "count" | "correct") => conditions.reduce((total, c) => total + c[key], 0);
    return {
      name,
      fractionCorrect: sum("correct") / sum("count"),
      error: maskedError(outputs, batch),
      conditions,
    };
  };
  const intact = score("intact", inspected.network);
  return {
    intact: { ...intact, change: 0 },
    lesions: lesions.map(({ name, lesion }) => {
      const found = score(name, lesionNetwork(inspected.network, lesion));
      return { ...found, change: found.fractionCorrect - intact.fractionCorrect };
    }),
  };
}

// Implementation

function maskedError(outputs: Float64Array, { targets, mask }: TrialBatch): number {
  let sum = 0;
  let weight = 0;
  for (let k = 0; k < mask.length; k++) {
    // Beyond the end of a trial outputs may be anything.
    if (mask[k] === 0) continue;
    const d = outputs[k] - targets[k];
    sum += mask[k] * d * d;
    weight += mask[k];
  }
  return sum / weight;
}
