import { describe, expect, it } from "vitest";
import { createRng, dense } from "../../core/index.ts";
import { simulate } from "../../engine/index.ts";
import { reservoirNetwork } from "./reservoir-network.ts";

describe("reservoirNetwork", () => {
  const weights = dense(4, 4, [0, 0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0]);

  it("drives the chosen units only, and couples units by their weights", () => {
    const net = reservoirNetwork(weights, { inputNodes: [1, 3], inputWeights: "ones", rng: createRng(1) });
    const run = simulate(net);
    run.set("input.r", 1);
    run.step();
    const r = Math.tanh(1);
    expect([...run.get("reservoir.r")].map((x) => x.toFixed(12))).toEqual(
      [0, r, 0, r].map((x) => x.toFixed(12)),
    );
    run.set("input.r", 0);
    run.step();
    expect([...run.get("reservoir.r")].map((x) => x.toFixed(12))).toEqual(
      [0.5 * r, 0, 0.5 * r, 0].map((x) => Math.tanh(x).toFixed(12)),
    );
  });

  it("draws the same weights from the same stream, within their range", () => {
    const drawn = (inputWeights: "uniform" | "normal") =>
      reservoirNetwork(weights, { inputWeights, rng: createRng(2) }).projections[0].weights.values;
    expect(drawn("uniform")).toEqual(drawn("uniform"));
    expect(drawn("uniform").every((w) => w >= -1 && w < 1 && w !== 0)).toBe(true);
    expect(drawn("normal")).not.toEqual(drawn("uniform"));
  });

  it("refuses a node that is not there", () => {
    expect(() => reservoirNetwork(weights, { inputNodes: [4], rng: createRng(1) })).toThrow(
      "input node 4 is not one of 0 … 3",
    );
  });
});
