/**
 * @file A spiking network, under Dale's law and without, trained through its spikes on delayed match to sample: leaky
 * integrate-and-fire units whose threshold rises with each of their spikes and falls back over a second (Bellec et al.
 * 2018), so that they can hold what was shown. The derivative of a spike is a surrogate.
 */

import { createRng } from "../../src/core/index.ts";
import { spikingNetwork } from "../../src/learning/index.ts";
import type { Network } from "../../src/model/index.ts";
import { choiceAccuracy, conditionGrid, delayedMatchToSample, type Task } from "../../src/tasks/index.ts";
import { ask, observe } from "./questions.ts";
import { type Law, type WatchedTraining, watchedTraining } from "./watched-training.ts";

/** One network. */
export interface SpikingOptions {
  seed: number;
  /** Dale's law: 80 % of units excite, inputs excite, only units that excite are read. Default false. */
  dale?: boolean;
  /** Default 80. */
  units?: number;
  /** Delays [ms] of the stages, each with its most updates; the last is the one asked. */
  stages?: readonly { delay: number; updates: number }[];
  learningRate?: number;
  batchSize?: number;
  every?: number;
  /** Without it there is no gradient through spikes; default true. */
  surrogate?: boolean;
}

/** What became of it. */
export interface SpikingResult {
  stages: WatchedTraining[];
  reached: boolean;
  breaches: number;
  /** Trials trained on, over all stages. */
  trials: number;
  /** Of new trials. */
  correct: number;
  /** Mean rate of all units over those trials [Hz]. */
  rate: number;
}

/** Train each stage to 95 % correct, the mean of two validations. */
export function trainSpiking(options: SpikingOptions): SpikingResult {
  const { seed, dale = false, units = 80, learningRate = 0.005, batchSize = 32, every = 50 } = options;
  const { stages = STAGES } = options;
  const made = spikingNetwork({
    inputs: 3,
    units,
    outputs: 3,
    refractory: 5,
    rng: createRng(seed).stream("network"),
    ...(dale && { dale: 0.8 }),
  });
  const start = { ...made, surrogate: options.surrogate === false ? undefined : made.surrogate };
  const trained: WatchedTraining[] = [];
  for (const [k, { delay, updates }] of stages.entries()) {
    const task = delayedMatch(delay);
    const before = trained.at(-1)?.network;
    trained.push(
      watchedTraining(
        {
          network: before ? { ...start, network: before } : start,
          task,
          updates,
          batchSize,
          seed: 10 * seed + k,
          // What is there already breaks under large steps.
          optimiser: { kind: "adam", learningRate: k === 0 ? learningRate : 0.4 * learningRate },
          validation: { trials: 128, every, conditions: conditionGrid(task) },
          earlyStopping: { criterion: "fractionCorrect", target: 0.95, window: 2 },
        },
        laws(made.signs, dale),
      ),
    );
  }
  const last = trained.at(-1)!;
  const test = delayedMatch(stages.at(-1)!.delay);
  const conditions = conditionGrid(test);
  const { batch, choices } = ask({ network: last.network, task: test, trials: 400, conditions, seed });
  return {
    stages: trained,
    reached: last.status === "reached",
    breaches: trained.reduce((sum, t) => sum + t.breaches, 0),
    trials: trained.reduce((sum, t) => sum + t.trials, 0),
    correct: choiceAccuracy(choices, batch.trials),
    rate: meanRate(last.network, test, seed),
  };
}

// Implementation

const STAGES = [
  { delay: 300, updates: 1200 },
  { delay: 600, updates: 600 },
  { delay: 1000, updates: 1000 },
] as const;

function delayedMatch(delay: number): Task {
  const timing = { fixation: 100, sample: 300, delay, test: 300, decision: 200 };
  return delayedMatchToSample({ dt: 10, timing });
}

/** What weights have to obey: 3 inputs, 3 outputs. */
function laws(signs: Int8Array, dale: boolean): Law[] {
  if (!dale) return [{ projection: "rec", autapses: false }];
  const read = Uint8Array.from({ length: 3 * signs.length }, (_, k) => (signs[k % signs.length] > 0 ? 1 : 0));
  return [
    { projection: "rec", signs, autapses: false },
    { projection: "in", signs: [1, 1, 1] },
    { projection: "out", signs, mask: read },
  ];
}

/** Spikes per second of a unit [Hz]. */
function meanRate(trained: Network, task: Task, seed: number): number {
  const { batch, values } = observe({ network: trained, task, trials: 16, seed }, "rec.s");
  let spikes = 0;
  for (let k = 0; k < values.length; k++) spikes += values[k];
  // Each entry is one step of one unit in one trial.
  return (1000 * spikes) / (values.length * batch.dt);
}
