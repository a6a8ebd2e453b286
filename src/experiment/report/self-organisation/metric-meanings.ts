/**
 * @file Metrics of networks that organise themselves, in the words of tables.
 */

import { choicePercent } from "../../jobs/self-organisation/choice-metric.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";

/** A short head and what it stands for. */
export interface MetricMeaning {
  head: string;
  meaning: string;
}

const MEANINGS: Record<string, readonly [head: string, meaning: string]> = {
  connectionsStart: ["at start", "fraction of possible E→E connections at the first count"],
  connectionsMin: ["lowest", "lowest fraction of connections"],
  connectionsMinStep: ["at step", "step of the lowest fraction"],
  connectionsGrowth: ["growth", "fraction at 10⁶ steps, or the end, over the lowest"],
  connectionsEnd: [
    "connections",
    "mean fraction of possible E→E connections over the last tenth of the time with rules on",
  ],
  connectionsPlateau: ["plateau", "mean fraction from 1.5 · 10⁶ steps on"],
  connectionsDrift: ["drift", "slope in the plateau over its mean, per 10⁶ steps"],
  birthsPerStep: ["births", "births of connections per step, last phase with rules on"],
  deathsPerStep: ["deaths", "deaths of connections per step, last phase with rules on"],
  meanRate: ["rate", "share of units active per step"],
  rateError: ["rate error", "mean distance of a unit's rate from its target"],
  silentUnits: ["silent", "units that never fire"],
  isiCv: ["CV", "coefficient of variation of intervals between spikes"],
  pairCorrelation: ["pair r", "mean correlation of pairs of units"],
  activityMean: ["active", "mean number of active units"],
  activitySd: ["sd", "standard deviation of the number of active units"],
  avalanches: ["avalanches", "number of avalanches"],
  alpha: ["α", "exponent of avalanche durations"],
  tau: ["τ", "exponent of avalanche sizes"],
  gamma: ["γ", "exponent of mean size against duration"],
  ratioDuration: [
    "R, dur.",
    "log-likelihood ratio of power law over exponential, durations; < 0: exponential fits better",
  ],
  ratioSize: ["R, size", "the same for sizes"],
  branchingRatio: ["m", "branching ratio by multi-step regression"],
  weightMean: ["weight", "mean weight at the end"],
  weightSkewness: ["skew", "skewness of weights at the end"],
  weightDeltaLognormal: ["Δ log-n.", "AIC of a log-normal law above the best law's"],
  weightDeltaNormal: ["Δ normal", "AIC of a normal law above the best law's"],
  weightDeltaGamma: ["Δ gamma", "AIC of a gamma law above the best law's"],
  weightDeltaWeibull: ["Δ Weibull", "AIC of a Weibull law above the best law's"],
  lifetimeMedian: ["lifetime", "median lifetime of new connections [steps], Kaplan–Meier"],
  lifetimeSlope: ["slope", "slope of the density of lifetimes on 10² … 5 · 10³ steps"],
  turnoverBalance: ["balance", "births − deaths over their sum, last tenth of the time with rules on"],
  perturbationGrowth: [
    "growth",
    "ln of the units that differ one step after a unit was flipped; > 0: differences grow",
  ],
  perturbationDistance: ["apart", "units that differ in twin runs in the end"],
  perturbationUnrelated: ["unrelated", "units that would differ between runs that share nothing"],
  perturbationHealed: ["healed", "share of twin runs that are equal in the end"],
  nextSymbol: ["next", "share of next symbols predicted"],
  normalisedScore: ["normalised", "share of next symbols over the best possible"],
  lastSymbol: ["last", "share of last symbols of words predicted"],
  position: ["position", "share of positions in the word read out"],
  decision: ["decision", "share of mixed cues told by their larger half"],
};

/** Scores of a readout end in this where it sees the internal prediction. */
const INTERNAL = /Internal$/;

/** Head and meaning of a metric; unknown ones go by their name. */
export function metricMeaning(metric: string): MetricMeaning {
  const percent = choicePercent(metric);
  const [head, meaning] =
    percent === undefined
      ? (MEANINGS[metric.replace(INTERNAL, "")] ?? [metric, metric])
      : [`A at ${percent} %`, `share of cues with ${percent} % of A told as A`];
  if (!INTERNAL.test(metric)) return { head, meaning };
  return { head: `${head}, x*`, meaning: `${meaning}, from the internal prediction x*` };
}

/** The score that sentences and figures speak of: of the activity, where that is read out. */
export function positionMetric({ readout }: Pick<SelfOrganisationExperiment, "readout">): string {
  return readout === undefined || readout.states.includes("E.x") ? "position" : "positionInternal";
}

const TASK_METRICS = ["position", "lastSymbol", "nextSymbol", "normalisedScore", "decision"];

/** Metrics of each analysis in the order of tables, as far as they are shown there. */
export const METRIC_GROUPS: readonly { title: string; metrics: readonly string[] }[] = [
  { title: "Task", metrics: [...TASK_METRICS, ...TASK_METRICS.map((metric) => `${metric}Internal`)] },
  {
    title: "Connections",
    metrics: [
      "connectionsMin",
      "connectionsMinStep",
      "connectionsEnd",
      "connectionsPlateau",
      "birthsPerStep",
      "deathsPerStep",
      "lifetimeMedian",
      "lifetimeSlope",
    ],
  },
  {
    title: "Activity",
    metrics: ["meanRate", "rateError", "silentUnits", "isiCv", "pairCorrelation", "branchingRatio"],
  },
  {
    title: "Avalanches",
    metrics: ["avalanches", "alpha", "tau", "gamma", "ratioDuration", "ratioSize"],
  },
  {
    title: "One flipped unit",
    metrics: ["perturbationGrowth", "perturbationDistance", "perturbationUnrelated", "perturbationHealed"],
  },
  {
    title: "Weights",
    metrics: [
      "weightMean",
      "weightSkewness",
      "weightDeltaLognormal",
      "weightDeltaNormal",
      "weightDeltaGamma",
      "weightDeltaWeibull",
    ],
  },
];
