import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense } from "../../../core/index.ts";
import { differentiate, simulate } from "../../../engine/index.ts";
import { input, network, neuron, population, projection } from "../../../model/index.ts";
import {
  batchTrials,
  defineTask,
  type PlannedPeriod,
  type Task,
  type TrialBatch,
} from "../../../tasks/index.ts";
import { packData, unpackData } from "../../self-organisation/pack-data.ts";
import { currentNetwork } from "./current-network.ts";
import { elmanNetwork } from "./elman-network.ts";
import { equationNetwork } from "./equation-network.ts";
import { rateNetwork } from "./rate-network.ts";
import { spikingNetwork } from "./spiking-network.ts";
import type { TrainOptions } from "./train-options.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { Trainer } from "./trainer.ts";
import { withParameters } from "./with-parameters.ts";

/** Two channels of noise, and something to be followed; trials last as long as `duration` says. */
function follow(duration: PlannedPeriod): Task {
  return defineTask({
    name: "follow",
    dt: 10,
    inputs: ["a", "b"],
    outputs: ["z"],
    factors: { level: { values: [0.2, 0.8] } },
    periods: [duration],
    readout: { kind: "trace" },
    fill(draft, { level }, rng) {
      draft.shake(duration.name, 1, { rng });
      draft.want(duration.name, "z", Number(level));
      draft.count(duration.name);
      return {};
    },
  });
}

const fixed = follow({ name: "all", duration: 80 });
const drawn = follow({ name: "all", duration: { kind: "uniform", min: 20, max: 100 } });
const shape = { inputs: 2, units: 5, outputs: 1 };
const builders: Record<string, (seed: number) => TrainableNetwork> = {
  rate: (seed) => rateNetwork({ ...shape, dale: 0.8, gain: 1.2, rng: createRng(seed) }),
  current: (seed) => currentNetwork({ ...shape, activation: "tanh", start: 0.2, rng: createRng(seed) }),
  elman: (seed) => elmanNetwork({ ...shape, start: 0.3, rng: createRng(seed) }),
  spiking: (seed) => spikingNetwork({ ...shape, refractory: 15, adaptation: 0.1, rng: createRng(seed) }),
  equations: (seed) =>
    equationNetwork({
      ...shape,
      rng: createRng(seed),
      neuron: neuron({
        parameters: { tau: 50, b: 0.5, x0: 0.3 },
        equations: `
          m = mean(r) : population, init=0.4
          tau * dx/dt = sum(in) + sum(rec) - b * a - m - x : init=x0
          500 * da/dt = r - a : init=0.1
          r = tanh(x) : init=0.7`,
      }),
    }),
};
/** Too small a step to change any weight. */
const still = { kind: "sgd", learningRate: 1e-300 } as const;

const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  network: builders.rate(4),
  task: drawn,
  updates: 6,
  batchSize: 5,
  seed: 3,
  continuous: true,
  validation: { trials: 5, every: 2 },
  run: { precision: "f64" },
  ...more,
});

function trained(more: Partial<TrainOptions> = {}) {
  const trainer = new Trainer(options(more));
  while (trainer.status === "running") trainer.step();
  return trainer;
}

/** The batch of an update. */
function batchOf({ task, batchSize = 20, seed = 0 }: TrainOptions, update: number): TrialBatch {
  return batchTrials(task, batchSize, createRng(seed).stream("train").stream("trials").stream(update));
}

/** The output and the last state of a network that hears the trials k of some batches, one after another. */
function stream(net: TrainableNetwork, batches: readonly TrialBatch[], k: number) {
  const run = simulate(net.network, { dt: 10, precision: "f64" });
  const z = run.monitor(net.output);
  for (const { inputs, trials, count } of batches) {
    const own = Float64Array.from({ length: trials[k].steps * 2 }, (_, row) => inputs[row * count + k]);
    run.run(trials[k].steps * 10, { inputs: { u: own } });
  }
  return { outputs: Array.from(z.data().values), run };
}

describe.each(Object.entries(builders))("trials of a %s network that follow each other", (_, build) => {
  it("are one simulation as long as all of them, in each of as many streams as a batch has trials", () => {
    fc.assert(
      fc.property(
        fc.record({ seed: fc.nat(99), batchSize: fc.integer({ min: 1, max: 5 }), isDrawn: fc.boolean() }),
        fc.constantFrom(1, 2, 3),
        fc.constantFrom<TrainOptions["run"]>({}, { checkpoint: 3 }, { window: 4 }, { backend: "interpret" }),
        ({ seed, batchSize, isDrawn }, shards, run) => {
          const all = options({
            ...{ network: build(seed), task: isDrawn ? drawn : fixed, batchSize, seed, updates: 3 },
            ...{ shards: Math.min(shards, batchSize), optimiser: still, validation: false },
            run: { precision: "f64", ...run },
          });
          const { carried, history } = trained(all).result();
          const batches = [0, 1, 2].map((update) => batchOf(all, update));
          let error = 0;
          let counted = 0;
          for (let k = 0; k < batchSize; k++) {
            const { outputs, run: simulation } = stream(all.network, batches, k);
            for (const [name, states] of Object.entries(carried!.last!)) {
              const wanted = simulation.get(name);
              expect(states.length).toBe(wanted.length * batchSize);
              wanted.forEach((value, unit) => {
                expect(Math.abs(states[unit * batchSize + k] - value), name).toBeLessThan(1e-12);
              });
            }
            const { steps } = batches[2].trials[k];
            const target = batches[2].targets[k];
            for (const z of outputs.slice(-steps)) error += (z - target) ** 2;
            counted += steps;
          }
          expect(Math.abs(history.terms.mse[2] - error / counted)).toBeLessThan(1e-12);
        },
      ),
      { seed: 7, numRuns: 12 },
    );
  });
});

describe("trials that follow each other", () => {
  it("do not, unless that is asked for", () => {
    const { carried, ...anew } = trained({ continuous: undefined }).result();
    expect(carried).toBeUndefined();
    expect(anew).toEqual(trained({ continuous: false }).result());
    expect(anew.history.loss[0]).toBe(trained().history.loss[0]);
    expect(anew.history.loss[1]).not.toBe(trained().history.loss[1]);
    expect(anew.last["rec.start"]).toBeDefined();
  });

  it("leave starts untrained, and what is trained beside them has the gradient of given starts", () => {
    const network = rateNetwork({
      ...{ ...shape, gain: 1.3, start: 0.4, activation: "tanh", rng: createRng(1) },
      train: ["in", "rec", "out", "bias", "start", "gain"],
    });
    const rate = 1e-3;
    const optimiser = { kind: "sgd", learningRate: rate } as const;
    const trainer = new Trainer(options({ network, optimiser, clip: {}, validation: false }));
    for (let update = 0; update < 2; update++) {
      const before = trainer.parameters();
      const initial = trainer.result().carried!.last;
      const batch = batchOf(options(), update);
      trainer.step();
      const after = trainer.parameters();
      expect(Object.keys(after)).toEqual([
        "weights:in",
        "weights:rec",
        "weights:out",
        "rec.bias",
        "rec.gain",
      ]);
      // Central differences of the loss in the slopes, with the start of this batch held as it was.
      const grad = differentiate(withParameters(network.network, before), {
        ...{ dt: 10, steps: drawn.maxSteps, instances: 5, precision: "f64", trainable: ["rec.gain"] },
      });
      const held = initial ?? { "rec.x": Array(5).fill(0.4), "rec.r": Array(5).fill(Math.tanh(1.3 * 0.4)) };
      const lossAt = (gain: Float64Array) => {
        grad.set("rec.gain", gain);
        const { records } = grad.forward({
          ...{ inputs: { u: batch.inputs }, steps: batch.steps, initial: held, record: ["out.z"] },
        });
        let error = 0;
        batch.mask.forEach((m, j) => {
          error += m * (records["out.z"][j] - batch.targets[j]) ** 2;
        });
        return error / batch.mask.reduce((a, b) => a + b, 0);
      };
      before["rec.gain"].forEach((_, unit) => {
        const at = (step: number) =>
          lossAt(before["rec.gain"].map((value, k) => (k === unit ? value + step : value)));
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        const made = (before["rec.gain"][unit] - after["rec.gain"][unit]) / rate;
        expect(Math.abs(made - slope)).toBeLessThan(1e-8);
      });
    }
  });

  it("start at numbers where a trained slope stands in their init", () => {
    const network = rateNetwork({
      ...{ ...shape, gain: 1.3, start: 0.4, activation: "tanh", rng: createRng(1) },
      train: ["rec", "gain"],
    });
    const anew = trained({ network, updates: 1 }).history.loss;
    expect(anew).toEqual(trained({ network, updates: 1, continuous: false }).history.loss);
  });

  it("go on from saved bytes as if they had never stopped", () => {
    const whole = trained({ updates: 7 }).result();
    for (const cut of [0, 1, 2, 5]) {
      const first = new Trainer(options({ updates: 7 }));
      for (let update = 0; update < cut; update++) first.step();
      const second = new Trainer(options({ updates: 7 }));
      second.restore(first.save());
      while (second.status === "running") second.step();
      expect(second.result()).toEqual(whole);
    }
    const anew = trained({ continuous: false });
    const words = "the run was saved with continuous false, this one has true";
    expect(() => new Trainer(options()).restore(anew.save())).toThrow(words);
    const { options: saved, ...rest } = unpackData(anew.save()) as { options: Record<string, string> };
    const { continuous: _, ...old } = saved;
    const later = new Trainer(options({ continuous: false }));
    later.restore(packData({ ...rest, options: old }));
    expect(later.result().last).toEqual(anew.result().last);
  });

  it("are the same in shards but for rounding", () => {
    const [one, three] = [1, 3].map((shards) => trained({ shards }).result());
    for (const [name, states] of Object.entries(one.carried!.last!))
      states.forEach((value, k) => {
        expect(Math.abs(three.carried!.last![name][k] - value), name).toBeLessThan(1e-9);
      });
  });

  it("are begun by validations where training is, which goes on from there as if nobody had looked", () => {
    const all = { network: builders.elman(2), optimiser: still };
    const looked = trained({ ...all, validation: { trials: 10, every: 1 } });
    const { history, best, carried } = looked.result();
    expect(carried!.last).toEqual(trained({ ...all, validation: false }).result().carried!.last);
    const losses = history.validations.map(({ loss }) => loss);
    // The same trials and noise, from other states.
    expect(new Set(losses).size).toBe(losses.length);
    expect(looked.validate().loss).toBe(losses.at(-1));
    expect(best.updates).toBeLessThan(6);
    const { carried: then } = trained({ ...all, updates: best.updates, validation: false }).result();
    expect(carried!.best).toEqual(then!.last);
  });

  it("go on through the stages of a curriculum", () => {
    const curriculum = [{ update: 1, conditions: { level: 0.8 } }];
    const all = options({ curriculum, updates: 2, optimiser: still, task: fixed, validation: false });
    const { carried, history } = trained(all).result();
    expect(history.stages).toEqual([{ stage: 0, update: 1 }]);
    const { run } = stream(all.network, [batchOf(all, 0), batchOf(all, 1)], 0);
    expect(Math.abs(carried!.last!["rec.x"][0] - run.get("rec.x")[0])).toBeLessThan(1e-12);
  });

  it("never begin where something broke", () => {
    const optimiser = { kind: "sgd", learningRate: 1e150 } as const;
    const trainer = new Trainer(options({ optimiser, clip: {}, validation: false }));
    trainer.step();
    const before = trainer.result().carried!.last;
    while (trainer.status === "running") trainer.step();
    const { status, carried, updates } = trainer.result();
    expect([status, updates]).toEqual(["diverged", 1]);
    expect(carried!.last).toEqual(before);
    for (const states of Object.values(carried!.last!)) expect(states.every(Number.isFinite)).toBe(true);
    const later = new Trainer(options({ optimiser, clip: {}, validation: false }));
    later.restore(trainer.save());
    expect(later.result().carried!.last).toEqual(before);
  });

  const own = (equations: string, more: { delay?: number; ofInput?: number; trainable?: string[] } = {}) => ({
    network: network({
      populations: [population("p", { size: 1, neuron: neuron({ parameters: { a: 0.5 }, equations }) })],
      inputs: [input("u", 2)],
      projections: [
        projection("u", "p", { name: "in", target: "in", weights: dense(1, 2, [1, 1]), delay: more.ofInput }),
        projection("p", "p", {
          ...{ name: "rec", target: "rec", weights: dense(1, 1, [0.5]), variable: "x", delay: more.delay },
        }),
      ],
    }),
    input: "u",
    output: "p.x",
    trainable: more.trainable ?? ["weights:rec"],
  });
  const plain = "x = tanh(a * sum(rec) + sum(in))";

  it.each<[string, TrainableNetwork, string]>([
    [
      "delays of more than a step",
      own(plain, { delay: 30 }),
      'train, continuous: projection "rec" has a delay of 30 ms, and what it looks back at is not carried from trial to trial. Take a delay of one step, 10 ms, or leave out continuous.',
    ],
    [
      "inputs that come late",
      own(plain, { ofInput: 10 }),
      'train, continuous: projection "in" has a delay of 10 ms, and what it looks back at is not carried from trial to trial. Take no delay.',
    ],
    [
      "equations that read the time",
      own("x = tanh(a * sum(rec) + sum(in) + t)"),
      'train, continuous, population "p": equations read the time t, which begins at 0 in every trial. Let a variable count time, which is carried, or leave out continuous.',
    ],
    [
      "nothing but starts to train",
      own(plain, { trainable: ["initial:p.x"] }),
      "train, continuous: nothing but starts is trained, which trials that go on never come back to. Train something else too, or leave out continuous.",
    ],
    [
      "trained parameters with random numbers in a start",
      own(`${plain} : init=a + Normal(0, 1)`, { trainable: ["p.a"] }),
      'train, continuous, population "p": a start is made of a trained parameter and random numbers. Do not train the parameter, or leave out continuous.',
    ],
  ])("refuse %s", (_, net, message) => {
    expect(() => new Trainer(options({ network: net, task: fixed }))).toThrow(message);
    if (!/nothing/.test(message)) new Trainer(options({ network: net, task: fixed, continuous: false }));
  });

  it("refuse what is neither true nor false", () => {
    const odd = { continuous: "continuous" as unknown as boolean };
    expect(() => new Trainer(options(odd))).toThrow(
      "train: continuous must be true or false, got continuous",
    );
  });

  it("may have delays of one step", () => {
    trained({ network: own(plain, { delay: 10 }), task: fixed, updates: 2 });
  });
});
