/**
 * @file Does the wiring of a worm help to remember a sequence of numbers? The chemical synapses of C. elegans as the mask
 * of Elman's network, numbers shown to sensory neurons and recalled by all, beside as many synapses at random places, at
 * one spectral radius. Both learn it; an output that ignores its input has an error of 1/12 = 0.083.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  type Connectome,
  connectomeWiring,
  createRng,
  elmanNetwork,
  largestComponent,
  randomControl,
  selectNodes,
  sequenceMemory,
  train,
} from "cajal";
import { openConnectome } from "cajal/experiment";
import { lossComparison } from "cajal/plot";
import { check } from "../check.ts";

const rng = createRng(1);
const worm = largestComponent(await openConnectome({ name: "celegans", synapses: "chemical" }));
const control = randomControl(worm, { spectralRadius: false, rng: rng.stream("topology") }).connectome;
const task = sequenceMemory({ length: 10 });

/** Inputs reach sensory neurons only. */
const sensory = new Set(selectNodes(worm, { types: ["sensory"] }));
const inputs = task.inputs.length;
const heard = Uint8Array.from({ length: worm.labels.length * inputs }, (_, k) =>
  sensory.has(Math.floor(k / inputs)) ? 1 : 0,
);

function learn(wiring: Connectome) {
  const { masks, ...rest } = connectomeWiring(wiring);
  const network = elmanNetwork({
    ...rest,
    inputs,
    outputs: task.outputs.length,
    masks: { ...masks, in: heard },
    initial: { rec: { distribution: { kind: "uniform-fan-in" }, spectralRadius: 0.9 } },
    rng: rng.stream("network"),
  });
  const { history } = train({
    network,
    task,
    updates: 400,
    batchSize: 50,
    seed: 1,
    optimiser: { kind: "adam", learningRate: 0.002 },
    validation: { trials: 200, every: 25 },
  });
  return history.validations;
}

const results = { worm: learn(worm), random: learn(control) };
const least = (of: keyof typeof results) => Math.min(...results[of].map((v) => v.loss));
for (const of of ["worm", "random"] as const) console.log(`${of}: least error ${least(of).toExponential(1)}`);

const svg = await lossComparison(
  {
    groups: Object.entries(results).map(([label, validations]) => ({
      label,
      repeats: [{ updates: validations.map((v) => v.updates), values: validations.map((v) => v.loss) }],
    })),
    target: { value: 1 / 12, label: "chance" },
  },
  { title: "Ten numbers recalled", yLabel: "Validation loss", log: true },
);
const folder = process.argv[2] ?? "runs/worm-sequence";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/worm-sequence.svg`, svg);
console.log(`figure: ${folder}/worm-sequence.svg`);

export const meta = {
  title: "A worm remembers a sequence",
  check: {
    "least error of the worm": [0.00015, 0.00015],
    "least error of random wiring": [0.00005, 0.00005],
  },
} as const;
check(meta, { "least error of the worm": least("worm"), "least error of random wiring": least("random") });
