import { describe, expect, it } from "vitest";
import { createRng, type Rng } from "../../core/index.ts";
import {
  logSurvival,
  type WeightDistribution,
  type WeightFamily,
  weightCdf,
  weightDensity,
} from "./weight-families.ts";
import { fitWeights, skewness, skewnessError } from "./weight-fit.ts";

/** Laws to recover; the gamma shape is whole, so that a sum of exponentials draws from it. */
const LAWS: WeightDistribution[] = [
  { family: "normal", mean: 0.5, standardDeviation: 0.1 },
  { family: "lognormal", mu: -2.5, sigma: 0.6 },
  { family: "gamma", shape: 3, scale: 0.02 },
  { family: "weibull", shape: 1.7, scale: 0.05 },
];

function draw(law: WeightDistribution, rng: Rng): number {
  switch (law.family) {
    case "normal":
      return law.mean + law.standardDeviation * rng.normal();
    case "lognormal":
      return Math.exp(law.mu + law.sigma * rng.normal());
    case "gamma": {
      let sum = 0;
      for (let k = 0; k < law.shape; k++) sum -= Math.log(1 - rng.uniform());
      return law.scale * sum;
    }
    case "weibull":
      return law.scale * (-Math.log(1 - rng.uniform())) ** (1 / law.shape);
  }
}

const sample = (law: WeightDistribution, n: number, seed = 1) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => draw(law, rng));
};
const parametersOf = ({ family: _, ...rest }: WeightDistribution) => Object.values(rest) as number[];
const named = LAWS.map((law) => [law.family, law] as const);

describe("weightDensity and weightCdf", () => {
  it.each(named)(
    "%s: the density is the slope of the cumulative probability, and both parts sum to 1",
    (_, law) => {
      for (const w of [0.004, 0.03, 0.08, 0.4, 0.55]) {
        const h = 1e-6 * w;
        const slope = (weightCdf(law, w + h).lower - weightCdf(law, w - h).lower) / (2 * h);
        expect(Math.abs(slope - weightDensity(law, w))).toBeLessThan(1e-6 * (1 + weightDensity(law, w)));
        expect(weightCdf(law, w).lower + weightCdf(law, w).upper).toBeCloseTo(1, 14);
      }
    },
  );
  it.each(named)("%s: the logarithm of the tail goes on where the tail underflows", (_, law) => {
    for (const w of [0.01, 0.3, 0.6])
      expect(logSurvival(law, w)).toBeCloseTo(Math.log(weightCdf(law, w).upper), 9);
    // A tail beyond 1e-300: its slope is minus the hazard, and ln S is the integral of that.
    const far = { normal: 5, lognormal: 1e10, gamma: 20, weibull: 10 }[law.family];
    expect(weightCdf(law, far).upper).toBeLessThan(1e-300);
    const steps = 2000;
    const hazard = (w: number) => weightDensity(law, w) / weightCdf(law, w).upper;
    const near = { normal: 1.4, lognormal: 1e5, gamma: 10, weibull: 1.5 }[law.family];
    const [from, to] = [near * 0.5, near];
    let integral = 0;
    for (let k = 0; k < steps; k++)
      integral += (hazard(from + ((to - from) * (k + 0.5)) / steps) * (to - from)) / steps;
    expect(Math.abs((logSurvival(law, from) - logSurvival(law, to)) / integral - 1)).toBeLessThan(1e-6);
    expect(logSurvival(law, far)).toBeLessThan(-690);
    expect(logSurvival(law, far)).toBeGreaterThan(-1e4);
  });
  it("normal: the two ways to the logarithm of the tail meet", () => {
    const standard = { family: "normal", mean: 0, standardDeviation: 1 } as const;
    expect(logSurvival(standard, 30)).toBeCloseTo(Math.log(weightCdf(standard, 30).upper), 9);
  });
  it("have nothing below 0, but for the normal family", () => {
    expect(LAWS.slice(1).map((law) => weightDensity(law, -1))).toEqual([0, 0, 0]);
    expect(LAWS.slice(1).map((law) => weightCdf(law, 0).upper)).toEqual([1, 1, 1]);
    expect(weightCdf(LAWS[0], 0.5).lower).toBe(0.5);
  });
});

describe("fitWeights", () => {
  it.each(named)("recovers the parameters of %s and puts it first", (family, law) => {
    const weights = sample(law, 4000);
    const { fits, count, below } = fitWeights(weights);
    expect([count, below]).toEqual([4000, 0]);
    expect(fits[0].family).toBe(family);
    expect(fits[0].delta).toBe(0);
    expect(fits[1].delta).toBeGreaterThan(2);
    expect(fits.reduce((sum, f) => sum + f.akaikeWeight, 0)).toBeCloseTo(1, 12);
    expect(fits[0].ks).toBeLessThan(0.9 / Math.sqrt(4000));
    parametersOf(fits[0].distribution).forEach((value, k) => {
      expect(Math.abs(value / parametersOf(law)[k] - 1)).toBeLessThan(0.05);
    });
  });

  it.each(named)("%s: the likelihood is Σ ln density and no neighbour has a higher one", (family, law) => {
    const weights = sample(law, 500, 2);
    const [fit] = fitWeights(weights, { families: [family] }).fits;
    const likelihood = (d: WeightDistribution) =>
      weights.reduce((sum, w) => sum + Math.log(weightDensity(d, w)), 0);
    expect(fit.logLikelihood).toBeCloseTo(likelihood(fit.distribution), 7);
    expect(fit.aic).toBe(4 - 2 * fit.logLikelihood);
    for (const key of Object.keys(fit.distribution).filter((k) => k !== "family")) {
      for (const factor of [0.995, 1.005]) {
        const value = (fit.distribution as unknown as Record<string, number>)[key] * factor;
        expect(likelihood({ ...fit.distribution, [key]: value })).toBeLessThan(fit.logLikelihood);
      }
    }
  });

  it.each(named)("%s: truncated below its 15 % quantile, the whole law is still recovered", (family, law) => {
    const all = sample(law, 6000, 3);
    const minimum = all.slice().sort()[900];
    const { fits, below } = fitWeights(all, { minimum, families: [family] });
    expect(below).toBe(900);
    expect(fits[0].status).toBe("ok");
    expect(fits[0].ks).toBeLessThan(1.2 / Math.sqrt(5100));
    parametersOf(fits[0].distribution).forEach((value, k) => {
      expect(Math.abs(value / parametersOf(law)[k] - 1)).toBeLessThan(0.12);
    });
    const kept = all.filter((w) => w >= minimum);
    const likelihood = (d: WeightDistribution) =>
      kept.reduce((s, w) => s + Math.log(weightDensity(d, w)), 0) -
      kept.length * Math.log(weightCdf(d, minimum).upper);
    expect(fits[0].logLikelihood).toBeCloseTo(likelihood(fits[0].distribution), 6);
    for (const key of Object.keys(fits[0].distribution).filter((k) => k !== "family")) {
      for (const factor of [0.99, 1.01]) {
        const value = (fits[0].distribution as unknown as Record<string, number>)[key] * factor;
        expect(likelihood({ ...fits[0].distribution, [key]: value })).toBeLessThan(fits[0].logLikelihood);
      }
    }
  });

  it("says when a truncated law has run to its limit", () => {
    // Heavier than any normal: the truncated normal becomes an exponential, its mean runs to −∞.
    const weights = sample({ family: "lognormal", mu: 0, sigma: 1 }, 2000, 4);
    const { fits } = fitWeights(weights, { minimum: 1.5 });
    expect(fits.find((f) => f.family === "normal")?.status).toBe("at-bound");
    expect(fits[0].family).toBe("lognormal");
  });

  it("is not moved by the scale of the weights", () => {
    const weights = sample(LAWS[2], 300, 5);
    const small = fitWeights(weights).fits;
    const large = fitWeights(weights.map((w) => 1000 * w)).fits;
    expect(large.map((f) => f.family)).toEqual(small.map((f) => f.family));
    large.forEach((f, k) => {
      expect(f.delta).toBeCloseTo(small[k].delta, 6);
      expect(f.ks).toBeCloseTo(small[k].ks, 9);
    });
  });

  it("fits nearly equal weights without losing digits", () => {
    const rng = createRng(6);
    const weights = Float64Array.from({ length: 400 }, () => 0.05 * (1 + 1e-5 * rng.normal()));
    const { fits } = fitWeights(weights);
    const gamma = fits.find((f) => f.family === "gamma")?.distribution as { shape: number; scale: number };
    expect(Math.abs(gamma.shape * 1e-10 - 1)).toBeLessThan(0.2);
    for (const f of fits) expect(Number.isFinite(f.aic)).toBe(true);
  });

  it("says what it cannot fit", () => {
    expect(() => fitWeights([0.1, 0, 0.2])).toThrow(
      "fitWeights: weight 1 is 0. Pass the weights of existing synapses only, or a minimum that leaves the others out.",
    );
    expect(() => fitWeights([0.1, 0.2], { minimum: 0.15 })).toThrow(
      "fitWeights: 1 weights to fit. At least three weights, not all equal, are needed; lower minimum.",
    );
    expect(() => fitWeights([1, 1, 1])).toThrow("fitWeights: all 3 weights are 1.");
    expect(() => fitWeights([1, 2, 3], { minimum: 0 })).toThrow(
      "fitWeights: minimum must be a positive weight, got 0. Leave it out to fit all weights.",
    );
    expect(() => fitWeights([1, 2, 3], { families: ["cauchy" as WeightFamily] })).toThrow(
      'fitWeights: there is no family "cauchy". Choose among normal, lognormal, gamma, weibull.',
    );
    expect(fitWeights([-1, 0, 2], { families: ["normal"] }).fits[0].distribution).toEqual({
      family: "normal",
      mean: 1 / 3,
      standardDeviation: expect.closeTo(Math.sqrt(14 / 9), 12),
    });
  });
});

describe("fitWeights of ln w", () => {
  it("is the mean and the standard deviation of the logarithms", () => {
    const values = Float64Array.of(1, Math.E, Math.E ** 2);
    const { fits } = fitWeights(values, { families: ["lognormal"] });
    expect(fits[0].distribution).toEqual({
      family: "lognormal",
      mu: expect.closeTo(1, 14),
      sigma: expect.closeTo(Math.sqrt(2 / 3), 14),
    });
  });
});

describe("skewness", () => {
  it("is 0 for symmetric data and 2/√k for a gamma law of shape k", () => {
    expect(skewness([1, 2, 3, 4])).toBe(0);
    expect(skewness([0, 0, 0, 1])).toBeCloseTo(1.1547005383792515, 12);
    expect(Math.abs(skewness(sample(LAWS[2], 20000)) - 2 / Math.sqrt(3))).toBeLessThan(0.08);
    expect(skewness([2, 2])).toBeNaN();
  });
  it("has the stated error for normal data", () => {
    const rng = createRng(9);
    let squares = 0;
    for (let k = 0; k < 400; k++)
      squares += skewness(Float64Array.from({ length: 50 }, () => rng.normal())) ** 2 / 400;
    expect(Math.abs(Math.sqrt(squares) / skewnessError(50) - 1)).toBeLessThan(0.12);
    expect(skewnessError(2)).toBeNaN();
  });
});
