import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, onWarning, toSparse } from "../../src/core/index.ts";
import { type SimulationOptions, simulate } from "../../src/engine/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";
import { worst } from "../golden/golden.ts";
import { randomEquations as model } from "./random-equations.ts";

/** The compiled kernels use their own exp, tanh, …, within 2 ulp of the host's; a few steps spread that a little. */
const TOLERANCE = 1e-12;

const STEPS = 4;

function run(
  equations: string,
  options: SimulationOptions,
  shapes: { perUnit: boolean; sparse: boolean; delay: number },
) {
  const size = 7;
  const rng = createRng(3);
  const random = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.5);
  const own = neuron({ parameters: { a: 0.7, b: 1.3, c: -0.4 }, equations });
  const weights = dense(
    size,
    size,
    random(size * size).map((w) => (Math.abs(w) < 0.2 ? 0 : w)),
  );
  const net = network({
    populations: [
      population("p", { size, neuron: own, parameters: shapes.perUnit ? { c: random(size) } : {} }),
    ],
    inputs: [input("u", 2)],
    projections: [
      projection("u", "p", { target: "in", weights: dense(size, 2, random(size * 2)), delay: shapes.delay }),
      projection("p", "p", {
        target: "exc",
        weights: shapes.sparse ? toSparse(weights) : weights,
        delay: shapes.delay,
      }),
      projection("p", "p", { target: "exc", weights: toSparse(weights), variable: "x" }),
    ].filter((p) => equations.includes("sum()") || equations.includes(`sum(${p.target})`)),
  });
  const simulation = simulate(net, { dt: 0.5, seed: 5, ...options });
  const records = ["x", "y", "r", "m"].map((v) => simulation.monitor(`p.${v}`));
  const inputs = createRng(4);
  const u = Float64Array.from({ length: STEPS * 2 }, () => inputs.uniform());
  simulation.run(STEPS * 0.5, { inputs: { u } });
  return records.map((r) => r.data());
}

describe("interpreter and compiled kernels", () => {
  const shapes = fc.record({
    perUnit: fc.boolean(),
    sparse: fc.boolean(),
    delay: fc.constantFrom(0, 0.5, 1.5),
  });

  it("agree on random models to 1e-12, with one and with several instances", () => {
    const restore = onWarning(() => {});
    fc.assert(
      fc.property(model, shapes, fc.constantFrom(1, 3), (equations, shape, instances) => {
        const parameters: Record<string, number[]> = instances > 1 ? { "p.a": [0.7, 0.1, -0.6] } : {};
        const options = { instances, parameters };
        const compiled = run(equations, { ...options, backend: "wasm" }, shape);
        const reference = run(equations, { ...options, backend: "interpret" }, shape);
        compiled.forEach((record, k) => {
          expect(worst(record.values, reference[k].values, TOLERANCE)).toBeLessThanOrEqual(1);
        });
      }),
      { seed: 20, numRuns: 300 },
    );
    restore();
  });

  it("agree on random models in single precision to 1e-4", () => {
    const restore = onWarning(() => {});
    fc.assert(
      fc.property(
        model.filter((m) => !/[<>=!]=?|round|floor|ceil|modulo/.test(m.replace(/ = |\w+=/g, ""))),
        shapes,
        (equations, shape) => {
          const options = { precision: "f32" as const };
          const compiled = run(equations, { ...options, backend: "wasm" }, shape);
          const reference = run(equations, { ...options, backend: "interpret" }, shape);
          compiled.forEach((record, k) => {
            expect(worst(record.values, reference[k].values, 1e-4)).toBeLessThanOrEqual(1);
          });
        },
      ),
      { seed: 21, numRuns: 100 },
    );
    restore();
  });

  it("give an instance the same bits alone and among others", () => {
    const restore = onWarning(() => {});
    fc.assert(
      fc.property(model, shapes, (equations, shape) => {
        const gains = [0.7, 0.1, -0.6, 1.1, 0.2];
        const together = run(
          equations,
          { instances: 5, seed: gains.map(() => 9), parameters: { "p.a": gains } },
          shape,
        );
        gains.forEach((gain, b) => {
          const alone = run(equations, { seed: 9, parameters: { "p.a": [gain] } }, shape);
          alone.forEach((record, k) => {
            const same = together[k].values.filter((_, at) => at % 5 === b);
            expect(record.values).toEqual(same);
          });
        });
      }),
      { seed: 22, numRuns: 60 },
    );
    restore();
  });
});
