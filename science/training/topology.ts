/**
 * @file Does a network wired like marmoset cortex learn working memory better than a random one? After bio_rnn_mem
 * (Goulas, Damicelli & Hilgetag 2021, Neural Networks 142:608), whose own answer is no; here with controls for density
 * and for the spectral radius, which the remap of the paper changes.
 */

import type { Connectome } from "../../src/connectome/index.ts";
import { nBack, sequenceMemory } from "../../src/tasks/index.ts";
import { type TopologyOptions, topologyNetwork } from "./topology-network.ts";
import { type WatchedTraining, watchedTraining } from "./watched-training.ts";

/** One network on one task. */
export interface TopologyRun extends Omit<TopologyOptions, "outputs"> {
  /** Numbers of the sequence, or how far n-back looks back. */
  task: { kind: "sequence"; length: number } | { kind: "n-back"; n: number };
  learningRate: number;
  updates: number;
  every: number;
}

/** What became of it. */
export interface TopologyResult {
  training: WatchedTraining;
  density: number;
  /** ρ before training. */
  radius: number;
  /** Lowest loss of a validation: squared error of a sequence (1/12 is chance), nats of n-back (ln 2). */
  loss: number;
  /** Highest fraction correct of a validation; NaN for sequences. */
  correct: number;
  /** Updates until a validation of n-back had 90 % correct; infinite if never. */
  updatesTo90: number;
}

/** The marmoset of a study and its seeds. */
export interface TopologyStudy {
  areas: Connectome;
  seeds: readonly number[];
}

/** Train with batches of 128 and Adam, as bio_rnn_mem does, but on new trials in every update. */
export function trainTopology({
  task,
  learningRate,
  updates,
  every,
  ...topology
}: TopologyRun): TopologyResult {
  const made = topologyNetwork({ ...topology, outputs: task.kind === "sequence" ? 1 : 3 });
  const training = watchedTraining(
    {
      network: made.network,
      task: task.kind === "sequence" ? sequenceMemory({ length: task.length }) : nBack({ n: task.n }),
      updates,
      batchSize: 128,
      seed: topology.seed,
      clip: {},
      optimiser: { kind: "adam", learningRate },
      validation: { trials: 256, every },
      ...(task.kind === "n-back" && { earlyStopping: { criterion: "fractionCorrect", target: 0.9 } }),
    },
    [{ projection: "rec", mask: made.mask }],
  );
  const { validations } = training.history;
  return {
    training,
    density: made.density,
    radius: made.radius,
    loss: Math.min(...validations.map((v) => v.loss)),
    correct: Math.max(...validations.map((v) => v.fractionCorrect)),
    updatesTo90: validations.find((v) => v.fractionCorrect >= 0.9)?.updates ?? Number.POSITIVE_INFINITY,
  };
}
