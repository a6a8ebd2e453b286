/**
 * @file Units with equations of their own: rates that adapt, each with a time constant of adaptation that is trained
 * beside the weights. They learn whether the second stimulus was the first again.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  batchTrials,
  choiceAccuracy,
  conditionGrid,
  createRng,
  delayedMatchToSample,
  equationNetwork,
  neuron,
  runTrials,
  train,
  withParameters,
} from "cajal";
import { lineFigure } from "cajal/plot";
import { check } from "../check.ts";

const task = delayedMatchToSample({
  dt: 20,
  timing: { fixation: 100, sample: 200, delay: 400, test: 200, decision: 200 },
});
const start = equationNetwork({
  neuron: neuron({
    name: "adapting rate",
    parameters: { tau: 50, tauA: 300, b: 1, bias: 0 },
    equations: `
      tau * dx/dt = sum(in) + sum(rec) + bias - b * a - x
      tauA * da/dt = r - a
      r = tanh(x)`,
  }),
  inputs: 3,
  units: 40,
  outputs: 3,
  train: ["in", "rec", "out", "outputBias", "bias", "b", "tauA"],
  bounds: { tauA: [40, 5000], b: [0, 10] },
  initial: {
    in: { distribution: { kind: "uniform", low: -1, high: 1 } },
    out: { distribution: { kind: "uniform", low: -0.3, high: 0.3 } },
  },
  rng: createRng(1).stream("network"),
});
const result = train({
  network: start,
  task,
  updates: 1000,
  batchSize: 32,
  seed: 1,
  // A step of Adam is about the learning rate: too short for numbers of hundreds of milliseconds.
  optimiser: { kind: "adam", learningRate: 0.01, overrides: { "rec.tauA": { learningRateScale: 1000 } } },
  validation: { trials: 128, every: 25, conditions: conditionGrid(task) },
  earlyStopping: { criterion: "fractionCorrect", target: 0.97, window: 2 },
});
console.log(result.message);

// New trials.
const trials = batchTrials(task, 400, createRng(2), { conditions: conditionGrid(task) });
const network = { ...start, network: withParameters(start.network, result.last) };
const { choices } = runTrials(network, trials, { precision: "f32" });
const correct = choiceAccuracy(choices!, trials.trials);
const times = Float64Array.from(result.last["rec.tauA"]).sort();
const middle = (times[19] + times[20]) / 2;
console.log(`${(100 * correct).toFixed(1)} % correct`);
console.log(
  `tauA was 300 ms, is ${times[0].toFixed(0)} to ${times[39].toFixed(0)}, in the middle ${middle.toFixed(0)}`,
);

const unit = Array.from({ length: 40 }, (_, k) => k + 1);
const svg = await lineFigure({
  width: 13,
  panelHeight: 7.5,
  panels: [
    {
      xLabel: "Unit, from the fastest to the slowest",
      yLabel: "Time constant of adaptation (ms)",
      series: [
        { x: unit, y: new Float64Array(40).fill(300), label: "before", dash: "4 2" },
        { x: unit, y: times, label: "after" },
      ],
    },
  ],
  label: "Time constants of adaptation of 40 units, before and after training",
});
const folder = process.argv[2] ?? "runs/adapting-memory";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/adapting-memory.svg`, svg);
console.log(`figure: ${folder}/adapting-memory.svg`);

export const meta = {
  title: "Memory in units that adapt",
  check: { "fraction correct": [0.98, 0.04], "middle of the time constants [ms]": [420, 60] },
} as const;
check(meta, { "fraction correct": correct, "middle of the time constants [ms]": middle });
