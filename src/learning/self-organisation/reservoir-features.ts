/**
 * @file A network as the memory of an agent: observations drive it, its activity is what the agent sees.
 */

import { CajalError, sparseFromEntries, suggest } from "../../core/index.ts";
import { type Simulation, simulate } from "../../engine/index.ts";
import { network as makeNetwork, type Network } from "../../model/index.ts";
import type { BinnedEncoder } from "../../tasks/index.ts";
import type { Features } from "../reinforcement/features.ts";
import type { AgentPhase } from "../reinforcement/train-agent.ts";
import type { SelfOrganisationOptions } from "./self-organisation-options.ts";

/** Options of {@link reservoirFeatures}. */
export interface ReservoirFeaturesOptions {
  /** Its input has one entry for each bin: `lazar2009({ inputWeights: encoder.pools }, rng)`. */
  network: Network;
  encoder: Pick<BinnedEncoder, "bins" | "binsOf">;
  /** Of the noise. */
  seed: number;
  /** Variable that is seen, default `E.x`. */
  variable?: string;
  /** Name of the input, default `input`. */
  input?: string;
  /** Steps of the network for each observation, default 1. */
  stepsPerObservation?: number;
  /** A last feature that is always 1, default true. */
  bias?: boolean;
  /**
   * False: the control without a memory, which has no synapse between populations, inhibition included; or the names
   * of the projections that keep theirs. Default true: all.
   */
  recurrence?: boolean | readonly string[];
  /** Variables set to 0 when an episode begins, default `E.x` and `I.y` where there are such; weights and thresholds stay. */
  resets?: readonly string[];
  simulation?: SelfOrganisationOptions["simulation"];
}

/** Features that organise themselves. */
export interface ReservoirFeatures extends Features {
  /** Switch all learning rules of the network; give it to a schedule. At first they are on. */
  onPhase(phase: AgentPhase): void;
  /** The network in motion, to look at. */
  readonly simulation: Simulation;
  save(): Uint8Array<ArrayBuffer>;
}

/**
 * Features from a network that is driven by coded observations.
 *
 * @throws CajalError `shape` when the input is not as wide as the coding, `unknown-projection`, `bad-option`.
 * @example
 * const features = reservoirFeatures({ network: lazar2009({ inputWeights: encoder.pools }, rng), encoder, seed: 1 });
 * const schedule = { plasticEpisodes: 20, onPhase: features.onPhase };
 * trainAgent({ environment, features, learner: reinforce({ features: features.size, actions: 2 }), schedule, episodes, rng });
 */
export function reservoirFeatures(options: ReservoirFeaturesOptions): ReservoirFeatures {
  const { encoder, variable = "E.x", input = "input", stepsPerObservation = 1, bias = true } = options;
  const where = "reservoirFeatures";
  if (!Number.isInteger(stepsPerObservation) || stepsPerObservation < 1) {
    throw new CajalError(`stepsPerObservation must be a whole number ≥ 1, got ${stepsPerObservation}`, {
      code: "bad-option",
      where,
    });
  }
  const simulation = simulate(withoutRecurrence(options), { ...options.simulation, seed: options.seed });
  const drive = simulation.memoryOf(`${input}.r`);
  const offset = offsets(encoder.bins);
  if (drive.units !== offset[offset.length - 1]) {
    throw new CajalError(
      `input "${input}" has ${drive.units} entries, the coding ${offset[offset.length - 1]} bins`,
      { code: "shape", where, hint: "Give the network encoder.pools as its input weights." },
    );
  }
  const state = simulation.memoryOf(variable);
  const resets = options.resets ?? ["E.x", "I.y"].filter((name) => has(simulation, name));
  const out = new Float64Array(state.units + (bias ? 1 : 0)).fill(1);
  return {
    size: out.length,
    simulation,
    reset: () => {
      for (const name of resets) simulation.set(name, 0);
    },
    observe(observation) {
      drive.values.fill(0);
      encoder.binsOf(observation).forEach((bin, k) => {
        drive.values[offset[k] + bin] = 1;
      });
      for (let k = 0; k < stepsPerObservation; k++) simulation.step();
      for (let u = 0; u < state.units; u++) out[u] = state.values[u];
      return out;
    },
    onPhase: (phase) => {
      if (phase === "frozen") simulation.freeze(...simulation.rules);
      else simulation.thaw(...simulation.rules);
    },
    save: () => simulation.save(),
    restore: (saved) => simulation.restore(saved as Uint8Array),
  };
}

// Implementation

/** The network without synapses, and rules for them, in the projections between populations that are not wanted. */
function withoutRecurrence({ network, recurrence = true }: ReservoirFeaturesOptions): Network {
  if (recurrence === true) return network;
  const kept = recurrence === false ? [] : recurrence;
  const inputs = new Set(network.inputs.map((i) => i.name));
  const between = network.projections.filter((p) => !inputs.has(p.from)).map((p) => p.name);
  const unknown = kept.find((name) => !between.includes(name));
  if (unknown !== undefined) {
    throw new CajalError(`there is no projection "${unknown}" between populations`, {
      code: "unknown-projection",
      where: "reservoirFeatures",
      hint: suggest(unknown, between),
    });
  }
  const projections = network.projections.map((p) => {
    if (inputs.has(p.from) || kept.includes(p.name)) return p;
    const { rows, columns } = p.weights;
    return {
      ...p,
      weights: sparseFromEntries({ rows, columns }, { post: [], pre: [], values: [] }),
      plasticity: [],
    };
  });
  return makeNetwork({ ...network, projections });
}

/** Where the bins of each variable begin, and their number last. */
function offsets(bins: readonly number[]): number[] {
  const offset = [0];
  for (const count of bins) offset.push(offset[offset.length - 1] + count);
  return offset;
}

function has(simulation: Simulation, name: string): boolean {
  try {
    simulation.memoryOf(name);
    return true;
  } catch (error) {
    if (error instanceof CajalError && error.code === "unknown-variable") return false;
    throw error;
  }
}
