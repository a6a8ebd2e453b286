import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, spectralRadius, toDense } from "../../../core/index.ts";
import { differentiate, simulate } from "../../../engine/index.ts";
import { expectAll } from "../testing/rows.ts";
import { backSlow, runSlow, type SlowSetting, type SlowWeights } from "../testing/slow-rnn.ts";
import { type CurrentNetworkOptions, currentNetwork } from "./current-network.ts";
import { type ElmanNetworkOptions, elmanNetwork } from "./elman-network.ts";
import type { RateNetwork } from "./rate-network.ts";

const [inputs, units, outputs] = [2, 5, 3];
const ACTIVATIONS = ["relu", "tanh", "sigmoid", "softplus", "retanh"] as const;
const rng = () => createRng(6).stream("network");
const values = (made: RateNetwork, name: string) =>
  toDense(made.network.projections.find((p) => p.name === name)!.weights).values;
const parameter = (made: RateNetwork, population: number, name: string) =>
  Float64Array.from(made.network.populations[population].parameters[name] as Float64Array);

/** Runs a network and a slow implementation, and compares states and all gradients. */
function compare(
  made: RateNetwork,
  slow: Pick<SlowSetting, "activation" | "alpha"> & { state: string; start: number; silentStart?: boolean },
  precision: "f64" | "f32",
): void {
  const [time, batch] = [7, 3];
  const draws = createRng(9);
  const draw = (n: number) => Float64Array.from({ length: n }, () => draws.uniform() - 0.4);
  const [u, dz, dr] = [draw(time * inputs * batch), draw(time * outputs * batch), draw(time * units * batch)];
  const second = "recurrentBias" in made.network.populations[0].neuron.parameters;
  const bias = parameter(made, 0, "bias").map(
    (b, i) => b + (second ? parameter(made, 0, "recurrentBias")[i] : 0),
  );
  const w: SlowWeights = {
    wIn: values(made, "in"),
    wRec: values(made, "rec"),
    wOut: values(made, "out"),
    bias,
    biasOut: parameter(made, 1, "bias"),
    v0: new Float64Array(units * batch).fill(slow.start),
  };
  const s: SlowSetting = { time, batch, inputs, units, outputs, u, ...slow };
  const { v, r, z } = runSlow(w, s);
  const { g } = backSlow(w, s, { v, r, dz, dr });
  const gradient = differentiate(made.network, {
    dt: 20,
    steps: time,
    instances: batch,
    precision,
    trainable: made.trainable,
  });
  const run = gradient.forward({ inputs: { u }, record: ["rec.r", "out.z", slow.state] });
  const tolerance = precision === "f64" ? 1e-12 : 2e-6;
  expectAll(run.records[slow.state], [...v], tolerance);
  expectAll(run.records["rec.r"], [...r], tolerance);
  expectAll(run.records["out.z"], [...z], tolerance);
  const { gradients } = gradient.backward({ "out.z": dz, "rec.r": dr });
  const start = Array.from({ length: units }, (_, i) =>
    g.v0.slice(i * batch, (i + 1) * batch).reduce((a, b) => a + b),
  );
  const expected: Record<string, ArrayLike<number>> = {
    "weights:in": g.wIn,
    "weights:rec": g.wRec,
    "weights:out": g.wOut,
    "rec.bias": g.bias,
    "rec.recurrentBias": g.bias,
    "out.bias": g.biasOut,
    "rec.alpha": g.alpha,
    "rec.start": start,
  };
  for (const name of made.trainable)
    expectAll(gradients[name], Array.from(expected[name]), precision === "f64" ? 1e-11 : 1e-5);
}

describe.each(["f64", "f32"] as const)("as a slow implementation has them, %s", (precision) => {
  it.each(ACTIVATIONS)("current network, %s, leaks of each unit trained", (activation) => {
    const alpha = [0.1, 0.2, 0.35, 0.6, 1];
    const made = currentNetwork({
      inputs,
      units,
      outputs,
      rng: rng(),
      activation,
      alpha,
      biases: "uniform",
      start: 0.3,
      train: ["in", "rec", "out", "bias", "recurrentBias", "outputBias", "alpha", "start"],
    });
    expect(made.trainable).toHaveLength(8);
    compare(made, { activation, alpha, state: "rec.v", start: 0.3 }, precision);
  });

  it.each(ACTIVATIONS)("Elman's network, %s", (activation) => {
    for (const biases of [1, 2] as const) {
      const made = elmanNetwork({ inputs, units, outputs, rng: rng(), activation, biases });
      expect(made.trainable).toHaveLength(4 + biases);
      const alpha = new Array<number>(units).fill(1);
      compare(made, { activation, alpha, state: "rec.x", start: 0, silentStart: true }, precision);
    }
  });
});

describe("elmanNetwork", () => {
  it("starts as torch does, uniform up to 1 / √units, and signed where it must be", () => {
    const made = elmanNetwork({ inputs, units: 49, outputs, rng: rng() });
    for (const name of ["in", "rec", "out"]) {
      const w = values(made, name);
      expect(Math.max(...w.map(Math.abs))).toBeLessThanOrEqual(1 / 7);
      expect(Math.max(...w)).toBeGreaterThan(0.11);
      expect(Math.min(...w)).toBeLessThan(-0.11);
    }
    expect(Math.max(...parameter(made, 0, "bias").map(Math.abs))).toBeLessThanOrEqual(1 / 7);
    expect(parameter(made, 0, "bias")).not.toEqual(parameter(made, 0, "recurrentBias"));
    const lawful = elmanNetwork({ inputs, units, outputs, rng: rng(), dale: 0.8, biases: 0 });
    expect(lawful.trainable).toEqual(["weights:in", "weights:rec", "weights:out"]);
    values(lawful, "rec").forEach((w, k) => {
      expect(w * lawful.signs[k % units]).toBeGreaterThan(0);
    });
    expect([...parameter(lawful, 1, "bias")]).toEqual([0, 0, 0]);
  });

  it.each([
    [{ activation: "tan" }, 'unknown activation "tan"'],
    [{ biases: 1, train: ["recurrentBias"] }, 'no part "recurrentBias" to train'],
    [{ density: 2 }, "density must be > 0"],
  ] as [object, string][])("refuses %j", (options, message) => {
    const given = { inputs, units, outputs, rng: rng(), ...options } as ElmanNetworkOptions;
    expect(() => elmanNetwork(given)).toThrow(message);
  });
});

describe("currentNetwork", () => {
  it("starts as nn4n does: bounds by the full fan-in, signs by clamping, excitation as strong as inhibition", () => {
    const free = currentNetwork({ inputs, units: 36, outputs, rng: rng() });
    expect(Math.max(...values(free, "rec").map(Math.abs))).toBeLessThanOrEqual(1 / 6);
    expect(Math.max(...values(free, "in").map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(2));
    const lawful = currentNetwork({ inputs, units: 36, outputs, rng: rng(), dale: 0.8 });
    const w = values(lawful, "rec");
    expect(w.reduce((a, b) => a + b)).toBeCloseTo(0, 12);
    // Half the draws had the wrong sign.
    expect(w.filter((x) => x === 0).length / w.length).toBeCloseTo(0.5, 1);
    // One sign alone cannot be balanced: nn4n divides by 10.
    expect(Math.max(...values(lawful, "in"))).toBeLessThanOrEqual(0.1 / Math.sqrt(2));
  });

  it("has noise of the size that its α gives, and noise on rates that is fed back", () => {
    const zero = { in: new Float64Array(300), rec: new Float64Array(300 ** 2), out: new Float64Array(300) };
    const alpha = 0.2;
    const made = currentNetwork({
      inputs: 1,
      units: 300,
      outputs: 1,
      rng: rng(),
      activation: "linear",
      alpha,
      preNoise: 0.5,
      postNoise: 0.3,
      weights: zero,
    });
    const run = simulate(made.network, { dt: 20, seed: 4 });
    const [v, r] = [run.monitor("rec.v"), run.monitor("rec.r")];
    run.run(20 * 400, { inputs: { u: new Float64Array(400) } });
    const spread = (x: ArrayLike<number>) => {
      const late = Array.from(x).slice(300 * 100);
      return Math.sqrt(late.reduce((sum, one) => sum + one * one, 0) / late.length);
    };
    const ofV = 0.5 * Math.sqrt(alpha / (2 - alpha));
    expect(spread(v.data().values)).toBeCloseTo(ofV, 2);
    expect(spread(r.data().values)).toBeCloseTo(Math.sqrt(ofV ** 2 + 0.09), 2);
    // r, noise and all, is what other units hear: with W = 1 on one loop, v follows it.
    const loop = currentNetwork({
      inputs: 1,
      units: 1,
      outputs: 1,
      rng: rng(),
      activation: "linear",
      alpha: 1,
      postNoise: 1,
      weights: { in: [0], rec: [1], out: [1] },
    });
    const again = simulate(loop.network, { dt: 20, seed: 4 });
    const [lv, lr] = [again.monitor("rec.v"), again.monitor("rec.r")];
    again.run(20 * 9, { inputs: { u: new Float64Array(9) } });
    expect([...lv.data().values].slice(1)).toEqual([...lr.data().values].slice(0, -1));
  });

  it.each([
    [{ alpha: 0 }, "alpha must be > 0 and ≤ 1"],
    [{ alpha: [0.1] }, "alpha has 1 values for 5 units"],
    [{ preNoise: -1 }, "preNoise must be ≥ 0"],
    [{ alphaBounds: [0, 1] }, "alphaBounds[0] must be > 0"],
    [
      { alpha: [0.5, 0.5, 0.2, 0.5, 0.5], alphaBounds: [0.3, 0.9], train: ["alpha"] },
      "alpha is trained within 0.3 … 0.9 and starts at 0.2",
    ],
    [{ train: ["tau"] }, 'no part "tau" to train'],
  ] as [object, string][])("refuses %j", (options, message) => {
    const given = { inputs, units, outputs, rng: rng(), ...options } as CurrentNetworkOptions;
    expect(() => currentNetwork(given)).toThrow(message);
  });
});

describe("weights of one's own", () => {
  it("are what training starts from, at a radius asked for", () => {
    const own = Float64Array.from({ length: units * units }, (_, k) => (k % 7) / 10);
    const made = elmanNetwork({ inputs, units, outputs, rng: rng(), weights: { rec: own } });
    expect(values(made, "rec")).toEqual(own);
    const scaled = elmanNetwork({
      inputs,
      units,
      outputs,
      rng: rng(),
      weights: { rec: own },
      initial: { rec: { spectralRadius: 0.9 } },
    });
    const w = scaled.network.projections.find((p) => p.name === "rec")!.weights;
    expect(spectralRadius(w)).toBeCloseTo(0.9, 10);
    const ratio = values(scaled, "rec")[8] / own[8];
    fc.assert(
      fc.property(fc.nat({ max: 24 }), (k) => {
        expect(values(scaled, "rec")[k]).toBeCloseTo(ratio * own[k], 12);
      }),
    );
  });

  it("must obey masks and signs", () => {
    const mask = new Uint8Array(units * units).fill(1).fill(0, 3, 4);
    const all = new Float64Array(units * units).fill(0.1);
    const make = (options: Partial<ElmanNetworkOptions>) => () =>
      elmanNetwork({ inputs, units, outputs, rng: rng(), ...options });
    expect(make({ masks: { rec: mask }, weights: { rec: all } })).toThrow(
      "1 lie off the mask, 0 have the wrong sign",
    );
    expect(make({ dale: 0.8, weights: { rec: all } })).toThrow("0 lie off the mask, 5 have the wrong sign");
  });
});
