/**
 * @file The arrays of one seed as figures want them: activity and raster of the analysed phase, connections, lives and
 * weights of the whole run.
 */

import { type Raster, rasterWindow, rowBytes, type SynapseLives } from "../../../analysis/index.ts";
import { connectionFraction, synapseLives } from "../../jobs/self-organisation/measure.ts";
import { analysedPhase, plasticEnd } from "../../plan/plan-self-organisation.ts";
import type { ShapedArray } from "../../results/array-archive.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";

/** Synapses, shape `(synapse)` each. */
export interface WeightList {
  post: Uint32Array;
  pre: Uint32Array;
  values: Float64Array;
}

/** One seed. */
export interface SeedView {
  /** Excitatory units. */
  units: number;
  /** Active units above which an avalanche lasts. */
  theta: number;
  /** First step of the analysed phase. */
  firstStep: number;
  /** Active units at each step of the analysed phase, shape `(time)`. */
  activity: Uint32Array;
  /** Of the analysed phase, where it was recorded. */
  raster?: Raster;
  /** Fraction of possible connections while rules act. */
  connections: { steps: Float64Array; fraction: Float64Array };
  /** Steps of births and of deaths. */
  births: number[];
  deaths: number[];
  /** Births with their deaths; undefined where events were not recorded. */
  lives: SynapseLives | undefined;
  /** Weights at the end. */
  weights: WeightList;
  /** Weights after some steps, in their order; empty where none were kept. */
  snapshots: { step: number; weights: WeightList }[];
  /** Of twin runs: mean number of units that differ, and share of twins that do, shape `(time)`. */
  divergence?: { distance: Float64Array; alive: Float64Array };
  /** First step after the last phase in which rules act. */
  end: number;
}

/** View the arrays of a job. */
export function seedView(
  records: Readonly<Record<string, ShapedArray>>,
  experiment: SelfOrganisationExperiment,
): SeedView {
  const numbers = <T>(name: string, empty: T) => (records[name]?.values as T | undefined) ?? empty;
  const none = new Uint32Array(0);
  const phases = numbers("phases", none);
  const k = analysedPhase(experiment);
  const [firstStep, length] = [phases[2 * k], phases[2 * k + 1]];
  const units = records.rates?.shape[1] ?? 0;
  const bits = records.raster?.values as Uint8Array | undefined;
  const whole = bits && { units, steps: bits.length / rowBytes(units), bits };
  const events = numbers("events", none);
  const end = plasticEnd(experiment);
  const stepsOf = (kind: number) => {
    const found: number[] = [];
    for (let at = 0; at < events.length; at += 3) if (events[at + 2] === kind) found.push(events[at]);
    return found;
  };
  return {
    units,
    theta: numbers("theta", none)[0],
    firstStep,
    end,
    activity: numbers("activity", none).subarray(firstStep, firstStep + length),
    ...(whole && { raster: rasterWindow(whole, firstStep, firstStep + length) }),
    connections: connectionFraction(numbers("connections", none), {
      every: numbers("connection_every", none)[0],
      units,
      end,
    }),
    births: stepsOf(1),
    deaths: stepsOf(0),
    lives: experiment.record.events ? synapseLives(events, end - 1) : undefined,
    weights: weightsOf(records, ""),
    snapshots: Object.keys(records)
      .flatMap((name) => /^weights_(\d+)$/.exec(name)?.[1] ?? [])
      .map((step) => ({ step: Number(step), weights: weightsOf(records, `_${step}`) }))
      .sort((a, b) => a.step - b.step),
    ...(records.divergence && {
      divergence: {
        distance: numbers("divergence", new Float64Array(0)),
        alive: numbers("divergence_alive", new Float64Array(0)),
      },
    }),
  };
}

// Implementation

function weightsOf(records: Readonly<Record<string, ShapedArray>>, suffix: string): WeightList {
  const values = <T>(name: string, empty: T) =>
    (records[`${name}${suffix}`]?.values as T | undefined) ?? empty;
  const none = new Uint32Array(0);
  return {
    post: values("weight_post", none),
    pre: values("weight_pre", none),
    values: values("weights", new Float64Array(0)),
  };
}
