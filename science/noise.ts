/**
 * @file Too little and too much noise for power laws. Acceptance S6.
 */

import { avalancheThreshold, criticalityReport } from "../src/analysis/index.ts";
import { createRng } from "../src/core/index.ts";
import { simulate } from "../src/engine/index.ts";
import { delpapa2017 } from "../src/model/index.ts";
import { deviation, type Findings } from "./claims.ts";

const UNITS = 200;

/** One network at a variance of noise ten times the published one's hundredfold, and one at a tenth. */
export function noise(findings: Findings): void {
  const high = activityAt(5, 1);
  const binomial = Math.sqrt(UNITS * 0.1 * 0.9);
  findings.within(
    "S6",
    "noise variance 5: sd of the activity over that of independent units",
    deviation(high) / binomial,
    [0.9, 1.1],
  );
  const report = criticalityReport([high], {
    units: UNITS,
    theta: avalancheThreshold(0.1, UNITS),
    rng: createRng(1),
    resamples: 0,
  });
  const { pooled } = report.data;
  findings.within(
    "S6",
    "noise variance 5: R of sizes against exponential",
    pooled.size.rivals.exponential.ratio.R,
    [-1e6, 0],
    1,
  );
  const low = [1, 2, 3].map((seed) => deviation(activityAt(0.005, seed)));
  findings.allWithin("S6", "noise variance 0.005: sd of the activity", low, [10, 30], 2);
}

// Implementation

function activityAt(variance: number, seed: number): Uint32Array {
  const network = delpapa2017({ units: UNITS, change: { noise: Math.sqrt(variance) } }, createRng(seed));
  const run = simulate(network, { seed });
  run.run(500_000);
  const spikes = run.recordSpikes("E.x");
  run.run(300_000);
  return spikes.activity();
}
