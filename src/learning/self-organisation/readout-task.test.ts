import { describe, expect, it } from "vitest";
import { createRng, denseFromRows } from "../../core/index.ts";
import { input, lazar2009, network, neuron, population, projection } from "../../model/index.ts";
import { countingBound, countingTask, symbolPools } from "../../tasks/index.ts";
import { countingExperiment } from "./counting-experiment.ts";
import { readoutTask } from "./readout-task.ts";

describe("countingExperiment", () => {
  it("has numbers of the reference at n = 8: SORN ≥ 0.99, static 0.86 ± 0.09 over seeds, IP alone < 0.75", () => {
    const { conditions, repeating, bound, memorylessPosition } = countingExperiment({ n: 8, seed: 1 });
    const { sorn, static: fixed, "ip-only": ip } = conditions;
    expect(bound).toBe(0.95);
    expect(sorn.scores["E.x"].position).toBeGreaterThanOrEqual(0.99);
    expect(sorn.scores["E.r"].nextSymbolNormalised).toBeGreaterThanOrEqual(0.99);
    expect(sorn.scores["E.r"].lastSymbol).toBe(1);
    expect(sorn.scores["E.x"].position! - fixed.scores["E.x"].position!).toBeGreaterThanOrEqual(0.08);
    expect(fixed.scores["E.r"].nextSymbolNormalised).toBeCloseTo(0.92, 2);
    expect(ip.scores["E.x"].position).toBeLessThan(0.75);
    expect(ip.scores["E.r"].nextSymbolNormalised).toBeCloseTo(0.78, 2);
    expect(ip.scores["E.x"].position).toBeGreaterThan(memorylessPosition);
    expect(Math.abs(repeating.nextSymbolNormalised - repeating.expected)).toBeLessThan(0.01);
    expect(repeating.lastSymbol).toBe(0);
    expect(sorn.rate).toBeCloseTo(0.1, 2);
    expect([sorn.status, sorn.warnings]).toEqual(["done", []]);
  });

  it("takes other networks, conditions and lengths", () => {
    const steps = { plastic: 20_000, train: 2000, test: 1000 };
    const { conditions } = countingExperiment({
      n: 4,
      seed: 2,
      steps,
      units: 100,
      pools: { unitsPerSymbol: 6 },
      network: (inputWeights, rng) => lazar2009({ units: 100, inputWeights, inDegree: 8 }, rng),
      conditions: { "no stdp": ["ip", "sn"], all: "all" },
      states: { "E.x": "after-input" },
      plasticReadout: true,
    });
    expect(Object.keys(conditions)).toEqual(["no stdp", "all"]);
    expect(Object.keys(conditions.all.scores)).toEqual(["E.x"]);
    expect(conditions.all.scores["E.x"].position).toBeGreaterThan(0.99);
    expect(conditions["no stdp"].scores["E.x"].position).toBeLessThan(0.99);
  });
});

describe("readoutTask", () => {
  const n = 4;
  const steps = { plastic: 10, train: 1200, test: 1200 };
  const sequence = countingTask({ n, steps: 2410 }, createRng(4).stream("input"));
  const oneToOne = denseFromRows(
    Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => (i === j ? 1 : 0))),
  );
  const shows = network({
    populations: [population("E", { size: 6, neuron: neuron({ equations: "r = x\nx = sum(in)" }) })],
    inputs: [input("input", 6)],
    projections: [projection("input", "E", { weights: oneToOne, target: "in" })],
  });

  it("gives a network without a memory what the present symbol tells, whichever way the state is timed", () => {
    // r of step t + 1 is x of step t: both know the same about step t + 1.
    const { scores } = readoutTask({ network: shows, seed: 1, sequence, steps, bound: countingBound(n) });
    expect(scores["E.x"].position).toBeCloseTo(3 / (n + 2), 2);
    expect(scores["E.r"].position).toBeCloseTo(scores["E.x"].position!, 2);
    expect(scores["E.r"].lastSymbol).toBe(0);
    expect(scores["E.r"].nextSymbol).toBeCloseTo(scores["E.x"].nextSymbol, 2);
    const mistimed = readoutTask({
      network: shows,
      seed: 1,
      sequence,
      steps,
      states: { "E.x": "before-input" },
    });
    expect(mistimed.scores["E.x"]).toMatchObject({ nextSymbol: 1, lastSymbol: 1 });
    expect(mistimed.scores["E.x"].nextSymbolNormalised).toBeUndefined();
  });

  it("refuses a sequence of another length, and names it does not know", () => {
    const net = lazar2009(
      { units: 60, inputWeights: symbolPools({ symbols: 6, size: 60, rng: createRng(1) }) },
      createRng(2),
    );
    const make = (change: Partial<Parameters<typeof readoutTask>[0]>) => () =>
      readoutTask({ network: net, seed: 1, sequence, steps, ...change });
    expect(make({ steps: { ...steps, test: 5 } })).toThrow(
      "readoutTask: the sequence has 2410 steps, the phases have 1215. Draw one sequence for plastic, training and test steps together.",
    );
    expect(make({ rules: ["stpd"] })).toThrow('there is no rule "stpd". Did you mean "stdp"?');
    expect(make({ states: { "E.y": "after-input" } })).toThrow('there is no "E.y"');
    expect(make({ input: "letters" })).toThrow('there is no input "letters"');
  });
});
