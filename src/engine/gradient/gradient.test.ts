import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomEquations } from "../../../test/codegen/random-equations.ts";
import { createRng, onWarning } from "../../core/index.ts";
import { Batch, coupledNetwork, type NetworkShape, trainablesOf } from "./gradient.fixture.ts";
import type { GradientOptions } from "./options.ts";

const silently = <T>(run: () => T): T => {
  const restore = onWarning(() => {});
  try {
    return run();
  } finally {
    restore();
  }
};

function batchOf(shape: NetworkShape, options: Partial<GradientOptions>): Batch {
  const net = coupledNetwork(shape);
  return silently(
    () => new Batch(net, { dt: 0.5, precision: "f64", steps: 4, trainable: trainablesOf(net), ...options }),
  );
}

/** Worst relative error of some entries of every gradient, and how many there were. */
function compare(batch: Batch, entries: number, seed: number) {
  const rng = createRng(seed);
  const gradients = batch.gradients();
  let worst = 0;
  let compared = 0;
  for (const [name, values] of Object.entries(gradients)) {
    for (let n = 0; n < entries; n++) {
      const k = rng.integer(values.length);
      const difference = batch.difference(name, k);
      if (difference === undefined) continue;
      compared++;
      const error = Math.abs(values[k] - difference) / (1 + Math.abs(difference));
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
    }
  }
  return { worst, compared };
}

/** Affine in x and y, as the implicit and the exponential method need. */
const AFFINE = `
  m = tanh(a * m + mean(x) * max(y)) : population
  (2 + b) * dx/dt + x = 0.5 * m * y + sum(exc) * c + sum(in) + 0.3 * Normal(0, a) : init=0.1
  3 * dy/dt + y = a * x + m + sum(in) * x + 0.2 * Uniform(-b, 1) : init=tanh(a), min=-2, max=2
  r = tanh(x + b) * (1 + 0.1 * sum(exc))`;

const SMOOTH = `
  m = tanh(a * m + mean(x) * max(y)) : population
  (2 + b) * dx/dt + x = 0.5 * y + sum(exc) * c + sum(in) + 0.3 * Normal(0, a) * x : init=0.1
  3 * dy/dt + y = tanh(a * x + m) + sum(in) * x + 0.2 * Uniform(-b, 1) : init=tanh(a), min=-2, max=2
  r = tanh(x + b) * (1 + 0.1 * sum(exc))`;

const shapes = fc.record({
  sparse: fc.boolean(),
  sameStep: fc.boolean(),
  delay: fc.constantFrom(0, 0.5, 1.5),
  perUnit: fc.boolean(),
});

describe("gradients through time equal central differences", () => {
  it.each(["explicit", "exponential", "implicit", "midpoint", "rk4"] as const)("%s integration", (method) => {
    for (const [steps, instances] of [
      [1, 1],
      [3, 3],
      [12, 3],
    ]) {
      for (const delay of [0, 1.5]) {
        const equations = method === "implicit" ? AFFINE : SMOOTH;
        const shape = { equations, delay, sparse: steps === 3, sameStep: instances === 3 };
        const found = compare(batchOf(shape, { method, steps, instances }), 2, steps);
        expect(found.compared).toBeGreaterThan(20);
        expect(found.worst).toBeLessThan(1e-6);
      }
    }
  });

  it("for random equations, on the interpreter and compiled", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        randomEquations,
        shapes,
        fc.record({
          steps: fc.integer({ min: 1, max: 12 }),
          instances: fc.constantFrom(1, 3),
          backend: fc.constantFrom("interpret" as const, "wasm" as const),
        }),
        fc.nat(1000),
        (equations, shape, options, seed) => {
          const found = compare(batchOf({ equations, ...shape }, options), 1, seed);
          compared += found.compared;
          expect(found.worst).toBeLessThan(1e-6);
        },
      ),
      { seed: 40, numRuns: 30 },
    );
    expect(compared).toBeGreaterThan(30 * 5);
  });
});

/** Largest difference of two sets of gradients, relative to the largest entry of each. */
function distance(one: Record<string, Float64Array>, two: Record<string, Float64Array>): number {
  let worst = 0;
  for (const [name, values] of Object.entries(one)) {
    const scale = values.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-300);
    values.forEach((v, k) => {
      worst = Math.max(worst, Math.abs(v - two[name][k]) / Math.max(scale, 1));
    });
  }
  return worst;
}

describe("the same gradients", () => {
  it("compiled as interpreted, on random models", () => {
    fc.assert(
      fc.property(randomEquations, shapes, fc.constantFrom(1, 3, 6), (equations, shape, instances) => {
        const [one, two] = (["interpret", "wasm"] as const).map((backend) =>
          batchOf({ equations, ...shape }, { backend, instances, steps: 5 }).gradients(),
        );
        expect(distance(one, two)).toBeLessThan(1e-10);
      }),
      { seed: 41, numRuns: 30 },
    );
  });

  it("in single precision to 1e-4", () => {
    const [one, two] = (["f32", "f64"] as const).map((precision) =>
      batchOf({ equations: SMOOTH, sparse: true }, { precision, instances: 5, steps: 20 }).gradients(),
    );
    expect(distance(one, two)).toBeLessThan(1e-4);
  });

  it("with checkpoints as with every state stored, bit for bit", () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(8, 16, 5),
        (shape, steps, every) => {
          const [one, two] = [false, every].map((checkpoint) =>
            batchOf({ equations: SMOOTH, ...shape }, { checkpoint, instances: 3, steps }).gradients(),
          );
          expect(one).toEqual(two);
        },
      ),
      { seed: 42, numRuns: 20 },
    );
    const auto = batchOf({ equations: SMOOTH }, { steps: 100, checkpoint: true });
    expect(auto.gradient.memory.segment).toBe(16);
    const tight = batchOf({ equations: SMOOTH }, { steps: 100, memory: 1000 });
    expect(tight.gradient.memory.segment).toBe(16);
  });
});

describe("gradients into arrays of an earlier call", () => {
  const shape = { equations: SMOOTH, sparse: true };

  it("are the same, and those of weights lie there", () => {
    const batch = batchOf(shape, { instances: 3 });
    const expected = batch.gradients();
    const into = Object.fromEntries(
      Object.entries(expected).map(([name, values]) => [name, new Float64Array(values.length).fill(7)]),
    );
    const { gradients } = batch.gradient.backward(batch.adjoints, { into });
    expect(gradients).toEqual(expected);
    for (const [name, values] of Object.entries(gradients))
      expect([name, values === into[name]]).toEqual([name, name.startsWith("weights:")]);
  });

  it("are new where the arrays do not fit", () => {
    const batch = batchOf(shape, { instances: 3 });
    const expected = batch.gradients();
    const into = { "weights:rec": new Float64Array(3).fill(7) };
    expect(batch.gradient.backward(batch.adjoints, { into }).gradients).toEqual(expected);
    expect([...into["weights:rec"]]).toEqual([7, 7, 7]);
  });
});
