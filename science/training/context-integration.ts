/**
 * @file Context-dependent integration under Dale's law, as Song, Yang & Wang (2016), Fig. 5, have Mante et al. (2013):
 * to criterion, then how much motion and colour weigh in either context.
 */

import { fitPsychometric } from "../../src/analysis/index.ts";
import { createRng } from "../../src/core/index.ts";
import { type OptimiserSpec, rateNetwork } from "../../src/learning/index.ts";
import { conditionGrid, contextIntegration, psychometricPoints } from "../../src/tasks/index.ts";
import { ask } from "./questions.ts";
import { type WatchedTraining, watchedTraining } from "./watched-training.ts";

/** One network. */
export interface ContextOptions {
  seed: number;
  optimiser?: OptimiserSpec;
  /** Default 150. */
  units?: number;
  /** σ_rec, default 0.15. */
  noise?: number;
  /** Default 50. */
  batchSize?: number;
  /** Most updates, default 2000. */
  updates?: number;
  every?: number;
  /** Validations that are averaged for the criterion, default 5. */
  window?: number;
}

/** Slopes per % of evidence at the point of indifference, by context and modality. */
export interface ContextResult {
  training: WatchedTraining;
  reached: boolean;
  slopes: Record<"motion" | "colour", Record<"motion" | "colour", number>>;
  /** Smallest relevant slope over the largest irrelevant one. */
  ratio: number;
  /** Fraction correct of the trials asked. */
  correct: number;
}

/** Train until the mean of the last five validations is above 90 %. */
export function trainContext(options: ContextOptions): ContextResult {
  const { seed, units = 150, batchSize = 50, updates = 2000, every = 50 } = options;
  const task = contextIntegration();
  const network = rateNetwork({
    inputs: 6,
    units,
    outputs: 2,
    dale: 0.8,
    noise: options.noise ?? 0.15,
    train: ["in", "rec", "out", "start"],
    rng: createRng(seed).stream("network"),
  });
  const training = watchedTraining(
    {
      network,
      task,
      updates,
      batchSize,
      seed,
      optimiser: options.optimiser ?? { kind: "adam", learningRate: 0.01 },
      validation: { trials: 288, every, conditions: conditionGrid(task) },
      earlyStopping: { criterion: "fractionCorrect", target: 0.9, window: options.window ?? 5 },
    },
    [
      { projection: "rec", signs: network.signs, autapses: false },
      { projection: "in", signs: [1, 1, 1, 1, 1, 1] },
      { projection: "out", signs: network.signs },
    ],
  );
  const test = contextIntegration({ phase: "testing" });
  const slopes = { motion: { motion: 0, colour: 0 }, colour: { motion: 0, colour: 0 } };
  let correct = 0;
  for (const context of ["motion", "colour"] as const) {
    const conditions = conditionGrid(test, { fixed: { context } });
    const { batch, choices } = ask({ network: training.kept, task: test, trials: 720, conditions, seed });
    correct += batch.trials.filter((t, k) => t.choice === choices[k]).length / 1440;
    for (const modality of ["motion", "colour"] as const) {
      const points = psychometricPoints(choices, batch.trials, {
        by: ({ conditions: c }) => Number(c[modality]) * Number(c[`${modality}Direction`]),
      });
      slopes[context][modality] = fitPsychometric(points).slope.value;
    }
  }
  const relevant = Math.min(slopes.motion.motion, slopes.colour.colour);
  const irrelevant = Math.max(Math.abs(slopes.motion.colour), Math.abs(slopes.colour.motion));
  return { training, reached: training.status === "reached", slopes, ratio: relevant / irrelevant, correct };
}
