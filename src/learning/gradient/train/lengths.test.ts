import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, toDense } from "../../../core/index.ts";
import { differentiate } from "../../../engine/index.ts";
import { defineTask, packTrials, type Trial } from "../../../tasks/index.ts";
import type { LossTerm } from "../losses/composite.ts";
import { fixedTask } from "../testing/fixed-task.ts";
import { expectAll } from "../testing/rows.ts";
import { backSlow, runSlow, type SlowSetting, type SlowWeights } from "../testing/slow-rnn.ts";
import { Objective } from "./objective.ts";
import { OmegaRegulariser } from "./omega-regulariser.ts";
import { rateNetwork } from "./rate-network.ts";
import { resolveTraining } from "./train-options.ts";
import { Trainer } from "./trainer.ts";

const [inputs, units, outputs] = [2, 5, 2];
const network = rateNetwork({
  inputs,
  units,
  outputs,
  activation: "softplus",
  noise: 0.2,
  dale: 0.6,
  enforce: "project",
  tau: [60, 80, 100, 120, 140],
  rng: createRng(2),
  train: ["in", "rec", "out", "bias", "outputBias", "start", "tau"],
});

describe("trials of unequal length", () => {
  const terms: LossTerm[] = [
    { kind: "mse", of: "z", target: "targets" },
    { kind: "cross-entropy", of: "z", target: "labels" },
    { kind: "rate", of: "r", metric: "sd", weight: 0.3 },
    { kind: "smoothness", of: "r", lag: 2, weight: 0.2 },
    { kind: "entropy", of: "r", weight: 0.1 },
    { kind: "divergence", of: "r", from: "x", weight: 0.1 },
    { kind: "hebbian", of: "r", weights: "rec", weight: 0.1 },
    { kind: "weight", weights: "rec", weight: 0.1 },
  ];

  /** Values and gradients of all terms and Ω, with trials padded to `steps`. */
  function evaluate(trials: Trial[], steps: number, seed: number) {
    const { task } = fixedTask({
      dt: 20,
      time: 1,
      batch: 1,
      inputs: new Float64Array(inputs),
      targets: new Float64Array(outputs),
    });
    const batch = packTrials(task, trials, steps);
    const gradient = differentiate(network.network, {
      dt: 20,
      steps,
      instances: trials.length,
      precision: "f64",
      trainable: network.trainable,
    });
    const objective = new Objective(network, terms, []);
    const omega = new OmegaRegulariser(
      resolveTraining({ network, task, updates: 1, regularisers: [{ kind: "omega", weight: 0.5 }] }),
    );
    const weights = Object.fromEntries(network.trainable.map((name) => [name, gradient.get(name)]));
    const record = [...objective.record, ...omega.record];
    const { records } = gradient.forward({ inputs: { u: batch.inputs }, steps, seed, record });
    const value = objective.differentiate({ batch, records, weights });
    const { gradients, sums } = gradient.backward(value.adjoints, { sums: omega.sums });
    const last = omega.add({
      batch: batch.count,
      records,
      sums,
      values: weights,
      products: gradient.products,
      gradients,
    });
    for (const [name, direct] of Object.entries(value.weightGradients))
      direct.forEach((g, k) => {
        gradients[name][k] += g;
      });
    return { terms: { ...value.terms, ...last.terms }, gradients };
  }

  it("give the same terms and gradients with any padding, noise and all", () => {
    const lengths = fc.array(fc.integer({ min: 3, max: 9 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 7 }), fc.nat({ max: 1000 }), (steps, extra, seed) => {
        const rng = createRng(seed);
        const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform());
        const trials = steps.map((length): Trial => {
          const one = fixedTask({
            dt: 20,
            time: length,
            batch: 1,
            inputs: draw(length * inputs),
            targets: draw(length * outputs),
          }).task.trial(rng);
          return {
            ...one,
            labels: Int32Array.from({ length }, () => Math.floor(3 * rng.uniform()) - 1).fill(1, 0, 1),
          };
        });
        const longest = Math.max(...steps);
        const tight = evaluate(trials, longest, seed);
        const padded = evaluate(trials, longest + extra, seed);
        expectAll(Object.values(padded.terms), Object.values(tight.terms), 1e-12);
        for (const [name, g] of Object.entries(tight.gradients))
          expectAll(padded.gradients[name], [...g], 1e-11);
      }),
      { numRuns: 12 },
    );
  });

  it("may all be too short for the lag of a term, which is 0 then", () => {
    const task = defineTask({
      name: "short or long",
      dt: 20,
      inputs: ["a", "b"],
      outputs: ["p", "q"],
      periods: [{ name: "all", duration: { kind: "uniform", min: 20, max: 400 } }],
      readout: { kind: "trace" },
      fill(draft) {
        draft.show("all", "a", 1);
        draft.want("all", "p", 0.5);
        draft.count("all");
        return {};
      },
    });
    const regularisers = [{ kind: "smoothness", of: "r", lag: 8, weight: 0.1 }] as const;
    const trainer = new Trainer({
      ...{ network, task, regularisers, updates: 12, batchSize: 2, validation: false },
    });
    while (trainer.step());
    expect(trainer.status).toBe("done");
    const { smoothness, mse } = trainer.history.terms;
    expect([smoothness.length, mse.length]).toEqual([12, 12]);
    expect(smoothness.some((value) => value === 0) && smoothness.some((value) => value > 0)).toBe(true);
  });
});

describe("a window of gradients in the loop of training", () => {
  const [time, batch] = [10, 3];
  const rng = createRng(4);
  const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.4);
  const trials = { dt: 20, time, batch, inputs: draw(time * 2 * batch), targets: draw(time * batch) };
  const made = rateNetwork({
    inputs,
    units,
    outputs: 1,
    activation: "tanh",
    rng: createRng(3),
    train: ["in", "rec", "out", "bias", "start"],
  });
  const { task, conditions } = fixedTask(trials);
  const moved = (window?: number) => {
    const trainer = new Trainer({
      network: made,
      task,
      updates: 1,
      batchSize: batch,
      curriculum: [{ update: 0, conditions }],
      validation: false,
      clip: {},
      optimiser: { kind: "sgd", learningRate: 1 },
      run: { precision: "f64", window },
    });
    const before = trainer.parameters();
    trainer.step();
    const end = trainer.parameters();
    return Object.fromEntries(
      made.trainable.map((name) => [name, before[name].map((w, k) => w - end[name][k])]),
    );
  };

  it("of all steps or more changes no bit", () => {
    expect(moved(time)).toEqual(moved());
    expect(moved(3 * time)).toEqual(moved());
  });

  it.each([1, 3, 4, 7])("of %d steps is that of a slow implementation", (window) => {
    const of = (name: string) =>
      toDense(made.network.projections.find((p) => p.name === name)!.weights).values;
    const s: SlowSetting = {
      time,
      batch,
      inputs,
      units,
      outputs: 1,
      activation: "tanh",
      alpha: new Array(units).fill(0.2),
      u: trials.inputs,
      window,
    };
    const w: SlowWeights = {
      wIn: of("in"),
      wRec: of("rec"),
      wOut: of("out"),
      bias: new Float64Array(units),
      biasOut: new Float64Array(1),
      v0: new Float64Array(units * batch).fill(0.1),
    };
    const { v, r, z } = runSlow(w, s);
    const dz = z.map((value, k) => (2 * (value - trials.targets[k])) / z.length);
    const { g } = backSlow(w, s, { v, r, dz, dr: new Float64Array(r.length) });
    const start = Array.from({ length: units }, (_, i) =>
      g.v0.slice(i * batch, (i + 1) * batch).reduce((a, b) => a + b),
    );
    const got = moved(window);
    expectAll(got["weights:in"], [...g.wIn], 1e-12);
    expectAll(
      got["weights:rec"],
      [...g.wRec].map((d, k) => (k % (units + 1) === 0 ? 0 : d)),
      1e-12,
    );
    expectAll(got["weights:out"], [...g.wOut], 1e-12);
    expectAll(got["rec.bias"], [...g.bias], 1e-12);
    expectAll(got["rec.start"], start, 1e-12);
    expect(got["weights:rec"]).not.toEqual(moved()["weights:rec"]);
  });
});
