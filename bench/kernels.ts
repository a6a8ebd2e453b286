/**
 * @file The parts of a step, one by one: the same plan and kernels a simulation uses, called by hand.
 */

import type { Backend } from "../src/engine/backends/backend.ts";
import { createBackend } from "../src/engine/backends/create.ts";
import {
  placeConstants,
  placeInitialState,
  placeParameters,
  type SlotValues,
} from "../src/engine/initialise.ts";
import { resolveOptions, type SimulationOptions } from "../src/engine/options.ts";
import { planRun, type RunPlan } from "../src/engine/plan.ts";
import type { Network } from "../src/model/index.ts";

/** A run whose kernels are called one at a time. */
export interface BareRun {
  plan: RunPlan;
  backend: Backend;
  /** The product of projection k from the state as it is. */
  project(k: number): void;
  /** The equations of the first population. */
  update(): void;
  /** Both and all else of a step, where the backend does it in one call. */
  advance?(): void;
  /** The random numbers of the first population. */
  draw(): void;
}

/** Prepare a network as `simulate` does. */
export function bareRun(net: Network, options: SimulationOptions): BareRun {
  const plan = planRun(net, resolveOptions(options));
  const backend = createBackend(plan);
  const FloatArray = plan.options.precision === "f64" ? Float64Array : Float32Array;
  const view: SlotValues = ({ address, length }) => new FloatArray(backend.memory, address, length);
  placeConstants(plan, backend.memory);
  for (const p of plan.populations) {
    placeParameters(p, plan, view);
    placeInitialState(p, plan, view);
  }
  // A state such as a run has: not 0, not the same everywhere.
  for (const { state } of plan.presynaptic) {
    const values = view(state);
    for (let k = 0; k < values.length; k++) values[k] = 0.5 - (k % 17) / 17;
  }
  backend.prepare(0);
  return {
    plan,
    backend,
    project: (k) => backend.project(k, plan.projections[k].pre.state.address),
    update: () => void backend.update(0),
    draw: () => backend.draw(0, 1),
    ...(backend.advance
      ? { advance: () => void backend.advance?.(1, (k) => plan.projections[k].pre.state.address) }
      : {}),
  };
}
