/**
 * @file Complaints of tasks, networks and the training loop, placed at the line of the experiment that is to blame.
 */

import { CajalError, createRng } from "../../core/index.ts";
import type { Conditions, Task } from "../../tasks/index.ts";
import { type Path, valueAt } from "../spec/path.ts";
import type { Problem } from "../spec/problem.ts";
import type { ConditionList } from "../spec/trained-task-schema.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import { ownUnitProblem } from "./check-own-units.ts";
import { wrong } from "./check-training-parts.ts";

/** A complaint of a task about its options. */
export function taskProblem(
  { code, what, hint }: CajalError,
  { task, test }: TrainingExperiment,
  key: "task" | "test",
): Problem {
  const base: Path = key === "task" ? ["task"] : ["test", "task"];
  const options = (key === "task" ? task : test.task) as Record<string, unknown>;
  // Messages begin with the name of the option, or of the period.
  const first = /^([^:]+?)(?::| must| has| is|\.|$)/.exec(what)?.[1] ?? "";
  const inTiming = valueAt(options, ["timing", first]) !== undefined;
  const period = /period "(.+?)"/.exec(what)?.[1] ?? "";
  const below: Path =
    options[first] !== undefined && period === ""
      ? [first]
      : inTiming
        ? ["timing", first]
        : valueAt(options, ["timing", period]) !== undefined
          ? ["timing", period]
          : [];
  const problem = wrong(code, [...base, ...below], what, hint);
  return code === "unknown-period" ? { ...problem, on: "key" } : problem;
}

/** Conditions that a task does not have, wherever the experiment fixes some. */
export function conditionProblems(
  { validation, curriculum, test }: TrainingExperiment,
  task: Task,
  key: "task" | "test",
): Problem[] {
  const lists: [ConditionList, Path][] =
    key === "test"
      ? [[test.conditions, ["test", "conditions"]]]
      : [
          ...(validation
            ? [[validation.conditions, ["validation", "conditions"]] as [ConditionList, Path]]
            : []),
          ...curriculum.map(({ conditions }, k): [ConditionList, Path] => [
            conditions,
            ["curriculum", k, "conditions"],
          ]),
        ];
  return lists.flatMap(([list, path]) => {
    if (list === "drawn" || list === "grid") return [];
    const sets: [Conditions, Path][] = Array.isArray(list)
      ? list.map((conditions, k) => [conditions, [...path, k]])
      : [[list as Conditions, path]];
    return sets.flatMap(([conditions, at]) => {
      try {
        task.trial(createRng(0), conditions);
        return [];
      } catch (error) {
        if (!(error instanceof CajalError)) throw error;
        const name = Object.keys(conditions).find(
          (known) => error.what.includes(`"${known}"`) || error.what.startsWith(`${known} `),
        );
        const problem = wrong(error.code, name === undefined ? at : [...at, name], error.what, error.hint);
        return [error.code === "unknown-condition" ? { ...problem, on: "key" } : problem];
      }
    });
  });
}

/** A complaint about the network, its wiring, or the options of the loop. */
export function trainingProblem(error: CajalError, experiment: TrainingExperiment): Problem {
  const { code, what, where = "", hint } = error;
  const own = ownUnitProblem(error, experiment);
  if (own) return own;
  const path = pathOf(error, experiment);
  if (code === "too-large") {
    const shorter =
      "Set gradient.checkpoint: true, lower batchSize, shorten the task, or use precision: f32.";
    return wrong(code, path, `the task is longer than memory: ${what}`, shorter);
  }
  const named = /^weights "(.+)"$/.exec(where)?.[1];
  const problem = wrong(code, path, named ? `weights "${named}": ${what}` : what, hint);
  // There the name is wrong, not what stands behind it.
  return path.includes("overrides") || path.includes("pairs") ? { ...problem, on: "key" } : problem;
}

// Implementation

/** Keys of the loop that messages begin with. */
const LOOP =
  /^(earlyStopping|validation|curriculum|clip|updates|batchSize|seed)\b(?:\.(\w+)|\[(\d+)\](?:\.(\w+))?(?:\.(\w+))?)?/;

function pathOf({ code, what, where = "" }: CajalError, experiment: TrainingExperiment): Path {
  const { network, connectome, earlyStopping } = experiment;
  if (/^(wiring|network)\./.test(where)) return where.split(".");
  if (/^there is no part/.test(what)) return ["network", "train"];
  if (where === "areas") return areaPath(what, experiment);
  if (code === "too-large") return ["task"];
  if (code === "unit-without-input" || code === "no-synapses") return maskPath(what, where, experiment);
  if (/^weights "/.test(where)) {
    const name = /"(.+)"/.exec(where)?.[1] ?? "";
    if (valueAt(network.initial, [name]) !== undefined && /radius|distribution|range/.test(code))
      return ["network", "initial", name];
    if (code === "sign-conflict") return ["network", "dale"];
    if (code === "zero-spectral-radius" && network.density < 1) return ["network", "density"];
    if (name === "rec" && network.weights?.rec) return ["network", "weights", "rec"];
    if (network.weights?.path !== undefined) return ["network", "weights", "path"];
    return connectome ? ["connectome"] : ["network"];
  }
  if (/^optimiser/.test(where)) return option(["optimiser"], what, experiment);
  if (/^schedule/.test(where)) return option(["schedule"], what, experiment);
  if (/^(rate|elman|current|spiking)Network$/.test(where)) return option(["network"], what, experiment);
  if (/^train, continuous/.test(where)) return ["continuous"];
  if (/^loss/.test(where)) return termPath(where, experiment);
  if (/^shards/.test(what)) return ["gradient", "shards"];
  const [, key, member, index, ...below] = LOOP.exec(what) ?? [];
  if (key) {
    const inside = below.filter((name) => name !== undefined);
    return [key, ...(member ? [member] : index ? [Number(index), ...inside] : [])];
  }
  if (/right answers|no worst one/.test(what) && earlyStopping) return ["earlyStopping", "criterion"];
  if (/neither a target/.test(what)) return ["earlyStopping"];
  if (/plateau/.test(what)) return ["schedule", "kind"];
  if (/early stopping/.test(what)) return ["earlyStopping"];
  return ["network"];
}

/** The option that a message begins with, or names in quotes, if the file gives it. */
function option(base: Path, what: string, experiment: TrainingExperiment): Path {
  const name = /^(\w+)/.exec(what)?.[1] ?? "";
  const quoted = /"(.+?)"/.exec(what)?.[1] ?? "";
  const given = valueAt(experiment, base);
  if (valueAt(given, ["overrides", quoted]) !== undefined) return [...base, "overrides", quoted];
  return valueAt(given, [name]) === undefined ? base : [...base, name];
}

/** Units that hear nothing: what thinned the synapses out. */
function maskPath(what: string, where: string, { network, connectome }: TrainingExperiment): Path {
  if (where.includes('"out"') || /"out"/.test(what))
    return connectome ? ["wiring", "output", "nodes"] : ["network"];
  const named = where.includes('"out"') ? "out" : "in";
  if (network.weights?.[named]) return ["network", "weights", named];
  if (network.weights?.rec) return ["network", "weights", "rec"];
  if (network.weights?.path !== undefined) return ["network", "weights", "path"];
  if (connectome) return ["connectome"];
  if (network.areas) return ["network", "areas"];
  return ["network", "density"];
}

function areaPath(what: string, { network }: TrainingExperiment): Path {
  const base: Path = ["network", "areas"];
  const { list = [], pairs = {} } = network.areas ?? {};
  const quoted = /"(.+?)"/.exec(what)?.[1] ?? "";
  if (Object.hasOwn(pairs, quoted)) return [...base, "pairs", quoted];
  const pair = Object.keys(pairs).find((key) => key.includes(quoted) && quoted !== "");
  const index = list.findLastIndex(({ name }) => name === quoted);
  if (index >= 0) {
    const key = / units$/.test(what) ? ["units"] : /^two areas/.test(what) ? ["name"] : [];
    return [...base, "list", index, ...key];
  }
  if (pair !== undefined && /no area/.test(what)) return [...base, "pairs", pair];
  for (const key of ["inputs", "outputs"] as const) {
    const at = network.areas?.[key]?.findIndex(({ areas = [] }) => areas.includes(quoted)) ?? -1;
    if (at >= 0) return [...base, key, at, "areas"];
  }
  return base;
}

function termPath(where: string, { loss = [], regularisers }: TrainingExperiment): Path {
  const name = /"(.+)"/.exec(where)?.[1];
  const is = (term: { name?: string; kind: string }) => (term.name ?? term.kind) === name;
  const later = regularisers.findLastIndex(is);
  if (later >= 0) return ["regularisers", later];
  const k = loss.findLastIndex(is);
  return k >= 0 ? ["loss", k] : ["loss"];
}
