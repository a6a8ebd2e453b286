import { describe, expect, it } from "vitest";
import { dense, toSparse } from "../core/index.ts";
import { network, neuron, normalisation, population, projection } from "../model/index.ts";
import { simulate } from "./simulation.ts";

const follow = neuron({ equations: "r = sum(exc)" });
const clock = neuron({ equations: "r = t + 1" });
const one = (from: string, to: string, options: Partial<Parameters<typeof projection>[2]> = {}) =>
  projection(from, to, { weights: dense(1, 1, [1]), ...options });

/** Values of r of populations over steps. */
function trace(
  names: string[],
  projections: ReturnType<typeof projection>[],
  options: Parameters<typeof simulate>[1] = {},
): Record<string, number[]> {
  const populations = names.map((name) =>
    population(name, { size: 1, neuron: name === "clock" ? clock : follow }),
  );
  const run = simulate(network({ populations, projections }), options);
  const monitors = names.map((name) => run.monitor(`${name}.r`));
  run.run(4);
  return Object.fromEntries(names.map((name, k) => [name, [...monitors[k].data().values]]));
}

describe.each(["wasm", "interpret"] as const)("sums of the same step, %s", (backend) => {
  it("see the state the presynaptic population has just reached, whatever the order of populations", () => {
    for (const names of [
      ["clock", "a", "b"],
      ["b", "a", "clock"],
    ]) {
      const seen = trace(names, [one("clock", "a", { sameStep: true }), one("a", "b", { sameStep: true })], {
        backend,
      });
      expect(seen).toEqual({ clock: [1, 2, 3, 4], a: [1, 2, 3, 4], b: [1, 2, 3, 4] });
    }
    expect(
      trace(["b", "a", "clock"], [one("clock", "a", { sameStep: true }), one("a", "b")], { backend }).b,
    ).toEqual([0, 1, 2, 3]);
  });

  it("add up with sums of the step before and of delays in one target", () => {
    const projections = [
      one("clock", "a", { sameStep: true }),
      one("clock", "a", { name: "last", weights: dense(1, 1, [10]) }),
      one("clock", "a", { name: "older", weights: dense(1, 1, [100]), delay: 2 }),
    ];
    for (const instances of [1, 2]) {
      const run = simulate(
        network({
          populations: [
            population("a", { size: 1, neuron: follow }),
            population("clock", { size: 1, neuron: clock }),
          ],
          projections,
        }),
        { backend, instances },
      );
      const seen: number[] = [];
      run.run(4, { onStep: () => seen.push(run.get("a.r")[0]) });
      expect(seen).toEqual([1, 12, 123, 234]);
    }
  });

  it("work for plastic weights and for events", () => {
    const spiking = neuron({ equations: "r = t > 0.5" });
    for (const events of [true, false]) {
      for (const weights of [dense(2, 2, [1, 2, 3, 4]), toSparse(dense(2, 2, [1, 2, 3, 4]))]) {
        for (const plasticity of [[], [normalisation("sn")]]) {
          const run = simulate(
            network({
              populations: [
                population("b", { size: 2, neuron: follow }),
                population("a", { size: 2, neuron: spiking }),
              ],
              projections: [
                projection("a", "b", { weights, plasticity, sameStep: true }),
                projection("a", "b", { name: "again", weights, plasticity }),
              ],
            }),
            { backend, events },
          );
          run.run(2);
          expect([...run.get("b.r")]).toEqual(plasticity.length > 0 ? [1, 1] : [3, 7]);
          run.run(1);
          const [low, high] = run.get("b.r");
          expect(low).toBeCloseTo(plasticity.length > 0 ? 2 : 6, 14);
          expect(high).toBeCloseTo(plasticity.length > 0 ? 2 : 14, 14);
        }
      }
    }
  });
});

describe("a circle of sums of the same step", () => {
  it("is refused with the populations of the circle", () => {
    const circle = (names: string[]) => () =>
      trace(
        [...new Set(names)],
        names.slice(0, -1).map((name, k) => one(name, names[k + 1], { sameStep: true })),
      );
    expect(circle(["a", "b", "c", "a"])).toThrow(
      expect.objectContaining({
        code: "same-step-cycle",
        message:
          "network: a → c → b → a need each other in the same step. Leave out sameStep on one of these projections.",
      }),
    );
    expect(circle(["a", "a"])).toThrow("network: a → a need each other in the same step.");
    expect(circle(["clock", "a", "b"])).not.toThrow();
  });
});
