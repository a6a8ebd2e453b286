/**
 * @file Parametric working memory (Romo et al. 1999) under Dale's law with sparse connections, after Song, Yang & Wang
 * (2016), Fig. 7: is the first of two vibrations, three seconds apart, the faster one? Delays grow in stages; in the
 * last one the criterion is theirs, the worst condition. All conditions together are no criterion: networks have 95 %
 * right while they still guess at a pair from the middle, whose first frequency alone says nothing.
 */

import { createRng } from "../../src/core/index.ts";
import {
  areaMask,
  createAreaLayout,
  layoutSigns,
  rateNetwork,
  type TrainableNetwork,
} from "../../src/learning/index.ts";
import type { Network } from "../../src/model/index.ts";
import { conditionGrid, parametricWorkingMemory, scoreConditions, type Task } from "../../src/tasks/index.ts";
import { ask } from "./questions.ts";
import { type Law, type WatchedTraining, watchedTraining } from "./watched-training.ts";

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
  /** The last stage ends when the worst condition, mean of the last five validations, is this. Default 0.95. */
  target?: number;
}

/** What became of it. */
export interface MemoryResult {
  stages: WatchedTraining[];
  /** Whether the worst condition was as good as asked within the updates given. */
  reached: boolean;
  breaches: number;
  trials: number;
  /** Fraction correct at a delay of 3 s: of all, and of the worst of the ten conditions. */
  correct: number;
  worst: number;
}

/**
 * Train stage by stage, each from the weights of the one before, and ask at the longest delay. The published criterion
 * is 0.85 for the worst condition; the default is above it, as what is asked is the worst of ten on new trials.
 */
export function trainMemory(options: MemoryOptions): MemoryResult {
  const { seed, units = 100, noise = 0.1, learningRate = 0.005, batchSize = 20, every = 50 } = options;
  const { stages = STAGES, target = 0.95 } = options;
  const { network, laws } = sparseNetwork({ seed, units, noise });
  const trained: WatchedTraining[] = [];
  let reached = false;
  for (const [k, { delay, updates }] of stages.entries()) {
    const [min, max] = delay;
    const task = parametricWorkingMemory({ timing: { delay: { kind: "uniform", min, max } } });
    const before = trained.at(-1)?.network;
    const common = {
      network: before ? { ...network, network: before } : network,
      task,
      updates,
      batchSize,
      seed: 10 * seed + k,
      optimiser: { kind: "adam", learningRate },
      validation: { trials: 200, every, conditions: conditionGrid(task) },
    } as const;
    if (k < stages.length - 1) {
      const earlyStopping = { criterion: "fractionCorrect", target: 0.93, window: 3 } as const;
      trained.push(watchedTraining({ ...common, earlyStopping }, laws));
      continue;
    }
    const worst: number[] = [];
    trained.push(
      watchedTraining(common, laws, (now) => {
        worst.push(Math.min(...conditionScores(now, task, { trials: 300, seed: VALIDATION })));
        const last = worst.slice(-WINDOW);
        reached = last.length === WINDOW && last.reduce((sum, w) => sum + w, 0) >= WINDOW * target;
        return reached;
      }),
    );
  }
  const test = parametricWorkingMemory({ phase: "testing" });
  const scores = conditionScores(trained.at(-1)!.network, test, { trials: 1000, seed });
  return {
    stages: trained,
    reached,
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
  { delay: [2500, 3500], updates: 2000 },
] as const;

/** Validations that the worst condition is averaged over, as published. */
const WINDOW = 5;

/** Seed of the trials that training ends by; those it is asked in the end have that of the network. */
const VALIDATION = 0;

/** The network of the paper, and what its weights have to obey. */
function sparseNetwork({ seed, units, noise }: { seed: number; units: number; noise: number }): {
  network: TrainableNetwork;
  laws: Law[];
} {
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
  return { network, laws };
}

/** Fraction correct of each of the ten conditions. */
function conditionScores(
  network: Network,
  task: Task,
  { trials, seed }: { trials: number; seed: number },
): number[] {
  const { batch, choices } = ask({ network, task, trials, conditions: conditionGrid(task), seed });
  return scoreConditions(choices, batch.trials, ["pair", "order"]).map((s) => s.fraction);
}
