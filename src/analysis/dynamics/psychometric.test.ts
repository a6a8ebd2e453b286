import { describe, expect, it } from "vitest";
import { createRng, log } from "../../core/index.ts";
import { normalCdf, normalQuantile } from "../statistics/index.ts";
import { chronometricCurve } from "./chronometric.ts";
import { fitPsychometric, psychometricFunction } from "./psychometric.ts";

const EVIDENCE = [-32, -16, -8, -4, -2, 2, 4, 8, 16, 32];
const logistic = (z: number) => 1 / (1 + Math.exp(-z));

describe("fitPsychometric", () => {
  it("goes through two points exactly", () => {
    const points = [
      { evidence: -3, count: 40, chosen: 10 },
      { evidence: 5, count: 50, chosen: 45 },
    ];
    const b = (normalQuantile(0.9) - normalQuantile(0.25)) / 8;
    const { bias, sigma, slope, deviance, freedom } = fitPsychometric(points);
    expect(sigma.value).toBeCloseTo(1 / b, 9);
    expect(bias.value).toBeCloseTo(5 - normalQuantile(0.9) / b, 9);
    expect(slope.value).toBeCloseTo(b / Math.sqrt(2 * Math.PI), 9);
    expect(deviance).toBeLessThan(1e-9);
    expect(freedom).toBe(0);
  });

  it("has the standard errors of a logistic regression on two points", () => {
    const points = [
      { evidence: 0, count: 40, chosen: 10 },
      { evidence: 1, count: 50, chosen: 45 },
    ];
    const { slope, bias } = fitPsychometric(points, { family: "logistic" });
    const variances = points.map(({ count, chosen }) => 1 / chosen + 1 / (count - chosen));
    const logits = points.map(({ count, chosen }) => Math.log(chosen / (count - chosen)));
    const b = logits[1] - logits[0];
    expect(slope.value).toBeCloseTo(b / 4, 9);
    expect(slope.error).toBeCloseTo(Math.sqrt(variances[0] + variances[1]) / 4, 9);
    // μ = −l₀ / (l₁ − l₀): ∂μ/∂l₀ = −l₁ / b², ∂μ/∂l₁ = l₀ / b².
    const error = Math.sqrt(logits[1] ** 2 * variances[0] + logits[0] ** 2 * variances[1]) / b ** 2;
    expect(bias.error).toBeCloseTo(error, 9);
  });

  it.each(["normal", "logistic"] as const)("finds the parameters that made the fractions (%s)", (family) => {
    const cdf = family === "normal" ? normalCdf : logistic;
    const p = (mu: number, sigma: number, lapse: number, x: number) =>
      lapse + (1 - 2 * lapse) * cdf((x - mu) / sigma);
    const points = EVIDENCE.map((evidence) => ({
      evidence,
      count: 200,
      chosen: 200 * p(1.5, 7, 0.04, evidence),
    }));
    const fit = fitPsychometric(points, { family, lapse: "free" });
    expect(fit.bias.value).toBeCloseTo(1.5, 4);
    expect(fit.sigma.value).toBeCloseTo(7, 4);
    expect(fit.lapse.value).toBeCloseTo(0.04, 5);
    expect(fit.deviance).toBeLessThan(1e-6);
    expect(psychometricFunction(fit, 4)).toBeCloseTo(p(1.5, 7, 0.04, 4), 6);
    // Where data are their own expectation, the information is minus the Hessian of the likelihood.
    const value = ([mu, sigma, lapse]: number[]) =>
      points.reduce((sum, { evidence, count, chosen }) => {
        const q = p(mu, sigma, lapse, evidence);
        return sum + chosen * log(q) + (count - chosen) * log(1 - q);
      }, 0);
    const at = [1.5, 7, 0.04];
    const h = [1e-3, 1e-3, 1e-5];
    const hessian = at.map((_, i) =>
      at.map((__, j) => {
        const shifted = (a: number, b: number) =>
          value(at.map((v, k) => v + (k === i ? a * h[i] : 0) + (k === j ? b * h[j] : 0)));
        return -(shifted(1, 1) - shifted(1, -1) - shifted(-1, 1) + shifted(-1, -1)) / (4 * h[i] * h[j]);
      }),
    );
    const errors = inverseDiagonal(hessian).map(Math.sqrt);
    [fit.bias, fit.sigma, fit.lapse].forEach(({ error }, k) => {
      expect(Math.abs(error / errors[k] - 1)).toBeLessThan(2e-3);
    });
  });

  it("covers the truth by its errors in about 95 of 100 experiments", () => {
    const rng = createRng(11);
    let covered = 0;
    for (let run = 0; run < 200; run++) {
      const points = EVIDENCE.map((evidence) => {
        let chosen = 0;
        for (let k = 0; k < 50; k++) if (rng.uniform() < normalCdf((evidence - 1) / 9)) chosen++;
        return { evidence, count: 50, chosen };
      });
      const { bias } = fitPsychometric(points);
      if (Math.abs(bias.value - 1) < 1.96 * bias.error) covered++;
    }
    expect(covered).toBeGreaterThan(180);
    expect(covered).toBeLessThan(200);
  });

  it("keeps a lapse at 0 when the data want none, and one that is held", () => {
    const points = EVIDENCE.map((evidence) => ({
      evidence,
      count: 100,
      chosen: 100 * normalCdf(evidence / 9),
    }));
    const free = fitPsychometric(points, { lapse: "free" });
    expect(free.lapse.value).toBeLessThan(1e-4);
    expect(free.sigma.value).toBeCloseTo(9, 2);
    expect(fitPsychometric(points, { lapse: 0.02 }).lapse).toEqual({ value: 0.02, error: Number.NaN });
  });

  it("tells choices against the evidence, and steps that have no width", () => {
    const against = EVIDENCE.map((evidence) => ({
      evidence,
      count: 100,
      chosen: 100 * normalCdf(-evidence / 9),
    }));
    expect(fitPsychometric(against).sigma.value).toBeCloseTo(-9, 6);
    const step = EVIDENCE.map((evidence) => ({ evidence, count: 10, chosen: evidence > 0 ? 10 : 0 }));
    for (const lapse of [0, "free"] as const) {
      const fit = fitPsychometric(step, { lapse });
      expect(fit.status).toBe("separated");
      expect(Math.abs(fit.bias.value)).toBeLessThan(2);
      expect(fit.bias.error).toBeNaN();
    }
    const always = EVIDENCE.map((evidence) => ({ evidence, count: 10, chosen: 10 }));
    expect(fitPsychometric(always).status).toBe("separated");
  });

  it("says what is wrong", () => {
    const one = [{ evidence: 1, count: 3, chosen: 2 }];
    expect(() => fitPsychometric(one)).toThrow("choices at 1 values of evidence");
    expect(() => fitPsychometric([{ evidence: 1, count: 3, chosen: 4 }])).toThrow(
      "4 of 3 choices at evidence 1",
    );
    expect(() => fitPsychometric(one, { lapse: 2 })).toThrow('lapse must be "free" or lie in 0 … 0.4, got 2');
  });
});

describe("chronometricCurve", () => {
  it("has mean and standard error of right and of wrong answers at each strength", () => {
    const points = chronometricCurve({
      evidence: [4, -4, 4, -4, 8, 8, Number.NaN],
      reaction: [300, 500, 400, Number.NaN, 200, 250, 100],
      correct: [1, 1, 0, 0, 1, 1, 1],
    });
    expect(points.map((p) => [p.strength, p.missed])).toEqual([
      [4, 1],
      [8, 0],
    ]);
    expect(points[0].correct).toEqual({ count: 2, mean: 400, error: 100 });
    expect(points[0].wrong).toEqual({ count: 1, mean: 400, error: Number.NaN });
    expect(points[1].correct.error).toBeCloseTo(25, 12);
    expect(points[1].wrong.mean).toBeNaN();
    expect(() => chronometricCurve({ evidence: [1], reaction: [], correct: [1] })).toThrow(
      "1 values of evidence, 0 reactions, 1 outcomes",
    );
  });
});

/** Diagonal of the inverse of a 3 × 3 matrix, by cofactors. */
function inverseDiagonal(m: number[][]): number[] {
  const minor = (i: number, j: number) => {
    const [a, b] = [0, 1, 2].filter((k) => k !== i);
    const [c, d] = [0, 1, 2].filter((k) => k !== j);
    return m[a][c] * m[b][d] - m[a][d] * m[b][c];
  };
  const determinant = m[0][0] * minor(0, 0) - m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
  return [0, 1, 2].map((k) => minor(k, k) / determinant);
}
