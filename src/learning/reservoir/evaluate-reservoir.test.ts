import { describe, expect, it } from "vitest";
import { memoryCapacity, regressionScores } from "../../analysis/index.ts";
import { createRng, dense } from "../../core/index.ts";
import { simulate } from "../../engine/index.ts";
import { input, leakyEchoState, type Network, network, population, projection } from "../../model/index.ts";
import { memoryCapacityTask } from "../../tasks/index.ts";
import { predict } from "../readouts/linear-readout.ts";
import { ridge } from "../readouts/ridge.ts";
import { evaluateReservoir } from "./evaluate-reservoir.ts";

function reservoir(weights: Float64Array, size: number, activation = "linear", inputs = [0]): Network {
  const wIn = dense(size, 1);
  for (const unit of inputs) wIn.values[unit] = 1;
  return network({
    populations: [population("res", { size, neuron: leakyEchoState({ activation }) })],
    inputs: [input("u", 1)],
    projections: [
      projection("u", "res", { target: "in", weights: wIn }),
      projection("res", "res", { target: "rec", weights: dense(size, size, weights) }),
    ],
  });
}

/** Unit i + 1 takes the value unit i had. */
function delayLine(size: number): Float64Array {
  const w = new Float64Array(size * size);
  for (let i = 1; i < size; i++) w[i * size + i - 1] = 1;
  return w;
}

const task = memoryCapacityTask({ steps: 3000, maxDelay: 15, rng: createRng(1).stream("task") });
const options = { input: "u", record: "res.r" } as const;

describe("evaluateReservoir", () => {
  it("finds that a delay line of N units remembers exactly its N − 1 last inputs beside the present one", () => {
    const size = 10;
    const [result] = evaluateReservoir(reservoir(delayLine(size), size), task, options);
    if (result.status !== "done") throw new Error("diverged");
    const { forgettingCurve } = memoryCapacity(result.scores.r);
    // Unit 0 holds the present input, unit k that of k steps ago.
    for (let k = 1; k <= 9; k++) expect(forgettingCurve[k - 1]).toBeCloseTo(1, 9);
    for (let k = 10; k <= 15; k++) expect(forgettingCurve[k - 1]).toBeLessThan(0.02);
  });

  it("equals fitting and scoring on all states at once", () => {
    const size = 12;
    const rng = createRng(5);
    const w = Float64Array.from({ length: size * size }, () => 0.25 * rng.normal());
    const net = reservoir(w, size, "leaky-relu", [0, 3]);
    const units = Int32Array.of(1, 2, 5, 7, 11);
    const [result] = evaluateReservoir(net, task, {
      ...options,
      units,
      washout: 100,
      trainFraction: 0.6,
      readout: { lambda: 1e-3 },
    });
    if (result.status !== "done") throw new Error("diverged");

    const run = simulate(net);
    const record = run.monitor("res.r", { units });
    run.run(task.steps, { inputs: { u: task.input } });
    const { values } = record.data();
    const cut = 100 + 1740;
    const rows = (a: Float64Array, width: number, from: number, to: number) =>
      a.slice(from * width, to * width);
    const readout = ridge(rows(values, 5, 100, cut), rows(task.target, 15, 100, cut), {
      units: 5,
      outputs: 15,
      lambda: 1e-3,
    });
    const expected = predict(readout, rows(values, 5, cut, 3000));
    const scores = regressionScores(rows(task.target, 15, cut, 3000), expected, { outputs: 15 });
    expect(result.steps).toEqual({ train: cut - 100, test: 3000 - cut });
    for (let o = 0; o < 15; o++) expect(result.scores.r[o]).toBeCloseTo(scores.r[o], 9);
  });

  it("gives each instance the result it has alone, and a diverged one a status", () => {
    const size = 8;
    const rng = createRng(6);
    const w = Float64Array.from({ length: size * size }, () => 0.3 * rng.normal());
    const net = reservoir(w, size);
    const gains = [0.2, 0.5, 3, 0.7];
    const run = (g: number[]) =>
      evaluateReservoir(net, task, {
        ...options,
        simulation: { instances: g.length, seed: g.map(() => 1), gains: { "res.rec": g } },
      });
    const together = run(gains);
    expect(together.map((r) => r.status)).toEqual(["done", "done", "diverged", "done"]);
    gains.forEach((g, b) => {
      const [alone] = run([g]);
      const { instance: _, ...mine } = together[b];
      const { instance: __, ...its } = alone;
      if (together[b].status === "done") expect(mine).toEqual(its);
    });
    expect(together[2]).toMatchObject({
      divergence: { instance: 2, variable: expect.stringMatching(/^res\./) },
    });
  });

  it("refuses an empty readout and a split without test steps", () => {
    const net = reservoir(delayLine(3), 3);
    expect(() => evaluateReservoir(net, task, { ...options, units: new Int32Array() })).toThrow(
      "no unit is read out",
    );
    expect(() => evaluateReservoir(net, task, { ...options, washout: 3000 })).toThrow("washout (3000)");
  });
});
