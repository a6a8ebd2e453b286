/**
 * @file The methods paragraph of a training, ready to paste, with the references it cites.
 */

import { connectomeCatalog } from "../../../connectome/index.ts";
import type { StoppingCriterion } from "../../../learning/index.ts";
import { formatCount, formatExact } from "../../../plot/index.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import type { RunFacts } from "../report-input.ts";
import { conditionWords } from "./behaviour-pictures.ts";
import { networkWords, unitsWords, type Varied, wiringWords } from "./network-words.ts";
import { equationWords } from "./own-unit-words.ts";
import { shownTask } from "./shown-task.ts";
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
    `${units ? `${v("network.units", formatCount(units))} recurrent` : "Recurrent"} ${v("network.model", unitsWords(experiment, v))} were trained on ${v("task", taskWords(experiment.task.name))}${record ? ` (${plural(record.facts.inputNames.length, "input")}, ${plural(record.facts.outputNames.length, "output")}, steps of ${formatExact(record.facts.dt)} ms)` : ""}.`,
    equationWords(experiment.network, v),
    networkWords(experiment, v),
    wiringWords(experiment, v),
    radiusWords(settings),
    lossWords(experiment, swept),
    optimiserWords(experiment, v),
    continuousWords(experiment, v),
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

function isSwept(swept: readonly string[], path: string): boolean {
  return swept.some((s) => s === path || path.startsWith(`${s}.`) || s.startsWith(`${path}.`));
}

function gradientWords({ network, gradient }: TrainingExperiment): string {
  const how = "by reverse-mode differentiation of the simulated update through time";
  const { surrogate } = gradient;
  if (!surrogate && network.model !== "spiking") return `Gradients are exact, ${how}.`;
  const kind = ` (${surrogate?.kind ?? "fast-sigmoid"})`;
  return `Gradients are ${how}, with a surrogate${kind} in place of the derivative of thresholds.`;
}

function shardWords(
  { gradient: { shards = 1 }, sweep }: TrainingExperiment,
  { threads = 1 }: RunFacts,
  v: Varied,
): string {
  if (shards === 1 && !("gradient.shards" in sweep)) return "";
  const by = threads === 1 ? "one thread" : `${formatCount(threads)} threads`;
  return `Batches were divided into ${v("gradient.shards", formatCount(shards))} shards, their gradients summed in a fixed order; ${by} ran them, which changes no result.`;
}

/** The radius all networks started at, where they shared one. */
function radiusWords(settings: TrainingInput["settings"]): string {
  const all = settings.flatMap(({ runs }) => runs.map(({ metrics }) => metrics.spectralRadiusInitial));
  const known = all.filter(Number.isFinite);
  const isShared = known.length > 0 && known.every((radius) => Math.abs(radius - known[0]) < 5e-4 * known[0]);
  return isShared
    ? `Recurrent weights started at a spectral radius of ${formatExact(Number(known[0].toPrecision(3)))}.`
    : "";
}

function lossWords(experiment: TrainingExperiment, swept: readonly string[]): string {
  const { loss, regularisers } = experiment;
  const words = (terms: readonly { kind: string; weight?: number }[]) =>
    terms
      .map(({ kind, weight }) => `${kind}${weight === undefined ? "" : ` (weight ${formatExact(weight)})`}`)
      .join(", ");
  const own = isSwept(swept, "task.name")
    ? "the loss of the task (squared error, or cross-entropy of classes)"
    : shownTask(experiment).outputs === "softmax"
      ? "the cross-entropy of softmax outputs with the right answer"
      : "the mean squared error of the outputs";
  const first = loss ? words(loss) : `${own} where the mask of the task counts`;
  return `The loss was ${first}${regularisers.length > 0 ? `, with these further terms: ${words(regularisers)}` : ""}.`;
}

function optimiserWords(
  { optimiser, schedule, clip, batchSize, updates }: TrainingExperiment,
  v: Varied,
): string {
  const name = v("optimiser.kind", OPTIMISERS[optimiser.kind]);
  const rate = v("optimiser.learningRate", formatExact(optimiser.learningRate));
  const added = clip.epsilon
    ? ` with ${v("clip.epsilon", formatExact(clip.epsilon))} added to it in the quotient`
    : "";
  const clipped = [
    clip.norm !== undefined && `norm ${v("clip.norm", formatExact(clip.norm))}${added}`,
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

function continuousWords({ continuous = false, batchSize, sweep }: TrainingExperiment, v: Varied): string {
  if ("continuous" in sweep) return "Whether trials followed each other without a reset was varied.";
  if (!continuous) return "";
  const many = batchSize === 1 && !isSwept(Object.keys(sweep), "batchSize");
  const which = many
    ? "each began in the state in which the last one had ended"
    : `in ${v("batchSize", formatCount(batchSize))} streams each began in the state in which the last one of its stream had ended`;
  return `Trials followed each other without a reset: ${which}; validation and test began in the states of training.`;
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
    if (criterion === "worstFractionCorrect")
      parts.push("The worst condition was that of the lowest fraction correct at each validation.");
  }
  if (curriculum.length > 0) {
    const stages = curriculum.map(({ update, conditions }, k) => {
      const from = k > 0 && update !== undefined ? `from update ${formatCount(update)}` : "";
      const by = curriculum[k - 1]?.until && update !== undefined ? " at the latest" : "";
      return `${from}${by}${from && ": "}${shownConditions(conditions)}`;
    });
    parts.push(`Conditions changed in ${curriculum.length} stages (${stages.join("; ")}).`);
  }
  const goals = new Set(curriculum.flatMap(({ until }) => (until ? [goalWords(until)] : [])));
  if (goals.size > 0) {
    const which = goals.size === 1 ? [...goals][0] : `their goals (in turn ${[...goals].join("; ")})`;
    parts.push(`Stages ended when fixed trials of their own conditions reached ${which}.`);
  }
  return parts.join(" ");
}

/** `as the task draws them`, `coherence 51.2`. */
function shownConditions(conditions: TrainingExperiment["curriculum"][number]["conditions"]): string {
  if (conditions === "drawn") return "as the task draws them";
  if (conditions === "grid") return "all combinations in turn";
  const sets = Array.isArray(conditions) ? conditions : [conditions];
  const words = sets.slice(0, 3).map((set) => conditionWords(set, "as the task draws them"));
  return sets.length > 3 ? `${words.join(" or ")} or ${sets.length - 3} others` : words.join(" or ");
}

function goalWords(goal: NonNullable<TrainingExperiment["curriculum"][number]["until"]>): string {
  const { window = 1 } = goal;
  const what =
    "loss" in goal
      ? `a loss of ${formatExact(goal.loss)}`
      : `a fraction correct of ${formatExact(goal.fractionCorrect)}`;
  return `${what}${window > 1 ? ` (mean of ${window} validations)` : ""}`;
}

function references({ task, optimiser, network, gradient, connectome }: TrainingExperiment): string[] {
  const { dale, areas, model } = network;
  const name = connectome && "name" in connectome ? connectome.name : undefined;
  const all = [
    connectomeCatalog.find((entry) => entry.name === name)?.citation,
    TASK_REFERENCES[task.name],
    MODEL_REFERENCES[model],
    (gradient.surrogate || model === "spiking") && SURROGATE,
    OPTIMISER_REFERENCES[optimiser.kind],
    (dale !== undefined || areas?.list.some((a) => a.excitatory !== undefined) || task.name in SONG_TASKS) &&
      SONG,
  ];
  return [...new Set(all.filter((r): r is string => typeof r === "string"))];
}

const SURROGATE =
  "Neftci EO, Mostafa H, Zenke F (2019). Surrogate gradient learning in spiking neural networks. IEEE Signal Process Mag 36, 51–63.";
const MODEL_REFERENCES: Readonly<Partial<Record<TrainingExperiment["network"]["model"], string>>> = {
  elman: "Elman JL (1990). Finding structure in time. Cogn Sci 14, 179–211.",
  spiking:
    "Bellec G, Salaj D, Subramoney A, Legenstein R, Maass W (2018). Long short-term memory and learning-to-learn in networks of spiking neurons. NeurIPS 31.",
};
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
  "sine-wave": true,
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

function plural(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
