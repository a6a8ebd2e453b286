import { describe, expect, it } from "vitest";
import { createRng, type Rng } from "../../core/index.ts";
import { branchingRatio } from "./branching-ratio.ts";
import { cracklingRelation, meanSizeScaling } from "./mean-size-scaling.ts";

describe("meanSizeScaling", () => {
  it("finds the exponent of an exact power law, with standard error 0", () => {
    const duration = [2, 3, 3, 5, 8, 13];
    const { gamma, prefactor } = meanSizeScaling(
      { duration, size: duration.map((t) => 3 * t ** 1.3) },
      [2, 13],
    );
    expect(gamma.value).toBeCloseTo(1.3, 12);
    expect(gamma.standardError).toBeLessThan(1e-7);
    expect(prefactor).toBeCloseTo(3, 10);
  });

  it("is the regression with one row for each avalanche at its mean size", () => {
    const duration = [1, 1, 1, 2, 2, 4, 4, 4, 4, 9, 30];
    const size = [1, 2, 1, 4, 6, 9, 8, 12, 9, 33, 1];
    const { gamma, points } = meanSizeScaling({ duration, size }, [1, 10]);
    const rows = duration
      .filter((t) => t <= 10)
      .map((t) => {
        const same = size.filter((_, i) => duration[i] === t);
        return [Math.log(t), Math.log(same.reduce((a, b) => a + b, 0) / same.length)];
      });
    const mx = rows.reduce((s, r) => s + r[0], 0) / rows.length;
    const my = rows.reduce((s, r) => s + r[1], 0) / rows.length;
    const sxx = rows.reduce((s, r) => s + (r[0] - mx) ** 2, 0);
    const slope = rows.reduce((s, r) => s + (r[0] - mx) * (r[1] - my), 0) / sxx;
    const residual = rows.reduce((s, r) => s + (r[1] - my - slope * (r[0] - mx)) ** 2, 0);
    expect(gamma.value).toBeCloseTo(slope, 12);
    expect(gamma.standardError).toBeCloseTo(Math.sqrt(residual / (4 - 2) / sxx), 12);
    expect(points.map((p) => p.count)).toEqual([3, 2, 4, 1]);
  });

  it("is NaN with fewer than three durations", () => {
    expect(meanSizeScaling({ duration: [2, 3], size: [4, 5] }, [1, 9]).gamma.value).toBeNaN();
    expect(meanSizeScaling({ duration: [], size: [] }, [1, 9]).gamma.value).toBeNaN();
  });
});

describe("cracklingRelation", () => {
  const alpha = { value: 1.5, standardError: 0.02 };
  const tau = { value: 1.3, standardError: 0.01 };

  it("propagates the errors as derivatives do", () => {
    const ratio = (a: number, t: number) => (a - 1) / (t - 1);
    const da = (ratio(1.5 + 1e-6, 1.3) - ratio(1.5 - 1e-6, 1.3)) / 2e-6;
    const dt = (ratio(1.5, 1.3 + 1e-6) - ratio(1.5, 1.3 - 1e-6)) / 2e-6;
    const { predicted } = cracklingRelation(alpha, tau, { value: 1.3, standardError: 0.01 });
    expect(predicted.value).toBeCloseTo(5 / 3, 12);
    expect(predicted.standardError).toBeCloseTo(Math.hypot(da * 0.02, dt * 0.01), 8);
  });

  it("holds, fails or is undetermined", () => {
    expect(cracklingRelation(alpha, tau, { value: 1.65, standardError: 0.01 }).status).toBe("holds");
    expect(cracklingRelation(alpha, tau, { value: 1.3, standardError: 0.01 }).status).toBe("fails");
    const flat = { value: 1.01, standardError: 0.01 };
    expect(cracklingRelation(alpha, flat, { value: 1.3, standardError: 0.01 }).status).toBe("undetermined");
    const unknown = { value: Number.NaN, standardError: Number.NaN };
    expect(cracklingRelation(alpha, tau, unknown).status).toBe("undetermined");
  });
});

/** Poisson by counting exponential waits; for means below some hundreds. */
function poisson(mean: number, rng: Rng): number {
  const limit = Math.exp(-mean);
  let k = 0;
  for (let product = rng.uniform(); product > limit; product *= rng.uniform()) k++;
  return k;
}

/** A(t + 1) ~ Poisson(m A(t) + h): every active unit has Poisson(m) successors, the drive adds h. */
function branchingProcess(m: number, steps: number, rng: Rng): Int32Array {
  const drive = 40 * (1 - m);
  const out = new Int32Array(steps);
  let a = 40;
  for (let t = 0; t < steps; t++) {
    a = poisson(m * a + drive, rng);
    out[t] = a;
  }
  return out;
}

function seen(activity: Int32Array, share: number, rng: Rng): Int32Array {
  return activity.map((a) => {
    let count = 0;
    for (let i = 0; i < a; i++) if (rng.uniform() < share) count++;
    return count;
  });
}

describe("branchingRatio", () => {
  const rng = createRng(12);
  const full = branchingProcess(0.95, 50_000, rng.stream("process"));
  const part = seen(full, 0.1, rng.stream("seen"));

  it("has slopes of the ordinary regressions", () => {
    const { slopes, naive } = branchingRatio([full], { maxLag: 12 });
    expect(naive).toBe(slopes[0]);
    for (const k of [1, 5, 12]) {
      const x = full.slice(0, -k);
      const y = full.slice(k);
      const mx = x.reduce((a, b) => a + b, 0) / x.length;
      const my = y.reduce((a, b) => a + b, 0) / y.length;
      let sxy = 0;
      let sxx = 0;
      x.forEach((v, i) => {
        sxy += (v - mx) * (y[i] - my);
        sxx += (v - mx) ** 2;
      });
      expect(slopes[k - 1]).toBeCloseTo(sxy / sxx, 11);
    }
  });

  it("recovers m of a branching process with drive, b near 1", () => {
    const { m, b, autocorrelationTime, status, misfit } = branchingRatio([full], { maxLag: 60 });
    expect(status).toBe("ok");
    expect(Math.abs(m.value - 0.95)).toBeLessThan(3 * m.standardError);
    expect(m.standardError).toBeLessThan(0.01);
    expect(b).toBeCloseTo(1, 1);
    expect(autocorrelationTime).toBeCloseTo(-1 / Math.log(m.value), 9);
    expect(misfit).toBeLessThan(0.05);
  });

  it("recovers m from a tenth of the units, where the naive slope fails", () => {
    const { m, naive, b } = branchingRatio([part], { maxLag: 60 });
    expect(Math.abs(m.value - 0.95)).toBeLessThan(3 * m.standardError);
    expect(m.standardError).toBeLessThan(0.02);
    expect(naive).toBeLessThan(0.65);
    expect(b).toBeLessThan(0.7);
  });

  it("pools records of different means without mixing them", () => {
    const shifted = full.map((a) => a + 500);
    const both = branchingRatio([full, shifted], { maxLag: 20 });
    const one = branchingRatio([full], { maxLag: 20 });
    both.slopes.forEach((r, k) => {
      expect(r).toBeCloseTo(one.slopes[k], 10);
    });
  });

  it("states a standard error near the spread over repeats", () => {
    const estimates = Array.from({ length: 24 }, (_, i) =>
      branchingRatio([branchingProcess(0.8, 5000, createRng(i))], { maxLag: 20 }),
    );
    const values = estimates.map((e) => e.m.value);
    const centre = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = Math.sqrt(values.reduce((s, v) => s + (v - centre) ** 2, 0) / (values.length - 1));
    const stated = estimates.reduce((s, e) => s + e.m.standardError, 0) / values.length;
    // Standard deviation of 24 values to 15 %, jackknife of 10 blocks to 24 %.
    expect(stated / spread).toBeGreaterThan(0.6);
    expect(stated / spread).toBeLessThan(1.7);
  });

  it("says when there is nothing to fit", () => {
    const white = Int32Array.from({ length: 5000 }, () => rng.integer(40));
    expect(branchingRatio([white])).toMatchObject({ status: "no-correlation", m: { value: Number.NaN } });
    expect(branchingRatio([new Int32Array(5000).fill(3)]).status).toBe("undetermined");
    const alternating = Int32Array.from({ length: 5000 }, (_, t) => (t % 2) * 10);
    expect(branchingRatio([alternating], { maxLag: 3 }).status).toBe("undetermined");
  });

  it("refuses records that are too short and options that mean nothing", () => {
    expect(() => branchingRatio([])).toThrow("branchingRatio: no record given");
    expect(() => branchingRatio([full.slice(0, 150)])).toThrow(
      "branchingRatio: record 0 has 150 steps, fewer than twice maxLag (100). Lower maxLag or record longer.",
    );
    expect(() => branchingRatio([full], { maxLag: 1 })).toThrow("maxLag must be a whole number ≥ 2, got 1");
    expect(() => branchingRatio([full], { blocks: 1 })).toThrow("blocks must be a whole number ≥ 2, got 1");
  });
});
