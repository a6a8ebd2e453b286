/**
 * @file A network of spiking units that is trained through its spikes: leaky integrate-and-fire,
 *
 * τ dv/dt = W_rec r + W_in u + b − v, s = 1 where v > 1 + a, v then 0, τ_r dr/dt = −r + jumps of 1 at spikes,
 *
 * with an optional refractory period and a threshold that rises by `adaptation` at each spike and falls back over τ_a
 * (Bellec et al. 2018, arXiv 1803.09574, whose units hold what was shown in it). v and r decay exactly between steps.
 * The derivative of a spike is a surrogate.
 */

import type { Surrogate } from "../../../compiler/index.ts";
import type { KeysOf } from "../../../core/index.ts";
import { neuron } from "../../../model/index.ts";
import { checkNumber } from "../parameters.ts";
import { assembleNetwork, checkParts, readerNeuron, trainedParts } from "./assemble-network.ts";
import type { RateNetwork } from "./rate-network.ts";
import { checkPartNames, TAU_BOUNDS } from "./rate-network-options.ts";
import { unitSigns, weightsOf } from "./rate-weights.ts";
import { fluctuationDriven } from "./spiking-weights.ts";
import { checkPerUnit, checkStart, checkWiring, type WiringOptions } from "./wiring-options.ts";

/** Parts that can be trained: weights, biases, time constants, how far thresholds rise. */
export type SpikingPart =
  | "in"
  | "rec"
  | "out"
  | "bias"
  | "outputBias"
  | "tau"
  | "tauSynapse"
  | "tauAdaptation"
  | "adaptation";

/** Options of {@link spikingNetwork}; v is in units of the threshold. Signs are rectified unless said otherwise. */
export interface SpikingNetworkOptions extends WiringOptions {
  /** Time constant of the membrane [ms], one or shape `(unit)`; default 20. */
  tau?: number | ArrayLike<number>;
  /** Time constant of what a spike does to others and to the readout [ms], one or shape `(unit)`; default 100. */
  tauSynapse?: number | ArrayLike<number>;
  /** Time after a spike in which v stays 0 [ms], one or shape `(unit)`; default 0, none. */
  refractory?: number | ArrayLike<number>;
  /**
   * How far a spike raises the threshold, ≥ 0, one or shape `(unit)`; default 0.15, about what Bellec et al. (2018) take
   * for storing and recalling. Where only some units have it, those without may come to fire all the time.
   */
  adaptation?: number | ArrayLike<number>;
  /** Time constant with which thresholds fall back [ms], one or shape `(unit)`; default 1000. */
  tauAdaptation?: number | ArrayLike<number>;
  /** Constant drive of each unit, default 0.8. */
  bias?: number | ArrayLike<number>;
  /** What stands for the derivative of a spike; default fast sigmoid with slope 5. */
  surrogate?: Surrogate;
  /** Default weights and biases. */
  train?: readonly SpikingPart[];
}

/** Names of the parts as `differentiate` takes them. */
export const SPIKING_PARTS: Readonly<Record<SpikingPart, string>> = {
  in: "weights:in",
  rec: "weights:rec",
  out: "weights:out",
  bias: "rec.bias",
  outputBias: "out.bias",
  tau: "rec.tau",
  tauSynapse: "rec.tauSynapse",
  tauAdaptation: "rec.tauAdaptation",
  adaptation: "rec.adaptation",
};

const SPIKING_KEYS: KeysOf<Omit<SpikingNetworkOptions, keyof WiringOptions>> = {
  tau: true,
  tauSynapse: true,
  refractory: true,
  adaptation: true,
  tauAdaptation: true,
  bias: true,
  surrogate: true,
  train: true,
};

/**
 * A spiking network: input `u`, populations `rec` (v, s, a, r) and `out` (z), projections `in`, `rec`, `out`. It is
 * trained like any other; the surrogate comes with it.
 *
 * @throws CajalError `unknown-option`, `bad-range`, `bad-option`, and those of `createConstraint`, `checkPopulation`, `initialWeights`.
 * @example spikingNetwork({ inputs: 3, units: 80, outputs: 3, dale: 0.8, refractory: 5, rng })
 */
export function spikingNetwork(options: SpikingNetworkOptions): RateNetwork {
  const { units, outputs, tau = 20, tauSynapse = 100, tauAdaptation = 1000, bias = 0.8 } = options;
  const { refractory = 0, surrogate = { kind: "fast-sigmoid", slope: 5 } } = options;
  const { adaptation = 0.15 } = options;
  const { train = ["in", "rec", "out", "bias", "outputBias"] } = options;
  const where = "spikingNetwork";
  checkWiring(options, SPIKING_KEYS, where);
  const positive = { tau, tauSynapse, tauAdaptation };
  for (const [name, given] of Object.entries({ ...positive, refractory, adaptation, bias })) {
    checkPerUnit(given, name, { units, where });
    const bounds = name in positive ? { above: 0 } : { least: name === "bias" ? -Number.MAX_VALUE : 0 };
    for (const one of typeof given === "number" ? [given] : Array.from(given))
      checkNumber(one, name, { where, ...bounds });
    if (name in positive && train.includes(name as SpikingPart))
      checkStart(given, name, { bounds: TAU_BOUNDS, where });
  }
  checkPartNames(train, SPIKING_PARTS, where);
  const signs = unitSigns(options);
  const parts = weightsOf(options, signs, fluctuationDriven({ tau, tauSynapse }));
  checkParts(options, parts);
  const rests =
    typeof refractory === "number" ? refractory > 0 : Array.from(refractory).some((one) => one > 0);
  const bounds = train.flatMap((part): [string, readonly [number, number]][] => {
    if (part === "adaptation") return [[SPIKING_PARTS[part], [0, Number.MAX_VALUE]]];
    // Decay is exact, so a short time constant is only short; 1 ms is for any unit.
    return part.startsWith("tau") ? [[SPIKING_PARTS[part], TAU_BOUNDS]] : [];
  });
  return {
    network: assembleNetwork(options, parts, {
      unit: integrateAndFire(rests),
      parameters: { tau, tauSynapse, tauAdaptation, adaptation, bias, ...(rests && { refractory }) },
      reader: readerNeuron("linear"),
      outputBias: new Float64Array(outputs),
    }),
    input: "u",
    output: "out.z",
    ...trainedParts(train, SPIKING_PARTS, parts),
    bounds: Object.fromEntries(bounds),
    surrogate,
    sources: { z: "out.z", r: "rec.r", s: "rec.s", v: "rec.v" },
    signs,
  };
}

// Implementation

/** `rest` is the time for which a unit is still silent: a spike of the last step sets it, and 0 is left alone. */
function integrateAndFire(rests: boolean) {
  return neuron({
    name: "integrate and fire",
    parameters: {
      tau: 20,
      tauSynapse: 100,
      tauAdaptation: 1000,
      adaptation: 0,
      bias: 0,
      ...(rests && { refractory: 0 }),
    },
    equations: `
      ${rests ? "rest = if s > 0.5: refractory else: max(rest - dt, 0)" : ""}
      v *= 1 - s
      a += adaptation * s
      tau * dv/dt = sum(rec) + sum(in) + bias - v : exponential
      ${rests ? "v = if rest > 0.5 * dt: 0 else: v" : ""}
      tauAdaptation * da/dt = -a : exponential
      s = v > 1 + a
      tauSynapse * dr/dt = -r : exponential
      r += s`,
  });
}
