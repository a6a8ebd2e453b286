import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { type RateNetwork, rateNetwork } from "../train/rate-network.ts";
import { train } from "../train/train.ts";
import { parameterTensors } from "./parameter-tensors.ts";
import { pretrainedWeights } from "./pretrained-weights.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";
import { constraintTensors, synapseMasks } from "./synapse-masks.ts";

const SIZES = { inputs: 2, units: 12, outputs: 2 };
const mask = Uint8Array.from({ length: 144 }, (_, k) => ((k + Math.floor(k / 12)) % 3 === 0 ? 1 : 0));
const fixed = Float64Array.from(mask, (m, k) => (m === 1 && k % 4 === 0 && k % 13 !== 0 ? 0.25 : 0));
for (let k = 0; k < 144; k++) if (k % 12 >= 9) fixed[k] *= -1;

const UNIFORM = { in: { distribution: { kind: "uniform", low: -1, high: 1 } } } as const;

/** Few synapses, so that they are stored as edges; some keep their weights. */
const made = rateNetwork({
  ...{ ...SIZES, dale: 0.75, masks: { rec: mask }, fixed: { rec: fixed }, rng: createRng(3) },
  initial: { rec: { distribution: { kind: "gamma", scale: 0.05 } } },
});

function weightsOf({ network }: RateNetwork): Record<string, Float64Array> {
  return Object.fromEntries(network.projections.map((p) => [`weights:${p.name}`, p.weights.values as never]));
}

function written(rate: RateNetwork, withMasks = true): Record<string, Tensor> {
  const tensors = parameterTensors(rate.network, weightsOf(rate));
  return decodeSafetensors(encodeSafetensors({ ...tensors, ...(withMasks && constraintTensors(rate)) }))
    .tensors;
}

describe("constraintTensors", () => {
  it("tells which synapses exist and are trained, and the signs of their senders", () => {
    const { "masks/rec": rec, "signs/rec": signs, "masks/out": out, ...rest } = constraintTensors(made);
    expect(rec.shape).toEqual([12, 12]);
    rec.values.forEach((kind, k) => {
      const isDiagonal = k % 13 === 0;
      expect(kind).toBe(fixed[k] !== 0 ? 2 : mask[k] === 1 && !isDiagonal ? 1 : 0);
    });
    expect(signs).toEqual({ values: Int8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1), shape: [12] });
    // Only excitatory units are read out; the others have no synapse there.
    expect([...out.values.slice(0, 12)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]);
    expect(rest["signs/out"].values).toEqual(Int8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0));
    expect(rest["signs/in"]).toEqual({ values: Int8Array.of(1, 1), shape: [2] });
  });

  it("has no signs where one unit may both excite and inhibit", () => {
    const free = rateNetwork({ ...SIZES, rng: createRng(1) });
    expect(Object.keys(constraintTensors(free))).toEqual(["masks/in", "masks/rec", "masks/out"]);
    const entrySigns = { in: Int8Array.from({ length: 24 }, (_, k) => (k < 12 ? 1 : -1)) };
    const mixed = rateNetwork({ ...SIZES, entrySigns, rng: createRng(1), initial: UNIFORM });
    expect(Object.keys(constraintTensors(mixed))).not.toContain("signs/in");
  });
});

describe("pretrainedWeights", () => {
  it("makes the same network again, masks and held weights included, which then trains to the same bits", () => {
    const again = rateNetwork({
      ...{ ...SIZES, dale: 0.75, rng: createRng(99) },
      ...pretrainedWeights(written(made), { masks: true }),
    });
    expect(synapseMasks(again)).toEqual(synapseMasks(made));
    expect(again.network).toEqual(made.network);
    const task = perceptualDecision({ dt: 50 });
    const go = (network: RateNetwork) => {
      const { last } = train({ network, task, updates: 3, batchSize: 4, seed: 5 });
      // Where there is no synapse, inhibitory units may have −0 for 0.
      return Object.fromEntries(
        Object.entries(last).map(([name, values]) => [name, values.map((w) => w + 0)]),
      );
    };
    expect(go(again)).toEqual(go(made));
  });

  it("leaves masks alone unless asked: every pair may get a synapse", () => {
    const { weights, ...more } = pretrainedWeights(written(made));
    expect(more).toEqual({});
    const open = rateNetwork({ ...SIZES, rng: createRng(1), weights, autapses: true });
    const { rec } = synapseMasks(open);
    expect(rec.values.every((kind) => kind === 1)).toBe(true);
    // As much as a file without masks gives.
    expect(pretrainedWeights(written(made, false))).toEqual({ weights });
  });

  it("takes no masks for fixed weights where none is fixed", () => {
    const free = rateNetwork({ ...SIZES, rng: createRng(1) });
    expect(Object.keys(pretrainedWeights(written(free), { masks: true }))).toEqual(["weights", "masks"]);
  });

  it.each([
    [{}, "there are no weights Wanted: weights:in, weights:rec, weights:out."],
    [
      written(made, false),
      'there is no "masks/in" beside "weights:in" Leave masks out, or give a file that has them: constraintTensors writes them.',
    ],
    [
      { ...written(made), "masks/rec": { values: new Uint8Array(24), shape: [12, 2] } },
      '"masks/rec" has shape (12, 2), "weights:rec" (12, 12) Both are (post, pre).',
    ],
  ])("refuses what is missing: %#", (tensors, message) => {
    try {
      pretrainedWeights(tensors as Record<string, Tensor>, { masks: true });
      expect.fail("accepted");
    } catch (error) {
      const { what, hint } = error as { what: string; hint: string };
      expect(`${what} ${hint}`).toBe(message);
    }
  });
});
