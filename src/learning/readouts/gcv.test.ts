import { afterEach, describe, expect, it } from "vitest";
import { determination } from "../../analysis/index.ts";
import { createRng, onWarning } from "../../core/index.ts";
import { chooseLambda, gcvPath } from "./gcv.ts";
import { predict } from "./linear-readout.ts";
import { type RidgeOptions, ridge } from "./ridge.ts";
import { dot, expectClose, mean, random, slowGcv, slowRidge } from "./testing/slow-ridge.ts";

let restore = () => {};
const warnings: string[] = [];
function listen() {
  warnings.length = 0;
  restore = onWarning((code, message) => warnings.push(`${code}: ${message}`));
}
afterEach(() => restore());

describe("fitRidge by generalised cross-validation", () => {
  const rng = createRng(11);
  const states = random(rng, 40, 7);
  for (const row of states) row[6] = row[5] + 0.01 * row[6]; // two units nearly alike
  const clean = states.map((row) => row[0] - 2 * row[3] + 0.3 * row[6]);
  const noisy = clean.map((v) => v + rng.normal());

  it("scores every λ as the definition does, from explicit residuals and leverages", () => {
    const { gcv } = ridge(states.flat(), noisy, { units: 7, outputs: 1 });
    expect(gcv!.lambdas.length).toBe(43);
    expect(gcv!.lambdas[0]).toBeCloseTo(40e-12, 20);
    for (let k = 0; k < 43; k++) {
      const wanted = slowGcv(states, noisy, gcv!.lambdas[k]);
      expectClose([gcv!.score[k] / wanted.score - 1], [0], 1e-9);
      expectClose([gcv!.degreesOfFreedom[k]], [wanted.trace], 1e-9);
    }
  });

  it("is leave-one-out where every row has the same leverage", () => {
    // Harmonics sampled evenly: all rows are rotations of each other.
    const rows = 12;
    const angle = (t: number) => (2 * Math.PI * t) / rows;
    const harmonics = Array.from({ length: rows }, (_, t) => [
      Math.cos(angle(t)),
      Math.sin(angle(t)),
      Math.cos(2 * angle(t)),
      Math.sin(2 * angle(t)),
    ]);
    const y = harmonics.map((row) => row[0] + createRng(2).normal() * row[3] + rng.normal());
    const options: RidgeOptions = { units: 4, outputs: 1, lambdas: [0.1, 2, 30], standardize: false };
    listen();
    const { gcv } = ridge(harmonics.flat(), y, options);
    for (let k = 0; k < 3; k++) {
      // The intercept must be refitted without the row: a column of large ones costs no penalty to speak of.
      const errors = y.map((v, t) => {
        const others = harmonics.map((row) => [1e4, ...row]).filter((_, s) => s !== t);
        const x = slowRidge(
          others,
          y.filter((_, s) => s !== t),
          gcv!.lambdas[k],
        );
        return v - dot(x, [1e4, ...harmonics[t]]);
      });
      expectClose([gcv!.score[k]], [mean(errors.map((e) => e * e))], 1e-6);
    }
  });

  it.each([1e-2, 1e-4, 1e-6])(
    "finds the minimum when the fit is near perfect, noise %d of the target",
    (size) => {
      const y = clean.map((v, t) => v + size * Math.sin(17 * t * t));
      const { gcv, lambda } = ridge(states.flat(), y, { units: 7, outputs: 1 });
      const wanted = Array.from(gcv!.lambdas, (value) => slowGcv(states, y, value).score);
      const best = Math.min(...wanted);
      const chosen = wanted[gcv!.lambdas.indexOf(lambda[0])];
      expect(chosen / best - 1).toBeLessThan(1e-7);
      // Only what rounding of y·y hides may differ.
      const hidden = (1e-15 * dot(y, y)) / (40 * best);
      for (let k = 0; k < 43; k++)
        expect(Math.abs(gcv!.score[k] / wanted[k] - 1)).toBeLessThan(1e-8 + 100 * hidden);
    },
  );

  it("keeps a perfect fit perfect", () => {
    const readout = ridge(states.flat(), clean, { units: 7, outputs: 1 });
    const error = determination(clean, predict(readout, states.flat()));
    expect(1 - error).toBeLessThan(1e-13);
  });

  it("chooses λ well with more units than rows", () => {
    const wide = random(createRng(5), 20, 30);
    const y = wide.map((row) => row[0] + row[1] + row[2] + 0.5 * rng.normal());
    const { gcv, lambda, weights } = ridge(wide.flat(), y, { units: 30, outputs: 1 });
    const wanted = Array.from(gcv!.lambdas, (value) =>
      value > 1e-6 ? slowGcv(wide, y, value).score : Infinity,
    );
    const k = gcv!.lambdas.indexOf(lambda[0]);
    expect(wanted[k]).toBe(Math.min(...wanted));
    expectClose([gcv!.score[k] / wanted[k]], [1], 1e-8);
    expect(lambda[0]).toBeGreaterThan(1e-3);
    expect(weights.every(Number.isFinite)).toBe(true);
  });

  it("chooses for each output by itself, or one λ for all", () => {
    const targets = clean.flatMap((v, t) => [v, Math.cos(31 * t * t)]);
    const each = ridge(states.flat(), targets, { units: 7, outputs: 2 });
    expect(each.lambda[0]).toBeLessThan(each.lambda[1] / 1e3);
    const alone = ridge(states.flat(), clean, { units: 7, outputs: 1 });
    expect(each.lambda[0]).toBe(alone.lambda[0]);
    expectClose(each.weights.slice(0, 7), alone.weights, 1e-12);
    const one = ridge(states.flat(), targets, { units: 7, outputs: 2, perOutput: false });
    expect(one.lambda[0]).toBe(one.lambda[1]);
    // In one unit or another: a target in millivolts must not outvote one in volts.
    const scaled = ridge(
      states.flat(),
      targets.map((v, k) => (k % 2 ? 1000 * v : v)),
      { units: 7, outputs: 2, perOutput: false },
    );
    expect(scaled.lambda[0]).toBe(one.lambda[0]);
  });

  it("does not depend on the gain or offset of the states", () => {
    const options = { units: 7, outputs: 1 };
    const base = ridge(states.flat(), noisy, options);
    const moved = states.map((row) => row.map((v, i) => 1e-4 * (i + 1) * v + 0.125));
    const readout = ridge(moved.flat(), noisy, options);
    expectClose(readout.lambda, base.lambda, 1e-12);
    expectClose(predict(readout, moved.flat()), predict(base, states.flat()), 1e-7);
  });

  it("warns when an end of a path given by hand was chosen", () => {
    listen();
    const { gcv } = ridge(states.flat(), clean, { units: 7, outputs: 1, lambdas: [10, 1] });
    expect([...gcv!.lambdas]).toEqual([1, 10]);
    expect([...gcv!.atEnd]).toEqual([-1]);
    ridge(
      states.flat(),
      states.map((_, t) => Math.cos(31 * t * t)),
      { units: 7, outputs: 1, lambdas: [1e-9, 1e-8] },
    );
    expect(warnings).toEqual([
      "ridge-path-end: ridge: 1 of 1 outputs chose the smallest λ of the path, 1; give smaller lambdas, or none for the default path.",
      "ridge-path-end: ridge: 1 of 1 outputs chose the largest λ of the path, 1e-8; give larger lambdas, or none for the default path.",
    ]);
  });
});

describe("gcvPath", () => {
  const diagonalProblem = (diagonal: number[], cross: number[], squares: number) => ({
    t: { diagonal: Float64Array.from(diagonal), offDiagonal: new Float64Array(diagonal.length - 1) },
    cross: Float64Array.from(cross),
    targetSquares: Float64Array.of(squares),
    outputs: 1,
    count: 3,
    intercept: true,
  });

  it("counts no more degrees of freedom than there are rows, whatever rounding leaves of the other eigenvalues", () => {
    const lambda = 1e-3;
    const { score, degreesOfFreedom } = gcvPath(
      diagonalProblem([3, 1e-8, 2], [1, 0, 1], 5),
      Float64Array.of(lambda),
    );
    const residual = lambda / (3 + lambda) + lambda / (2 + lambda);
    const rss = 5 - 1 / 3 - 1 / 2 + lambda ** 2 * (1 / 3 / (3 + lambda) ** 2 + 1 / 2 / (2 + lambda) ** 2);
    expectClose([score[0] / (rss / 3 / (residual / 3) ** 2)], [1], 1e-12);
    expectClose([degreesOfFreedom[0]], [2 - residual], 1e-15);
  });

  it("does not take a residual that rounding made 0 for a perfect fit", () => {
    const lambdas = Float64Array.of(1e-10, 1e-6, 1e-2, 1);
    // As many free rows as units: RSS goes to 0 with λ, here below 0 by rounding.
    const problem = diagonalProblem([3, 2], [1, 1], (1 / 3 + 1 / 2) * (1 - 1e-14));
    const path = gcvPath(problem, lambdas);
    expect(path.score[0]).toBeGreaterThan(path.score[1]);
    expect(chooseLambda(path, { targetSquares: problem.targetSquares, perOutput: true })[0]).toBeGreaterThan(
      0,
    );
  });

  it("says nothing about λ below the rounding error of the Gram matrix", () => {
    const { score } = gcvPath(diagonalProblem([3, 1e-17], [1, 0], 5), Float64Array.of(0, 1e-16, 1e-3));
    expect([...score].map(Number.isFinite)).toEqual([false, false, true]);
  });
});
