/**
 * @file How much noise is too much? At a hundred times the published variance the units of a SORN fire as if they did
 * not know of each other: their sum spreads as a binomial number would. At the published variance it spreads twice as far.
 */

import { createRng, delpapa2017, simulate } from "cajal";
import { check } from "../check.ts";

export const meta = {
  title: "Noise regimes",
  check: { "spread at variance 5, of a binomial": [1.03, 0.05] },
} as const;

const binomial = Math.sqrt(200 * 0.1 * 0.9);
const spread = [0.05, 5].map((variance) => {
  const network = delpapa2017({ change: { noise: Math.sqrt(variance) } }, createRng(1));
  const run = simulate(network, { seed: 1 });
  run.run(200_000);
  const spikes = run.recordSpikes("E.x");
  run.run(100_000);
  const activity = spikes.activity();
  const mean = activity.reduce((sum, a) => sum + a, 0) / activity.length;
  const variance2 = activity.reduce((sum, a) => sum + (a - mean) ** 2, 0) / activity.length;
  const ratio = Math.sqrt(variance2) / binomial;
  console.log(
    `noise variance ${variance}: mean activity ${mean.toFixed(2)}, spread ${ratio.toFixed(2)} times a binomial's`,
  );
  return ratio;
});
check(meta, { "spread at variance 5, of a binomial": spread[1] });
