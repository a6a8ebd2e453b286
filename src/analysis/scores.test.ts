import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accuracy, balancedAccuracy } from "./class-scores.ts";
import { ScoreAccumulator } from "./score-accumulator.ts";
import { correlation, determination, mae, mse, nrmse, regressionScores, rmse } from "./scores.ts";

const golden = resolve(import.meta.dirname, "../../../shared/data/golden/conn2res_ref.json");

/** Definitions, written the long way. */
function naive(y: number[], p: number[], w: number[]) {
  const total = w.reduce((a, b) => a + b, 0);
  const mean = (f: (t: number) => number) => y.reduce((s, _, t) => s + w[t] * f(t), 0) / total;
  const my = mean((t) => y[t]);
  const mp = mean((t) => p[t]);
  const vy = mean((t) => (y[t] - my) ** 2);
  const vp = mean((t) => (p[t] - mp) ** 2);
  const error = mean((t) => (y[t] - p[t]) ** 2);
  return {
    r: mean((t) => (y[t] - my) * (p[t] - mp)) / Math.sqrt(vy * vp),
    determination: 1 - error / vy,
    mse: error,
    rmse: Math.sqrt(error),
    nrmse: Math.sqrt(error / vy),
    mae: mean((t) => Math.abs(y[t] - p[t])),
  };
}

const y = [0.2, -1.3, 0.7, 2.4, -0.6, 1.1];
const p = [0.5, -0.9, 0.1, 2.0, -1.0, 1.9];
const two = { outputs: 2, average: "raw" } as const;

describe("regressionScores", () => {
  it("equals the definitions for every output, with and without weights", () => {
    const rows = fc.array(
      fc.record({
        y: fc.nat(1000),
        z: fc.nat(1000),
        p: fc.nat(1000),
        q: fc.nat(1000),
        w: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 5, maxLength: 40 },
    );
    fc.assert(
      fc.property(rows, fc.boolean(), (table, weighted) => {
        fc.pre(["y", "z", "p", "q"].every((key) => new Set(table.map((row) => row[key as "y"])).size > 1));
        const weights = weighted ? table.map((row) => row.w) : undefined;
        const scores = regressionScores(
          table.flatMap(({ y, z }) => [y, z]),
          table.flatMap(({ p, q }) => [p, q]),
          { outputs: 2, weights },
        );
        const w = weights ?? table.map(() => 1);
        const wanted = [
          naive(
            table.map((row) => row.y),
            table.map((row) => row.p),
            w,
          ),
          naive(
            table.map((row) => row.z),
            table.map((row) => row.q),
            w,
          ),
        ];
        for (const o of [0, 1])
          for (const [name, value] of Object.entries(wanted[o]))
            expect(scores[name as "r"][o] / value - 1 || 0).toBeCloseTo(0, 9);
        expect(scores.rSquared[1]).toBe(scores.r[1] ** 2);
      }),
    );
  });

  it("keeps r of a small signal on a large mean", () => {
    const scores = regressionScores(
      y.map((v) => 2 ** 30 + v / 2 ** 10),
      y,
    );
    expect(scores.r[0]).toBeCloseTo(1, 6);
  });

  it("never reports |r| above 1", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 }),
        (values) => {
          expect(
            Math.abs(
              correlation(
                values,
                values.map((v) => -3 * v),
              ),
            ),
          ).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("shows NaN predictions instead of hiding them", () => {
    const scores = regressionScores(y, [...p.slice(0, 5), NaN]);
    expect([scores.r[0], scores.mse[0], scores.determination[0], scores.nrmse[0]]).toEqual([
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
  });
});

describe("ScoreAccumulator", () => {
  it("gives the same bits however the rows are cut", () => {
    const whole = regressionScores(y, p, { outputs: 2 });
    const scores = new ScoreAccumulator(2);
    scores.add(y.slice(0, 2), p.slice(0, 2));
    scores.add([], []);
    scores.add(y.slice(2), p.slice(2));
    expect(scores.scores()).toEqual(whole);
    expect(whole.steps).toBe(3);
  });

  it("ignores rows of weight 0", () => {
    const scores = regressionScores([...y, 99], [...p, -99], { weights: [1, 1, 1, 1, 1, 1, 0] });
    expect(scores.r).toEqual(regressionScores(y, p).r);
  });

  it.each([
    [() => new ScoreAccumulator(0), "ScoreAccumulator: outputs must be a whole number ≥ 1, got 0"],
    [
      () => new ScoreAccumulator(1).scores(),
      "ScoreAccumulator: no rows to score. Add at least one row of positive weight; is the test part empty?",
    ],
    [
      () => mse([1, 2], [1]),
      "ScoreAccumulator: 2 targets but 1 predictions. Both have the shape (time, output).",
    ],
    [
      () => mse([1, 2, 3], [1, 2, 3], { outputs: 2 }),
      "ScoreAccumulator: 3 targets are no whole number of rows. Give outputs as the number of columns.",
    ],
    [
      () => mse([1, 2], [1, 2], { weights: [1] }),
      "ScoreAccumulator: 1 weights for 2 rows. Give one weight for each row.",
    ],
  ])("explains a wrong use (%#)", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("correlation", () => {
  it("is 0 for a constant prediction or target unless another value is asked for", () => {
    expect(
      correlation(
        y,
        y.map(() => 0.1),
      ),
    ).toBe(0);
    expect(
      correlation(
        y.map(() => 0.1),
        y,
      ),
    ).toBe(0);
    expect(
      correlation(
        y,
        y.map(() => 0.1),
        { constantR: NaN },
      ),
    ).toBeNaN();
    // Rounding noise on a constant is not a signal.
    expect(
      correlation(
        y,
        y.map((_, t) => 1e6 + (t % 2) * 2 ** -33),
      ),
    ).toBe(0);
  });

  it("takes squares and absolute values before it averages", () => {
    const target = [1, 1, 2, 2, 3, 3];
    const prediction = [1, -1, 2, -2, 3, -3];
    expect(correlation(target, prediction, { outputs: 2 })).toBeCloseTo(0, 12);
    expect(correlation(target, prediction, { outputs: 2, of: "squared", average: "sum" })).toBeCloseTo(2, 12);
    expect(correlation(target, prediction, { outputs: 2, of: "absolute" })).toBeCloseTo(1, 12);
    expect(correlation(target, prediction, two)[1]).toBeCloseTo(-1, 12);
  });
});

describe("scores of a constant target", () => {
  it("are those of scikit-learn for R² and 0 or Infinity for NRMSE", () => {
    expect(determination([2, 2], [2, 2])).toBe(1);
    expect(determination([2, 2], [2, 3])).toBe(0);
    expect(nrmse([2, 2], [2, 2])).toBe(0);
    expect(nrmse([2, 2], [2, 3])).toBe(Infinity);
  });
});

describe("nrmse", () => {
  it("divides by standard deviation, variance or range", () => {
    const spread = naive(
      y,
      p,
      y.map(() => 1),
    );
    const deviation = spread.rmse / spread.nrmse;
    expect(nrmse(y, p)).toBeCloseTo(rmse(y, p) / deviation, 12);
    expect(nrmse(y, p, { by: "variance" })).toBeCloseTo(rmse(y, p) / deviation ** 2, 12);
    expect(nrmse(y, p, { by: "range" })).toBeCloseTo(rmse(y, p) / 3.7, 12);
  });

  it("is 1 for predicting the mean", () => {
    const mean = y.reduce((a, b) => a + b) / y.length;
    expect(
      nrmse(
        y,
        y.map(() => mean),
      ),
    ).toBeCloseTo(1, 12);
  });
});

describe("accuracy", () => {
  it("counts rows, or weights, whose class is right", () => {
    expect(accuracy([0, 1, 2, 1], [0, 1, 1, 1])).toBe(0.75);
    expect(accuracy([0, 1, 2, 1], [0, 1, 1, 1], { weights: [1, 1, 6, 0] })).toBe(0.25);
  });

  it("wants all labels of a row right", () => {
    expect(accuracy([0, 1, 1, 1], [0, 1, 1, 0], { outputs: 2 })).toBe(0.5);
  });

  it("explains wrong shapes", () => {
    expect(() => accuracy([], [])).toThrow("accuracy: no rows to score. Is the test part empty?");
    expect(() => accuracy([1], [1, 2])).toThrow("accuracy: 1 targets but 2 predictions. Give one for each.");
    expect(() => accuracy([1, 2, 3], [1, 2, 3], { outputs: 2 })).toThrow(
      "accuracy: 3 labels are no whole rows of 2.",
    );
    expect(() => accuracy([1], [1], { weights: [] })).toThrow("accuracy: 0 weights for 1 rows.");
  });
});

describe("balancedAccuracy", () => {
  it("is 0 at chance, 1 when perfect, and counts classes alike", () => {
    const target = [0, 0, 0, 0, 0, 0, 1, 2];
    expect(balancedAccuracy(target, target)).toBe(1);
    expect(
      balancedAccuracy(
        target,
        target.map(() => 0),
      ),
    ).toBeCloseTo(0, 15);
    expect(
      balancedAccuracy(
        target,
        target.map(() => 0),
        { adjusted: false },
      ),
    ).toBeCloseTo(1 / 3, 15);
    expect(balancedAccuracy([1, 1], [1, 1])).toBe(0);
  });

  it("leaves out classes that only the prediction has, or whose weight is 0", () => {
    expect(balancedAccuracy([0, 0, 1, 1], [0, 5, 1, 1], { adjusted: false })).toBe(0.75);
    expect(balancedAccuracy([0, 1, 2], [0, 1, 1], { weights: [1, 1, 0] })).toBe(1);
  });
});

describe.skipIf(!existsSync(golden))("scores beside conn2res", () => {
  const { readout } = existsSync(golden) ? JSON.parse(readFileSync(golden, "utf8")) : { readout: {} };
  const target: number[] = readout.y_cont?.slice(21).flat();
  const prediction: number[] = readout.ridge?.pred_test.flat();
  // Inputs have 12 digits; scikit-learn 1.2.1 behind conn2res.
  const close = (actual: number, wanted: number) => expect(Math.abs(actual / wanted - 1)).toBeLessThan(1e-9);

  it("of a ridge readout are the same", () => {
    const scores = readout.ridge.scores;
    close(determination(target, prediction, { outputs: 2 }), scores.r2_score);
    close(mse(target, prediction, { outputs: 2 }), scores.mean_squared_error);
    close(nrmse(target, prediction, { outputs: 2, by: "variance" }), scores.root_mean_squared_error);
    close(mae(target, prediction, { outputs: 2 }), scores.mean_absolute_error);
    close(correlation(target, prediction, { outputs: 2 }), scores.corrcoef);
    const absolute = correlation(target, prediction, { outputs: 2, of: "absolute", average: "sum" });
    close(absolute, readout.ridge.corrcoef_sum_absolute);
    const squared = correlation(target, prediction, { ...two, of: "squared" });
    for (const o of [0, 1]) close(squared[o], readout.ridge.corrcoef_raw_squared[o]);
  });

  it.each([
    ["ridge_classifier_bin", "y_bin"],
    ["ridge_classifier_tri", "y_tri"],
  ])("of %s are the same", (model, labels) => {
    const classes = readout[labels].slice(21);
    const predicted = readout[model].pred_test;
    close(accuracy(classes, predicted), readout[model].scores.accuracy_score);
    close(balancedAccuracy(classes, predicted), readout[model].scores.balanced_accuracy_score);
  });
});
