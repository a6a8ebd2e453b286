/**
 * @file Perceptual decision of Song, Yang & Wang (2016) with and without Dale's law: how many trials to their criterion,
 * and the psychometric curve. doi 10.1371/journal.pcbi.1004792, Fig. 3.
 */

import { fitPsychometric } from "../../src/analysis/index.ts";
import { createRng } from "../../src/core/index.ts";
import { type OptimiserSpec, rateNetwork } from "../../src/learning/index.ts";
import { conditionGrid, perceptualDecision, psychometricPoints } from "../../src/tasks/index.ts";
import { ask } from "./questions.ts";
import { type WatchedTraining, watchedTraining } from "./watched-training.ts";

/** One network. */
export interface PerceptualOptions {
  seed: number;
  dale: boolean;
  /** Default Adam, learning rate 0.01; Song, Yang & Wang: SGD with that rate. */
  optimiser?: OptimiserSpec;
  /** λ of Ω, which keeps gradients from vanishing; default 0, Song, Yang & Wang: 2. */
  omega?: number;
  /** Default 100. */
  units?: number;
  /** σ_rec, default 0.15. */
  noise?: number;
  /** Most updates, default 4000. */
  updates?: number;
  /** Updates between validations, default 100. */
  every?: number;
  /** Validations that are averaged for the criterion, default 5. */
  window?: number;
}

/** What became of it. */
export interface PerceptualResult {
  /** μ of the psychometric curve [% coherence]. */
  bias: number;
  /** Its σ [% coherence]. */
  threshold: number;
  training: WatchedTraining;
  reached: boolean;
}

/** Train until the mean of the last five validations is above 85 %, then ask at every coherence, at a quarter of the step. */
export function trainPerceptual(options: PerceptualOptions): PerceptualResult {
  const { seed, dale, units = 100, updates = 4000, every = 100, window = 5 } = options;
  const task = perceptualDecision();
  const network = rateNetwork({
    inputs: 2,
    units,
    outputs: 2,
    noise: options.noise ?? 0.15,
    // Song, Yang & Wang train no biases.
    train: ["in", "rec", "out", "start"],
    rng: createRng(seed).stream("network"),
    ...(dale && { dale: 0.8 }),
  });
  const training = watchedTraining(
    {
      network,
      task,
      updates,
      seed,
      regularisers: options.omega ? [{ kind: "omega", weight: options.omega }] : [],
      optimiser: options.optimiser ?? { kind: "adam", learningRate: 0.01 },
      validation: { trials: 500, every, conditions: conditionGrid(task) },
      earlyStopping: { criterion: "fractionCorrect", target: 0.85, window },
    },
    [
      { projection: "rec", signs: network.signs, autapses: false },
      { projection: "in", signs: dale ? [1, 1] : [0, 0] },
      { projection: "out", signs: network.signs, mask: readable(network.signs) },
    ],
  );
  const test = perceptualDecision({ phase: "testing", dt: 5 });
  const { batch, choices } = ask({
    network: training.kept,
    task: test,
    trials: 1000,
    conditions: conditionGrid(test),
    seed,
  });
  const { bias, sigma } = fitPsychometric(psychometricPoints(choices, batch.trials));
  const reached = training.status === "reached";
  return { training, reached, bias: bias.value, threshold: sigma.value };
}

// Implementation

/** Only excitatory units, or those without a law, are read out; two outputs. */
function readable(signs: Int8Array): Uint8Array {
  return Uint8Array.from({ length: 2 * signs.length }, (_, k) => (signs[k % signs.length] >= 0 ? 1 : 0));
}
