/**
 * @file What a rate network is made of: sizes, activations, Dale's law, masks, initial weights.
 */

import { CajalError, type KeysOf, suggest } from "../../../core/index.ts";
import type { Enforcement } from "../constraints/weight-constraint.ts";
import type { InitialWeights } from "../initialise/initial-weights.ts";
import { checkNumber } from "../parameters.ts";
import {
  checkPerUnit,
  checkStart,
  checkWiring,
  type PerProjection,
  type WiringOptions,
} from "./wiring-options.ts";

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

/** Parts that can be trained: three weights, both biases, where x starts, time constants, slopes of the activation. */
export type RatePart = "in" | "rec" | "out" | "bias" | "outputBias" | "start" | "tau" | "gain";

/** Options of `rateNetwork`. */
export interface RateNetworkOptions extends WiringOptions {
  /** Time constant [ms], one or shape `(unit)`; default 100. */
  tau?: number | ArrayLike<number>;
  /** f, default relu. */
  activation?: RateActivation;
  /** g in r = f(g x), one or shape `(unit)`; default 1. */
  gain?: number | ArrayLike<number>;
  /** g, default linear; classes by softmax need linear too, the loss has it. */
  outputActivation?: RateActivation;
  /**
   * σ ≥ 0, standard deviation that noise gives x of a unit alone, in small steps; with α = dt / τ it is √(2/(2 − α)) σ.
   * Default 0 (Song: 0.15).
   */
  noise?: number;
  /** How signs are kept, default `rectify` as in Song et al. */
  enforce?: Enforcement;
  /** Default false. */
  autapses?: boolean;
  /**
   * How weights are drawn. Default as Song et al.: recurrent Gamma(2), inhibition balancing excitation, spectral radius
   * 1.5, or normal with radius 1.1 without Dale's law; input and output uniform up to 0.1.
   */
  initial?: PerProjection<InitialWeights>;
  /**
   * Steps are items and not time: any α = dt / τ up to 2 is meant as it is, and nothing warns that Euler's step is long;
   * default false.
   */
  discrete?: boolean;
  /** x before the first step, default 0.1. */
  start?: number;
  /** Default all but `tau` and `gain`. */
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
  gain: "rec.gain",
};

/** A time constant near 0 makes Euler's method explode; 1 ms is short for any unit. */
export const TAU_BOUNDS = [1, Number.MAX_VALUE] as const;

/** Keys that rate networks have beside those of their wiring. */
export const RATE_KEYS: KeysOf<Omit<RateNetworkOptions, keyof WiringOptions>> = {
  tau: true,
  activation: true,
  gain: true,
  outputActivation: true,
  noise: true,
  discrete: true,
  start: true,
  train: true,
};

/** @throws CajalError `unknown-option`, `bad-range`, `bad-option`, `unknown-activation`. */
export function checkRateOptions(options: RateNetworkOptions): void {
  const { units, tau = 100, gain = 1, noise = 0, train = [] } = options;
  const where = "rateNetwork";
  checkWiring(options, RATE_KEYS, where);
  checkPerUnit(tau, "tau", { units, where });
  checkPerUnit(gain, "gain", { units, where });
  for (const one of typeof gain === "number" ? [gain] : Array.from(gain))
    checkNumber(one, "gain", { where, least: -Number.MAX_VALUE });
  for (const one of typeof tau === "number" ? [tau] : Array.from(tau))
    checkNumber(one, "tau", { where, above: 0 });
  if (train.includes("tau")) checkStart(tau, "tau", { bounds: TAU_BOUNDS, where });
  checkNumber(noise, "noise", { where, least: 0 });
  checkNumber(options.start ?? 0, "start", { where, least: -Number.MAX_VALUE });
  checkActivations([options.activation ?? "relu", options.outputActivation ?? "linear"], where);
  checkPartNames(train, PART_NAMES, where);
}

/** @throws CajalError `unknown-activation`. */
export function checkActivations(names: readonly string[], where: string): void {
  for (const name of names) {
    if (Object.hasOwn(RATE_ACTIVATIONS, name)) continue;
    throw new CajalError(`unknown activation "${name}"`, {
      code: "unknown-activation",
      where,
      hint: suggest(name, Object.keys(RATE_ACTIVATIONS)),
    });
  }
}

/** @throws CajalError `bad-option`. */
export function checkPartNames(
  parts: readonly string[],
  known: Readonly<Record<string, string>>,
  where: string,
): void {
  for (const part of parts) {
    if (Object.hasOwn(known, part)) continue;
    throw new CajalError(`there is no part "${part}" to train`, {
      code: "bad-option",
      where,
      hint: suggest(part, Object.keys(known)),
    });
  }
}
