/**
 * @file The first network: what sensory neurons of a worm saw, how long do its motor neurons hold it? The wiring is
 * that of C. elegans, the neuron is one line of text, and five strengths of the wiring run side by side.
 */

import {
  createRng,
  dense,
  evaluateReservoir,
  input,
  memoryCapacity,
  memoryCapacityTask,
  network,
  neuron,
  normalizeSpectralRadius,
  population,
  projection,
  selectNodes,
} from "cajal";
import { openConnectome } from "cajal/experiment";
import { check } from "../check.ts";

const worm = normalizeSpectralRadius(await openConnectome({ name: "celegans", synapses: "chemical" }));
const size = worm.labels.length;
const rng = createRng(1);
const wIn = dense(size, 1);
for (const i of selectNodes(worm, { types: ["sensory"] })) wIn.values[i] = rng.normal();
const net = network({
  populations: [population("worm", { size, neuron: neuron({ equations: "r = tanh(sum(rec) + sum(in))" }) })],
  inputs: [input("seen", 1)],
  projections: [
    projection("seen", "worm", { target: "in", weights: wIn }),
    projection("worm", "worm", { target: "rec", weights: worm.weights }),
  ],
});

const task = memoryCapacityTask({ steps: 4000, maxDelay: 20, rng });
const units = selectNodes(worm, { types: ["motor"] });
const radii = [0.5, 0.7, 0.9, 1.1, 1.3];
const simulation = { instances: radii.length, gains: { "worm.rec": radii } };
const results = evaluateReservoir(net, task, { input: "seen", record: "worm.r", units, simulation });
const memory = results.map((r) => (r.status === "done" ? memoryCapacity(r.scores.r).jaeger : 0));
for (const b of radii.keys()) console.log(`spectral radius ${radii[b]}: ${memory[b].toFixed(2)} steps`);

export const meta = { title: "The memory of a worm", check: { "memory at 0.9": [9.973, 0.001] } } as const;
check(meta, { "memory at 0.9": memory[2] });
