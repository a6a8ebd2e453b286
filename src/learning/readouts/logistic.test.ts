import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { predictClasses } from "./classifier.ts";
import { classProbabilities, type LogisticOptions, logistic } from "./logistic.ts";
import { SoftmaxObjective } from "./softmax-objective.ts";
import { noisyPatterns, pack } from "./testing/binary-states.ts";
import { expectClose } from "./testing/slow-ridge.ts";

const problem = (seed: number, { steps = 60, units = 7, classes = 3, flip = 0.2 } = {}) => {
  const { rows, labels } = noisyPatterns(createRng(seed), { steps, units, classes, flip });
  return { rows, labels, units, classes, data: { states: rows.flat(), labels } };
};

/** Σ −log p(class) + λ |W|² / 2 by its definition; w of shape (class, unit). */
function slowLoss(
  { rows, labels, classes }: { rows: number[][]; labels: Int32Array; classes: number },
  w: ArrayLike<number>,
  b: ArrayLike<number>,
  lambda: number,
): number {
  let loss = 0;
  rows.forEach((row, t) => {
    const scores = Array.from({ length: classes }, (_, c) =>
      row.reduce((sum, x, u) => sum + x * w[c * row.length + u], b[c]),
    );
    const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
    loss -= Math.log(Math.exp(scores[labels[t]]) / total);
  });
  return loss + (lambda / 2) * Array.from(w).reduce((sum, x) => sum + x * x, 0);
}

describe("SoftmaxObjective", () => {
  it("has the gradient and the curvature of its value, by finite differences", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(0, 0.3, 5), (seed, lambda) => {
        const { units, classes, data } = problem(seed, { steps: 25, units: 4 });
        const objective = new SoftmaxObjective([data], { units, classes, lambda });
        const rng = createRng(seed).stream("point");
        const x = Float64Array.from({ length: objective.size }, () => rng.normal());
        const v = Float64Array.from({ length: objective.size }, () => rng.normal());
        const h = 1e-5;
        const at = (scale: number, direction: ArrayLike<number>) => {
          const moved = x.map((value, i) => value + scale * direction[i]);
          const value = objective.value(moved);
          const gradient = new Float64Array(objective.size);
          objective.gradient(gradient);
          return { value, gradient };
        };
        const up = at(h, v);
        const down = at(-h, v);
        const axes = x.map((_, i) => {
          const axis = x.map((__, j) => (i === j ? 1 : 0));
          return (at(h, axis).value - at(-h, axis).value) / (2 * h);
        });
        const { gradient } = at(0, v);
        expectClose(gradient, [...axes], 1e-8);
        const curvature = new Float64Array(objective.size);
        objective.curvature(v, curvature);
        expectClose(
          curvature,
          Array.from(curvature, (_, i) => (up.gradient[i] - down.gradient[i]) / (2 * h)),
          1e-8,
        );
        const diagonal = new Float64Array(objective.size);
        objective.diagonal(diagonal);
        x.forEach((_, i) => {
          objective.curvature(
            x.map((__, j) => (i === j ? 1 : 0)),
            curvature,
          );
          expect(diagonal[i]).toBeCloseTo(curvature[i], 12);
        });
      }),
      { numRuns: 15 },
    );
  });
});

describe("logistic", () => {
  it("ends where no weight moved by a little lowers the loss", () => {
    const p = problem(11);
    const readout = logistic(p.data, { units: 7, classes: 3, lambda: 0.5, tolerance: 1e-10 });
    expect(readout.status).toBe("converged");
    const best = slowLoss(p, readout.weights, readout.intercept, 0.5);
    expect(readout.loss * p.rows.length).toBeCloseTo(best, 9);
    for (let k = 0; k < readout.weights.length + 3; k++) {
      for (const h of [1e-4, -1e-4]) {
        const w = readout.weights.slice();
        const b = readout.intercept.slice();
        if (k < w.length) w[k] += h;
        else b[k - w.length] += h;
        expect(slowLoss(p, w, b, 0.5)).toBeGreaterThan(best);
      }
    }
    expect(readout.intercept.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
  });

  it("is the closed form for one binary unit: probabilities are the frequencies", () => {
    // Without a penalty p(class | x) is the fraction of rows with that x that are of the class.
    const states = [0, 0, 0, 0, 1, 1, 1, 1, 1];
    const labels = [0, 0, 0, 1, 0, 1, 1, 2, 2];
    const withThird = [...states, 0];
    const readout = logistic(
      { states: withThird, labels: [...labels, 2] },
      { units: 1, classes: 3, lambda: 0, tolerance: 1e-12 },
    );
    expectClose(classProbabilities(readout, [0, 1]), [0.6, 0.2, 0.2, 0.2, 0.4, 0.4], 1e-9);
  });

  it("gives packed states and blocks the readout of the same numbers", () => {
    const { rows, labels } = problem(21, { units: 13, classes: 4, steps: 120 });
    const options = { units: 13, classes: 4 };
    const whole = logistic({ states: rows.flat(), labels }, options);
    expect(logistic({ states: pack(rows, 13), labels }, options)).toEqual(whole);
    const blocks = [
      { states: pack(rows.slice(0, 50), 13), labels: labels.slice(0, 50) },
      { states: rows.slice(50).flat(), labels: labels.slice(50) },
    ];
    expect(logistic(blocks, options)).toEqual(whole);
  });

  it("tells classes apart and leaves out steps with a negative label", () => {
    const { rows, labels } = problem(1, { steps: 900, units: 45, classes: 6, flip: 0.08 });
    const train = labels.map((label, t) => (t < 600 ? label : -1));
    const readout = logistic({ states: pack(rows, 45), labels: train }, { units: 45, classes: 6 });
    const predicted = predictClasses(readout, pack(rows.slice(600), 45));
    expect(predicted.filter((c, t) => c === labels[600 + t]).length / 300).toBeGreaterThan(0.98);
    const sums = classProbabilities(readout, rows[0]).reduce((a, b) => a + b, 0);
    expect(sums).toBeCloseTo(1, 14);
  });

  it("returns a status when there is no minimum or too few steps are allowed", () => {
    const data = { states: [0, 0, 1, 1], labels: [0, 0, 1, 1] };
    const few = logistic(data, { units: 1, classes: 2, tolerance: 1e-12, maxIterations: 1 });
    expect(few.status).toBe("not-converged");
    expect(few.message).toMatch(
      /^logistic: gradient is [\d.e-]+ after 1 Newton steps, tolerance 1e-12; raise lambda, tolerance or maxIterations\.$/,
    );
    const endless = logistic(data, { units: 1, classes: 2, lambda: 0, tolerance: 1e-15, maxIterations: 20 });
    expect(endless.status).toBe("not-converged");
    expect(endless.weights.every(Number.isFinite)).toBe(true);
    expect([...predictClasses(endless, [0, 1])]).toEqual([0, 1]);
  });

  it("says what does not fit", () => {
    const data = { states: [0, 1], labels: [0, 1] };
    const attempt =
      (options: Partial<LogisticOptions>, d = data) =>
      () =>
        logistic(d, { units: 1, classes: 2, ...options });
    expect(attempt({ lambda: -1 })).toThrow("logistic: lambda must be a number ≥ 0, got -1");
    expect(attempt({ tolerance: 0 })).toThrow("tolerance must be > 0 and maxIterations ≥ 1, got 0 and 100");
    expect(attempt({}, { states: [0, Number.NaN], labels: [0, 1] })).toThrow(
      "unit 0 is NaN at step 1. Did the run diverge? Look at its status.",
    );
    expect(attempt({}, { states: [0, 1], labels: [-1, -1] })).toThrow(
      "no step has a label. Is the training part empty?",
    );
    expect(attempt({}, { states: [0, 1], labels: [0, 5] })).toThrow(
      "label of step 1 must be a class from 0 to 1, got 5",
    );
  });
});
