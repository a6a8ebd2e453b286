import { describe, expect, it } from "vitest";
import { createRng, dense, drawGamma, onWarning, type Rng, spectralRadius } from "../../../core/index.ts";
import { countViolations, effectiveWeights } from "../constraints/enforce.ts";
import { createConstraint, ENFORCEMENTS } from "../constraints/weight-constraint.ts";
import { balancedProfile } from "./balance.ts";
import { drawWeights, fanScale, INITIAL_DISTRIBUTIONS, type InitialDistribution } from "./distribution.ts";
import { type InitialWeights, initialWeights } from "./initial-weights.ts";

const rng = createRng(3);

function moments(x: ArrayLike<number>): { mean: number; sd: number; largest: number } {
  const all = Array.from(x);
  const mean = all.reduce((s, v) => s + v, 0) / all.length;
  const sd = Math.sqrt(all.reduce((s, v) => s + (v - mean) * (v - mean), 0) / all.length);
  return { mean, sd, largest: Math.max(...all.map(Math.abs)) };
}

describe("drawWeights", () => {
  const [post, pre] = [100, 50];
  /** Distribution, expected standard deviation, largest possible size. */
  const table: [InitialDistribution, number, number][] = [
    [{ kind: "uniform-fan-in" }, 1 / Math.sqrt(150), 1 / Math.sqrt(50)],
    [{ kind: "normal-fan-in", gain: 2 }, 2 / Math.sqrt(50), Infinity],
    [{ kind: "xavier" }, Math.sqrt(2 / 150), Math.sqrt(6 / 150)],
    [{ kind: "xavier", draw: "normal" }, Math.sqrt(2 / 150), Infinity],
    [{ kind: "he" }, Math.sqrt(2 / 50), Math.sqrt(6 / 50)],
    [{ kind: "he", fan: "out", draw: "normal" }, Math.sqrt(2 / 100), Infinity],
    [{ kind: "normal", sd: 0.3 }, 0.3, Infinity],
    [{ kind: "uniform", low: -0.1, high: 0.3 }, 0.4 / Math.sqrt(12), 0.3],
    [{ kind: "gamma", scale: 0.05 }, 0.05 * Math.sqrt(2), Infinity],
    [{ kind: "constant", value: 0.25 }, 0, 0.25],
  ];
  it.each(table)("%j has its spread", (distribution, sd, largest) => {
    const m = moments(drawWeights(distribution, { post, pre, rng: rng.stream("draw") }));
    expect(Math.abs(m.sd - sd)).toBeLessThan(0.05 * sd + 1e-15);
    expect(m.largest).toBeLessThanOrEqual(largest * (1 + 1e-12));
  });

  it("orthogonal rows or columns are orthonormal", () => {
    for (const [rows, columns] of [
      [5, 9],
      [9, 5],
      [6, 6],
    ]) {
      const w = drawWeights(
        { kind: "orthogonal", gain: 2 },
        { post: rows, pre: columns, rng: rng.stream("orthogonal") },
      );
      const by =
        rows <= columns
          ? (a: number, k: number) => w[a * columns + k]
          : (a: number, k: number) => w[k * columns + a];
      const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++) {
          let product = 0;
          for (let k = 0; k < length; k++) product += by(a, k) * by(b, k);
          expect(product).toBeCloseTo(a === b ? 4 : 0, 12);
        }
      }
    }
  });

  it.each([0.4, 1, 2, 7])("gamma of shape %d has its mean and variance", (shape) => {
    const stream = rng.stream(`gamma ${shape}`);
    const m = moments(Float64Array.from({ length: 20_000 }, () => drawGamma(shape, stream)));
    expect(Math.abs(m.mean - shape)).toBeLessThan(4 * Math.sqrt(shape / 20_000));
    expect(Math.abs((m.sd * m.sd) / shape - 1)).toBeLessThan(0.08 + 0.05 / shape);
  });

  it("fans count the synapses that exist", () => {
    const mask = [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    const w = drawWeights({ kind: "he" }, { post: 3, pre: 4, rng: createRng(1), mask });
    const plain = drawWeights({ kind: "he" }, { post: 3, pre: 4, rng: createRng(1) });
    expect(w[0] / plain[0]).toBeCloseTo(Math.sqrt(4 / 2), 13);
    expect(w[4] / plain[4]).toBeCloseTo(2, 13);
    expect(w[8]).toBe(0);
    expect(fanScale({ kind: "he", fan: "out" }, { fanIn: 3, fanOut: 8 })).toBe(0.5);
  });

  it("refuses what is no distribution", () => {
    const draw = (d: object) => () => drawWeights(d as InitialDistribution, { post: 2, pre: 2, rng });
    expect(draw({ kind: "xaver" })).toThrow(
      'initial weights: unknown distribution "xaver". Did you mean "xavier"',
    );
    expect(draw({ kind: "gamma", scale: 0 })).toThrow('initial weights "gamma": scale must be > 0, got 0');
    expect(draw({ kind: "uniform", low: 1, high: 0 })).toThrow("high must be ≥ 1, got 0");
    expect(INITIAL_DISTRIBUTIONS).toHaveLength(9);
  });
});

describe("initialWeights", () => {
  const size = 30;
  const signs = Array.from({ length: size }, (_, j) => (j < 24 ? 1 : -1));
  const mask = Array.from({ length: size * size }, () => (rng.uniform() < 0.4 ? 1 : 0));
  for (let i = 0; i < size; i++) mask[i * size + (i === 28 ? 27 : 28)] = 1; // every unit gets some inhibition
  // A fixed synapse each way.
  const fixed = mask.map((_, k) => (k === 1 ? 0.4 : k === 29 ? -0.4 : 0));
  mask[1] = mask[29] = 1;
  const make = (enforce: (typeof ENFORCEMENTS)[number], withFixed: boolean) =>
    createConstraint({
      name: "w",
      post: size,
      pre: size,
      mask,
      signs,
      autapses: false,
      enforce,
      ...(withFixed && { fixed }),
    });

  it.each(ENFORCEMENTS.flatMap((e) => [[e, false] as const, [e, true] as const]))(
    "%s, fixed weights %s: obeys, is balanced and has its radius",
    (enforce, withFixed) => {
      const constraint = make(enforce, withFixed);
      const spec = {
        distribution: { kind: "gamma", scale: 0.05 },
        balance: "rows",
        spectralRadius: 1.5,
      } as const;
      const theta = initialWeights(spec, { constraint, rng: createRng(1) });
      const w = effectiveWeights(constraint, theta) as Float64Array;
      expect(countViolations(constraint, w)).toEqual({ offMask: 0, wrongSign: 0, movedFixed: 0 });
      expect(spectralRadius(dense(size, size, w))).toBeCloseTo(1.5, 9);
      for (let i = withFixed ? 1 : 0; i < size; i++) {
        const row = w.subarray(i * size, (i + 1) * size);
        expect(Math.abs(row.reduce((s, v) => s + v, 0))).toBeLessThan(1e-12);
      }
      // Every synapse that may be is there: half of them are not lost at 0 as with clamped draws.
      expect(w.filter((v) => v !== 0).length).toBe(mask.filter((m, k) => m && k % (size + 1) !== 0).length);
    },
  );

  it("clamps on request, as nn4n does, and warns of units that cannot be balanced", () => {
    const constraint = make("project", false);
    const w = initialWeights({ signs: "clamp" }, { constraint, rng: createRng(1) });
    const share = w.filter((v) => v !== 0).length / constraint.plastic.reduce((s, p) => s + p, 0);
    expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
    const seen: string[] = [];
    const restore = onWarning((_, message) => seen.push(message));
    const oneSided = createConstraint({ name: "wIn", post: 3, pre: 2, signs: [1, 1] });
    initialWeights({ balance: "rows" }, { constraint: oneSided, rng });
    restore();
    expect(seen[0]).toContain('weights "wIn": 3 units of 3 lack excitation or inhibition');
  });

  it("profiles make excitation and inhibition cancel, in rows of norm 1", () => {
    const profile = balancedProfile(make("rectify", false));
    for (let i = 0; i < size; i++) {
      const row = profile.subarray(i * size, (i + 1) * size);
      expect(Math.abs(row.reduce((s, v, j) => s + signs[j] * v, 0))).toBeLessThan(1e-12);
      expect(row.reduce((s, v) => s + v * v, 0)).toBeCloseTo(1, 12);
    }
    const free = createConstraint({ name: "w", post: 2, pre: 2 });
    expect(() => balancedProfile(free)).toThrow('weights "w": there are no signs to balance');
  });

  it("refuses a radius out of reach", () => {
    const loop = createConstraint({ name: "w", post: 2, pre: 2, fixed: [0, 2, 2, 0], mask: [1, 1, 1, 1] });
    const chain = createConstraint({ name: "w", post: 2, pre: 2, mask: [0, 0, 1, 0] });
    const half = createConstraint({
      name: "w",
      post: 3,
      pre: 3,
      fixed: [0, 1, 0, 1, 0, 0, 0, 0, 0],
      mask: [0, 1, 0, 1, 0, 0, 1, 0, 0],
    });
    const start = (constraint: typeof loop) => () =>
      initialWeights({ spectralRadius: 1.5 }, { constraint, rng });
    expect(start(loop)).toThrow(
      'weights "w": fixed weights alone have spectral radius 2, not below the 1.5 wanted',
    );
    expect(start(chain)).toThrow('weights "w": the spectral radius is 0, it cannot be made 1.5');
    expect(start(half)).toThrow("no scale of the trained weights gives spectral radius 1.5");
  });
});

describe("a sketch of initial weights", () => {
  const units = 1030;
  const draws = createRng(8);
  const constraint = (options: object = {}) =>
    createConstraint({
      name: "rec",
      post: units,
      pre: units,
      enforce: "rectify",
      autapses: false,
      ...options,
    });
  const signs = Int8Array.from({ length: units }, (_, i) => (i < 800 ? 1 : -1));
  const DISTRIBUTIONS: InitialDistribution[] = [
    { kind: "uniform-fan-in" },
    { kind: "orthogonal", gain: 0.5 },
    { kind: "gamma", scale: 0.05 },
    { kind: "normal", sd: 1 },
  ];

  it.each(DISTRIBUTIONS)(
    "has synapses and signs as drawn ones have, and about their size: %j",
    (distribution) => {
      const mask = Uint8Array.from({ length: units * units }, () => Number(draws.uniform() < 0.3));
      const law = constraint({ mask, signs });
      const spec = { distribution, spectralRadius: 1.2 };
      const theta = initialWeights(spec, { constraint: law, rng, sketch: true });
      const weights = effectiveWeights(law, theta) as Float64Array;
      expect(countViolations(law, weights)).toEqual({ offMask: 0, wrongSign: 0, movedFixed: 0 });
      expect(weights.reduce((count, w, k) => count + Number((w !== 0) !== (law.plastic[k] === 1)), 0)).toBe(
        0,
      );
      const size = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / units);
      expect(size).toBeCloseTo(1.2, 12);
    },
  );

  it("draws one row and looks for no eigenvalue; a small matrix is drawn as ever", () => {
    const free = constraint();
    const spec = { distribution: { kind: "normal", sd: 1 }, spectralRadius: 1.2 } as const;
    let asked = 0;
    const counting = (of: Rng): Rng => ({
      ...{
        name: of.name,
        uniform: () => of.uniform(),
        integer: (n) => of.integer(n),
        stream: (name) => counting(of.stream(name)),
      },
      normal() {
        asked++;
        return of.normal();
      },
    });
    initialWeights(spec, { constraint: free, rng: counting(draws), sketch: true });
    expect(asked).toBe(units);
    const few = createConstraint({ name: "rec", post: 20, pre: 20, enforce: "project" });
    const made = (sketch: boolean) => initialWeights(spec, { constraint: few, rng: createRng(1), sketch });
    expect(made(true)).toEqual(made(false));
  });

  it("is no sketch where weights are one value, which may cancel out", () => {
    const spec = { distribution: { kind: "constant", value: 2 }, spectralRadius: 1 } as const;
    const [sketch, drawn] = [true, false].map((is) =>
      initialWeights(spec, { constraint: constraint({ signs }), rng: draws, sketch: is }),
    );
    expect(sketch.every((w, k) => w === drawn[k])).toBe(true);
  });

  /** A line of synapses has no loop. */
  const line = Uint8Array.from({ length: units * units }, (_, k) =>
    Number(Math.floor(k / units) === (k % units) + 1),
  );
  it.each<[string, object, InitialWeights]>([
    ["no loop", { mask: line }, { distribution: { kind: "normal", sd: 1 }, spectralRadius: 1 }],
    ["nothing but 0", {}, { distribution: { kind: "xavier", gain: 0 }, spectralRadius: 1 }],
    ["numbers too large", {}, { distribution: { kind: "normal", sd: 1e308 }, spectralRadius: 1 }],
    ["a radius of 0", {}, { spectralRadius: 0 }],
    ["a wrong distribution", {}, { distribution: { kind: "normal", sd: -1 } }],
  ])("refuses what drawn weights refuse: %s", (_, options, spec) => {
    const messageOf = (sketch: boolean) => {
      try {
        initialWeights(spec, { constraint: constraint(options), rng: createRng(1), sketch });
      } catch (error) {
        return (error as Error).message;
      }
      return "fine";
    };
    const message = messageOf(true);
    expect(message).not.toBe("fine");
    expect(message).toBe(messageOf(false));
  });
});
