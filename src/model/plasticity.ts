/**
 * @file Learning rules of a projection, as ordered plain data. After every step the rules of a projection act on its
 * weights in the order given. Any of them can be frozen and thawed by its name during a run.
 *
 * Rules of a neuron itself (intrinsic plasticity) are lines of its equations, see `neuron({ plasticity })`.
 */

import { CajalError } from "../core/index.ts";
import type { Synapse } from "./synapse.ts";

/** A rule every synapse follows by itself: Hebb, STDP, inhibitory STDP, Oja, decay … */
export interface SynapticRule {
  kind: "synaptic";
  name: string;
  synapse: Synapse;
}

/** Scaling that keeps the sum of weights; see {@link normalisation}. */
export interface NormalisationRule {
  kind: "normalisation";
  name: string;
  over: "incoming" | "outgoing" | "both";
  total: number;
  rate: number;
}

/** Birth of synapses where there are none; see {@link structuralPlasticity}. */
export interface StructuralRule {
  kind: "structural";
  name: string;
  births: number;
  weight: number;
  autapses: boolean;
}

/** What can change the weights of a projection. */
export type PlasticityRule = SynapticRule | NormalisationRule | StructuralRule;

/** A rule of its own for every synapse. */
export function synapticRule(name: string, synapse: Synapse): SynapticRule {
  return { kind: "synaptic", name: checkRuleName(name), synapse };
}

/**
 * Synaptic normalisation (synaptic scaling): weights of a unit are multiplied so that they sum to `total`.
 *
 * With s the sum over a unit's incoming (or outgoing) weights, w ← w (1 + rate (total / s − 1)). `both` takes the mean
 * of total / s over the post unit's incoming and the pre unit's outgoing weights (Zheng et al. 2013, as used in the
 * code of Hartmann et al. 2015). A sum of 0 is left alone: there is nothing to scale.
 *
 * Incoming normalisation at rate 1 touches only the units whose weights a rule has changed since the last time, unless
 * the projection has another normalisation.
 *
 * @param options.total - Sum aimed at, > 0, default 1.
 * @param options.rate - Share of the way per step, in (0, 1], default 1.
 * @throws CajalError `bad-rule`.
 */
export function normalisation(
  name: string,
  options: { over?: NormalisationRule["over"]; total?: number; rate?: number } = {},
): NormalisationRule {
  const { over = "incoming", total = 1, rate = 1 } = options;
  const where = `normalisation "${name}"`;
  if (!SIDES.includes(over)) refuse(where, `over must be incoming, outgoing or both, got "${over}"`);
  if (!(total > 0) || !Number.isFinite(total)) refuse(where, `total must be above 0, got ${total}`);
  if (!(rate > 0 && rate <= 1)) refuse(where, `rate must be above 0 and at most 1, got ${rate}`);
  return { kind: "normalisation", name: checkRuleName(name), over, total, rate };
}

/**
 * Structural plasticity: births of synapses. Each step adds floor(births) synapses and one more with the probability
 * that is left, each between a pair (pre, post) chosen evenly among those that have none.
 *
 * Del Papa et al. 2017 scale the rate with the number of pairs: births = 0.1 N (N − 1) / (200 · 199).
 *
 * @param options.births - Expected births per step, ≥ 0.
 * @param options.weight - Weight at birth, default 0.001.
 * @param options.autapses - Whether a unit may connect to itself when both sides are one population, default false.
 * @throws CajalError `bad-rule`.
 */
export function structuralPlasticity(
  name: string,
  options: { births: number; weight?: number; autapses?: boolean },
): StructuralRule {
  const { births, weight = 0.001, autapses = false } = options;
  const where = `structural plasticity "${name}"`;
  if (!(births >= 0) || !Number.isFinite(births)) refuse(where, `births must be ≥ 0, got ${births}`);
  if (!Number.isFinite(weight) || weight === 0)
    refuse(where, `weight must be finite and not 0, got ${weight}`);
  return { kind: "structural", name: checkRuleName(name), births, weight, autapses };
}

// Implementation

const SIDES: readonly NormalisationRule["over"][] = ["incoming", "outgoing", "both"];

function checkRuleName(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new CajalError(`"${name}" is no name for a rule`, {
      code: "bad-name",
      where: "plasticity",
      hint: "Use letters, digits and _, starting with a letter.",
    });
  }
  return name;
}

function refuse(where: string, what: string): never {
  throw new CajalError(what, { code: "bad-rule", where });
}
