/**
 * @file Marmoset cortex against random connections, left out where its connectome is missing; small, a fixed seed.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trainTopology } from "../../science/training/topology.ts";
import { readConnectome } from "../../src/connectome/index.ts";

const file = join(import.meta.dirname, "../../../shared/data/connectomes/C_Marmoset_Normalized.npy");

describe.skipIf(!existsSync(file))("marmoset topology", () => {
  it("learns a long sequence as a random one does, once spectral radii are equal", () => {
    const areas = readConnectome(readFileSync(file), { name: "marmoset.npy" });
    const task = { kind: "sequence", length: 10 } as const;
    const shared = { areas, neurons: 2, task, learningRate: 1e-3, updates: 150, every: 50, seed: 1 };
    const bio = trainTopology({ ...shared, topology: "bio", radius: 0.89 });
    const random = trainTopology({ ...shared, topology: "random", radius: 0.89 });
    const drawn = trainTopology({ ...shared, topology: "random" });
    expect([bio, random, drawn].map((r) => r.training.breaches)).toEqual([0, 0, 0]);
    expect(bio.density).toBeCloseTo(random.density, 12);
    expect(drawn.radius).toBeLessThan(0.6);
    // Chance is 1/12; the larger radius, not the topology, is what helps.
    expect(drawn.loss).toBeGreaterThan(0.07);
    for (const { loss } of [bio, random]) expect(loss).toBeLessThan(drawn.loss / 4);
    expect(bio.loss / random.loss).toBeGreaterThan(0.1);
    expect(bio.loss / random.loss).toBeLessThan(10);
  }, 120_000);
});
