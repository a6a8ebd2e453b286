import { describe, expect, it } from "vitest";
import { createRng, onWarning, spectralRadius, toDense } from "../../../core/index.ts";
import { differentiate, simulate } from "../../../engine/index.ts";
import { countViolations } from "../constraints/enforce.ts";
import { ACTIVATIONS, runSlow } from "../testing/slow-rnn.ts";
import { rateNetwork } from "./rate-network.ts";
import type { RateActivation, RateNetworkOptions } from "./rate-network-options.ts";

const rng = () => createRng(4).stream("network");
const size = { inputs: 2, units: 10, outputs: 2 };
const weightsOf = (options: Partial<RateNetworkOptions>) => {
  const made = rateNetwork({ ...size, rng: rng(), ...options });
  return { made, of: (name: string) => made.network.projections.find((p) => p.name === name)!.weights };
};

describe("rateNetwork", () => {
  it.each(Object.keys(ACTIVATIONS))("is the equation by hand, %s", (activation) => {
    const tau = Array.from({ length: size.units }, (_, i) => 50 + 10 * i);
    const { made, of } = weightsOf({ activation: activation as RateActivation, tau, start: 0.3 });
    const [time, batch, dt] = [7, 2, 20];
    const draw = createRng(5);
    const u = Float64Array.from({ length: time * size.inputs * batch }, () => draw.normal());
    const bias = Float64Array.from({ length: size.units }, () => draw.normal());
    const gradient = differentiate(made.network, {
      dt,
      steps: time,
      instances: batch,
      precision: "f64",
      trainable: made.trainable,
    });
    gradient.set("rec.bias", bias);
    gradient.set("out.bias", [0.5, -1]);
    const { records } = gradient.forward({ inputs: { u }, record: ["rec.x", "rec.r", "out.z"] });
    const slow = runSlow(
      {
        wIn: toDense(of("in")).values,
        wRec: toDense(of("rec")).values,
        wOut: toDense(of("out")).values,
        bias,
        biasOut: Float64Array.of(0.5, -1),
        v0: new Float64Array(size.units * batch).fill(0.3),
      },
      { time, batch, ...size, activation, alpha: tau.map((t) => dt / t), u },
    );
    for (const [name, expected] of Object.entries({ "rec.x": slow.v, "rec.r": slow.r, "out.z": slow.z }))
      expected.forEach((value, k) => {
        expect(records[name][k]).toBeCloseTo(value, 12);
      });
  });

  it("has noise whose size hardly depends on the step: variance 2 σ² / (2 − α)", () => {
    const none = { distribution: { kind: "constant", value: 0 } } as const;
    const { made } = weightsOf({
      noise: 0.15,
      initial: { in: none, rec: none, out: none },
      activation: "linear",
    });
    for (const dt of [10, 20, 50]) {
      const options = { dt, steps: 1500, instances: 8, trainable: made.trainable };
      const inputs = { u: new Float64Array(1500 * size.inputs) };
      const { records } = differentiate(made.network, options).forward({ inputs, record: ["rec.x"] });
      const x = records["rec.x"].subarray(50 * size.units * 8);
      let squares = 0;
      for (const v of x) squares += v * v;
      expect(squares / x.length / ((2 * 0.15 ** 2) / (2 - dt / 100))).toBeCloseTo(1, 1);
    }
  });

  it("obeys Dale's law, without autapses, and balances its radius", () => {
    const { made, of } = weightsOf({ units: 20, dale: 0.8 });
    expect([...made.signs]).toEqual([...Array(16).fill(1), ...Array(4).fill(-1)]);
    const rec = toDense(of("rec"));
    expect(spectralRadius(rec)).toBeCloseTo(1.5, 10);
    rec.values.forEach((w, k) => {
      if (k % 21 === 0) expect(w).toBe(0);
      else expect(w * made.signs[k % 20]).toBeGreaterThan(0);
    });
    toDense(of("out")).values.forEach((w, k) => {
      if (made.signs[k % 20] < 0) expect(w).toBe(0);
    });
    for (const w of toDense(of("in")).values) expect(w).toBeGreaterThan(0);
  });

  it("keeps a sparse matrix by its synapses, those of weight 0 too", () => {
    const { made, of } = weightsOf({ units: 40, density: 0.15, dale: 0.8 });
    const rec = of("rec");
    expect(rec.kind).toBe("sparse");
    const constraint = made.constraints!["weights:rec"];
    expect(constraint.plastic.length).toBe(rec.values.length);
    expect(rec.values.length / 1600).toBeCloseTo(0.15, 1);
    expect(countViolations(constraint, rec.values)).toEqual({ offMask: 0, wrongSign: 0, movedFixed: 0 });
  });

  it("warns of outputs that no input reaches", () => {
    const said: string[] = [];
    const restore = onWarning((code) => said.push(code));
    const half = (unit: number) => unit < size.units / 2;
    const masks = {
      in: Array.from({ length: 20 }, (_, k) => (half(Math.floor(k / 2)) ? 1 : 0)),
      rec: Array.from({ length: 100 }, (_, k) => (half(Math.floor(k / 10)) === half(k % 10) ? 1 : 0)),
      out: Array.from({ length: 20 }, (_, k) => (half(k % 10) ? 0 : 1)),
    };
    weightsOf({ masks: { ...masks, out: new Array(20).fill(1) } });
    expect(said).toEqual([]);
    weightsOf({ masks });
    restore();
    expect(said).toEqual(["no-path"]);
  });

  it("takes fixed weights, and trains what it is told to", () => {
    const fixed = { out: new Float64Array(20).fill(0.25) };
    const { made, of } = weightsOf({ fixed, train: ["rec", "out", "tau"] });
    expect(made.trainable).toEqual(["weights:rec", "rec.tau"]);
    expect(Object.keys(made.constraints!)).toEqual(["weights:rec"]);
    expect(new Set(of("out").values)).toEqual(new Set([0.25]));
  });

  it("takes the same steps where they are items, and says so in its equations", () => {
    const { made } = weightsOf({ tau: 1.5 });
    const items = weightsOf({ tau: 1.5, discrete: true }).made;
    expect(items.network.populations[0].neuron.equations).toContain("init=start, explicit");
    const states = [made, items].map(({ network }) => {
      const run = simulate(network, { dt: 1, seed: 3 });
      const x = run.monitor("rec.x");
      run.run(6, { inputs: { u: Float64Array.from({ length: 12 }, (_, k) => k / 12) } });
      return x.data().values;
    });
    expect(states[1]).toEqual(states[0]);
  });

  it.each([
    [{ activation: "rleu" }, 'unknown activation "rleu"'],
    [{ tau: 0 }, "tau must be > 0"],
    [{ tau: [1, 2] }, "tau has 2 values for 10 units"],
    [{ dale: 1.2 }, "dale must be"],
    [{ dale: [1, 1, NaN, 1, 1, 1, 1, 1, -1, -1] }, "the sign of unit 2 in dale is NaN"],
    [{ tau: 0.5, train: ["rec", "tau"] }, "tau is trained within 1 and above and starts at 0.5"],
    [{ density: 0.5, masks: { rec: new Uint8Array(50).fill(1) } }, "masks.rec has 50 values, wanted 10 × 10"],
    [{ density: 0.5, masks: { rec: new Float64Array(100).fill(NaN) } }, "is NaN. Give numbers, 0 for none."],
    [{ density: 0 }, "density must be > 0"],
    [{ train: ["recc"] }, 'no part "recc" to train'],
    [{ masks: { out: new Uint8Array(20).fill(1) }, dale: [1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 1] }, "11 values"],
    [{ masks: { in: new Uint8Array(20), rec: new Uint8Array(100) } }, "leaves no synapse"],
    [
      {
        masks: {
          in: Uint8Array.from({ length: 20 }, (_, k) => (k < 2 ? 1 : 0)),
          rec: Uint8Array.from({ length: 100 }, (_, k) => (k < 20 ? 1 : 0)),
        },
      },
      "can get no input",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => weightsOf(options as Partial<RateNetworkOptions>)).toThrow(message);
  });
});
