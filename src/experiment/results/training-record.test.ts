import { describe, expect, it } from "vitest";
import { dense } from "../../core/index.ts";
import {
  decodeTrainingRecord,
  encodeTrainingRecord,
  type TrainingRecord,
  trainingArrays,
  trainingRecord,
} from "./training-record.ts";

const cube = (...shape: [number, number, number]) => ({
  shape,
  values: Float64Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, k) => k / 7),
});
const f8 = (...values: number[]) => Float64Array.from(values);

const record: TrainingRecord = {
  facts: {
    ...{ status: "done", message: "All 3 updates were made.", updates: 3, bestUpdate: 2 },
    ...{ conditions: [{ coherence: 4, left: true }, {}], periods: [{ name: "stimulus", from: 0, to: 2 }] },
    ...{ inputNames: ["a"], outputNames: ["b", "c"], areaNames: ["rec"], dt: 20, backend: "wasm", task: "t" },
  },
  history: {
    ...{ loss: f8(3, 2, 1), fractionCorrect: f8(Number.NaN, 0.5, 1), gradientNorm: f8(1, 1, 1) },
    ...{ learningRate: f8(0.1, 0.1, 0.1), terms: { mse: f8(3, 2, 1), "rate.2": f8(0, 0, 0) } },
  },
  validation: { updates: f8(2, 3), loss: f8(1, 2), fractionCorrect: f8(1, 0.5) },
  weights: {
    initial: { rec: dense(2, 2, [1, 2, 3, 4]), out: dense(1, 2, [5, 6]) },
    last: { rec: dense(2, 2, [1, 2, 3, 5]) },
    best: { rec: dense(2, 2, [1, 2, 3, 6]) },
  },
  parameters: { "rec.bias": f8(1, 2), "out.bias": f8(0) },
  signs: f8(1, -1),
  areas: f8(0, 0),
  test: {
    ...{ inputs: cube(1, 2, 1), targets: cube(1, 2, 2), mask: cube(1, 2, 2), outputs: cube(1, 2, 2) },
    ...{ activity: cube(1, 2, 2), condition: f8(0), steps: f8(2), periods: cube(1, 1, 2) },
    ...{ conditionActivity: cube(2, 2, 2), trialActivity: cube(3, 1, 2), choice: f8(0, 1, -1) },
    ...{ correct: f8(1, 0, Number.NaN), evidence: f8(4, -4, Number.NaN) },
    ...{ reaction: f8(20, Number.NaN, Number.NaN), conditionOfTrial: f8(0, 0, 1) },
  },
  psychometric: { evidence: f8(-4, 4), fraction: f8(0, 1), count: f8(1, 1) },
};

describe("training record", () => {
  it("comes back from its files as it was", () => {
    expect(decodeTrainingRecord(encodeTrainingRecord(record))).toEqual(record);
    const { test: _, psychometric: __, ...bare } = record;
    expect(decodeTrainingRecord(encodeTrainingRecord(bare))).toEqual(bare);
  });

  it("has the names of the contract", () => {
    const arrays = trainingArrays(record);
    const shapes = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, [...shape]]));
    expect(shapes).toMatchObject({
      "history/loss": [3],
      "history/term.rate.2": [3],
      "validation/updates": [2],
      "weights/initial.out": [1, 2],
      "parameters/last.rec.bias": [2],
      "test/trialActivity": [3, 1, 2],
      "psychometric/count": [2],
      signs: [2],
      areas: [2],
    });
  });

  it("says what is damaged", () => {
    const files = encodeTrainingRecord(record);
    const broken = { ...files, json: files.json.subarray(0, 20) };
    expect(() => decodeTrainingRecord(broken, "records/a")).toThrow(
      "records/a.json is damaged: it is no JSON. Run the experiment again with --resume",
    );
    const { signs: _, ...less } = trainingArrays(record);
    expect(() => trainingRecord(less, record.facts)).toThrow("the arrays of a training job lack signs");
  });
});
