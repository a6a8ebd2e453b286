/**
 * @file The numbers of one run, analysis by analysis: rows of the metrics table.
 */

import {
  activity as activityOfRaster,
  avalancheThreshold,
  connectionPhases,
  criticalityMeasures,
  DEFAULT_WINDOWS,
  densitySlope,
  fitWeights,
  type HammingDivergence,
  kaplanMeier,
  lifetimeDensity,
  lifetimes,
  pairCorrelations,
  rasterIrregularity,
  rasterWindow,
  type SynapseLives,
  turnover,
} from "../../../analysis/index.ts";
import { CajalError } from "../../../core/index.ts";
import type { PhaseResult, SelfOrganisationResult } from "../../../learning/index.ts";
import { plasticEnd } from "../../plan/plan-self-organisation.ts";
import type { Analysis, SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import { RECURRENT } from "./run-records.ts";

/** What is measured. */
export interface Measured {
  experiment: SelfOrganisationExperiment;
  result: SelfOrganisationResult;
  /** The phase whose activity is analysed. */
  phase: PhaseResult;
  /** Excitatory units. */
  units: number;
  /** Rate each unit aims at, shape `(unit)`. */
  targetRate: Float64Array;
  /** Scores of the readout, by metric. */
  readout?: Readonly<Record<string, number>>;
  /** How a flipped unit spreads at the end. */
  divergence?: HammingDivergence;
}

/** Steps at the end of the analysed phase that statistics of spikes are taken of. */
export const SPIKE_STEPS = 100_000;

/** Ages between which the slope of lifetimes is fitted [steps]. */
export const LIFETIME_WINDOW = [100, 5000] as const;

/**
 * All numbers of an experiment's analyses; what cannot be measured is left out.
 *
 * @returns The metrics, and in words what could not be measured.
 */
export function measure(measured: Measured): { metrics: Record<string, number>; missing: string[] } {
  const metrics: Record<string, number> = {};
  const missing: string[] = [];
  for (const analysis of measured.experiment.analyses) {
    try {
      Object.assign(metrics, MEASURES[analysis](measured));
    } catch (error) {
      if (!(error instanceof CajalError)) throw error;
      missing.push(`${analysis}: ${error.what}`);
    }
  }
  return { metrics, missing };
}

/** θ of an experiment [units]. */
export function thresholdOf({
  experiment,
  targetRate,
  units,
}: Pick<Measured, "experiment" | "targetRate" | "units">): number {
  const mean = targetRate.reduce((sum, rate) => sum + rate, 0) / targetRate.length;
  return experiment.avalanches.theta ?? avalancheThreshold(mean, units);
}

/** Where the laws of avalanches are fitted. */
export function windowsOf({ avalanches }: SelfOrganisationExperiment, units: number) {
  const { duration, size } = avalanches;
  return { ...DEFAULT_WINDOWS[units], ...(duration && { duration }), ...(size && { size }) };
}

/** Connections over time as a fraction of the possible ones, while rules act. @param options.end - First step after that. */
export function connectionFraction(
  counts: ArrayLike<number>,
  { every, units, end }: { every: number; units: number; end: number },
): { steps: Float64Array; fraction: Float64Array } {
  const pairs = units * (units - 1);
  const plastic = Array.from(counts).slice(0, Math.floor(end / every));
  return {
    steps: Float64Array.from(plastic, (_, k) => (k + 1) * every),
    fraction: Float64Array.from(plastic, (count) => count / pairs),
  };
}

/**
 * Births of the whole run with their deaths; synapses there from the start are left out.
 *
 * @param end - Last step at which a synapse could die: time in which all is frozen is no age.
 */
export function synapseLives(events: ArrayLike<number>, end: number): SynapseLives {
  const birth: number[] = [];
  const death: number[] = [];
  const alive = new Map<number, number>();
  for (let k = 0; k + 2 < events.length; k += 3) {
    const [step, pair, isBirth] = [events[k], events[k + 1], events[k + 2]];
    if (isBirth === 1) {
      alive.set(pair, birth.push(step) - 1);
      death.push(Number.POSITIVE_INFINITY);
      continue;
    }
    const born = alive.get(pair);
    if (born !== undefined) death[born] = step;
    alive.delete(pair);
  }
  return { birth, death, end };
}

// Implementation

const MEASURES: Record<Analysis, (measured: Measured) => Record<string, number>> = {
  connections,
  rates,
  spikes,
  avalanches,
  weights,
  lifetimes: lives,
  perturbation: ({ divergence }) => perturbation(divergence!),
  readout: ({ readout = {} }) => readout,
};

function connections({ result, units, experiment }: Measured): Record<string, number> {
  const counts = result.phases.flatMap((p) => [...p.synapses[RECURRENT].counts]);
  const end = plasticEnd(experiment);
  const series = connectionFraction(counts, { every: experiment.record.connections, units, end });
  const { minimum, growthFactor, plateau, initial } = connectionPhases(series);
  const tail = series.fraction.slice(Math.floor(0.9 * series.fraction.length));
  const plastic = result.phases.findLast((p) => p.firstStep < end)!;
  const { births, deaths } = plastic.synapses[RECURRENT];
  return {
    connectionsStart: initial,
    connectionsMin: minimum.fraction,
    connectionsMinStep: minimum.step,
    connectionsGrowth: growthFactor,
    connectionsEnd: tail.reduce((sum, f) => sum + f, 0) / tail.length,
    ...(plateau && { connectionsPlateau: plateau.mean, connectionsDrift: plateau.drift }),
    birthsPerStep: births / plastic.steps,
    deathsPerStep: deaths / plastic.steps,
  };
}

function rates({ phase, targetRate }: Measured): Record<string, number> {
  const { rates: found = new Float64Array(0) } = phase;
  const target = (u: number) => targetRate[targetRate.length > 1 ? u : 0];
  const n = found.length;
  return {
    meanRate: found.reduce((sum, r) => sum + r, 0) / n,
    rateError: found.reduce((sum, r, u) => sum + Math.abs(r - target(u)), 0) / n,
    silentUnits: found.reduce((sum, r) => sum + (r === 0 ? 1 : 0), 0),
  };
}

function spikes({ phase }: Measured): Record<string, number> {
  const raster = phase.raster!;
  const window = rasterWindow(raster, Math.max(0, raster.steps - SPIKE_STEPS), raster.steps);
  const a = activityOfRaster(window);
  const mean = a.reduce((sum, n) => sum + n, 0) / a.length;
  const variance = a.reduce((sum, n) => sum + (n - mean) * (n - mean), 0) / a.length;
  return {
    isiCv: rasterIrregularity(window).average.cv,
    pairCorrelation: pairCorrelations(window).mean,
    activityMean: mean,
    activitySd: Math.sqrt(variance),
  };
}

function avalanches(measured: Measured): Record<string, number> {
  const { phase, experiment, units } = measured;
  const { pooled, branching } = criticalityMeasures([phase.activity!], {
    theta: thresholdOf(measured),
    windows: windowsOf(experiment, units),
  });
  const { duration, size, scaling } = pooled;
  return {
    avalanches: pooled.avalanches,
    alpha: duration.exponent.value,
    tau: size.exponent.value,
    gamma: scaling.gamma.value,
    // Above 0 a power law fits better than an exponential, below 0 worse.
    ratioDuration: duration.rivals.exponential.ratio.R,
    ratioSize: size.rivals.exponential.ratio.R,
    branchingRatio: branching.m.value,
  };
}

/** The growth per step of the first, and what becomes of differences. */
function perturbation({
  firstStep,
  saturation,
  unrelated,
  healed,
}: HammingDivergence): Record<string, number> {
  return {
    // Where every difference heals at once the logarithm has no value.
    ...(Number.isFinite(firstStep) && { perturbationGrowth: firstStep }),
    perturbationDistance: saturation,
    perturbationUnrelated: unrelated,
    perturbationHealed: healed,
  };
}

function weights({ result }: Measured): Record<string, number> {
  const last = result.phases.findLast((p) => p.synapses[RECURRENT].weights)!;
  const values = last.synapses[RECURRENT].weights!.values.filter((w) => w > 0);
  const { fits, skewness, count } = fitWeights(values);
  const mean = values.reduce((sum, w) => sum + w, 0) / count;
  const title = (family: string) => family.charAt(0).toUpperCase() + family.slice(1);
  return {
    weightMean: mean,
    weightSkewness: skewness,
    ...Object.fromEntries(fits.map(({ family, delta }) => [`weightDelta${title(family)}`, delta])),
  };
}

function lives({ result, experiment }: Measured): Record<string, number> {
  const events = result.phases.flatMap((p) => [...p.synapses[RECURRENT].events]);
  const end = plasticEnd(experiment);
  const ages = lifetimes(synapseLives(events, end - 1));
  const births: number[] = [];
  const deaths: number[] = [];
  for (let k = 0; k < events.length; k += 3) (events[k + 2] === 1 ? births : deaths).push(events[k]);
  // The last tenth: whether the number of connections stands still by then.
  const { balance } = turnover({ births, deaths }, { from: Math.floor(0.9 * end), to: end });
  const median = { lifetimeMedian: kaplanMeier(ages).median, turnoverBalance: balance };
  try {
    return { ...median, lifetimeSlope: densitySlope(lifetimeDensity(ages), LIFETIME_WINDOW).slope };
  } catch (error) {
    if (error instanceof CajalError) return median;
    throw error;
  }
}
