import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeNpy } from "../../connectome/index.ts";
import { CajalError } from "../../core/index.ts";
import {
  constraintTensors,
  decodeSafetensors,
  encodeSafetensors,
  parameterTensors,
  Trainer,
} from "../../learning/index.ts";
import { ConnectomeStore } from "../connectome-source.ts";
import { setUpTraining, type TrainingSetup } from "../jobs/training/training-setup.ts";
import { checkTraining } from "../plan/check-training.ts";
import { readGivenWeights } from "../plan/check-weights-files.ts";
import { planTraining } from "../plan/plan-training.ts";
import { networkWords } from "../report/training/network-words.ts";
import type { RunManifest } from "../results/manifest.ts";
import { readTrainingRecord } from "../results/training-record.ts";
import { runExperiment } from "../runners/run-experiment.ts";
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
  const { connectome: source, transforms, seed } = experiment;
  const connectome = source && (await store.prepare({ connectome: source, transforms, seed }));
  return setUpTraining(experiment, { connectome, given, repeat: 0 });
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
      'model: equations, units: 10, equations: "50 * dx/dt = sum(in) + sum(rec) - x\\nr = tanh(x)"',
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

  it.each([
    ["rate", "model: rate, dale: 0.8, units: 10, train: [in, rec, out, bias, outputBias, start, tau]"],
    ["sparse rate", "model: rate, units: 10, density: 0.2, noise: 0.1"],
    ["half held", "model: rate, units: 10, fixed: 0.5"],
    ["elman", "model: elman, units: 10"],
    ["current", "model: current, units: 10, train: [in, rec, out, bias, outputBias, alpha]"],
    ["spiking", "model: spiking, dale: 0.8, units: 10, train: [in, rec, out, bias, tauSynapse]"],
    [
      "equations",
      'model: equations, units: 10, equations: "tau * dx/dt = sum(in) + sum(rec) + b - x\\nr = tanh(x)", parameters: { tau: 50, b: 0 }, shared: [tau], train: [in, rec, out, b, tau], bounds: { tau: [20, 100] }',
    ],
    ["areas", `${AREAS.replace("BETWEEN", "0.5")}, dale: 0.8`],
  ])("come with all else that was trained: %s", async (_, network) => {
    const textOf64 = (keys: string) => textOf(keys, "precision: f64");
    const loss = await exported(textOf64(network));
    const again = network.replace(/, (density: 0.2|fixed: 0.5)/, "").replace("between: 0.5", "between: 1");
    const whole = `${again}, weights: { path: last.safetensors }`;
    expect(await lossOf(textOf64(again))).not.toBe(loss);
    expect(await lossOf(textOf64(whole))).toBe(loss);
    // Masks and held weights too: what is written of it is the file again.
    const written = readFileSync(join(folder, "last.safetensors"));
    const { built, options } = await setupOf(textOf64(whole));
    const trainer = new Trainer(options);
    const tensors = {
      ...parameterTensors(built.rate.network, trainer.parameters()),
      ...constraintTensors(built.rate),
    };
    expect(Buffer.from(encodeSafetensors(tensors))).toEqual(written);
  });

  it.each([
    ["of areas, where they are drawn", `${AREAS.replace("BETWEEN", "1")}, dale: 0.7`, ""],
    ["of a connectome", "dale: connectome", "connectome: { path: signed.csv, orientation: post-pre }"],
  ])("keep the signs %s", async (_, network, more) => {
    // The third unit of four inhibits; everyone sends to the three next ones.
    const rows = Array.from({ length: UNITS }, (_, i) =>
      Array.from({ length: UNITS }, (_, j) =>
        ((i - j + UNITS) % UNITS) % 4 === 0 ? 0 : j % 4 === 2 ? -1 : 1,
      ),
    );
    writeFileSync(join(folder, "signed.csv"), rows.join("\n"));
    const loss = await exported(textOf(network, more));
    const { built } = await setupOf(textOf(network, more));
    expect([...built.rate.signs].some((sign, k) => sign < 0 && k < 6)).toBe(true);
    const whole = "units: 10, dale: weights, weights: { path: last.safetensors }";
    expect(await lossOf(textOf(whole))).toBe(loss);
    // One that inhibits has fallen silent: the file knows its sign all the same.
    const path = join(folder, "last.safetensors");
    const { tensors } = decodeSafetensors(readFileSync(path));
    const silent = built.rate.signs.indexOf(-1);
    const recurrent = tensors["weights:rec"].values;
    for (let k = silent; k < recurrent.length; k += UNITS) recurrent[k] = 0;
    writeFileSync(path, encodeSafetensors(tensors));
    const again = await setupOf(textOf(whole));
    expect(again.built.rate.signs).toEqual(built.rate.signs);
    // A part alone has no signs beside it: they are those of what units send, 0 where that is nothing.
    const part = await setupOf(textOf(`units: 10, dale: weights, weights: { ${source("rec", true)} }`));
    const sends = (pre: number) => (recurrent.some((w, k) => k % UNITS === pre && w !== 0) ? 1 : 0);
    expect(sends(silent)).toBe(0);
    expect(part.built.rate.signs).toEqual(built.rate.signs.map((sign, k) => sign * sends(k)));
  });

  it("may come from another program, without masks and in single precision", async () => {
    const loss = await exported(textOf("model: elman, units: 10"));
    const path = join(folder, "last.safetensors");
    const arrays = Object.entries(decodeSafetensors(readFileSync(path)).tensors)
      .filter(([name]) => !name.startsWith("masks/"))
      .map(([name, { values, shape }]) => [name, { values: Float32Array.from(values), shape }] as const);
    writeFileSync(path, encodeSafetensors(Object.fromEntries(arrays)));
    const whole = "model: elman, units: 10, weights: { path: last.safetensors }";
    expect(await lossOf(textOf(whole))).toBe(loss); // runs are in single precision too
    const { built } = await setupOf(textOf(whole));
    expect(constraintTensors(built.rate)["masks/rec"].values.every((kind) => kind === 1)).toBe(true);
  });

  it("are taken from the folder of a run, which is hashed and can be swept over", async () => {
    const run = async (text: string, name: string) => {
      const out = join(folder, name);
      const { status } = await runExperiment(planTraining(resolvedOf(text)), { folder: out, workers: 0 });
      expect(status).toBe("finished");
      return out;
    };
    const first = await run(textOf("units: 10"), "a");
    const file = (moment: string) => `a/weights/rate.r0.${moment}.safetensors`;
    const second = textOf("units: 10", `sweep: { network.weights.path: [${file("best")}, ${file("last")}] }`);
    const out = await run(second, "b");
    const manifest = JSON.parse(readFileSync(join(out, "run.json"), "utf8")) as RunManifest;
    expect(Object.keys(manifest.files)).toEqual(["rate.r0.best.safetensors", "rate.r0.last.safetensors"]);
    const before = (await readTrainingRecord(first, "rate.r0"))!.weights;
    for (const [index, moment] of (["best", "last"] as const).entries()) {
      const { experiment, id } = planTraining(resolvedOf(second)).jobs[index];
      expect(experiment.network.weights?.path).toBe(join(folder, file(moment)));
      const { initial } = (await readTrainingRecord(out, id))!.weights;
      for (const name of ["in", "rec", "out"])
        expect(initial[name].values).toEqual(before[moment][name].values.map(Math.fround));
    }
  }, 30_000);

  it("hold what a file holds, and more if asked", async () => {
    await exported(textOf("units: 10, fixed: 0.5"));
    const kinds = async (more: string) => {
      const { built } = await setupOf(textOf(`units: 10, weights: { path: last.safetensors }${more}`));
      return constraintTensors(built.rate)["masks/rec"].values;
    };
    const first = await kinds("");
    expect(first.filter((kind) => kind === 2)).toHaveLength(45);
    const more = await kinds(", fixed: 0.4");
    expect(more.filter((kind) => kind === 2)).toHaveLength(45 + 18);
    expect(more.every((kind, k) => first[k] !== 2 || kind === 2)).toBe(true);
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
    const whole = resolvedOf(textOf("dale: weights, weights: { path: a/last.safetensors }")).experiment;
    const words = networkWords(whole, (_, value) => value);
    expect(words).toContain(
      "Weights and all else that was trained before started at those of last.safetensors.",
    );
    expect(words).toContain("each unit kept the sign of the weights it started with");
  });
});

async function messageOf(text: string): Promise<string> {
  try {
    await checkTraining(resolvedOf(text), new ConnectomeStore());
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return error.message.replaceAll(`${folder}/`, "");
  }
  return "fine";
}

describe("the check of recurrent weights from a file", () => {
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
    ["units that both excite and inhibit", rec("", "units: 10, dale: weights"), { values: changed(38, 0.5) }],
    ["signs of weights that are not there", textOf("dale: weights"), {}],
    ["an unknown part", textOf("weights: { recurrent: { path: rec.npy } }"), {}],
  ])("explains %s", async (_, text, { rows = 10, values = lawful }) => {
    writeFileSync(join(folder, "rec.npy"), writeNpy({ shape: [rows, 100 / rows], values }));
    expect(await messageOf(text)).toMatchSnapshot();
  });
});

describe("the check of a file of all that was trained", () => {
  const whole = (keys = "units: 10", more = "") =>
    textOf(`${keys}, weights: { path: last.safetensors }`, more);
  type Tensors = Parameters<typeof encodeSafetensors>[0];
  const change = (edit: (tensors: Record<string, Tensors[string]>) => void) => {
    const path = join(folder, "last.safetensors");
    const { tensors } = decodeSafetensors(readFileSync(path));
    edit(tensors);
    writeFileSync(path, encodeSafetensors(tensors));
  };

  it.each<[string, string, (tensors: Record<string, Tensors[string]>) => void]>([
    ["other sizes", whole("units: 12"), () => {}],
    ["another model", whole("units: 10, model: spiking"), () => {}],
    ["parameters of another size", whole(), (t) => (t["rec.bias"] = t["out.bias"])],
    ["parameters that are no numbers", whole(), (t) => (t["rec.bias"].values[3] = Number.NaN)],
    [
      "parameters out of bounds",
      whole("units: 10, train: [in, rec, out, tau]"),
      (t) => (t["rec.tau"] = { values: new Float64Array(10).fill(0.5), shape: [10] }),
    ],
    ["weights that were not trained", whole(), (t) => delete t["weights:in"]],
    ["weights that are no matrix", whole(), (t) => (t["weights:in"] = t["rec.bias"])],
    ["masks of another shape", whole(), (t) => (t["masks/in"] = t["masks/out"])],
    ["signs against Dale's law", whole("units: 10, dale: 0.8"), () => {}],
    ["parts beside it", textOf("weights: { path: last.safetensors, out: { path: out.npy } }"), () => {}],
    ["how they are drawn", whole("initial: { in: { distribution: { kind: he } } }"), () => {}],
    ["a density", whole("density: 0.5"), () => {}],
    ["a connectome", whole("train: [rec]", "connectome: { path: rec.npy }"), () => {}],
    ["a file that is not there", whole().replace("last.", "lst."), () => {}],
  ])("explains %s", async (_, text, edit) => {
    await exported(textOf("units: 10"));
    change(edit);
    expect(await messageOf(text)).toMatchSnapshot();
  });

  it("explains a file of another kind", async () => {
    writeFileSync(join(folder, "last.safetensors"), writeNpy({ shape: [2, 2], values: [1, 2, 3, 4] }));
    expect(await messageOf(whole())).toMatchSnapshot();
  });
});
