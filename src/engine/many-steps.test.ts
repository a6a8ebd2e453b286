import { describe, expect, it } from "vitest";
import { createRng, dense } from "../core/index.ts";
import { delpapa2017, input, type Network, network, neuron, population, projection } from "../model/index.ts";
import type { SimulationOptions } from "./options.ts";
import { simulate } from "./simulation.ts";

/** Sums of this step and the last, a reduction, numbers of a unit and of a population, time, an input. */
function everything(): Network {
  const noisy = neuron({
    equations: `
      common = Uniform(0, 1) : population
      level = 0.5 * level + mean(x) + 0.01 * t : population
      x = 0.5 * x + sum(exc) + 0.1 * Normal(0, 1) + common - 0.1 * level
    `,
  });
  const follow = neuron({ equations: "x = 0.3 * sum(exc) + 0.2 * sum(input) - 0.1 * x" });
  const rng = createRng(3);
  const weights = (rows: number, columns: number) =>
    dense(
      rows,
      columns,
      Array.from({ length: rows * columns }, () => 0.1 * rng.uniform()),
    );
  return network({
    populations: [
      population("a", { size: 11, neuron: noisy, initial: { x: 0.1 } }),
      population("b", { size: 5, neuron: follow }),
    ],
    inputs: [input("u", 1)],
    projections: [
      projection("a", "a", { weights: weights(11, 11), variable: "x", target: "exc" }),
      projection("b", "a", { weights: weights(11, 5), variable: "x", target: "exc" }),
      projection("a", "b", { weights: weights(5, 11), variable: "x", target: "exc", sameStep: true }),
      projection("u", "b", { weights: weights(5, 1), target: "input" }),
    ],
  });
}

/** States after a run in one go, after one step at a time, and with everything called by itself. */
function threeWays(net: Network, options: SimulationOptions, steps: number) {
  const ways = [{ ...options }, { ...options }, { ...options, backend: "interpret" as const }].map((way) =>
    simulate(net, { seed: 5, ...way }),
  );
  for (const run of ways) if (net.inputs.length > 0) run.set("u.r", 0.7);
  ways[0].run(steps);
  for (const run of ways.slice(1)) for (let k = 0; k < steps / run.dt; k++) run.step();
  return ways;
}

describe("run, many steps in one call", () => {
  it.each([
    [1, "f64"],
    [3, "f64"],
    [1, "f32"],
  ] as const)(
    "ends where single steps and the interpreter end, %d instances in %s",
    (instances, precision) => {
      const [many, single, interpreted] = threeWays(everything(), { dt: 0.5, instances, precision }, 40);
      expect(many.t).toBe(40);
      for (const name of ["a.x", "a.level", "a.common", "b.x"]) {
        expect([...many.get(name)]).toEqual([...single.get(name)]);
        if (precision === "f64") expect([...many.get(name)]).toEqual([...interpreted.get(name)]);
      }
      expect(new Set(many.get("a.x")).size).toBeGreaterThan(8);
      many.run(1);
      for (let k = 0; k < 2; k++) single.step();
      expect(Buffer.compare(many.save(), single.save())).toBe(0);
    },
  );

  it("leaves a frozen network in the same image, thawed rules go on", () => {
    const net = delpapa2017({ units: 40 }, createRng(2));
    const [many, single] = [0, 1].map(() => simulate(net, { seed: 4 }));
    for (const run of [many, single]) {
      run.run(200);
      run.freeze(...run.rules);
    }
    many.run(300);
    single.run(300, { onStep: () => {} });
    expect(Buffer.compare(many.save(), single.save())).toBe(0);
    for (const run of [many, single]) {
      run.thaw("sp", "ip");
      run.run(50);
    }
    expect(Buffer.compare(many.save(), single.save())).toBe(0);
    expect(many.get("E.T")).not.toEqual(simulate(net, { seed: 4 }).get("E.T"));
  });

  it("says when a value was no longer finite, and goes on with other instances", () => {
    const explode = neuron({ equations: "x = grow * x : init=1", parameters: { grow: 1 } });
    const net = network({ populations: [population("p", { size: 3, neuron: explode })] });
    const ends = [{}, { onStep: () => {} }].map((options) => {
      const run = simulate(net, { instances: 2, dt: 0.1, parameters: { "p.grow": [1, 1e100] } });
      return { status: run.run(2, options), x: [...run.get("p.x")] };
    });
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0].status).toMatchObject({ status: "diverged", diverged: [{ instance: 1, t: 0.4 }] });
    expect(ends[0].x[0]).toBe(1);
  });

  it("looks up delayed values step by step", () => {
    const clock = neuron({ equations: "r = t + 1" });
    const follow = neuron({ equations: "r = sum(exc)" });
    const net = network({
      populations: [
        population("clock", { size: 1, neuron: clock }),
        population("late", { size: 1, neuron: follow }),
      ],
      projections: [projection("clock", "late", { weights: dense(1, 1, [1]), delay: 3 })],
    });
    const run = simulate(net, {});
    run.run(6);
    expect(run.get("late.r")[0]).toBe(3);
  });
});
