/**
 * @file A decision by excitation and inhibition: fifty units that obey Dale's law learn which of two motions is the
 * stronger, as in Song, Yang & Wang (2016), their figure 3B, and are then asked at every coherence.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  batchTrials,
  conditionGrid,
  createRng,
  fitPsychometric,
  perceptualDecision,
  psychometricFunction,
  psychometricPoints,
  rateNetwork,
  readChoices,
  simulate,
  train,
  withParameters,
} from "cajal";
import { psychometricFigure } from "cajal/plot";
import { check } from "../check.ts";

const task = perceptualDecision();
// From balanced weights at a spectral radius of 1, and with short steps first: all steps of Adam together would make
// activity grow from step to step, to losses of 10¹² and more.
const network = rateNetwork({
  inputs: 2,
  units: 50,
  outputs: 2,
  dale: 0.8,
  noise: 0.1,
  initial: { rec: { distribution: { kind: "gamma", scale: 0.05 }, balance: "rows", spectralRadius: 1 } },
  rng: createRng(3).stream("network"),
});
const result = train({
  network,
  task,
  updates: 600,
  seed: 3,
  optimiser: { kind: "adam", learningRate: 0.02 },
  schedule: { kind: "constant", warmUp: { length: 50, from: 0.05 } },
  validation: { trials: 400, every: 25, conditions: conditionGrid(task) },
  earlyStopping: { criterion: "fractionCorrect", target: 0.85, window: 2 },
  onUpdate({ update, loss, validation }) {
    if (!validation) return;
    const correct = (100 * validation.fractionCorrect).toFixed(1);
    console.log(`update ${update + 1}: loss ${loss.toFixed(3)}, ${correct} % correct`);
  },
});
console.log(result.message);

// The trained network, a network like any other, is shown new trials with a longer fixation.
const test = perceptualDecision({ phase: "testing" });
const count = 1000;
const trials = batchTrials(test, count, createRng(4), { conditions: conditionGrid(test) });
const run = simulate(withParameters(network.network, result.last), {
  dt: test.dt,
  instances: count,
  seed: 5,
});
const outputs = run.monitor("out.z");
run.run(trials.steps * test.dt, { inputs: { u: trials.inputs } });
const points = psychometricPoints(readChoices(outputs.data().values, trials), trials.trials);
for (const { evidence, fraction } of points) {
  const percent = (100 * fraction).toFixed(0).padStart(3);
  console.log(
    `${String(evidence).padStart(6)} %  ${percent} % choice 1  ${"█".repeat(Math.round(40 * fraction))}`,
  );
}

const correct = points.map(({ evidence, fraction }) => (evidence > 0 ? fraction : 1 - fraction));
const mean = correct.reduce((sum, f) => sum + f, 0) / correct.length;

// The figure: dots, and the curve fitted to them.
const fit = fitPsychometric(points);
const fine = Array.from({ length: 201 }, (_, k) => 0.52 * (k - 100));
const column = (key: "evidence" | "fraction" | "count") => points.map((p) => p[key]);
const curve = { x: fine, y: fine.map((evidence) => psychometricFunction(fit, evidence)) };
const svg = await psychometricFigure(
  {
    series: [
      {
        label: "trained network",
        evidence: column("evidence"),
        fraction: column("fraction"),
        count: column("count"),
        curve,
      },
    ],
  },
  { title: "Choices of a network under Dale's law", xLabel: "Coherence (%)" },
);
const folder = process.argv[2] ?? "runs/perceptual-decision";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/perceptual-decision.svg`, svg);
console.log(`figure: ${folder}/perceptual-decision.svg`);

export const meta = {
  title: "A decision under Dale's law",
  check: { "fraction correct": [0.89, 0.07] },
} as const;
check(meta, { "fraction correct": mean });
