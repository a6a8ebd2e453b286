/**
 * @file Motion and colour at once, and a cue that says which of them counts: a hundred units that obey Dale's law learn
 * to integrate the one and to ignore the other, as in Mante et al. (2013) and Song, Yang & Wang (2016), figure 5.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  batchTrials,
  conditionGrid,
  contextIntegration,
  createRng,
  fitPsychometric,
  psychometricFunction,
  psychometricPoints,
  rateNetwork,
  runTrials,
  train,
  withParameters,
} from "cajal";
import { psychometricFigure } from "cajal/plot";
import { check } from "../check.ts";

const task = contextIntegration();
const start = rateNetwork({
  inputs: 6,
  units: 100,
  outputs: 2,
  dale: 0.8,
  noise: 0.1,
  rng: createRng(1).stream("network"),
});
const result = train({
  network: start,
  task,
  updates: 2000,
  seed: 1,
  optimiser: { kind: "adam", learningRate: 0.01 },
  validation: { trials: 288, every: 100, conditions: conditionGrid(task) },
  earlyStopping: { criterion: "fractionCorrect", target: 0.9 },
  onUpdate({ update, validation }) {
    if (!validation) return;
    console.log(`update ${update + 1}: ${(100 * validation.fractionCorrect).toFixed(1)} % correct`);
  },
});
console.log(result.message);
const network = { ...start, network: withParameters(start.network, result.best.parameters) };

// Both contexts, and in each the choices by the evidence of either modality.
const test = contextIntegration({ phase: "testing" });
const fine = Array.from({ length: 201 }, (_, k) => 0.5 * (k - 100));
const series = [];
const slopes: Record<string, number> = {};
for (const context of ["motion", "colour"]) {
  const trials = batchTrials(test, 720, createRng(2), {
    conditions: conditionGrid(test, { fixed: { context } }),
  });
  const { choices } = runTrials(network, trials, { noise: true, seed: 3, precision: "f32" });
  for (const modality of ["motion", "colour"]) {
    const points = psychometricPoints(choices!, trials.trials, {
      by: ({ conditions: c }) => Number(c[modality]) * Number(c[`${modality}Direction`]),
    });
    const label = `${modality} in context ${context}`;
    const fit = fitPsychometric(points);
    slopes[label] = fit.slope.value;
    console.log(`${label}: ${(100 * slopes[label]).toFixed(2)} % more choices per % of evidence`);
    const column = (key: "evidence" | "fraction" | "count") => points.map((p) => p[key]);
    series.push({
      label,
      evidence: column("evidence"),
      fraction: column("fraction"),
      count: column("count"),
      curve: { x: fine, y: fine.map((evidence) => psychometricFunction(fit, evidence)) },
    });
  }
}
const relevant = Math.min(slopes["motion in context motion"], slopes["colour in context colour"]);
const irrelevant = ["colour in context motion", "motion in context colour"].map((l) => Math.abs(slopes[l]));

const svg = await psychometricFigure({ series }, { title: "Choices by context", xLabel: "Coherence (%)" });
const folder = process.argv[2] ?? "runs/context-integration";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/context-integration.svg`, svg);
console.log(`figure: ${folder}/context-integration.svg`);

export const meta = {
  title: "Context-dependent integration",
  check: { "irrelevant over relevant slope": [0, 0.2] },
} as const;
check(meta, { "irrelevant over relevant slope": Math.max(...irrelevant) / relevant });
