import { expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { defineTask } from "../../../tasks/index.ts";
import { rateNetwork } from "./rate-network.ts";
import { Trainer } from "./trainer.ts";

const task = defineTask({
  name: "hold",
  dt: 20,
  inputs: ["left", "right"],
  outputs: ["left", "right"],
  factors: { side: { values: ["left", "right"] } },
  periods: [
    { name: "cue", duration: 60 },
    { name: "answer", duration: 60 },
  ],
  readout: { kind: "choice", period: "answer", at: "end", alternatives: [0, 1] },
  fill(draft, { side }, rng) {
    draft.show("cue", side as string, rng.uniform());
    draft.want("answer", side as string, 1);
    draft.count("answer");
    return { choice: side === "left" ? 0 : 1 };
  },
});

it("sees in fixed trials the same whatever batches they come in", () => {
  const seen = [1, 4, 8, 24].map((batchSize) => {
    const network = rateNetwork({ inputs: 2, units: 6, outputs: 2, rng: createRng(2).stream("network") });
    return new Trainer({
      ...{ network, task, batchSize, updates: 1, run: { precision: "f64" } },
      validation: { trials: 24 },
    }).validate();
  });
  for (const { loss, fractionCorrect } of seen) {
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeCloseTo(seen[0].loss, 12);
    expect(fractionCorrect).toBeCloseTo(seen[0].fractionCorrect, 12);
  }
});
