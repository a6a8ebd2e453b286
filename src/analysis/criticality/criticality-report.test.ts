import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { avalancheThreshold } from "./avalanches.ts";
import { type CriticalityOptions, criticalityReport } from "./criticality-report.ts";
import { defaultWindows } from "./default-windows.ts";
import { discreteSampler } from "./discrete-sampler.ts";
import { fitDiscretePowerLaw } from "./one-parameter-laws.ts";
import { activityMoments, SURROGATES, type SurrogateKind, surrogateActivity } from "./surrogates.ts";
import { thresholdSweep } from "./threshold-sweep.ts";

const UNITS = 200;
const steady = new Int32Array(3_000_000).fill(20);
const binomial = surrogateActivity("binomial", steady, { units: UNITS, rng: createRng(1).stream("iid") });
/** A little cheaper than the defaults, for tests that are not about numbers. */
const SMALL = { windows: { duration: [6, 60], size: [10, 1000] }, maxLag: 20 } as const;
const autoregressive = linearProcess(300_000, "ar1");

/** AR(1) of mean 20, standard deviation 9.38, lag-1 correlation 0.695, rounded and clipped to 0 … 200. */
function linearProcess(steps: number, name: string): Int32Array {
  const rng = createRng(2).stream(name);
  let x = 9.38 * rng.normal();
  return Int32Array.from({ length: steps }, () => {
    const a = Math.max(0, Math.min(UNITS, Math.round(20 + x)));
    x = 0.695 * x + Math.sqrt(1 - 0.695 ** 2) * 9.38 * rng.normal();
    return a;
  });
}

function report(records: ArrayLike<number>[], options: Partial<CriticalityOptions> = {}) {
  const theta = avalancheThreshold(0.1, UNITS);
  return criticalityReport(records, {
    units: UNITS,
    theta,
    rng: createRng(3),
    resamples: 0,
    surrogates: [],
    ...options,
  });
}

const codes = (r: ReturnType<typeof report>) => r.verdict.statements.map((s) => s.code);

describe("nulls", () => {
  it("independent binomial steps give alpha 0.21, tau 0.29, gamma 1.00 and an exponential", () => {
    const { data, verdict } = report([binomial], { maxLag: 2 });
    const { duration, size, scaling } = data.pooled;
    // Three standard errors of this run and the last digit of the published numbers.
    expect(Math.abs(duration.exponent.value - 0.21)).toBeLessThan(
      3 * duration.exponent.standardError + 0.005,
    );
    expect(Math.abs(size.exponent.value - 0.29)).toBeLessThan(3 * size.exponent.standardError + 0.005);
    expect(Math.abs(scaling.gamma.value - 1)).toBeLessThan(3 * scaling.gamma.standardError + 0.005);
    expect(duration.exponent.standardError).toBeLessThan(0.02);
    expect(duration.rivals.exponential.ratio.R).toBeLessThan(0);
    expect(size.rivals.exponential.ratio.R).toBeLessThan(-2);
    expect(verdict.beatsExponential).toEqual({ duration: false, size: false });
    expect(verdict.conclusion).toBe("not-shown");
  });

  it("independent steps have the exponent of their exact, geometric, law of durations", () => {
    // P(a > 10) of Binomial(200, 0.1) from its 11 lowest terms; T is geometric with it.
    let term = 0.9 ** UNITS;
    let below = term;
    for (let k = 1; k <= 10; k++) {
      term *= ((UNITS - k + 1) / k) * (0.1 / 0.9);
      below += term;
    }
    const counts = Float64Array.from({ length: 55 }, (_, i) => 1e6 * below * (1 - below) ** (5 + i));
    const n = counts.reduce((a, b) => a + b, 0);
    const exact = fitDiscretePowerLaw({ window: [6, 60], counts, n, below: 0, above: 0 });
    const found = report([binomial], { maxLag: 2 }).data.pooled.duration;
    expect(exact.parameters.exponent).toBeCloseTo(0.21, 1);
    expect(Math.abs(found.exponent.value - exact.parameters.exponent)).toBeLessThan(
      3 * found.exponent.standardError,
    );
    // And the truth lies within the exponential's error.
    const { rate } = found.rivals.exponential.fit.parameters;
    expect(Math.abs(rate + Math.log(1 - below))).toBeLessThan(
      3 * found.rivals.exponential.fit.standardErrors.rate,
    );
  });

  it("a linear process gives alpha 1.43, tau 1.09, gamma 1.21, and the likelihood ratio unmasks it", () => {
    const { data, verdict } = report([autoregressive], { maxLag: 20 });
    const { duration, size, scaling, crackling } = data.pooled;
    // Avalanches in a row are not quite independent, and the published run has errors of its own: 0.03 in all.
    expect(Math.abs(duration.exponent.value - 1.43)).toBeLessThan(0.03);
    expect(Math.abs(size.exponent.value - 1.09)).toBeLessThan(0.03);
    expect(Math.abs(scaling.gamma.value - 1.21)).toBeLessThan(0.03);
    // R grows with √steps: −47 and −34 of 3·10⁶ steps are −15 and −11 of 3·10⁵.
    expect(duration.rivals.exponential.ratio.R).toBeLessThan(-10);
    expect(size.rivals.exponential.ratio.R).toBeLessThan(-7);
    expect(crackling.status).toBe("fails");
    expect(Math.abs(data.branching.m.value - 0.695)).toBeLessThan(3 * data.branching.m.standardError);
    expect(verdict.conclusion).toBe("not-shown");
  });
});

describe("criticalityReport", () => {
  const seeds = [0, 1, 2].map((i) => linearProcess(20_000, `seed-${i}`));
  const whole = report(seeds, { ...SMALL, surrogates: SURROGATES, resamples: 20 });

  it("pools the seeds and shows each of them with the spread", () => {
    const { data } = whole;
    expect(whole.steps).toEqual([20_000, 20_000, 20_000]);
    expect(data.seeds.map((s) => s.seed)).toEqual([0, 1, 2]);
    expect(data.pooled.avalanches).toBe(data.seeds.reduce((sum, s) => sum + s.avalanches, 0));
    const alphas = data.seeds.map((s) => s.duration.exponent.value);
    expect(data.spread.alpha.mean).toBeCloseTo((alphas[0] + alphas[1] + alphas[2]) / 3, 12);
    expect(data.spread.alpha.minimum).toBe(Math.min(...alphas));
    expect(Math.min(...alphas)).toBeLessThan(data.pooled.duration.exponent.value);
    expect(Math.max(...alphas)).toBeGreaterThan(data.pooled.duration.exponent.value);
    expect(codes(whole)).toContain("seed-spread");
  });

  it("makes all three surrogates by default and says which exponents they share", () => {
    const { surrogates, windows } = criticalityReport([seeds[0]], {
      units: UNITS,
      theta: 10,
      rng: createRng(3),
    });
    expect(surrogates.map((s) => s.kind)).toEqual(SURROGATES);
    expect(windows).toEqual(defaultWindows(UNITS));
    expect(whole.verdict.sameExponent.alpha).toEqual(["ar1"]);
    expect(whole.verdict.sameExponent.tau).toContain("ar1");
    const said = whole.verdict.statements.find((s) => s.code === "surrogate-same-exponent");
    expect(said?.text).toContain("The ar1 surrogate, a linear random process");
    expect(said?.text).toContain("the exponent alone proves nothing");
    const rivals = whole.surrogates[1].measures.pooled.duration.rivals;
    expect(Object.keys(rivals)).toHaveLength(4);
  });

  it("draws its verdict in words", () => {
    expect(codes(whole)).toEqual(
      expect.arrayContaining([
        "exponential-better",
        "power-law-rejected",
        "threshold",
        "crackling-undetermined",
        "branching-ratio",
      ]),
    );
    expect(whole.verdict.statements.at(-1)).toEqual({
      code: "conclusion",
      bearing: "against",
      text: "Criticality is not shown: see the statements marked against.",
    });
    expect(whole.data.pooled.duration.goodness?.p).toBeCloseTo(1 / 21, 12);
    for (const { text } of whole.verdict.statements) expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("has the threshold sweep around theta", () => {
    expect(whole.thresholds.map((r) => r.theta)).toEqual([9, 10, 11]);
    expect(whole.thresholds[1].alpha).toEqual(whole.data.pooled.duration.exponent);
    expect(whole.thresholds[1].gamma).toEqual(whole.data.pooled.scaling.gamma);
    expect(whole.thresholds[0].alpha.value).toBeLessThan(whole.thresholds[2].alpha.value);
    expect(thresholdSweep(seeds, [10], SMALL.windows)[0]).toEqual(whole.thresholds[1]);
  });

  it("is the same for the same stream, and plain data", () => {
    const short = seeds.slice(0, 2).map((a) => a.slice(0, 4000));
    const make = () => report(short, { ...SMALL, surrogates: ["ar1", "shuffled"], resamples: 10 });
    expect(JSON.stringify(make())).toBe(JSON.stringify(make()));
    expect(structuredClone(whole)).toEqual(whole);
  });

  it("finds nothing against a record made of avalanches that crackle", () => {
    // T from a power law of exponent 1.5, S near T^1.3, quiet between: tau is 1 + 0.5 / 1.3.
    const crackling = [0, 1, 2].map((seed) => {
      const rng = createRng(21).stream(seed);
      const draw = discreteSampler(
        Array.from({ length: 3000 }, (_, i) => (i + 1) ** -1.5),
        rng,
      );
      const record = [0];
      for (let i = 0; i < 2500; i++) {
        const duration = 1 + draw();
        for (let t = 0; t < duration; t++) {
          record.push(10 + Math.max(1, Math.floor(duration ** 0.3 + rng.uniform())));
        }
        for (let t = 0; t < 10; t++) record.push(rng.integer(11));
      }
      return Int32Array.from(record);
    });
    const windows = { duration: [6, 60], size: [40, 600] } as const;
    const { data, verdict } = report(crackling, {
      windows,
      maxLag: 5,
      surrogates: SURROGATES,
      resamples: 10,
    });
    const { duration, size } = data.pooled;
    expect(Math.abs(duration.exponent.value - 1.5)).toBeLessThan(3 * duration.exponent.standardError);
    expect(Math.abs(size.exponent.value - (1 + 0.5 / 1.3))).toBeLessThan(3 * size.exponent.standardError);
    expect(verdict.statements.filter((s) => s.bearing === "against")).toEqual([]);
    expect(verdict).toMatchObject({
      conclusion: "consistent",
      beatsExponential: { duration: true, size: true },
      crackling: "holds",
    });
    expect(verdict.statements.at(-1)?.text).toContain("cannot prove");
  });

  it("says so when there is nothing to analyse, without an error", () => {
    const silent = report([new Int32Array(1000), new Int32Array(1000)], {
      surrogates: SURROGATES,
      resamples: 5,
    });
    expect(silent.verdict.conclusion).toBe("not-shown");
    expect(codes(silent)).toEqual(expect.arrayContaining(["few-avalanches", "no-fit"]));
    expect(silent.data.pooled.avalanches).toBe(0);
    expect(codes(report([seeds[0]]))).toEqual(expect.arrayContaining(["no-surrogates", "one-seed"]));
  });

  it("refuses what it cannot analyse", () => {
    expect(() => report([])).toThrow(
      "criticalityReport: no record given. Give a list of records, one a seed: criticalityReport([activity], …).",
    );
    expect(() => report([[1, 2, 300]])).toThrow(
      "criticalityReport, record 0: activity at step 2 is 300, not a whole number from 0 to 200 (units).",
    );
    expect(() => report(seeds, { theta: 9.9 })).toThrow(
      "threshold theta must be a whole number ≥ 0, got 9.9",
    );
    expect(() => report(seeds, { units: 77 })).toThrow("there are no default fit windows for 77 units");
    expect(() => report(seeds, { windows: { duration: [6, 6], size: [1, 9] } })).toThrow(
      "criticalityReport, windows.duration: window must be two whole numbers",
    );
    expect(() => report(seeds, { resamples: -1 })).toThrow("resamples must be a whole number ≥ 0, got -1");
  });
});

describe("surrogateActivity", () => {
  const record = linearProcess(40_000, "surrogates");
  const own = activityMoments(record);

  it.each(SURROGATES)("%s keeps length, mean and bounds", (kind) => {
    const made = surrogateActivity(kind, record, { units: UNITS, rng: createRng(4) });
    expect(made).toHaveLength(record.length);
    expect(Math.abs(activityMoments(made).mean - own.mean)).toBeLessThan(0.5);
    expect(made.every((a) => a >= 0 && a <= UNITS)).toBe(true);
    expect(made).toEqual(surrogateActivity(kind, record, { units: UNITS, rng: createRng(4) }));
  });

  it("binomial has the variance of independent units, ar1 that of the record, shuffled its very values", () => {
    const make = (kind: SurrogateKind) =>
      surrogateActivity(kind, record, { units: UNITS, rng: createRng(5) });
    const p = own.mean / UNITS;
    const independent = activityMoments(make("binomial"));
    expect(independent.standardDeviation).toBeCloseTo(Math.sqrt(UNITS * p * (1 - p)), 1);
    expect(Math.abs(independent.lag1)).toBeLessThan(0.02);
    const linear = activityMoments(make("ar1"));
    expect(Math.abs(linear.standardDeviation / own.standardDeviation - 1)).toBeLessThan(0.03);
    expect(Math.abs(linear.lag1 - own.lag1)).toBeLessThan(0.02);
    const shuffled = make("shuffled");
    expect(shuffled.slice().sort()).toEqual(record.slice().sort());
    expect(Math.abs(activityMoments(shuffled).lag1)).toBeLessThan(0.02);
  });

  it("survives silence, saturation and constant activity", () => {
    for (const value of [0, 3, 5]) {
      for (const kind of ["ar1", "shuffled"] as const) {
        const made = surrogateActivity(kind, [value, value, value], { units: 5, rng: createRng(6) });
        expect([...made]).toEqual([value, value, value]);
      }
    }
    expect([...surrogateActivity("binomial", [5, 5], { units: 5, rng: createRng(6) })]).toEqual([5, 5]);
    expect([...surrogateActivity("binomial", [0, 0], { units: 5, rng: createRng(6) })]).toEqual([0, 0]);
  });

  it("names the nearest kind for one that is unknown", () => {
    const rng = createRng(7);
    expect(() => surrogateActivity("shufled" as SurrogateKind, [1], { units: 5, rng })).toThrow(
      'surrogateActivity: unknown surrogate "shufled". Did you mean "shuffled"?',
    );
  });
});
