/**
 * @file One compilation in a process that has compiled nothing yet; run by compile.bench.ts, prints one line of JSON.
 */

import { simulate } from "../src/engine/index.ts";
import { LARGE_NEURON, NOTEBOOK_NEURON, notebookNetwork } from "./workloads.ts";

const net = notebookNetwork(400, process.argv[2] === "large" ? LARGE_NEURON : NOTEBOOK_NEURON);
const before = process.cpuUsage();
const start = performance.now();
const simulation = simulate(net, { seed: 1 });
simulation.step();
const wall = (performance.now() - start) / 1e3;
const { user, system } = process.cpuUsage(before);
const check = simulation.get("reservoir.r")[0];
console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6, check }));
