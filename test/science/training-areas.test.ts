/**
 * @file A chain of three areas of excitatory and inhibitory units that needs each of its links; small, a fixed seed.
 */

import { describe, expect, it } from "vitest";
import { trainAreas } from "../../science/training/areas.ts";

describe("three areas of excitatory and inhibitory units", () => {
  it("pass the evidence from the first to the last, and fail when a link is cut", () => {
    const { training, correct, masks } = trainAreas({ seed: 1, window: 1, updates: 1200 });
    expect(training.breaches).toBe(0);
    expect(masks.rec.filter((m) => m === 0).length).toBeGreaterThan(masks.rec.length / 2);
    expect(correct.whole).toBeGreaterThan(0.75);
    expect(Math.abs(correct["without 1->2"] - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(correct["without 2->3"] - 0.5)).toBeLessThan(0.1);
  }, 120_000);
});
