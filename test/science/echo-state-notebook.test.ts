/**
 * @file What ANNarchy's echo-state notebook shows, over twenty random wirings instead of one: rates that swing smoothly
 * with periods of some hundred ms, trials that differ in noise alone and drift apart, a readout that marks half a
 * second. Bounds are loose: at g = 1.5 a network of 400 units may be chaotic or fall into a cycle.
 */

import { beforeAll, describe, expect, it } from "vitest";
import { createRng, dense } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import { lasso, predict } from "../../src/learning/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";

const N = 400;
const T = 3000;
const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);
/** Units the notebook looks at. */
const SHOWN = 5;

interface Trials {
  /** Shape `(time, unit)`, each. */
  first: Float64Array;
  second: Float64Array;
}

function notebook(seed: number, { g = 1.5, noise = 0.01, steps = T } = {}): Trials {
  const rng = createRng(seed);
  const wIn = Array.from({ length: N }, () => 2 * rng.uniform() - 1);
  const wRec = Array.from({ length: N * N }, () => rng.normal() / Math.sqrt(N));
  for (let i = 0; i < N; i++) wRec[i * N + i] = 0;
  const own = neuron({
    parameters: { tau: 30, g, noise },
    equations: `
      tau * dx/dt + x = sum(in) + g * sum(exc) + noise * Uniform(-1, 1)
      r = tanh(x)`,
  });
  const net = network({
    populations: [population("p", { size: N, neuron: own })],
    inputs: [input("pulse", 1)],
    projections: [
      projection("pulse", "p", { target: "in", weights: dense(N, 1, wIn) }),
      projection("p", "p", { weights: dense(N, N, wRec) }),
    ],
  });
  const run = simulate(net, { instances: 2, seed: [1, 2] });
  const monitor = run.monitor("p.r");
  const pulse = Float64Array.from({ length: steps }, (_, t) => (t >= 100 && t < 200 ? 1 : 0));
  run.run(steps, { inputs: { pulse } });
  const { values } = monitor.data();
  return { first: values.filter((_, k) => k % 2 === 0), second: values.filter((_, k) => k % 2 === 1) };
}

/** Largest |first − second| of the shown units from `from` to `to` [ms]. */
function drift({ first, second }: Trials, from: number, to: number): number {
  let size = 0;
  for (let t = from; t < to; t++) {
    for (let i = 0; i < SHOWN; i++) size = Math.max(size, Math.abs(first[t * N + i] - second[t * N + i]));
  }
  return size;
}

/** Largest |rate| from `from` to `to` [ms]. */
function largest(rates: Float64Array, from: number, to: number): number {
  return rates.subarray(from * N, to * N).reduce((size, r) => Math.max(size, Math.abs(r)), 0);
}

/** Time from crest to crest of the median unit [ms]; a crest stands at least 0.1 above the troughs beside it. */
function period({ first }: Trials): number {
  const periods: number[] = [];
  for (let i = 0; i < N; i++) {
    const crests: number[] = [];
    let rising = true;
    let turn = 500;
    for (let t = 500; t < T; t++) {
      const change = first[t * N + i] - first[turn * N + i];
      if (rising ? change >= 0 : change <= 0) turn = t;
      else if (Math.abs(change) > 0.1) {
        if (rising) crests.push(turn);
        rising = !rising;
        turn = t;
      }
    }
    if (crests.length > 1) periods.push((crests[crests.length - 1] - crests[0]) / (crests.length - 1));
  }
  return median(periods);
}

/** Largest change of a rate within a step. */
function steepest({ first }: Trials): number {
  let change = 0;
  for (let k = N; k < first.length; k++) change = Math.max(change, Math.abs(first[k] - first[k - N]));
  return change;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function readBox({ first, second }: Trials) {
  const box = Float64Array.from({ length: T }, (_, t) => (t >= 2000 && t < 2500 ? 1 : 0));
  const readout = lasso(first, box, { units: N, outputs: 1, lambda: 0.001 });
  const y = predict(readout, second);
  const mean = (from: number, to: number, f: (v: number) => number) =>
    y.subarray(from, to).reduce((sum, v) => sum + f(v), 0) / (to - from);
  return {
    inside: mean(2060, 2440, (v) => v),
    ripple: Math.sqrt(mean(200, 1940, (v) => v * v)),
    offset: Math.abs(mean(0, 100, (v) => v)),
    used: readout.weights.filter((w) => w !== 0).length,
  };
}

describe("ANNarchy's echo-state notebook", () => {
  const early: number[] = [];
  const late: number[] = [];
  const periods: number[] = [];
  const slopes: number[] = [];
  const readouts: ReturnType<typeof readBox>[] = [];

  beforeAll(() => {
    for (const seed of SEEDS) {
      const trials = notebook(seed);
      early.push(drift(trials, 200, 1500));
      late.push(drift(trials, 2000, 3000));
      periods.push(period(trials));
      slopes.push(steepest(trials));
      if (seed <= 4) readouts.push(readBox(trials));
    }
  }, 120_000);

  it("is silent until the pulse, but for the noise", () => {
    const { first } = notebook(1, { steps: 200 });
    expect(largest(first, 0, 100)).toBeLessThan(0.02);
    expect(largest(first, 100, 200)).toBeGreaterThan(0.9);
  });

  it("swings smoothly, from crest to crest in some hundred ms", () => {
    expect(median(periods)).toBeGreaterThan(300);
    expect(median(periods)).toBeLessThan(900);
    expect(Math.max(...slopes)).toBeLessThan(0.1);
  });

  it("repeats a trial to the last bit without noise", () => {
    const { first, second } = notebook(1, { noise: 0, steps: 600 });
    expect(second).toEqual(first);
  });

  it("lets trials that differ in noise alone drift apart, slowly", () => {
    expect(median(early)).toBeGreaterThan(0.005);
    expect(median(early)).toBeLessThan(0.1);
    expect(median(late)).toBeGreaterThan(0.05);
    expect(median(late)).toBeLessThan(0.6);
    const grew = late.filter((d, k) => d > 2 * early[k]);
    expect(grew.length).toBeGreaterThanOrEqual(12);
  });

  it("holds trials together below the edge of chaos, where activity dies after the pulse", () => {
    const trials = notebook(1, { g: 0.8 });
    expect(drift(trials, 2000, 3000)).toBeLessThan(0.01);
    expect(largest(trials.first, 2000, 3000)).toBeLessThan(0.05);
  });

  it("marks half a second, two seconds after the pulse, in a trial the readout has not seen", () => {
    const middle = (pick: (r: (typeof readouts)[number]) => number) => median(readouts.map(pick));
    expect(middle((r) => r.inside)).toBeGreaterThan(0.85);
    expect(middle((r) => r.inside)).toBeLessThan(1.1);
    expect(middle((r) => r.ripple)).toBeLessThan(0.08);
    expect(middle((r) => r.offset)).toBeLessThan(0.1);
    expect(Math.max(...readouts.map((r) => r.used))).toBeLessThan(60);
  });
});
