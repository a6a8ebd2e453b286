import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { differentiate, simulate } from "../../../engine/index.ts";
import { conditionGrid, delayedMatchToSample } from "../../../tasks/index.ts";
import { countViolations } from "../constraints/enforce.ts";
import { type SpikingNetworkOptions, spikingNetwork } from "./spiking-network.ts";
import { Trainer } from "./trainer.ts";

const sizes = { inputs: 3, units: 40, outputs: 3 };
const rng = () => createRng(1).stream("network");
const timing = { fixation: 50, sample: 150, delay: 200, test: 150, decision: 150 };
const task = delayedMatchToSample({ dt: 10, timing });

/** Spikes and potentials of a network under constant input, `(time, unit)` each. */
function spikes(options: Partial<SpikingNetworkOptions>, steps: number) {
  const made = spikingNetwork({ inputs: 1, units: 2, outputs: 1, rng: rng(), ...options });
  const run = simulate(made.network, { dt: 1 });
  const [s, v] = [run.monitor("rec.s"), run.monitor("rec.v")];
  run.run(steps, { inputs: { u: new Float64Array(steps).fill(1) } });
  return { s: s.data().values, v: v.data().values };
}

describe("spikingNetwork", () => {
  const alone = { weights: { in: [2, 0], rec: [0, 0, 0, 0], out: [0, 0] }, bias: 0, adaptation: 0 };
  const times = (s: ArrayLike<number>) =>
    Array.from(s, (x, k) => (x > 0 && k % 2 === 0 ? k / 2 : -1)).filter((t) => t >= 0);

  it("integrates exactly and fires when it crosses the threshold", () => {
    const { s, v } = spikes(alone, 100);
    // v = 2 (1 − e^(−t/20)) > 1 from t = 20 ln 2 = 13.9 ms on: the 14th step, and 14 steps on from each reset.
    expect(times(s)).toEqual([13, 27, 41, 55, 69, 83, 97]);
    for (const t of [0, 5, 12]) expect(v[2 * t]).toBeCloseTo(2 * (1 - Math.exp(-(t + 1) / 20)), 12);
    // The other unit hears nothing.
    expect(Array.from(s).filter((x, k) => k % 2 === 1 && x > 0)).toEqual([]);
  });

  it("starts again from 0 after a spike, however far above the threshold it was", () => {
    const { s, v } = spikes({ ...alone, weights: { ...alone.weights, in: [10, 0] } }, 12);
    // 10 (1 − e^(−t/20)) is 0.95 after two steps, 1.39 after three.
    expect(times(s)).toEqual([2, 5, 8, 11]);
    for (const t of [0, 3, 6, 9]) expect(v[2 * t]).toBeCloseTo(10 * (1 - Math.exp(-1 / 20)), 12);
  });

  it("keeps what is trained where it means something", () => {
    const made = spikingNetwork({
      ...sizes,
      rng: rng(),
      train: ["in", "tau", "tauAdaptation", "adaptation"],
    });
    expect(made.bounds).toEqual({
      "rec.tau": [1, Number.MAX_VALUE],
      "rec.tauAdaptation": [1, Number.MAX_VALUE],
      "rec.adaptation": [0, Number.MAX_VALUE],
    });
  });

  it("is silent, with v at 0, for the refractory period", () => {
    const { s, v } = spikes({ ...alone, refractory: [4, 4] }, 100);
    expect(times(s)).toEqual([13, 31, 49, 67, 85]);
    expect([14, 15, 16, 17, 18].map((t) => v[2 * t] > 0)).toEqual([false, false, false, false, true]);
    // Of one step, and of none.
    expect(times(spikes({ ...alone, refractory: [1, 0] }, 45).s)).toEqual([13, 28, 43]);
  });

  it("fires less the more its threshold rises", () => {
    const rates = [0, 0.1, 0.5].map((adaptation) => times(spikes({ ...alone, adaptation }, 300).s).length);
    expect(rates[0]).toBeGreaterThan(rates[1]);
    expect(rates[1]).toBeGreaterThan(rates[2]);
  });

  it("has no gradient through spikes without its surrogate, and one through time constants with it", () => {
    const made = spikingNetwork({
      ...sizes,
      rng: rng(),
      train: ["in", "tau", "tauSynapse", "adaptation"],
      refractory: 2,
    });
    const gradients = (surrogate: typeof made.surrogate) => {
      const gradient = differentiate(made.network, {
        dt: 1,
        steps: 40,
        trainable: made.trainable,
        surrogate,
      });
      gradient.forward({ inputs: { u: new Float64Array(120).fill(1) } });
      return gradient.backward({ "out.z": new Float64Array(120).fill(1) }).gradients;
    };
    const [none, some] = [gradients(undefined), gradients(made.surrogate)];
    for (const name of ["weights:in", "rec.tau", "rec.adaptation"]) {
      expect(none[name].every((g) => g === 0)).toBe(true);
      expect(some[name].some((g) => g !== 0)).toBe(true);
    }
    expect(none["rec.tauSynapse"].some((g) => g !== 0)).toBe(true);
  });

  it("learns a delayed match, and its spikes carry the answer", () => {
    const made = spikingNetwork({ ...sizes, refractory: 5, rng: rng() });
    const trainer = new Trainer({
      network: made,
      task,
      updates: 500,
      batchSize: 16,
      seed: 1,
      optimiser: { kind: "adam", learningRate: 0.01 },
      validation: { trials: 128, every: 25, conditions: conditionGrid(task) },
      earlyStopping: { criterion: "fractionCorrect", target: 0.85 },
    });
    const first = trainer.validate();
    while (trainer.step());
    const last = trainer.history.validations.at(-1)!;
    // Chance is one half; of 128 trials 85 % are eight standard deviations above it.
    expect(trainer.status).toBe("reached");
    expect(last.fractionCorrect).toBeGreaterThanOrEqual(0.85);
    expect(first.fractionCorrect).toBeLessThan(0.65);
  });

  it("keeps Dale's law, masks and bounds at every step", () => {
    const made = spikingNetwork({
      ...sizes,
      dale: 0.8,
      density: 0.5,
      rng: rng(),
      train: ["in", "rec", "out", "bias", "tau", "adaptation"],
    });
    const trainer = new Trainer({
      network: made,
      task,
      updates: 6,
      batchSize: 4,
      optimiser: { kind: "adam", learningRate: 0.3 },
      validation: false,
    });
    while (trainer.step()) {
      const now = trainer.parameters();
      for (const [name, constraint] of Object.entries(made.constraints!))
        expect(countViolations(constraint, now[name])).toEqual({ offMask: 0, wrongSign: 0, movedFixed: 0 });
      expect(Math.min(...now["rec.adaptation"])).toBeGreaterThanOrEqual(0);
      expect(Math.min(...now["rec.tau"])).toBeGreaterThanOrEqual(1);
    }
    expect(trainer.status).toBe("done");
  });

  it.each([
    [{ tau: 0 }, "tau must be > 0"],
    [{ refractory: -1 }, "refractory must be ≥ 0"],
    [{ tauSynapse: [1, 2] }, "tauSynapse has 2 values for 40 units"],
    [{ train: ["leak"] }, 'no part "leak" to train'],
    [
      { tauSynapse: 0.8, train: ["tauSynapse"] },
      "tauSynapse is trained within 1 and above and starts at 0.8. Start within the bounds",
    ],
  ] as [object, string][])("refuses %j", (options, message) => {
    expect(() => spikingNetwork({ ...sizes, rng: rng(), ...options } as SpikingNetworkOptions)).toThrow(
      message,
    );
  });
});
