/**
 * @file What a rate network is made of: sizes, activations, Dale's law, masks, initial weights.
 */

import { CajalError, type Rng, suggest } from "../../../core/index.ts";
import type { Enforcement } from "../constraints/weight-constraint.ts";
import type { InitialWeights } from "../initialise/initial-weights.ts";
import { checkNumber } from "../parameters.ts";

/** Activations by name: their text in the equation language. */
export const RATE_ACTIVATIONS = {
  linear: (x: string) => x,
  relu: (x: string) => `pos(${x})`,
  "relu-squared": (x: string) => `pos(${x}) * pos(${x})`,
  sigmoid: (x: string) => `sigmoid(${x})`,
  tanh: (x: string) => `tanh(${x})`,
  retanh: (x: string) => `pos(tanh(${x}))`,
  // Written so that exp never overflows.
  softplus: (x: string) => `(pos(${x}) + log(1 + exp(-abs(${x}))))`,
} as const;

/** One of linear, relu, relu-squared, sigmoid, tanh, retanh (rectified tanh), softplus. */
export type RateActivation = keyof typeof RATE_ACTIVATIONS;

/** Parts that can be trained: three weights, both biases, where x starts, the time constants. */
export type RatePart = "in" | "rec" | "out" | "bias" | "outputBias" | "start" | "tau";

/** Something for each of the three projections. */
export type PerProjection<T> = Partial<Record<"in" | "rec" | "out", T>>;

/** Options of `rateNetwork`. */
export interface RateNetworkOptions {
  inputs: number;
  units: number;
  outputs: number;
  /** Draws the initial weights, and the mask when there is a density. */
  rng: Rng;
  /** Time constant [ms], one or shape `(unit)`; default 100. */
  tau?: number | ArrayLike<number>;
  /** f, default relu. */
  activation?: RateActivation;
  /** g, default linear; classes by softmax need linear too, the loss has it. */
  outputActivation?: RateActivation;
  /** σ ≥ 0, standard deviation that noise gives x of a unit alone; default 0 (Song: 0.15). */
  noise?: number;
  /**
   * Dale's law: share of excitatory units, who come first, or the sign of each, shape `(unit)`. Inputs then excite, and
   * only excitatory units are read out. Default none: weights are free.
   */
  dale?: number | ArrayLike<number>;
  /** How signs are kept, default `rectify` as in Song et al. */
  enforce?: Enforcement;
  /** Default false. */
  autapses?: boolean;
  /** Probability of each recurrent synapse, 0 … 1, default 1. */
  density?: number;
  /** Shapes `(unit, input)`, `(unit, unit)`, `(output, unit)`: 0 where no synapse may be. */
  masks?: PerProjection<ArrayLike<number>>;
  /** Weights that are not trained, as they act; same shapes, 0 elsewhere. */
  fixed?: PerProjection<ArrayLike<number>>;
  /**
   * Initial weights. Default those of Song et al.: recurrent Gamma(2), inhibition balancing excitation, spectral radius
   * 1.5, or normal with radius 1.1 without Dale's law; input and output uniform up to 0.1.
   */
  initial?: PerProjection<InitialWeights>;
  /** x before the first step, default 0.1. */
  start?: number;
  /** Default all but `tau`. */
  train?: readonly RatePart[];
}

/** Names of the parts as `differentiate` takes them. */
export const PART_NAMES: Readonly<Record<RatePart, string>> = {
  in: "weights:in",
  rec: "weights:rec",
  out: "weights:out",
  bias: "rec.bias",
  outputBias: "out.bias",
  start: "rec.start",
  tau: "rec.tau",
};

/** @throws CajalError `bad-range`, `bad-option`, `unknown-activation`. */
export function checkRateOptions(options: RateNetworkOptions): void {
  const { units, tau = 100, noise = 0, density = 1, dale = 0.5, train = [] } = options;
  const where = "rateNetwork";
  for (const one of typeof tau === "number" ? [tau] : Array.from(tau))
    checkNumber(one, "tau", { where, above: 0 });
  checkNumber(noise, "noise", { where, least: 0 });
  checkNumber(density, "density", { where, above: 0, most: 1 });
  checkNumber(options.start ?? 0, "start", { where, least: -Number.MAX_VALUE });
  if (typeof dale === "number") checkNumber(dale, "dale", { where, least: 0, most: 1 });
  const refuse = (what: string, code: string, hint: string) => {
    throw new CajalError(what, { code, where, hint });
  };
  for (const [name, given] of Object.entries({ tau, dale })) {
    if (typeof given === "number" || given.length === units) continue;
    refuse(
      `${name} has ${given.length} values for ${units} units`,
      "bad-option",
      "Give one number, or one a unit.",
    );
  }
  for (const name of [options.activation ?? "relu", options.outputActivation ?? "linear"]) {
    if (Object.hasOwn(RATE_ACTIVATIONS, name)) continue;
    refuse(
      `unknown activation "${name}"`,
      "unknown-activation",
      suggest(name, Object.keys(RATE_ACTIVATIONS)),
    );
  }
  for (const part of train) {
    if (Object.hasOwn(PART_NAMES, part)) continue;
    refuse(`there is no part "${part}" to train`, "bad-option", suggest(part, Object.keys(PART_NAMES)));
  }
}
