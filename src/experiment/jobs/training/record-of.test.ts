import { describe, expect, it } from "vitest";
import { Trainer } from "../../../learning/index.ts";
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
  const trainer = new Trainer(setup.options);
  const initial = trainer.parameters();
  while (trainer.status === "running") trainer.step();
  return recordOf({ setup, backend: "wasm", initial, result: trainer.result(), test: undefined });
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

  it("keeps the states that trials which follow each other have come to, beside what its hash is of", () => {
    const record = recorded(`${GOOD}continuous: true\n`);
    const { last, best } = record.states!;
    expect(Object.keys(last)).toEqual(["rec.x", "rec.r", "out.z"]);
    expect([last["rec.x"].shape, last["out.z"].shape]).toEqual([
      [8, 4],
      [2, 4],
    ]);
    expect(Object.keys(best)).toEqual(Object.keys(last));
    expect(decodeTrainingRecord(encodeTrainingRecord(record))).toEqual(record);
    expect(Object.keys(trainingArrays(record)).filter((name) => /states/.test(name))).toEqual([]);
    expect(record.parameters["rec.start"]).toBeUndefined();
    expect(recorded(GOOD).states).toBeUndefined();
  });

  it("has no more arrays than before where no stage has a goal", () => {
    const { facts, ...rest } = recorded(`${GOOD}curriculum: [{ update: 3, conditions: grid }]\n`);
    expect(facts.stages).toEqual([{ stage: 0, update: 3 }]);
    const names = Object.keys(trainingArrays({ facts, ...rest })).filter((name) => /stage/.test(name));
    expect(names).toEqual([]);
    expect(recorded(GOOD).facts.stages).toBeUndefined();
  });

  it("keeps the worst condition of each validation where training is to stop by it", () => {
    const stopping = "earlyStopping: { criterion: worstFractionCorrect, target: 1 }";
    const record = recorded(`${GOOD.replace("trials: 4", "trials: 20, conditions: grid")}${stopping}\n`);
    const { worstFractionCorrect, fractionCorrect } = record.validation;
    expect(worstFractionCorrect).toHaveLength(3);
    worstFractionCorrect!.forEach((worst, k) => {
      expect(worst).toBeLessThan(fractionCorrect[k]);
    });
    expect(decodeTrainingRecord(encodeTrainingRecord(record))).toEqual(record);
    expect(recorded(GOOD).validation.worstFractionCorrect).toBeUndefined();
  });

  it("keeps weights of before, of the best validation and of the end apart", () => {
    // A rate this high makes the loss rise, so that the best validation is not the last.
    const text = `${GOOD}optimiser: { kind: sgd, learningRate: 0.5 }\nclip: { norm: 100 }\n`;
    const record = recorded(text);
    const { weights, facts, validation } = record;
    const least = validation.loss.indexOf(Math.min(...validation.loss));
    expect(facts.bestUpdate).toBe(validation.updates[least]);
    expect(facts.bestUpdate).toBeLessThan(facts.updates);
    expect(weights.best.rec.values).not.toEqual(weights.last.rec.values);
    expect(weights.best.rec.values).not.toEqual(weights.initial.rec.values);
    // Biases and the like too: in the archive, as its reader gives them back.
    const { parameters, bestParameters } = decodeTrainingRecord(encodeTrainingRecord(record));
    expect([parameters, bestParameters]).toEqual([record.parameters, record.bestParameters]);
    expect(Object.keys(bestParameters!).sort()).toEqual(["out.bias", "rec.bias", "rec.start"]);
    for (const [name, values] of Object.entries(bestParameters!))
      expect(values).not.toEqual(parameters[name]);
    const hashed = Object.keys(trainingArrays(record)).filter((name) => name.startsWith("parameters/"));
    expect(hashed.every((name) => name.startsWith("parameters/last."))).toBe(true);
  });

  it("keeps the parameters that made the best validation", () => {
    const text = `${GOOD}optimiser: { kind: sgd, learningRate: 0.5 }\nclip: { norm: 100 }\n`;
    const { facts, bestParameters } = recorded(text);
    // Whoever stops there has them as the last ones.
    const { parameters } = recorded(text.replace("updates: 6", `updates: ${facts.bestUpdate}`));
    expect(bestParameters).toEqual(parameters);
  });

  it("says of every synapse whether it exists and is trained", () => {
    const network =
      'network: { units: 10, dale: 0.5, density: 0.6, fixed: { pairs: ["E->E"], parts: [in] } }';
    const record = recorded(GOOD.replace(/network.*/, network));
    const { masks, weights } = decodeTrainingRecord(encodeTrainingRecord(record));
    expect(masks).toEqual(record.masks);
    const { shape, values } = masks!.rec;
    expect(shape).toEqual([10, 10]);
    const seen = new Set<number>();
    values.forEach((kind, k) => {
      const [post, pre] = [Math.floor(k / 10), k % 10];
      const before = weights.initial.rec.values[k];
      const wanted = before === 0 ? 0 : post < 5 && pre < 5 ? 2 : 1;
      expect(kind).toBe(wanted);
      if (kind !== 1) expect(weights.last.rec.values[k]).toBe(before);
      seen.add(kind);
    });
    expect(seen).toEqual(new Set([0, 1, 2]));
    // Inputs are held whole; readouts come from excitatory units alone.
    expect(new Set(masks!.in.values)).toEqual(new Set([2]));
    expect(Array.from(masks!.out.values.slice(0, 10))).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
    expect(Object.keys(trainingArrays(record)).filter((name) => name.startsWith("masks/"))).toEqual([]);
  });

  it("says the same of synapses that are stored as a list", () => {
    const record = recorded(GOOD.replace(/network.*/, "network: { units: 20, density: 0.15 }"));
    const { values } = record.masks!.rec;
    expect(Array.from(values)).toEqual(
      Array.from(record.weights.initial.rec.values, (w) => (w === 0 ? 0 : 1)),
    );
  });
});
