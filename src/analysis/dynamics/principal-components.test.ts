import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { variance } from "../statistics/index.ts";
import { type Activity, projectActivity } from "./activity.ts";
import {
  componentsFor,
  participationRatio,
  principalComponents,
  trajectories,
} from "./principal-components.ts";

/** Activity that varies along orthogonal directions with given standard deviations. */
function randomActivity({ rows = 4, steps = 30, units = 5, seed = 1 }): Activity {
  const rng = createRng(seed);
  const mixing = Float64Array.from({ length: units * units }, () => rng.normal());
  const values = new Float64Array(rows * steps * units);
  for (let k = 0; k < rows * steps; k++) {
    const source = Float64Array.from({ length: units }, (_, i) => rng.normal() / (i + 1));
    for (let i = 0; i < units; i++) {
      for (let j = 0; j < units; j++) values[k * units + i] += mixing[i * units + j] * source[j];
      values[k * units + i] += i;
    }
  }
  return { rows, steps, units, values };
}

/** Eigenvalues of a symmetric matrix by Jacobi's rotations, the slow way. */
function jacobiEigenvalues(matrix: number[][]): number[] {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++)
          [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
        for (let k = 0; k < n; k++)
          [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
      }
    }
  }
  return a.map((row, i) => row[i]).sort((x, y) => y - x);
}

describe("principalComponents", () => {
  it("has the eigenvalues that Jacobi's rotations find in the covariance", () => {
    const activity = randomActivity({});
    const { units, values } = activity;
    const columns = Array.from({ length: units }, (_, i) =>
      Array.from(values).filter((_v, k) => k % units === i),
    );
    const means = columns.map((c) => c.reduce((s, v) => s + v, 0) / c.length);
    const covariance = columns.map((a, i) =>
      columns.map(
        (b, j) => a.reduce((s, v, k) => s + (v - means[i]) * (b[k] - means[j]), 0) / (a.length - 1),
      ),
    );
    const expected = jacobiEigenvalues(covariance);
    const { variances, explained, mean } = principalComponents(activity);
    variances.forEach((v, c) => {
      expect(v).toBeCloseTo(expected[c], 10);
    });
    expect(explained.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 12);
    means.forEach((m, i) => {
      expect(mean[i]).toBeCloseTo(m, 12);
    });
  });

  it("gives orthonormal components, whose projections have their variances and are uncorrelated", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(1000), (units, seed) => {
        const activity = randomActivity({ units, seed });
        const pca = principalComponents(activity);
        const path = trajectories(activity, pca);
        for (let a = 0; a < units; a++) {
          const own = path.filter((_, k) => k % units === a);
          expect(Math.abs(variance(own) - pca.variances[a])).toBeLessThan(1e-10 * (1 + pca.variances[0]));
          for (let b = 0; b <= a; b++) {
            let dot = 0;
            for (let i = 0; i < units; i++)
              dot += pca.components[a * units + i] * pca.components[b * units + i];
            expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-12);
          }
        }
      }),
      { seed: 4, numRuns: 25 },
    );
  });

  it("has the same signs whatever the order of trials: the largest entry is positive", () => {
    const activity = randomActivity({ seed: 5 });
    const { components } = principalComponents(activity, 2);
    const reversed = principalComponents(
      { ...activity, values: Float64Array.from(activity.values).map((v) => -v) },
      2,
    );
    components.forEach((v, k) => {
      expect(reversed.components[k]).toBeCloseTo(v, 10);
    });
    for (let c = 0; c < 2; c++) {
      const own = components.subarray(c * 5, (c + 1) * 5);
      expect(Math.max(...own)).toBe(Math.max(...own.map(Math.abs)));
    }
  });

  it("leaves out samples beyond the end of a trial", () => {
    const short = randomActivity({ rows: 2, steps: 10 });
    const values = new Float64Array(2 * 15 * 5).fill(Number.NaN);
    for (let row = 0; row < 2; row++)
      values.set(Float64Array.from(short.values).subarray(row * 50, (row + 1) * 50), row * 75);
    const padded = { ...short, steps: 15, values };
    const [a, b] = [principalComponents(short), principalComponents(padded)];
    expect(b).toEqual(a);
    expect(Number.isNaN(trajectories(padded, b)[12 * 5])).toBe(true);
    expect(trajectories(padded, b)[0]).toBe(trajectories(short, a)[0]);
  });

  it("says what is wrong", () => {
    const activity = { rows: 1, steps: 2, units: 2, values: [1, 2, 3] };
    expect(() => principalComponents(activity)).toThrow("3 values are no activity of 1 × 2 × 2");
    const one = { rows: 1, steps: 1, units: 2, values: [1, 2] };
    expect(() => principalComponents(one)).toThrow(
      "1 samples of activity are not NaN, at least 2 are needed",
    );
    expect(() => principalComponents(one, 3)).toThrow("count must be a whole number from 1 to 2, got 3");
    expect(() => projectActivity(one, [1, 2, 3])).toThrow("axes of 3 values for 2 units");
    expect(() => projectActivity(one, [1, 2], [1])).toThrow("a centre of 1 for 2 units");
  });
});

describe("participationRatio", () => {
  it("is the number of equal variances, and 1 when one stands alone, at any scale", () => {
    expect(participationRatio([2, 2, 2])).toBe(3);
    expect(participationRatio([1e-200, 0, 0])).toBe(1);
    expect(participationRatio([3, 1])).toBeCloseTo(16 / 10, 14);
    expect(participationRatio([0, 0])).toBeNaN();
  });

  it("stands beside the number of components for a share of the variance", () => {
    const explained = Float64Array.of(0.5, 0.3, 0.2);
    expect([0.5, 0.51, 0.8, 1].map((share) => componentsFor({ explained }, share))).toEqual([1, 2, 2, 3]);
  });
});
