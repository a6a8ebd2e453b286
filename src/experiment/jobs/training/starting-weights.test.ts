import { describe, expect, it } from "vitest";
import type { Connectome } from "../../../connectome/index.ts";
import { dense } from "../../../core/index.ts";
import type { RateNetwork } from "../../../learning/index.ts";
import { projection } from "../../../model/index.ts";
import { startingWeights } from "./starting-weights.ts";

/** What is looked at of a network: its recurrent weights, as drawn. */
const drawn = (values: readonly number[]) => {
  const rec = projection("rec", "rec", { name: "rec", weights: dense(3, 3, values) });
  return { network: { projections: [rec] } } as unknown as RateNetwork;
};
const measured = (values: readonly number[]) =>
  ({ weights: dense(3, 3, values), labels: ["a", "b", "c"] }) as unknown as Connectome;

describe("startingWeights", () => {
  // The second unit sends inhibition; autapses and c → a were left out of the network.
  const rate = drawn([0, -1, 0, 4, 0, 2, 3, -5, 0]);
  const connectome = measured([9, 8, 7, 1, 9, 6, 2, 5, 9]);
  const signs = Int8Array.of(1, -1, 1);

  it("are those measured, with the sign of the sender, where the network has a synapse", () => {
    expect(Array.from(startingWeights(rate, connectome, { use: "weights", signs }), (w) => w + 0)).toEqual([
      ...[0, -8, 0],
      ...[1, 0, 6],
      ...[2, -5, 0],
    ]);
  });

  it("are those drawn in the order of those measured, of synapses the network has alone", () => {
    // Measured, ascending: 1, 2, 5, 6, 8; drawn sizes: 1, 2, 3, 4, 5.
    expect(Array.from(startingWeights(rate, connectome, { use: "ranks", signs }), (w) => w + 0)).toEqual([
      ...[0, -5, 0],
      ...[1, 0, 4],
      ...[2, -3, 0],
    ]);
  });

  it("are scaled to a radius", () => {
    const cycle = drawn([0, 0, 8, 1, 0, 0, 0, 1, 0]);
    const weights = startingWeights(cycle, connectome, {
      use: "mask",
      signs: undefined,
      spectralRadius: 0.5,
    });
    // The eigenvalues of a cycle are the third roots of the product of its weights.
    for (const [k, w] of [0, 0, 2, 0.25, 0, 0, 0, 0.25, 0].entries()) expect(weights[k]).toBeCloseTo(w, 12);
  });
});
