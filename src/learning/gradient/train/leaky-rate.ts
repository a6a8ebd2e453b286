/**
 * @file What Ω has to know of the equations of a network: x ← (1 − α) x + α (W r + …), r = f(x), α = dt / τ.
 */

import { CajalError, exp, suggest, tanh } from "../../../core/index.ts";
import type { Network } from "../../../model/index.ts";
import { RATE_ACTIVATIONS, type RateActivation } from "./rate-network-options.ts";

/** A population of leaky rate units onto itself; plain data. */
export interface LeakyRate {
  /** W, a projection's weights: `weights:rec`. */
  weights: string;
  /** x, `"population.variable"`. */
  state: string;
  /** τ [ms], `"population.parameter"`. */
  tau?: string;
  /** α itself, `"population.parameter"`, where the equations have no τ. With neither α is 1 (Elman). */
  alpha?: string;
  /** f. */
  activation: RateActivation;
  /** g in r = f(g x), `"population.parameter"`; left out, 1. */
  gain?: string;
}

/** f′(x) of each activation; 0 at a corner, as the compiled gradient has it. */
export const ACTIVATION_SLOPES: Readonly<Record<RateActivation, (x: number) => number>> = {
  linear: () => 1,
  relu: (x) => (x > 0 ? 1 : 0),
  "relu-squared": (x) => (x > 0 ? 2 * x : 0),
  sigmoid: (x) => {
    const away = exp(-Math.abs(x));
    return (1 / (1 + away)) * (away / (1 + away));
  },
  tanh: tanhSlope,
  retanh: (x) => (x > 0 ? tanhSlope(x) : 0),
  softplus: logistic,
};

/** A {@link LeakyRate} with its names resolved. */
export interface FoundLeakyRate {
  /** Its sum, `"population.target"`. */
  sum: string;
  units: number;
  /** τ [ms] or α of each unit or of all, unless it is trained; undefined: α is 1. */
  leak: Float64Array | undefined;
  /** g of each unit or of all, unless it is trained; undefined: 1. */
  gain: Float64Array | undefined;
}

/** Look up what a {@link LeakyRate} names. @throws CajalError `bad-leaky-rate`. */
export function findLeakyRate({ populations, projections }: Network, leaky: LeakyRate): FoundLeakyRate {
  const { weights, state, tau, alpha = tau, activation, gain } = leaky;
  const fail = (what: string, hint?: string) =>
    new CajalError(what, { code: "bad-leaky-rate", where: "leaky", ...(hint && { hint }) });
  const own = projections.find((p) => `weights:${p.name}` === weights);
  if (!own) {
    throw fail(
      `there are no "${weights}"`,
      suggest(
        weights,
        projections.map((p) => `weights:${p.name}`),
      ),
    );
  }
  const unit = populations.find((p) => p.name === own.to);
  if (!unit || own.from !== own.to || state.slice(0, state.indexOf(".")) !== own.to)
    throw fail(`"${weights}" must lead from the population of "${state}" to itself`);
  if (!Object.hasOwn(RATE_ACTIVATIONS, activation))
    throw fail(`unknown activation "${activation}"`, suggest(activation, Object.keys(RATE_ACTIVATIONS)));
  const valuesOf = (name: string | undefined): Float64Array | undefined => {
    if (name === undefined) return undefined;
    const own = name.slice(unit.name.length + 1);
    if (!name.startsWith(`${unit.name}.`) || !(own in unit.neuron.parameters))
      throw fail(`there is no parameter "${name}"`, `It is one of population "${unit.name}".`);
    const given = unit.parameters[own] ?? unit.neuron.parameters[own];
    return typeof given === "number" ? Float64Array.of(given) : Float64Array.from(given);
  };
  return {
    sum: `${own.to}.${own.target}`,
    units: unit.size,
    leak: valuesOf(alpha),
    gain: valuesOf(gain),
  };
}

// Implementation

function tanhSlope(x: number): number {
  const r = tanh(x);
  return 1 - r * r;
}

function logistic(x: number): number {
  const away = exp(-Math.abs(x));
  return (x >= 0 ? 1 : away) / (1 + away);
}
