/**
 * @file Which of two vibrations, three seconds apart, was the faster? Sparse excitation and inhibition learn it at short
 * delays first, then at the delays of the experiment, as in Romo et al. (1999) and Song, Yang & Wang (2016), figure 7.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  areaMask,
  batchTrials,
  conditionGrid,
  createAreaLayout,
  createRng,
  layoutSigns,
  parametricWorkingMemory,
  rateNetwork,
  runTrials,
  scoreConditions,
  toDense,
  train,
  withParameters,
} from "cajal";
import { orderedWeights } from "cajal/plot";
import { check } from "../check.ts";

const rng = createRng(1).stream("network");
const layout = createAreaLayout([{ name: "network", units: 100, excitatory: 0.8 }]);
const start = rateNetwork({
  inputs: 2,
  units: 100,
  outputs: 2,
  dale: layoutSigns(layout),
  masks: { rec: areaMask(layout, { within: { E: 0.1, I: 0.5 }, rng: rng.stream("mask") }) },
  noise: 0.1,
  rng,
});

let network = start;
for (const [min, max] of [
  [300, 600],
  [2500, 3500],
]) {
  const task = parametricWorkingMemory({ timing: { delay: { kind: "uniform", min, max } } });
  const result = train({
    network,
    task,
    updates: 600,
    seed: max,
    optimiser: { kind: "adam", learningRate: 0.005 },
    validation: { trials: 200, every: 50, conditions: conditionGrid(task) },
    earlyStopping: { criterion: "fractionCorrect", target: 0.95, window: 2 },
  });
  console.log(`delays of ${min} to ${max} ms: ${result.message}`);
  network = { ...start, network: withParameters(start.network, result.last) };
}

// Every pair in either order, at three seconds; the criterion is the worst of them.
const test = parametricWorkingMemory({ phase: "testing" });
const trials = batchTrials(test, 500, createRng(2), { conditions: conditionGrid(test) });
const { choices } = runTrials(network, trials, { noise: true, seed: 3, precision: "f32" });
const scores = scoreConditions(choices!, trials.trials, ["pair", "order"]);
for (const { conditions, fraction } of scores)
  console.log(`${conditions.pair} ${conditions.order}  ${(100 * fraction).toFixed(0)} % correct`);

// The figure: recurrent weights before and after, excitatory units first.
const weights = (of: typeof start) => toDense(of.network.projections.find((p) => p.name === "rec")!.weights);
const svg = await orderedWeights({
  matrices: [
    { title: "before", weights: weights(start) },
    { title: "after", weights: weights(network) },
  ],
  signs: start.signs,
});
const folder = process.argv[2] ?? "runs/working-memory";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/working-memory.svg`, svg);
console.log(`figure: ${folder}/working-memory.svg`);

export const meta = {
  title: "Parametric working memory",
  check: { "fraction correct of the worst condition": [0.95, 0.1] },
} as const;
check(meta, { "fraction correct of the worst condition": Math.min(...scores.map((s) => s.fraction)) });
