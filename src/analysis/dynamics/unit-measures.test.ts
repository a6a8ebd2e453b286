import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { projectActivity } from "./activity.ts";
import { regressActivity, targetedAxes } from "./regression.ts";
import { dPrime, rocArea, unitSelectivity } from "./selectivity.ts";
import { compareTaskVariances, fractionalTaskVariance, taskVariance } from "./task-variance.ts";

describe("rocArea", () => {
  it("is the share of pairs won, ties counted half", () => {
    const sample = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        let won = 0;
        for (const x of a) for (const y of b) won += x > y ? 1 : x === y ? 0.5 : 0;
        expect(rocArea(a, b)).toBeCloseTo(won / (a.length * b.length), 14);
        expect(rocArea(a, b) + rocArea(b, a)).toBeCloseTo(1, 14);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("dPrime", () => {
  it("is the difference of means in mean standard deviations", () => {
    expect(dPrime([1, 3], [4, 8])).toBeCloseTo(-4 / Math.sqrt((2 + 8) / 2), 14);
    expect(dPrime([2, 2], [2, 2])).toBe(0);
    expect(dPrime([3, 3], [2, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(dPrime([3], [2, 1])).toBeNaN();
  });
});

describe("unitSelectivity", () => {
  it("tells each unit's preference, leaving trials of no group out", () => {
    const values = [5, 1, 0, 6, 2, 0, 1, 2, 0, 2, 1, 0, 99, -99, 7];
    const { dPrime: d, rocArea: area, preferred, counts } = unitSelectivity(values, [0, 0, 1, 1, -1]);
    expect(counts).toEqual([2, 2]);
    expect(d[0]).toBeCloseTo(4 / Math.sqrt(0.5), 14);
    expect(Array.from(d).slice(1)).toEqual([0, 0]);
    expect(Array.from(area)).toEqual([1, 0.5, 0.5]);
    expect(Array.from(preferred)).toEqual([0, -1, -1]);
    expect(() => unitSelectivity(values, [0, 0, 1, 2, 2])).toThrow("the groups have 2 and 1 trials");
    expect(() => unitSelectivity(values, [0, 1])).toThrow("15 values for 2 trials");
  });
});

describe("taskVariance", () => {
  it("is the variance over conditions, averaged over the steps asked for", () => {
    // Unit 0 is the number of the condition at every step, unit 1 a wave of amplitude c.
    const [rows, steps] = [3, 8];
    const values = new Float64Array(rows * steps * 2);
    for (let c = 0; c < rows; c++) {
      for (let t = 0; t < steps; t++) {
        values[(c * steps + t) * 2] = c;
        values[(c * steps + t) * 2 + 1] = c * Math.sin((2 * Math.PI * t) / steps);
      }
    }
    const activity = { rows, steps, units: 2, values };
    const all = taskVariance(activity);
    expect(all[0]).toBeCloseTo(2 / 3, 14);
    expect(all[1]).toBeCloseTo(1 / 3, 14);
    expect(taskVariance(activity, { from: 2, to: 3 })[1]).toBeCloseTo(2 / 3, 14);
    values.fill(Number.NaN, (2 * steps + 4) * 2);
    expect(taskVariance(activity, { from: 4 })[0]).toBeCloseTo(1 / 4, 14);
    // A step that fewer than two conditions have does not count.
    values.fill(Number.NaN, (steps + 6) * 2, 2 * steps * 2);
    expect(taskVariance(activity, { from: 4 })[0]).toBeCloseTo(1 / 4, 14);
    expect(taskVariance(activity, { from: 6 })[0]).toBeNaN();
    expect(() => taskVariance(activity, { from: 4, to: 9 })).toThrow("steps from 4 to 9 do not lie in 0 … 8");
  });

  it("is compared between tasks, unit by unit", () => {
    const { normalised, active, values } = compareTaskVariances([
      [1, 0, 4e-4],
      [0.5, 2, 1e-4],
    ]);
    expect(Array.from(values)).toEqual([1, 0.5, 0, 2, 4e-4, 1e-4]);
    expect(Array.from(normalised)).toEqual([1, 0.5, 0, 1, 0, 0]);
    expect(Array.from(active)).toEqual([1, 1, 0]);
    expect(Array.from(fractionalTaskVariance([1, 0, 3], [1, 2, 0]))).toEqual([0, -1, 1]);
    expect(() => compareTaskVariances([[1], [1, 2]])).toThrow("task variances of 1, 2 units");
    expect(() => fractionalTaskVariance([1], [])).toThrow("task variances of 1 and of 0 units");
  });
});

describe("regressActivity", () => {
  it("has slope and standard error of the textbook with one regressor", () => {
    const x = [1, 2, 3, 4, 5, 7];
    const y = [2.1, 3.9, 6.2, 7.8, 10.1, 13.5];
    const activity = { rows: 6, steps: 1, units: 1, values: y };
    const { coefficients, errors, explained } = regressActivity(activity, [{ name: "x", values: x }], {
      normalise: false,
    });
    const [mx, my] = [x, y].map((v) => v.reduce((s, a) => s + a, 0) / 6);
    const sxx = x.reduce((s, v) => s + (v - mx) ** 2, 0);
    const sxy = x.reduce((s, v, k) => s + (v - mx) * (y[k] - my), 0);
    const syy = y.reduce((s, v) => s + (v - my) ** 2, 0);
    const left = syy - sxy ** 2 / sxx;
    expect(coefficients[0]).toBeCloseTo(sxy / sxx, 12);
    expect(errors[0]).toBeCloseTo(Math.sqrt(left / 4 / sxx), 10);
    expect(explained[0]).toBeCloseTo(1 - left / syy, 12);
  });

  it("recovers what mixed the units, step by step, and axes that tell the variables apart", () => {
    const rng = createRng(3);
    const [rows, steps, units] = [40, 6, 7];
    const names = ["choice", "motion", "colour"];
    const regressors = names.map((name) => ({
      name,
      values: Float64Array.from({ length: rows }, () => rng.normal()),
    }));
    const mixing = Float64Array.from({ length: 3 * units }, () => rng.normal());
    const gain = (v: number, t: number) => (t + 1) * (t === v ? 2.5 : 1);
    const values = new Float64Array(rows * steps * units);
    for (let k = 0; k < rows * steps * units; k++) {
      const [row, t, i] = [Math.floor(k / units / steps), Math.floor(k / units) % steps, k % units];
      values[k] = 3 + i;
      regressors.forEach((r, v) => {
        values[k] += gain(v, t) * mixing[v * units + i] * r.values[row];
      });
    }
    const activity = { rows, steps, units, values };
    const fit = regressActivity(activity, regressors, { normalise: false });
    for (let k = 0; k < fit.coefficients.length; k++) {
      const [v, t, i] = [Math.floor(k / units / steps), Math.floor(k / units) % steps, k % units];
      expect(fit.coefficients[k]).toBeCloseTo(gain(v, t) * mixing[v * units + i], 10);
    }
    const { axes, step } = targetedAxes(fit, { order: ["colour", "choice", "motion"] });
    expect(Array.from(step)).toEqual([2, 5, 5]);
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        let dot = 0;
        for (let i = 0; i < units; i++) dot += axes[a * units + i] * axes[b * units + i];
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 12);
      }
    }
    // The last axis has nothing of the two before it: along it activity follows motion alone.
    const path = projectActivity(activity, axes);
    const last = Array.from({ length: rows }, (_, row) => path[(row * steps + 5) * 3 + 2]);
    const ratio = last.map((v, row) => (v - last[0]) / (regressors[1].values[row] - regressors[1].values[0]));
    for (const r of ratio.slice(1)) expect(r).toBeCloseTo(ratio[1], 8);
    const inside = targetedAxes(fit, { order: ["choice"], denoise: axes }).axes;
    targetedAxes(fit, { order: ["choice"] }).axes.forEach((v, i) => {
      expect(inside[i]).toBeCloseTo(v, 12);
    });
  });

  it("z-scores each unit over trials and time, and leaves out trials that have ended", () => {
    const values = [1, 10, 3, 10, 2, 10, 6, 10, Number.NaN, Number.NaN, 5, 10];
    const activity = { rows: 6, steps: 1, units: 2, values };
    const x = { name: "x", values: [0, 1, 0, 1, 5, 1] };
    const { coefficients, explained } = regressActivity(activity, [x]);
    const kept = [1, 3, 2, 6, 5];
    const mean = 17 / 5;
    const deviation = Math.sqrt(kept.reduce((s, v) => s + (v - mean) ** 2, 0) / 5);
    expect(coefficients[0]).toBeCloseTo((14 / 3 - 1.5) / deviation, 12);
    expect(coefficients[1]).toBe(0);
    expect(explained[1]).toBeNaN();
  });

  it("says what is wrong", () => {
    const activity = { rows: 3, steps: 1, units: 1, values: [1, 2, 4] };
    const x = { name: "x", values: [1, 2, 3] };
    expect(() => regressActivity(activity, [{ name: "c", values: [2, 2, 2] }])).toThrow(
      '"c" is constant, or a sum of the regressors before it',
    );
    expect(() => regressActivity(activity, [{ name: "x", values: [2] }])).toThrow(
      '"x" has 1 values for 3 trials',
    );
    const fit = regressActivity(activity, [x]);
    expect(() => targetedAxes(fit, { order: ["y"] })).toThrow('there is no regressor "y"');
    const silent = regressActivity({ ...activity, values: [1, 1, 1] }, [x]);
    expect(() => targetedAxes(silent)).toThrow('the coefficients of "x" are 0, or a sum of those before it');
    expect(
      regressActivity({ ...activity, values: [Number.NaN, 1, Number.NaN] }, [x]).coefficients[0],
    ).toBeNaN();
  });
});
