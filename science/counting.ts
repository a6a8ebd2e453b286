/**
 * @file The counting task and its controls, and what noise during plasticity does to it. Acceptance S7 and S8.
 */

import { createRng } from "../src/core/index.ts";
import { simulate, takeInstance } from "../src/engine/index.ts";
import { classifier, countingExperiment, predictClasses } from "../src/learning/index.ts";
import { delpapa2017 } from "../src/model/index.ts";
import { countingBound, countingTask, symbolPools, toDrive } from "../src/tasks/index.ts";
import { type Findings, mean } from "./claims.ts";
import { type Draw, drawCounting } from "./figures.ts";

const STEPS = { plastic: 50_000, train: 5000, test: 5000 };

/** Position decoding for words of several lengths, then the classical score with and without noise. */
export async function counting(
  findings: Findings,
  { seeds, draw }: { seeds: number; draw?: Draw | undefined },
): Promise<void> {
  const all = Array.from({ length: seeds }, (_, k) => k + 1);
  const lengths = [4, 8, 12, 16];
  const table: number[][][] = [];
  for (const n of lengths) {
    const scores = all.map((seed) => positionScores(n, seed));
    table.push(scores);
    const [sorn, still, ip] = [0, 1, 2].map((k) => mean(scores.map((s) => s[k])));
    console.error(
      `  n = ${n}: SORN ${sorn.toFixed(3)}, static ${still.toFixed(3)}, IP only ${ip.toFixed(3)}`,
    );
    if (n <= 12)
      findings.within("S7", `position decoding, SORN, n = ${n}, mean of ${seeds} seeds`, sorn, [
        n <= 8 ? 0.99 : 0.95,
        1,
      ]);
    if (n === 8) findings.within("S7", "position decoding, IP only, n = 8", ip, [0, 0.75]);
    if (n === 8 || n === 12)
      findings.within("S7", `SORN less static, n = ${n}`, sorn - still, [n === 8 ? 0.08 : 0.15, 1]);
    if (n >= 8) {
      findings.holds("S7", `SORN > static > IP only, n = ${n}`, {
        wanted: "in this order",
        measured: [sorn, still, ip].map((x) => x.toFixed(2)).join(" > "),
        holds: sorn > still && still > ip,
      });
    }
  }
  if (draw) {
    const of = (k: number) => table.map((scores) => scores.map((s) => s[k]));
    await drawCounting(draw, lengths, { SORN: of(0), static: of(1), "intrinsic plasticity only": of(2) });
  }
  for (const n of [8, 14, 20]) {
    const [noisy, calm] = [Math.sqrt(0.05), 0].map((noise) =>
      mean(all.slice(0, 4).map((seed) => noiseScore(n, noise, seed))),
    );
    findings.holds("S8", `noise during plasticity lowers the classical score, n = ${n}`, {
      wanted: "with < without",
      measured: `${noisy.toFixed(3)} < ${calm.toFixed(3)}`,
      holds: noisy < calm,
    });
  }
}

// Implementation

/** SORN, static, intrinsic plasticity only. */
function positionScores(n: number, seed: number): number[] {
  const { conditions } = countingExperiment({ n, seed, steps: STEPS });
  return ["sorn", "static", "ip-only"].map((name) => conditions[name].scores["E.x"].position ?? 0);
}

/** The next symbol from x*, as a part of the best possible: all five rules, noise in the plastic phase alone. */
function noiseScore(n: number, noise: number, seed: number): number {
  const rng = createRng(seed);
  const total = STEPS.plastic + STEPS.train + STEPS.test;
  const sequence = countingTask({ n, steps: total }, rng.stream("input"));
  const symbols = sequence.alphabet.length;
  const inputWeights = symbolPools({ symbols, size: 200, rng: rng.stream("pools") });
  // The noise is a parameter, so the network must have some; 0 is set below.
  const network = delpapa2017({ inputWeights, change: { noise: Math.sqrt(0.05) } }, rng.stream("network"));
  const run = simulate(network, { seed });
  const drive = toDrive(sequence);
  const setNoise = (sd: number) => ["E.noise", "I.noise"].forEach((name) => void run.set(name, sd));
  setNoise(noise);
  run.run(STEPS.plastic, { inputs: { input: drive.subarray(0, STEPS.plastic * symbols) } });
  setNoise(0);
  run.freeze(...run.rules);
  const monitor = run.monitor("E.r");
  run.run(STEPS.train + STEPS.test, { inputs: { input: drive.subarray(STEPS.plastic * symbols) } });
  const states = takeInstance(monitor.data(), 0);
  const labels = sequence.symbols.subarray(STEPS.plastic);
  const half = STEPS.train * 200;
  const readout = classifier(
    { states: states.subarray(0, half), labels: labels.subarray(0, STEPS.train) },
    { units: 200, classes: symbols },
  );
  const guessed = predictClasses(readout, states.subarray(half));
  const right = guessed.reduce((sum, g, k) => sum + (g === labels[STEPS.train + k] ? 1 : 0), 0);
  return right / STEPS.test / countingBound(n);
}
