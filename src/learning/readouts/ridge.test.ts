import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { mse } from "../../analysis/index.ts";
import { accumulateMoments, createRng, onWarning, selectVariables } from "../../core/index.ts";
import { predict } from "./linear-readout.ts";
import { fitRidge, type RidgeOptions, ridge } from "./ridge.ts";
import { column, dot, expectClose, mean, random, slowRidge, standardized } from "./testing/slow-ridge.ts";

let restore = () => {};
const warnings: string[] = [];
function listen() {
  warnings.length = 0;
  restore = onWarning((code, message) => warnings.push(`${code}: ${message}`));
}
afterEach(() => restore());

describe("fitRidge with a given λ", () => {
  const cases = fc.record({
    seed: fc.nat(1e6),
    units: fc.integer({ min: 1, max: 6 }),
    rows: fc.integer({ min: 8, max: 30 }),
    lambda: fc.constantFrom(1e-6, 0.01, 0.5, 30),
  });

  it("minimises Σ (y − w·x)² + λ |w|² without intercept and standardisation", () => {
    fc.assert(
      fc.property(cases, ({ seed, units, rows, lambda }) => {
        const rng = createRng(seed);
        const states = random(rng, rows, units);
        const targets = random(rng, rows, 2);
        const options = { units, outputs: 2, lambda, standardize: false, intercept: false };
        const readout = ridge(states.flat(), targets.flat(), options);
        for (const o of [0, 1]) {
          const wanted = slowRidge(states, column(targets, o), lambda);
          expectClose(readout.weights.slice(o * units, (o + 1) * units), wanted, 1e-9);
        }
        expect([...readout.intercept, ...readout.lambda]).toEqual([0, 0, lambda, lambda]);
      }),
      { numRuns: 40 },
    );
  });

  it("by default penalises weights of standardised states and not the intercept", () => {
    fc.assert(
      fc.property(cases, ({ seed, units, rows, lambda }) => {
        const rng = createRng(seed);
        const states = random(rng, rows, units).map((row) => row.map((v, i) => 5 + (i + 1) * v));
        const y = random(rng, rows, 1).map(([v]) => 3 + v);
        const readout = ridge(states.flat(), y, { units, outputs: 1, lambda });
        const z = standardized(states);
        const x = slowRidge(
          z,
          y.map((v) => v - mean(y)),
          lambda,
        );
        expectClose(
          predict(readout, states.flat()),
          z.map((row) => mean(y) + dot(row, x)),
          1e-9,
        );
      }),
      { numRuns: 40 },
    );
  });

  it("fits exactly at λ = 0 when units and rows allow it", () => {
    const states = random(createRng(4), 9, 3);
    const y = states.map(([a, b, c]) => 2 * a - b + 0.5 * c + 7);
    const readout = ridge(states.flat(), y, { units: 3, outputs: 1, lambda: 0 });
    expectClose(readout.weights, [2, -1, 0.5], 1e-12);
    expectClose(readout.intercept, [7], 1e-12);
  });

  // x[t][i] and y[t][o] below, numbers from scikit-learn 1.9.1: Ridge(0.7), rows weighed 1 + t mod 4.
  const states = Array.from({ length: 25 }, (_, t) =>
    Array.from({ length: 6 }, (_, i) => ((t * 7 + i * 13 + t * i * 5) % 17) / 8 - 1),
  );
  const targets = states.map((x, t) => [
    ((t * 11 + 4) % 13) / 6 - 1 + 2 * x[0] - x[3],
    ((t * t * 3) % 19) / 9 - 1 + x[5],
  ]);

  it("equals scikit-learn's Ridge with intercept and sample weights", () => {
    const weights = states.map((_, t) => 1 + (t % 4));
    const options = { units: 6, outputs: 2, lambda: 0.7, standardize: false, weights };
    const readout = ridge(states.flat(), targets.flat(), options);
    const coefficients = [
      [
        1.590865238568748, -0.1838016501866578, 0, -1.3666415758932027, -0.25745683437729866,
        0.3024266629306339,
      ],
      [
        0.010447515448420082, 0.13063557181276905, 0, -0.14217483229085962, -0.20049384192912012,
        0.5191217732198797,
      ],
    ];
    expectClose(readout.weights, coefficients.flat(), 1e-12);
    expectClose(readout.intercept, [0.0334566256668795, -0.0021068966049121313], 1e-12);
  });

  it("equals scikit-learn's StandardScaler before Ridge by default", () => {
    const readout = ridge(states.flat(), targets.flat(), { units: 6, outputs: 2, lambda: 3 });
    const wanted = [-1.0977057876666059, 0.4765665099221964, -0.5415642235111403, 0.1618899596646955];
    expectClose(predict(readout, states.slice(0, 2).flat()), wanted, 1e-12);
  });
});

describe("fitRidge with degenerate states", () => {
  const rng = createRng(21);
  const states = random(rng, 60, 3);
  const y = states.map((row) => row[0] + 0.5 * row[1] + 0.1 * rng.normal());

  it("gives units that do not vary weight 0 and leaves the others as they are", () => {
    const base = ridge(states.flat(), y, { units: 3, outputs: 1 });
    const padded = states.map((row, t) => [
      0,
      row[0],
      0.3,
      row[1],
      row[2],
      1e6 + (t % 2) * 2 ** -33,
      1e-155 * (t % 3),
    ]);
    const readout = ridge(padded.flat(), y, { units: 7, outputs: 1 });
    expectClose(readout.lambda, base.lambda, 1e-12);
    expectClose(readout.weights, [0, base.weights[0], 0, base.weights[1], base.weights[2], 0, 0], 1e-9);
  });

  it.each(["gcv", 0] as const)("shares the weight between equal units with λ %s", (lambda) => {
    listen();
    const twins = states.map((row) => [...row, row[0]]);
    const readout = ridge(twins.flat(), y, { units: 4, outputs: 1, lambda });
    expect(Math.abs(readout.weights[0] - readout.weights[3])).toBeLessThan(0.05); // λ = 0 is raised by little

    const single = ridge(states.flat(), y, { units: 3, outputs: 1, lambda });
    expect(mse(y, predict(readout, twins.flat())) / mse(y, predict(single, states.flat()))).toBeCloseTo(1, 3);
    if (lambda === 0)
      expect(warnings[0]).toMatch(/^ridge-singular: ridge: states depend on each other up to rounding/);
    else expect(warnings).toEqual([]);
  });

  it("predicts the mean when no unit varies or the target is constant", () => {
    const still = ridge(
      states.map(() => 1),
      y,
      { units: 1, outputs: 1 },
    );
    expectClose([...still.weights, ...still.intercept], [0, mean(y)], 1e-12);
    const constant = ridge(
      states.flat(),
      states.map(() => 4),
      { units: 3, outputs: 1 },
    );
    expectClose([...constant.weights, ...constant.intercept], [0, 0, 0, 4], 1e-12);
    expect([...constant.gcv!.atEnd]).toEqual([0]);
  });

  it("gives a finite fit to two rows", () => {
    const readout = ridge([1, 2, 0, 5], [1, 3], { units: 2, outputs: 1 });
    expect([...readout.weights, ...readout.intercept].every(Number.isFinite)).toBe(true);
  });
});

describe("fitRidge from moments", () => {
  it("equals the fit to arrays, and fits a module of units from the same moments", () => {
    const rng = createRng(8);
    const states = random(rng, 50, 4);
    const y = states.map((row) => row[1] - row[2] + rng.normal());
    const rows = states.map((row, t) => [...row, y[t]]);
    const blocks = [rows.slice(0, 17).flat(), rows.slice(17).flat()];
    const moments = accumulateMoments(blocks, { variables: 5 });
    const whole = ridge(states.flat(), y, { units: 4, outputs: 1 });
    expectClose(fitRidge(moments, { units: 4, outputs: 1 }).weights, whole.weights, 1e-10);
    const module = fitRidge(selectVariables(moments, [1, 3, 4]), { units: 2, outputs: 1 });
    const wanted = ridge(
      states.flatMap((row) => [row[1], row[3]]),
      y,
      { units: 2, outputs: 1 },
    );
    expectClose(module.weights, wanted.weights, 1e-10);
  });
});

describe("wrong input to ridge", () => {
  const attempt = (
    options: Partial<RidgeOptions>,
    states: number[] = [1, 2, 3, 5],
    targets: number[] = [1, 2, 2, 1],
  ) => ridge(states, targets, { units: 1, outputs: 1, ...options });

  it.each([
    [() => attempt({ lambda: -1 }), 'ridge: lambda must be a number ≥ 0 or "gcv", got -1'],
    [() => attempt({ lambda: NaN }), 'ridge: lambda must be a number ≥ 0 or "gcv", got NaN'],
    [() => attempt({ lambdas: [] }), "ridge: lambdas must be numbers ≥ 0, got none"],
    [() => attempt({ lambdas: [1, NaN] }), "ridge: lambdas must be numbers ≥ 0, got NaN"],
    [
      () => attempt({ units: 2 }),
      "momentsOf: 4 states of 2 units and 4 targets of 1 outputs do not have the same number of rows",
    ],
    [
      () => attempt({}, [1], [1]),
      "ridge: 1 rows are too few to fit on, 2 are the least. Is the training part empty, or washout too long?",
    ],
    [
      () => attempt({}, [1, NaN, 2, 3]),
      "ridge: moments of unit 0 are not finite. Did the run diverge? Look at its status.",
    ],
    [() => attempt({}, [1, 2, 3, 4], [1, 2, 3, Infinity]), "ridge: moments of output 0 are not finite."],
    [
      () => fitRidge(accumulateMoments([[1, 2, 3]], { variables: 3 }), { units: 1, outputs: 1 }),
      "ridge: moments of 3 variables do not hold 1 units and 1 outputs. Accumulate rows of all units, then all outputs.",
    ],
    [
      () => attempt({ units: 2, lambdas: [0] }, [1, 1, 2, 2, 3, 3, 5, 5]),
      "ridge: no λ of the path is above the rounding error of the Gram matrix",
    ],
    [() => predict(attempt({ lambda: 1 }, [1, 2, 3, 4]), []), undefined],
    [
      () =>
        predict(
          { weights: Float64Array.of(1, 1), intercept: Float64Array.of(0), units: 2, outputs: 1 },
          [1, 2, 3],
        ),
      "predict: 3 states do not hold whole rows of 2 units. Give states of shape (time, unit), of the units the readout was fitted on.",
    ],
  ])("is explained (%#)", (call, message) => {
    if (message === undefined) expect(call()).toEqual(new Float64Array(0));
    else expect(call).toThrow(message);
  });
});
