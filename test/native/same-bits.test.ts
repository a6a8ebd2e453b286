import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createRng, dense, onWarning, toSparse } from "../../src/core/index.ts";
import { type SimulationOptions, simulate } from "../../src/engine/index.ts";
import { input, lazar2009, network, neuron, population, projection } from "../../src/model/index.ts";
import { randomEquations } from "../codegen/random-equations.ts";
import { runModel, shapes } from "../codegen/run-model.ts";
import { describeNative } from "./native.ts";

/** Equal bit for bit, except that any NaN equals another. */
function expectSameBits(got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  const at = Array.from(wanted).findIndex((value, i) => !Object.is(value, got[i]));
  expect([at, got[at], wanted[at]]).toEqual([-1, undefined, undefined]);
  expect(got.length).toBe(wanted.length);
}

const esn = neuron({
  parameters: { leak: 0.3 },
  equations: "r = (1 - leak) * r + leak * tanh(sum(in) + sum(rec) + Normal(0, 0.1)) : init=Uniform(-1, 1)",
});

/** A reservoir of odd size, dense or sparse, with a second projection onto the same target. */
function reservoir(size: number, kind: "dense" | "sparse") {
  const rng = createRng(11);
  const values = Float64Array.from({ length: size * size }, () => {
    const [keep, weight] = [rng.uniform(), rng.uniform()];
    return keep < 0.3 ? (weight - 0.5) / 3 : 0;
  });
  const weights = dense(size, size, values);
  return network({
    populations: [population("p", { size, neuron: esn })],
    inputs: [input("u", 1)],
    projections: [
      projection("u", "p", { target: "in", weights: dense(size, 1, values.subarray(0, size)) }),
      projection("p", "p", { target: "rec", weights: kind === "dense" ? weights : toSparse(weights) }),
      projection("p", "p", {
        target: "rec",
        weights: kind === "dense" ? toSparse(weights) : weights,
        delay: 3,
      }),
    ],
  });
}

describeNative("native code and WebAssembly", (loader) => {
  for (const precision of ["f64", "f32"] as const) {
    it(`give the same bits on random models, ${precision}`, () => {
      const restore = onWarning(() => {});
      // 7 units go one by one, of 101 most go several vectors at a time.
      const sizes = fc.constantFrom(7, 101);
      fc.assert(
        fc.property(
          randomEquations,
          shapes,
          fc.constantFrom(1, 3, 6),
          sizes,
          (equations, shape, instances, size) => {
            const parameters: Record<string, number[]> =
              instances > 1 ? { "p.a": [0.7, 0.1, -0.6, 0.2, 1.1, 0].slice(0, instances) } : {};
            const options: SimulationOptions = { instances, parameters, precision };
            const native = runModel(equations, { ...options, backend: loader }, { ...shape, size });
            const wasm = runModel(equations, options, { ...shape, size });
            wasm.forEach((record, k) => {
              expectSameBits(native[k].values, record.values);
            });
          },
        ),
        { seed: 30, numRuns: 12, endOnFailure: true },
      );
      restore();
    });

    it.each([1, 11, 24, 132])(`give the same bits on products, ${precision}, %i instances`, (instances) => {
      for (const kind of ["dense", "sparse"] as const) {
        const states = (["wasm", loader] as const).map((backend) => {
          const gains = { "p.rec": Float64Array.from({ length: instances }, (_, b) => 0.5 + b / 10) };
          const simulation = simulate(reservoir(37, kind), {
            backend,
            instances,
            precision,
            gains,
            seed: 4,
          });
          expect(simulation.path).toEqual({ path: backend === "wasm" ? "wasm" : "native" });
          simulation.set("u.r", 0.3);
          simulation.run(12);
          return simulation.get("p.r");
        });
        expectSameBits(states[1], states[0]);
      }
    });
  }

  it.each(["f64", "f32"] as const)(
    "give the same bits where rows go in groups through several blocks of columns, %s",
    (precision) => {
      // Of 1201 units the states of 11 instances are several times what a block holds.
      const states = (["wasm", loader] as const).map((backend) => {
        const options = { backend, precision, instances: 11, seed: 4 } as const;
        const simulation = simulate(reservoir(1201, "sparse"), options);
        simulation.set("u.r", 0.3);
        simulation.run(6);
        return simulation.get("p.r");
      });
      expectSameBits(states[1], states[0]);
    },
  );

  it("give the same bits on a network that organises itself, whose plastic weights stay with WebAssembly", () => {
    const states = (["wasm", loader] as const).map((backend) => {
      const net = lazar2009({ units: 50 }, createRng(5).stream("net"));
      const simulation = simulate(net, { backend, seed: 6 });
      expect(simulation.path.path).toBe(backend === "wasm" ? "wasm" : "native");
      simulation.run(300);
      return simulation.save();
    });
    expect(Buffer.compare(states[1], states[0])).toBe(0);
  });
});
