/**
 * @file Training with the weights looked at after every update: signs, absent synapses and fixed weights are counted
 * against the masks and signs the study asked for, not against what the training loop says of itself.
 */

import { toDense } from "../../src/core/index.ts";
import { Trainer, type TrainingResult, type TrainOptions, withParameters } from "../../src/learning/index.ts";
import type { Network } from "../../src/model/index.ts";

/** What the weights of one projection have to obey. */
export interface Law {
  /** Name of the projection. */
  projection: string;
  /** Sign of each sending unit, shape `(pre)`, 0 for either. */
  signs?: ArrayLike<number>;
  /** Shape `(post, pre)`, 0 where no synapse may be. */
  mask?: ArrayLike<number>;
  /** Whether units may contact themselves, default true. */
  autapses?: boolean;
}

/** A training with its breaches. */
export interface WatchedTraining extends TrainingResult {
  /** The network as trained. */
  network: Network;
  /** The network at the validation of lowest loss, which is the one Song, Yang & Wang (2016) keep. */
  kept: Network;
  /** Weights that broke a law, summed over all updates; 0 when all held at every step. */
  breaches: number;
  /** Weights looked at, over all updates. */
  looked: number;
  /** Trials trained on until the end. */
  trials: number;
}

/**
 * Train, looking at every weight after every update.
 *
 * @param until - Asked after each validation with the network of then; training ends when it says yes.
 */
export function watchedTraining(
  options: TrainOptions,
  laws: readonly Law[],
  until?: (network: Network) => boolean,
): WatchedTraining {
  const trainer = new Trainer(options);
  const count = { breaches: 0, looked: 0 };
  const look = () => {
    const now = withParameters(options.network.network, trainer.parameters());
    for (const law of laws) addBreaches(now, law, count);
    return now;
  };
  let network = look();
  while (trainer.status === "running") {
    const report = trainer.step();
    network = look();
    if (report?.validation && until?.(network)) break;
  }
  const trials = trainer.updates * (options.batchSize ?? 20);
  const result = trainer.result();
  const kept = withParameters(options.network.network, result.best.parameters);
  return { ...result, network, kept, ...count, trials };
}

// Implementation

function addBreaches(
  { projections }: Network,
  { projection, signs, mask, autapses = true }: Law,
  count: { breaches: number; looked: number },
): void {
  const { weights } = projections.find((p) => p.name === projection)!;
  const { values, rows, columns } = toDense(weights);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const k = i * columns + j;
      const absent = (mask && mask[k] === 0) || (!autapses && i === j);
      const fine = absent ? values[k] === 0 : !signs || values[k] * signs[j] >= 0;
      // A weight that is not a number is a breach too.
      if (!fine || !Number.isFinite(values[k])) count.breaches++;
    }
  }
  count.looked += values.length;
}
