/**
 * @file The network of Del Papa et al. 2017 from its random start to its stable phase: invariants, rates, phases of the
 * connection fraction, turnover, lifetimes, avalanches. Acceptance S2–S5 and S9.
 */

import {
  avalancheThreshold,
  type CriticalityReport,
  connectionPhases,
  criticalityReport,
  densitySlope,
  lifetimeDensity,
  lifetimes,
} from "../src/analysis/index.ts";
import { createRng } from "../src/core/index.ts";
import { simulate } from "../src/engine/index.ts";
import { delpapa2017 } from "../src/model/index.ts";
import { type Findings, mean } from "./claims.ts";
import { type Draw, drawAvalanches, drawPhases, drawRaster } from "./figures.ts";

const UNITS = 200;
const PAIRS = UNITS * (UNITS - 1);
const TRANSIENT = 1_500_000;
const ANALYSED = 1_000_000;
const EVERY = 1000;

/** Run `seeds` networks for 2.5 million steps each and judge them. */
export async function organisation(
  findings: Findings,
  { seeds, draw }: { seeds: number; draw?: Draw | undefined },
): Promise<void> {
  const runs = Array.from({ length: seeds }, (_, k) => grow(k + 1));
  const every = (
    id: string,
    claim: string,
    of: (run: Grown) => number,
    wanted: readonly [number, number],
    digits = 2,
  ) => findings.allWithin(id, claim, runs.map(of), wanted, digits);
  every("S2", "largest error of an incoming sum, 10⁻⁹", (r) => r.sumError * 1e9, [0, 1], 6);
  every("S2", "deaths per step in the plateau", (r) => r.deaths, [0.098, 0.102], 4);
  every("S3", "largest error of a unit's rate over 10⁵ steps, 10⁻³", (r) => r.rateError * 1e3, [0, 0.5]);
  every("S4", "initial connection fraction, %", (r) => 100 * r.phases.initial, [9.3, 10.7]);
  every("S4", "smallest connection fraction, %", (r) => 100 * r.phases.minimum.fraction, [0.9, 1.7]);
  every("S4", "step of the minimum, 10⁴", (r) => r.phases.minimum.step / 1e4, [4, 8], 1);
  every("S4", "fraction at 10⁶ over the minimum", (r) => r.phases.growthFactor, [3, 15], 1);
  every("S4", "plateau, %", (r) => 100 * r.phases.plateau!.mean, [3.5, 15], 1);
  every("S4", "drift of the plateau per 10⁶ steps, %", (r) => 100 * r.phases.plateau!.drift, [-6, 6], 1);
  judgeLifetimes(findings, runs);
  const report = judgeAvalanches(findings, runs);
  if (draw === undefined) return;
  const steps = runs[0].fraction.map((_, k) => (k + 1) * EVERY);
  await drawPhases(
    draw,
    steps,
    runs.map((r) => r.fraction),
  );
  await drawRaster(draw, runs[0].raster);
  await drawAvalanches(
    draw,
    runs.map((r) => r.activity),
    report,
  );
}

// Implementation

interface Grown {
  phases: ReturnType<typeof connectionPhases>;
  fraction: number[];
  /** Of the last steps. */
  raster: { units: number; steps: number; bits: Uint8Array };
  activity: Uint32Array;
  /** Births and deaths, shape `(event, 3)`: step, pair, 1 or 0. */
  events: Uint32Array;
  sumError: number;
  deaths: number;
  rateError: number;
}

function grow(seed: number): Grown {
  const run = simulate(delpapa2017({ units: UNITS }, createRng(seed)), { seed });
  const spikes = run.recordSpikes("E.x");
  const synapses = run.recordSynapses("E->E", { every: EVERY, events: true });
  const start = run.weights("E->E").values.length / PAIRS;
  run.run(TRANSIENT);
  const before = synapses.turnover.deaths;
  run.run(ANALYSED - 100_000);
  const counts = new Float64Array(UNITS);
  const { values } = run.memoryOf("E.x");
  run.run(100_000, {
    onStep: () => {
      for (let u = 0; u < UNITS; u++) counts[u] += values[u];
    },
  });
  const fraction = Array.from(synapses.counts(), (n) => n / PAIRS);
  const events = synapses.events();
  const deaths = (synapses.turnover.deaths - before) / ANALYSED;
  const phases = connectionPhases({
    steps: [0, ...fraction.map((_, k) => (k + 1) * EVERY)],
    fraction: [start, ...fraction],
  });
  console.error(
    `  seed ${seed}: minimum ${(100 * phases.minimum.fraction).toFixed(2)} %, plateau ${(100 * phases.plateau!.mean).toFixed(1)} %`,
  );
  const activity = spikes.activity().slice(TRANSIENT);
  run.stopRecording();
  const last = run.recordSpikes("E.x", { raster: true });
  run.run(400);
  return {
    phases,
    fraction,
    raster: last.raster(),
    activity,
    events,
    sumError: largestSumError(run.weights("E->E")),
    deaths,
    rateError: counts.reduce((worst, n) => Math.max(worst, Math.abs(n / 100_000 - 0.1)), 0),
  };
}

function largestSumError({
  rowStart,
  values,
  rows,
}: {
  rowStart: Int32Array;
  values: Float64Array;
  rows: number;
}): number {
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) sum += values[k];
    worst = Math.max(worst, Math.abs(sum - 1));
  }
  return worst;
}

/** Lifetimes of synapses born in the first 2·10⁵ steps, all seeds together. */
function judgeLifetimes(findings: Findings, runs: Grown[]): void {
  const birth: number[] = [];
  const death: number[] = [];
  for (const { events } of runs) {
    const alive = new Map<number, number>();
    for (let k = 0; k < events.length; k += 3) {
      const [step, pair, born] = [events[k], events[k + 1], events[k + 2]];
      if (born === 1) {
        alive.set(pair, birth.length);
        birth.push(step);
        death.push(Number.POSITIVE_INFINITY);
      } else {
        const index = alive.get(pair);
        if (index !== undefined) death[index] = step;
        alive.delete(pair);
      }
    }
  }
  const lives = { birth, death, end: TRANSIENT + ANALYSED };
  const { slope } = densitySlope(lifetimeDensity(lifetimes(lives, { bornBefore: 200_000 })), [100, 5000]);
  findings.within(
    "S9",
    "log–log slope of lifetimes, born before 2·10^5, on 10^2 … 5·10^3",
    slope,
    [-2.5, -1.3],
    2,
  );
}

function judgeAvalanches(findings: Findings, runs: Grown[]): CriticalityReport {
  const report = criticalityReport(
    runs.map((r) => r.activity),
    { units: UNITS, theta: avalancheThreshold(0.1, UNITS), rng: createRng(1), resamples: 0 },
  );
  const { pooled, seeds, spread } = report.data;
  const ratio = (law: typeof pooled.duration) => law.rivals.exponential.ratio.R;
  findings.within("S5", `α of ${runs.length} seeds pooled`, pooled.duration.exponent.value, [1.1, 1.6]);
  findings.within("S5", `τ of ${runs.length} seeds pooled`, pooled.size.exponent.value, [1.05, 1.4]);
  findings.within("S5", "γ", pooled.scaling.gamma.value, [1.2, 1.4]);
  findings.within(
    "S5",
    "R of durations, power law against exponential",
    ratio(pooled.duration),
    [10, 1e6],
    0,
  );
  findings.within("S5", "R of sizes, power law against exponential", ratio(pooled.size), [10, 1e6], 0);
  for (const { kind, measures } of report.surrogates) {
    if (kind === "shuffled") continue;
    const r = ratio(measures.pooled.duration);
    findings.within("S5", `surrogate ${kind}: R of durations`, r, [-1e6, 0], 0);
    findings.note(
      `surrogate ${kind}: α ${measures.pooled.duration.exponent.value.toFixed(2)}, τ ${measures.pooled.size.exponent.value.toFixed(2)}, γ ${measures.pooled.scaling.gamma.value.toFixed(2)}`,
    );
  }
  findings.note(`α per seed: ${seeds.map((s) => s.duration.exponent.value.toFixed(2)).join(", ")}`);
  findings.note(`τ per seed: ${seeds.map((s) => s.size.exponent.value.toFixed(2)).join(", ")}`);
  findings.note(
    `spread over seeds (sd): α ${spread.alpha.standardDeviation.toFixed(2)}, mean activity ${mean(seeds.map((s) => s.moments.mean)).toFixed(2)}`,
  );
  for (const { text } of report.verdict.statements) findings.note(text);
  return report;
}
