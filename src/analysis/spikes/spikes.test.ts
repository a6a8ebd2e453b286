import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { activityAutocorrelation } from "./autocorrelation.ts";
import { doublingWindows, fanoFactor, fanoSweep, poissonFanoRange, unitFanoFactors } from "./fano-factor.ts";
import { jointSpikes, pairCorrelations } from "./pair-correlations.ts";
import { activity, rasterBit, rasterFromDense, spikeCounts, spikeTrains } from "./raster.ts";
import { type RasterSurrogate, surrogateRaster } from "./raster-surrogates.ts";
import { firingRates, unitWindowCounts, windowCounts } from "./rates.ts";
import { smoothness } from "./smoothness.ts";
import { spikeSourceEntropy } from "./source-entropy.ts";

/** Independent units of the given rates. */
function bernoulli(steps: number, rates: number[], seed = 1) {
  const rng = createRng(seed);
  const dense = Uint8Array.from({ length: steps * rates.length }, (_, k) =>
    rng.uniform() < rates[k % rates.length] ? 1 : 0,
  );
  return rasterFromDense(dense, rates.length);
}

const pearson = (x: number[], y: number[]) => {
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (k: number) => number) => x.reduce((s, _, k) => s + f(k), 0);
  const xy = sum((k) => (x[k] - mx) * (y[k] - my));
  return xy / Math.sqrt(sum((k) => (x[k] - mx) ** 2) * sum((k) => (y[k] - my) ** 2));
};

describe("firingRates", () => {
  const raster = rasterFromDense([1, 0, 1, 0, 1, 0, 0, 0], 2);
  it("is spikes per step, or Hz when a step has a length", () => {
    expect(Array.from(firingRates(raster))).toEqual([0.75, 0]);
    expect(Array.from(firingRates(raster, { dt: 0.5 }))).toEqual([1500, 0]);
  });
  it("refuses a step without length", () => {
    expect(() => firingRates(raster, { dt: 0 })).toThrow(
      "firingRates: dt must be a positive number of ms, got 0. Leave dt out for spikes per step.",
    );
  });
});

describe("windowCounts", () => {
  it("counts whole windows and leaves the rest out", () => {
    expect(Array.from(windowCounts([1, 2, 3, 4, 5], 2))).toEqual([3, 7]);
  });
  it("counts the same for a raster, in long and in short windows", () => {
    const raster = bernoulli(300, [0.1, 0.5, 0.9, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.5]);
    for (const window of [1, 7, 64, 150]) {
      const counts = unitWindowCounts(raster, window);
      const expected = Array.from({ length: raster.units }, (_, u) => {
        const train = Array.from({ length: raster.steps }, (_, t) => rasterBit(raster, t, u));
        return Array.from(windowCounts(train, window));
      });
      expect(Array.from(counts)).toEqual(expected.flat());
    }
  });
  it("refuses a window that does not fit", () => {
    expect(() => windowCounts([1, 2], 3)).toThrow(
      "windowCounts: a window of 3 steps does not fit 2 steps. Give a whole number from 1 to 2.",
    );
  });
});

describe("fanoFactor", () => {
  it("divides the variance of the window counts by their mean", () => {
    // Counts 3, 7, 2: mean 4, sample variance 7.
    expect(fanoFactor([1, 2, 3, 4, 2, 0, 9], 2)).toMatchObject({
      windows: 3,
      mean: 4,
      variance: 7,
      fano: 1.75,
    });
    expect(fanoFactor([1, 2, 3, 4, 2, 0], 2, { divisor: "population" }).fano).toBeCloseTo(14 / 3 / 4, 14);
  });
  it("is 1 − p at every window for independent steps, and within its Poisson range for rare spikes", () => {
    const raster = bernoulli(20000, [0.3, 0.01]);
    const [dense, sparse] = spikeTrains(raster).map((times) => {
      const train = new Uint8Array(raster.steps);
      for (const t of times) train[t] = 1;
      return train;
    });
    for (const f of fanoSweep(dense, [1, 4, 16, 64])) {
      const error = 0.7 * Math.sqrt(2 / (f.windows - 1));
      expect(Math.abs(f.fano - 0.7)).toBeLessThan(4 * error);
    }
    const { fano, poisson } = fanoFactor(sparse, 50);
    expect(fano).toBeGreaterThan(poisson.low);
    expect(fano).toBeLessThan(poisson.high);
    expect(unitFanoFactors(raster, 64)[0]).toBe(fanoFactor(dense, 64).fano);
  });
  it("grows with the window when the rate wanders", () => {
    const rng = createRng(3);
    const series = Array.from({ length: 4096 }, (_, t) => (rng.uniform() < (t & 256 ? 0.4 : 0.05) ? 1 : 0));
    const sweep = fanoSweep(series, doublingWindows(4096));
    expect(sweep.at(-1)?.window).toBe(128);
    expect(sweep.at(-1)!.fano).toBeGreaterThan(5 * sweep[0].fano);
    expect(sweep.at(-1)!.fano).toBeGreaterThan(sweep.at(-1)!.poisson.high);
  });
  it("knows the 95 % range of χ² over its degrees of freedom", () => {
    // χ² quantiles with 99 degrees of freedom: 73.361 and 128.422; with 10: 3.247 and 20.483.
    expect(poissonFanoRange(100).low).toBeCloseTo(73.361 / 99, 3);
    expect(poissonFanoRange(100).high).toBeCloseTo(128.422 / 99, 3);
    expect(Math.abs(poissonFanoRange(11).low / 0.3247 - 1)).toBeLessThan(0.01);
    expect(Math.abs(poissonFanoRange(11).high / 2.0483 - 1)).toBeLessThan(0.01);
    expect(poissonFanoRange(1)).toEqual({ low: NaN, high: NaN });
    expect(() => poissonFanoRange(9, 95)).toThrow("confidence must lie between 0 and 1, got 95");
  });
});

describe("activityAutocorrelation", () => {
  it("is Pearson's coefficient of the two overlapping pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 8, maxLength: 40 }), (a) => {
        const { correlation } = activityAutocorrelation(a, 4);
        for (let k = 0; k <= 4; k++) {
          const expected = pearson(a.slice(0, a.length - k), a.slice(k));
          if (Number.isFinite(expected)) expect(Math.abs(correlation[k] - expected)).toBeLessThan(1e-9);
        }
      }),
    );
  });
  it("is ρᵏ for an autoregressive process, and inside the band for white noise", () => {
    const rng = createRng(5);
    let x = 0;
    const ar = Array.from({ length: 40000 }, () => {
      x = 0.8 * x + rng.normal();
      return x;
    });
    const { correlation, decay } = activityAutocorrelation(ar, 6);
    for (let k = 0; k <= 6; k++) expect(Math.abs(correlation[k] - 0.8 ** k)).toBeLessThan(0.03);
    expect(decay).toBe(5); // 0.8^4 = 0.41, 0.8^5 = 0.33 < 1/e
    const white = Array.from({ length: 4000 }, () => rng.normal());
    const w = activityAutocorrelation(white, 100);
    const outside = w.correlation.filter((c, k) => k > 0 && Math.abs(c) > w.whiteNoise[k]).length;
    expect(outside).toBeLessThan(13); // 5 expected of 100
  });
  it("has no correlation when nothing varies, and refuses lags that do not fit", () => {
    expect(activityAutocorrelation([3, 3, 3, 3], 1).correlation).toEqual(Float64Array.of(NaN, NaN));
    expect(() => activityAutocorrelation([1, 2, 3], 2)).toThrow(
      "activityAutocorrelation: lag 2 does not fit 3 steps. Give a whole number from 0 to 1.",
    );
  });
});

describe("pairCorrelations", () => {
  it("is Pearson's coefficient of every pair; silent and ever-active units are left out and counted", () => {
    const raster = bernoulli(60, [0.2, 0, 0.5, 1, 0.7, 0.4], 9);
    const c = pairCorrelations(raster);
    expect(Array.from(c.included)).toEqual([0, 2, 4, 5]);
    expect([c.silent, c.always]).toEqual([1, 1]);
    const trains = Array.from(c.included, (u) =>
      Array.from({ length: 60 }, (_, t) => rasterBit(raster, t, u) as number),
    );
    const slow = trains.map((x) => trains.map((y) => pearson(x, y)));
    slow.flat().forEach((value, k) => {
      expect(c.matrix[k]).toBeCloseTo(value, 12);
    });
    const pairs = slow.flatMap((row, i) => row.slice(i + 1));
    expect(c.mean).toBeCloseTo(pairs.reduce((a, b) => a + b) / 6, 12);
    expect(c.meanWithDiagonal).toBeCloseTo(slow.flat().reduce((a, b) => a + b) / 16, 12);
    expect(c.standardDeviation).toBeCloseTo(
      Math.sqrt(pairs.reduce((s, v) => s + (v - c.mean) ** 2, 0) / 6),
      12,
    );
  });
  it("of independent units scatters about 0 with the stated standard deviation", () => {
    const c = pairCorrelations(bernoulli(4000, new Array(30).fill(0.1), 4));
    expect(Math.abs(c.mean)).toBeLessThan((4 * c.independent) / Math.sqrt(435));
    expect(Math.abs(c.standardDeviation / c.independent - 1)).toBeLessThan(0.15);
  });
  it("counts joint spikes alike by pairs and by words, across blocks", () => {
    const raster = bernoulli(5000, [0.1, 0.9, 0.5, 0, 1, 0.3, 0.2, 0.6, 0.4], 2);
    const byPairs = jointSpikes(raster, { method: "pairs" });
    expect(jointSpikes(raster, { method: "words" })).toEqual(byPairs);
    expect(jointSpikes(raster)).toEqual(byPairs);
  });
});

describe("spikeSourceEntropy", () => {
  it("is 1 for equal counts, 0 for a single source, ln 2 / ln 4 for two of four", () => {
    expect(spikeSourceEntropy([5, 5, 5]).entropy).toBeCloseTo(1, 14);
    expect(spikeSourceEntropy([0, 9, 0])).toMatchObject({ entropy: 0, silent: 2 });
    expect(spikeSourceEntropy([3, 0, 3, 0]).entropy).toBeCloseTo(0.5, 14);
    expect(spikeSourceEntropy([0, 0]).entropy).toBeNaN();
  });
  it("has the stated mean for units of equal rates", () => {
    const rng = createRng(8);
    let mean = 0;
    for (let k = 0; k < 200; k++) {
      const counts = new Uint32Array(20);
      for (let s = 0; s < 400; s++) counts[rng.integer(20)]++;
      mean += spikeSourceEntropy(counts).entropy / 200;
    }
    expect(Math.abs(mean - spikeSourceEntropy(new Array(20).fill(20)).equalRates)).toBeLessThan(5e-4);
  });
});

describe("smoothness", () => {
  it("takes the differences' standard deviation, and over their mean", () => {
    // Differences 1, 3, −1: mean 1, variance 8/3.
    const s = smoothness([0, 1, 4, 3]);
    expect(s.scaleDependent).toBeCloseTo(Math.sqrt(8 / 3), 14);
    expect(s.scaleIndependent).toBeCloseTo(Math.sqrt(8 / 3), 14);
    expect(smoothness([1, 2, 1]).scaleIndependent).toBe(Number.POSITIVE_INFINITY);
  });
  it("is √2 relative to the activity without memory, √(2 (1 − ρ)) with it", () => {
    const rng = createRng(6);
    let x = 0;
    const ar = Array.from({ length: 30000 }, () => {
      x = 0.9 * x + rng.normal();
      return x;
    });
    expect(Math.abs(smoothness(ar).relative - Math.sqrt(0.2))).toBeLessThan(0.02);
    const white = Array.from({ length: 30000 }, () => rng.normal());
    expect(Math.abs(smoothness(white).relative - smoothness(white).memoryless)).toBeLessThan(0.02);
  });
});

describe("surrogateRaster", () => {
  const raster = (() => {
    const rng = createRng(12);
    // Units driven by one wandering rate: correlated, with memory.
    let x = 0;
    const dense = [];
    for (let t = 0; t < 5000; t++) {
      x = 0.95 * x + 0.3 * rng.normal();
      for (let u = 0; u < 11; u++) dense.push(u < 10 && rng.uniform() < (x > 0.5 ? 0.4 : 0.05) ? 1 : 0);
    }
    return rasterFromDense(dense, 11);
  })();
  const make = (kind: RasterSurrogate) => surrogateRaster(raster, kind, createRng(1));
  const memory = (r: typeof raster) => activityAutocorrelation(activity(r), 1).correlation[1];

  it("starts from a raster with correlations and memory", () => {
    expect(pairCorrelations(raster).mean).toBeGreaterThan(0.1);
    expect(memory(raster)).toBeGreaterThan(0.3);
  });
  it("shift: each train is rotated, and pairs no longer know of each other", () => {
    const shifted = make("shift");
    expect(spikeCounts(shifted)).toEqual(spikeCounts(raster));
    const gaps = (times: Uint32Array) =>
      Array.from(times, (t, k) => (times[(k + 1) % times.length] - t + 5000) % 5000).sort((a, b) => a - b);
    expect(spikeTrains(shifted).map(gaps)).toEqual(spikeTrains(raster).map(gaps));
    expect(Math.abs(pairCorrelations(shifted).mean)).toBeLessThan(0.02);
  });
  it("steps: patterns are kept, memory is gone", () => {
    const mixed = make("steps");
    expect(pairCorrelations(mixed).matrix).toEqual(pairCorrelations(raster).matrix);
    expect(activity(mixed).slice().sort()).toEqual(activity(raster).slice().sort());
    expect(Math.abs(memory(mixed))).toBeLessThan(0.05);
  });
  it("bernoulli: rates are kept, all else is gone", () => {
    const independent = make("bernoulli");
    const [p, q] = [firingRates(raster), firingRates(independent)];
    for (let u = 0; u < 11; u++) {
      expect(Math.abs(p[u] - q[u])).toBeLessThanOrEqual(4 * Math.sqrt((2 * p[u] * (1 - p[u])) / 5000));
    }
    expect(Math.abs(pairCorrelations(independent).mean)).toBeLessThan(0.02);
    expect(Math.abs(memory(independent))).toBeLessThan(0.05);
    const full = rasterFromDense(new Uint8Array(12).fill(1), 2);
    expect(surrogateRaster(full, "bernoulli", createRng(1))).toEqual(full);
  });
  it("names the kinds there are", () => {
    expect(() => make("poisson" as RasterSurrogate)).toThrow(
      'surrogateRaster: there is no surrogate "poisson". Choose bernoulli, shift or steps.',
    );
  });
});
