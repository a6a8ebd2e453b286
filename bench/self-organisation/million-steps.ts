/**
 * @file A long plastic run with its raster, in a process of its own so that its memory is its own; run by long-run.ts
 * with the number of steps, prints one line of JSON.
 */

import { simulate } from "../../src/engine/index.ts";
import { publishedNetwork, synapses } from "./networks.ts";

const steps = Number(process.argv[2]);
const simulation = simulate(publishedNetwork({ units: 200 }), { seed: 1 });
// What code and a first stretch take is there before memory is counted.
simulation.run(1000);
const before = process.memoryUsage().rss;
const spikes = simulation.recordSpikes("E.x", { raster: true });
const counts = simulation.recordSynapses("E->E", { every: 100 });
const cpu = process.cpuUsage();
const start = performance.now();
simulation.run(steps);
const wall = (performance.now() - start) / 1e3;
const { user, system } = process.cpuUsage(cpu);
// Kilobytes on every platform, says Node.
const peak = process.resourceUsage().maxRSS * 1024;
const total = spikes.activity().reduce((sum, active) => sum + active, 0);
const answer = {
  cpu: (user + system) / 1e6,
  wall,
  growth: peak - before,
  rasterBytes: spikes.raster().bits.length,
  rate: total / steps / 200,
  synapses: synapses(simulation),
  fewest: counts.counts().reduce((least, count) => Math.min(least, count)),
};
console.log(JSON.stringify(answer));
