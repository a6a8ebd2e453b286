import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeNpy, writeNpz } from "../../connectome/index.ts";
import { CajalError, dense, toDense } from "../../core/index.ts";
import {
  constraintTensors,
  encodeSafetensors,
  parameterTensors,
  type RateNetwork,
  rateNetwork,
  train,
} from "../../learning/index.ts";
import { ConnectomeStore } from "../connectome-source.ts";
import { repeatRng } from "../jobs/choose-nodes.ts";
import { setUpTraining } from "../jobs/training/training-setup.ts";
import { checkTraining } from "../plan/check-training.ts";
import { planTraining } from "../plan/plan-training.ts";
import { experimentYaml, readExperimentYaml } from "../results/experiment-file.ts";
import { runIdentity } from "../results/identity.ts";
import type { RunManifest } from "../results/manifest.ts";
import { readTrainingRecord } from "../results/training-record.ts";
import { runExperiment } from "../runners/run-experiment.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../spec/resolve-experiment.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-weights-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const UNITS = 10;
/** Shape `(unit, input)`, two of them 0. */
const wIn = Float64Array.from({ length: 2 * UNITS }, (_, k) => (k % 7 === 3 ? 0 : 0.01 * (k + 1)));
/** Shape `(output, unit)`; the last two units are inhibitory under Dale's law, and not read out. */
const wOut = Float64Array.from({ length: 2 * UNITS }, (_, k) => (k % UNITS >= 8 ? 0 : 0.02 * (k + 1)));

const FILES = { "in.npy": [UNITS, 2, wIn], "out.npy": [2, UNITS, wOut] } as const;
function writeFiles(): void {
  for (const [name, [rows, columns, values]] of Object.entries(FILES))
    writeFileSync(join(folder, name), writeNpy({ shape: [rows, columns], values }));
}

const BOTH = "weights: { in: { path: in.npy }, out: { path: out.npy } }";
const textOf = (network: string, more = "") => `kind: training
name: given
seed: 4
task: { name: perceptual-decision, timing: { stimulus: 200 } }
network: { units: ${UNITS}, ${network} }
updates: 4
batchSize: 4
validation: { trials: 4, every: 2 }
test: { trials: 4 }
${more}`;

function resolvedOf(text: string) {
  return resolveTrainingExperiment(parseExperiment(text, { file: "training.yaml" }), { folder });
}

async function setupOf(text: string) {
  const resolved = resolvedOf(text);
  const store = new ConnectomeStore();
  await checkTraining(resolved, store);
  const experiment = resolved.cell(resolved.factors.map(() => 0));
  const { in: read, out } = experiment.network.weights ?? {};
  const given = {
    ...(read && { in: await store.weights(read) }),
    ...(out && { out: await store.weights(out) }),
  };
  return setUpTraining(experiment, { connectome: undefined, given, repeat: 0 });
}

/** The network as a script makes it. */
function scripted(options: Partial<Parameters<typeof rateNetwork>[0]>): RateNetwork {
  const sizes = { inputs: 2, outputs: 2, units: UNITS };
  return rateNetwork({ ...sizes, rng: repeatRng(4, 0).stream("network"), ...options });
}

const denseOf = ({ network }: RateNetwork, name: string) =>
  toDense(network.projections.find((p) => p.name === name)!.weights).values;

describe("weights from files", () => {
  it.each([
    ["free weights", "", {}],
    ["Dale's law", "dale: 0.8,", { dale: 0.8 }],
    ["Dale's law by projection", "dale: 0.8, enforce: project,", { dale: 0.8, enforce: "project" }],
  ] as const)("makes and trains the network of a script, bit for bit, with %s", async (_, keys, options) => {
    writeFiles();
    const setup = await setupOf(textOf(`${keys} ${BOTH}`));
    const script = scripted({ ...options, weights: { in: wIn, out: wOut } });
    expect(setup.built.rate.network).toEqual(script.network);
    expect(setup.built.rate.constraints).toEqual(script.constraints);
    const [file, own] = [train(setup.options), train({ ...setup.options, network: script })];
    expect(file.last).toEqual(own.last);
    expect(file.history).toEqual(own.history);
  });

  it("is a run like others: its files are hashed, and a changed one ends a resume", async () => {
    writeFiles();
    const resolved = resolvedOf(textOf(BOTH));
    const out = join(folder, "run");
    const run = (resume: boolean) =>
      runExperiment(planTraining(resolved), { folder: out, workers: 0, resume });
    expect((await run(false)).status).toBe("finished");
    const manifest = JSON.parse(readFileSync(join(out, "run.json"), "utf8")) as RunManifest;
    expect(Object.keys(manifest.files)).toEqual(["in.npy", "out.npy"]);
    const record = (await readTrainingRecord(out, "rate.r0"))!;
    expect(record.weights.initial.in).toEqual(dense(UNITS, 2, wIn.map(Math.fround)));
    const script = scripted({ weights: { in: wIn, out: wOut } });
    const { options } = await setupOf(textOf(BOTH));
    const { last } = train({ ...options, network: script });
    for (const name of ["in", "rec", "out"]) {
      expect(record.weights.last[name].values).toEqual(
        parameterTensors(script.network, last)[`weights:${name}`].values,
      );
    }
    // The run can be repeated from its own folder.
    const copy = readExperimentYaml(readFileSync(join(out, "experiment.yaml"), "utf8"), { folder: out });
    expect(copy).toEqual(resolved.experiment);
    expect((await run(true)).status).toBe("finished");
    writeFileSync(join(folder, "in.npy"), writeNpy({ shape: [UNITS, 2], values: wIn.map((w) => 2 * w) }));
    await expect(run(true)).rejects.toThrow("the content of in.npy has changed since the run was started");
  }, 30_000);

  it("does not depend on where files lie, only on what they hold", async () => {
    writeFiles();
    const identity = async (text: string) => runIdentity(resolvedOf(text).experiment, "1");
    const first = await identity(textOf(BOTH));
    writeFileSync(join(folder, "again.npy"), readFileSync(join(folder, "in.npy")));
    const second = await identity(textOf(BOTH.replace("in.npy", "again.npy")));
    expect(second.fingerprint).toBe(first.fingerprint);
    const swapped = await identity(textOf(BOTH.replace("in.npy", "out.npy")));
    expect(swapped.fingerprint).not.toBe(first.fingerprint);
  });

  it("can be swept over, every file named from the experiment's folder", async () => {
    writeFiles();
    writeFileSync(join(folder, "other.npy"), writeNpy({ shape: [UNITS, 2], values: wIn.map((w) => -w) }));
    const text = textOf(BOTH, "sweep: { network.weights.in.path: [in.npy, other.npy] }");
    const resolved = resolvedOf(text);
    await checkTraining(resolved, new ConnectomeStore());
    const paths = planTraining(resolved).jobs.map(({ experiment }) => experiment.network.weights?.in?.path);
    expect(paths).toEqual([join(folder, "in.npy"), join(folder, "other.npy")]);
    const { files } = await runIdentity(resolved.experiment, "1");
    expect(Object.keys(files).sort()).toEqual(["in.npy", "other.npy", "out.npy"]);
    const yaml = experimentYaml(resolved.experiment, { folder, version: "1" });
    expect(yaml).toContain("other.npy");
    expect(yaml).not.toContain(folder);
  });

  it("keeps zeros as no synapses only if a mask is asked for", async () => {
    writeFiles();
    const zeros = [...wIn.keys()].filter((k) => wIn[k] === 0);
    const setup = async (source: string) =>
      setupOf(textOf(`weights: { in: { path: in.npy${source} } }`, "optimiser: { learningRate: 0.1 }"));
    const trained = async (source: string) => {
      const { options } = await setup(source);
      const { last } = train(options);
      return zeros.map((k) =>
        parameterTensors(options.network.network, last)["weights:in"].values[k] === 0 ? 0 : 1,
      );
    };
    expect(await trained("")).toEqual(zeros.map(() => 1));
    expect(await trained(", mask: true")).toEqual(zeros.map(() => 0));
    // Only the mask: weights are drawn, as a script draws them under this mask.
    const { built } = await setup(", use: mask");
    const drawn = denseOf(built.rate, "in");
    expect(drawn).toEqual(denseOf(scripted({ masks: { in: wIn } }), "in"));
    expect([...drawn.keys()].filter((k) => drawn[k] === 0)).toEqual(zeros);
  });

  it("goes on from trained weights, with their masks if asked", async () => {
    const mask = Uint8Array.from({ length: 2 * UNITS }, (_, k) => (k % 3 === 0 ? 0 : 1));
    const before = scripted({ masks: { in: mask } });
    const { options } = await setupOf(textOf(""));
    const { last } = train({ ...options, network: before });
    const tensors = { ...parameterTensors(before.network, last), ...constraintTensors(before) };
    writeFileSync(join(folder, "best.safetensors"), encodeSafetensors(tensors));
    const source = (more: string) =>
      textOf(
        `weights: { in: { path: best.safetensors, array: "weights:in"${more} }, out: { path: best.safetensors, array: "weights:out" } }`,
      );
    const masked = await setupOf(source(", mask: masks/in"));
    expect(denseOf(masked.built.rate, "in")).toEqual(tensors["weights:in"].values);
    expect(denseOf(masked.built.rate, "out")).toEqual(tensors["weights:out"].values);
    expect(constraintTensors(masked.built.rate)["masks/in"].values).toEqual(mask);
    const open = await setupOf(source(""));
    expect(constraintTensors(open.built.rate)["masks/in"].values.every((m) => m === 1)).toBe(true);
  });

  it("stays where recurrent synapses are held, and where they come from a connectome", async () => {
    writeFiles();
    const held = await setupOf(textOf(`dale: 0.8, fixed: 0.5, ${BOTH}`));
    expect([denseOf(held.built.rate, "in"), denseOf(held.built.rate, "out")]).toEqual([wIn, wOut]);
    const rows = Array.from({ length: UNITS }, (_, i) =>
      Array.from({ length: UNITS }, (_, j) => (i === j ? 0 : 1 + i)),
    );
    writeFileSync(join(folder, "rec.csv"), rows.join("\n"));
    const wired = "connectome: { path: rec.csv }\nwiring: { use: weights, spectralRadius: 0.9 }";
    const resolved = resolvedOf(textOf(BOTH, wired));
    const store = new ConnectomeStore();
    await checkTraining(resolved, store);
    const { network, connectome: source, transforms, seed } = resolved.experiment;
    const given = {
      in: await store.weights(network.weights!.in!),
      out: await store.weights(network.weights!.out!),
    };
    const connectome = await store.prepare({ connectome: source!, transforms, seed });
    const { built } = setUpTraining(resolved.experiment, { connectome, given, repeat: 0 });
    expect([denseOf(built.rate, "in"), denseOf(built.rate, "out")]).toEqual([wIn, wOut]);
    expect(denseOf(built.rate, "rec")[1]).toBeGreaterThan(0);
  });

  it("is drawn in a sketch that did not read the files, and must be read for anything else", () => {
    const { experiment } = resolvedOf(textOf(BOTH));
    const built = (sketch: boolean) =>
      setUpTraining(experiment, { connectome: undefined, repeat: 0, sketch }).built;
    expect(built(true).units).toBe(UNITS);
    expect(() => built(false)).toThrow("network.weights.in was not read");
  });

  it("reads out inhibitory units, with their sign, where a mask says so", async () => {
    const values = wOut.map((w, k) => (k % UNITS === 9 ? -0.1 : w));
    writeFileSync(join(folder, "out.npy"), writeNpy({ shape: [2, UNITS], values }));
    const { built } = await setupOf(textOf("dale: 0.8, weights: { out: { path: out.npy, mask: true } }"));
    expect(denseOf(built.rate, "out")).toEqual(values);
    const { "masks/out": mask, "signs/out": signs } = constraintTensors(built.rate);
    expect([...mask.values.slice(0, UNITS)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 1]);
    expect([...signs.values]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, -1]);
  });

  it("leaves the masks of areas and of nodes as they are", async () => {
    writeFiles();
    const areas = `areas: { list: [{ name: a, units: 6 }, { name: b, units: 4 }], between: 0.5, inputs: [{ areas: [a] }] }`;
    const text = textOf(`${areas}, weights: { in: { path: in.csv, mask: true } }`);
    const rows = Array.from({ length: UNITS }, (_, i) => (i < 6 ? (i === 2 ? "0.1,0" : "0.1,0.2") : "0,0"));
    writeFileSync(join(folder, "in.csv"), `${rows.join("\n")}\n`);
    const { built } = await setupOf(text);
    const mask = constraintTensors(built.rate)["masks/in"].values;
    expect([...mask]).toEqual(Array.from({ length: 20 }, (_, k) => (k < 12 && k !== 5 ? 1 : 0)));
  });
});

describe("the check of weights from files", () => {
  async function messageOf(text: string): Promise<string> {
    try {
      await checkTraining(resolvedOf(text), new ConnectomeStore());
    } catch (error) {
      if (!(error instanceof CajalError)) throw error;
      return error.message.replaceAll(`${folder}/`, "");
    }
    return "fine";
  }
  const changed = (values: Float64Array, k: number, w: number) => values.map((v, i) => (i === k ? w : v));
  const npy = (name: string, rows: number, values: ArrayLike<number>) =>
    writeFileSync(join(folder, name), writeNpy({ shape: [rows, values.length / rows], values }));
  const inputs = (more: string, keys = "") => textOf(`${keys} weights: { in: { path: in.npy${more} } }`);

  it.each<[string, string, () => void]>([
    ["a file that is not there", textOf(BOTH.replace("in.npy", "on.npy")), () => {}],
    ["other shapes", textOf(BOTH), () => npy("out.npy", 3, new Float64Array(30).fill(0.1))],
    ["weights the other way round", textOf(BOTH), () => npy("in.npy", 2, wIn)],
    ["what is no number", textOf(BOTH), () => npy("in.npy", UNITS, changed(wIn, 7, Number.NaN))],
    ["what is not finite", textOf(BOTH), () => npy("out.npy", 2, changed(wOut, 13, -Infinity))],
    [
      "inputs that inhibit",
      inputs("", "dale: 0.8,"),
      () =>
        npy(
          "in.npy",
          UNITS,
          wIn.map((w) => (w > 0.15 ? -w : w)),
        ),
    ],
    [
      "a readout from inhibitory units",
      textOf(`dale: 0.8, ${BOTH}`),
      () => npy("out.npy", 2, changed(wOut, 8, 0.3)),
    ],
    [
      "a readout of the wrong sign",
      textOf("dale: 0.8, weights: { out: { path: out.npy, mask: true } }"),
      () => npy("out.npy", 2, changed(changed(wOut, 8, 0.3), 3, -0.1)),
    ],
    ["masks that leave nothing", inputs(", use: mask"), () => npy("in.npy", UNITS, new Float64Array(20))],
    [
      "weights where the areas have no synapse",
      inputs(
        "",
        "areas: { list: [{ name: a, units: 6 }, { name: b, units: 4 }], between: 1, inputs: [{ areas: [a] }] },",
      ),
      () => {},
    ],
    [
      "units that get no input any more",
      inputs(
        ", mask: true",
        'areas: { list: [{ name: a, units: 6 }, { name: b, units: 4 }], pairs: { "b->b": 0 } },',
      ),
      () =>
        npy(
          "in.npy",
          UNITS,
          Float64Array.from({ length: 20 }, (_, k) => (k < 12 && k % 2 === 0 ? 0.1 : 0)),
        ),
    ],
    [
      "an archive of several matrices",
      inputs("").replace("in.npy", "all.npz"),
      () =>
        writeFileSync(
          join(folder, "all.npz"),
          writeNpz({ a: { shape: [10, 2], values: wIn }, b: { shape: [2, 10], values: wOut } }),
        ),
    ],
    [
      "an unknown array",
      inputs(", array: W_inn").replace("in.npy", "all.npz"),
      () => writeFileSync(join(folder, "all.npz"), writeNpz({ W_in: { shape: [10, 2], values: wIn } })),
    ],
    [
      "an unknown mask",
      inputs(", array: W_in, mask: maks").replace("in.npy", "all.npz"),
      () =>
        writeFileSync(
          join(folder, "all.npz"),
          writeNpz({ W_in: { shape: [10, 2], values: wIn }, mask: { shape: [10, 2], values: wIn } }),
        ),
    ],
    [
      "a cell that is no number",
      inputs("").replace("in.npy", "in.csv"),
      () => writeFileSync(join(folder, "in.csv"), "0.1,0.2\n0.3,NaN\n"),
    ],
    [
      "weights that are given twice",
      inputs("", "initial: { in: { distribution: { kind: constant, value: 1 } } },"),
      () => {},
    ],
    ["a mask of a mask", inputs(", use: mask, mask: true"), () => {}],
    ["an unknown key", inputs(", orientaton: pre-post"), () => {}],
    ["an unknown format", inputs(", format: edge-list"), () => {}],
    ["an unknown part", textOf("weights: { recc: { path: in.npy } }"), () => {}],
    ["a cell of a sweep", textOf(BOTH, "sweep: { network.weights.in.path: [in.npy, out.npy] }"), () => {}],
  ])("explains %s", async (_, text, change) => {
    writeFiles();
    change();
    expect(await messageOf(text)).toMatchSnapshot();
  });
});
