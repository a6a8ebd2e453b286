/** @file Gradients by native code beside those of WebAssembly and the interpreter, and beside central differences. */

import { describe, expect, it } from "vitest";
import { createRng, dense, onWarning, toSparse } from "../../src/core/index.ts";
import { Batch, coupledNetwork, trainablesOf } from "../../src/engine/gradient/gradient.fixture.ts";
import { differentiate, type GradientOptions } from "../../src/engine/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";
import { describeNative } from "./native.ts";

const EQUATIONS = `
  m = 0.5 * m + mean(x) : population
  3 * dx/dt + x = 0.5 * y + tanh(sum(exc)) + sum(in) + 0.3 * Normal(0, a) + m : init=0.1
  y = sigmoid(a * x) + 0.1 * Uniform(-1, 1)
  r = tanh(x)`;

function worst(a: Record<string, ArrayLike<number>>, b: Record<string, ArrayLike<number>>): number {
  let largest = 0;
  for (const [name, values] of Object.entries(a)) {
    for (let k = 0; k < values.length; k++) {
      const error = Math.abs(values[k] - b[name][k]) / (1 + Math.abs(values[k]));
      largest = Math.max(largest, Number.isNaN(error) ? Infinity : error);
    }
  }
  return largest;
}

/** Populations that are larger than a tile of any kernel, and do not fit one. */
function largeNetwork(sparse: boolean, { delay = 0, noise = "" } = {}) {
  const rng = createRng(8);
  const weights = (post: number, pre: number) => {
    const m = dense(
      post,
      pre,
      Float64Array.from({ length: post * pre }, () => (sparse && rng.uniform() < 0.6 ? 0 : rng.normal() / 6)),
    );
    return sparse ? toSparse(m) : m;
  };
  const unit = neuron({ equations: `4 * dx/dt = sum(rec) + sum(in) - x${noise}\n r = tanh(x)` });
  const reader = neuron({ equations: "z = sum(rec)" });
  return network({
    populations: [
      population("rec", { size: 45, neuron: unit }),
      population("out", { size: 3, neuron: reader }),
    ],
    inputs: [input("u", 7)],
    projections: [
      projection("u", "rec", { name: "in", target: "in", weights: weights(45, 7), delay }),
      projection("rec", "rec", { name: "rec", target: "rec", weights: weights(45, 45), delay: 2 * delay }),
      projection("rec", "out", { name: "out", target: "rec", weights: weights(3, 45), sameStep: true }),
    ],
  });
}

describeNative("gradients by native code", (loader) => {
  const silently = <T>(run: () => T): T => {
    const restore = onWarning(() => {});
    try {
      return run();
    } finally {
      restore();
    }
  };

  for (const sparse of [false, true]) {
    for (const instances of sparse ? [20] : [1, 5, 150]) {
      it(`agree to 1e-12, ${sparse ? "sparse" : "dense"}, ${instances} instances`, () => {
        const net = coupledNetwork({ equations: EQUATIONS, delay: 0.5, sameStep: true, sparse });
        const trainable = trainablesOf(net).filter((name) => !name.endsWith(".m"));
        const make = (backend: GradientOptions["backend"]) =>
          silently(
            () => new Batch(net, { dt: 0.5, precision: "f64", steps: 13, instances, trainable, backend }),
          );
        const batch = make(loader);
        expect(batch.gradient.backend).toEqual({ path: "native" });
        expect(worst(make("wasm").gradients(), batch.gradients())).toBeLessThan(1e-12);
        if (instances === 5)
          expect(worst(make("interpret").gradients(), batch.gradients())).toBeLessThan(1e-12);
      });
    }
  }

  for (const precision of ["f64", "f32"] as const) {
    for (const [instances, sparse] of [
      [3, false],
      [70, false],
      [70, true],
    ] as const) {
      it(`agree in networks larger than a tile, ${precision}, ${sparse ? "sparse" : "dense"}, ${instances} instances`, () => {
        const rng = createRng(4);
        const steps = 19;
        const draw = (n: number) => Float64Array.from({ length: n }, () => rng.normal());
        const inputs = { u: draw(steps * 7 * instances) };
        const adjoints = { "out.z": draw(steps * 3 * instances), "rec.x": draw(steps * 45 * instances) };
        const run = (backend: GradientOptions["backend"], checkpoint: boolean) => {
          const gradient = differentiate(largeNetwork(sparse), {
            dt: 1,
            precision,
            steps,
            instances,
            backend,
            checkpoint,
            trainable: ["weights:in", "weights:rec", "weights:out", "input:u", "start:rec.x"],
          });
          const { records } = gradient.forward({ inputs, record: ["out.z", "rec.r"] });
          return { records, ...gradient.backward(adjoints) };
        };
        const [native, wasm] = [run(loader, false), run("wasm", false)];
        const tolerance = precision === "f64" ? 1e-12 : 2e-5;
        expect(worst(wasm.records, native.records)).toBeLessThan(tolerance);
        expect(worst(wasm.gradients, native.gradients)).toBeLessThan(tolerance);
        expect(run(loader, true).gradients).toEqual(native.gradients);
      });
    }
  }

  it.each(["f64", "f32"] as const)("know weights that are set in both directions, %s", (precision) => {
    const rng = createRng(6);
    const trainable = ["weights:in", "weights:rec", "weights:out", "input:u"];
    const options = { dt: 1, precision, steps: 4, instances: 3, trainable, backend: loader };
    const given = differentiate(largeNetwork(false), options);
    const set = differentiate(largeNetwork(false), options);
    const inputs = { u: Float64Array.from({ length: 4 * 7 }, () => rng.normal()) };
    const adjoints = { "out.z": Float64Array.from({ length: 4 * 3 * 3 }, () => rng.normal()) };
    const run = (gradient: typeof set) => {
      gradient.forward({ inputs });
      return gradient.backward(adjoints).gradients;
    };
    for (const name of trainable.slice(0, 3)) set.set(name, 0);
    expect(run(set)["input:u"].every((x) => x === 0)).toBe(true);
    for (const name of trainable.slice(0, 3)) set.set(name, given.get(name));
    expect(run(set)).toEqual(run(given));
  });

  it("agree with delays, noise, checkpoints and windows", () => {
    const rng = createRng(4);
    const [steps, instances] = [23, 6];
    const draw = (n: number) => Float64Array.from({ length: n }, () => rng.normal());
    const inputs = { u: draw(steps * 7 * instances) };
    const adjoints = { "out.z": draw(steps * 3 * instances), "rec.x": draw(steps * 45 * instances) };
    for (const noise of ["", " + 0.1 * Normal(0, 1)"]) {
      for (const limits of [{}, { checkpoint: true }, { window: 7 }]) {
        const run = (backend: GradientOptions["backend"]) => {
          const gradient = differentiate(largeNetwork(false, { delay: 2, noise }), {
            ...{ dt: 1, precision: "f64", steps, instances, backend, ...limits },
            trainable: ["weights:in", "weights:rec", "weights:out", "input:u"],
          });
          const { records } = gradient.forward({ inputs, record: ["out.z"], seed: 3 });
          return { ...records, ...gradient.backward(adjoints).gradients };
        };
        expect(worst(run("wasm"), run(loader))).toBeLessThan(1e-12);
      }
    }
  });

  it("tell where a value is not finite", () => {
    const grow = neuron({ equations: "x = 3 * x * x + sum(in)" });
    const net = network({
      populations: [population("p", { size: 2, neuron: grow })],
      inputs: [input("u", 1)],
      projections: [projection("u", "p", { target: "in", weights: dense(2, 1, Float64Array.of(1, 2)) })],
    });
    const run = (backend: GradientOptions["backend"]) =>
      differentiate(net, { dt: 1, steps: 40, instances: 2, trainable: [], backend }).forward({
        inputs: { u: Float64Array.from({ length: 80 }, (_, k) => (k % 2 === 0 ? 0.001 : k / 20)) },
      });
    expect(run(loader)).toEqual(run("wasm"));
    expect(run(loader).status).toBe("diverged");
  });

  it("equal central differences", () => {
    const net = coupledNetwork({ equations: EQUATIONS, delay: 0, sameStep: true });
    const trainable = trainablesOf(net).filter((name) => !name.endsWith(".m"));
    const batch = silently(
      () => new Batch(net, { dt: 0.5, precision: "f64", steps: 5, instances: 3, trainable, backend: loader }),
    );
    const rng = createRng(1);
    for (const [name, values] of Object.entries(batch.gradients())) {
      const k = rng.integer(values.length);
      const difference = batch.difference(name, k);
      if (difference !== undefined) expect(values[k]).toBeCloseTo(difference, 6);
    }
  });
});

describe("gradients where native code is not to be had", () => {
  it("run by WebAssembly and say why", () => {
    const warnings: string[] = [];
    const restore = onWarning((_, message) => warnings.push(message));
    const backend = { vectorBytes: 16 as const, compile: () => ({ reason: "no compiler" }) };
    const gradient = differentiate(largeNetwork(false), { dt: 1, steps: 2, trainable: [], backend });
    restore();
    expect(gradient.backend).toEqual({ path: "wasm", reason: "no compiler" });
    expect(warnings.join()).toContain("WebAssembly runs instead of native code: no compiler");
  });
});
