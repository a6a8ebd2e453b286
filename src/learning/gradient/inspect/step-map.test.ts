import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, onWarning, type Rng } from "../../../core/index.ts";
import { simulate } from "../../../engine/index.ts";
import { input, type Network, network, neuron, population, projection } from "../../../model/index.ts";
import { currentNetwork } from "../train/current-network.ts";
import { elmanNetwork } from "../train/elman-network.ts";
import { rateNetwork } from "../train/rate-network.ts";
import { networkState } from "./state-variables.ts";
import { StepMap } from "./step-map.ts";
import { withoutNoise } from "./without-noise.ts";

const draws = (rng: Rng, n: number, scale = 1) =>
  Float64Array.from({ length: n }, () => scale * rng.normal());

function oneNeuron(equations: string, parameters: Record<string, number> = {}): Network {
  return network({ populations: [population("p", { size: 3, neuron: neuron({ equations, parameters }) })] });
}

describe("withoutNoise", () => {
  it("replaces draws by their means, one inside another too, and keeps random starts", () => {
    const equations = `
      x = 0.5 * x + Normal(2 * m, abs(Uniform(0, 1))) + Uniform(Normal(1, 4), 3) : init=Normal(0, 1)
      y = -Uniform(-1, 1) * x`;
    const [{ neuron: quiet }] = withoutNoise(oneNeuron(equations, { m: 1 })).populations;
    expect(quiet.equations).toBe(
      `
      x = 0.5 * x + (2 * m) + ((((1)) + (3)) / 2) : init=Normal(0, 1)
      y = -(((-1) + (1)) / 2) * x`,
    );
    const run = simulate(withoutNoise(oneNeuron(equations, { m: 1 })), { dt: 1, seed: 3 });
    const before = run.get("p.x");
    expect(new Set(before).size).toBe(3);
    run.run(1);
    run.get("p.x").forEach((x, i) => {
      expect(x).toBeCloseTo(0.5 * before[i] + 4, 14);
    });
  });
});

describe("networkState", () => {
  const names = (net: Network) => {
    const { variables, derived } = networkState(net, { dt: 1 });
    return { state: variables.map((v) => `${v.name} ${v.units}`), derived };
  };

  it("is x alone where r follows from it, and leaves out what nothing reads", () => {
    const { network: rate } = rateNetwork({ inputs: 2, units: 5, outputs: 1, rng: createRng(1) });
    expect(names(rate)).toEqual({ state: ["rec.x 5"], derived: ["rec.r"] });
  });

  it("is r where r depends on sums or on itself", () => {
    const recurrent = (equations: string) => {
      const one = oneNeuron(equations);
      return network({
        populations: one.populations,
        projections: [projection("p", "p", { weights: dense(3, 3), target: "rec" })],
      });
    };
    expect(names(recurrent("r = tanh(sum(rec))"))).toEqual({ state: ["p.r 3"], derived: [] });
    expect(names(recurrent("x = sum(rec)\nr = tanh(x)"))).toEqual({ state: ["p.r 3"], derived: [] });
    expect(names(recurrent("10 * dx/dt = -x + sum(rec)\ns = pos(x)\nr = tanh(s)"))).toEqual({
      state: ["p.x 3"],
      derived: ["p.r"],
    });
    expect(names(recurrent("m = 0.5 * m + mean(r) : population\nr = tanh(sum(rec) + m)"))).toEqual({
      state: ["p.m 1", "p.r 3"],
      derived: [],
    });
  });

  it("refuses what one state does not determine", () => {
    const late = network({
      populations: oneNeuron("10 * dx/dt = -x + sum(rec)\nr = x").populations,
      projections: [projection("p", "p", { weights: dense(3, 3), target: "rec", delay: 5 })],
    });
    expect(() => networkState(late, { dt: 1 })).toThrow(
      'projection "p->p" has a delay of 5 ms, a step is 1 ms',
    );
    expect(() => networkState(oneNeuron("10 * dx/dt = sin(t) - x"), { dt: 1 })).toThrow(
      'the equations of "p" depend on the time t',
    );
    expect(() => networkState(oneNeuron("r = 3"), { dt: 1 })).toThrow("no variable is read by the next step");
  });
});

describe("StepMap", () => {
  const shapes = fc.record({
    activation: fc.constantFrom("tanh" as const, "softplus" as const, "relu" as const),
    seed: fc.nat(100),
    points: fc.constantFrom(1, 3, 5),
    backend: fc.constantFrom("wasm" as const, "interpret" as const),
  });

  it("is the step x + α (W f(x) + W_in u + b − x) of a rate network, with Jacobian (1 − α) I + α W diag f′", () => {
    fc.assert(
      fc.property(shapes, ({ activation, seed, points, backend }) => {
        const [n, dt, tau] = [4, 20, 100];
        const rng = createRng(seed);
        const { network: rate } = rateNetwork({
          inputs: 2,
          units: n,
          outputs: 1,
          noise: 0.3,
          activation,
          tau,
          rng: rng.stream("network"),
        });
        const u = draws(rng, 2);
        const map = new StepMap(rate, { dt, points, inputs: { u }, backend });
        const states = draws(rng, n * points);
        const next = map.step(states);
        const [wIn, wRec] = ["in", "rec"].map((name) => {
          const { weights } = rate.projections.find((p) => p.name === name)!;
          return weights.values;
        });
        const f = {
          tanh: Math.tanh,
          softplus: (x: number) => Math.log1p(Math.exp(x)),
          relu: (x: number) => Math.max(x, 0),
        };
        const slope = {
          tanh: (x: number) => 1 - Math.tanh(x) ** 2,
          softplus: (x: number) => 1 / (1 + Math.exp(-x)),
          relu: (x: number) => (x > 0 ? 1 : 0),
        };
        const jacobians = map.jacobians();
        for (let k = 0; k < points; k++) {
          for (let i = 0; i < n; i++) {
            let drive = wIn[i * 2] * u[0] + wIn[i * 2 + 1] * u[1];
            for (let j = 0; j < n; j++) {
              const x = states[j * points + k];
              drive += wRec[i * n + j] * f[activation](x);
              const expected =
                (i === j ? 1 - dt / tau : 0) + (dt / tau) * wRec[i * n + j] * slope[activation](x);
              expect(Math.abs(jacobians[k].values[i * n + j] - expected)).toBeLessThan(1e-12);
            }
            const x = states[i * points + k];
            expect(Math.abs(next[i * points + k] - x - (dt / tau) * (drive - x))).toBeLessThan(1e-12);
          }
        }
      }),
      { seed: 6, numRuns: 12 },
    );
  });

  it("has the differences of any model as its Jacobian, and its steps are those of a simulation", () => {
    const equations = `
      m = 0.7 * m + 0.2 * mean(x) : population
      20 * dx/dt = -x + sum(rec) + m + 0.1 * y + Normal(0, 1)
      y = 0.5 * y + x * sum(in) : min=-1, max=0.4
      r = tanh(gain * x) * (1 + 0.5 * y)`;
    const rng = createRng(8);
    const net = network({
      populations: ["a", "b"].map((name) =>
        population(name, {
          size: 3,
          neuron: neuron({ equations, parameters: { gain: 1 } }),
          parameters: { gain: [1, 1.5, 2] },
        }),
      ),
      inputs: [input("u", 2)],
      projections: ["a", "b"].flatMap((to) => [
        ...["a", "b"].map((from) =>
          projection(from, to, { weights: dense(3, 3, draws(rng, 9)), target: "rec" }),
        ),
        projection("u", to, { weights: dense(3, 2, draws(rng, 6)), target: "in", delay: 3 }),
      ]),
    });
    const u = draws(rng, 2);
    const map = new StepMap(net, { dt: 1, points: 2, inputs: { u } });
    expect(map.state.variables.map((v) => v.name)).toEqual(["a.m", "a.x", "a.y", "b.m", "b.x", "b.y"]);
    expect(map.state.derived).toEqual(["a.r", "b.r"]);
    const { size } = map.state;
    const states = draws(rng, size * 2, 0.3);
    map.step(states);
    const [, jacobian] = map.jacobians();
    const h = 1e-6;
    for (let j = 0; j < size; j++) {
      const shifted = (by: number) => map.step(states.map((v, k) => (k === j * 2 + 1 ? v + by : v)));
      const [up, down] = [shifted(h), shifted(-h)];
      for (let i = 0; i < size; i++) {
        const difference = (up[i * 2 + 1] - down[i * 2 + 1]) / (2 * h);
        expect(Math.abs(jacobian.values[i * size + j] - difference)).toBeLessThan(1e-8);
      }
    }
    const silent = onWarning(() => {});
    const run = simulate(withoutNoise(net), { dt: 1 });
    silent();
    run.set("u.r", u);
    run.run(8); // the input has arrived after its delay
    let state = new Float64Array(size * 2);
    for (const { name, offset } of map.state.variables)
      run.get(name).forEach((v, i) => {
        state.fill(v, (offset + i) * 2, (offset + i + 1) * 2);
      });
    for (let t = 0; t < 5; t++) state = Float64Array.from(map.step(state));
    run.run(5);
    for (const { name, offset } of map.state.variables) {
      run.get(name).forEach((v, i) => {
        expect(state[(offset + i) * 2]).toBeCloseTo(v, 12);
      });
    }
  });

  it.each([
    ["Elman", elmanNetwork, {}, ["rec.r"]],
    ["nn4n", currentNetwork, { alpha: [0.1, 0.2, 0.4, 0.8], activation: "tanh", postNoise: 0.3 }, ["rec.v"]],
    ["leaky", rateNetwork, { tau: [30, 50, 80, 100], activation: "sigmoid", noise: 0.1 }, ["rec.x"]],
  ] as const)("finds the state of a network of %s and its Jacobian", (_, make, options, names) => {
    const { network: net } = make({ inputs: 1, units: 4, outputs: 1, rng: createRng(3), ...options });
    const map = new StepMap(net, { dt: 10, points: 3, inputs: { u: [0.7] } });
    expect(map.state.variables.map((v) => v.name)).toEqual(names);
    const states = draws(createRng(4), 12, 0.4);
    map.step(states);
    const jacobians = map.jacobians();
    for (let k = 0; k < 12; k++) {
      const [j, point] = [Math.floor(k / 3), k % 3];
      const [up, down] = [1e-6, -1e-6].map((h) => map.step(states.map((v, n) => (n === k ? v + h : v))));
      for (let i = 0; i < 4; i++) {
        const difference = (up[i * 3 + point] - down[i * 3 + point]) / 2e-6;
        expect(Math.abs(jacobians[point].values[i * 4 + j] - difference)).toBeLessThan(1e-8);
      }
    }
  });

  it("says which input is wrong", () => {
    const { network: rate } = rateNetwork({ inputs: 2, units: 3, outputs: 1, rng: createRng(1) });
    expect(() => new StepMap(rate, { dt: 1, inputs: { v: [1] } })).toThrow('there is no input "v"');
    expect(() => new StepMap(rate, { dt: 1, inputs: { u: [1] } })).toThrow(
      '1 values for input "u" of 2 channels',
    );
  });
});
