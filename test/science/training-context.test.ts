/**
 * @file Context-dependent integration under Dale's law, small and with a fixed seed; `npm run science -- training`
 * measures the published size over several seeds. Tolerances are wide: what is asked is that the effect is there.
 */

import { describe, expect, it } from "vitest";
import { trainContext } from "../../science/training/context-integration.ts";

describe("a network that obeys Dale's law", () => {
  it("weighs the modality that the context asks for, and not the other", () => {
    const { training, slopes, ratio, correct } = trainContext({
      seed: 1,
      units: 100,
      noise: 0.1,
      batchSize: 20,
      updates: 1300,
      every: 100,
      window: 1,
    });
    expect(training.breaches).toBe(0);
    expect(correct).toBeGreaterThan(0.8);
    expect(Math.min(slopes.motion.motion, slopes.colour.colour)).toBeGreaterThan(0.03);
    expect(ratio).toBeGreaterThan(5);
  }, 120_000);
});
