import { describe, expect, it } from "vitest";
import { createRng, type Rng } from "../../core/index.ts";
import { type DiscreteFit, LAWS, type LawName } from "./discrete-fit.ts";
import { fitDiscreteLaw, fitProbabilities, logProbabilities } from "./discrete-laws.ts";
import { discreteSampler } from "./discrete-sampler.ts";
import { type FitWindow, type IntegerHistogram, integerHistogram } from "./integer-histogram.ts";

/** The laws as their docstrings state them, unnormalised, with the host's own functions. */
const FORMULAS: Record<LawName, (k: number, p: Record<string, number>) => number> = {
  "power-law": (k, { exponent }) => k ** -exponent,
  exponential: (k, { rate }) => Math.exp(-rate * k),
  "truncated-power-law": (k, { exponent, cutoffRate }) => k ** -exponent * Math.exp(-cutoffRate * k),
  "log-normal": (k, { mu, sigma }) => Math.exp(-((Math.log(k) - mu) ** 2) / (2 * sigma ** 2)) / k,
  "stretched-exponential": (k, { beta, rate }) => k ** (beta - 1) * Math.exp(-((rate * k) ** beta)),
};

const CASES: { law: LawName; parameters: Record<string, number>; window: FitWindow }[] = [
  { law: "power-law", parameters: { exponent: 1.5 }, window: [6, 60] },
  { law: "power-law", parameters: { exponent: 1.28 }, window: [10, 1500] },
  { law: "power-law", parameters: { exponent: -0.4 }, window: [2, 10] },
  { law: "exponential", parameters: { rate: 0.08 }, window: [6, 60] },
  { law: "exponential", parameters: { rate: -0.02 }, window: [6, 60] },
  { law: "truncated-power-law", parameters: { exponent: 1.4, cutoffRate: 0.004 }, window: [10, 1500] },
  { law: "log-normal", parameters: { mu: 3, sigma: 0.9 }, window: [3, 200] },
  { law: "stretched-exponential", parameters: { beta: 0.6, rate: 0.02 }, window: [10, 600] },
  { law: "stretched-exponential", parameters: { beta: 1.4, rate: 0.03 }, window: [4, 100] },
];

function probabilities(law: LawName, parameters: Record<string, number>, [min, max]: FitWindow): number[] {
  const weights = Array.from({ length: max - min + 1 }, (_, i) => FORMULAS[law](min + i, parameters));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

function sample(p: number[], window: FitWindow, n: number, rng: Rng): IntegerHistogram {
  const draw = discreteSampler(p, rng);
  return integerHistogram(
    Array.from({ length: n }, () => window[0] + draw()),
    window,
  );
}

/** Σ ln p over the values, one by one. */
function slowLogLikelihood({ counts, window }: IntegerHistogram, fit: DiscreteFit): number {
  const p = probabilities(fit.law, fit.parameters, window);
  return counts.reduce((sum, c, i) => sum + c * Math.log(p[i]), 0);
}

describe.each(CASES)("fit of $law $parameters on $window", ({ law, parameters, window }) => {
  const p = probabilities(law, parameters, window);
  const histogram = sample(p, window, 20_000, createRng(11).stream(law).stream(window.join()));
  const fit = fitDiscreteLaw(law, histogram);

  it("recovers the parameters within 3 standard errors", () => {
    expect(fit.status).toBe("ok");
    for (const [name, value] of Object.entries(parameters)) {
      expect(fit.standardErrors[name]).toBeGreaterThan(0);
      expect(Math.abs(fit.parameters[name] - value) / fit.standardErrors[name]).toBeLessThan(3);
    }
  });

  it("has the likelihood of the direct sum and its AIC", () => {
    expect(fit.logLikelihood / slowLogLikelihood(histogram, fit)).toBeCloseTo(1, 10);
    const count = Object.keys(parameters).length;
    expect(fit.aic).toBe(2 * count - 2 * fit.logLikelihood);
    expect(fit.n).toBe(20_000);
  });

  it("tabulates the law of its parameters", () => {
    const expected = probabilities(law, fit.parameters, window);
    fitProbabilities(fit).forEach((q, i) => {
      expect(Math.abs(q / expected[i] - 1)).toBeLessThan(1e-9);
    });
  });

  it("is a maximum: any parameter moved by half a standard error does worse", () => {
    for (const name of Object.keys(parameters)) {
      for (const sign of [-1, 1]) {
        const moved = { ...fit.parameters };
        moved[name] += sign * 0.5 * fit.standardErrors[name];
        const other = slowLogLikelihood(histogram, { ...fit, parameters: moved });
        expect(other).toBeLessThan(fit.logLikelihood);
      }
    }
  });

  it("has standard errors equal to the spread over repeats", () => {
    const rng = createRng(5).stream(law);
    const repeats = law === "stretched-exponential" ? 40 : 150;
    const fits = Array.from({ length: repeats }, () => fitDiscreteLaw(law, sample(p, window, 3000, rng)));
    for (const name of Object.keys(parameters)) {
      const values = fits.map((f) => f.parameters[name]);
      const centre = values.reduce((a, b) => a + b, 0) / repeats;
      const spread = Math.sqrt(values.reduce((s, v) => s + (v - centre) ** 2, 0) / (repeats - 1));
      const stated = fits.map((f) => f.standardErrors[name]).sort((a, b) => a - b)[repeats / 2];
      // A standard deviation of so many repeats is known to 1 / √(2 (n − 1)); three of these.
      expect(Math.abs(spread / stated - 1)).toBeLessThan(3 / Math.sqrt(2 * (repeats - 1)));
    }
  });
});

describe("closed forms", () => {
  it("solves E[ln k] = mean of ln k for the power law", () => {
    const window: FitWindow = [6, 60];
    const histogram = sample(
      probabilities("power-law", { exponent: 1.7 }, window),
      window,
      500,
      createRng(1),
    );
    const fit = fitDiscreteLaw("power-law", histogram);
    const logs = Array.from(histogram.counts, (_, i) => Math.log(6 + i));
    const observed = histogram.counts.reduce((s, c, i) => s + c * logs[i], 0) / 500;
    const p = fitProbabilities(fit);
    const expected = p.reduce((s, q, i) => s + q * logs[i], 0);
    expect(expected).toBeCloseTo(observed, 11);
    const information = p.reduce((s, q, i) => s + q * (logs[i] - expected) ** 2, 0);
    expect(fit.standardErrors.exponent).toBeCloseTo(1 / Math.sqrt(500 * information), 12);
  });

  it("is 1 + n / Σ ln(k / (min − ½)) for a steep power law on a wide window (Clauset 2009, Eq. 3.7)", () => {
    const window: FitWindow = [20, 20_000];
    const histogram = sample(probabilities("power-law", { exponent: 3 }, window), window, 5000, createRng(2));
    const fit = fitDiscreteLaw("power-law", histogram);
    const sum = histogram.counts.reduce((s, c, i) => s + c * Math.log((20 + i) / 19.5), 0);
    // The approximation is good to O(min⁻²).
    expect(Math.abs(fit.parameters.exponent - (1 + 5000 / sum))).toBeLessThan(1 / 400);
    expect(fit.standardErrors.exponent / (2 / Math.sqrt(5000))).toBeCloseTo(1, 1);
  });

  it("is ln(1 + 1 / (mean − min)) for an exponential that has died at the end of the window", () => {
    const window: FitWindow = [6, 600];
    const histogram = sample(probabilities("exponential", { rate: 0.2 }, window), window, 4000, createRng(3));
    const excess = histogram.counts.reduce((s, c, i) => s + c * i, 0) / 4000;
    const fit = fitDiscreteLaw("exponential", histogram);
    expect(fit.parameters.rate).toBeCloseTo(Math.log(1 + 1 / excess), 12);
    expect(fit.standardErrors.rate).toBeCloseTo(1 / Math.sqrt(4000 * excess * (1 + excess)), 12);
  });

  it("finds the exponential inside the stretched exponential and the truncated power law", () => {
    // Counts that are exactly exponential: the larger families must find the special case.
    const counts = Float64Array.from({ length: 55 }, (_, i) => 1000 * Math.exp(-0.07 * i));
    const n = counts.reduce((a, b) => a + b, 0);
    const histogram = { window: [6, 60] as FitWindow, counts, n, below: 0, above: 0 };
    const stretched = fitDiscreteLaw("stretched-exponential", histogram);
    expect(stretched.parameters.beta).toBeCloseTo(1, 5);
    expect(stretched.parameters.rate).toBeCloseTo(0.07, 5);
    const truncated = fitDiscreteLaw("truncated-power-law", histogram);
    expect(truncated.parameters.exponent).toBeCloseTo(0, 8);
    expect(truncated.parameters.cutoffRate).toBeCloseTo(0.07, 8);
  });
});

describe("boundaries", () => {
  it("falls back to the power law where its extensions have nothing to add", () => {
    // Heavier at the end than any power law: no cut-off, no log-normal curvature.
    const counts = Float64Array.from({ length: 95 }, (_, i) => 1e4 * ((i + 6) ** -1.5 + 2e-5 * (i + 6)));
    const n = counts.reduce((a, b) => a + b, 0);
    const histogram = { window: [6, 100] as FitWindow, counts, n, below: 0, above: 0 };
    const power = fitDiscreteLaw("power-law", histogram);
    for (const law of ["truncated-power-law", "log-normal", "stretched-exponential"] as const) {
      const fit = fitDiscreteLaw(law, histogram);
      expect(fit.status).toBe("boundary");
      expect(fit.message).toContain("plain power law");
      expect(fit.logLikelihood).toBeCloseTo(power.logLikelihood, 3);
      expect(
        Math.max(...logProbabilities(fit).map((l, i) => Math.abs(l - logProbabilities(power)[i]))),
      ).toBeLessThan(1e-3);
    }
  });

  it.each(LAWS)("says that data determine no %s, without NaN in the message", (law) => {
    const empty = fitDiscreteLaw(law, integerHistogram([], [6, 60]));
    expect(empty).toMatchObject({ status: "undetermined", n: 0, message: "no value in the window 6-60" });
    expect(empty.aic).toBeNaN();
    const one = fitDiscreteLaw(law, integerHistogram([6, 6, 6], [6, 60]));
    expect(one).toMatchObject({ status: "undetermined", message: "all 3 values in the window are 6" });
  });

  it("survives extreme but legal data", () => {
    for (const values of [[6, 6, 6, 6, 7], [60, 60, 59, 58], [6, 60], [6, 30, 60], [30]]) {
      for (const law of LAWS) {
        const fit = fitDiscreteLaw(law, integerHistogram(values, [6, 60]));
        if (fit.status === "undetermined") expect(fit.message).not.toBe("");
        else expect(Number.isFinite(fit.logLikelihood)).toBe(true);
      }
    }
  });

  it("names the nearest law for one that is unknown", () => {
    const histogram = integerHistogram([6, 7], [6, 60]);
    expect(() => fitDiscreteLaw("powerlaw" as LawName, histogram)).toThrow(
      'fitDiscreteLaw: unknown law "powerlaw". Did you mean "power-law"?',
    );
  });
});

describe("discreteSampler", () => {
  it("draws each value as often as its probability, and never one of probability 0", () => {
    const p = [0, 0.5, 0, 0.2, 0.3, 0];
    const draw = discreteSampler(p, createRng(4));
    const counts = new Float64Array(6);
    for (let i = 0; i < 20_000; i++) counts[draw()]++;
    p.forEach((q, i) => {
      expect(Math.abs(counts[i] - 20_000 * q)).toBeLessThanOrEqual(4 * Math.sqrt(20_000 * q * (1 - q)));
    });
  });
});
