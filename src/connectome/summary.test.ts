import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { denseFromRows } from "../core/index.ts";
import { createConnectome } from "./connectome.ts";
import { readConnectome } from "./io/read-connectome.ts";
import { summarize } from "./summary.ts";

describe("summarize", () => {
  it("counts a small directed graph", () => {
    // b → a → b, a → c, c → c; d alone.
    const weights = denseFromRows([
      [0, 2, 0, 0],
      [0.5, 0, 0, 0],
      [-1, 0, 0.25, 0],
      [0, 0, 0, 0],
    ]);
    const types = ["x", "y", "x", "x"];
    expect(summarize(createConnectome({ name: "g", weights, types }))).toEqual({
      name: "g",
      nodes: 4,
      edges: 3,
      density: 3 / 12,
      directed: true,
      reciprocity: 2 / 3,
      weakComponents: { count: 2, largest: 3 },
      strongComponents: { count: 3, largest: 2 },
      selfLoops: 1,
      isolated: 1,
      positive: 3,
      negative: 1,
      minWeight: -1,
      maxWeight: 2,
      meanWeight: 1.75 / 4,
      spectralRadius: 1,
      types: { x: 3, y: 1 },
    });
  });

  it("does not call a node isolated that only sends", () => {
    const weights = denseFromRows([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 1],
    ]);
    expect(summarize(createConnectome({ name: "pair", weights }))).toMatchObject({
      isolated: 1,
      selfLoops: 1,
    });
  });

  it("has a number everywhere for one node without edges", () => {
    expect(summarize(createConnectome({ name: "one", weights: denseFromRows([[0]]) }))).toEqual({
      name: "one",
      nodes: 1,
      edges: 0,
      density: 0,
      directed: false,
      reciprocity: 0,
      weakComponents: { count: 1, largest: 1 },
      strongComponents: { count: 1, largest: 1 },
      selfLoops: 0,
      isolated: 1,
      positive: 0,
      negative: 0,
      minWeight: 0,
      maxWeight: 0,
      meanWeight: 0,
      spectralRadius: 0,
      types: {},
    });
  });
});

const folder = new URL("../../../shared/data/connectomes/", import.meta.url);

/** Nodes, edges, self-loops, strong components and reciprocity by NetworkX, spectral radius by LAPACK. */
const PUBLISHED = [
  ["Drosophila", 49, 1950, 0, { count: 1, largest: 49 }, 0.92, 10795.415210843455],
  ["Human_Betzel_Normalized", 57, 632, 0, { count: 1, largest: 57 }, 1.0, 0.0065326375174980965],
  ["Macaque_Normalized", 29, 536, 0, { count: 1, largest: 29 }, 0.7985074626865671, 0.8504342592804729],
  ["Marmoset_Normalized", 55, 1862, 0, { count: 1, largest: 55 }, 0.8023630504833512, 0.8560352000814254],
  ["Mouse_Gamanut_Normalized", 19, 329, 0, { count: 1, largest: 19 }, 0.9726443768996961, 0.5969044252195845],
  ["Mouse_Ypma_Oh", 56, 1975, 0, { count: 1, largest: 56 }, 0.7422784810126583, 14.748784300751641],
] as const;

describe.skipIf(!existsSync(folder))("published connectomes", () => {
  it.each(PUBLISHED)("%s", (name, nodes, edges, selfLoops, strong, reciprocity, radius) => {
    const summary = summarize(readConnectome(readFileSync(new URL(`C_${name}.npy`, folder)), { name }));
    expect(summary).toMatchObject({ nodes, edges, selfLoops, strongComponents: strong });
    expect(summary.density).toBe(edges / (nodes * (nodes - 1)));
    expect(Math.abs(summary.reciprocity - reciprocity)).toBeLessThan(1e-12);
    expect(Math.abs(summary.spectralRadius / radius - 1)).toBeLessThan(1e-10);
  });
});
