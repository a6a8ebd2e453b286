import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRng, onWarning } from "../../../core/index.ts";
import { batchTrials, perceptualDecision } from "../../../tasks/index.ts";
import type { InitialWeights } from "../initialise/initial-weights.ts";
import { FirstLosses } from "./first-losses.ts";
import { defaultLoss, Objective } from "./objective.ts";
import { rateNetwork } from "./rate-network.ts";
import type { TrainOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";

const task = perceptualDecision();
const networkOf = (rec?: InitialWeights) =>
  rateNetwork({
    ...{ inputs: 2, units: 50, outputs: 2, dale: 0.8, noise: 0.1 },
    ...(rec && { initial: { rec } }),
    rng: createRng(3).stream("network"),
  });
const GAMMA: InitialWeights = { distribution: { kind: "gamma", scale: 0.05 } };
const SOUND: InitialWeights = { ...GAMMA, balance: "rows", spectralRadius: 1 };
const RISING: Partial<TrainOptions> = {
  schedule: { kind: "constant", warmUp: { length: 50, from: 0.05 } },
};
const trainer = (rec?: InitialWeights, options: Partial<TrainOptions> = {}) =>
  new Trainer({
    ...{ network: networkOf(rec), task, updates: 25, seed: 3, validation: false },
    optimiser: { kind: "adam", learningRate: 0.02 },
    ...options,
  });
function trained(rec?: InitialWeights, options?: Partial<TrainOptions>): Trainer {
  const one = trainer(rec, options);
  while (one.step());
  return one;
}

let said: string[];
let restore: () => void;
beforeEach(() => {
  said = [];
  restore = onWarning((code, message) => said.push(`${code}: ${message}`));
});
afterEach(() => restore());

describe("the first losses of a training", () => {
  it("are warned of, once, where the first steps of the optimiser make activity grow", () => {
    const { loss } = trained().history;
    expect(loss[0]).toBeLessThan(1);
    expect(loss.filter((one) => one > 1e4).length).toBeGreaterThan(0);
    expect(said).toEqual([
      "growing-activity: the loss comes to more than 10⁴ times that of a network that stays silent within the first 20 " +
        "updates: first steps of adam (learning rate 0.02) push most weights alike and add up over the synapses from 50 " +
        "units, so that activity grows from step to step. Training may come back from there, but updates are lost: let " +
        "the rate rise, schedule: { kind: constant, warmUp: { length: 50, from: 0.05 } }, or lower it.",
    ]);
  });

  it("are warned of, once, where activity grows before anything is trained", () => {
    expect(trained({ ...GAMMA, spectralRadius: 2.5 }).history.loss[0]).toBeGreaterThan(1e5);
    expect(said).toEqual([
      "growing-activity: the first loss is more than 10⁴ times that of a network that stays silent: activity grows from " +
        "step to step before anything is trained, at a spectral radius of 2.5. Training may come back from there, but " +
        "updates are lost: start with a smaller radius, e.g. spectralRadius: 1 in initial.rec, under Dale's law beside " +
        "balance: rows.",
    ]);
  });

  it("are below 10 with what the warnings advise", () => {
    const { loss } = trained(SOUND, RISING).history;
    expect(Math.max(...loss)).toBeLessThan(10);
    expect(said).toEqual([]);
  });

  it("are warned of again where a training goes on, whose job tells its warnings at the end", () => {
    const state = trained().save();
    restore();
    said = [];
    restore = onWarning((code) => said.push(code));
    const later = trainer(undefined, { updates: 27 });
    later.restore(state);
    while (later.step());
    expect([later.updates, said]).toEqual([27, ["growing-activity"]]);
  });

  it("are large above 10⁴ times the mean square of the targets, in the first 20 updates", () => {
    const network = networkOf();
    const objective = new Objective(network, defaultLoss(network, task), []);
    const batch = batchTrials(task, 4, createRng(1));
    const records = { "out.z": new Float64Array(batch.targets.length).fill(7) };
    const seen = { batch, records, weights: {} };
    const counted = batch.mask.reduce((sum, m) => sum + m, 0);
    const most = (1e4 * batch.targets.reduce((sum, t, k) => sum + batch.mask[k] * t * t, 0)) / counted;
    const look = (losses: number[]) => {
      const options = { network, optimiser: { kind: "sgd", learningRate: 1 } } as const;
      const first = new FirstLosses(options, objective);
      losses.forEach((loss, k) => {
        first.look(loss, losses.slice(0, k), seen);
      });
      return said.splice(0).length;
    };
    const quiet = new Array(19).fill(0.1);
    expect(look([...quiet, 0.999 * most])).toBe(0);
    expect(look([...quiet, 1.001 * most])).toBe(1);
    restore();
    restore = onWarning((code, message) => said.push(`${code}: ${message}`));
    expect(look([...quiet, 0.1, 1.001 * most])).toBe(0);
  });
});
