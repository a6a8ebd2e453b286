import { describe, expect, it } from "vitest";
import { createRng, type Matrix, sparseFromEntries } from "../../core/index.ts";
import { lazar2009, network, neuron, population, projection } from "../../model/index.ts";
import { countingTask, symbolPools } from "../../tasks/index.ts";
import { symbolDrive } from "./drive.ts";
import { perturbationGrowth } from "./perturbation-growth.ts";
import { SelfOrganisation } from "./self-organisation.ts";

const SIZE = 16;

/** Units that follow others; noise of this strength moves them all. */
function followers(wiring: { post: number[]; pre: number[] }, noise = 0) {
  const weights: Matrix = sparseFromEntries(
    { rows: SIZE, columns: SIZE },
    { ...wiring, values: wiring.post.map(() => 1) },
  );
  const unit = neuron({ parameters: { noise }, equations: "x = sum(exc) + Normal(0, noise) > 0.5" });
  return network({
    populations: [population("E", { size: SIZE, neuron: unit })],
    projections: [projection("E", "E", { weights, variable: "x" })],
  });
}

const range = Array.from({ length: SIZE }, (_, i) => i);
const rng = createRng(1);

describe("perturbationGrowth", () => {
  it("carries one flip round a ring for ever", () => {
    const ring = followers({ post: range, pre: range.map((i) => (i + 1) % SIZE) });
    const { distance, slope, healed } = perturbationGrowth({
      network: ring,
      seed: 1,
      rng,
      trials: 4,
      steps: 20,
    });
    expect(Array.from(distance)).toEqual(new Array(21).fill(1));
    expect([slope, healed]).toEqual([0, 0]);
  });

  it("doubles where every unit is followed by two, until all differ", () => {
    // x_i follows x_(i/2) and x_(i/2 + 8): a flip of any unit reaches 2, 4, 8, then all 16.
    const butterfly = followers({
      post: [...range, ...range],
      pre: [...range.map((i) => i >> 1), ...range.map((i) => (i >> 1) + 8)],
    });
    const { distance, firstStep } = perturbationGrowth({
      network: butterfly,
      seed: 1,
      rng,
      trials: 6,
      steps: 6,
    });
    expect(Array.from(distance)).toEqual([1, 2, 4, 8, 16, 16, 16]);
    expect(firstStep).toBeCloseTo(Math.LN2, 14);
  });

  it("lets twins share their noise: flips that no unit sees are gone after one step", () => {
    const noisy = followers({ post: [], pre: [] }, 2);
    const { distance, healed } = perturbationGrowth({ network: noisy, seed: 3, rng, trials: 5, steps: 4 });
    expect(Array.from(distance)).toEqual([1, 0, 0, 0, 0]);
    expect(healed).toBe(1);
  });

  it("falls while a network organises itself: perturbations grow early and heal late", () => {
    const root = createRng(1);
    const inputWeights = symbolPools({ symbols: 6, size: 200, rng: root.stream("pools") });
    const net = lazar2009({ inputWeights }, root.stream("network"));
    const drive = symbolDrive((piece, stream) => countingTask({ n: 8, ...piece }, stream), {
      rng: root.stream("input"),
    });
    const run = new SelfOrganisation({
      network: net,
      seed: 1,
      drive,
      phases: [{ name: "plastic", steps: 50_000, record: false }],
    });
    const growth = () =>
      perturbationGrowth({
        network: net,
        seed: 1,
        drive,
        rng: createRng(1),
        image: run.simulation.save(),
        trials: 60,
        steps: 30,
      });
    run.advance(5000);
    const early = growth();
    run.advance(45_000);
    const late = growth();
    expect(early.slope).toBeGreaterThan(0.2);
    expect(early.saturation).toBeGreaterThan(3);
    expect(late.slope).toBeLessThan(0);
    expect(late.healed).toBeGreaterThan(0.95);
  });

  it("refuses graded units and odd options", () => {
    const graded = network({
      populations: [
        population("E", { size: 2, neuron: neuron({ equations: "x = x / 2" }), initial: { x: 1 } }),
      ],
    });
    expect(() => perturbationGrowth({ network: graded, seed: 1, rng })).toThrow(
      "perturbationGrowth: E.x has values other than 0 and 1. Name a variable whose units are active or not, e.g. E.x.",
    );
    expect(() => perturbationGrowth({ network: graded, seed: 1, rng, trials: 0 })).toThrow(
      "perturbationGrowth: trials must be a whole number ≥ 1, got 0",
    );
  });
});
