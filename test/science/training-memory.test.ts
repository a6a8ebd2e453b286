/**
 * @file Memory learnt by a sparse network under Dale's law, and by a spiking one through its spikes; small, fixed seeds.
 */

import { describe, expect, it } from "vitest";
import { trainSpiking } from "../../science/training/spiking.ts";
import { trainMemory } from "../../science/training/working-memory.ts";

describe("parametric working memory", () => {
  it("is learnt at short delays and kept at three seconds", () => {
    const result = trainMemory({
      seed: 1,
      units: 60,
      noise: 0.1,
      learningRate: 0.01,
      stages: [
        { delay: [300, 600], updates: 500 },
        { delay: [2500, 3500], updates: 400 },
      ],
    });
    expect(result.breaches).toBe(0);
    expect(result.correct).toBeGreaterThan(0.93);
    expect(result.worst).toBeGreaterThan(0.8);
  }, 240_000);
});

describe("a spiking network", () => {
  it("learns delayed match to sample through its spikes, and obeys Dale's law at every step", () => {
    const result = trainSpiking({ seed: 2, dale: true, stages: [{ delay: 300, updates: 600 }] });
    expect(result.breaches).toBe(0);
    expect(result.correct).toBeGreaterThan(0.9);
    expect(result.rate).toBeGreaterThan(5);
    expect(result.rate).toBeLessThan(80);
  }, 240_000);
});
