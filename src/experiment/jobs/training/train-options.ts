/**
 * @file From an experiment file to the options of the training loop.
 */

import type { LossTerm, OptimiserSpec, TrainableNetwork, TrainOptions } from "../../../learning/index.ts";
import type { Task } from "../../../tasks/index.ts";
import { jobBackend } from "../../native/job-backend.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import { conditionsOf } from "./build-task.ts";
import { partsOf } from "./own-units.ts";

/** Options of the loop; everything in them is plain data. @throws CajalError `unknown-condition`, `bad-condition`. */
export function trainOptions(
  experiment: TrainingExperiment,
  { network, task, seed }: { network: TrainableNetwork; task: Task; seed: number },
): TrainOptions {
  const { updates, batchSize, loss, regularisers, schedule, clip, validation } = experiment;
  const { earlyStopping, curriculum, precision, continuous } = experiment;
  const { shards, ...gradient } = experiment.gradient;
  return {
    ...{ network, task, seed, updates, batchSize, shards, continuous, schedule, clip, earlyStopping },
    ...(loss && { loss: loss.map(lossTerm) }),
    regularisers: regularisers.map((term) => (term.kind === "omega" ? term : lossTerm(term))),
    optimiser: optimiserOf(experiment),
    validation: validation && { ...validation, conditions: conditionsOf(validation.conditions, task) },
    curriculum: curriculum.map((stage) => ({ ...stage, conditions: conditionsOf(stage.conditions, task) })),
    run: { precision, ...gradient, backend: jobBackend() },
  };
}

// Implementation

type Term = NonNullable<TrainingExperiment["loss"]>[number];

/**
 * Terms with targets get those that are meant for them: classes or levels. Outputs are never log-probabilities, so the
 * log-softmax that nll wants is taken here, and both together are cross-entropy.
 */
function lossTerm(term: Term): LossTerm {
  if (term.kind === "nll") return lossTerm({ name: "nll", ...term, kind: "cross-entropy" });
  const classes = term.kind === "cross-entropy";
  const levels =
    term.kind === "mse" || term.kind === "binary-cross-entropy" || term.kind === "soft-cross-entropy";
  return { ...term, ...(classes && { target: "labels" }), ...(levels && { target: "targets" }) } as LossTerm;
}

/** Exceptions may be named by part (`rec`) or as the trainable is (`weights:rec`). */
function optimiserOf({ optimiser, network }: TrainingExperiment): OptimiserSpec {
  const { overrides, ...rest } = optimiser;
  if (!overrides) return rest;
  const parts = partsOf(network);
  const named = Object.entries(overrides).map(([name, value]) => [
    Object.hasOwn(parts, name) ? parts[name] : name,
    value,
  ]);
  return { ...rest, overrides: Object.fromEntries(named) };
}
