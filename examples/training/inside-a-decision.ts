/**
 * @file Inside a decision: a small network learns which of two motions is stronger, and is then opened. Its choices get
 * a psychometric curve, its activity principal components, its dynamics fixed points: one where it waits, one for each
 * choice that it holds, and saddles between them. Last, units are taken out one by one.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import {
  batchTrials,
  conditionGrid,
  conditionMeans,
  createRng,
  findFixedPoints,
  fitPsychometric,
  lesionSweep,
  networkState,
  perceptualDecision,
  periodMeans,
  principalComponents,
  projectActivity,
  psychometricPoints,
  rateNetwork,
  runTrials,
  sampleStates,
  singleUnitLesions,
  train,
  trajectories,
  unitSelectivity,
  withParameters,
} from "cajal";
import { formatExact, statePlane } from "cajal/plot";
import { check } from "../check.ts";

const task = perceptualDecision();
const rate = rateNetwork({
  inputs: 2,
  units: 32,
  outputs: 2,
  activation: "retanh",
  noise: 0.1,
  rng: createRng(2).stream("network"),
});
const result = train({
  network: rate,
  task,
  updates: 800,
  seed: 2,
  optimiser: { kind: "adam", learningRate: 0.01 },
  validation: { trials: 200, every: 100, conditions: conditionGrid(task) },
  onUpdate({ update, validation }) {
    if (!validation) return;
    console.log(`update ${update + 1}: ${(100 * validation.fractionCorrect).toFixed(1)} % correct`);
  },
});
const trained = { ...rate, network: withParameters(rate.network, result.last) };

// Choices, with all noise.
const noisy = batchTrials(task, 1000, createRng(2), { conditions: conditionGrid(task) });
const seen = runTrials(trained, noisy, { noise: true, seed: 3, record: ["rec.r"] });
const { bias, sigma, deviance } = fitPsychometric(psychometricPoints(seen.choices!, noisy.trials));
const written = ({ value, error }: { value: number; error: number }) =>
  `${value.toFixed(2)} ± ${error.toFixed(2)} %`;
console.log(`bias ${written(bias)}, width ${written(sigma)}, deviance ${deviance.toFixed(1)}`);

// Activity without noise, a trial for each condition.
const quietTask = perceptualDecision({ noise: { sigma: 0 } });
const grid = conditionGrid(quietTask);
const quiet = batchTrials(quietTask, grid.length, createRng(4), { conditions: grid });
const { activity } = runTrials(trained, quiet, { record: ["rec.x", "rec.r"] });
const means = conditionMeans(activity["rec.r"], quiet.trials);
const pca = principalComponents(means, 2);
const paths = trajectories(means, pca);
console.log(`activity has ${pca.dimension.toFixed(1)} dimensions; its first component every 200 ms:`);
means.conditions.forEach(({ coherence, direction }, c) => {
  const at = (step: number) => paths[(c * means.steps + step) * 2].toFixed(2).padStart(6);
  const name = `${Number(direction) * Number(coherence)} %`.padStart(8);
  console.log(`${name}  ${[5, 15, 25, 35, 45, 55].map(at).join(" ")}`);
});

// Dynamics after the stimulus, when both inputs are back at their baseline.
const state = networkState(trained.network, task);
const starts = sampleStates(activity, state, { count: 40, rng: createRng(5), jitter: 0.1 });
const { points } = findFixedPoints(trained.network, {
  dt: task.dt,
  inputs: { u: [0.2, 0.2] },
  starts,
  record: ["out.z", "rec.r"],
});
for (const { kind, stability, modes, records } of points) {
  const outputs = Array.from(records["out.z"], (z) => z.toFixed(2)).join(", ");
  const tau = modes[0].timeConstant.toFixed(0);
  console.log(`${kind} point, ${stability}: outputs ${outputs}; slowest mode ${tau} ms`);
}

// Who matters: how well a unit tells the two choices apart, and what is lost without it.
const { dPrime } = unitSelectivity(
  periodMeans(seen.activity["rec.r"], noisy.trials, "decision"),
  seen.choices!,
);
const sweep = lesionSweep(trained, noisy, singleUnitLesions(trained.network, "rec"));
const worst = [...sweep.lesions].sort((a, b) => a.change - b.change).slice(0, 3);
for (const { name, change } of worst) {
  const d = dPrime[Number(name.split(" ")[1])].toFixed(1);
  console.log(`without ${name} (d' ${d}): ${(100 * change).toFixed(1)} points`);
}

// The figure: both in the plane of two components.
const column = (c: number, index: number) =>
  Array.from({ length: means.steps }, (_, step) => paths[(c * means.steps + step) * 2 + index]);
const rates = points.flatMap(({ records }) => Array.from(records["rec.r"]));
const places = projectActivity(
  { ...means, rows: points.length, steps: 1, values: rates },
  pca.components,
  pca.mean,
);
const [share1, share2] = [0, 1].map((c) => (100 * pca.explained[c]).toFixed(0));
const svg = await statePlane(
  {
    paths: means.conditions.map(({ coherence, direction }, c) => {
      const evidence = Number(direction) * Number(coherence);
      return { label: formatExact(evidence), evidence, x: column(c, 0), y: column(c, 1) };
    }),
    periods: quiet.trials[0].periods.map(({ name, from }) => ({ name, step: from })),
    points: points.map(({ kind, unstable }, k) => ({
      x: places[2 * k],
      y: places[2 * k + 1],
      unstable,
      slow: kind === "slow",
    })),
  },
  {
    title: "Inside a decision",
    xLabel: `PC 1 (${share1} %)`,
    yLabel: `PC 2 (${share2} %)`,
    evidenceLabel: "coherence (%)",
  },
);
const folder = process.argv[2] ?? "runs/inside-a-decision";
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/inside-a-decision.svg`, svg);
console.log(`figure: ${folder}/inside-a-decision.svg`);

export const meta = {
  title: "Inside a decision",
  check: { "width of the psychometric curve": [3.4, 1], "stable points": [3, 1] },
} as const;
check(meta, {
  "width of the psychometric curve": sigma.value,
  "stable points": points.filter((p) => p.stability === "stable").length,
});
