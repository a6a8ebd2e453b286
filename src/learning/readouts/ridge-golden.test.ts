import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { correlation, determination, mae, mse, nrmse } from "../../analysis/index.ts";
import { selectVariables } from "../../core/index.ts";
import { predict } from "./linear-readout.ts";
import { fitRidge, ridge } from "./ridge.ts";
import { expectClose, type Rows } from "./testing/slow-ridge.ts";
import { momentsOf } from "./training-moments.ts";

const golden = resolve(import.meta.dirname, "../../../../shared/data/golden/conn2res_ref.json");

describe.skipIf(!existsSync(golden))("ridge beside conn2res", () => {
  const reference = existsSync(golden) ? JSON.parse(readFileSync(golden, "utf8")).readout : {};
  const states: Rows = reference.X ?? [];
  const targets: Rows = reference.y_cont ?? [];
  const train = { states: states.slice(0, 21).flat(), targets: targets.slice(0, 21).flat() };
  const test = { states: states.slice(21).flat(), targets: targets.slice(21).flat() };
  const options = { units: 4, outputs: 2, compat: "conn2res" } as const;

  it("has the same weights, predictions and scores", () => {
    const readout = ridge(train.states, train.targets, options);
    expectClose(readout.weights, reference.ridge.coef.flat(), 1e-9);
    expect(readout.lambda[0]).toBe(reference.ridge.alpha);
    const prediction = predict(readout, test.states);
    expectClose(prediction, reference.ridge.pred_test.flat(), 1e-9);
    const { scores } = reference.ridge;
    const two = { outputs: 2 };
    expectClose([determination(test.targets, prediction, two)], [scores.r2_score], 1e-9);
    expectClose([mse(test.targets, prediction, two)], [scores.mean_squared_error], 1e-9);
    const byVariance = nrmse(test.targets, prediction, { ...two, by: "variance" });
    expectClose([byVariance], [scores.root_mean_squared_error], 1e-9);
    expectClose([mae(test.targets, prediction, two)], [scores.mean_absolute_error], 1e-9);
    expectClose([correlation(test.targets, prediction, two)], [scores.corrcoef], 1e-9);
    const sum = correlation(test.targets, prediction, { ...two, of: "absolute", average: "sum" });
    expectClose([sum], [reference.ridge.corrcoef_sum_absolute], 1e-9);
    const squares = correlation(test.targets, prediction, { ...two, of: "squared", average: "raw" });
    expectClose(squares, reference.ridge.corrcoef_raw_squared, 1e-9);
  });

  it("has the same weights when rows are weighed", () => {
    const weights = reference.sample_weight.slice(0, 21);
    const readout = ridge(train.states, train.targets, { ...options, weights });
    expectClose(readout.weights, reference.ridge_weighted_coef.flat(), 1e-9);
  });

  it("has the same R² for a model of each module", () => {
    const moments = momentsOf(train.states, train.targets, options);
    for (const [name, units] of [
      ["a", [0, 1]],
      ["b", [2, 3]],
    ] as const) {
      const readout = fitRidge(selectVariables(moments, [...units, 4, 5]), { ...options, units: 2 });
      const prediction = predict(
        readout,
        states.slice(21).flatMap((row) => units.map((i) => row[i])),
      );
      const score = determination(test.targets, prediction, { outputs: 2 });
      expectClose([score], [reference.readout_modules_aabb_r2[name]], 1e-9);
    }
  });
});
