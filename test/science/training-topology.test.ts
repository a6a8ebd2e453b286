/**
 * @file Topology: a chain of areas that needs each link, and marmoset cortex against random connections (left out where
 * its connectome is missing); small, fixed seeds.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trainAreas } from "../../science/training/areas.ts";
import { trainTopology } from "../../science/training/topology.ts";
import { readConnectome } from "../../src/connectome/index.ts";

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

const file = join(import.meta.dirname, "../../../shared/data/connectomes/C_Marmoset_Normalized.npy");

describe.skipIf(!existsSync(file))("marmoset topology", () => {
  it("learns a long sequence as a random one does, once spectral radii are equal", () => {
    const areas = readConnectome(readFileSync(file), { name: "marmoset.npy" });
    const task = { kind: "sequence", length: 10 } as const;
    const shared = { areas, neurons: 2, task, learningRate: 1e-3, updates: 200, every: 50, seed: 1 };
    const bio = trainTopology({ ...shared, topology: "bio", radius: 0.89 });
    const random = trainTopology({ ...shared, topology: "random", radius: 0.89 });
    const drawn = trainTopology({ ...shared, topology: "random" });
    expect([bio, random, drawn].map((r) => r.training.breaches)).toEqual([0, 0, 0]);
    expect(bio.density).toBeCloseTo(random.density, 12);
    expect(drawn.radius).toBeLessThan(0.6);
    // Chance is 1/12; the larger radius, not the topology, is what helps.
    expect(drawn.loss).toBeGreaterThan(0.07);
    for (const { loss } of [bio, random]) expect(loss).toBeLessThan(drawn.loss / 10);
    expect(bio.loss / random.loss).toBeGreaterThan(0.1);
    expect(bio.loss / random.loss).toBeLessThan(10);
  }, 120_000);
});
