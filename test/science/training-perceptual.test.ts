/**
 * @file Perceptual decision under Dale's law, small and with a fixed seed; `npm run science -- training`
 * measures the published size over several seeds. Tolerances are wide: what is asked is that the effect is there.
 */

import { describe, expect, it } from "vitest";
import { trainPerceptual } from "../../science/training/perceptual-decision.ts";

describe("a network that obeys Dale's law", () => {
  it("learns the perceptual decision to criterion and chooses by the evidence", () => {
    const { training, reached, bias, threshold } = trainPerceptual({
      seed: 1,
      dale: true,
      units: 50,
      noise: 0.1,
      optimiser: { kind: "adam", learningRate: 0.02 },
      updates: 900,
      every: 25,
      window: 1,
    });
    expect(reached).toBe(true);
    expect(training.breaches).toBe(0);
    expect(training.looked).toBeGreaterThan(1e6);
    // σ of the published networks is 7 to 10 % of coherence.
    expect(threshold).toBeGreaterThan(2);
    expect(threshold).toBeLessThan(15);
    expect(Math.abs(bias)).toBeLessThan(threshold);
  }, 120_000);
});
