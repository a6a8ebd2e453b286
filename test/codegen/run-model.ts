/** @file A small network of random equations, run: what the ways of running equations are compared on. */

import * as fc from "fast-check";
import { createRng, dense, toSparse } from "../../src/core/index.ts";
import { type SimulationOptions, simulate } from "../../src/engine/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";

const STEPS = 4;

/** Records of x, y, r and m over a few steps of neurons with these equations, seven unless told. */
export function runModel(
  equations: string,
  options: SimulationOptions,
  { size = 7, ...shapes }: { perUnit: boolean; sparse: boolean; delay: number; size?: number },
) {
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

/** How the neurons are connected. */
export const shapes = fc.record({
  perUnit: fc.boolean(),
  sparse: fc.boolean(),
  delay: fc.constantFrom(0, 0.5, 1.5),
});
