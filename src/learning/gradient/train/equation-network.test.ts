import { describe, expect, it } from "vitest";
import { createRng, toDense } from "../../../core/index.ts";
import { differentiate, simulate } from "../../../engine/index.ts";
import { ACTIVATIONS, lazar2009, leakyEchoState, type Neuron, neuron } from "../../../model/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { countViolations } from "../constraints/enforce.ts";
import { equationNetwork } from "./equation-network.ts";
import type { EquationNetworkOptions } from "./equation-network-options.ts";
import { rateNetwork } from "./rate-network.ts";
import { train } from "./train.ts";

const [inputs, units, outputs] = [2, 4, 2];
const rng = () => createRng(4).stream("network");
const PARTS = ["in", "rec", "out", "outputBias"];

const ADAPTING = neuron({
  name: "adapting",
  parameters: { tau: 50, tauA: 300, b: 0.7, start: 0.2 },
  equations: `
    tau * dx/dt = sum(in) + sum(rec) - b * a - x : init=start
    tauA * da/dt = r - a : exponential
    r = softplus
    softplus = log(1 + exp(x))`,
});
const NOISY = neuron({
  name: "multiplicative gain with noise",
  parameters: { tau: 40, g: 0.8, s: 0.3, k: 0.5 },
  equations: `
    m = k * mean(r) : population
    drive = sum(in) + (1 + g * tanh(sum(rec))) * m
    tau * dx/dt = drive - x + s * Normal(0, 1) : midpoint
    r = sigmoid(x)`,
});

function made(neuron: Neuron, options: Partial<EquationNetworkOptions> = {}) {
  return equationNetwork({ neuron, inputs, units, outputs, rng: rng(), ...options });
}

/** The largest difference between gradients and central differences, relative to the largest of each kind. */
function worstDifference(network: ReturnType<typeof made>, dt: number): number {
  const [steps, instances] = [9, 2];
  const draw = createRng(8);
  const values = (n: number) => Float64Array.from({ length: n }, () => draw.uniform() - 0.4);
  const [u, dz] = [values(steps * inputs * instances), values(steps * outputs * instances)];
  const { trainable, surrogate } = network;
  const options = { dt, steps, instances, precision: "f64" as const, trainable, surrogate };
  const gradient = differentiate(network.network, options);
  const loss = () => {
    const { records } = gradient.forward({ inputs: { u }, seed: 3, record: ["out.z"] });
    return Array.from(records["out.z"]).reduce((sum, z, k) => sum + z * dz[k], 0);
  };
  loss();
  const { gradients } = gradient.backward({ "out.z": dz });
  let worst = 0;
  for (const name of trainable) {
    const at = gradient.get(name);
    const numeric = at.map((value, k) => {
      const h = 1e-5 * (1 + Math.abs(value));
      const [low, high] = [-h, h].map((by) => {
        gradient.set(
          name,
          at.map((v, j) => (j === k ? v + by : v)),
        );
        return loss();
      });
      return (high - low) / (2 * h);
    });
    gradient.set(name, at);
    const size = Math.max(...numeric.map(Math.abs));
    expect(size, name).toBeGreaterThan(0);
    for (let k = 0; k < at.length; k++)
      worst = Math.max(worst, Math.abs(gradients[name][k] - numeric[k]) / size);
  }
  return worst;
}

describe("equationNetwork", () => {
  it.each([
    ["units that adapt", ADAPTING, ["tau", "tauA", "b", "start"]],
    ["noise, a gain and a value of the population", NOISY, ["tau", "g", "s"]],
  ] as const)("has the gradient of central differences, %s", (_, own, parameters) => {
    const network = made(own, { train: [...PARTS, ...parameters] });
    expect(network.trainable).toHaveLength(4 + parameters.length);
    expect(worstDifference(network, 10)).toBeLessThan(1e-6);
  });

  it("trains one value for all units where it is shared, which lines of the population need", () => {
    const network = made(NOISY, { train: [...PARTS, "k", "g"], shared: ["k"] });
    const { parameters } = network.network.populations[0];
    expect(parameters).toMatchObject({ tau: 40, k: 0.5, g: new Float64Array(units).fill(0.8) });
    expect(worstDifference(network, 10)).toBeLessThan(1e-6);
    expect(() => simulate(made(NOISY, { train: [...PARTS, "k"] }).network, { dt: 1 })).toThrow(
      'a population variable reads "k", which has one value per unit',
    );
  });

  it.each(Object.keys(ACTIVATIONS))("takes the leaky echo-state neuron of the library, %s", (activation) => {
    const own = leakyEchoState({ activation, leakRate: 0.6, noise: 0.1, bias: 0.2 });
    const parameters = Object.keys(own.parameters).filter(
      (name) => activation !== "step" || name === "leakRate",
    );
    const surrogate = activation === "step" ? ({ kind: "sigmoid", slope: 4 } as const) : undefined;
    const train = [...PARTS, ...parameters];
    if (activation === "step") {
      // What `ite` selects by has no derivative, with a surrogate or without: only the readout can be trained.
      expect(() => made(own, { train, surrogate })).toThrow(/no gradient gets from "r" to sum\(in\)/);
      expect(made(own, { train: ["out", "leakRate"] }).trainable).toEqual(["weights:out", "rec.leakRate"]);
      return;
    }
    expect(worstDifference(made(own, { train }), 1)).toBeLessThan(2e-5);
  });

  it("takes threshold units of a preset, with the names of their sums and a surrogate", () => {
    // Excitatory units that read sum(exc) and sum(inh) and adapt their thresholds by a rule.
    const drawn = lazar2009({ units: 20, inputWeights: undefined }, createRng(1));
    const { neuron: own } = drawn.populations.find((p) => p.name === "E")!;
    const options = { read: "x", sums: { in: "inh", rec: "exc" }, train: ["in", "rec", "out", "etaIp"] };
    expect(() => made(own, options)).toThrow(/would have to pass a threshold/);
    const network = made(own, { ...options, surrogate: { kind: "fast-sigmoid", slope: 2 } });
    const gradient = differentiate(network.network, {
      ...{ dt: 1, steps: 6, precision: "f64", trainable: network.trainable },
      surrogate: network.surrogate,
    });
    gradient.forward({ inputs: { u: new Float64Array(12).fill(0.5) } });
    const { gradients } = gradient.backward({ "out.z": new Float64Array(12).fill(1) });
    for (const name of network.trainable)
      expect(
        gradients[name].some((g) => g !== 0),
        name,
      ).toBe(true);
  });

  it("is the rate network where its equations are, bit for bit", () => {
    const wiring = { inputs, units, outputs, dale: 0.5, rng: rng() };
    const rate = rateNetwork({ ...wiring, activation: "tanh", tau: [50, 60, 70, 80], train: ["rec", "tau"] });
    const own = equationNetwork({
      ...{ ...wiring, rng: rng() },
      neuron: neuron({
        parameters: { tau: 1, bias: 0, start: 0.1 },
        equations: `
          tau * dx/dt = sum(rec) + sum(in) + bias - x : init=start
          r = tanh(x) : init=tanh(start)`,
      }),
      parameters: { tau: [50, 60, 70, 80] },
      train: ["rec", "tau"],
      leaky: { state: "x", tau: "tau", activation: "tanh" },
    });
    expect(own.signs).toEqual(rate.signs);
    expect(own.leaky).toEqual(rate.leaky);
    expect(own.constraints).toEqual(rate.constraints);
    expect(own.bounds).toEqual(rate.bounds);
    const results = [rate, own].map((network) =>
      train({
        ...{ network, task: perceptualDecision(), updates: 3, batchSize: 4, seed: 1, validation: false },
        regularisers: [{ kind: "omega", weight: 1 }],
      }),
    );
    expect(results[1].history.loss).toEqual(results[0].history.loss);
    expect(results[1].last).toEqual(results[0].last);
  });

  it("keeps Dale's law, masks and bounds in every update", () => {
    const network = made(ADAPTING, {
      ...{ units: 12, dale: 0.75, density: 0.5, train: [...PARTS, "tau", "tauA"] },
      bounds: { tau: [45, 55] },
    });
    expect(network.bounds).toEqual({ "rec.tau": [45, 55], "rec.tauA": [1, Number.MAX_VALUE] });
    const { last } = train({
      ...{ network, task: perceptualDecision(), updates: 20, batchSize: 4, seed: 1, validation: false },
      optimiser: { kind: "adam", learningRate: 1 },
    });
    for (const [name, constraint] of Object.entries(network.constraints!))
      expect(countViolations(constraint, last[name])).toEqual({ offMask: 0, wrongSign: 0, movedFixed: 0 });
    const tau = [...last["rec.tau"]];
    for (const one of tau) expect(one >= 45 && one <= 55).toBe(true);
    expect(new Set(tau).size).toBeGreaterThan(1);
  });

  it("couples by one variable and reads out another", () => {
    const own = neuron({
      parameters: {},
      equations: `
        x = sum(in) + sum(rec)
        s = 2 * x
        r = 3 * x`,
    });
    const network = made(own, { read: "r", send: "s" });
    expect(network.network.projections.map((p) => [p.name, p.variable])).toEqual([
      ["in", "r"],
      ["rec", "s"],
      ["out", "r"],
    ]);
    expect(network.sources).toEqual({ z: "out.z", r: "rec.r", x: "rec.x", s: "rec.s" });
    expect(made(own, { read: "s" }).sources?.r).toBe("rec.r");
    expect(toDense(network.network.projections[1].weights).rows).toBe(units);
  });

  it("finds gradients that go through a mean, and through more than one step", () => {
    const own = neuron({
      parameters: { k: 0.5, start: 0.3 },
      equations: `
        r = m * sum(in) + late : init=0.1
        late = k * early
        early = y : init=start
        y = sum(rec) + r
        m = mean(y) : population`,
    });
    expect(worstDifference(made(own, { train: [...PARTS, "k", "start"] }), 1)).toBeLessThan(1e-6);
    const alone = { ...own, equations: own.equations.replace("m * sum(in) + late", "m * sum(in)") };
    expect(made(alone).trainable).toContain("weights:rec");
    expect(() => made(alone, { train: ["k"] })).toThrow('no gradient gets from "r" to the parameter "k"');
  });

  it.each([
    ["a time constant", "tau * dx/dt = sum(in) + sum(rec) - x; r = tanh(x)", { tau: "tau" }],
    [
      "noise, a bias and a gain",
      "tau * dx/dt = sum(rec) + b + sum(in) + Normal(0, 1) - x; r = tanh(g * x)",
      { tau: "tau", gain: "g" },
    ],
    ["α itself", "x = (1 - a) * x + a * (sum(rec) + sum(in)); r = tanh(x)", { alpha: "a" }],
    ["α = 1", "x = sum(in) + sum(rec); r = tanh(x)", {}],
  ] as const)("believes a leak by %s", (_, equations, names) => {
    const own = neuron({ parameters: { tau: 50, a: 0.2, b: 0.3, g: 1.4 }, equations });
    const parameters = { tau: [10, 20, 30, 40] };
    expect(
      made(own, { parameters, leaky: { state: "x", activation: "tanh", ...names } }).leaky,
    ).toMatchObject({
      ...{ weights: "weights:rec", state: "rec.x", activation: "tanh" },
    });
  });

  it.each([
    [
      "another method",
      "tau * dx/dt = sum(in) + sum(rec) - x : exponential; r = tanh(x)",
      {},
      "x keeps 0.607 of itself in a step, 1 − α is 0.5",
    ],
    [
      "a gain on the sum",
      "tau * dx/dt = sum(in) + 2 * sum(rec) - x; r = tanh(x)",
      {},
      "x takes 1 of sum(rec) in a step, α is 0.5",
    ],
    ["another activation", "tau * dx/dt = sum(in) + sum(rec) - x; r = sigmoid(x)", {}, "r takes"],
    ["a gain that is not named", "tau * dx/dt = sum(in) + sum(rec) - x; r = tanh(g * x)", {}, "r takes"],
    ["no leak", "x = sum(in) + sum(rec); r = tanh(x)", {}, "x keeps 0 of itself in a step, 1 − α is 0.5"],
  ] as const)("does not believe a leak by %s", (_, equations, names, message) => {
    const own = neuron({ parameters: { tau: 50, g: 1.4 }, equations });
    const leaky = { state: "x", tau: "tau", activation: "tanh", ...names } as const;
    expect(() => made(own, { leaky })).toThrow("the equations do not leak as it says");
    expect(() => made(own, { leaky })).toThrow(message);
  });

  const text = (equations: string, parameters: Record<string, number> = { tau: 20 }) =>
    neuron({ name: "own", parameters, equations });
  const GOOD = "tau * dx/dt = sum(in) + sum(rec) - x; r = tanh(x)";
  it.each([
    [text("tau * dx/dt = sum(in) + sum(rec) - y"), {}, 'unknown name "y"'],
    [
      text("r = tanh(sum(in))"),
      {},
      "the equations never read sum(rec), what the other units send. Add sum(rec)",
    ],
    [text("r = tanh(sum(rec))"), {}, "the equations never read sum(in), the inputs of the task"],
    [text("rate = sum(in) + sum(rec)"), {}, 'the equations define no "r" to read. Known here: rate'],
    [text(`${GOOD}; m = mean(r) : population`), { read: "m" }, '"m" is one value for the whole population'],
    [text(GOOD), { send: "rr" }, 'the equations define no "rr" to send'],
    [text(GOOD), { train: ["rec", "tua"] }, 'there is no part "tua" to train. Did you mean "tau"'],
    [text(GOOD), { parameters: { tua: 1 } }, 'the neuron has no parameter "tua". Did you mean "tau"'],
    [text(GOOD), { parameters: { tau: [1, 2] } }, "tau has 2 values for 4 units"],
    [text(GOOD), { parameters: { tau: Number.NaN } }, "tau must be"],
    [text(GOOD), { bounds: { tau: [1, 9] } }, '"tau" has bounds and is no trained parameter'],
    [text(GOOD), { train: ["tau"], bounds: { tau: [9, 1] } }, "the wrong way round, 9 … 1"],
    [text(GOOD), { train: ["tau"], bounds: { tau: [1, 9] } }, '"tau" starts at 20, outside its bounds 1 … 9'],
    [
      text(GOOD),
      { train: ["tau"], parameters: { tau: 0.5 } },
      '"tau" starts at 0.5, outside its bounds 1 … ∞',
    ],
    [text(GOOD), { shared: ["tau"] }, '"tau" is shared and is no trained parameter'],
    [
      text(GOOD),
      { train: ["tau"], shared: ["tau"], parameters: { tau: [1, 2, 3, 4] } },
      '"tau" is shared by all units and has a value for each',
    ],
    [text(GOOD), { outputActivation: "softmax" }, 'unknown activation "softmax"'],
    [text(GOOD), { leaky: { state: "y", activation: "tanh" } }, 'the equations define no "y"'],
    [text(GOOD), { leaky: { state: "x", tau: "T", activation: "tanh" } }, 'the neuron has no parameter "T"'],
    [text(GOOD, { tau: 1, out: 1 }), {}, 'a parameter cannot be called "out"'],
    [text(GOOD, { tau: 1, b: 1 }), { train: ["b"] }, 'the equations never read the parameter "b"'],
    [
      text("r = sum(in) + sum(rec) > tau"),
      {},
      'no gradient gets from "r" to sum(in), so that "in" cannot be trained',
    ],
    [text("x = sum(in) + floor(sum(rec)); r = tau * x"), {}, 'to sum(rec), so that "rec" cannot be trained'],
    [
      text("x = sum(in) + sum(rec); r = if x > tau: x else: 0"),
      { train: ["tau"] },
      'no gradient gets from "r" to the parameter "tau": it would have to pass a threshold',
    ],
  ] as [Neuron, Partial<EquationNetworkOptions>, string][])("refuses %j with %j", (own, options, message) => {
    expect(() => made(own, options)).toThrow(message);
  });
});
