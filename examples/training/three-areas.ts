/**
 * @file Three areas in a chain, excitation and inhibition in each: evidence reaches the first, the choice is read off the
 * third, and long-range synapses are sparse and excitatory. Cutting a link shows what it carries.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  batchTrials,
  choiceAccuracy,
  conditionGrid,
  createRng,
  multiAreaNetwork,
  perceptualDecision,
  runTrials,
  toDense,
  train,
  withParameters,
} from "cajal";
import { orderedWeights } from "cajal/plot";
import { check } from "../check.ts";

const names = ["sensory", "middle", "motor"];
const task = perceptualDecision();
const start = multiAreaNetwork({
  areas: names.map((name) => ({ name, units: 40, excitatory: 0.8 })),
  inputs: [{ channels: 2, areas: ["sensory"] }],
  outputs: [{ channels: 2, areas: ["motor"] }],
  within: 0.5,
  between: { forward: { "E->E": 0.4, "E->I": 0.4 }, backward: { "E->E": 0.1, "E->I": 0.1 } },
  pairs: { "sensory->motor": 0, "motor->sensory": 0 },
  noise: 0.1,
  rng: createRng(1).stream("network"),
});
const result = train({
  network: start,
  task,
  updates: 1500,
  seed: 1,
  optimiser: { kind: "adam", learningRate: 0.01 },
  // Strong motion first: at the start little of it comes through three areas.
  curriculum: [
    { update: 0, conditions: { coherence: 51.2 } },
    { update: 400, conditions: {} },
  ],
  validation: { trials: 300, every: 50, conditions: conditionGrid(task) },
  earlyStopping: { criterion: "fractionCorrect", target: 0.85, window: 3 },
});
console.log(result.message);

const test = perceptualDecision({ phase: "testing" });
const trials = batchTrials(test, 500, createRng(2), { conditions: conditionGrid(test) });
const trained = withParameters(start.network, result.last);
const weights = toDense(trained.projections.find((p) => p.name === "rec")!.weights);
const correct = (cut?: readonly [pre: string, post: string]) => {
  const [pre, post] = (cut ?? []).map((name) => start.layout.areas.find((a) => a.name === name)!);
  const lies = (unit: number, area: typeof pre) => unit >= area.start && unit < area.start + area.units;
  const left = weights.values.map((w, k) =>
    cut && lies(k % weights.columns, pre) && lies(Math.floor(k / weights.columns), post) ? 0 : w,
  );
  const projections = trained.projections.map((p) =>
    p.name === "rec" ? { ...p, weights: { ...weights, values: left } } : p,
  );
  const network = { ...start, network: { ...trained, projections } };
  const { choices } = runTrials(network, trials, { noise: true, seed: 3, precision: "f32" });
  return choiceAccuracy(choices!, trials.trials);
};
const whole = correct();
console.log(`whole: ${(100 * whole).toFixed(1)} % correct`);
const [first, second] = (
  [
    ["sensory", "middle"],
    ["middle", "motor"],
  ] as const
).map(correct);
console.log(`without sensory → middle: ${(100 * first).toFixed(1)} %`);
console.log(`without middle → motor: ${(100 * second).toFixed(1)} %`);

const svg = await orderedWeights(
  {
    matrices: [{ title: "recurrent weights", weights }],
    signs: start.signs,
    areas: start.layout.areas.flatMap(({ units }, k) => Array.from({ length: units }, () => k)),
    areaNames: names,
  },
  { title: "Three areas after training" },
);
const folder = process.argv[2] ?? "runs/three-areas";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/three-areas.svg`, svg);
console.log(`figure: ${folder}/three-areas.svg`);

export const meta = {
  title: "Three areas",
  check: { "fraction correct": [0.92, 0.07], "without its middle link": [0.5, 0.07] },
} as const;
check(meta, { "fraction correct": whole, "without its middle link": second });
