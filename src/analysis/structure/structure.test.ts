import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { connectionPhases } from "./connection-phases.ts";
import { degreeHistograms } from "./degrees.ts";
import { turnover } from "./turnover.ts";
import { weightChange } from "./weight-change.ts";

describe("degreeHistograms", () => {
  it("counts ends by hand", () => {
    const d = degreeHistograms({ pre: [0, 0, 1, 2], post: [1, 2, 2, 0] }, { pre: 4 });
    expect(Array.from(d.out.degrees)).toEqual([2, 1, 1, 0]);
    expect(Array.from(d.in.degrees)).toEqual([1, 1, 2, 0]);
    expect(Array.from(d.out.histogram)).toEqual([1, 2, 1]);
    expect([d.in.mean, d.density]).toEqual([1, 4 / 12]);
    expect(d.in.standardDeviation).toBeCloseTo(Math.sqrt(0.5), 14);
  });
  it("has the null's spread for chance wiring", () => {
    const rng = createRng(1);
    const [pre, post]: [number[], number[]] = [[], []];
    for (let i = 0; i < 300; i++) {
      for (let j = 0; j < 300; j++) {
        if (i === j || rng.uniform() >= 0.1) continue;
        pre.push(i);
        post.push(j);
      }
    }
    const d = degreeHistograms({ pre, post }, { pre: 300 });
    expect(Math.abs(d.in.standardDeviation / d.chance - 1)).toBeLessThan(0.15);
    expect(Math.abs(d.out.standardDeviation / d.chance - 1)).toBeLessThan(0.15);
  });
  it("takes two populations", () => {
    const d = degreeHistograms({ pre: [0, 1, 1], post: [4, 4, 0] }, { pre: 2, post: 5 });
    expect([d.density, d.in.degrees.length, d.out.degrees.length]).toEqual([0.3, 5, 2]);
  });
  it("refuses what is no edge", () => {
    expect(() => degreeHistograms({ pre: [0], post: [4] }, { pre: 4 })).toThrow(
      "degreeHistograms: post of edge 0 is 4, not one of 0 … 3",
    );
    expect(() => degreeHistograms({ pre: [0], post: [] }, { pre: 4 })).toThrow(
      "degreeHistograms: 1 presynaptic and 0 postsynaptic ends. Give both ends of every edge.",
    );
  });
});

describe("turnover", () => {
  it("counts events per step, in all and in windows, within its stretch", () => {
    const events = { births: [5, 10, 11, 19, 29, 30], deaths: [12, 25, 99] };
    const t = turnover(events, { from: 10, to: 30, window: 8 });
    expect(t).toMatchObject({ births: 4, deaths: 2, birthsPerStep: 0.2, deathsPerStep: 0.1, balance: 1 / 3 });
    expect(t.z).toBeCloseTo(2 / Math.sqrt(6), 14);
    expect(t.windows.map(({ from, to, births, deaths }) => [from, to, births, deaths])).toEqual([
      [10, 18, 2, 1],
      [18, 26, 1, 1],
    ]);
  });
  it("is a standard normal z for processes in balance", () => {
    const rng = createRng(2);
    const events = () => Array.from({ length: 100000 }, (_, t) => t).filter(() => rng.uniform() < 0.1);
    const { windows, z } = turnover(
      { births: events(), deaths: events() },
      { from: 0, to: 100000, window: 500 },
    );
    expect(Math.abs(z)).toBeLessThan(3);
    const spread = Math.sqrt(windows.reduce((s, w) => s + w.z * w.z, 0) / windows.length);
    expect(Math.abs(spread - Math.sqrt(0.9))).toBeLessThan(0.15); // Bernoulli steps: variance 1 − p
  });
  it("refuses windows that do not fit", () => {
    expect(() => turnover({ births: [], deaths: [] }, { from: 0, to: 10, window: 11 })).toThrow(
      "turnover: a window of 11 steps does not fit steps 0 to 10. Give from < to and a window no longer than that.",
    );
  });
});

describe("weightChange", () => {
  it("bins the synapses alive in both by their first weight, by hand", () => {
    const before = new Map([
      [1, 0.1],
      [2, 0.2],
      [3, 0.9],
      [4, 1.1],
      [9, 0.5],
    ]);
    const after = new Map([
      [1, 0.2],
      [2, 0.5],
      [3, 0.5],
      [4, 1.1],
      [7, 0.3],
    ]);
    const c = weightChange(before, after, { edges: [0, 0.6, 1.2] });
    expect([c.survivors, c.lost, c.gained]).toEqual([4, 1, 1]);
    expect(Array.from(c.count)).toEqual([2, 2]);
    expect(Array.from(c.weight)).toEqual([expect.closeTo(0.15, 14), expect.closeTo(1, 14)]);
    expect(Array.from(c.change)).toEqual([expect.closeTo(0.2, 14), expect.closeTo(0.2, 14)]);
    expect(Array.from(c.standardError)).toEqual([expect.closeTo(0.1, 14), expect.closeTo(0.2, 14)]);
  });

  const evolve = (f: (w: number, noise: number) => number) => {
    const rng = createRng(3);
    const [before, after] = [new Map<number, number>(), new Map<number, number>()];
    for (let k = 0; k < 4000; k++) {
      const w = 0.05 + 0.4 * rng.uniform();
      before.set(k, w);
      after.set(k, f(w, rng.normal()));
    }
    return weightChange(before, after, { scale: "log", bins: 8 });
  };
  it("is flat for additive changes and proportional for multiplicative ones", () => {
    const additive = evolve((w, noise) => w + 0.01 * noise);
    expect(Math.abs(additive.slope)).toBeLessThan(3 * additive.slopeError);
    expect(Math.abs(additive.exponent)).toBeLessThan(0.1);
    const multiplicative = evolve((w, noise) => w * (1 + 0.1 * noise));
    expect(multiplicative.slope).toBeCloseTo(0.1 * Math.sqrt(2 / Math.PI), 2);
    expect(Math.abs(multiplicative.exponent - 1)).toBeLessThan(0.1);
    expect(multiplicative.count.reduce((a, b) => a + b, 0)).toBe(4000);
  });
  it("puts every weight into one bin, the largest too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom("linear" as const, "log" as const),
        (values, scale) => {
          const snapshot = new Map(values.map((w, k) => [k, w]));
          const c = weightChange(snapshot, snapshot, { scale, bins: 5 });
          expect(c.count.reduce((a, b) => a + b, 0)).toBe(values.length);
        },
      ),
    );
  });
  it("says what is wrong", () => {
    const one = new Map([[1, 0.5]]);
    expect(() => weightChange(one, new Map([[2, 0.5]]))).toThrow(
      "weightChange: no synapse is alive in both snapshots. Take the snapshots closer together, and name edges alike in both.",
    );
    expect(() => weightChange(one, one, { bins: 0 })).toThrow(
      "weightChange: 0 bins. Give at least one bin, or at least two ascending edges.",
    );
    expect(() => weightChange(one, one, { edges: [1, 1] })).toThrow(
      "weightChange: the bin edges 1, 1 do not ascend.",
    );
    const zero = new Map([[1, 0]]);
    expect(() => weightChange(zero, zero, { scale: "log" })).toThrow(
      'weightChange: a weight is 0, which has no logarithm. Use scale "linear".',
    );
  });
});

describe("connectionPhases", () => {
  /** Decay to 1 % at 5·10⁴, growth to 6 % at 10⁶, plateau about 10 % that drifts by 1 % per 10⁶ steps. */
  const steps = Array.from({ length: 301 }, (_, k) => k * 10_000);
  const fraction = steps.map((t) => {
    if (t <= 50_000) return 0.1 - (0.09 * t) / 50_000;
    if (t <= 1_000_000) return 0.01 + (0.05 * (t - 50_000)) / 950_000;
    if (t < 1_500_000) return 0.06 + (0.04 * (t - 1_000_000)) / 500_000;
    return 0.1 * (1 + (0.01 * (t - 2_250_000)) / 1e6);
  });
  it("finds minimum, growth and plateau", () => {
    const p = connectionPhases({ steps, fraction });
    expect(p).toMatchObject({
      initial: 0.1,
      minimum: { step: 50_000 },
      grown: { step: 1_000_000 },
      phase: "plateau",
    });
    expect(p.minimum.fraction).toBeCloseTo(0.01, 12);
    expect(p.growthFactor).toBeCloseTo(6, 10);
    expect(p.plateau).toMatchObject({ from: 1_500_000, to: 3_000_000 });
    expect(p.plateau?.mean).toBeCloseTo(0.1, 12);
    expect(p.plateau?.drift).toBeCloseTo(0.01, 10);
  });
  it("tells how far a shorter run has come", () => {
    const until = (n: number) =>
      connectionPhases({ steps: steps.slice(0, n), fraction: fraction.slice(0, n) });
    expect(until(4)).toMatchObject({ phase: "decay", growthFactor: 1, plateau: null });
    expect(until(60)).toMatchObject({ phase: "growth", grown: { step: 590_000 } });
  });
  it("wants samples in order", () => {
    expect(() => connectionPhases({ steps: [], fraction: [] })).toThrow(
      "connectionPhases: 0 steps and 0 fractions. Give one fraction for each recorded step, at least one.",
    );
    expect(() => connectionPhases({ steps: [5, 5], fraction: [0, 0] })).toThrow(
      "connectionPhases: step 5 follows step 5. Give the samples in order of time, each step once.",
    );
  });
});
