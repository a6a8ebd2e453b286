import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import {
  batchTrials,
  conditionGrid,
  defineTask,
  perceptualDecision,
  ringDecision,
  type Task,
  type TaskDefinition,
  type TrialBatch,
} from "../../../tasks/index.ts";
import { unpackData } from "../../self-organisation/pack-data.ts";
import { countViolations } from "../constraints/enforce.ts";
import type { LossTerm } from "../losses/composite.ts";
import { brokenGradient, earliest } from "./breakdown.ts";
import { Objective } from "./objective.ts";
import { rateNetwork } from "./rate-network.ts";
import type { RateNetworkOptions } from "./rate-network-options.ts";
import { train } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";
import { withParameters } from "./with-parameters.ts";

const songs = (units: number, options: Partial<RateNetworkOptions> = {}) =>
  rateNetwork({
    inputs: 2,
    units,
    outputs: 2,
    dale: 0.8,
    noise: 0.1,
    rng: createRng(3).stream("network"),
    ...options,
  });

/** Short trials: one input, to be held. */
const holding: TaskDefinition = {
  name: "hold",
  dt: 20,
  inputs: ["left", "right"],
  outputs: ["left", "right"],
  factors: { side: { values: ["left", "right"] } },
  periods: [
    { name: "cue", duration: 60 },
    { name: "answer", duration: { kind: "uniform", min: 40, max: 100 } },
  ],
  readout: { kind: "choice", period: "answer", at: "end", alternatives: [0, 1] },
  fill(draft, { side }) {
    draft.show("cue", side as string, 1);
    draft.want("answer", side as string, 1);
    draft.count("answer");
    const choice = side === "left" ? 0 : 1;
    return { choice, evidence: 1 - 2 * choice };
  },
};
const hold = defineTask(holding);

const small = (options: Partial<TrainOptions> = {}): TrainOptions => ({
  network: songs(10),
  task: hold,
  updates: 8,
  batchSize: 4,
  seed: 7,
  validation: { trials: 8, every: 3 },
  ...options,
});

describe("a network that obeys Dale's law (Song, Yang & Wang 2016)", () => {
  it("learns to decide, with signs and masks kept at every step", () => {
    const network = songs(50);
    const task = perceptualDecision();
    const trainer = new Trainer({
      network,
      task,
      updates: 400,
      seed: 3,
      optimiser: { kind: "adam", learningRate: 0.02 },
      validation: { trials: 400, every: 25, conditions: conditionGrid(task) },
      earlyStopping: { criterion: "fractionCorrect", target: 0.85 },
    });
    const none = { offMask: 0, wrongSign: 0, movedFixed: 0 };
    while (trainer.status === "running") {
      trainer.step();
      for (const [name, weights] of Object.entries(trainer.parameters())) {
        const constraint = network.constraints?.[name];
        if (constraint && JSON.stringify(countViolations(constraint, weights)) !== JSON.stringify(none))
          expect.fail(`${name} breaks its constraint after update ${trainer.updates}`);
      }
    }
    const { status, history, updates, last } = trainer.result();
    expect(status).toBe("reached");
    expect(updates).toBeLessThanOrEqual(400);
    expect(history.validations.at(-1)!.fractionCorrect).toBeGreaterThanOrEqual(0.85);
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(mean(history.loss.slice(-20))).toBeLessThan(0.6 * mean(history.loss.slice(0, 20)));
    // Read straight off the weights, without the constraint's own check.
    last["weights:rec"].forEach((w, k) => {
      expect(w * (k % 50 < 40 ? 1 : -1)).toBeGreaterThanOrEqual(0);
      if (k % 51 === 0) expect(w).toBe(0);
    });
    last["weights:out"].forEach((w, k) => {
      if (k % 50 >= 40) expect(w).toBe(0);
    });
  });
});

describe("one update", () => {
  it.each(["rectify", "project", "absolute"] as const)(
    "moves every number down the slope of the whole loss, %s",
    (enforce) => {
      const loss: LossTerm[] = [{ kind: "mse", of: "z", target: "targets" }];
      const regularisers: LossTerm[] = [
        { kind: "rate", of: "r", weight: 0.3 },
        { kind: "smoothness", of: "rec.x", weight: 0.2 },
        { kind: "weight", weights: "rec", weight: 0.5 },
      ];
      const network = songs(6, { dale: [1, 1, 1, 1, -1, -1], enforce, activation: "softplus", noise: 0.1 });
      const rate = 1e-3;
      const options = small({
        network,
        loss,
        regularisers,
        run: { precision: "f64" },
        clip: {},
        validation: false,
      });
      const trainer = new Trainer({ ...options, optimiser: { kind: "sgd", learningRate: rate } });
      const before = trainer.parameters();
      const report = trainer.step()!;
      const after = trainer.parameters();
      const lossWith = (name: string, k: number, h: number) => {
        const projections = network.network.projections.map((p) => {
          if (`weights:${p.name}` !== name) return p;
          const values = p.weights.values.slice();
          values[k] += h;
          return { ...p, weights: { ...p.weights, values } };
        });
        const populations = network.network.populations.map((p) => {
          const [population, parameter] = name.split(".");
          if (p.name !== population) return p;
          const values = Float64Array.from(p.parameters[parameter] as Float64Array);
          values[k] += h;
          return { ...p, parameters: { ...p.parameters, [parameter]: values } };
        });
        const moved = { ...network, network: { ...network.network, projections, populations } };
        return new Trainer({ ...options, network: moved }).step()!.loss;
      };
      expect(lossWith("rec.bias", 0, 0)).toBe(report.loss);
      for (const name of network.trainable) {
        const k = name === "weights:rec" ? 5 : 1;
        const slope = (lossWith(name, k, 1e-5) - lossWith(name, k, -1e-5)) / 2e-5;
        expect(Math.abs(slope)).toBeGreaterThan(1e-5);
        expect((before[name][k] - after[name][k]) / rate / slope).toBeCloseTo(1, 4);
      }
    },
  );
});

describe("classes", () => {
  const options = { timing: { fixation: 200, stimulus: 100 }, coherences: [50] };
  const batch = (fixationWeight: number) =>
    batchTrials(ringDecision({ ...options, fixationWeight }), 4, createRng(1));
  const network = rateNetwork({ inputs: 3, units: 5, outputs: 3, rng: createRng(2) });
  const records = (b: TrialBatch) => ({
    "out.z": Float64Array.from({ length: b.targets.length }, (_, k) => ((k * 7) % 5) / 3),
  });
  const loss = (b: TrialBatch, kind: "cross-entropy" | "soft-cross-entropy") => {
    const target = kind === "cross-entropy" ? "labels" : "targets";
    const objective = new Objective(network, [{ kind, of: "z", target }], []);
    return objective.evaluate({ batch: b, records: records(b), weights: {} }).total;
  };

  it("count as much as the mask of the task says", () => {
    const [whole, half, none] = [batch(1), batch(0.5), batch(0)];
    // Steps of fixation and of the answer, all trials alike.
    const answers = whole.labels.filter((label) => label > 0).length;
    const others = whole.labels.length - answers;
    expect(answers).toBeGreaterThan(0);
    const answered = loss(none, "cross-entropy");
    const fixated = (loss(whole, "cross-entropy") * (answers + others) - answered * answers) / others;
    expect(Math.abs(answered - fixated)).toBeGreaterThan(0.01);
    const expected = (answered * answers + 0.5 * fixated * others) / (answers + 0.5 * others);
    expect(loss(half, "cross-entropy")).toBeCloseTo(expected, 12);
  });

  it("are the same as one-hot shares", () => {
    for (const weight of [1, 0.5, 0])
      expect(loss(batch(weight), "soft-cross-entropy")).toBeCloseTo(loss(batch(weight), "cross-entropy"), 12);
  });
});

describe("Trainer", () => {
  const options = small({
    optimiser: { kind: "adam", learningRate: 0.01 },
    schedule: { kind: "cosine", length: 8, warmUp: { length: 3 } },
    regularisers: [{ kind: "rate", of: "r", weight: 0.01 }],
    curriculum: [{ update: 5, conditions: { side: "left" } }],
  });

  it.each([1, 4, 6])("goes on from bytes of update %i as if it had never stopped", (at) => {
    const whole = train(options);
    const first = new Trainer(options);
    while (first.updates < at) first.step();
    const second = new Trainer(options);
    second.restore(first.save());
    while (second.status === "running") second.step();
    expect(second.result()).toEqual(whole);
    expect(whole.status).toBe("done");
    expect(whole.history.loss.length).toBe(8);
    expect(whole.history.validations.map((v) => v.updates)).toEqual([3, 6, 8]);
  });

  it("goes on from its end with more updates, plateau included", () => {
    const plateau = { ...options, schedule: { kind: "plateau", patience: 0, threshold: 0.5 } as const };
    const short = train({ ...plateau, updates: 6 });
    const trainer = new Trainer({ ...plateau, updates: 12 });
    trainer.restore(short.checkpoint);
    while (trainer.status === "running") trainer.step();
    const whole = train({ ...plateau, updates: 12 });
    expect(trainer.result()).toEqual(whole);
    expect(whole.history.learningRate.at(-1)).toBeLessThan(0.01);
  });

  it("moves numbers that are weights themselves back to their sign, and time constants into their bounds", () => {
    const network = songs(10, { enforce: "project", train: ["rec", "tau"] });
    const bounds = { "rec.tau": [100, 101] as const };
    const wild = { kind: "sgd", learningRate: 1e3 } as const;
    const trainer = new Trainer({ ...options, network: { ...network, bounds }, optimiser: wild });
    for (let k = 0; k < 3; k++) {
      trainer.step();
      const { theta } = unpackData(trainer.save()) as { theta: Record<string, Float64Array> };
      expect(theta["weights:rec"].some((w, i) => w === 0 && i % 11 !== 0)).toBe(true);
      theta["weights:rec"].forEach((w, i) => {
        expect(w * network.signs[i % 10]).toBeGreaterThanOrEqual(0);
      });
      expect(theta["rec.tau"].every((tau) => tau >= 100)).toBe(true);
      if (k === 0) expect(theta["rec.tau"]).toContain(100);
    }
  });

  it("gives parameters that make the same network elsewhere", () => {
    const network = songs(10, { noise: 0, density: 0.2 });
    const quiet = { ...options, network, run: { precision: "f64" as const } };
    const trainer = new Trainer(quiet);
    while (trainer.status === "running") trainer.step();
    const trained = withParameters(network.network, trainer.parameters());
    const again = new Trainer({ ...quiet, network: { ...network, network: trained } });
    expect({ ...again.validate(), updates: 8 }).toEqual(trainer.validate());
    expect(() => withParameters(network.network, { "weights:r": new Float64Array(1) })).toThrow(
      'no "weights:r"',
    );
    expect(() => withParameters(network.network, { "rec.bias": new Float64Array(3) })).toThrow(
      "3 values, wanted 10",
    );
  });

  it("keeps the parameters of the best validation", () => {
    const result = train(options);
    const losses = result.history.validations.map((v) => v.loss);
    const best = result.history.validations[losses.indexOf(Math.min(...losses))];
    expect(result.best.updates).toBe(best.updates);
    if (best.updates === 8) expect(result.best.parameters).toEqual(result.last);
  });

  it("refuses bytes of another run", () => {
    const { checkpoint } = train({ ...options, updates: 1 });
    const fails = (other: Partial<TrainOptions>, bytes = checkpoint) => {
      const trainer = new Trainer({ ...options, ...other });
      return expect(() => trainer.restore(bytes));
    };
    fails({ seed: 8 }).toThrow("saved with seed 7, this one has 8");
    fails({ optimiser: { kind: "sgd", learningRate: 1 } }).toThrow("saved with optimiser");
    fails({ network: songs(11) }).toThrow("saved with another network");
    fails({}, checkpoint.slice(0, 300)).toThrow("cut short");
  });

  it("stops where it is told to, and only then", () => {
    const stopped = train({ ...options, onUpdate: ({ update }) => update === 4 && "stop" });
    expect([stopped.status, stopped.updates]).toEqual(["stopped", 5]);
    const sight = train({ ...options, earlyStopping: { criterion: "loss", target: 1e9 } });
    expect([sight.status, sight.updates]).toEqual(["reached", 3]);
    expect(sight.message).toContain("after 3 updates, target 1000000000");
    const calm = { ...options, optimiser: { kind: "sgd", learningRate: 1e-30 } as const };
    const tired = train({ ...calm, updates: 100, earlyStopping: { criterion: "loss", patience: 2 } });
    expect([tired.status, tired.updates]).toEqual(["stopped", 9]);
  });
});

describe("training that breaks", () => {
  const wild = (learningRate: number, options: Partial<TrainOptions> = {}) =>
    small({ optimiser: { kind: "sgd", learningRate }, clip: {}, ...options });
  const bare = defineTask({ ...holding, fill: () => ({ choice: 0 }), noise: undefined });
  const unbounded: Task = {
    ...bare,
    trial: (...given) => {
      const trial = bare.trial(...given);
      return { ...trial, targets: trial.targets.fill(Infinity), mask: trial.mask.fill(1) };
    },
  };
  const heavy: LossTerm[] = [{ kind: "mse", of: "z", target: "targets", weight: 1e9 }];

  it.each<[string, TrainOptions, RegExp]>([
    [
      "rec.x",
      wild(1e30),
      /^Update 1: rec\.x of unit \d+ was not finite at t = \d+ ms of trial \d+; lower the learn/,
    ],
    ['loss "mse"', wild(1, { task: unbounded }), /^Update 0: loss "mse" is Infinity; lower/],
    [
      "weights:in",
      wild(1e304, { loss: heavy }),
      /^Update 0: weights:in became -?Infinity at \d+ in a step with learning rate 1e\+304; lower/,
    ],
  ])("stops with the update, the first bad quantity %s, and advice", (quantity, options, message) => {
    const result = train(options);
    expect(result.status).toBe("diverged");
    expect(result.message).toMatch(message);
    expect(result.message).toMatch(/\. Parameters are those before this update\.$/);
    expect(result.divergence).toEqual({ update: result.updates, quantity });
    for (const values of Object.values(result.last)) expect(values.every(Number.isFinite)).toBe(true);
    expect(result.history.loss.length).toBe(result.updates);
    expect(train(options)).toEqual(result);
  });

  it("tells of a validation that breaks, by the trial that was the first in time", () => {
    const result = train(wild(1e30, { validation: { trials: 8, every: 1 } }));
    expect([result.status, result.updates, result.divergence]).toEqual([
      "diverged",
      1,
      { update: 1, quantity: "rec.x" },
    ]);
    expect(result.message).toMatch(
      /^Validation after 1 update: rec\.x of unit \d+ was not finite at t = \d+ ms of trial \d+; lower .*\. Parameters are those of this validation\.$/,
    );
    const at = (instance: number, t: number) => ({ instance, t, variable: "rec.x", unit: 0, message: "" });
    expect(earliest([at(0, 90), at(2, 20), at(3, 20)])?.instance).toBe(2);
    expect(earliest([])).toBeUndefined();
  });

  it("says where gradients exploded", () => {
    const { run } = wild(1);
    const bad = { name: "weights:rec", index: 3, value: Number.NaN };
    const { quantity, what, advice } = brokenGradient(bad, 12, { run: run ?? {} });
    expect(`${quantity} ${what}; ${advice}.`).toBe(
      "gradient of weights:rec is NaN at 3, adjoints from step 12 backwards, while the loss is finite; gradients exploded through time: lower the spectral radius or the learning rate, or run in f64.",
    );
  });
});

describe("options that do not fit", () => {
  const three = rateNetwork({ inputs: 3, units: 5, outputs: 2, rng: createRng(1) });
  it.each<[string, Partial<TrainOptions>]>([
    ["updates must be a whole number ≥ 1, got 0", { updates: 0 }],
    ["batchSize must be a whole number", { batchSize: 2.5 }],
    ['input "u" has 3 units, the task 2 inputs', { network: three }],
    ['output "rec.x" has 5 units, the task 2 outputs', { network: { ...songs(5), output: "rec.x" } }],
    ['no input "v"', { network: { ...songs(5), input: "v" } }],
    ["nothing of the network is trained", { network: { ...songs(5), trainable: [] } }],
    ["has a constraint or bounds and is not trained", { network: { ...songs(5), trainable: ["rec.bias"] } }],
    ["clip.norm must be > 0", { clip: { norm: 0 } }],
    ["judged by validations", { validation: false, earlyStopping: { criterion: "loss", target: 0 } }],
    ["neither a target nor a patience", { earlyStopping: { criterion: "loss" } }],
    ["earlyStopping.target must be", { earlyStopping: { criterion: "fractionCorrect", target: 85 } }],
    ['no criterion "accuracy"', { earlyStopping: { criterion: "accuracy" as "loss", target: 1 } }],
    ["zz", { loss: [{ kind: "mse", of: "zz", target: "targets" }] }],
    ['no parameter "rec"', { optimiser: { kind: "adam", learningRate: 1, overrides: { rec: {} } } }],
  ])("are refused: %s", (message, options) => {
    expect(() => train(small(options))).toThrow(message);
  });
});
