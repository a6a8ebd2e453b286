import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { elmanNetwork } from "./elman-network.ts";
import type { ClipOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";

const task = perceptualDecision({ timing: { stimulus: 60, decision: 60 }, catchFraction: 0 });
const trainer = (clip: ClipOptions) =>
  new Trainer({
    network: elmanNetwork({ inputs: 2, units: 5, outputs: 2, rng: createRng(1) }),
    ...{ task, updates: 4, batchSize: 4, validation: false, clip },
    optimiser: { kind: "sgd", learningRate: 0.5 },
    run: { precision: "f64" },
  });

/** Norm of the gradient of the first update, and of the step. */
function firstStep(clip: ClipOptions): { norm: number; step: number } {
  const own = trainer(clip);
  // Copies: the next update writes over them.
  const before = Object.entries(own.parameters()).map(([name, values]) => [name, values.slice()] as const);
  own.step();
  const after = own.parameters();
  let sum = 0;
  for (const [name, values] of before)
    for (const [k, v] of values.entries()) sum += (after[name][k] - v) * (after[name][k] - v);
  return { norm: own.history.gradientNorm[0], step: Math.sqrt(sum) };
}

describe("clip", () => {
  it("divides by the norm, or by the norm and what is added to it, as torch does", () => {
    const { norm } = firstStep({});
    expect(norm).toBeGreaterThan(0);
    const most = norm / 3;
    for (const epsilon of [undefined, 0, 1e-6, norm, 10 * norm]) {
      const { norm: told, step } = firstStep({ norm: most, epsilon });
      expect(told).toBe(norm); // as it was before
      expect(step).toBeCloseTo((0.5 * norm * most) / (norm + (epsilon ?? 0)), 12);
    }
    // torch's quotient is below 1 where the norm is just within bounds, and gradients shrink.
    expect(firstStep({ norm, epsilon: norm }).step).toBeCloseTo((0.5 * norm) / 2, 12);
    expect(firstStep({ norm: 3 * norm, epsilon: norm }).step).toBeCloseTo(0.5 * norm, 12);
  });

  it("without epsilon is what it was, bit for bit", () => {
    const all = [{ norm: 0.1 }, { norm: 0.1, epsilon: 0 }].map((clip) => {
      const own = trainer(clip);
      for (let k = 0; k < 4; k++) own.step();
      return own.history.loss;
    });
    expect(all[1]).toEqual(all[0]);
  });

  it.each<[ClipOptions, string]>([
    [{ norm: 1, epsilon: -1 }, "train: clip.epsilon must be ≥ 0, got -1"],
    [{ value: 1, epsilon: 1e-6 }, "train: clip.epsilon has no effect without clip.norm. Give both"],
    [{ norm: 1, epsilon: Number.NaN }, "train: clip.epsilon must be ≥ 0, got NaN"],
    [{ value: -1 }, "train: clip.value must be > 0, got -1"],
  ])("refuses %j", (clip, message) => {
    expect(() => trainer(clip)).toThrow(message);
  });
});
