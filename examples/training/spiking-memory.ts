/**
 * @file Was the second stimulus the first again? Spiking units that obey Dale's law, and whose thresholds remember, learn it
 * through their spikes, whose derivative is replaced by a surrogate (Bellec et al. 2018).
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  batchTrials,
  choiceAccuracy,
  conditionGrid,
  createRng,
  delayedMatchToSample,
  runTrials,
  spikingNetwork,
  train,
  withParameters,
} from "cajal";
import { trainingHistory } from "cajal/plot";
import { check } from "../check.ts";

const task = delayedMatchToSample({
  dt: 10,
  timing: { fixation: 50, sample: 150, delay: 300, test: 150, decision: 150 },
});
const start = spikingNetwork({
  inputs: 3,
  units: 80,
  outputs: 3,
  dale: 0.8,
  refractory: 5,
  rng: createRng(1).stream("network"),
});
const result = train({
  network: start,
  task,
  updates: 600,
  batchSize: 32,
  seed: 1,
  optimiser: { kind: "adam", learningRate: 0.01 },
  validation: { trials: 128, every: 25, conditions: conditionGrid(task) },
  earlyStopping: { criterion: "fractionCorrect", target: 0.97, window: 2 },
});
console.log(result.message);

// New trials, and how often units fire in them.
const trials = batchTrials(task, 400, createRng(2), { conditions: conditionGrid(task) });
const network = { ...start, network: withParameters(start.network, result.last) };
const { choices, activity } = runTrials(network, trials, { record: ["rec.s"], precision: "f32" });
const correct = choiceAccuracy(choices!, trials.trials);
const { values } = activity["rec.s"];
const rate = (1000 * values.reduce((sum, s) => sum + s, 0)) / (values.length * task.dt);
console.log(`${(100 * correct).toFixed(1)} % correct, ${rate.toFixed(0)} spikes per second and unit`);

const { loss, validations } = result.history;
const svg = await trainingHistory({
  loss: [{ values: loss }],
  validationCorrect: [
    { updates: validations.map((v) => v.updates), values: validations.map((v) => v.fractionCorrect) },
  ],
  target: 0.97,
});
const folder = process.argv[2] ?? "runs/spiking-memory";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/spiking-memory.svg`, svg);
console.log(`figure: ${folder}/spiking-memory.svg`);

export const meta = {
  title: "Memory in a spiking network",
  check: { "fraction correct": [0.97, 0.05] },
} as const;
check(meta, { "fraction correct": correct });
