import { describe, expect, it } from "vitest";
import { createRng, toDense } from "../../../core/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { rateNetwork } from "./rate-network.ts";
import type { Regulariser } from "./train-options.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { Trainer } from "./trainer.ts";

const regularisers: Regulariser[] = [
  { kind: "weight", name: "l1", weights: "rec", metric: "l1-mean", weight: 0.3 },
  { kind: "weight", name: "l2", weights: "rec", metric: "l2-mean", weight: 0.5 },
  { kind: "weight", name: "norm", weights: "rec", metric: "frobenius", weight: 0.1 },
  { kind: "hebbian", of: "r", weights: "rec", weight: 0.2 },
];

const sparse = rateNetwork({
  inputs: 2,
  units: 12,
  outputs: 2,
  density: 0.2,
  dale: 0.75,
  enforce: "project",
  rng: createRng(4),
});
const { weights: stored } = sparse.network.projections.find((p) => p.name === "rec")!;

/** The same network with absent synapses stored as 0 and kept there by its constraint. */
function asDense(): TrainableNetwork {
  if (stored.kind !== "sparse") throw new Error("the network is not sparse");
  const places = Array.from({ length: stored.rows }, (_, post) =>
    Array.from(
      stored.column.subarray(stored.rowStart[post], stored.rowStart[post + 1]),
      (pre) => post * stored.columns + pre,
    ),
  ).flat();
  const spread = <T extends Uint8Array | Int8Array>(values: T, whole: T): T => {
    for (const [k, place] of places.entries()) whole[place] = values[k];
    return whole;
  };
  const own = sparse.constraints!["weights:rec"];
  const size = stored.rows * stored.columns;
  const constraint = {
    ...own,
    plastic: spread(own.plastic, new Uint8Array(size)),
    signs: spread(own.signs!, new Int8Array(size)),
  };
  const projections = sparse.network.projections.map((p) =>
    p.name === "rec" ? { ...p, weights: toDense(p.weights) } : p,
  );
  return {
    ...sparse,
    network: { ...sparse.network, projections },
    constraints: { ...sparse.constraints, "weights:rec": constraint },
  };
}

function trained(network: TrainableNetwork) {
  const trainer = new Trainer({
    network,
    task: perceptualDecision(),
    updates: 3,
    batchSize: 4,
    regularisers,
    optimiser: { kind: "sgd", learningRate: 0.01 },
    run: { precision: "f64" },
    validation: false,
  });
  const reports = [trainer.step()!, trainer.step()!, trainer.step()!];
  return { reports, parameters: trainer.parameters() };
}

describe("terms on weights", () => {
  it("see the whole matrix, sparse or dense, in their values and in what is learned", () => {
    const ours = trained(sparse);
    const theirs = trained(asDense());
    for (const [k, { terms, loss }] of theirs.reports.entries()) {
      expect(Object.keys(terms)).toEqual(expect.arrayContaining(["l1", "l2", "norm", "hebbian"]));
      for (const [name, value] of Object.entries(terms))
        expect(ours.reports[k].terms[name]).toBeCloseTo(value, 12);
      expect(ours.reports[k].loss).toBeCloseTo(loss, 12);
    }
    const [a, b] = [ours, theirs].map(({ parameters }) => parameters["weights:rec"]);
    const nonzero = Array.from(b).filter((w) => w !== 0);
    expect(Array.from(a).filter((w) => w !== 0)).toHaveLength(nonzero.length);
    Array.from(a)
      .filter((w) => w !== 0)
      .forEach((w, k) => {
        expect(w).toBeCloseTo(nonzero[k], 12);
      });
  });

  it("take means over absent synapses too", () => {
    const [first] = trained(sparse).reports;
    const sum = stored.values.reduce((a, w) => a + w * w, 0);
    expect(first.terms.l2).toBeCloseTo(sum / (12 * 12), 12);
    expect(first.terms.norm).toBeCloseTo(Math.sqrt(sum), 12);
  });
});
