import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../spec/resolve-experiment.ts";
import { convertBioRnnMem } from "./bio-rnn-mem.ts";

/** A configuration with the keys of the n-back template; `change` replaces lines that begin alike. */
function config(change: Record<string, string> = {}): string {
  const lines = `[paths]
path_to_network = ../connectomes
path_to_results = ../results
pretrained =
[net]
net_name = Marmoset_Normalized
rnn_size = 55
nr_neurons = 4
rand_partition = True
random_w = False
[trainvalidate]
epochs = 500
iterations = 5
init = default
freeze_layer = False
remap_w = True
[trialparams]
trial_params = {'task_name': 'nback_mem', 'nr_of_trials': 500, 'train_size': 0.8, 'trial_length': 5}
[combosparams]
combos_params = {'lr': [1e-4, 1e-6], 'nonlinearity': ['relu', 'tanh'],
                 'optimizer': ['Adam', 'RMSprop'], 'n_back': [2, 3, 4]}
[pretrainedparams]
pretrained_epoch = 0
pretrained_iteration = 0`;
  return Object.entries(change).reduce((text, [key, value]) => {
    const pattern = new RegExp(`^${key}.*(\\n {2,}.*)*`, "m");
    return text.replace(pattern, () => (value === "" ? "" : `${key} = ${value}`));
  }, lines);
}

const convert = (text: string) => convertBioRnnMem(text, { name: "config.ini" });
/** The converted text read as any experiment file is, every cell of its sweep checked. */
function resolved(text: string) {
  const { yaml } = convert(text);
  const source = parseExperiment(yaml, { file: "converted.yaml" });
  return resolveTrainingExperiment(source, { folder: "/here" });
}

const SEQUENCE = `{'task_name': 'seq_mem', 'nr_of_trials': 500, 'train_size': 0.8}`;
const SEQUENCE_COMBOS = `{'lr': [1e-4], 'nonlinearity': ['tanh'], 'optimizer': ['SGD'], 'pattern_length': [3, 10]}`;

describe("convertBioRnnMem", () => {
  it("writes the n-back template with a comment wherever Cajal differs", () => {
    const { yaml, warnings, connectome } = convert(config());
    expect(warnings).toEqual([]);
    expect(connectome).toBe("../connectomes/C_Marmoset_Normalized.npy");
    expect(yaml).toMatchInlineSnapshot(`
      "# Converted from config.ini of bio_rnn_mem (Goulas, Damicelli & Hilgetag 2021).
      # Comments say where Cajal differs. Run it with: cajal run FILE
      kind: training
      name: Marmoset_Normalized-n-back
      seed: 1 # bio_rnn_mem had no seeds: none of its runs can be repeated
      repeat: 5 # iterations; each also draws the neurons of the areas anew, there drawn once for all

      task:
        name: n-back
        length: 5 # trial_length
      # Accuracy is kept for every job; there it was computed in the first iteration only, and lost with two or more.

      connectome:
        path: "../connectomes/C_Marmoset_Normalized.npy" # 55 areas
        # Rows are senders, and are read so. bio_rnn_mem took them for receivers, so its networks ran backwards;
        # orientation: post-pre does as it did.
        orientation: pre-post
      wiring:
        expand:
          neurons: 4 # of each area
          density: 0.8 # this and the next line were fixed in the code
          intrinsic: { share: 0.8, density: 1 }
          # rand_partition = True. There float32 lost connections: none at 4 neurons an area, half at 16. A dirichlet
          # partition is less extreme.
          partition: { kind: stick-breaking }
        topology: empirical # random_w = False; the control is: random
        use: ranks # remap_w = True; equal weights keep their order, there it was left to chance
        # As there. Ranks about double the radius of the empirical topology, but not that of the random one.
        # The radius decides these tasks, not the topology: say "drawn" to compare topologies at one radius.
        spectralRadius: free

      network:
        model: elman # torch.nn.RNN
        autapses: false # no diagonal, as there
        # init = default: weights and biases uniform up to 1/√220

      optimiser: { kind: adam }
      clip: {} # none, as there
      # There 800 trials were drawn once and gone through in every epoch, the last batch with fewer than 128.
      # Here every update draws fresh trials, so nothing can be learned by heart.
      batchSize: 128
      updates: 3500 # 500 epochs of 7 batches
      validation: { trials: 200, every: 7 } # once an epoch

      sweep:
        optimiser.learningRate: [0.0001, 0.000001]
        network.activation: [relu, tanh]
        optimiser.kind: [adam, rmsprop]
        task.n: [2, 3, 4]
      "
    `);
  });

  it("makes an experiment that is valid in every cell", () => {
    const { experiment, factors } = resolved(config());
    expect(factors.map(({ name, values }) => [name, values])).toEqual([
      ["optimiser.learningRate", [1e-4, 1e-6]],
      ["network.activation", ["relu", "tanh"]],
      ["optimiser.kind", ["adam", "rmsprop"]],
      ["task.n", [2, 3, 4]],
    ]);
    expect(experiment).toMatchObject({
      name: "Marmoset_Normalized-n-back",
      repeat: 5,
      connectome: { path: "/connectomes/C_Marmoset_Normalized.npy", orientation: "pre-post" },
      wiring: {
        expand: { neurons: 4, density: 0.8, partition: { kind: "stick-breaking" } },
        topology: "empirical",
        use: "ranks",
        spectralRadius: "free",
      },
      // 800 of 1000 trials, seven batches of at most 128.
      ...{ updates: 3500, batchSize: 128, validation: { trials: 200, every: 7 }, clip: {} },
      network: { model: "elman", autapses: false },
    });
  });

  it("converts sequences, the random control, equal weights, no remapping, frozen layers", () => {
    const text = config({
      ...{ trial_params: SEQUENCE, combos_params: SEQUENCE_COMBOS, init: "xavier" },
      ...{ rand_partition: "False", random_w: "True", remap_w: "False", freeze_layer: "True" },
    });
    expect(resolved(text).experiment).toMatchObject({
      task: { name: "sequence-memory" },
      wiring: { topology: "random", use: "mask", expand: { partition: { kind: "equal" } } },
      network: {
        activation: "tanh",
        train: ["in", "out", "bias", "recurrentBias", "outputBias"],
        initial: { rec: { distribution: { kind: "xavier" }, fans: "full" } },
      },
      optimiser: { kind: "sgd", learningRate: 1e-4 },
      // 400 trials, four batches.
      updates: 2000,
      sweep: { "task.length": [3, 10] },
    });
    expect(convert(text).yaml).toContain("random_w = True, which crashed there");
  });

  it("reads the one connectome whose rows are receivers as such", () => {
    const { experiment } = resolved(config({ net_name: "Mouse_Gamanut_Normalized" }));
    expect(experiment.connectome).toMatchObject({ orientation: "post-pre" });
  });

  it("converts pictures, and warns of what it leaves out", () => {
    const pictures = `{'task_name': 'pic_latent_mem', 'nr_of_trials': 100, 'rescale': False, 'trail_length': 6}`;
    const text = config({
      ...{ trial_params: pictures, init: "he", pretrained: "results/old", epochs: "" },
      iterations: "3\nitreations = 4\n[extra]\nx = 1",
    });
    expect(convert(text).warnings).toMatchInlineSnapshot(`
      [
        "config.ini:14: "itreations" in [trainvalidate] is not known and left out; did you mean "iterations"?",
        "config.ini:15: section [extra] is not known and left out",
        "config.ini:21: "trail_length" in trial_params is not known and left out; did you mean "trial_length"?",
        "config.ini: "epochs" is not given, the template's 500 is taken",
        "config.ini: "init" is not given, the template's default is taken",
        "config.ini: "freeze_layer" is not given, the template's false is taken",
        "config.ini: "remap_w" is not given, the template's true is taken",
        "pretrained networks are not converted: there they failed at the first step and would have lost their sparsity",
      ]
    `);
    expect(resolved(text).experiment.task).toMatchObject({
      name: "picture-memory",
      rescale: false,
      length: 5,
    });
  });

  it.each([
    ["nr_neurons", "four", 'config.ini:8:14: "nr_neurons" must be a whole number from 1 to 10000'],
    ["nr_neurons", "0", '"nr_neurons" must be a whole number from 1 to 10000'],
    ["random_w", "maybe", '"random_w" must be True or False'],
    ["init", "hee", '"init" must be one of default, xavier, he'],
    ["net_name", "", '[net] lacks "net_name"'],
    ["combos_params", "{'lr': [0.1]", '"," or "}" is missing'],
    ["combos_params", "__import__('os')", '"__import__" is not a plain value'],
    ["combos_params", "[1]", '"combos_params" must be a dict'],
    ["combos_params", "{'lr': ['fast']}", '"lr" must be a number above 0'],
    ["combos_params", "{'lr': []}", '"lr" is an empty list'],
    ["combos_params", "{'lr': [1]}", '"nonlinearity" is missing in combos_params'],
    [
      "trial_params",
      "{'task_name': 'nback'}",
      '"task_name" must be one of seq_mem, nback_mem, pic_latent_mem',
    ],
    ["trial_params", "{'task_name': 'seq_mem', 'train_size': 2}", '"train_size" must lie between 0 and 1'],
  ])("shows where %s = %s is wrong", (key, value, said) => {
    expect(() => convert(config({ [key]: value }))).toThrow(said);
    expect(() => convert(config({ [key]: value }))).toThrow(/^config\.ini:\d+:\d+: .*\n.*│/);
  });

  it("marks the place within a dictionary that runs over lines", () => {
    const text = config({ combos_params: "{'lr': [1e-4],\n  'nonlinearity': ['rleu']}" });
    expect(() => convert(text)).toThrowErrorMatchingInlineSnapshot(`
      [CajalError: config.ini:21:20: "nonlinearity" must be one of relu, tanh
         20 │ combos_params = {'lr': [1e-4],
         21 │   'nonlinearity': ['rleu']}
            │                    ^^^^^^
        Did you mean "relu"?]
    `);
  });

  it("refuses other files", () => {
    expect(() => convert("[DEFAULT]\nx = 1\n")).toThrow("config.ini is no config.ini of bio_rnn_mem");
  });

  it("ends in a valid experiment or a complaint with a place, whatever a configuration holds", () => {
    const value = fc.oneof(
      fc.constantFrom(
        "True",
        "False",
        "0",
        "-1",
        "1e9",
        "None",
        "''",
        "[]",
        "{}",
        "[1, 2]",
        "relu",
        "he",
        "",
        "#",
      ),
      fc.constantFrom(
        SEQUENCE,
        SEQUENCE_COMBOS,
        "{'lr': 1, 'nonlinearity': 'relu', 'optimizer': 'Adam', 'n_back': 1}",
      ),
      fc.string({ maxLength: 20 }),
    );
    const keys = config()
      .split("\n")
      .flatMap((line) => /^(\w+) =/.exec(line)?.[1] ?? []);
    const changes = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 });
    fc.assert(
      fc.property(changes, (change) => {
        let converted: ReturnType<typeof convert>;
        try {
          converted = convert(config(change));
        } catch (error) {
          expect(error).toBeInstanceOf(CajalError);
          expect((error as CajalError).code).toMatch(/^(bad-ini|not-bio-rnn-mem)$/);
          return;
        }
        if (!converted.warnings.some((words) => words.includes("does not fit")))
          expect(resolved(config(change)).experiment.kind).toBe("training");
      }),
      { numRuns: 300 },
    );
  });
});
