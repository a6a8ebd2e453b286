/**
 * @file The methods paragraph of a training, ready to paste, with the references it cites.
 */

import type { StoppingCriterion } from "../../../learning/index.ts";
import { formatCount, formatExact } from "../../../plot/index.ts";
import { fixedWeights } from "../../spec/fixed-schema.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import type { RunFacts } from "../report-input.ts";
import { equationWords, valueWords } from "./own-unit-words.ts";
import type { TrainingInput } from "./training-input.ts";
import { pathWords } from "./training-numbers.ts";
import { taskWords } from "./training-words.ts";

/** Methods, ready to paste. What was swept is named as varied rather than given one value. */
export function trainingMethods({ experiment, settings, shown, run }: TrainingInput): {
  text: string;
  references: string[];
} {
  const swept = Object.keys(experiment.sweep);
  const { record } = shown ?? {};
  const units = record ? record.signs.length : experiment.network.units;
  const v = (path: string, value: string) => (isSwept(swept, path) ? "[varied]" : value);
  const sentences = [
    `${units ? `${v("network.units", formatCount(units))} recurrent` : "Recurrent"} ${v("network.model", unitsWords(experiment, v))} were trained on ${v("task", taskWords(experiment.task.name))}${record ? ` (${record.facts.inputNames.length} inputs, ${record.facts.outputNames.length} outputs, steps of ${formatExact(record.facts.dt)} ms)` : ""}.`,
    equationWords(experiment.network, v),
    networkWords(experiment, v),
    wiringWords(experiment, v),
    lossWords(experiment),
    optimiserWords(experiment, v),
    stoppingWords(experiment),
    `After training, the ${experiment.validation === false ? "parameters" : "parameters of the best validation"} were tested on ${formatCount(experiment.test.trials)} fresh trials.`,
    swept.length > 0 &&
      `${sentenceCase(swept.map(pathWords).join(" and "))} ${swept.length === 1 ? "was" : "were"} varied in ${settings.length} settings; within a repeat they share trials and noise.`,
    experiment.repeat === 1
      ? `One network was trained${swept.length > 0 ? " in each" : ""} (seed ${run.seed}).`
      : `Everything was repeated ${experiment.repeat} times with fresh initial weights, trials and noise (seed ${run.seed}).`,
    gradientWords(experiment),
    shardWords(experiment, run, v),
    `Simulated with Cajal ${run.versions.cajal ?? ""}.`,
  ];
  return {
    text: sentences.filter((s): s is string => typeof s === "string" && s !== "").join(" "),
    references: references(experiment),
  };
}

// Implementation

type Value = (path: string, value: string) => string;

function isSwept(swept: readonly string[], path: string): boolean {
  return swept.some((s) => s === path || path.startsWith(`${s}.`) || s.startsWith(`${path}.`));
}

const MODELS: Record<TrainingExperiment["network"]["model"], string> = {
  rate: "rate units in continuous time",
  elman: "units of an Elman network",
  current: "rate units of nn4n’s kind",
  spiking: "integrate-and-fire units",
  equations: "units with equations of their own",
};

function unitsWords({ network: { model, activation } }: TrainingExperiment, v: Value): string {
  return activation === undefined
    ? MODELS[model]
    : `${MODELS[model]} with ${v("network.activation", activation)} activation`;
}

function networkWords({ network }: TrainingExperiment, v: Value): string {
  const { preNoise = 0, postNoise = 0, alpha } = network;
  const { tau, noise, dale, enforce, autapses, density, areas, fixed, outputActivation } = network;
  const parts = [
    tau !== undefined && `a time constant of ${v("network.tau", valueWords(tau, " ms"))}`,
    ...SPIKING_WORDS.map(([name, words, unit]) => {
      const value = network[name];
      return value !== undefined && `${words} ${v(`network.${name}`, valueWords(value, unit))}`;
    }),
    noise > 0 && `noise of standard deviation ${v("network.noise", formatExact(noise))}`,
    alpha !== undefined && `α = ${v("network.alpha", valueWords(alpha))}`,
    preNoise > 0 &&
      `noise of standard deviation ${v("network.preNoise", formatExact(preNoise))} on the input of units`,
    postNoise > 0 && `noise of standard deviation ${v("network.postNoise", formatExact(postNoise))} on rates`,
    outputActivation !== undefined && outputActivation !== "linear" && `${outputActivation} outputs`,
    density < 1 && `a recurrent density of ${v("network.density", formatExact(density))}`,
    fixed !== 0 && `${v("network.fixed", heldWords(fixed))} held at their initial weights`,
    autapses ? "autapses allowed" : "no autapses",
  ].filter((part): part is string => typeof part === "string");
  const law =
    dale === undefined && !areas?.list.some((a) => a.excitatory !== undefined)
      ? "Weights could have either sign."
      : `Dale’s law held: ${dale === "connectome" ? "each unit kept the sign of its node" : dale !== undefined ? `${v("network.dale", `${formatExact(100 * dale)} %`)} of the units were excitatory, the others inhibitory` : "each area had excitatory and inhibitory units"}, kept by ${v("network.enforce", ENFORCE[enforce])}.`;
  const layout = areas
    ? ` Units lay in ${areas.list.length} areas (${areas.list.map(({ name, units }) => `${name}, ${formatCount(units)}`).join("; ")}).`
    : "";
  return `They had ${parts.join(", ")}. ${law}${layout}`;
}

const SPIKING_WORDS = [
  ["tauSynapse", "a synaptic time constant of", " ms"],
  ["refractory", "a refractory period of", " ms"],
  ["adaptation", "thresholds raised at each spike by", ""],
  ["tauAdaptation", "a time constant of thresholds of", " ms"],
  ["drive", "a constant drive of", ""],
] as const;

const ENFORCE: Record<TrainingExperiment["network"]["enforce"], string> = {
  rectify: "rectification of the weights",
  project: "projection onto the signs after every update",
  absolute: "absolute values of the weights",
};

function gradientWords({ network, gradient }: TrainingExperiment): string {
  const how = "by reverse-mode differentiation of the simulated update through time";
  const { surrogate } = gradient;
  if (!surrogate && network.model !== "spiking") return `Gradients are exact, ${how}.`;
  const kind = surrogate ? ` (${surrogate.kind})` : "";
  return `Gradients are ${how}, with a surrogate${kind} in place of the derivative of thresholds.`;
}

function shardWords(
  { gradient: { shards = 1 }, sweep }: TrainingExperiment,
  { threads = 1 }: RunFacts,
  v: Value,
): string {
  if (shards === 1 && !("gradient.shards" in sweep)) return "";
  const by = threads === 1 ? "one thread" : `${formatCount(threads)} threads`;
  return `Batches were divided into ${v("gradient.shards", formatCount(shards))} shards, their gradients summed in a fixed order; ${by} ran them, which changes no result.`;
}

function wiringWords({ connectome, wiring }: TrainingExperiment, v: Value): string {
  if (!connectome) return "";
  const name = "name" in connectome ? `the connectome ${connectome.name}` : "the given connectome";
  const use = {
    mask: "gave the synapses, weights being drawn",
    ranks: "gave the synapses and the order of the drawn weights",
    weights: "gave synapses and initial weights",
  }[wiring.use];
  const expanded = wiring.expand ? ", its nodes expanded to neurons" : "";
  return `${sentenceCase(name)} ${use}${expanded}; topology: ${v("wiring.topology", wiring.topology)}.`;
}

function lossWords({ loss, regularisers }: TrainingExperiment): string {
  const words = (terms: readonly { kind: string; weight?: number }[]) =>
    terms
      .map(({ kind, weight }) => `${kind}${weight === undefined ? "" : ` (weight ${formatExact(weight)})`}`)
      .join(", ");
  const first = loss
    ? words(loss)
    : "the loss of the task (squared error, or cross-entropy of classes) where its mask counts";
  return `The loss was ${first}${regularisers.length > 0 ? `, with these further terms: ${words(regularisers)}` : ""}.`;
}

function optimiserWords(
  { optimiser, schedule, clip, batchSize, updates }: TrainingExperiment,
  v: Value,
): string {
  const name = v("optimiser.kind", OPTIMISERS[optimiser.kind]);
  const rate = v("optimiser.learningRate", formatExact(optimiser.learningRate));
  const clipped = [
    clip.norm !== undefined && `norm ${v("clip.norm", formatExact(clip.norm))}`,
    clip.value !== undefined && `values of ±${v("clip.value", formatExact(clip.value))}`,
  ].filter((part): part is string => typeof part === "string");
  const parts = [
    `learning rate ${rate}`,
    schedule.kind !== "constant" && `${schedule.kind} schedule`,
    clipped.length > 0 && `gradients clipped to ${clipped.join(" and ")}`,
    `batches of ${v("batchSize", formatCount(batchSize))} trials`,
    `at most ${v("updates", formatCount(updates))} updates`,
  ].filter((part): part is string => typeof part === "string");
  return `The optimiser was ${name} (${parts.join(", ")}).`;
}

const OPTIMISERS: Record<TrainingExperiment["optimiser"]["kind"], string> = {
  adam: "Adam",
  adamw: "AdamW",
  sgd: "gradient descent",
  rmsprop: "RMSprop",
};

const CRITERIA: Record<StoppingCriterion, string> = {
  fractionCorrect: "the fraction correct",
  worstFractionCorrect: "the fraction correct of the worst condition",
  loss: "the loss",
};

function stoppingWords({ validation, earlyStopping, curriculum }: TrainingExperiment): string {
  const parts: string[] = [];
  if (validation !== false) {
    parts.push(
      `Every ${formatCount(validation.every)} updates the network was validated on the same ${formatCount(validation.trials)} trials.`,
    );
  }
  if (earlyStopping) {
    const { criterion, target, window, patience } = earlyStopping;
    const name = CRITERIA[criterion];
    const over = window && window > 1 ? ` (mean of ${window} validations)` : "";
    const reasons = [
      target !== undefined && `${name}${over} reached ${formatExact(target)}`,
      patience !== undefined && `${patience} validations brought no better one`,
    ].filter((part): part is string => typeof part === "string");
    if (reasons.length > 0) parts.push(`Training stopped when ${reasons.join(", or ")}.`);
  }
  if (curriculum.length > 0) parts.push(`Conditions changed in ${curriculum.length} stages (curriculum).`);
  const goals = new Set(curriculum.flatMap(({ until }) => (until ? [goalWords(until)] : [])));
  if (goals.size > 0) {
    const which = goals.size === 1 ? [...goals][0] : `their goals (in turn ${[...goals].join("; ")})`;
    parts.push(`Stages ended when fixed trials of their own conditions reached ${which}.`);
  }
  return parts.join(" ");
}

/** What is not trained. */
function heldWords(choice: TrainingExperiment["network"]["fixed"]): string {
  const { share, parts, pairs, synapses } = fixedWeights(choice);
  const words = [
    parts.length > 0 && `the weights ${parts.join(", ")}`,
    pairs.length > 0 && `the recurrent synapses ${pairs.map((pair) => pair.replace("->", " → ")).join(", ")}`,
    synapses.length > 0 && "recurrent synapses between chosen nodes",
    share > 0 &&
      `${formatExact(100 * share)} % of the ${pairs.length + synapses.length > 0 ? "other " : ""}recurrent synapses`,
  ];
  return words.filter((part) => typeof part === "string").join(" and ");
}

function goalWords(goal: NonNullable<TrainingExperiment["curriculum"][number]["until"]>): string {
  const { window = 1 } = goal;
  const what =
    "loss" in goal
      ? `a loss of ${formatExact(goal.loss)}`
      : `a fraction correct of ${formatExact(goal.fractionCorrect)}`;
  return `${what}${window > 1 ? ` (mean of ${window} validations)` : ""}`;
}

function references({ task, optimiser, network }: TrainingExperiment): string[] {
  const all = [TASK_REFERENCES[task.name], OPTIMISER_REFERENCES[optimiser.kind]];
  if (network.dale !== undefined || task.name in SONG_TASKS) all.push(SONG);
  return [...new Set(all.filter((r): r is string => r !== undefined))];
}

const SONG =
  "Song HF, Yang GR, Wang X-J (2016). Training excitatory-inhibitory recurrent neural networks for cognitive tasks: a simple and flexible framework. PLoS Comput Biol 12, e1004792.";
const GOULAS =
  "Goulas A, Damicelli F, Hilgetag CC (2021). Bio-instantiated recurrent neural networks: integrating neurobiology-based network topology in artificial networks. Neural Netw 142, 608–618.";
const SONG_TASKS: Readonly<Record<string, true>> = {
  "perceptual-decision": true,
  "context-integration": true,
  "multisensory-integration": true,
  "parametric-working-memory": true,
  "eye-movement-sequence": true,
};
const TASK_REFERENCES: Readonly<Partial<Record<TrainingExperiment["task"]["name"], string>>> = {
  "context-integration":
    "Mante V, Sussillo D, Shenoy KV, Newsome WT (2013). Context-dependent computation by recurrent dynamics in prefrontal cortex. Nature 503, 78–84.",
  "multisensory-integration":
    "Raposo D, Kaufman MT, Churchland AK (2014). A category-free neural population supports evolving demands during decision-making. Nat Neurosci 17, 1784–1792.",
  "parametric-working-memory":
    "Romo R, Brody CD, Hernández A, Lemus L (1999). Neuronal correlates of parametric working memory in the prefrontal cortex. Nature 399, 470–473.",
  "sequence-memory": GOULAS,
  "n-back": GOULAS,
  "picture-memory": GOULAS,
};
const OPTIMISER_REFERENCES: Readonly<Partial<Record<TrainingExperiment["optimiser"]["kind"], string>>> = {
  adam: "Kingma DP, Ba J (2015). Adam: a method for stochastic optimization. ICLR.",
  adamw: "Loshchilov I, Hutter F (2019). Decoupled weight decay regularization. ICLR.",
};

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
