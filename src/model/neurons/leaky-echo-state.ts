/**
 * @file The leaky echo-state neuron of Jaeger (2001) and Lukoševičius (2012), with the activations of conn2res:
 * r ← (1 − leakRate) r + leakRate f(Σ w r + input + bias). Written in the equation language like any other model.
 */

import { CajalError, suggest } from "../../core/index.ts";
import { type Neuron, neuron } from "../neuron.ts";

/** An activation: its text in the equation language, given that of its argument, and its parameters. */
interface Activation {
  text(a: string): string;
  parameters: Readonly<Record<string, number>>;
}

/** The seven activations; defaults as in conn2res, whose `elu` and `leaky_relu` slope is 0.5. */
export const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear: { text: (a) => `slope * ${a}`, parameters: { slope: 1 } },
  elu: { text: (a) => `ite(${a} > 0, ${a}, alpha * expm1(${a}))`, parameters: { alpha: 0.5 } },
  relu: { text: (a) => `pos(${a})`, parameters: {} },
  "leaky-relu": { text: (a) => `max(alpha * ${a}, ${a})`, parameters: { alpha: 0.5 } },
  sigmoid: { text: (a) => `sigmoid(${a})`, parameters: {} },
  tanh: { text: (a) => `tanh(${a})`, parameters: {} },
  step: { text: (a) => `ite(${a} >= threshold, high, low)`, parameters: { threshold: 0.5, low: 0, high: 1 } },
};

/** One of {@link ACTIVATIONS}. */
export type ActivationName = keyof typeof ACTIVATIONS;

/**
 * A discrete-time echo-state neuron; use it with dt = 1. Recurrence arrives under the target `rec`, input under `in`.
 * Its output is `r`.
 *
 * @param options.activation - One of {@link ACTIVATIONS}, default `tanh`.
 * @param options.leakRate - 0 < leakRate ≤ 1; 1 (default) keeps nothing of the old state.
 * @param options.noise - Half-width of uniform noise added to the activation's argument, default 0.
 * @param options.parameters - Values for the activation's own parameters.
 * @throws CajalError `unknown-activation`, `bad-leak-rate`, `unknown-parameter`.
 */
export function leakyEchoState(
  options: {
    activation?: ActivationName;
    leakRate?: number;
    bias?: number;
    noise?: number;
    parameters?: Record<string, number>;
  } = {},
): Neuron {
  const { activation = "tanh", leakRate = 1, bias = 0, noise = 0, parameters = {} } = options;
  if (!Object.hasOwn(ACTIVATIONS, activation)) {
    throw new CajalError(`unknown activation "${activation}"`, {
      code: "unknown-activation",
      where: "leakyEchoState",
      hint: suggest(activation, Object.keys(ACTIVATIONS)),
    });
  }
  if (!(leakRate > 0 && leakRate <= 1)) {
    throw new CajalError(`leakRate must be above 0 and at most 1, got ${leakRate}`, {
      code: "bad-leak-rate",
      where: "leakyEchoState",
    });
  }
  const { text, parameters: defaults } = ACTIVATIONS[activation];
  for (const name of Object.keys(parameters)) {
    if (name in defaults) continue;
    throw new CajalError(`activation "${activation}" has no parameter "${name}"`, {
      code: "unknown-parameter",
      where: "leakyEchoState",
      hint: suggest(name, Object.keys(defaults)),
    });
  }
  const perturbation = noise === 0 ? "" : " + noise * Uniform(-1, 1)";
  return neuron({
    name: `leaky-echo-state (${activation})`,
    parameters: { leakRate, bias, ...(noise === 0 ? {} : { noise }), ...defaults, ...parameters },
    // One line, so that r is the only state: the argument is computed once, wherever it stands.
    equations: `r = (1 - leakRate) * r + leakRate * ${text(`(sum(rec) + sum(in) + bias${perturbation})`)}`,
  });
}
