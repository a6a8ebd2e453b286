import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeNpy } from "../../connectome/index.ts";
import { CajalError } from "../../core/index.ts";
import { constraintTensors, encodeSafetensors, parameterTensors, Trainer } from "../../learning/index.ts";
import { ConnectomeStore } from "../connectome-source.ts";
import { setUpTraining, type TrainingSetup } from "../jobs/training/training-setup.ts";
import { checkTraining } from "../plan/check-training.ts";
import { readGivenWeights } from "../plan/check-weights-files.ts";
import { networkWords } from "../report/training/network-words.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../spec/resolve-experiment.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-recurrent-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const UNITS = 10;
const textOf = (network: string, more = "") => `kind: training
name: given
seed: 4
task: { name: perceptual-decision, timing: { stimulus: 200 } }
network: { ${network} }
optimiser: { learningRate: 0.02 }
updates: 10
batchSize: 4
validation: false
test: { trials: 4 }
${more}`;

function resolvedOf(text: string) {
  return resolveTrainingExperiment(parseExperiment(text, { file: "training.yaml" }), { folder });
}

async function setupOf(text: string): Promise<TrainingSetup> {
  const resolved = resolvedOf(text);
  const store = new ConnectomeStore();
  await checkTraining(resolved, store);
  const experiment = resolved.cell(resolved.factors.map(() => 0));
  const { given, problems } = await readGivenWeights(experiment, store);
  expect(problems).toEqual([]);
  return setUpTraining(experiment, { connectome: undefined, given, repeat: 0 });
}

/** Trains three updates, writes what a job writes, and gives the loss of the next update. */
async function exported(text: string): Promise<number> {
  const { built, options } = await setupOf(text);
  const trainer = new Trainer(options);
  for (let k = 0; k < 3; k++) trainer.step();
  const tensors = {
    ...parameterTensors(built.rate.network, trainer.parameters()),
    ...constraintTensors(built.rate),
  };
  writeFileSync(join(folder, "last.safetensors"), encodeSafetensors(tensors));
  trainer.step();
  return trainer.history.loss[3];
}

/** Loss of the fourth update of a network that learns nothing. */
async function lossOf(text: string): Promise<number> {
  const { options } = await setupOf(text);
  const trainer = new Trainer({ ...options, optimiser: { kind: "sgd", learningRate: 1e-300 } });
  for (let k = 0; k < 4; k++) trainer.step();
  return trainer.history.loss[3];
}

const source = (name: string, mask: boolean) =>
  `${name}: { path: last.safetensors, array: "weights:${name}"${mask ? `, mask: masks/${name}` : ""} }`;
const allOf = (mask: boolean) =>
  `weights: { ${["in", "rec", "out"].map((n) => source(n, mask)).join(", ")} }`;

const AREAS = "areas: { list: [{ name: a, units: 6 }, { name: b, units: 4 }], between: BETWEEN }";

describe("recurrent weights from a file", () => {
  it.each([
    ["rate", "model: rate, dale: 0.8, noise: 0.1, units: 10", false],
    ["a sparse rate", "model: rate, units: 10, density: 0.2", true],
    ["elman", "model: elman, units: 10", false],
    ["current", "model: current, dale: 0.8, preNoise: 0.1, units: 10", false],
    ["spiking", "model: spiking, dale: 0.8, units: 10", false],
    [
      "equations",
      'model: equations, units: 10, equations: "50 * dx/dt = sum(in) + sum(rec) - x\\nr = pos(x)"',
      false,
    ],
    ["areas", `${AREAS.replace("BETWEEN", "0.5")}, dale: 0.8`, true],
  ])("give the loss of the %s network that wrote them", async (_, network, mask) => {
    const trained = "train: [in, rec, out]";
    const loss = await exported(textOf(`${network}, ${trained}`));
    expect(loss).toBeGreaterThan(0);
    const again = network.replace(", density: 0.2", "").replace("between: 0.5", "between: 1");
    const start = await lossOf(textOf(`${again}, ${trained}`));
    expect(start).not.toBe(loss);
    expect(await lossOf(textOf(`${again}, ${trained}, ${allOf(mask)}`))).toBe(loss);
  });

  it("are trained where they are 0, unless a mask is asked for", async () => {
    const values = Float64Array.from({ length: 100 }, (_, k) => (k % 3 === 0 || k % 11 === 0 ? 0 : 0.01 * k));
    writeFileSync(join(folder, "rec.npy"), writeNpy({ shape: [10, 10], values }));
    const synapses = async (more: string) => {
      const { built } = await setupOf(textOf(`units: 10, weights: { rec: { path: rec.npy${more} } }`));
      return [...constraintTensors(built.rate)["masks/rec"].values];
    };
    const pairs = Array.from({ length: 100 }, (_, k) => (k % 11 === 0 ? 0 : 1));
    expect(await synapses("")).toEqual(pairs);
    const own = Array.from(values, (w) => (w === 0 ? 0 : 1));
    expect(await synapses(", mask: true")).toEqual(own);
    expect(await synapses(", use: mask")).toEqual(own);
    expect(await synapses(", use: mask, orientation: pre-post")).toEqual(
      own.map((_, k) => own[(k % 10) * 10 + Math.floor(k / 10)]),
    );
  });

  it("stay as they are where some synapses are held", async () => {
    const values = Float64Array.from({ length: 100 }, (_, k) => (k % 11 === 0 ? 0 : 0.01 * k));
    writeFileSync(join(folder, "rec.npy"), writeNpy({ shape: [10, 10], values }));
    const { built } = await setupOf(
      textOf("units: 10, fixed: 0.5, weights: { rec: { path: rec.npy, mask: true } }"),
    );
    const { network } = built.rate;
    expect(network.projections.find(({ name }) => name === "rec")!.weights.values).toEqual(values);
    expect(constraintTensors(built.rate)["masks/rec"].values.filter((kind) => kind === 2)).toHaveLength(45);
  });

  it("are named in the methods", () => {
    const { experiment } = resolvedOf(textOf("weights: { rec: { path: a/rec.npy, mask: true } }"));
    expect(networkWords(experiment, (_, value) => value)).toContain(
      "Recurrent weights started at those of rec.npy, 0 being no synapse.",
    );
  });
});

describe("the check of recurrent weights from a file", () => {
  async function messageOf(text: string): Promise<string> {
    try {
      await checkTraining(resolvedOf(text), new ConnectomeStore());
    } catch (error) {
      if (!(error instanceof CajalError)) throw error;
      return error.message.replaceAll(`${folder}/`, "");
    }
    return "fine";
  }
  /** Excitatory but for the last two units; no autapses, some zeros. */
  const lawful = Float64Array.from({ length: 100 }, (_, k) =>
    k % 11 === 0 || k % 7 === 3 ? 0 : k % UNITS >= 8 ? -0.1 : 0.1,
  );
  const changed = (k: number, w: number) => lawful.map((v, i) => (i === k ? w : v));
  const rec = (more: string, keys = "units: 10") =>
    textOf(`${keys}, weights: { rec: { path: rec.npy${more} } }`);

  it.each<[string, string, { rows?: number; values?: Float64Array }]>([
    ["other sizes", rec("", "units: 12"), {}],
    ["what is not square", rec(""), { rows: 20 }],
    ["what is no number", rec(""), { values: changed(12, Number.NaN) }],
    ["a sign against Dale's law", rec("", "units: 10, dale: 0.8"), { values: changed(19, 0.25) }],
    ["autapses", rec(""), { values: changed(22, 0.5) }],
    ["weights between areas without synapses", rec("", AREAS.replace("BETWEEN", "0")), {}],
    ["drawn densities of areas", rec("", AREAS.replace("BETWEEN", "{ forward: 1, backward: 0.2 }")), {}],
    ["a drawn pair of areas", rec("", AREAS.replace("BETWEEN", '1, pairs: { "b->a": { E: 0.3 } }')), {}],
    ["a density", rec(", mask: true", "units: 10, density: 0.5"), {}],
    ["a mask thinned out", rec(", use: mask", "units: 10, density: 0.9"), {}],
    ["how they are drawn", rec("", "units: 10, initial: { rec: { spectralRadius: 1 } }"), {}],
    ["a connectome", textOf("weights: { rec: { path: rec.npy } }", "connectome: { path: rec.npy }"), {}],
    [
      "masks that leave units without input",
      rec(", use: mask", AREAS.replace("BETWEEN", "1, inputs: [{ areas: [a] }]")),
      { values: lawful.map((w, k) => (k < 60 ? w : 0)) },
    ],
    [
      "no loop",
      rec(", use: mask"),
      { values: lawful.map((w, k) => (k % UNITS < Math.floor(k / UNITS) ? w : 0)) },
    ],
    ["an unknown part", textOf("weights: { recurrent: { path: rec.npy } }"), {}],
  ])("explains %s", async (_, text, { rows = 10, values = lawful }) => {
    writeFileSync(join(folder, "rec.npy"), writeNpy({ shape: [rows, 100 / rows], values }));
    expect(await messageOf(text)).toMatchSnapshot();
  });
});
