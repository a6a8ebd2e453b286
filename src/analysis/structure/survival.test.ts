import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { densitySlope, lifetimeDensity } from "./lifetime-density.ts";
import { kaplanMeier, lifetimes, survivalAt } from "./survival.ts";

/** Weeks of remission under 6-mercaptopurine; + still in remission (Freireich et al. 1963, in every textbook). */
const REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+".split(" ");
const remission = {
  duration: Float64Array.from(REMISSION, Number.parseFloat),
  died: Uint8Array.from(REMISSION, (t) => (t.endsWith("+") ? 0 : 1)),
};

const all = (duration: ArrayLike<number>) => ({
  duration: Float64Array.from(duration),
  died: new Uint8Array(duration.length).fill(1),
});

describe("kaplanMeier", () => {
  it("gives the textbook's curve, errors and median for the remission times", () => {
    const curve = kaplanMeier(remission);
    expect(Array.from(curve.time)).toEqual([6, 7, 10, 13, 16, 22, 23]);
    expect(Array.from(curve.atRisk)).toEqual([21, 17, 15, 12, 11, 7, 6]);
    expect(Array.from(curve.deaths)).toEqual([3, 1, 1, 1, 1, 1, 1]);
    const survival = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482];
    const error = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346];
    expect(Array.from(curve.survival)).toEqual(survival.map((s) => expect.closeTo(s, 4)));
    expect(Array.from(curve.standardError)).toEqual(error.map((s) => expect.closeTo(s, 4)));
    expect([curve.median, curve.censored]).toEqual([23, 12]);
    expect(curve.hazard).toBeCloseTo(9 / 359, 14);
  });

  it("is by hand 4/5, 8/15, 0 for 1, 2+, 3, 3+, 4: one censored at an age is at risk there", () => {
    const curve = kaplanMeier({
      duration: Float64Array.of(3, 1, 3, 4, 2),
      died: Uint8Array.of(1, 1, 0, 1, 0),
    });
    expect(Array.from(curve.survival)).toEqual([0.8, expect.closeTo(8 / 15, 14), 0]);
    expect(curve.standardError[1]).toBeCloseTo(0.8 * (2 / 3) * Math.sqrt(1 / 20 + 1 / 6), 14);
    expect(curve.standardError[2]).toBe(0);
    expect([0, 1, 2.9, 3, 9].map((t) => survivalAt(curve, t))).toEqual([
      1,
      0.8,
      0.8,
      expect.closeTo(8 / 15, 14),
      0,
    ]);
  });

  it("is the plain share of survivors, with a binomial error, when all have died", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 50 }), (ages) => {
        const curve = kaplanMeier(all(ages));
        curve.time.forEach((t, k) => {
          const share = ages.filter((a) => a > t).length / ages.length;
          expect(curve.survival[k]).toBeCloseTo(share, 12);
          expect(curve.standardError[k]).toBeCloseTo(Math.sqrt((share * (1 - share)) / ages.length), 12);
        });
      }),
    );
  });

  it("recovers an exponential law through censoring, where leaving the living out does not", () => {
    const rng = createRng(1);
    const age = Float64Array.from({ length: 4000 }, () => -100 * Math.log(1 - rng.uniform()));
    const record = Float64Array.from({ length: 4000 }, () => 150 * rng.uniform());
    const seen = {
      duration: age.map((a, k) => Math.min(a, record[k])),
      died: Uint8Array.from(age, (a, k) => (a <= record[k] ? 1 : 0)),
    };
    const curve = kaplanMeier(seen);
    expect(curve.hazard).toBeCloseTo(0.01, 3);
    for (const t of [20, 50, 100])
      expect(Math.abs(survivalAt(curve, t) - Math.exp(-t / 100))).toBeLessThan(0.04);
    expect(Math.abs(curve.median - 100 * Math.LN2)).toBeLessThan(6);
    const naive = kaplanMeier(all(seen.duration.filter((_, k) => seen.died[k] === 1)));
    expect(naive.median).toBeLessThan(50);
  });

  it("has no median when more than half outlive the record", () => {
    const curve = kaplanMeier({ duration: Float64Array.of(1, 9, 9), died: Uint8Array.of(1, 0, 0) });
    expect(curve.median).toBe(Number.POSITIVE_INFINITY);
    const none = kaplanMeier({ duration: Float64Array.of(5), died: Uint8Array.of(0) });
    expect([none.time.length, none.censored, none.hazard]).toEqual([0, 1, 0]);
  });
});

describe("lifetimes", () => {
  const lives = { birth: [0, 10, 20, 30], death: [5, Number.POSITIVE_INFINITY, 120, 40], end: 100 };
  it("counts ages up to death or the end of the record", () => {
    expect(lifetimes(lives)).toEqual({
      duration: Float64Array.of(5, 90, 80, 10),
      died: Uint8Array.of(1, 0, 0, 1),
    });
  });
  it("takes those born in a stretch", () => {
    expect(Array.from(lifetimes(lives, { bornFrom: 10, bornBefore: 30 }).duration)).toEqual([90, 80]);
  });
  it("refuses lives that cannot be", () => {
    expect(() => lifetimes({ birth: [1], death: [], end: 9 })).toThrow(
      "lifetimes: 1 births and 0 deaths. Give Infinity as the death of a synapse still alive.",
    );
    expect(() => lifetimes({ birth: [8], death: [3], end: 9 })).toThrow(
      "lifetimes: synapse 0 is born at 8 and dies at 3, in a record up to 9. Births come before deaths",
    );
    expect(() => kaplanMeier(lifetimes(lives, { bornFrom: 50 }))).toThrow(
      "kaplanMeier: there is no synapse. Widen the stretch of births, or record for longer.",
    );
  });
});

describe("lifetimeDensity", () => {
  it("sums to 1 over the steps of its bins, and so does its null", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 }), (ages) => {
        const d = lifetimeDensity(all(ages), { binsPerDecade: 7 });
        const total = d.density.reduce((s, v, k) => s + v * (d.edges[k + 1] - d.edges[k]), 0);
        expect(total).toBeCloseTo(1, 12);
        const nullTotal = d.exponential.reduce((s, v, k) => s + v * (d.edges[k + 1] - d.edges[k]), 0);
        expect(nullTotal).toBeLessThanOrEqual(1 + 1e-12);
        expect(d.count.reduce((a, b) => a + b, 0)).toBe(ages.length);
      }),
    );
  });
  it("leaves out the living", () => {
    expect(lifetimeDensity(remission).deaths).toBe(9);
    expect(() => lifetimeDensity({ duration: Float64Array.of(5), died: Uint8Array.of(0) })).toThrow(
      "lifetimeDensity: no synapse has died. Record for longer.",
    );
  });
  it("has the slope of a power law, far from that of its exponential null", () => {
    const rng = createRng(2);
    // P(t ≥ x) = x^(−0.8): density exponent −1.8.
    const ages = Float64Array.from({ length: 40000 }, () => Math.floor((1 - rng.uniform()) ** (-1 / 0.8)));
    const slope = densitySlope(lifetimeDensity(all(ages)), [10, 1000]);
    expect(Math.abs(slope.slope + 1.8)).toBeLessThan(4 * slope.standardError + 0.05);
    expect(Math.abs(slope.slope - slope.exponentialSlope)).toBeGreaterThan(1);
    const memoryless = Float64Array.from({ length: 40000 }, () =>
      Math.ceil(-300 * Math.log(1 - rng.uniform())),
    );
    const flat = densitySlope(lifetimeDensity(all(memoryless)), [100, 2000]);
    expect(Math.abs(flat.slope - flat.exponentialSlope)).toBeLessThan(0.3);
  });
  it("wants three bins", () => {
    expect(() => densitySlope(lifetimeDensity(remission), [100, 200])).toThrow(
      "densitySlope: 0 bins with deaths between 100 and 200 steps. Widen the window, or give more bins per decade.",
    );
  });
});
