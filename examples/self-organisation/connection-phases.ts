/**
 * @file A network finds its wiring. Del Papa's SORN starts with 10 % of all connections; depression removes most of them,
 * then births and competition grow a new set. The smallest fraction and its time are the same for every seed.
 */

import { connectionPhases, createRng, delpapa2017, simulate } from "cajal";
import { check } from "../check.ts";

export const meta = {
  title: "Decay and growth of connections",
  check: { "smallest fraction, %": [1.2, 0.4] },
} as const;

const run = simulate(delpapa2017({}, createRng(1)), { seed: 1 });
const pairs = 200 * 199;
const start = run.weights("E->E").values.length / pairs;
const synapses = run.recordSynapses("E->E", { every: 1000 });
run.run(150_000);

const counts = Array.from(synapses.counts(), (n) => n / pairs);
const steps = [0, ...counts.map((_, k) => (k + 1) * 1000)];
const { minimum } = connectionPhases({ steps, fraction: [start, ...counts] });
for (const k of [0, 10, 25, 50, 100, 150]) {
  console.log(
    `after ${String(steps[k]).padStart(6)} steps: ${(100 * [start, ...counts][k]).toFixed(2)} % of all connections`,
  );
}
console.log(`smallest at step ${minimum.step}`);
check(meta, { "smallest fraction, %": 100 * minimum.fraction });
