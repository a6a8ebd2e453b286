/**
 * @file Avalanches, and why an exponent proves nothing. Two seeds of Del Papa's SORN are measured in their growing to
 * stable phase, beside surrogates that share the mean, the spread and the correlation from step to step of their activity
 * but know nothing of a network.
 */

import { avalancheThreshold, createRng, criticalityReport, delpapa2017, simulate } from "cajal";
import { check } from "../check.ts";

export const meta = {
  title: "Criticality, with its nulls",
  check: { "size exponent, pooled": [1.21, 0.15] },
} as const;

const activity = [1, 2].map((seed) => {
  const run = simulate(delpapa2017({}, createRng(seed)), { seed });
  run.run(600_000);
  const spikes = run.recordSpikes("E.x");
  run.run(300_000);
  return spikes.activity();
});
const theta = avalancheThreshold(0.1, 200);
const report = criticalityReport(activity, { units: 200, theta, rng: createRng(3), resamples: 0 });
const rows = [{ kind: "network", measures: report.data }, ...report.surrogates];
for (const { kind, measures } of rows) {
  const { duration, size, scaling } = measures.pooled;
  const [alpha, tau] = [duration.exponent.value, size.exponent.value];
  const ratio = size.rivals.exponential.ratio.R;
  console.log(
    `${kind.padEnd(9)} α ${alpha.toFixed(2)}  τ ${tau.toFixed(2)}  γ ${scaling.gamma.value.toFixed(2)}  power law against exponential R = ${ratio.toFixed(0)}`,
  );
}
for (const { text } of report.verdict.statements) console.log(`- ${text}`);
check(meta, { "size exponent, pooled": report.data.pooled.size.exponent.value });
