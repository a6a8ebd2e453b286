import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense } from "../../../core/index.ts";
import { differentiate, type GradientOptions } from "../../../engine/index.ts";
import { input, type Network, network, neuron, population, projection } from "../../../model/index.ts";
import { fewSteps } from "../testing/few-steps.ts";
import { rateNetwork } from "./rate-network.ts";
import { RATE_ACTIVATIONS, type RateActivation } from "./rate-network-options.ts";

/** Everything the issue of training can name: weights, biases, time constants, gains, starts, any parameter. */
const [inputs, units, outputs, steps, batch] = [2, 4, 2, 9, 3];

/** Compares entries of all gradients of a random linear loss with central differences. @returns How many were compared. */
function compare(
  net: Network,
  trainable: readonly string[],
  { seed, read, ...options }: Partial<GradientOptions> & { seed: number; read: Record<string, number> },
): number {
  const rng = createRng(seed);
  const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.5);
  const gradient = differentiate(net, {
    dt: 20,
    steps,
    instances: batch,
    precision: "f64",
    trainable,
    ...options,
  });
  const u = draw(steps * net.inputs[0].size * batch);
  const adjoints = Object.fromEntries(
    Object.entries(read).map(([name, size]) => [name, draw(steps * size * batch)]),
  );
  const loss = () => {
    const { records } = gradient.forward({ inputs: { u }, seed: 3, record: Object.keys(read) });
    return Object.entries(adjoints).reduce(
      (sum, [name, g]) => sum + g.reduce((s, x, k) => s + x * records[name][k], 0),
      0,
    );
  };
  loss();
  const { gradients } = gradient.backward(adjoints);
  let compared = 0;
  for (const name of trainable) {
    const before = gradient.get(name);
    const k = rng.integer(before.length);
    const at = (h: number) => {
      gradient.set(
        name,
        before.map((x, n) => (n === k ? x + h * (1 + Math.abs(x)) : x)),
      );
      return loss() / (1 + Math.abs(before[k]));
    };
    const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
    const [wide, narrow] = [slope(2e-5), slope(1e-5)];
    gradient.set(name, before);
    // Next to a corner there is no slope to compare with.
    if (!(Math.abs(wide - narrow) < 1e-6 * (1 + Math.abs(wide)))) continue;
    compared++;
    expect([name, Math.abs(gradients[name][k] - narrow) < 2e-6 * (1 + Math.abs(narrow))]).toEqual([
      name,
      true,
    ]);
  }
  return compared;
}

describe("every part of a rate network has the gradient of central differences", () => {
  it("with any activation, density and signs", () => {
    const activations = Object.keys(RATE_ACTIVATIONS) as RateActivation[];
    let compared = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...activations),
        fc.constantFrom(0, 0.2),
        fc.constantFrom(undefined, 0.5),
        fc.constantFrom(1, 0.5),
        fc.integer({ min: 1, max: 999 }),
        (activation, noise, dale, density, seed) => {
          const made = rateNetwork({
            inputs,
            units,
            outputs,
            activation,
            outputActivation: "tanh",
            noise,
            dale,
            density,
            tau: [60, 90, 120, 200],
            gain: [0.7, 1, 1.4, 2],
            initial: { rec: { distribution: { kind: "normal", sd: 0.5 } } },
            masks: { rec: Uint8Array.from({ length: 16 }, (_, k) => (k % 5 === 4 ? 0 : 1)) },
            rng: createRng(seed),
            train: ["in", "rec", "out", "bias", "outputBias", "start", "tau", "gain"],
          });
          const read = { "out.z": outputs, "rec.r": units };
          compared += compare(made.network, made.trainable, { seed, read });
        },
      ),
      { numRuns: 24, seed: 7 },
    );
    expect(compared).toBeGreaterThan(150);
  });
});

describe("delays and reductions pass gradients to every kind of trainable", () => {
  const values = (n: number, seed: number) => {
    const rng = createRng(seed);
    return Float64Array.from({ length: n }, () => rng.uniform() - 0.4);
  };
  it("of the state before, over the population, by any of them", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("mean", "min", "max"),
        fc.constantFrom(0, 20, 40, 100),
        fc.boolean(),
        fc.constantFrom<GradientOptions["method"]>("explicit", "exponential", "rk4"),
        fc.integer({ min: 1, max: 999 }),
        (reduction, delay, checkpoint, method, seed) => {
          const unit = neuron({
            parameters: { tau: 100, gain: 1.2, bias: 0.1, shared: 0.3, start: 0.2 },
            equations: `
              m = 0.5 * m + shared * ${reduction}(x) : population
              tau * dx/dt + x = sum(rec) + sum(in) + bias + m : init=start
              r = tanh(gain * x) : init=tanh(gain * start)`,
          });
          const each = (size: number, more: number) => values(size, seed + more);
          const net = network({
            populations: [
              population("p", {
                size: units,
                neuron: unit,
                parameters: {
                  tau: each(units, 1).map((x) => 100 + 60 * x),
                  gain: each(units, 2).map((x) => 1 + x),
                  start: each(units, 3),
                },
                initial: { m: 0.1 },
              }),
            ],
            inputs: [input("u", inputs)],
            projections: [
              projection("u", "p", {
                name: "in",
                target: "in",
                weights: dense(units, inputs, each(8, 4)),
                delay,
              }),
              projection("p", "p", {
                name: "rec",
                target: "rec",
                weights: dense(units, units, each(16, 5)),
                delay,
              }),
            ],
          });
          const trainable = [
            "weights:in",
            "weights:rec",
            "p.tau",
            "p.gain",
            "p.bias",
            "p.shared",
            "p.start",
            "initial:p.m",
          ];
          const found = compare(net, trainable, {
            seed,
            read: { "p.r": units },
            method,
            checkpoint: checkpoint ? 8 : false,
          });
          expect(found).toBeGreaterThan(3);
        },
      ),
      { numRuns: 25, seed: 9 },
    );
  });
});

describe("time constants, gains and starts", () => {
  it("move in training, within their bounds", () => {
    const made = rateNetwork({
      inputs,
      units,
      outputs,
      rng: createRng(1),
      train: ["tau", "gain", "start", "bias", "outputBias"],
    });
    expect(made.trainable).toEqual(["rec.tau", "rec.gain", "rec.start", "rec.bias", "out.bias"]);
    const rng = createRng(2);
    const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform());
    const { losses, parameters } = fewSteps({
      network: made,
      trials: {
        dt: 20,
        time: steps,
        batch,
        inputs: draw(steps * inputs * batch),
        targets: draw(steps * outputs * batch),
      },
      terms: [{ kind: "mse", of: "z", target: "targets" }],
      optimiser: { kind: "adam", learningRate: 0.05, overrides: { "rec.tau": { learningRateScale: 1000 } } },
      precision: "f64",
      record: [],
      steps: 20,
    });
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]);
    expect(Math.min(...parameters["rec.tau"])).toBeGreaterThanOrEqual(1);
    for (const name of made.trainable) expect(parameters[name].every((x) => Number.isFinite(x))).toBe(true);
    expect(parameters["rec.gain"].some((g) => g !== 1)).toBe(true);
  });
});
