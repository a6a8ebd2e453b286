import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onWarning } from "../../src/core/index.ts";
import { worst } from "../golden/golden.ts";
import { randomEquations as model } from "./random-equations.ts";
import { runModel as run, shapes } from "./run-model.ts";

/** The compiled kernels use their own exp, tanh, …, within 2 ulp of the host's; a few steps spread that a little. */
const TOLERANCE = 1e-12;

describe("interpreter and compiled kernels", () => {
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
