/**
 * @file The figures of docs/training-with-dales-law.md, and the numbers it quotes:
 * `npm run build && node dist/science/guides/dales-law.js [folder]`, about a minute.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitPsychometric, psychometricFunction } from "../../src/analysis/index.ts";
import { createRng, dense } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import {
  type CurriculumStage,
  type RateNetworkOptions,
  rateNetwork,
  train,
  withParameters,
} from "../../src/learning/index.ts";
import { lossComparison, orderedWeights, psychometricFigure, trialPicture } from "../../src/plot/index.ts";
import {
  batchTrials,
  conditionGrid,
  perceptualDecision,
  psychometricPoints,
  readChoices,
} from "../../src/tasks/index.ts";

const folder = process.argv[2] ?? join(import.meta.dirname, "../../../docs/figures");
const draw = (name: string, svg: string) => writeFileSync(join(folder, `${name}.svg`), svg);
const SEEDS = [3, 4, 5, 6, 7, 8];
const task = perceptualDecision();

interface Condition {
  network?: Partial<RateNetworkOptions>;
  curriculum?: CurriculumStage[];
  /** Only counted, not drawn. */
  isHidden?: boolean;
}

/** Train one network to its target, 85 % of two validations in a row. */
function trained(seed: number, { network: options, curriculum = [] }: Condition) {
  const rng = createRng(seed).stream("network");
  const network = rateNetwork({ inputs: 2, units: 50, outputs: 2, noise: 0.1, ...options, rng });
  const result = train({
    network,
    task,
    updates: 800,
    seed,
    optimiser: { kind: "adam", learningRate: 0.02 },
    validation: { trials: 400, every: 25, conditions: conditionGrid(task) },
    earlyStopping: { criterion: "fractionCorrect", target: 0.85, window: 2 },
    curriculum,
  });
  return { network, result };
}

const strongFirst: CurriculumStage[] = [
  { update: 0, conditions: { coherence: 51.2 } },
  { update: 100, conditions: {} },
];
const CONDITIONS: Record<string, Condition> = {
  "no law": {},
  "Dale, rectified": { network: { dale: 0.8 } },
  "Dale, projected": { network: { dale: 0.8, enforce: "project" } },
  "Dale, 20 % of synapses": { network: { dale: 0.8, density: 0.2 } },
  "Dale, absolute": { network: { dale: 0.8, enforce: "absolute" }, isHidden: true },
  "Dale, strong evidence first": { network: { dale: 0.8 }, curriculum: strongFirst, isHidden: true },
};
const groups = Object.entries(CONDITIONS).flatMap(([label, condition]) => {
  const runs = SEEDS.map((seed) => trained(seed, condition).result);
  const updates = runs.map((run) => run.updates).sort((a, b) => a - b);
  const reached = runs.filter(({ status }) => status === "reached").length;
  console.log(
    `${label}: ${reached} of ${runs.length} reached the target, after ${updates.join(", ")} updates`,
  );
  const repeats = runs.map(({ history: { validations } }) => ({
    updates: validations.map((v) => v.updates),
    values: validations.map((v) => v.fractionCorrect),
  }));
  return condition.isHidden ? [] : [{ label, repeats }];
});
draw(
  "dale-learning",
  await lossComparison(
    { groups, target: { value: 0.85, label: "target" } },
    { title: "Six seeds each", yLabel: "Fraction correct", log: false, minima: false, thin: false },
  ),
);

const { network, result } = trained(3, { network: { dale: 0.8 } });
const units = network.signs.length;
const before = network.network.projections.find(({ name }) => name === "rec")!.weights.values;
const matrix = (values: ArrayLike<number>) => dense(units, units, Float64Array.from(values));
for (const sign of [1, -1]) {
  let [silent, count] = [0, 0];
  result.best.parameters["weights:rec"].forEach((w, k) => {
    const [post, pre] = [Math.floor(k / units), k % units];
    if (post === pre || network.signs[pre] < 0 || network.signs[post] !== sign) return;
    count++;
    if (w === 0) silent++;
  });
  console.log(`silent from E to ${sign > 0 ? "E" : "I"}: ${((100 * silent) / count).toFixed(0)} %`);
}
draw(
  "dale-weights",
  await orderedWeights({
    matrices: [
      { title: "Before training", weights: matrix(before) },
      { title: "After", weights: matrix(result.best.parameters["weights:rec"]) },
    ],
    signs: network.signs,
  }),
);

const test = perceptualDecision({ phase: "testing" });
const trials = batchTrials(test, 1000, createRng(4), { conditions: conditionGrid(test) });
const run = simulate(withParameters(network.network, result.best.parameters), {
  dt: test.dt,
  instances: trials.count,
  seed: 5,
});
const outputs = run.monitor("out.z");
const rates = run.monitor("rec.r");
run.run(trials.steps * test.dt, { inputs: { u: trials.inputs } });
const points = psychometricPoints(readChoices(outputs.data().values, trials), trials.trials);
const fit = fitPsychometric(points);
console.log(`bias ${fit.bias.value.toFixed(1)} %, sigma ${fit.sigma.value.toFixed(1)} %`);
const evidence = points.map((point) => point.evidence);
const along = Array.from({ length: 101 }, (_, i) => evidence[0] * (1 - i / 50));
draw(
  "dale-psychometric",
  await psychometricFigure(
    {
      series: [
        {
          label: "trained network",
          evidence,
          fraction: points.map((point) => point.fraction),
          count: points.map((point) => point.count),
          curve: { x: along, y: along.map((x) => psychometricFunction(fit, x)) },
        },
      ],
    },
    { xLabel: "Coherence (%), above 0 for choice 1", yLabel: "Choices of 1" },
  ),
);

/** One instance of an array of shape `(time, column, instance)`. */
function one(values: ArrayLike<number>, instance: number): Float64Array {
  return Float64Array.from(
    { length: values.length / trials.count },
    (_, k) => values[k * trials.count + instance],
  );
}
const shown = [51.2, 3.2].map((strength) => trials.trials.findIndex((t) => t.evidence === strength));
draw(
  "dale-trials",
  await trialPicture(
    {
      trials: shown.map((k) => ({
        title: `Coherence ${trials.trials[k].evidence} %`,
        steps: trials.trials[k].steps,
        periods: trials.trials[k].periods,
        inputs: one(trials.inputs, k),
        outputs: one(outputs.data().values, k),
        targets: one(trials.targets, k),
        mask: one(trials.mask, k),
        activity: one(rates.data().values, k),
      })),
      inputNames: trials.inputNames,
      outputNames: trials.outputNames,
      units,
      dt: test.dt,
      unitTypes: Array.from(network.signs, (sign) => (sign > 0 ? "E" : "I")),
    },
    { title: "Two trials" },
  ),
);
