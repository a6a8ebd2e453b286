/**
 * @file An optimiser's state as named arrays and two plain facts, as a checkpoint file (safetensors, npz) holds it.
 */

import { CajalError } from "../../../core/index.ts";
import { type ParameterSet, type Values, zerosLike } from "../parameters.ts";
import { createOptimiser, type OptimiserSpec, type OptimiserState } from "./optimiser.ts";

/** A state that can be written to a file. */
export interface SavedOptimiser {
  kind: OptimiserSpec["kind"];
  steps: number;
  /** By `parameter/slot`, e.g. `wRec/mean`. */
  arrays: Record<string, Values>;
}

/** A copy of the state that later steps do not change. */
export function saveOptimiser(state: OptimiserState): SavedOptimiser {
  const arrays: Record<string, Values> = {};
  for (const [name, slots] of Object.entries(state.slots)) {
    for (const [slot, values] of Object.entries(slots)) arrays[`${name}/${slot}`] = values.slice();
  }
  return { kind: state.kind, steps: state.steps, arrays };
}

/**
 * The state that was saved; steps taken from it are the same bits as without saving.
 *
 * @throws CajalError `optimiser-state` when it is not a state of this optimiser for these parameters.
 */
export function restoreOptimiser(
  spec: OptimiserSpec,
  parameters: ParameterSet,
  saved: SavedOptimiser,
): OptimiserState {
  const state = createOptimiser(spec, parameters);
  if (saved.kind !== spec.kind) throw mismatch(`it is of "${saved.kind}", not of "${spec.kind}"`);
  state.steps = saved.steps;
  for (const [key, values] of Object.entries(saved.arrays)) {
    const cut = key.lastIndexOf("/");
    const name = key.slice(0, cut);
    const parameter = parameters[name];
    if (!parameter) throw mismatch(`it has "${key}", and there is no parameter "${name}"`);
    if (parameter.length !== values.length) {
      throw mismatch(`"${key}" has ${values.length} values, the parameter ${parameter.length}`);
    }
    const copy = zerosLike(parameter);
    copy.set(values);
    state.slots[name][key.slice(cut + 1)] = copy;
  }
  return state;
}

// Implementation

function mismatch(what: string): CajalError {
  return new CajalError(`the saved optimiser does not fit: ${what}`, {
    code: "optimiser-state",
    where: "restoreOptimiser",
    hint: "Resume with the same optimiser and network, or start a new run.",
  });
}
