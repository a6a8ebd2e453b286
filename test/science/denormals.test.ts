/**
 * @file Activity that dies away must not reach subnormal numbers: processors compute with them many times slower, and
 * WebAssembly cannot ask for them to be flushed. The kernels store 0 instead; what that saves is timed in
 * `bench/denormals.bench.ts`.
 */

import { describe, expect, it } from "vitest";
import { createRng, dense, toSparse } from "../../src/core/index.ts";
import { type SimulationOptions, simulate } from "../../src/engine/index.ts";
import {
  leakyEchoState,
  type Neuron,
  network,
  neuron,
  population,
  projection,
} from "../../src/model/index.ts";

const SMALLEST_NORMAL = { f64: 2 ** -1022, f32: 2 ** -126 };
const SIZE = 12;

/** Random weights of spectral radius about 0.3. */
const weights = (() => {
  const rng = createRng(3).stream("weights");
  return dense(
    SIZE,
    SIZE,
    Float64Array.from({ length: SIZE * SIZE }, () => (0.3 * rng.normal()) / Math.sqrt(SIZE)),
  );
})();

function decaying(own: Neuron, options: { sparse: boolean; delay: number }) {
  const initial = Object.fromEntries(
    [...own.equations.matchAll(/(?:d(\w+)\/dt|^\s*(r) =)/gm)].map(([, ode, r]) => [ode ?? r, 1]),
  );
  return network({
    populations: [population("p", { size: SIZE, neuron: own, initial })],
    projections: [
      projection("p", "p", {
        target: "rec",
        weights: options.sparse ? toSparse(weights) : weights,
        delay: options.delay,
      }),
    ],
  });
}

/** Run until all is 0; look at every number of state after every step. */
function watch(
  own: Neuron,
  names: string[],
  options: SimulationOptions & { sparse: boolean; delay: number },
) {
  const { sparse, delay, ...simulation } = options;
  const run = simulate(decaying(own, { sparse, delay }), simulation);
  const memory = names.map((name) => {
    const { values, units, stride } = run.memoryOf(`p.${name}`);
    return values.subarray(0, units * stride);
  });
  const floor = SMALLEST_NORMAL[simulation.precision ?? "f64"];
  let smallest = Number.POSITIVE_INFINITY;
  let subnormal = 0;
  let steps = 0;
  for (let isAlive = true; isAlive && steps < 20_000; steps++) {
    run.step();
    isAlive = false;
    for (const values of memory) {
      for (const value of values) {
        const size = Math.abs(value);
        if (size === 0) continue;
        isAlive = true;
        if (size < floor) subnormal++;
        if (size < smallest) smallest = size;
      }
    }
  }
  return { smallest, subnormal, steps };
}

const ODES = (method: string) =>
  neuron({
    parameters: { tau: 4, tauSlow: 9 },
    equations: `
      tau * dx/dt + x = sum(rec) : ${method}
      tauSlow * da/dt + a = 0.1 * x : ${method}
      r = tanh(x)`,
  });

const MODELS: Record<string, { own: Neuron; names: string[] }> = {
  ...Object.fromEntries(
    ["explicit", "exponential", "implicit", "midpoint", "rk4"].map((method) => [
      `ODEs, ${method}`,
      { own: ODES(method), names: ["x", "a", "r", "sum(rec)"] },
    ]),
  ),
  ...Object.fromEntries(
    ["tanh", "linear", "relu", "leaky-relu", "elu"].map((activation) => [
      `leaky echo state, ${activation}`,
      { own: leakyEchoState({ activation, leakRate: 0.4 }), names: ["r", "sum(rec)"] },
    ]),
  ),
};

/** State goes to 0 from here down; between this and the smallest normal number lies room for products with weights. */
const FLUSHED = { f64: 1e-290, f32: 1e-30 };

describe.each(Object.entries(MODELS))("decaying activity, %s", (_, { own, names }) => {
  describe.each(["f64", "f32"] as const)("%s", (precision) => {
    it.each([
      { instances: 1, sparse: false, delay: 0 },
      { instances: 1, sparse: true, delay: 3 },
      { instances: 5, sparse: false, delay: 3 },
      { instances: 5, sparse: true, delay: 0 },
    ])(
      "falls to 0 without a subnormal number ($instances instances, sparse $sparse, delay $delay)",
      (form) => {
        const { smallest, subnormal, steps } = watch(own, names, { ...form, precision });
        expect(subnormal).toBe(0);
        // It did come down to where numbers are flushed, and ended.
        expect(smallest).toBeLessThan(FLUSHED[precision] * 1e3);
        expect(steps).toBeLessThan(20_000);
      },
    );
  });
});

describe("the interpreter", () => {
  it.each(["f64", "f32"] as const)("flushes as the compiled kernels do, %s", (precision) => {
    const form = { instances: 1, sparse: false, delay: 0, precision, backend: "interpret" } as const;
    const { subnormal, steps } = watch(ODES("explicit"), ["x", "a", "r", "sum(rec)"], form);
    expect(subnormal).toBe(0);
    expect(steps).toBeLessThan(20_000);
  });
});

describe("flushing", () => {
  it.each(["f64", "f32"] as const)(
    "leaves numbers above its bound alone, and signs with them, %s",
    (precision) => {
      const own = neuron({ equations: "x = 0.5 * x" });
      const start = precision === "f64" ? [3e-290, -3e-290, 1e-289, 1] : [3e-30, -3e-30, 1e-29, 1];
      const net = network({
        populations: [population("p", { size: 4, neuron: own, initial: { x: start } })],
      });
      const run = simulate(net, { precision });
      run.step();
      const round = precision === "f64" ? (x: number) => x : Math.fround;
      expect(Array.from(run.get("p.x"))).toEqual(start.map((x) => round(x) * 0.5));
      run.step();
      expect(Array.from(run.get("p.x"))).toEqual([0, 0, round(start[2]) / 4, 0.25]);
    },
  );
});
