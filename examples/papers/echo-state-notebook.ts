/**
 * @file ANNarchy's echo-state notebook. 400 rate neurons with strong random wiring get one pulse and reverberate; two
 * runs that differ in their noise alone drift apart; a readout fitted on the first marks half a second, two seconds
 * after the pulse, in the second.
 *
 * Equations and numbers are the notebook's (https://annarchy.github.io, "Echo-state networks"), after Jaeger (2001) and
 * Sompolinsky, Crisanti & Sommers (1988); forward Euler, as there. At this gain most but not all random wirings are
 * chaotic, weakly; the trials of this one drift apart about as far as those of the median of 24 wirings.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  createRng,
  dense,
  input,
  lasso,
  network,
  neuron,
  population,
  predict,
  projection,
  simulate,
  takeInstance,
} from "cajal";
import { lineFigure } from "cajal/plot";
import { check } from "../check.ts";

export const meta = {
  title: "ANNarchy's echo-state notebook",
  check: { "error of the readout": [0.073, 0.001] },
} as const;

// The network: the notebook's equation, no unit connected to itself.
const N = 400;
const rng = createRng(19);
const wIn = Array.from({ length: N }, () => 2 * rng.uniform() - 1);
const wRec = Array.from({ length: N * N }, () => rng.normal() / Math.sqrt(N));
for (let i = 0; i < N; i++) wRec[i * N + i] = 0;
const echoState = neuron({
  parameters: { tau: 30, g: 1.5, noise: 0.01 },
  equations: `
    tau * dx/dt + x = sum(in) + g * sum(exc) + noise * Uniform(-1, 1)
    r = tanh(x)
  `,
});
const net = network({
  populations: [population("reservoir", { size: N, neuron: echoState })],
  inputs: [input("pulse", 1)],
  projections: [
    projection("pulse", "reservoir", { target: "in", weights: dense(N, 1, wIn) }),
    projection("reservoir", "reservoir", { target: "exc", weights: dense(N, N, wRec) }),
  ],
});

// Two trials of 3 s, side by side: instances share the weights and differ in the seed of their noise.
const T = 3000;
const pulse = Array.from({ length: T }, (_, t) => (t >= 100 && t < 200 ? 1 : 0));
const trials = simulate(net, { dt: 1, instances: 2, seed: [1, 2] });
const rates = trials.monitor("reservoir.r");
trials.run(T, { inputs: { pulse } });
const first = takeInstance(rates.data(), 0); // (time, unit)
const second = takeInstance(rates.data(), 1);

// The readout: fitted on the first trial, judged on the second.
const box = Array.from({ length: T }, (_, t) => (t >= 2000 && t < 2500 ? 1 : 0));
const readout = lasso(first, box, { units: N, outputs: 1, lambda: 0.001 });
const marked = predict(readout, second);
const error = Math.sqrt(marked.reduce((sum, y, t) => sum + (y - box[t]) ** 2, 0) / T);

// The figure.
const times = Array.from({ length: T }, (_, t) => t + 1);
const five = [0, 1, 2, 3, 4];
const trace = (states: Float64Array, unit: number) => times.map((_, t) => states[t * N + unit]);
const difference = first.map((r, k) => r - second[k]);
const spans = [{ from: 100, to: 200, label: "pulse" }];
const svg = await lineFigure({
  label: "Five units in two trials, the difference of the trials, and the readout of the second trial",
  panels: [
    {
      title: "First trial",
      yLabel: "r",
      series: five.map((unit) => ({ x: times, y: trace(first, unit) })),
      spans,
    },
    {
      title: "Second trial, other noise",
      yLabel: "r",
      series: five.map((unit) => ({ x: times, y: trace(second, unit) })),
    },
    {
      title: "First minus second",
      yLabel: "Δr",
      yDomain: [-0.2, 0.2],
      series: five.map((unit) => ({ x: times, y: trace(difference, unit) })),
    },
    {
      title: "Readout of the second trial",
      yLabel: "y",
      xLabel: "Time (ms)",
      series: [
        { x: times, y: box, label: "target", color: "#999" },
        { x: times, y: marked, label: "readout" },
      ],
    },
  ],
});
const folder = process.argv[2] ?? "runs/echo-state-notebook";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/echo-state-notebook.svg`, svg);
console.log(`figure: ${folder}/echo-state-notebook.svg`);
check(meta, { "error of the readout": error });
