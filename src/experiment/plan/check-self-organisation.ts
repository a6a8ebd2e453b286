/**
 * @file What the schema of a self-organising network cannot see: that rules to freeze exist, that the input fits the
 * network, that phases and analyses agree. Every cell of the sweep is checked before the first job runs.
 */

import { DEFAULT_WINDOWS } from "../../analysis/index.ts";
import { CajalError, createRng } from "../../core/index.ts";
import { ruleNames } from "../../learning/index.ts";
import type { ConnectomeStore } from "../connectome-source.ts";
import { buildNetwork, unitsOf } from "../jobs/self-organisation/build-network.ts";
import type { Path } from "../spec/path.ts";
import { named, type Problem } from "../spec/problem.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";
import type { SelfOrganisationExperiment } from "../spec/self-organisation-schema.ts";
import { checkCells } from "./check-cells.ts";
import { checkOwnRules } from "./check-own-rules.ts";
import { ablationName } from "./plan-self-organisation.ts";
import { tryReading } from "./reader-problem.ts";

/**
 * Check every cell of an experiment.
 *
 * @throws CajalError with every problem found, each with its place.
 */
export async function checkSelfOrganisation(
  resolved: Resolved<SelfOrganisationExperiment>,
  store: ConnectomeStore,
): Promise<void> {
  const check = async (experiment: SelfOrganisationExperiment) => [
    ...checkReadout(experiment),
    ...checkInput(experiment),
    ...(await checkNetwork(experiment, store)),
  ];
  await checkCells(resolved, check, [...checkNames(resolved.experiment)]);
}

// Implementation

function checkNames({ phases, ablations, analyse, analyses, record }: SelfOrganisationExperiment): Problem[] {
  const names = phases.map(({ name }) => name);
  const problems = names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [
          wrong(
            "repeated-name",
            ["phases", i, "name"],
            `two phases are called "${name}"`,
            "Rename one of them.",
          ),
        ],
  );
  const ablated = ablations.map(ablationName);
  const twice = ablated.findIndex((name, i) => ablated.indexOf(name) !== i);
  if (twice >= 0) {
    const what = `${ablations[twice]} is left out twice`;
    problems.push(wrong("repeated-value", ["ablations", twice], what, "Name each rule once."));
  }
  if (analyse !== undefined && !names.includes(analyse)) {
    const what = `there is no phase "${analyse}"`;
    problems.push({ ...wrong("unknown-name", ["analyse"], what), ...named(analyse, names, "Phases") });
  }
  const needsRaster = analyses.findIndex((name) => name === "spikes" || name === "readout");
  if (!record.raster && needsRaster >= 0) {
    const what = `the analysis ${analyses[needsRaster]} needs a raster, and none is recorded`;
    const hint = "Set it to true, or remove this analysis.";
    problems.push(wrong("no-raster", ["record", "raster"], what, hint));
  }
  const lives = analyses.indexOf("lifetimes");
  if (!record.events && lives >= 0) {
    const what = "lifetimes need the births and deaths of synapses, which are not recorded";
    problems.push(wrong("no-events", ["record", "events"], what, "Set it to true, or remove this analysis."));
  }
  return problems;
}

function checkInput({ phases, input }: SelfOrganisationExperiment): Problem[] {
  const silent = phases.findIndex(({ shows }) => shows === "nothing");
  if (!input && silent >= 0) {
    const what = "there is no input that this phase could leave out";
    return [wrong("no-effect", ["phases", silent, "shows"], what, "Add an input, or remove this.")];
  }
  const untold = phases.findIndex(({ readout, shows }) => readout && shows === "nothing");
  if (untold >= 0) {
    const what = `phase "${phases[untold].name}" is for a readout and shows nothing to tell apart`;
    return [wrong("no-input", ["phases", untold, "shows"], what, "Let it show symbols.")];
  }
  if (input?.source !== "ambiguous-cue") return [];
  const names = phases.map(({ name }) => name);
  return (input.mixed ?? []).flatMap((name, k) =>
    names.includes(name)
      ? []
      : [
          {
            ...wrong("unknown-name", ["input", "mixed", k], `there is no phase "${name}"`),
            ...named(name, names, "Phases"),
          },
        ],
  );
}

function checkReadout({ phases, analyses, input, readout: sees }: SelfOrganisationExperiment): Problem[] {
  const roles = phases.map(({ readout }) => readout);
  const at = roles.findIndex((role) => role !== undefined);
  const wanted = analyses.indexOf("readout");
  const { states = [] } = sees ?? {};
  const twice = states.findIndex((state, k) => states.indexOf(state) !== k);
  if (twice >= 0) {
    const what = `${states[twice]} is read out twice`;
    return [wrong("repeated-value", ["readout", "states", twice], what, "Name each state once.")];
  }
  if (wanted < 0) {
    if (at < 0 && sees) {
      const what = "nothing is read out: readout is not among the analyses";
      return [wrong("no-effect", ["readout"], what, "Add readout to analyses, or remove this.")];
    }
    if (at < 0) return [];
    const what = `phase "${phases[at].name}" is for a readout, which is not among the analyses`;
    return [wrong("no-effect", ["phases", at, "readout"], what, "Add readout to analyses, or remove this.")];
  }
  const place: Path = ["analyses", wanted];
  if (!input)
    return [
      wrong(
        "no-input",
        place,
        "a readout needs symbols to tell apart",
        "Add an input, e.g. input: { source: counting, n: 8 }.",
      ),
    ];
  const missing = (["train", "test"] as const).filter((role) => !roles.includes(role));
  return missing.map((role) =>
    wrong(
      "missing-phase",
      place,
      `no phase ${role}s the readout`,
      `Add a phase { …, freeze: all, readout: ${role} }.`,
    ),
  );
}

async function checkNetwork(
  experiment: SelfOrganisationExperiment,
  store: ConnectomeStore,
): Promise<Problem[]> {
  const { connectome: source, transforms, seed } = experiment;
  const read =
    source && (await tryReading(() => store.prepare({ connectome: source, transforms, seed }), source));
  if (read && "problem" in read) return [read.problem];
  const connectome = read?.value;
  const units = unitsOf(experiment, connectome);
  const windows = checkWindows(experiment, units);
  try {
    const built = buildNetwork(experiment, connectome, createRng(seed));
    return [...windows, ...checkOwnRules(experiment, built), ...checkRules(experiment, ruleNames(built))];
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return [...windows, modelProblem(error, experiment)];
  }
}

function checkWindows(
  { analyses, avalanches, network, connectome }: SelfOrganisationExperiment,
  units: number,
): Problem[] {
  const known = Object.keys(DEFAULT_WINDOWS);
  if (!analyses.includes("avalanches")) return [];
  const reversed = (["duration", "size"] as const).filter(
    (key) => avalanches[key] && avalanches[key][0] >= avalanches[key][1],
  );
  if (reversed.length > 0)
    return reversed.map((key) =>
      wrong(
        "bad-window",
        ["avalanches", key],
        `avalanches.${key} must ascend, got [${avalanches[key]!.join(", ")}]`,
        "It is [first, last].",
      ),
    );
  if (known.includes(String(units)) || (avalanches.duration && avalanches.size)) return [];
  const what = `where to fit avalanches of ${units} units is not known`;
  const hint = `Give avalanches: { duration: [first, last], size: [first, last] }, leave avalanches out of analyses, or take ${known.join(", ")} units.`;
  const path = network.units !== undefined || !connectome ? ["network", "units"] : ["connectome"];
  return [wrong("no-default-windows", path, what, hint)];
}

function checkRules(
  { phases, ablations, network }: SelfOrganisationExperiment,
  rules: readonly string[],
): Problem[] {
  const short = [...new Set(rules.map((rule) => rule.slice(rule.lastIndexOf(".") + 1)))];
  const isKnown = (name: string) => rules.includes(name) || short.includes(name);
  const unknown = (name: string, path: Path, more: readonly string[] = []): Problem[] => {
    if (isKnown(name) || more.includes(name)) return [];
    const how = network.rules ? " with these rules" : network.change.rates ? " with these rates" : "";
    const what = `${network.preset}${how} has no rule "${name}"`;
    return [{ ...wrong("unknown-rule", path, what), ...named(name, [...more, ...short, ...rules], "Rules") }];
  };
  return [
    ...phases.flatMap(({ freeze }, i) =>
      freeze === "all" ? [] : freeze.flatMap((name, k) => unknown(name, ["phases", i, "freeze", k])),
    ),
    ...ablations.flatMap((name, i) => unknown(name, ["ablations", i], ["none", "all"])),
  ];
}

/** A complaint of the model or of its input, placed at the line that is to blame. */
function modelProblem(
  error: CajalError,
  { input, network, connectome }: SelfOrganisationExperiment,
): Problem {
  const { code, hint } = error;
  const paths: Record<string, Path> = {
    "pools-do-not-fit": ["input", ...(input && "unitsPerSymbol" in input ? ["unitsPerSymbol"] : [])],
    "bad-words": ["input", "words"],
    "bad-grammar": ["input", "grammar"],
    "bad-probabilities": ["input", input?.source === "grammar" ? "grammar" : "probabilities"],
    "bad-option": ["input", inputKey(error.what)],
    "bad-rate":
      network.change.targetRate === undefined ? ["network", "units"] : ["network", "change", "targetRate"],
    shape: connectome ? ["connectome"] : ["network", "units"],
    "bad-size": ["network", "units"],
  };
  const path =
    paths[code] ?? (connectome && /weight/.test(error.what) ? ["connectome"] : ["network", "preset"]);
  return wrong(code, path, error.what, hint?.replace(/\bsize\b/, "network.units"));
}

/** What a source complains of: its key stands first, but that of an occluder. */
function inputKey(what: string): string {
  return /^an occluder/.test(what) ? "hidden" : what.split(/[^A-Za-z]/, 1)[0];
}

function wrong(code: string, path: Path, what: string, hint?: string): Problem {
  return { code, path, on: "value", what, ...(hint && { hint }) };
}
