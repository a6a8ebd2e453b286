/** @file A few steps of an optimiser on fixed trials, part by part, so that each part can be looked at. */

import { differentiate } from "../../../engine/index.ts";
import { packTrials } from "../../../tasks/index.ts";
import type { LossTerm } from "../losses/composite.ts";
import { createOptimiser, type OptimiserSpec, optimiserStep } from "../optimisers/optimiser.ts";
import { Objective } from "../train/objective.ts";
import type { TrainableNetwork } from "../train/trainable-network.ts";
import { TrainedParameters } from "../train/trained-parameters.ts";
import { type FixedTrials, fixedTask } from "./fixed-task.ts";

/** What is trained, on what, and how. */
export interface FewSteps {
  network: TrainableNetwork;
  trials: FixedTrials;
  labels?: Int32Array;
  terms: readonly LossTerm[];
  optimiser: OptimiserSpec;
  precision: "f64" | "f32";
  initial?: Record<string, Float64Array>;
  record: readonly string[];
  steps: number;
}

/** Loss before each step and after the last, with records and gradients (of what acts) of the first. */
export function fewSteps({ network, trials, labels, terms, ...options }: FewSteps) {
  const { task, conditions } = fixedTask(trials);
  const list = conditions.map((c, b) => {
    const trial = task.trial(undefined as never, c);
    return labels ? { ...trial, labels: labels.filter((_, k) => k % trials.batch === b) } : trial;
  });
  const batch = packTrials(task, list);
  const gradient = differentiate(network.network, {
    dt: trials.dt,
    steps: trials.time,
    instances: trials.batch,
    precision: options.precision,
    trainable: network.trainable,
  });
  const parameters = new TrainedParameters(network, gradient);
  const state = createOptimiser(options.optimiser, parameters.theta);
  const objective = new Objective(network, terms, []);
  const losses: number[] = [];
  let first:
    | { records: Record<string, ArrayLike<number>>; gradients: Record<string, Float64Array> }
    | undefined;
  let values: Record<string, number> = {};
  for (let step = 0; step <= options.steps; step++) {
    const { records } = gradient.forward({
      inputs: { u: batch.inputs },
      initial: options.initial,
      record: [...new Set([...objective.record, ...options.record])],
    });
    const value = objective.differentiate({ batch, records, weights: parameters.effective });
    losses.push(value.total);
    if (step === options.steps) break;
    const { gradients } = gradient.backward(value.adjoints);
    if (step === 0) {
      values = value.terms;
      const kept = Object.entries(gradients).map(([name, g]) => [name, g.slice()] as const);
      first = { records, gradients: Object.fromEntries(kept) };
    }
    parameters.pullBack(gradients);
    optimiserStep(options.optimiser, state, { parameters: parameters.theta, gradients });
    parameters.project();
    parameters.write();
  }
  return { losses, terms: values, ...first!, parameters: parameters.theta };
}
