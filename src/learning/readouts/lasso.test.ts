import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createRng, onWarning } from "../../core/index.ts";
import { fitLasso, type LassoOptions, lasso } from "./lasso.ts";
import { predict } from "./linear-readout.ts";
import { momentsOf } from "./training-moments.ts";

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  expect(actual.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(actual[i] - wanted[i])).toBeLessThanOrEqual(tolerance);
}

let restore = () => {};
afterEach(() => restore());

// The same table as in ridge.test.ts; its unit 2 is constant. Numbers from scikit-learn 1.9.1, tol 1e-14.
const states = Array.from({ length: 25 }, (_, t) =>
  Array.from({ length: 6 }, (_, i) => ((t * 7 + i * 13 + t * i * 5) % 17) / 8 - 1),
);
const targets = states.flatMap((x, t) => [
  ((t * 11 + 4) % 13) / 6 - 1 + 2 * x[0] - x[3],
  ((t * t * 3) % 19) / 9 - 1 + x[5],
]);
const exact = { units: 6, outputs: 2, tolerance: 1e-14 };

describe("lasso", () => {
  it.each([
    [
      0.02,
      [
        1.762434458747794, -0.17694484457215293, 0, -1.2122197249357765, -0.17803944488699122,
        0.06652817825318062,
      ],
      [0.043284797272475736, 0, 0, 0, -0.13793490762011318, 0.4212103853423796],
      [-0.015966792265321432, 0.039169778936847865],
    ],
    [
      0.2,
      [1.211982539267226, 0, 0, -0.44191788254533676, 0, 0],
      [0, 0, 0, 0, 0, 0],
      [-0.007389117452835565, 0.03111111111111109],
    ],
  ])("equals scikit-learn's Lasso(alpha = %d)", (lambda, first, second, intercept) => {
    const readout = lasso(states.flat(), targets, { ...exact, lambda });
    expectClose(readout.weights, [...first, ...second], 1e-7);
    expectClose(readout.intercept, intercept, 1e-7);
  });

  it("equals scikit-learn's Lasso without intercept and with sample weights", () => {
    const weights = states.map((_, t) => 1 + (t % 4));
    const readout = lasso(states.flat(), targets, { ...exact, lambda: 0.02, intercept: false, weights });
    const wanted = [
      [
        1.5938183200386304, -0.12147163246914498, 0, -1.2911799802548418, -0.1924109689259799,
        0.21521339406278117,
      ],
      [0, 0.09462552430869814, 0, -0.05294630941082496, -0.11123255367474932, 0.45748457591567065],
    ];
    // Unit 2 is constant but not 0, so that without intercept it may take a weight; here it does not.
    expectClose(readout.weights, wanted.flat(), 1e-7);
  });

  it("shrinks by λ / variance and cuts at 0 where units are uncorrelated", () => {
    // Two square waves a quarter period apart, variance 1.
    const waves = Array.from({ length: 40 }, (_, t) => [t % 4 < 2 ? 1 : -1, (t + 1) % 4 < 2 ? 1 : -1]);
    const y = waves.map(([a, b]) => 3 * a - 0.4 * b + 5);
    const readout = lasso(waves.flat(), y, { units: 2, outputs: 1, lambda: 0.5, tolerance: 1e-14 });
    expectClose(readout.weights, [2.5, 0], 1e-12);
    expectClose(readout.intercept, [5], 1e-12);
  });

  it("meets the optimality conditions on random, strongly correlated states", () => {
    const cases = fc.record({
      seed: fc.nat(1e6),
      units: fc.integer({ min: 2, max: 10 }),
      rows: fc.integer({ min: 20, max: 40 }),
      lambda: fc.constantFrom(0.003, 0.03, 0.3),
      standardize: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ seed, units, rows, lambda, standardize }) => {
        const rng = createRng(seed);
        const x = Array.from({ length: rows }, () => {
          const shared = 3 * rng.normal();
          return Array.from({ length: units }, (_, i) => (i + 1) * (shared + rng.normal()));
        });
        const y = x.map((row) => row[0] - row[1] + rng.normal());
        const options: LassoOptions = { units, outputs: 1, lambda, standardize, tolerance: 1e-12 };
        const readout = lasso(x.flat(), y, options);
        expect(readout.gap[0]).toBeLessThanOrEqual(1e-12);
        const prediction = predict(readout, x.flat());
        const residual = y.map((v, t) => v - prediction[t]);
        expect(Math.abs(residual.reduce((a, b) => a + b)) / rows).toBeLessThan(1e-9);
        for (let i = 0; i < units; i++) {
          const mean = x.reduce((s, row) => s + row[i], 0) / rows;
          const variance = x.reduce((s, row) => s + (row[i] - mean) ** 2, 0) / rows;
          const scale = standardize ? 1 / Math.sqrt(variance) : 1;
          const slope = (scale * x.reduce((s, row, t) => s + (row[i] - mean) * residual[t], 0)) / rows;
          const wanted = lambda * Math.sign(readout.weights[i]);
          if (readout.weights[i] === 0) expect(Math.abs(slope)).toBeLessThan(lambda + 1e-4);
          else expect(Math.abs(slope - wanted)).toBeLessThan(1e-4);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("reports a duality gap that bounds the distance of the objective from its minimum", () => {
    restore = onWarning(() => {});
    const objective = (options: Partial<LassoOptions>) => {
      const readout = lasso(states.flat(), targets, { ...exact, lambda: 0.02, ...options });
      const prediction = predict(readout, states.flat());
      const y = targets.filter((_, k) => k % 2 === 0);
      const mean = y.reduce((a, b) => a + b) / 25;
      let value = 0;
      for (let t = 0; t < 25; t++) value += (y[t] - prediction[2 * t]) ** 2 / 2;
      for (let i = 0; i < 6; i++) value += 25 * 0.02 * Math.abs(readout.weights[i]);
      return { value, gap: readout.gap[0] * y.reduce((s, v) => s + (v - mean) ** 2, 0) };
    };
    const best = objective({}).value;
    for (const tolerance of [0.3, 0.03, 1e-3, 1e-6]) {
      const { value, gap } = objective({ tolerance });
      expect(value - best).toBeLessThanOrEqual(gap + 1e-12);
    }
  });

  it("warns when it runs out of sweeps", () => {
    const warnings: string[] = [];
    restore = onWarning((code, message) => warnings.push(`${code}: ${message}`));
    const readout = lasso(states.flat(), targets, { ...exact, lambda: 0.001, maxSweeps: 1 });
    expect(readout.gap[0]).toBeGreaterThan(1e-14);
    expect(warnings[0]).toMatch(
      /^lasso-not-converged: lasso: 2 of 2 outputs stopped after 1 sweeps with a duality gap up to/,
    );
  });

  it("gives zero weights for a constant target or constant states", () => {
    const still = lasso(
      states.flat(),
      states.map(() => 2),
      { units: 6, outputs: 1, lambda: 0.1 },
    );
    expect([...still.weights, ...still.intercept]).toEqual([0, 0, 0, 0, 0, 0, 2]);
    const flat = lasso([1, 1, 1], [1, 2, 3], { units: 1, outputs: 1, lambda: 0.1 });
    expect([...flat.weights, ...flat.intercept]).toEqual([0, 2]);
  });

  it("fits moments like arrays", () => {
    const options = { ...exact, lambda: 0.02 };
    const moments = momentsOf(states.flat(), targets, options);
    expect(fitLasso(moments, options).weights).toEqual(lasso(states.flat(), targets, options).weights);
  });

  it.each([
    [
      { lambda: 0 },
      "lasso: lambda must be a number > 0, got 0. Without a penalty use ridge with a small lambda.",
    ],
    [{ lambda: 1, tolerance: 0 }, "lasso: tolerance must be > 0 and maxSweeps ≥ 1, got 0 and 20000"],
    [
      { lambda: 1, outputs: 3 },
      "momentsOf: 150 states of 6 units and 50 targets of 3 outputs do not have the same number of rows",
    ],
  ])("explains %j", (options, message) => {
    expect(() => lasso(states.flat(), targets, { units: 6, outputs: 2, ...options })).toThrow(message);
  });
});
