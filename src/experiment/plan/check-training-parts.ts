/**
 * @file Parts of the check of training: keys that exclude each other, the task of the test, lengths, terms of the loss.
 */

import type { Connectome } from "../../connectome/index.ts";
import { warn } from "../../core/index.ts";
import type { Task } from "../../tasks/index.ts";
import type { TrainingSetup } from "../jobs/training/training-setup.ts";
import type { Path } from "../spec/path.ts";
import { named, type Problem } from "../spec/problem.ts";
import { problemsOf } from "../spec/schema-problems.ts";
import type { TrainedModel } from "../spec/trained-network-schema.ts";
import { trainedTaskSchema } from "../spec/trained-task-schema.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import { wiringSchema } from "../spec/wiring-schema.ts";
import { checkOwnUnits } from "./check-own-units.ts";

/** Keys of which one makes another meaningless. */
export function checkOverlap({ connectome, wiring, network }: TrainingExperiment): Problem[] {
  const problems: Problem[] = [];
  if (!connectome && JSON.stringify(wiring) !== JSON.stringify(wiringSchema.parse({}))) {
    const hint = "Name a connectome, e.g. connectome: { name: celegans }, or remove wiring.";
    problems.push(onKey("no-effect", ["wiring"], "there is no connectome that could be wired", hint));
  }
  if (connectome && network.areas) {
    const hint = "Keep one of the two; areas of a connectome come from wiring.expand.";
    problems.push(
      onKey("exclusive-keys", ["network", "areas"], "areas and a connectome exclude each other", hint),
    );
  }
  if (network.areas?.list.some(({ excitatory }) => excitatory !== undefined) && network.dale !== undefined) {
    const hint = "Keep one of the two.";
    const what = "signs are given twice, by dale and by the areas' share of excitatory units";
    problems.push(onKey("exclusive-keys", ["network", "dale"], what, hint));
  }
  return [...problems, ...checkModel(network), ...checkOwnUnits(network)];
}

/** Options of the test's task. */
export function checkTestTask({ task, test }: TrainingExperiment): Problem[] {
  const name = test.task.name;
  if (name !== undefined && name !== task.name) {
    const what = `the test is of ${task.name}, it cannot be of ${String(name)}`;
    return [wrong("unknown-name", ["test", "task", "name"], what, "Give options of the same task only.")];
  }
  const data = { kind: "training", task: { ...task, ...test.task } };
  const parsed = trainedTaskSchema.safeParse(data.task);
  if (parsed.success) return [];
  for (const issue of parsed.error.issues) issue.path.unshift("task");
  return problemsOf(parsed.error, data).map((p) => ({ ...p, path: ["test", ...p.path] }));
}

/** Most bytes of the arrays of a batch. */
const MOST_BYTES = 2 ** 31;

/** A network whose matrices do not fit into memory. @param connectome - As prepared, if there is one. */
export function checkSize(experiment: TrainingExperiment, connectome: Connectome | undefined): Problem[] {
  const { units, at } = countUnits(experiment, connectome);
  // The record of a job has the weights at the start, of the best and of the last update, as they act.
  const bytes = 3 * 8 * units * units;
  if (bytes <= MOST_BYTES) return [];
  const most = Math.floor(Math.sqrt(MOST_BYTES / 24));
  const what = `${units} units are more than memory has room for: their weights need ${Math.ceil(bytes / 2 ** 20)} MiB, at most 2048 are possible`;
  return [wrong("too-large", at, what, `Take at most ${most} units.`)];
}

/** A task that is longer than memory, of training or of the test. */
export function checkLength(experiment: TrainingExperiment, task: Task, key: "task" | "test"): Problem[] {
  const { batchSize, network, test, validation, curriculum } = experiment;
  const { maxSteps, inputs, outputs } = task;
  const channels = inputs.length + 3 * outputs.length;
  // Trials of the validation are drawn once and kept, in whole batches, and so are those a stage is judged by.
  const times = curriculum.some(({ until }) => until) ? 2 : 1;
  const kept = validation ? times * Math.ceil(validation.trials / batchSize) * batchSize : 0;
  const trials = key === "task" ? batchSize + kept : Math.min(50, test.trials);
  const units = key === "task" ? 0 : (network.units ?? 100);
  const bytes = 8 * maxSteps * trials * (channels + units);
  if (bytes <= MOST_BYTES) return [];
  const what = `a trial of ${maxSteps} steps is longer than memory: ${trials} of them at a time need ${Math.ceil(bytes / 2 ** 20)} MiB, at most 2048 are possible`;
  const fewer = kept > 0 ? "lower batchSize and validation.trials" : "lower batchSize";
  const hint = `Shorten its periods or enlarge dt${key === "task" ? `, or ${fewer}` : ""}.`;
  const path = key === "task" || test.task.timing === undefined ? ["task"] : ["test", "task"];
  return [wrong("too-large", path, what, hint)];
}

/** Terms of the loss that look at something that is not there. */
export function checkLoss(experiment: TrainingExperiment, { task, built }: TrainingSetup): Problem[] {
  const { sources = {}, output, trainable } = built.rate;
  const variables = [...new Set([...Object.keys(sources), ...Object.values(sources)])];
  const outputs = variables.filter((name) => name === output || sources[name] === output);
  const check = (term: TrainingExperiment["regularisers"][number], at: Path): Problem[] => {
    const looked = [
      ...("of" in term ? [["of", term.of] as const] : []),
      ...("from" in term ? [["from", term.from] as const] : []),
    ];
    for (const [key, name] of looked) {
      const known = isSupervised(term.kind) ? outputs : variables;
      if (known.includes(name)) continue;
      const what = isSupervised(term.kind)
        ? `${term.kind} compares outputs with targets, and "${name}" is none`
        : `there is no variable "${name}"`;
      return [{ ...wrong("unknown-source", [...at, key], what), ...named(name, known, "Variables") }];
    }
    if (OF_CLASSES.includes(term.kind) && task.loss !== "cross-entropy") {
      const what = `the task "${task.name}" has no classes, ${term.kind} needs some`;
      return [wrong("no-classes", [...at, "kind"], what, "Take mse, or a task with classes.")];
    }
    if (!("weights" in term)) return [];
    if (!trainable.includes(`weights:${term.weights}`)) {
      const what = `the weights "${term.weights}" are not trained, a penalty has no effect on them`;
      return [wrong("no-effect", [...at, "weights"], what, `Put ${term.weights} into network.train.`)];
    }
    if (term.kind === "hebbian" && term.weights !== "rec") {
      const what = "hebbian correlates units along recurrent weights";
      return [wrong("bad-option", [...at, "weights"], what, "Leave weights out.")];
    }
    return [];
  };
  return [
    ...(experiment.loss ?? []).flatMap((term, k) => check(term, ["loss", k])),
    ...experiment.regularisers.flatMap((term, k) => check(term, ["regularisers", k])),
  ];
}

/**
 * Stages that no update is left for are doubtful, not wrong: whoever cuts `updates` for a first try means the same file.
 */
export function warnOfLateStages({ curriculum, updates, validation }: TrainingExperiment): void {
  const looks = validation ? Math.floor((updates - 1) / validation.every) : 0;
  curriculum.forEach(({ update = 0, until }, k) => {
    if (update >= updates) {
      const when = `begins at update ${update}, the last is ${updates - 1}`;
      warn("late-stage", `curriculum[${k}] ${when}: no trial has its conditions; raise updates.`);
    }
    const { window = 1 } = until ?? {};
    if (until && window > looks) {
      const few = `${looks} ${looks === 1 ? "validation comes" : "validations come"} before the last update`;
      const mend = "raise updates, or lower validation.every";
      warn("late-stage", `curriculum[${k}].until is judged by ${window}, and ${few}; ${mend}.`);
    }
  });
}

/** A problem of a value. */
export function wrong(code: string, path: Path, what: string, hint?: string): Problem {
  return { code, path, on: "value", what, ...(hint && { hint }) };
}

// Implementation

/** Units of the network, and where the experiment says so. */
function countUnits({ network, wiring }: TrainingExperiment, connectome: Connectome | undefined) {
  const areas = connectome?.labels.length;
  if (areas !== undefined && wiring.expand) {
    const { neurons } = wiring.expand;
    const units = typeof neurons === "number" ? neurons * areas : neurons.reduce((a, b) => a + b, 0);
    return { units, at: ["wiring", "expand", "neurons"] };
  }
  if (areas !== undefined) return { units: areas, at: ["connectome"] };
  if (network.areas)
    return { units: network.areas.list.reduce((a, b) => a + b.units, 0), at: ["network", "areas", "list"] };
  return { units: network.units ?? 100, at: ["network", "units"] };
}

/** Options that belong to some models only. */
const MODEL_OPTIONS = {
  activation: ["rate", "elman", "current"],
  outputActivation: ["rate", "elman", "current", "equations"],
  start: ["rate", "elman", "current"],
  tau: ["rate", "current", "spiking"],
  noise: ["rate"],
  gain: ["rate"],
  alpha: ["current"],
  preNoise: ["current"],
  postNoise: ["current"],
  biases: ["elman", "current"],
  tauSynapse: ["spiking"],
  refractory: ["spiking"],
  adaptation: ["spiking"],
  tauAdaptation: ["spiking"],
  drive: ["spiking"],
  equations: ["equations"],
  neuron: ["equations"],
  parameters: ["equations"],
  read: ["equations"],
  send: ["equations"],
  shared: ["equations"],
  bounds: ["equations"],
  leaky: ["equations"],
} as const satisfies Partial<Record<keyof TrainingExperiment["network"], readonly TrainedModel[]>>;

/** Options of another model. */
function checkModel(network: TrainingExperiment["network"]): Problem[] {
  const { model, areas } = network;
  const problems = Object.entries(MODEL_OPTIONS).flatMap(([name, of]): Problem[] => {
    const value = network[name as keyof typeof MODEL_OPTIONS];
    const models: readonly TrainedModel[] = of;
    if (value === undefined || value === 0 || models.includes(model)) return [];
    const what = `${model} networks have no ${name}`;
    return [onKey("no-effect", ["network", name], what, optionHint(name, models, network))];
  });
  const slow = areas?.list.findIndex(({ tau }) => tau !== undefined) ?? -1;
  if (slow >= 0 && !MODEL_OPTIONS.tau.some((name) => name === model))
    problems.push(
      onKey(
        "no-effect",
        ["network", "areas", "list", slow, "tau"],
        `${model} networks have no tau`,
        model === "equations" ? "Give it as a parameter by area: network.parameters.tau." : "Remove it.",
      ),
    );
  if (model === "current" && network.alpha !== undefined && (network.tau !== undefined || slow >= 0)) {
    const what = "the leak is given twice, by alpha and by tau: α = dt / τ";
    problems.push(onKey("exclusive-keys", ["network", "alpha"], what, "Keep one of the two."));
  }
  return problems;
}

function optionHint(
  name: string,
  models: readonly TrainedModel[],
  { model }: TrainingExperiment["network"],
): string {
  if (models.includes("equations") && models.length === 1) return "Set network.model: equations.";
  if (model === "equations") return `Write it into the equations, its value as network.parameters.${name}.`;
  return `It is an option of ${models.join(", ").replace(/, (?=[^,]+$)/, " and ")}.`;
}

function onKey(code: string, path: Path, what: string, hint: string): Problem {
  return { code, path, on: "key", what, hint };
}

const SUPERVISED = ["mse", "binary-cross-entropy", "cross-entropy", "nll", "soft-cross-entropy"];
const OF_CLASSES = ["cross-entropy", "nll", "soft-cross-entropy"];
const isSupervised = (kind: string): boolean => SUPERVISED.includes(kind);
