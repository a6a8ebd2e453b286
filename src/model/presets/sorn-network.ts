/**
 * @file The self-organising recurrent network (SORN) from its parts: excitatory and inhibitory threshold units, STDP,
 * intrinsic plasticity, synaptic normalisation, and as options inhibitory STDP and births of synapses.
 *
 * x(t+1) = Θ(Σ W^EE x(t) − Σ W^EI y(t) + v(t) + ξ − T^E), y(t+1) = Θ(Σ W^IE x(t or t+1) + ξ − T^I)
 * (Lazar, Pipa & Triesch 2009; Zheng, Dimitrakakis & Triesch 2013; Hartmann et al. 2015; Del Papa et al. 2017).
 */

import type { Matrix } from "../../core/index.ts";
import { input, type Network, network, population, projection } from "../network.ts";
import { type Neuron, neuron } from "../neuron.ts";
import {
  type NormalisationRule,
  normalisation,
  type PlasticityRule,
  structuralPlasticity,
  synapticRule,
} from "../plasticity.ts";
import { synapse } from "../synapse.ts";
import { checkRate } from "./draw.ts";

/** Everything a SORN is made of. Populations are called E and I, the input `input`, projections `E->E` and so on. */
export interface SornParts {
  /** Shape `(post, pre)`: E from E, E from I, I from E. */
  weights: { EE: Matrix; EI: Matrix; IE: Matrix };
  /** Weights of the inputs onto E, shape `(unit, input)`; absent means no input. */
  inputWeights?: Matrix;
  /** Learning rules of these weights, in order; `pre.r` is the input; default none. */
  inputRules?: readonly PlasticityRule[];
  /** Starting thresholds, shape `(unit)`. */
  thresholds: { E: ArrayLike<number>; I: ArrayLike<number> };
  /** Starting activity, shape `(unit)`, of 0 and 1; default 0. */
  initial?: { x?: ArrayLike<number>; y?: ArrayLike<number> };
  /** Θ(0): `>` makes it 0, `>=` makes it 1. */
  comparison: ">" | ">=";
  /** Standard deviation of the Gaussian noise on E and I. */
  noise: number;
  /** Probability per step that an excitatory unit fires whatever its drive: one number, or shape `(unit)`; default 0. */
  randomSpikes?: number | ArrayLike<number>;
  /** `fast`: I sees E of the same step; `slow`: of the step before. */
  inhibition: "fast" | "slow";
  /** Learning rates: STDP, intrinsic plasticity, inhibitory STDP (0 leaves the rule out). */
  rates: { stdp: number; ip: number; istdp: number };
  /** Rate H that intrinsic plasticity aims at, one number or shape `(unit)`. */
  targetRate: number | ArrayLike<number>;
  /** Rate in the inhibitory rule, default `targetRate`, which must then be one number. */
  inhibitoryTarget?: number;
  /** Interval to which thresholds of E are clamped; absent means none. */
  thresholdBounds?: readonly [number, number];
  /** Weight at or below which an E→E synapse is removed; absent means that synapses stay, at 0 or above. */
  prune?: number;
  /** What becomes of I→E synapses: kept at or above a floor, or removed at or below a weight. */
  inhibitorySynapses: { floor: number } | { prune: number };
  /** Births of E→E synapses per step, default 0, and their weight, default 0.001. */
  births?: number;
  birthWeight?: number;
  /** Normalisation of E→E and I→E; default incoming, all the way. */
  normalisation?: { over?: NormalisationRule["over"]; rate?: number };
}

/** Build the network. @throws CajalError `bad-rate`. */
export function sornNetwork(parts: SornParts): Network {
  const { weights, thresholds, initial = {}, inhibition, inputWeights } = parts;
  checkRate("SORN", parts.targetRate);
  if (parts.inhibitoryTarget !== undefined) checkRate("SORN, inhibitoryTarget", parts.inhibitoryTarget);
  const scaling = () => normalisation("sn", parts.normalisation ?? {});
  const istdp = parts.rates.istdp > 0 ? [inhibitoryStdp(parts)] : [];
  const plasticEE: PlasticityRule[] = [stdp(parts)];
  if ((parts.births ?? 0) > 0) {
    plasticEE.push(structuralPlasticity("sp", { births: parts.births!, weight: parts.birthWeight ?? 0.001 }));
  }
  return network({
    populations: [
      population("E", {
        size: weights.EE.rows,
        neuron: excitatoryNeuron(parts),
        parameters: {
          targetRate: parts.targetRate,
          ...(parts.randomSpikes === undefined ? {} : { randomSpikes: parts.randomSpikes }),
        },
        initial: { T: thresholds.E, ...(initial.x ? { x: initial.x } : {}) },
      }),
      population("I", {
        size: weights.IE.rows,
        neuron: inhibitoryNeuron(parts),
        initial: { T: thresholds.I, ...(initial.y ? { y: initial.y } : {}) },
      }),
    ],
    inputs: inputWeights ? [input("input", inputWeights.columns)] : [],
    projections: [
      projection("E", "E", {
        weights: weights.EE,
        variable: "x",
        target: "exc",
        plasticity: [...plasticEE, scaling()],
      }),
      projection("I", "E", {
        weights: weights.EI,
        variable: "y",
        target: "inh",
        plasticity: [...istdp, scaling()],
      }),
      projection("E", "I", {
        weights: weights.IE,
        variable: "x",
        target: "exc",
        sameStep: inhibition === "fast",
      }),
      ...(inputWeights
        ? [
            projection("input", "E", {
              weights: inputWeights,
              target: "input",
              plasticity: [...(parts.inputRules ?? [])],
            }),
          ]
        : []),
    ],
  });
}

// Implementation

/** r is the internal prediction x*: the response without the input of this step. */
function excitatoryNeuron(parts: SornParts): Neuron {
  const { comparison, rates, noise, inputWeights, thresholdBounds: bounds } = parts;
  const clamp = bounds ? ` : min=${bounds[0]}, max=${bounds[1]}` : "";
  const seen = inputWeights ? "drive + sum(input)" : "drive";
  const fires = `${seen} ${comparison} 0${parts.randomSpikes === undefined ? "" : " or Uniform(0, 1) < randomSpikes"}`;
  return neuron({
    name: "SORN excitatory",
    parameters: { etaIp: rates.ip, targetRate: 0.1, ...(noise > 0 ? { noise } : {}), randomSpikes: 0 },
    equations: `
      x_prev = x
      drive = sum(exc) - sum(inh)${noise > 0 ? " + Normal(0, noise)" : ""} - T
      r = drive ${comparison} 0
      x = ${fires}
    `,
    plasticity: { ip: `T += etaIp * (x - targetRate)${clamp}` },
  });
}

function inhibitoryNeuron({ comparison, noise }: SornParts): Neuron {
  return neuron({
    name: "SORN inhibitory",
    parameters: noise > 0 ? { noise } : {},
    equations: `
      y_prev = y
      y = sum(exc)${noise > 0 ? " + Normal(0, noise)" : ""} - T ${comparison} 0
      T = T
    `,
  });
}

/** Δw = η (x_pre(t) x_post(t+1) − x_pre(t+1) x_post(t)). */
function stdp({ rates, prune }: SornParts): PlasticityRule {
  const flags = prune === undefined ? "min=0, max=1" : `max=1, prune=${prune}`;
  return synapticRule(
    "stdp",
    synapse({
      parameters: { eta: rates.stdp },
      equations: `w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : ${flags}`,
    }),
  );
}

/** Δw = −η y_pre(t) (1 − x_post(t+1) (1 + 1/H)). */
function inhibitoryStdp(parts: SornParts): PlasticityRule {
  const { inhibitorySynapses: kept, rates, inhibitoryTarget, targetRate } = parts;
  const flags = "floor" in kept ? `min=${kept.floor}, max=1` : `max=1, prune=${kept.prune}`;
  const rate = inhibitoryTarget ?? (typeof targetRate === "number" ? targetRate : mean(targetRate));
  return synapticRule(
    "istdp",
    synapse({
      parameters: { eta: rates.istdp, rate },
      equations: `w -= eta * pre.y_prev * (1 - post.x * (1 + 1 / rate)) : ${flags}`,
    }),
  );
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}
