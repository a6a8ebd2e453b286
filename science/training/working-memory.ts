/**
 * @file Parametric working memory (Romo et al. 1999) under Dale's law with sparse connections, after Song, Yang & Wang
 * (2016), Fig. 7: is the first of two vibrations, three seconds apart, the faster one? Delays grow in stages; the
 * criterion is theirs, the worst condition.
 */

import { createRng } from "../../src/core/index.ts";
import { areaMask, createAreaLayout, layoutSigns, rateNetwork } from "../../src/learning/index.ts";
import { conditionGrid, parametricWorkingMemory, scoreConditions } from "../../src/tasks/index.ts";
import { ask } from "./questions.ts";
import { type WatchedTraining, watchedTraining } from "./watched-training.ts";

/** One network. */
export interface MemoryOptions {
  seed: number;
  /** Default 100. */
  units?: number;
  noise?: number;
  learningRate?: number;
  batchSize?: number;
  /** Delays [ms] of the stages, each with its most updates. */
  stages?: readonly { delay: readonly [least: number, most: number]; updates: number }[];
  every?: number;
}

/** What became of it. */
export interface MemoryResult {
  stages: WatchedTraining[];
  breaches: number;
  trials: number;
  /** Fraction correct at a delay of 3 s: of all, and of the worst of the ten conditions. */
  correct: number;
  worst: number;
}

/** Train stage by stage, each from the weights of the one before, and ask at the longest delay. */
export function trainMemory(options: MemoryOptions): MemoryResult {
  const { seed, units = 100, noise = 0.1, learningRate = 0.005, batchSize = 20, every = 50 } = options;
  const { stages = STAGES } = options;
  const layout = createAreaLayout([{ name: "network", units, excitatory: 0.8 }]);
  const rng = createRng(seed).stream("network");
  const mask = areaMask(layout, { within: { E: 0.1, I: 0.5 }, rng: rng.stream("area mask") });
  const network = rateNetwork({
    inputs: 2,
    units,
    outputs: 2,
    dale: layoutSigns(layout),
    noise,
    masks: { rec: mask },
    train: ["in", "rec", "out", "start"],
    rng,
  });
  const laws = [
    { projection: "rec", signs: network.signs, mask, autapses: false },
    { projection: "in", signs: [1, 1] },
    { projection: "out", signs: network.signs },
  ];
  const trained: WatchedTraining[] = [];
  for (const [k, { delay, updates }] of stages.entries()) {
    const [min, max] = delay;
    const task = parametricWorkingMemory({ timing: { delay: { kind: "uniform", min, max } } });
    const before = trained.at(-1)?.network;
    trained.push(
      watchedTraining(
        {
          network: before ? { ...network, network: before } : network,
          task,
          updates,
          batchSize,
          seed: 10 * seed + k,
          optimiser: { kind: "adam", learningRate },
          validation: { trials: 200, every, conditions: conditionGrid(task) },
          earlyStopping: { criterion: "fractionCorrect", target: 0.93, window: 3 },
        },
        laws,
      ),
    );
  }
  const test = parametricWorkingMemory({ phase: "testing" });
  const { batch, choices } = ask({
    network: trained.at(-1)!.network,
    task: test,
    trials: 500,
    conditions: conditionGrid(test),
    seed,
  });
  const scores = scoreConditions(choices, batch.trials, ["pair", "order"]).map((s) => s.fraction);
  return {
    stages: trained,
    breaches: trained.reduce((sum, t) => sum + t.breaches, 0),
    trials: trained.reduce((sum, t) => sum + t.trials, 0),
    correct: scores.reduce((sum, f) => sum + f, 0) / scores.length,
    worst: Math.min(...scores),
  };
}

// Implementation

const STAGES = [
  { delay: [300, 600], updates: 1500 },
  { delay: [1000, 1500], updates: 800 },
  { delay: [2500, 3500], updates: 800 },
] as const;
