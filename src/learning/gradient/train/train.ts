/**
 * @file Train a network on a task, from start to end.
 */

import type { TrainOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";
import type { TrainingResult } from "./training-result.ts";

/**
 * Train until the last update, the target, or the end of patience. A run that breaks returns status `diverged`.
 *
 * @throws CajalError for options that do not fit, before anything is trained.
 * @example
 * const network = rateNetwork({ inputs: 2, units: 50, outputs: 2, dale: 0.8, noise: 0.15, rng: createRng(1) });
 * const { status, history, last } = train({
 *   network, task: perceptualDecision(), updates: 500, optimiser: { kind: "adam", learningRate: 0.01 },
 *   earlyStopping: { criterion: "fractionCorrect", target: 0.85 },
 * });
 */
export function train(options: TrainOptions): TrainingResult {
  const trainer = new Trainer(options);
  while (trainer.status === "running") trainer.step();
  return trainer.result();
}
