import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { type SineWaveOptions, sineWave } from "./sine-wave.ts";

const trial = (options?: SineWaveOptions) => sineWave(options).trial(createRng(1));

describe("sineWave", () => {
  it("wants pycog's two periods of 8 τ, 0.9 high, after a cue", () => {
    const { steps, inputs, targets, mask, choice, inputNames } = trial();
    expect([steps, choice, ...inputNames]).toEqual([160, -1, "cue"]);
    expect(mask.every((m) => m === 1)).toBe(true);
    expect(Array.from(inputs, (u, k) => u === Number(k < 10))).not.toContain(false);
    targets.forEach((z, k) => {
      expect(Math.abs(z - 0.9 * Math.sin((2 * Math.PI * (k + 1)) / 80))).toBeLessThan(1e-14);
    });
    expect(Math.max(...targets)).toBe(0.9);
  });

  it("shows nothing where there is no cue", () => {
    expect(trial({ cue: 0 }).inputs.every((u) => u === 0)).toBe(true);
    expect(trial({ cue: 1e6 }).inputs.every((u) => u === 1)).toBe(true);
  });

  it("goes on from trial to trial as one wave, if a trial has whole periods", () => {
    fc.assert(
      fc.property(
        fc.record({ dt: fc.constantFrom(1, 5, 10), stepsOfPeriod: fc.integer({ min: 2, max: 90 }) }),
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        ({ dt, stepsOfPeriod }, periods, amplitude) => {
          const options = { dt, period: dt * stepsOfPeriod, periods, amplitude };
          const one = trial(options).targets;
          const two = trial({ ...options, periods: 2 * periods }).targets;
          expect(two.length).toBe(2 * one.length);
          [...one, ...one].forEach((z, k) => {
            expect(Math.abs(two[k] - z)).toBeLessThan(1e-13);
          });
        },
      ),
      { seed: 3, numRuns: 50 },
    );
  });

  it("may last as long as is drawn", () => {
    const task = sineWave({ timing: { wave: { kind: "choice", values: [400, 1200] } } });
    const lengths = Array.from({ length: 20 }, (_, k) => task.trial(createRng(k)).steps);
    expect([...new Set(lengths)].sort()).toEqual([120, 40]);
    expect(task.maxSteps).toBe(120);
  });

  it("follows without a reset where it comes from", () => {
    expect(sineWave().continuous).toBe(true);
  });

  it.each<[SineWaveOptions, string]>([
    [{ period: 15 }, "sineWave: period must be at least two steps of 10 ms, got 15 ms"],
    [{ period: Number.NaN }, "sineWave: period must be at least two steps of 10 ms, got NaN ms"],
    [{ periods: 0 }, "sineWave: periods must be above 0, got 0"],
    [{ amplitude: Number.POSITIVE_INFINITY }, "sineWave: amplitude must be a number, got Infinity"],
    [{ cue: -1 }, "sineWave: cue must be ≥ 0 ms, got -1"],
    [{ timing: { tone: 3 } }, 'sine wave: timing: there is no period "tone" with a duration'],
    [{ periods: 1e-3 }, "sine wave: wave: 0.8 ms are less than one step of 10 ms"],
  ])("refuses %o", (options, message) => {
    expect(() => sineWave(options)).toThrow(message);
  });
});
