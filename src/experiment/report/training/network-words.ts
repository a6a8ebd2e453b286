/**
 * @file The network of a training in the words of a methods paragraph: its units, their constants, signs, areas, wiring.
 */

import { formatCount, formatExact } from "../../../plot/index.ts";
import { fixedWeights } from "../../spec/fixed-schema.ts";
import type { PerUnitChoice } from "../../spec/own-unit-schema.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import { GIVEN_PROJECTIONS } from "../../spec/weights-file-schema.ts";
import { valueWords } from "./own-unit-words.ts";

type Network = TrainingExperiment["network"];

/** A value in words, or that it was varied. */
export type Varied = (path: string, value: string) => string;

/** `rate units in continuous time with relu activation`. */
export function unitsWords({ network: { model, activation } }: TrainingExperiment, v: Varied): string {
  return activation === undefined
    ? MODELS[model]
    : `${MODELS[model]} with ${v("network.activation", activation)} activation`;
}

/** Constants, noise and synapses of the units; Dale's law; areas. */
export function networkWords({ network }: TrainingExperiment, v: Varied): string {
  const { autapses } = network;
  const had = listOf([...constantWords(network, v), ...synapseWords(network, v)]);
  const self = v("network.autapses", autapses ? "allowed" : "excluded");
  const sentences = [
    had && `They had ${had}.`,
    `Autapses were ${self}.`,
    lawWords(network, v),
    ...givenWords(network, v),
    areaWords(network),
  ];
  return sentences.filter(Boolean).join(" ");
}

/** Where the wiring came from; empty without a connectome. */
export function wiringWords({ connectome, wiring }: TrainingExperiment, v: Varied): string {
  if (!connectome) return "";
  const name = "name" in connectome ? `The connectome ${connectome.name}` : "The given connectome";
  const use = {
    mask: "gave the synapses, weights being drawn",
    ranks: "gave the synapses and the order of the drawn weights",
    weights: "gave synapses and initial weights",
  }[wiring.use];
  const expanded = wiring.expand ? ", its nodes expanded to neurons" : "";
  const topology = v("wiring.topology", wiring.topology);
  const how = topology === wiring.topology ? `; topology: ${topology}` : "; its topology was varied";
  return `${name} ${use}${expanded}${how}.`;
}

/**
 * What units have where a file says nothing, as the networks themselves have it.
 *
 * Not read from them: a network is built of a whole experiment only. A test compares both.
 */
export const UNIT_DEFAULTS = {
  rate: { tau: 100 },
  spiking: { tau: 20, tauSynapse: 100, tauAdaptation: 1000, adaptation: 0.15, drive: 0.8 },
} as const;

// Implementation

const MODELS: Record<Network["model"], string> = {
  rate: "rate units in continuous time",
  elman: "units of an Elman network",
  current: "rate units of nn4n’s kind",
  spiking: "integrate-and-fire units",
  equations: "units with equations of their own",
};

const CONSTANTS = [
  ["tau", "a time constant of", " ms"],
  ["tauSynapse", "a synaptic time constant of", " ms"],
  ["refractory", "a refractory period of", " ms"],
  ["adaptation", "thresholds raised at each spike by", ""],
  ["tauAdaptation", "a time constant of thresholds of", " ms"],
  ["drive", "a constant drive of", ""],
] as const;

const ENFORCE: Record<Network["enforce"], string> = {
  rectify: "rectification of the weights",
  project: "projection onto the signs after every update",
  absolute: "absolute values of the weights",
};

function constantWords(network: Network, v: Varied): string[] {
  const { model } = network;
  const usual: Partial<Record<(typeof CONSTANTS)[number][0], PerUnitChoice>> =
    model === "rate" || model === "spiking" ? UNIT_DEFAULTS[model] : {};
  return CONSTANTS.flatMap(([name, words, unit]) => {
    const value = network[name] ?? usual[name];
    return value === undefined ? [] : [`${words} ${v(`network.${name}`, valueWords(value, unit))}`];
  });
}

function synapseWords(network: Network, v: Varied): string[] {
  const { preNoise = 0, postNoise = 0, alpha, noise, density, fixed, outputActivation } = network;
  const noisy = (path: string, value: number, where = "") =>
    value > 0 && `noise of standard deviation ${v(`network.${path}`, formatExact(value))}${where}`;
  const parts = [
    noisy("noise", noise),
    alpha !== undefined && `α = ${v("network.alpha", valueWords(alpha))}`,
    noisy("preNoise", preNoise, " on the input of units"),
    noisy("postNoise", postNoise, " on rates"),
    outputActivation !== undefined && outputActivation !== "linear" && `${outputActivation} outputs`,
    density < 1 && `a recurrent density of ${v("network.density", formatExact(density))}`,
    fixed !== 0 && `${v("network.fixed", heldWords(fixed))} held at their initial weights`,
  ];
  return parts.filter((part): part is string => typeof part === "string");
}

function lawWords({ dale, enforce, areas }: Network, v: Varied): string {
  const shares = new Set(areas?.list.map((area) => area.excitatory).filter((share) => share !== undefined));
  if (dale === undefined && shares.size === 0) return "Weights could have either sign.";
  const share = (part: number) => `${formatExact(100 * part)} %`;
  const who =
    dale === "connectome"
      ? "each unit kept the sign of its node"
      : dale === "weights"
        ? "each unit kept the sign of the weights it started with"
        : dale !== undefined
          ? `${v("network.dale", share(dale))} of the units were excitatory, the others inhibitory`
          : shares.size === 1
            ? `${share([...shares][0])} of the units${areas && areas.list.length > 1 ? " of each area" : ""} were excitatory, the others inhibitory`
            : `${areas?.list.map(({ name, excitatory = 1 }) => `${share(excitatory)} of the units of ${name}`).join(", ")} were excitatory, the others inhibitory`;
  return `Dale’s law held: ${who}, kept by ${v("network.enforce", ENFORCE[enforce])}.`;
}

/** Weights that were read from files. */
function givenWords({ weights = {} }: Network, v: Varied): string[] {
  if (weights.path !== undefined) {
    const file = v("network.weights.path", weights.path.replace(/^.*[/\\]/, ""));
    return [`Weights and all else that was trained before started at those of ${file}.`];
  }
  return GIVEN_PROJECTIONS.flatMap((name) => {
    const source = weights[name];
    if (!source) return [];
    const { path, array, use, mask } = source;
    const file = v(
      `network.weights.${name}.path`,
      `${array === undefined ? "" : `${array} of `}${path.replace(/^.*[/\\]/, "")}`,
    );
    const kind = { in: "Input", rec: "Recurrent", out: "Readout" }[name];
    if (use === "mask") return `${kind} synapses were where ${file} is not 0, weights being drawn.`;
    const kept =
      mask === true ? ", 0 being no synapse" : mask === false ? "" : `, synapses being those of ${mask}`;
    return `${kind} weights started at those of ${file}${kept}.`;
  });
}

type Density = NonNullable<NonNullable<Network["areas"]>["within"]>;

function areaWords({ areas }: Network): string {
  if (!areas) return "";
  const { list, within = 1, between = 0, pairs = {} } = areas;
  const isMany = list.length > 1;
  const layout = isMany
    ? `Units lay in ${list.length} areas (${list.map(({ name, units, tau }) => `${name}, ${formatCount(units)}${tau === undefined ? "" : ` with a time constant of ${formatExact(tau)} ms`}`).join("; ")}).`
    : "";
  const links =
    typeof between === "object" && "forward" in between
      ? [
          `${densityWords(between.forward)} from an area to later ones`,
          `${densityWords(between.backward)} to earlier ones`,
        ]
      : [`${densityWords(between)} between areas`];
  const exceptions = Object.entries(pairs).map(
    ([pair, density]) => `${densityWords(density)} from ${pair.replace("->", " to ")}`,
  );
  const densities = isMany
    ? `The density of synapses was ${listOf([`${densityWords(within)} within areas`, ...links, ...exceptions])}.`
    : within === 1
      ? ""
      : `The density of synapses was ${densityWords(within)}.`;
  return [layout, densities].filter(Boolean).join(" ");
}

/** `0.5`, `0.4 (E → E) and 0.1 (E → I)`. */
function densityWords(density: Density): string {
  if (typeof density === "number") return formatExact(density);
  return Object.entries(density)
    .map(([pair, value]) => `${formatExact(value)} (${cellWords(pair)})`)
    .join(" and ");
}

/** `E → I`; `from E` where only the sender is told. */
function cellWords(pair: string): string {
  return pair.includes("->") ? pair.replace("->", " → ") : `from ${pair}`;
}

/** What is not trained. */
function heldWords(choice: Network["fixed"]): string {
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

function listOf(items: readonly string[]): string {
  return items.length < 2
    ? items.join("")
    : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
