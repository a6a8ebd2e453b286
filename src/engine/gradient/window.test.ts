import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense } from "../../core/index.ts";
import { input, network, neuron, population, projection } from "../../model/index.ts";
import { coupledNetwork, trainablesOf } from "./gradient.fixture.ts";
import { differentiate } from "./gradient.ts";
import type { GradientOptions } from "./options.ts";

const EQUATIONS = `
  m = 0.5 * m + mean(x) : population
  3 * dx/dt + x = 0.5 * y + tanh(sum(exc)) + sum(in) + 0.3 * Normal(0, a) + m
  y = sigmoid(a * x) + 0.1 * Uniform(-1, 1)
  r = tanh(x)`;

/** Gradients of a random linear loss of a coupled network, and what makes them. */
function setting(options: { delay: number; sameStep: boolean; backend: "wasm" | "interpret" }) {
  const net = coupledNetwork({ equations: EQUATIONS, ...options });
  const [T, B] = [11, 2];
  const rng = createRng(4);
  const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.4);
  const [u, r, x] = [draw(T * 2 * B), draw(T * 5 * B), draw(T * 4 * B)];
  const trainable = trainablesOf(net).filter((name) => !name.endsWith(".b"));
  const made = (more: Partial<GradientOptions>) =>
    differentiate(net, {
      dt: 0.5,
      precision: "f64",
      steps: T,
      instances: B,
      trainable,
      backend: options.backend,
      ...more,
    });
  const whole = (more: Partial<GradientOptions>) => {
    const gradient = made(more);
    gradient.forward({ inputs: { u }, seed: 3 });
    return gradient.backward({ "p.r": r, "q.x": x }).gradients;
  };
  /** Call by call, each going on from the state that the last one left. */
  const callByCall = (window: number) => {
    const gradient = made({ steps: window });
    const sum: Record<string, Float64Array> = {};
    for (let from = 0; from < T; from += window) {
      const steps = Math.min(window, T - from);
      const cut = (values: Float64Array, width: number) =>
        values.subarray(from * width * B, (from + steps) * width * B);
      gradient.forward({ inputs: { u: cut(u, 2) }, steps, seed: 3, goOn: from > 0 });
      const { gradients } = gradient.backward({ "p.r": cut(r, 5), "q.x": cut(x, 4) });
      for (const [name, g] of Object.entries(gradients)) {
        // A start is that of the trial, not of the call.
        if (from > 0 && name.startsWith("initial:")) continue;
        sum[name] ??= new Float64Array(g.length);
        g.forEach((v, k) => {
          sum[name][k] += v;
        });
      }
    }
    return sum;
  };
  return { whole, callByCall };
}

describe("truncated backpropagation", () => {
  const cases = fc.record({
    delay: fc.constantFrom(0, 0.5, 1, 1.5),
    sameStep: fc.boolean(),
    backend: fc.constantFrom("wasm" as const, "interpret" as const),
    checkpoint: fc.constantFrom(false, 8),
  });

  it("is the whole gradient, bit for bit, when the window holds all steps", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 11, max: 20 }), ({ checkpoint, ...one }, window) => {
        const { whole } = setting(one);
        expect(whole({ window, checkpoint })).toEqual(whole({}));
      }),
      { numRuns: 6 },
    );
  });

  it("is that of calls that go on from each other", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 10 }), ({ checkpoint, ...one }, window) => {
        const { whole, callByCall } = setting(one);
        const got = whole({ window, checkpoint });
        for (const [name, expected] of Object.entries(callByCall(window))) {
          if (name === "input:u") continue; // a delayed input acts in later calls too
          const worst = Math.max(...expected.map((v, k) => Math.abs(v - got[name][k])));
          expect([name, worst < 1e-11]).toEqual([name, true]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("differs from the whole gradient when it is shorter", () => {
    const { whole } = setting({ delay: 0, sameStep: false, backend: "wasm" });
    expect(whole({ window: 3 })["weights:rec"]).not.toEqual(whole({})["weights:rec"]);
  });

  it.each([0, 2.5, Number.NaN])("refuses a window of %d", (window) => {
    expect(() => setting({ delay: 0, sameStep: false, backend: "wasm" }).whole({ window })).toThrow(
      "window must be a whole number of steps ≥ 1",
    );
  });
});

describe("adjoints of sums", () => {
  const alpha = 0.2;
  const net = network({
    populations: [
      population("p", {
        size: 3,
        neuron: neuron({ equations: "x = 0.8 * x + 0.2 * (sum(rec) + sum(in))\nr = tanh(x)" }),
      }),
    ],
    inputs: [input("u", 3)],
    projections: [
      projection("u", "p", { name: "in", target: "in", weights: dense(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]) }),
      projection("p", "p", {
        name: "rec",
        target: "rec",
        variable: "r",
        weights: dense(3, 3, [0.5, -1, 0.2, 0.7, 0, 0.3, -0.4, 0.9, 0.1]),
      }),
    ],
  });

  it.each(["wasm", "interpret"] as const)("are α dL/dx of each step, %s", (backend) => {
    const [T, B] = [10, 3];
    const gradient = differentiate(net, {
      dt: 1,
      steps: T,
      instances: B,
      precision: "f64",
      trainable: ["input:u"],
      checkpoint: 8,
      backend,
    });
    const rng = createRng(9);
    const draw = () => Float64Array.from({ length: T * 3 * B }, () => rng.uniform() - 0.5);
    gradient.forward({ inputs: { u: draw() } });
    const { sums, gradients } = gradient.backward({ "p.r": draw() }, { sums: ["p.rec"] });
    // An input of weight 1 acts on x as its own noise would: its gradient is α dL/dx as well.
    expect(sums["p.rec"]).toEqual(gradients["input:u"]);
    expect(Math.abs(sums["p.rec"][0]) / alpha).toBeGreaterThan(0);
  });

  it("must be there", () => {
    const gradient = differentiate(net, { steps: 2, trainable: ["weights:rec"] });
    gradient.forward({ inputs: { u: new Float64Array(6) } });
    expect(() => gradient.backward({ "p.r": new Float64Array(6) }, { sums: ["p.rek"] })).toThrow(
      'there is no sum "p.rek". Did you mean "p.rec"?',
    );
  });
});
