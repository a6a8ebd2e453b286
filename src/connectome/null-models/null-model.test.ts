import { describe, expect, it } from "vitest";
import { createRng, dense } from "../../core/index.ts";
import { createConnectome } from "../connectome.ts";
import { applyNullModel, NULL_MODEL_KINDS, NULL_MODELS, type NullModelSpec } from "./null-model.ts";
import { rewire } from "./rewire.ts";

const ring = createConnectome({
  name: "ring",
  weights: dense(
    12,
    12,
    Array.from({ length: 144 }, (_, k) => ((Math.floor(k / 12) + 1) % 12 === k % 12 ? 1 + k : 0)),
  ),
});

describe("applyNullModel", () => {
  it("hands the options of `rewired` to rewire", () => {
    for (const options of [{}, { swapsPerEdge: 3, connected: false, maxAttempts: 500 }]) {
      const made = applyNullModel(ring, { kind: "rewired", ...options }, createRng(1));
      expect(made).toEqual(rewire(ring, { ...options, rng: createRng(1) }));
    }
  });

  it("knows a kind by its nearest name", () => {
    const spec = { kind: "rewire" } as unknown as NullModelSpec;
    expect(() => applyNullModel(ring, spec, createRng(1))).toThrow(
      'applyNullModel: unknown null model "rewire". Did you mean "rewired"? Known here: rewired.',
    );
  });

  it.each(NULL_MODEL_KINDS)("describes %s for lists and reports", (kind) => {
    expect(NULL_MODELS[kind].summary.length).toBeGreaterThan(20);
    expect(NULL_MODELS[kind].methods.length).toBeGreaterThan(20);
  });
});
