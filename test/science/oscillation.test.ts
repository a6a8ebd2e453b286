/**
 * @file pycog's example of an oscillation (period 8 τ, σ_rec 0.05, biases trained, to a root mean square error of 0.05),
 * learned in trials that follow each other. Tolerances are about twice what two streams of seeds 1 to 4 showed.
 */

import { describe, expect, it } from "vitest";
import {
  createRng,
  rateNetwork,
  simulate,
  sineWave,
  Trainer,
  type TrainingResult,
  withParameters,
} from "../../src/index.ts";

/** [ms] */
const PERIOD = 800;
const task = sineWave({ period: PERIOD });

function trained(seed: number, { updates = 1200, cue = 100 } = {}) {
  const rate = rateNetwork({
    ...{ inputs: 1, units: 50, outputs: 1, activation: "tanh", noise: 0.05 },
    rng: createRng(seed).stream("network"),
  });
  const trainer = new Trainer({
    ...{
      network: rate,
      task: sineWave({ period: PERIOD, cue }),
      updates,
      batchSize: 10,
      continuous: true,
      seed,
    },
    optimiser: { kind: "adam", learningRate: 0.01 },
    schedule: { kind: "cosine", length: updates, least: 0.02 },
    validation: { trials: 10 },
    earlyStopping: { criterion: "loss", target: 0.05 ** 2 },
  });
  while (trainer.status === "running") trainer.step();
  return { rate, result: trainer.result() };
}

/** The output over ten more periods, five times a trial, from where one of the streams had come to. */
function goneOn(
  { rate, result }: { rate: ReturnType<typeof rateNetwork>; result: TrainingResult },
  stream: number,
) {
  const run = simulate(withParameters(rate.network, result.best.parameters), { dt: task.dt, seed: stream });
  for (const [name, states] of Object.entries(result.carried!.best!))
    run.set(
      name,
      states.filter((_, k) => k % 10 === stream),
    );
  const z = run.monitor(rate.output);
  run.run(10 * PERIOD);
  return Array.from(z.data().values);
}

/** When the wave passes 0 upwards [ms]. */
function passings(wave: readonly number[]): number[] {
  const low = 0.3;
  const out: number[] = [];
  let isArmed = false;
  wave.forEach((z, k) => {
    if (z < -low) isArmed = true;
    if (z < 0 || !isArmed) return;
    isArmed = false;
    const before = wave[k - 1];
    out.push((k - 1 - before / (z - before)) * task.dt);
  });
  return out;
}

describe("an oscillation learned in trials that follow each other", () => {
  it.each([1, 2])(
    "is as wanted, and goes on by itself with its period, seed %i",
    (seed) => {
      const { rate, result } = trained(seed);
      expect(result.status).toBe("reached");
      expect(result.last["rec.start"]).toBeUndefined();
      for (const stream of [0, 7]) {
        const wave = goneOn({ rate, result }, stream);
        const at = passings(wave);
        const periods = at.slice(1).map((t, k) => t - at[k]);
        expect(periods.length).toBeGreaterThanOrEqual(8);
        const mean = periods.reduce((a, b) => a + b, 0) / periods.length;
        expect(Math.abs(mean - PERIOD)).toBeLessThan(0.04 * PERIOD);
        for (const period of periods) expect(Math.abs(period - PERIOD)).toBeLessThan(0.08 * PERIOD);
        const last = wave.slice(-PERIOD / task.dt);
        expect(Math.abs(Math.max(...last) - 0.9)).toBeLessThan(0.1);
        expect(Math.abs(Math.min(...last) + 0.9)).toBeLessThan(0.1);
      }
    },
    60_000,
  );

  it("needs a cue: where nothing says when a wave begins, 0 is the best answer", () => {
    const { result } = trained(1, { updates: 300, cue: 0 });
    const error = Math.sqrt(result.history.validations.at(-1)!.loss);
    expect(Math.abs(error - 0.9 * Math.SQRT1_2)).toBeLessThan(0.02);
  }, 60_000);
});
