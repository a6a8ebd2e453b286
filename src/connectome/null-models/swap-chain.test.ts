import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { clearJournal, createSwapChain, type EdgeList, takeSteps, undoJournal } from "./swap-chain.ts";

function randomEdges(nodes: number, directed: boolean, seed: number): EdgeList {
  const rng = createRng(seed);
  const from: number[] = [];
  const to: number[] = [];
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < nodes; j++) {
      if (i === j || (!directed && i < j) || rng.uniform() < 0.5) continue;
      from.push(i);
      to.push(j);
    }
  return { nodes, directed, from: Int32Array.from(from), to: Int32Array.from(to) };
}

describe.each([true, false])("undoJournal, directed %s", (directed) => {
  it("restores edges, orientation and edge set to what they were at the last clearJournal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 8 }), fc.nat(9999), fc.nat(200), (nodes, seed, steps) => {
        const edges = randomEdges(nodes, directed, seed);
        if (edges.from.length < 2) return;
        const chain = createSwapChain(edges);
        const rng = createRng(seed);
        takeSteps(chain, 20, rng);
        clearJournal(chain);
        const before = [...edges.from, ...edges.to];
        takeSteps(chain, steps, rng);
        undoJournal(chain);
        expect([...edges.from, ...edges.to]).toEqual(before);
        expect(chain.swaps).toBe(0);
        const fresh = createSwapChain(edges);
        for (let i = 0; i < nodes; i++)
          for (let j = 0; j < nodes; j++)
            if (i !== j) expect(chain.present.has(i, j)).toBe(fresh.present.has(i, j));
      }),
    );
  });
});
