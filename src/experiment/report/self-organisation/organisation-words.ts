/**
 * @file What was found in one sentence, what it does not show, and the methods paragraph.
 */

import type { CriticalityReport } from "../../../analysis/index.ts";
import { formatCount, formatExact, formatNumber } from "../../../plot/index.ts";
import { totalSteps } from "../../plan/plan-self-organisation.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import { factorWords } from "../names.ts";
import { repeatMean } from "../repeat-mean.ts";
import { inputWords } from "./input-words.ts";
import { positionMetric } from "./metric-meanings.ts";
import type { OrganisationInput } from "./organisation-input.ts";
import { spreadWords } from "./organisation-tables.ts";
import { rulesWords } from "./rules-words.ts";

/** The answer in one sentence. */
export function organisationAnswer({ settings, experiment, shown }: OrganisationInput): string {
  const [setting] = settings;
  const seeds = setting?.seeds ?? [];
  if (seeds.length === 0) return "No run finished, so there is nothing to report; see the failures below.";
  const of = (metric: string) => repeatMean(seeds, metric);
  const position = of(positionMetric(experiment));
  const parts = [
    has(position.mean) &&
      `the position inside a word is read out right in a share of ${spreadWords(position)} of steps`,
    has(of("connectionsEnd").mean) &&
      `${percentWords(of("connectionsEnd"))} of the possible connections are left`,
    has(of("meanRate").mean) && `units fire in ${percentWords(of("meanRate"))} of steps`,
    has(of("isiCv").mean) && `with a CV of intervals of ${spreadWords(of("isiCv"))}`,
  ].filter((part): part is string => typeof part === "string");
  const steps = formatCount(totalSteps(shown));
  const where =
    settings.length > 1
      ? ` (${[setting.network, ...Object.entries(setting.factors).map(([path, v]) => `${factorWords(path)} ${formatExact(v)}`)].join(", ")})`
      : "";
  const { preset, rules } = experiment.network;
  const kind = `${preset}${rules ? " with other rules" : ""}`;
  const who = `${seeds.length} ${seeds.length === 1 ? "network" : "networks"} of ${kind}${where}`;
  return `After ${steps} steps of ${who}: ${parts.join(", ") || "see the tables"}.`;
}

/** What a reader should not conclude, one sentence each; the most important first. */
export function organisationCautions(
  { settings, experiment, warnings }: OrganisationInput,
  criticality: CriticalityReport | undefined,
): string[] {
  const seeds = settings[0]?.seeds.length ?? 0;
  const out: string[] = [];
  if (seeds === 1)
    out.push(
      "One seed: nothing here says how much the next one would differ. Networks of one and the same model have had avalanche exponents from 0.8 to 2.1; raise `repeat`.",
    );
  else if (seeds > 1)
    out.push(
      `The sampling unit is the network: ± is the standard deviation over ${seeds} ${seeds < 5 ? "seeds, too few to know it well" : "seeds"}. Steps and avalanches of one network are no independent samples.`,
    );
  if (criticality) {
    out.push(
      "Exponents prove nothing by themselves: a linear process gives an exponent of 1.43, and the threshold moves it. Read the surrogates and the verdict first.",
    );
  }
  if (experiment.ablations.length > 1)
    out.push(
      "A network without a rule is another network after the first thousand steps: a difference shows that the rule matters here, not what it does.",
    );
  if (experiment.analyses.includes("readout"))
    out.push(
      "Predicting the next symbol is nearly blind to counting: repeating the middle letter scores almost as much. Look at the last symbol and at the position.",
    );
  if (warnings.length > 0)
    out.push(
      `${formatCount(warnings.length)} ${warnings.length === 1 ? "warning is" : "warnings are"} listed under “What to doubt”.`,
    );
  return out;
}

/** Methods, ready to paste, with the references it cites. */
export function organisationMethods({ experiment, settings }: OrganisationInput): {
  text: string;
  references: string[];
} {
  const { network, phases, ablations, analyses, repeat, input, connectome } = experiment;
  const units = network.units
    ? `${network.units} excitatory units`
    : connectome
      ? "one excitatory unit for each node"
      : "200 excitatory units";
  const changes = Object.entries(network.change).map(
    ([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : value}`,
  );
  const swept = Object.keys(experiment.sweep);
  const sentences = [
    `Networks of ${PRESETS[network.preset].words} with ${units} and a fifth as many inhibitory ones were simulated in discrete time${changes.length > 0 ? `, with these changes: ${changes.join(", ")}` : ""}.`,
    network.targetRates &&
      `Target rates differed from unit to unit by a standard deviation of ${formatExact(network.targetRates.sd)} (${network.targetRates.law === "lognormal" ? "log-normal" : "normal"} law).`,
    network.rules && rulesWords(network.rules, Object.keys(experiment.sweep)),
    connectome &&
      `E→E synapses started from the ${"name" in connectome ? `connectome ${connectome.name}` : "given connectome"}, incoming weights scaled to 1.`,
    input &&
      `Input: ${inputWords(input)}, each symbol driving ${input.unitsPerSymbol} units with weight ${input.gain}.`,
    `The run had ${phases.length === 1 ? "one phase" : `${phases.length} phases`}: ${phases.map(phaseWords).join("; ")}.`,
    ablations.length > 1 &&
      `Networks in which one rule was off from the start (${ablations.filter((rule) => rule !== "none").join(", ")}) began with the same wiring, noise and input.`,
    swept.length > 0 &&
      `${swept.join(" and ")} ${swept.length === 1 ? "was" : "were"} varied in ${settings.length / ablations.length} settings.`,
    `Everything was repeated with ${repeat} ${repeat === 1 ? "seed" : "seeds"}; wiring, noise and input were drawn anew for each.`,
    analyses.includes("avalanches") &&
      "Avalanches are maximal runs of steps with more active units than a whole-number threshold; exponents are discrete maximum-likelihood estimates on a window, compared with exponential, truncated power-law, log-normal and stretched-exponential laws and with binomial, AR(1) and shuffled surrogates; the branching ratio is by multi-step regression.",
    analyses.includes("lifetimes") &&
      "Survival of new connections is the Kaplan–Meier estimate; those alive at the end are censored.",
    analyses.includes("weights") && "Laws of weights were fitted by maximum likelihood and compared by AIC.",
    analyses.includes("readout") &&
      `A linear readout of ${statesWords(experiment)} was fitted by least squares on the training phase and scored on the test phase.`,
  ];
  const references = [
    PRESETS[network.preset].reference,
    ...(analyses.includes("avalanches")
      ? [
          "Wilting J, Priesemann V (2018). Inferring collective dynamical states from widely unobserved systems. Nat Commun 9, 2325.",
        ]
      : []),
    ...(analyses.includes("lifetimes")
      ? [
          "Kaplan EL, Meier P (1958). Nonparametric estimation from incomplete observations. J Am Stat Assoc 53, 457–481.",
        ]
      : []),
  ];
  return { text: sentences.filter((s): s is string => typeof s === "string").join(" "), references };
}

// Implementation

const PRESETS: Record<SelfOrganisationExperiment["network"]["preset"], { words: string; reference: string }> =
  {
    lazar2009: {
      words: "Lazar, Pipa and Triesch (2009)",
      reference:
        "Lazar A, Pipa G, Triesch J (2009). SORN: a self-organizing recurrent neural network. Front Comput Neurosci 3, 23.",
    },
    zheng2013: {
      words: "Zheng, Dimitrakakis and Triesch (2013)",
      reference:
        "Zheng P, Dimitrakakis C, Triesch J (2013). Network self-organization explains the statistics and dynamics of synaptic connection strengths in cortex. PLoS Comput Biol 9, e1002848.",
    },
    hartmann2015: {
      words: "Hartmann, Lazar, Nessler and Triesch (2015)",
      reference:
        "Hartmann C, Lazar A, Nessler B, Triesch J (2015). Where’s the noise? Key features of spontaneous activity and neural variability arise through learning in a deterministic network. PLoS Comput Biol 11, e1004640.",
    },
    delpapa2017: {
      words: "Del Papa, Priesemann and Triesch (2017)",
      reference:
        "Del Papa B, Priesemann V, Triesch J (2017). Criticality meets learning: criticality signatures in a self-organizing recurrent neural network. PLoS ONE 12, e0178683.",
    },
    "sorn-0.7.3": {
      words: "the Python package sorn 0.7.3",
      reference:
        "Nambusubramaniyan S (2021). sorn: a Python package for self-organizing recurrent neural networks. J Open Source Softw 6, 3545.",
    },
  };

function statesWords({ readout }: SelfOrganisationExperiment): string {
  const { states } = readout ?? { states: ["E.x"] };
  const words = states.map((state) =>
    state === "E.x"
      ? "the binary states"
      : "the internal predictions (the response without the input of the step)",
  );
  return words.length > 1 ? `${words.join(" and, separately, of ")}` : words[0];
}

const has = (value: number): boolean => !Number.isNaN(value);

function percentWords({ mean, spread }: { mean: number; spread: number | null }): string {
  const percent = (v: number, digits: number) => formatNumber(100 * v, digits);
  return spread === null ? `${percent(mean, 3)} %` : `${percent(mean, 3)} ± ${percent(spread, 2)} %`;
}

function phaseWords({
  name,
  steps,
  freeze,
  readout,
  shows,
}: SelfOrganisationExperiment["phases"][number]): string {
  const rules =
    freeze === "all" ? ", all rules off" : freeze.length > 0 ? `, without ${freeze.join(", ")}` : "";
  const input = shows === "nothing" ? ", no input" : "";
  return `${name}, ${formatCount(steps)} steps${rules}${input}${readout ? ` (to ${readout} the readout)` : ""}`;
}
