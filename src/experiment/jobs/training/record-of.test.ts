import { describe, expect, it } from "vitest";
import { train } from "../../../learning/index.ts";
import { decodeTrainingRecord, encodeTrainingRecord, trainingArrays } from "../../results/training-record.ts";
import { parseExperiment } from "../../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../../spec/resolve-experiment.ts";
import { recordOf } from "./record-of.ts";
import { setUpTraining } from "./training-setup.ts";

const GOOD = `kind: training
task: { name: perceptual-decision, timing: { stimulus: 200 } }
network: { units: 8 }
updates: 6
batchSize: 4
validation: { trials: 4, every: 2 }
`;

function recorded(text: string) {
  const { cell } = resolveTrainingExperiment(parseExperiment(text, { file: "training.yaml" }), {
    folder: "/",
  });
  const setup = setUpTraining(cell([]), { connectome: undefined, repeat: 0 });
  const result = train(setup.options);
  return recordOf({ setup, backend: "wasm", initial: result.last, result, test: undefined });
}

describe("recordOf", () => {
  it("keeps when stages of the curriculum began, and what they were judged by", () => {
    const record = recorded(
      `${GOOD}curriculum: [{ until: { loss: 1e6, window: 2 }, conditions: { coherence: 51.2 } }, { conditions: drawn }]\n`,
    );
    expect(record.facts.stages).toEqual([
      { stage: 0, update: 0 },
      { stage: 1, update: 4 },
    ]);
    const { stageLoss, stageFractionCorrect, loss } = record.validation;
    expect(Array.from(stageLoss!, Number.isFinite)).toEqual([true, true, false]);
    expect(Array.from(stageFractionCorrect!, Number.isFinite)).toEqual([true, true, false]);
    expect(stageLoss![0]).not.toBe(loss[0]);
    expect(decodeTrainingRecord(encodeTrainingRecord(record))).toEqual(record);
  });

  it("has no more arrays than before where no stage has a goal", () => {
    const { facts, ...rest } = recorded(`${GOOD}curriculum: [{ update: 3, conditions: grid }]\n`);
    expect(facts.stages).toEqual([{ stage: 0, update: 3 }]);
    const names = Object.keys(trainingArrays({ facts, ...rest })).filter((name) => /stage/.test(name));
    expect(names).toEqual([]);
    expect(recorded(GOOD).facts.stages).toBeUndefined();
  });
});
