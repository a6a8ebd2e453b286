/**
 * @file A `config.ini` of bio_rnn_mem as an experiment of Cajal: YAML text with a comment wherever the two differ.
 */

import { type BioRnnMemConfig, OPTIMISERS, readBioRnnMem, TASKS } from "./bio-rnn-mem-config.ts";
import { parseIni } from "./ini.ts";

/** An experiment file. */
export interface ConvertedExperiment {
  yaml: string;
  /** What was left out or taken from the template. */
  warnings: string[];
  /** File of the connectome, relative to the folder of the configuration, or absolute. */
  connectome: string;
}

/** Places of things. */
export interface ConvertOptions {
  /** Name of the configuration, for messages. */
  name: string;
  /** Path of the connectome as it is to stand in the experiment file, from the path in the configuration. */
  connectomePath?: (path: string) => string;
}

/**
 * Convert a configuration.
 *
 * @throws CajalError `not-bio-rnn-mem`, `bad-ini`.
 */
export function convertBioRnnMem(
  text: string,
  { name, connectomePath = (path) => path }: ConvertOptions,
): ConvertedExperiment {
  const config = readBioRnnMem(parseIni(text, { name }));
  const folder = config.networkFolder.replace(/[/\\]+$/, "") || "/";
  const connectome = `${folder === "/" ? "" : folder}/C_${config.netName}.npy`.replace(/^\.\//, "");
  const sections = [
    headOf(config, name),
    taskOf(config),
    connectomeOf(config, connectomePath(connectome)),
    networkOf(config),
    trainingOf(config),
    sweepOf(config),
  ];
  return {
    yaml: `${sections.filter((section) => section !== "").join("\n")}\n`,
    warnings: [...config.warnings, ...furtherWarnings(config)],
    connectome,
  };
}

// Implementation

/** Trials of a batch; fixed in bio_rnn_mem's code. */
const BATCH = 128;
/** The one connectome it ships whose rows are receivers. */
const ROWS_RECEIVE = /gamanut/i;

function headOf({ netName, task, iterations }: BioRnnMemConfig, file: string): string {
  const name = `${netName}-${TASKS[task]}`.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return `# Converted from ${file.replace(/\s+/g, " ")} of bio_rnn_mem (Goulas, Damicelli & Hilgetag 2021).
# Comments say where Cajal differs. Run it with: cajal run FILE
kind: training
name: ${name.slice(0, 80) || "bio-rnn-mem"}
seed: 1 # bio_rnn_mem had no seeds: none of its runs can be repeated
repeat: ${iterations} # iterations; each also draws the neurons of the areas anew, there drawn once for all
`;
}

function taskOf({ task, length, rescale, difficulty }: BioRnnMemConfig): string {
  const only = difficulty.length === 1 ? difficulty[0] : undefined;
  const lines = ["task:", `  name: ${TASKS[task]}`];
  if (task === "seq_mem") {
    if (only !== undefined) lines.push(`  length: ${only} # pattern_length`);
  } else {
    if (task === "pic_latent_mem") {
      lines.push(
        "  # Pictures are made up here, vectors around class means; there they were latents of MNIST digits.",
      );
      lines.push(`  rescale: ${rescale}`);
    }
    lines.push(`  length: ${length} # trial_length`);
    if (only !== undefined) lines.push(`  n: ${only} # n_back`);
  }
  const counted =
    task === "seq_mem"
      ? "# A number that is exactly 0 counts here; there all positions with target 0 were dropped."
      : "# Accuracy is kept for every job; there it was computed in the first iteration only, and lost with two or more.";
  return `${[...lines, counted].join("\n")}\n`;
}

function connectomeOf(config: BioRnnMemConfig, path: string): string {
  const { netName, heterogeneous, randomTopology, remap, neurons, areas } = config;
  const receives = ROWS_RECEIVE.test(netName);
  const direction = receives
    ? `  # Rows of this file are receivers, unlike those of the others, and are read so.`
    : `  # Rows are senders, and are read so. bio_rnn_mem took them for receivers, so its networks ran backwards;
  # orientation: post-pre does as it did.`;
  const partition = heterogeneous
    ? `    # rand_partition = True. There float32 lost connections: none at 4 neurons an area, half at 16. A dirichlet
    # partition is less extreme.
    partition: { kind: stick-breaking }`
    : "    partition: { kind: equal } # rand_partition = False";
  const topology = randomTopology
    ? "random # random_w = True, which crashed there"
    : "empirical # random_w = False; the control is: random";
  return `connectome:
  path: ${JSON.stringify(path)} # ${areas} areas
${direction}
  orientation: ${receives ? "post-pre" : "pre-post"}
wiring:
  expand:
    neurons: ${neurons} # of each area
    density: 0.8 # this and the next line were fixed in the code
    intrinsic: { share: 0.8, density: 1 }
${partition}
  topology: ${topology}
  use: ${remap ? "ranks # remap_w = True; equal weights keep their order, there it was left to chance" : "mask # remap_w = False"}
  # As there.${remap ? " Ranks about double the radius of the empirical topology, but not that of the random one." : ""}
  # The radius decides these tasks, not the topology: say "drawn" to compare topologies at one radius.
  spectralRadius: free
`;
}

function networkOf(config: BioRnnMemConfig): string {
  const { nonlinearities, freeze } = config;
  const lines = [
    "  model: elman # torch.nn.RNN",
    ...(nonlinearities.length === 1 ? [`  activation: ${nonlinearities[0]}`] : []),
    "  autapses: false # no diagonal, as there",
    ...(freeze
      ? ["  train: [in, out, bias, recurrentBias, outputBias] # freeze_layer = True, which crashed there"]
      : []),
    ...initialOf(config),
  ];
  return `network:\n${lines.join("\n")}\n`;
}

function initialOf({ init, nonlinearities, areas, neurons }: BioRnnMemConfig): string[] {
  if (init === "default")
    return [`  # init = default: weights and biases uniform up to 1/√${areas * neurons}`];
  const kept = init === "he" ? "relu" : "tanh";
  const other = nonlinearities.some((name) => name !== kept);
  const swap = other ? `; there ${init === "he" ? "tanh silently got xavier" : "relu silently got he"}` : "";
  const distribution = init === "he" ? "{ kind: he, fan: out }" : "{ kind: xavier }";
  return [
    `  # init = ${init}${swap}`,
    "  initial:",
    ...["in", "rec", "out"].map((part) => `    ${part}: { distribution: ${distribution}, fans: full }`),
  ];
}

function trainingOf(config: BioRnnMemConfig): string {
  const { epochs, learningRates, optimisers } = config;
  const { training, validation, batches } = trialsOf(config);
  const kind = optimisers.length === 1 ? OPTIMISERS[optimisers[0]] : "adam";
  const rate = learningRates.length === 1 ? `, learningRate: ${learningRates[0]}` : "";
  return `optimiser: { kind: ${kind}${rate} }
clip: {} # none, as there
# There ${training} trials were drawn once and gone through in every epoch, the last batch with fewer than ${BATCH}.
# Here every update draws fresh trials, so nothing can be learned by heart.
batchSize: ${BATCH}
updates: ${epochs * batches} # ${epochs} epochs of ${batches} ${batches === 1 ? "batch" : "batches"}
validation: { trials: ${validation}, every: ${batches} } # once an epoch
`;
}

/** Trials of an epoch, of a validation, and batches of an epoch. N-back makes as many matches as non-matches. */
function trialsOf({ task, trials, trainShare }: BioRnnMemConfig) {
  const all = task === "seq_mem" ? trials : 2 * trials;
  const training = Math.max(1, Math.floor(all * trainShare));
  return {
    training,
    validation: Math.max(1, all - training),
    batches: Math.ceil(training / BATCH),
  };
}

function sweepOf({ learningRates, nonlinearities, optimisers, difficulty, task }: BioRnnMemConfig): string {
  const factors: [string, readonly (string | number)[]][] = [
    ["optimiser.learningRate", learningRates],
    ["network.activation", nonlinearities],
    ["optimiser.kind", optimisers.map((name) => OPTIMISERS[name])],
    [task === "seq_mem" ? "task.length" : "task.n", difficulty],
  ];
  const lines = factors.flatMap(([path, values]) =>
    values.length > 1 ? [`  ${path}: [${values.join(", ")}]`] : [],
  );
  return lines.length > 0 ? `sweep:\n${lines.join("\n")}` : "";
}

function furtherWarnings({
  pretrained,
  task,
  difficulty,
  length,
  nonlinearities,
  init,
}: BioRnnMemConfig): string[] {
  const out: string[] = [];
  if (pretrained)
    out.push(
      "pretrained networks are not converted: there they failed at the first step and would have lost their sparsity",
    );
  if (task !== "seq_mem")
    for (const n of difficulty)
      if (n >= length)
        out.push(`n_back ${n} does not fit into trials of ${length} items: change task.length or the sweep`);
  if (init !== "default" && nonlinearities.length > 1)
    out.push(
      `init = ${init} is kept for both nonlinearities; there each silently got its own, relu he and tanh xavier`,
    );
  return out;
}
