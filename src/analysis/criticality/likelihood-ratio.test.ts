import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { LAWS, type LawName } from "./discrete-fit.ts";
import { fitDiscreteLaw, fitProbabilities, logProbabilities } from "./discrete-laws.ts";
import { discreteSampler } from "./discrete-sampler.ts";
import { goodnessOfFit, kolmogorovSmirnovDistance } from "./goodness-of-fit.ts";
import { type FitWindow, type IntegerHistogram, integerHistogram } from "./integer-histogram.ts";
import { likelihoodRatio } from "./likelihood-ratio.ts";

const WINDOW: FitWindow = [6, 60];

function drawn(weight: (k: number) => number, n: number, name: string): number[] {
  const draw = discreteSampler(
    Array.from({ length: 55 }, (_, i) => weight(6 + i)),
    createRng(8).stream(name),
  );
  return Array.from({ length: n }, () => 6 + draw());
}

const powerValues = drawn((k) => k ** -1.5, 4000, "power");
const powerData = integerHistogram(powerValues, WINDOW);
const exponentialData = integerHistogram(
  drawn((k) => Math.exp(-0.08 * k), 4000, "exponential"),
  WINDOW,
);

function compare(histogram: IntegerHistogram, first: LawName, second: LawName) {
  return likelihoodRatio(histogram, fitDiscreteLaw(first, histogram), fitDiscreteLaw(second, histogram));
}

describe("likelihoodRatio", () => {
  it("is the normalised sum over the values one by one", () => {
    const [first, second] = (["power-law", "exponential"] as const).map((law) =>
      fitDiscreteLaw(law, powerData),
    );
    const [p1, p2] = [first, second].map(logProbabilities);
    const terms = powerValues.map((k) => p1[k - 6] - p2[k - 6]);
    const sum = terms.reduce((a, b) => a + b, 0);
    const centre = sum / terms.length;
    const sd = Math.sqrt(terms.reduce((s, l) => s + (l - centre) ** 2, 0) / terms.length);
    const ratio = likelihoodRatio(powerData, first, second);
    expect(ratio.R).toBeCloseTo(sum / (Math.sqrt(terms.length) * sd), 8);
    expect(ratio.logRatio).toBeCloseTo(first.logLikelihood - second.logLikelihood, 6);
    expect(ratio.pValue).toBe(ratio.p);
  });

  it("favours the law the data came from, R > 0 for the first", () => {
    expect(compare(powerData, "power-law", "exponential").R).toBeGreaterThan(5);
    expect(compare(exponentialData, "power-law", "exponential").R).toBeLessThan(-5);
    expect(compare(exponentialData, "power-law", "exponential").p).toBeLessThan(1e-6);
  });

  it("changes sign, and only that, when the laws change places", () => {
    for (const law of LAWS.slice(1)) {
      const a = compare(exponentialData, "power-law", law);
      const b = compare(exponentialData, law, "power-law");
      expect(b.R).toBe(-a.R);
      expect(b.pValue).toBe(a.pValue);
    }
  });

  it("never finds the power law better than a law that contains it", () => {
    for (const law of ["truncated-power-law", "log-normal", "stretched-exponential"] as const) {
      for (const data of [powerData, exponentialData]) {
        const ratio = compare(data, "power-law", law);
        expect(ratio.nested).toBe("second");
        expect(ratio.logRatio).toBeLessThanOrEqual(1e-3);
      }
      expect(compare(powerData, "power-law", law).pValue).toBeGreaterThan(0.001);
      expect(compare(exponentialData, "power-law", law).pValue).toBeLessThan(1e-20);
    }
    expect(compare(exponentialData, "truncated-power-law", "exponential").nested).toBe("first");
    expect(compare(exponentialData, "log-normal", "exponential").nested).toBe("none");
  });

  it("rejects a true power law for one with cut-off in one case of four at p = 0.25", () => {
    let rejected = 0;
    for (let i = 0; i < 400; i++) {
      const data = integerHistogram(
        drawn((k) => k ** -1.5, 500, `repeat-${i}`),
        WINDOW,
      );
      if (compare(data, "power-law", "truncated-power-law").pValue < 0.25) rejected++;
    }
    // Binomial(400, 0.25) has mean 100 and standard deviation 8.7; a two-sided p would give 50.
    expect(Math.abs(rejected - 100)).toBeLessThan(26);
  });

  it("is 0 with p = 1 for equal laws and NaN for undetermined ones", () => {
    expect(compare(powerData, "power-law", "power-law")).toMatchObject({
      R: 0,
      p: 1,
      pValue: 1,
      nested: "none",
    });
    const none = compare(integerHistogram([], WINDOW), "power-law", "exponential");
    expect(none.R).toBeNaN();
    expect(none.pValue).toBeNaN();
  });

  it("refuses a fit of another window", () => {
    const other = fitDiscreteLaw("power-law", integerHistogram(powerValues, [6, 30]));
    expect(() => likelihoodRatio(powerData, other, other)).toThrow(
      "likelihoodRatio: power-law was fitted on [6,30], the data are on [6,60]. Fit both laws to this histogram.",
    );
  });
});

describe("goodnessOfFit", () => {
  it("measures the largest distance of the cumulative distributions", () => {
    const fit = fitDiscreteLaw("power-law", powerData);
    const p = fitProbabilities(fit);
    let worst = 0;
    for (let k = 6; k <= 60; k++) {
      const share = powerValues.filter((v) => v <= k).length / powerValues.length;
      worst = Math.max(worst, Math.abs(share - p.slice(0, k - 5).reduce((a, b) => a + b, 0)));
    }
    expect(kolmogorovSmirnovDistance(powerData, fit)).toBeCloseTo(worst, 12);
  });

  it("keeps the law the data came from and rejects another", () => {
    const rng = createRng(9);
    const own = goodnessOfFit(powerData, fitDiscreteLaw("power-law", powerData), { rng, resamples: 60 });
    expect(own.p).toBeGreaterThan(0.05);
    const wrong = fitDiscreteLaw("power-law", exponentialData);
    expect(goodnessOfFit(exponentialData, wrong, { rng, resamples: 60 }).p).toBe(1 / 61);
  });

  it("has p spread over 0 … 1 when the law is true", () => {
    const ps = Array.from({ length: 40 }, (_, i) => {
      const data = integerHistogram(
        drawn((k) => k ** -1.5, 200, `uniform-${i}`),
        WINDOW,
      );
      const rng = createRng(i);
      return goodnessOfFit(data, fitDiscreteLaw("power-law", data), { rng, resamples: 39 }).p;
    });
    // Mean of 40 uniform numbers: 0.5 ± 3 × 0.29 / √40.
    expect(Math.abs(ps.reduce((a, b) => a + b, 0) / 40 - 0.5)).toBeLessThan(0.14);
  });

  it("gives NaN for data that determine nothing and refuses no resamples", () => {
    const none = integerHistogram([], WINDOW);
    const fit = fitDiscreteLaw("power-law", none);
    expect(goodnessOfFit(none, fit, { rng: createRng(1) }).p).toBeNaN();
    expect(() => goodnessOfFit(none, fit, { rng: createRng(1), resamples: 0 })).toThrow(
      "goodnessOfFit: resamples must be a whole number ≥ 1, got 0",
    );
  });
});
