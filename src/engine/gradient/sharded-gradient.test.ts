import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError, createRng, dense, onWarning } from "../../core/index.ts";
import { input, network, neuron, population, projection } from "../../model/index.ts";
import type { BatchGradient } from "./batch-gradient.ts";
import { shardSizes } from "./batch-part.ts";
import { coupledNetwork, trainablesOf } from "./gradient.fixture.ts";
import { differentiate } from "./gradient.ts";
import type { GradientOptions } from "./options.ts";
import { differentiateShards } from "./sharded-gradient.ts";

const EQUATIONS = `
  m = tanh(a * m + mean(x) * max(y)) : population
  (2 + b) * dx/dt + x = 0.5 * y + sum(exc) * c + sum(in) + 0.3 * Normal(0, a) * x : init=0.1 + 0.2 * Normal(0, 1)
  3 * dy/dt + y = tanh(a * x + m) + sum(in) * x + 0.2 * Uniform(-b, 1) : init=tanh(a), min=-2, max=2
  r = tanh(x + b) * (1 + 0.1 * sum(exc))`;
const SIZES: Readonly<Record<string, number>> = { "p.r": 5, "p.y": 5, "q.x": 4, "q.m": 1 };
const RECORD = Object.keys(SIZES);
const INSTANCES = 7;
const STEPS = 9;

const silently = <T>(run: () => T): T => {
  const restore = onWarning(() => {});
  try {
    return run();
  } finally {
    restore();
  }
};

/** One run and one in shards. */
function pair(
  shards: number,
  more: Partial<GradientOptions> = {},
  shape: { sparse?: boolean; delay?: number } = {},
) {
  const net = coupledNetwork({ equations: EQUATIONS, ...shape });
  const options: GradientOptions = {
    ...{ dt: 0.5, precision: "f64", steps: STEPS, instances: INSTANCES },
    trainable: trainablesOf(net).filter((name) => name !== "initial:q.x"),
    ...more,
  };
  return silently(
    () => [differentiate(net, options), differentiateShards(net, options, { shards })] as const,
  );
}

/** Inputs and adjoints of a batch. */
function dataOf(seed: number, steps = STEPS) {
  const rng = createRng(seed);
  const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.4);
  return {
    inputs: { u: draw(steps * 2 * INSTANCES) },
    adjoints: Object.fromEntries(
      Object.entries(SIZES).map(([name, units]) => [name, draw(steps * units * INSTANCES)]),
    ),
  };
}

function runBatch(gradient: BatchGradient, data: ReturnType<typeof dataOf>) {
  const { records, status } = gradient.forward({ inputs: data.inputs, seed: 4, record: RECORD });
  const back = gradient.backward(data.adjoints, { sums: ["p.exc", "q.in"] });
  return { status, records, ...back };
}

/** Worst difference, relative to the largest number. */
function distance(one: ArrayLike<number>, two: ArrayLike<number>): number {
  expect(two.length).toBe(one.length);
  const scale = Array.from(one).reduce((most, v) => Math.max(most, Math.abs(v)), 1e-300);
  let worst = 0;
  for (let k = 0; k < one.length; k++) worst = Math.max(worst, Math.abs(one[k] - two[k]) / scale);
  return worst;
}

/** Same records and sums to the bit; gradients to rounding, those of single instances to the bit. */
function expectSame(one: ReturnType<typeof runBatch>, two: ReturnType<typeof runBatch>): void {
  expect(two.records).toEqual(one.records);
  expect(two.sums).toEqual(one.sums);
  expect([two.status, two.notFiniteAt]).toEqual([one.status, one.notFiniteAt]);
  expect(Object.keys(two.gradients)).toEqual(Object.keys(one.gradients));
  for (const [name, values] of Object.entries(one.gradients)) {
    expect(distance(values, two.gradients[name]), name).toBeLessThan(1e-12);
    if (name.startsWith("input:")) expect(two.gradients[name]).toEqual(values);
  }
}

describe("shardSizes", () => {
  it("divides as equally as can be, the first ones larger", () => {
    expect(shardSizes(7, 3)).toEqual([3, 2, 2]);
    expect(shardSizes(128, 2)).toEqual([64, 64]);
    expect(shardSizes(3, 3)).toEqual([1, 1, 1]);
  });

  it.each([0, 4, 1.5, Number.NaN])("refuses %s shards of 3 instances", (shards) => {
    expect(() => shardSizes(3, shards)).toThrow(
      new CajalError(`shards must be a whole number from 1 to the 3 instances, got ${shards}`, {
        code: "bad-option",
        where: "differentiate",
      }),
    );
  });
});

describe("a gradient in shards", () => {
  it.each(["wasm", "interpret"] as const)("of one shard is the gradient, bit for bit, %s", (backend) => {
    const [whole, one] = pair(1, { backend });
    const data = dataOf(1);
    expect(runBatch(one, data)).toEqual(runBatch(whole, data));
    expect(one.memory).toEqual(whole.memory);
    expect([one.backend, one.trainable]).toEqual([whole.backend, whole.trainable]);
  });

  it("is that of the whole batch, noise and random starts included", () => {
    fc.assert(
      fc.property(
        fc.record({ sparse: fc.boolean(), delay: fc.constantFrom(0, 1.5) }),
        fc.integer({ min: 2, max: INSTANCES }),
        fc.constantFrom<Partial<GradientOptions>>({}, { window: 4 }, { checkpoint: 8, backend: "interpret" }),
        (shape, shards, options) => {
          const data = dataOf(shards);
          const [whole, parts] = pair(shards, options, shape);
          expectSame(runBatch(whole, data), runBatch(parts, data));
        },
      ),
      { seed: 50, numRuns: 8 },
    );
  });

  it("has the same noise for seeds given one by one", () => {
    const [whole, parts] = pair(3);
    const { inputs } = dataOf(2);
    const seed = [3, 1, 4, 1, 5, 9, 2];
    const run = (g: BatchGradient) => g.forward({ inputs, seed, record: RECORD }).records;
    expect(run(parts)).toEqual(run(whole));
  });

  it("goes on where the last run ended, from starts of each trial, with inputs for all", () => {
    const rng = createRng(8);
    const initial = {
      "p.x": Float64Array.from({ length: 5 * INSTANCES }, () => rng.uniform()),
      "q.y": Float64Array.from({ length: 4 }, () => rng.uniform()),
    };
    const inputs = { u: Float64Array.from({ length: 4 * 2 }, () => rng.uniform()) };
    const run = (g: BatchGradient) => {
      // The next call may write over what this one gave.
      const first = structuredClone(g.forward({ inputs, steps: 4, seed: 2, initial, record: RECORD }));
      const second = g.forward({ inputs, steps: 4, goOn: true, record: RECORD });
      const { gradients } = g.backward(dataOf(3, 4).adjoints);
      return { first, second, gradients };
    };
    const [one, two] = pair(3, {}, { delay: 1.5 }).map(run);
    expect([two.first, two.second]).toEqual([one.first, one.second]);
    for (const [name, values] of Object.entries(one.gradients))
      expect(distance(values, two.gradients[name]), name).toBeLessThan(1e-12);
  });

  it("takes values between calls, and gives them back", () => {
    const [whole, parts] = pair(3);
    const data = dataOf(5);
    const weights = whole.get("weights:rec").map((w) => 1.1 * w);
    for (const g of [whole, parts]) {
      g.set("weights:rec", weights);
      g.set("p.a", 0.6);
      g.set("initial:p.r", 0.2);
    }
    // What was given may change before it is used.
    weights.fill(0);
    expectSame(runBatch(whole, data), runBatch(parts, data));
    for (const name of ["weights:rec", "p.a", "p.c", "initial:p.r"])
      expect(parts.get(name)).toEqual(whole.get(name));
  });

  it("keeps parameters, gains and starts that differ between trials apart", () => {
    const of = (length: number, from: number) => Float64Array.from({ length }, (_, k) => from + k / 10);
    const net = network({
      populations: [
        population("p", {
          size: 2,
          neuron: neuron({ parameters: { a: 1, c: 0 }, equations: "x = tanh(a * x + c + sum(in))" }),
        }),
      ],
      inputs: [input("u", 1)],
      projections: [projection("u", "p", { target: "in", weights: dense(2, 1, Float64Array.of(0.4, -0.3)) })],
    });
    const trainable = ["p.a", "p.c", "start:p.x", "input:u", "weights:u->p"];
    for (const [instances, shards] of [
      [5, 2],
      [3, 2],
      [2, 2],
    ]) {
      const options: GradientOptions = {
        ...{ dt: 1, precision: "f64", steps: 3, instances, trainable },
        parameters: { "p.a": of(instances, 0.5), "p.c": of(2 * instances, -0.3) },
        gains: { "p.in": of(instances, 1) },
      };
      const whole = differentiate(net, options);
      const parts = differentiateShards(net, options, { shards });
      const inputs = { u: of(3 * instances, 0) };
      const run = (g: BatchGradient) => {
        g.set("p.c", of(2 * instances, 0.2));
        g.forward({ inputs, initial: { "p.x": of(2 * instances, -0.2) } });
        return g.backward({ "p.x": of(6 * instances, -0.7) }).gradients;
      };
      const [one, two] = [run(whole), run(parts)];
      for (const name of trainable) expect(distance(one[name], two[name]), name).toBeLessThan(1e-12);
      for (const name of ["p.a", "p.c"]) expect(parts.get(name)).toEqual(whole.get(name));
      expect(() => parts.set("p.c", of(3, 0))).toThrow(
        `set("p.c"): 3 values do not fit; wanted one number or ${2 * instances}`,
      );
    }
    const bad = { dt: 1, steps: 3, instances: 5, trainable, parameters: { "p.a": of(4, 0) } };
    expect(() => differentiateShards(net, bad, { shards: 2 })).toThrow(
      "p.a: 4 values for 5 instances. Give shape (instance) or (unit, instance).",
    );
  });

  it("has the products of the whole batch", () => {
    const [whole, parts] = pair(3);
    const data = dataOf(6);
    const y = data.adjoints["p.r"];
    const [one, two] = [whole, parts].map((g) => {
      runBatch(g, data);
      return {
        back: g.products.back("weights:rec", y),
        outer: g.products.outer("weights:rec", y, data.adjoints["p.y"]),
      };
    });
    expect(two.back).toEqual(one.back);
    expect(distance(one.outer, two.outer)).toBeLessThan(1e-12);
    expect(() => parts.products.back("weights:rec", [1])).toThrow(
      "products with weights:rec: 1 values, the last run makes 9 × 35. Give shape (time, unit, instance).",
    );
    expect(() => parts.products.outer("weights:rec", y, [1])).toThrow("1 values, the last run makes 9 × 35");
  });

  it("has each shard do its share of work in arrays that all see", () => {
    const net = coupledNetwork({ equations: EQUATIONS });
    const options: GradientOptions = { dt: 0.5, steps: 2, instances: INSTANCES, trainable: ["p.a"] };
    const gradient = silently(() =>
      differentiateShards(net, options, {
        shards: 3,
        workShare: (work, { first, width, of }) => {
          const { from, to } = work as { from: Float64Array; to: Float64Array };
          let sum = 0;
          for (let k = first; k < first + width; k++) {
            to[k] += 2 * from[k];
            sum += from[k];
          }
          return Float64Array.of(sum, of);
        },
      }),
    );
    const to = gradient.room("to", "f64", INSTANCES).fill(1);
    expect(gradient.divide({ from: Float64Array.of(1, 2, 3, 4, 5, 6, 7), to })).toEqual(
      Float64Array.of(28, 3 * INSTANCES),
    );
    expect([...to]).toEqual([3, 5, 7, 9, 11, 13, 15]);
    // The memory of a key is kept, and goes with its length.
    expect([...gradient.room("to", "f64", 2)]).toEqual([3, 5]);
    expect([...gradient.room("to", "f32", 15)].length).toBe(15);
  });

  it.each([1, 3])("of %s shards goes into arrays of an earlier call, and only then", (shards) => {
    const [whole, parts] = pair(shards);
    const expected = runBatch(whole, dataOf(1)).gradients;
    const { gradients } = runBatch(parts, dataOf(1));
    runBatch(parts, dataOf(2));
    for (const [name, values] of Object.entries(expected))
      expect(distance(gradients[name], values), name).toBeLessThan(1e-12);
    const into: Record<string, Float64Array> = {};
    for (const name of parts.trainable) into[name] = new Float64Array(gradients[name].length).fill(7);
    const small = new Float64Array(3).fill(7);
    into["weights:byX"] = small;
    const again = parts.backward(dataOf(3).adjoints, { into }).gradients;
    const fresh = parts.backward(dataOf(3).adjoints).gradients;
    expect(again).toEqual(fresh);
    expect(again).not.toEqual(gradients);
    expect([...small]).toEqual([7, 7, 7]);
    for (const name of parts.trainable) {
      if (!name.startsWith("weights:") || name === "weights:byX") continue;
      expect(again[name], name).toBe(into[name]);
      expect(fresh[name], name).not.toBe(into[name]);
    }
  });

  it("names the trial of the whole batch that diverged, and where adjoints did", () => {
    const net = network({
      populations: [
        population("p", { size: 1, neuron: neuron({ equations: "x = x * x * 1e200 + sum(in)" }) }),
      ],
      inputs: [input("u", 1)],
      projections: [projection("u", "p", { target: "in", weights: dense(1, 1, Float64Array.of(1)) })],
    });
    const options: GradientOptions = {
      dt: 1,
      precision: "f64",
      steps: 3,
      instances: 5,
      trainable: ["weights:u->p"],
    };
    const gradients = [differentiate(net, options), differentiateShards(net, options, { shards: 3 })];
    const u = new Float64Array(15);
    u[3] = 1;
    u[4] = 1e10;
    const [one, two] = gradients.map((g) => g.forward({ inputs: { u }, record: ["p.x"] }));
    expect(two).toEqual(one);
    expect(two.diverged.map(({ instance }) => instance)).toEqual([3, 4]);
    expect(two.diverged[0].message).toContain("p.x of unit 0 (instance 3) became infinite at t = 3 ms");
    const [, bad] = gradients.map((g) => g.backward({ "p.x": new Float64Array(15).fill(1) }).notFiniteAt);
    expect(bad).toBe(gradients[0].backward({ "p.x": new Float64Array(15).fill(1) }).notFiniteAt);
    expect(bad).toBeGreaterThanOrEqual(0);
  });

  it("refuses what one run refuses, in the same words", () => {
    const mistakes: ((g: BatchGradient) => unknown)[] = [
      (g) => g.backward({}),
      (g) => g.forward({ inputs: { u: [1] } }),
      (g) => g.forward({ inputs: {} }),
      (g) => g.forward({ inputs: { v: [1] } }),
      (g) => g.forward({ steps: 10 }),
      (g) => g.forward({ goOn: true }),
      (g) => g.forward({ inputs: dataOf(1).inputs, record: ["p.z"] }),
      (g) => g.forward({ inputs: dataOf(1).inputs, initial: { "p.x": [1, 2] } }),
      (g) => g.forward({ inputs: dataOf(1).inputs, seed: [1, 2] }),
      (g) => g.get("weights:of"),
      (g) => g.set("weights:rec", [1]),
      (g) => runBatch(g, { ...dataOf(1), adjoints: { "p.r": new Float64Array(3) } }),
    ];
    const message = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as CajalError).message;
      }
      return "nothing";
    };
    const gradients = pair(3);
    for (const mistake of mistakes) {
      const [one, two] = gradients.map((g) => message(() => mistake(g)));
      expect(two).toBe(one);
      expect(one).not.toBe("nothing");
    }
  });

  it("shares the memory for states among shards", () => {
    const [whole, parts] = pair(7, { steps: 100, memory: 60_000 });
    expect(whole.memory.segment).toBe(16);
    expect(parts.memory.segment).toBe(16);
  });
});
