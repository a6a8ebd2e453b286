import { describe, expect, it } from "vitest";
import { hasGolden } from "../../../../test/golden/golden.ts";
import { readPycog } from "../../../../test/golden/training-references.ts";
import { createRng, toDense } from "../../../core/index.ts";
import { differentiate } from "../../../engine/index.ts";
import { pullBackGradient } from "../constraints/enforce.ts";
import { fromAxisOrder } from "../losses/trajectory.ts";
import { fewSteps } from "../testing/few-steps.ts";
import { fixedTask } from "../testing/fixed-task.ts";
import { expectAll, flat, type Rows } from "../testing/rows.ts";
import { ACTIVATIONS, backSlow, runSlow, type SlowSetting, type SlowWeights } from "../testing/slow-rnn.ts";
import { rateNetwork } from "./rate-network.ts";
import type { RateActivation, RateNetworkOptions } from "./rate-network-options.ts";
import type { TrainOptions } from "./train-options.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { Trainer } from "./trainer.ts";
import { withParameters } from "./with-parameters.ts";

const pycog = readPycog();

/** Updates by plain gradient descent on fixed trials. */
function descend(
  network: TrainableNetwork,
  trials: Parameters<typeof fixedTask>[0],
  options: Partial<TrainOptions> = {},
): Trainer {
  const { task, conditions } = fixedTask(trials);
  return new Trainer({
    network,
    task,
    updates: 3,
    batchSize: trials.batch,
    curriculum: [{ update: 0, conditions }],
    validation: false,
    regularisers: [{ kind: "omega", weight: 2 }],
    optimiser: { kind: "sgd", learningRate: 0.01 },
    run: { precision: "f64" },
    ...options,
  });
}

describe.skipIf(!hasGolden)("Ω in the loop, against Song, Yang & Wang (2016)", () => {
  const size = { time: 15, batch: 3 };
  const turned = (rows: Rows, units: number) =>
    fromAxisOrder(flat(rows), { ...size, units }, ["time", "batch", "unit"]);
  /** The noise of each unit comes in by inputs of its own, with fixed weights of 1. */
  function build(): TrainableNetwork {
    const [units, inputs] = [8, 10];
    const wide = (of: (unit: number, input: number) => number) =>
      Float64Array.from({ length: units * inputs }, (_, k) => of(Math.floor(k / inputs), k % inputs));
    const identity = (unit: number, c: number) => (c - 2 === unit ? 1 : 0);
    const made = rateNetwork({
      inputs,
      units,
      outputs: 2,
      dale: pycog.ei,
      rng: createRng(1),
      train: ["in", "rec", "out", "start"],
      masks: {
        in: wide((i, c) => (c < 2 ? pycog.Cin[i][c] : identity(i, c))),
        rec: flat(pycog.mask_plastic).map((m, k) => m || flat(pycog.mask_fixed)[k]),
        out: flat(pycog.Cout),
      },
      fixed: {
        in: wide((i, c) => (c < 2 ? 0 : identity(i, c))),
        rec: flat(pycog.mask_fixed).map((w, k) => w * pycog.ei[k % units]),
      },
    });
    const { Win, Wrec, Wout, x0 } = pycog.params;
    const network = withParameters(made.network, {
      "weights:in": wide((i, c) => (c < 2 ? Math.max(Win[i][c], 0) : identity(i, c))),
      "weights:rec": flat(Wrec).map((w, k) =>
        pycog.mask_plastic[Math.floor(k / 8)][k % 8] === 1
          ? Math.max(w, 0) * pycog.ei[k % 8]
          : flat(pycog.mask_fixed)[k] * pycog.ei[k % 8],
      ),
      "weights:out": flat(Wout).map((w, k) => (flat(pycog.Cout)[k] ? Math.max(w, 0) * pycog.ei[k % 8] : 0)),
      "rec.start": flat(x0),
    });
    return { ...made, network };
  }

  /** Inputs and noise side by side. */
  function noisyTrials() {
    const u = turned(pycog.u, 2);
    const noise = turned(pycog.noise_rec, 8);
    const row = (t: number, width: number, of: Float64Array) =>
      of.subarray(t * width * 3, (t + 1) * width * 3);
    const inputs = Float64Array.from(
      Array.from({ length: 15 }, (_, t) => [...row(t, 2, u), ...row(t, 8, noise)]).flat(),
    );
    return {
      dt: pycog.dt,
      ...size,
      inputs,
      targets: turned(pycog.target, 2),
      mask: turned(pycog.mask, 2),
    };
  }

  it.each([
    ["f64", 1e-10],
    ["f32", 1e-6],
  ] as const)("has its states, outputs, dL/dx and all gradients in %s", (precision, tolerance) => {
    const network = build();
    const trials = noisyTrials();
    const terms = [{ kind: "mse", of: "z", target: "targets" }] as const;
    const optimiser = { kind: "sgd", learningRate: 0.01 } as const;
    const got = fewSteps({ network, trials, terms, optimiser, precision, record: ["rec.x"], steps: 1 });
    expectAll(got.records["rec.x"], [...turned(pycog.x, 8)], tolerance);
    expectAll(got.records["out.z"], [...turned(pycog.z, 2)], tolerance);
    expect(Math.abs(got.losses[0] - pycog.loss)).toBeLessThan(tolerance);
    expect(Math.abs(Math.sqrt(got.losses[0]) - pycog.rmse)).toBeLessThan(tolerance);
    expectAll(got.gradients["rec.start"], pycog.grads.x0, tolerance);
    // Gradients of the free numbers: those of the weights, turned by sign, where a synapse is not silent.
    const free = (name: string, values: Float64Array) => {
      const g = values.slice();
      const { constraints } = network;
      const theta = network.network.projections.find((p) => `weights:${p.name}` === name)!.weights.values;
      pullBackGradient(constraints![name], theta.map(Math.abs), g);
      return g;
    };
    expectAll(free("weights:rec", got.gradients["weights:rec"]), pycog.grads.Wrec, tolerance);
    expectAll(free("weights:out", got.gradients["weights:out"]), pycog.grads.Wout, tolerance);
    const ofInputs = free("weights:in", got.gradients["weights:in"]).filter((_, k) => k % 10 < 2);
    expectAll(ofInputs, pycog.grads.Win, tolerance);
    const gradient = differentiate(network.network, {
      dt: pycog.dt,
      steps: 15,
      instances: 3,
      precision,
      trainable: network.trainable,
    });
    const { records } = gradient.forward({ inputs: { u: trials.inputs }, record: ["out.z"] });
    const counted = trials.mask.reduce((a, b) => a + b, 0);
    const dz = Float64Array.from(
      records["out.z"],
      (z, k) => (2 * trials.mask[k] * (z - trials.targets[k])) / counted,
    );
    const { sums } = gradient.backward({ "out.z": dz }, { sums: ["rec.rec"] });
    expectAll(
      Array.from(sums["rec.rec"], (d) => d / 0.2),
      [...turned(pycog.dloss_dx, 8)],
      tolerance,
    );
  });

  it.each([
    ["f64", 1e-10],
    ["f32", 1e-6],
  ] as const)("has its loss, Ω and norm of the whole gradient in %s", (precision, tolerance) => {
    const trials = noisyTrials();
    const trainer = descend(build(), trials, { run: { precision } });
    const before = trainer.parameters()["weights:rec"];
    const report = trainer.step()!;
    // One step of plain descent along the gradient with 2 Ω, whose norm is below the limit.
    const moved = trainer.parameters()["weights:rec"].map((w, k) => (before[k] - w) / 0.01);
    const along = flat(pycog.grads.Wrec).map((g, k) => g + 2 * flat(pycog.Omega_grad_Wrec)[k]);
    expectAll(moved, [...along.map((g, k) => g * pycog.ei[k % 8])], tolerance);
    expect(Math.abs(report.terms.mse - pycog.loss)).toBeLessThan(tolerance);
    expect(Math.abs(report.terms.omega - pycog.Omega)).toBeLessThan(tolerance);
    expect(Math.abs(report.gradientNorm - pycog.global_norm_with_Omega)).toBeLessThan(tolerance);
    expect(Math.abs(report.loss - pycog.loss - 2 * pycog.Omega)).toBeLessThan(4 * tolerance);
  });
});

/** Ω as it is written down: d and x held, W free. */
function slowOmega(
  w: Float64Array,
  { d, x, s }: { d: Float64Array; x: Float64Array; s: SlowSetting },
): number {
  const { time, units, batch, alpha } = s;
  const [, slope] = ACTIVATIONS[s.activation];
  const at = (t: number, i: number, b: number) => (t * units + i) * batch + b;
  let sum = 0;
  let counted = 0;
  const gain = s.gain ?? 1;
  for (let t = 1; t < time; t++) {
    for (let b = 0; b < batch; b++) {
      let below = 0;
      let above = 0;
      for (let j = 0; j < units; j++) {
        below += d[at(t, j, b)] ** 2;
        let pulled = 0;
        for (let i = 0; i < units; i++) pulled += alpha[i] * d[at(t, i, b)] * w[i * units + j];
        above += ((1 - alpha[j]) * d[at(t, j, b)] + pulled * gain * slope(gain * x[at(t - 1, j, b)])) ** 2;
      }
      if (below < 1e-20) continue;
      counted++;
      sum += (above / below - 1) ** 2;
    }
  }
  return sum / counted;
}

/** Each unit hears the next: few enough synapses to be kept as a list. */
const ring = (units: number) =>
  Uint8Array.from({ length: units * units }, (_, k) =>
    k % units === (Math.floor(k / units) + 1) % units ? 1 : 0,
  );

describe("Ω in the loop, against central differences of its definition", () => {
  const [time, batch, units] = [9, 3, 6];
  const rng = createRng(8);
  const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.3);
  const trials = {
    dt: 20,
    time,
    batch,
    inputs: draw(time * 2 * batch),
    targets: draw(time * batch),
    // One trial is shorter: its gradients are 0 beyond, and count as gone.
    mask: Float64Array.from({ length: time * batch }, (_, k) => (k % batch === 1 && k / batch >= 5 ? 0 : 1)),
  };

  it.each([
    ["tanh", { tau: 100 }],
    ["relu", { tau: [60, 70, 80, 100, 160, 400] }],
    ["softplus", { tau: [60, 70, 80, 100, 160, 400], train: ["rec", "in", "out", "bias", "tau"] }],
    ["retanh", { masks: { rec: ring(units) } }],
    ["tanh", { gain: 1.7 }],
    ["sigmoid", { dale: 0.5, enforce: "absolute" }],
  ] as [RateActivation, Partial<RateNetworkOptions>][])("%s %j", (activation, options) => {
    const made = rateNetwork({
      inputs: 2,
      units,
      outputs: 1,
      activation,
      noise: 0,
      rng: createRng(2),
      train: ["rec", "in", "out", "bias"],
      ...options,
    });
    const trainer = descend(made, trials, { clip: {} });
    const without = descend(made, trials, { clip: {}, regularisers: [] });
    const before = trainer.parameters();
    const weightsOf = (name: string) =>
      toDense(made.network.projections.find((p) => p.name === name)!.weights).values;
    const tau = [options.tau ?? 100].flat() as number[];
    const perUnit = tau.length === 1 ? new Array<number>(units).fill(tau[0]) : tau;
    const s: SlowSetting = {
      time,
      batch,
      inputs: 2,
      units,
      outputs: 1,
      activation,
      alpha: perUnit.map((tau) => 20 / tau),
      u: trials.inputs,
      gain: options.gain as number | undefined,
    };
    const w: SlowWeights = {
      wIn: weightsOf("in"),
      wRec: weightsOf("rec"),
      wOut: weightsOf("out"),
      bias: new Float64Array(units),
      biasOut: new Float64Array(1),
      v0: new Float64Array(units * batch).fill(0.1),
    };
    const { v, r, z } = runSlow(w, s);
    const counted = trials.mask.reduce((a, b) => a + b, 0);
    const dz = z.map((value, k) => (trials.mask[k] * 2 * (value - trials.targets[k])) / counted);
    const { dv: d } = backSlow(w, s, { v, r, dz, dr: new Float64Array(r.length) });
    const report = trainer.step()!;
    expect(report.terms.omega).toBeCloseTo(slowOmega(w.wRec, { d, x: v, s }), 10);
    without.step();
    // What Ω changed of one step is −learning rate · 2 · ∂Ω/∂W.
    const [moved, plain] = [trainer.parameters(), without.parameters()];
    const constraint = made.constraints!["weights:rec"];
    const sparse = made.network.projections.find((p) => p.name === "rec")!.weights;
    const places = Array.from(weightsOf("rec"), (_, k) => k).flatMap((k) => {
      const [i, j] = [Math.floor(k / units), k % units];
      if (sparse.kind === "dense") return constraint.plastic[k] ? [k] : [];
      return sparse.column.subarray(sparse.rowStart[i], sparse.rowStart[i + 1]).includes(j) ? [k] : [];
    });
    const ours = moved["weights:rec"].map((x, k) => (plain["weights:rec"][k] - x) / 0.02);
    expect(sparse.kind).toBe(activation === "retanh" ? "sparse" : "dense");
    const trained = sparse.kind === "dense" ? [...places].map((k) => ours[k]) : [...ours];
    const expected = [...places].map((k) => {
      const at = (h: number) => {
        const one = w.wRec.slice();
        one[k] += h;
        return slowOmega(one, { d, x: v, s });
      };
      return (at(1e-6) - at(-1e-6)) / 2e-6;
    });
    expectAll(trained, expected, 1e-6);
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1e-3);
    // Nothing but the recurrent weights feels it.
    for (const name of made.trainable) {
      if (name === "weights:rec") continue;
      expect(moved[name]).toEqual(plain[name]);
      expect(moved[name]).not.toEqual(before[name]);
    }
  });
});

describe("Ω", () => {
  const made = rateNetwork({ inputs: 2, units: 4, outputs: 1, rng: createRng(2) });
  const trials = { dt: 20, time: 3, batch: 1, inputs: new Float64Array(6), targets: new Float64Array(3) };

  it.each([
    [{ network: { ...made, leaky: undefined } }, "does not say how its state leaks"],
    [
      { network: { ...made, leaky: { ...made.leaky!, weights: "weights:rek" } } },
      '"weights:rek" are not trained',
    ],
    [
      { network: { ...made, leaky: { ...made.leaky!, weights: "weights:in" } } },
      "must lead from the population",
    ],
    [{ network: { ...made, leaky: { ...made.leaky!, state: "out.z" } } }, "must lead from the population"],
    [{ network: { ...made, leaky: { ...made.leaky!, tau: "rec.tao" } } }, 'no parameter "rec.tao"'],
    [{ network: { ...made, leaky: { ...made.leaky!, activation: "relo" } } }, 'unknown activation "relo"'],
    [
      { network: rateNetwork({ inputs: 2, units: 4, outputs: 1, rng: createRng(2), train: ["in"] }) },
      "not trained",
    ],
    [{ run: { method: "exponential" } }, "for Euler's method"],
    [{ regularisers: [{ kind: "omega", weight: -1 }] }, "weight must be ≥ 0"],
    [{ regularisers: [{ kind: "omega" }, { kind: "omega" }] }, "two terms have this name"],
  ] as [Partial<TrainOptions>, string][])("refuses %#", (options, message) => {
    expect(() => descend(made, trials, options)).toThrow(message);
  });

  it("of weight 0 is reported and changes nothing", () => {
    const rng = createRng(3);
    const full = { ...trials, inputs: trials.inputs.map(() => rng.uniform()) };
    const one = descend(made, full, { regularisers: [{ kind: "omega", weight: 0 }] });
    const two = descend(made, full, { regularisers: [] });
    expect(one.step()!.terms.omega).toBeGreaterThan(0);
    two.step();
    expect(one.parameters()).toEqual(two.parameters());
  });
});
