/**
 * @file One seed of a study, in a worker: a network drawn and run from its seed. Started by seeds.ts.
 */

import { createRng } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import { delpapa2017 } from "../../src/model/index.ts";

/** @returns Spikes of all steps. */
export default function runSeed({ seed, steps }: { seed: number; steps: number }): number {
  const network = delpapa2017({ units: 200 }, createRng(seed).stream("bench"));
  const simulation = simulate(network, { seed });
  const spikes = simulation.recordSpikes("E.x");
  simulation.run(steps);
  return spikes.activity().reduce((sum, active) => sum + active, 0);
}
