import { describe, expect, it } from "vitest";
import { evaluateLoss, type LossSources, type LossTerm } from "./composite.ts";
import { meanSquaredError } from "./error.ts";
import { expectGradient, noise } from "./testing/finite-difference.ts";

const [time, batch] = [4, 2];
const rates = noise(24, 1).map((v) => v + 1.5);
const out = noise(24, 2);
const w = noise(9, 3);
const target = noise(24, 4);
const valid = [1, 1, 1, 1, 1, 0, 1, 0];
const labels = [0, 1, 2, 0, -1, -1, 1, -1];

const terms: LossTerm[] = [
  { kind: "mse", of: "z", target: "z" },
  { kind: "binary-cross-entropy", of: "z", target: "z", weight: 0.3 },
  { kind: "cross-entropy", of: "z", target: "class", weight: 0.3 },
  { kind: "nll", of: "z", target: "class", weight: 0.1 },
  { kind: "soft-cross-entropy", of: "z", target: "z", weight: 0.2 },
  { kind: "rate", of: "E", weight: 0.5, metric: "sd" },
  { kind: "rate", name: "energy", of: "E", weight: 0.5 },
  { kind: "smoothness", of: "E", weight: 2, lag: 1 },
  { kind: "entropy", of: "E", weight: -0.1 },
  { kind: "divergence", of: "E", from: "z", weight: 0.1 },
  { kind: "weight", weights: "wRec", metric: "l1-mean", weight: 0.2 },
  { kind: "hebbian", of: "E", weights: "wRec", weight: 0.1 },
];

function sources(e: Float64Array, z: Float64Array, weights: Float64Array) {
  const gradients = { e: new Float64Array(24), z: new Float64Array(24), w: new Float64Array(9) };
  const value: LossSources = {
    time,
    batch,
    valid,
    activity: {
      E: { values: e, units: 3, gradient: gradients.e },
      z: { values: z, units: 3, gradient: gradients.z },
    },
    targets: { z: { values: target, mask: valid }, class: { values: labels } },
    weights: { wRec: { values: weights, gradient: gradients.w } },
  };
  return { value, gradients };
}

describe("evaluateLoss", () => {
  it("adds every term and every gradient", () => {
    const { value, gradients } = sources(rates, out, w);
    const loss = evaluateLoss(terms, value);
    const sum = terms.reduce((s, term) => s + (term.weight ?? 1) * loss.terms[term.name ?? term.kind], 0);
    expect(loss.total).toBeCloseTo(sum, 12);
    expect(Object.keys(loss.terms)).toHaveLength(terms.length);
    const total = (e: Float64Array, z: Float64Array, v: Float64Array) =>
      evaluateLoss(terms, sources(e, z, v).value).total;
    expectGradient(rates, (e) => total(e, out, w), gradients.e);
    expectGradient(out, (z) => total(rates, z, w), gradients.z);
    expectGradient(w, (v) => total(rates, out, v), gradients.w);
  });

  it("reports a term of weight 0 and leaves total and gradients alone", () => {
    const { value, gradients } = sources(rates, out, w);
    const loss = evaluateLoss([{ kind: "mse", of: "z", target: "z", weight: 0 }], value);
    expect(loss.total).toBe(0);
    const shape = { time, units: 3, batch };
    expect(loss.terms.mse).toBe(meanSquaredError(out, target, { shape, mask: valid }));
    expect(gradients.z.every((g) => g === 0)).toBe(true);
  });

  const refuse: [object, string][] = [
    [{ kind: "mze", of: "z", target: "z" }, 'loss: unknown kind of term "mze". Did you mean "mse"'],
    [{ kind: "mse", of: "Z", target: "z" }, 'loss "mse": there is no activity "Z". Did you mean "z"'],
    [{ kind: "mse", of: "z", target: "y" }, 'loss "mse": there is no target "y"'],
    [
      { kind: "weight", weights: "wRecc" },
      'loss "weight": there is no array of weights "wRecc". Did you mean "wRec"',
    ],
    [{ kind: "rate", of: "E", metric: "l3" }, 'loss "rate": unknown metric "l3". Did you mean "l2"'],
    [{ kind: "rate", of: "E", weight: NaN }, 'loss "rate": weight must be'],
  ];
  it.each(refuse)("refuses %j", (term, message) => {
    expect(() => evaluateLoss([term as LossTerm], sources(rates, out, w).value)).toThrow(message);
  });

  it("refuses two terms of one name", () => {
    const twice: LossTerm[] = [terms[0], terms[0]];
    expect(() => evaluateLoss(twice, sources(rates, out, w).value)).toThrow(
      'loss "mse": two terms have this name',
    );
  });
});
