/**
 * @file What a network of own equations is made of, and whether its equations can be trained.
 */

import { compileNeuron, type PlannedModel, readsParameter, type Surrogate } from "../../../compiler/index.ts";
import { CajalError, type KeysOf, suggest } from "../../../core/index.ts";
import type { Neuron } from "../../../model/index.ts";
import { checkNumber } from "../parameters.ts";
import { checkLeaky } from "./check-leaky.ts";
import { gradientPaths } from "./gradient-paths.ts";
import type { LeakyRate } from "./leaky-rate.ts";
import { checkActivations, checkPartNames, type RateActivation, TAU_BOUNDS } from "./rate-network-options.ts";
import { checkPerUnit, checkWiring, type WiringOptions } from "./wiring-options.ts";

/** Options of `equationNetwork`. Wiring and initial weights as in `rateNetwork` unless said otherwise. */
export interface EquationNetworkOptions extends WiringOptions {
  /** The recurrent unit, of own equations or of the library; it reads `sum(in)` and `sum(rec)`. */
  neuron: Neuron;
  /** Values of its parameters where they differ from its own: one number, or shape `(unit)`. */
  parameters?: Readonly<Record<string, number | ArrayLike<number>>>;
  /** Its variable that is read out, default `r`. */
  read?: string;
  /** Its variable that units send each other, default the one that is read out. */
  send?: string;
  /** What the neuron calls its sums, for one that was not written for this network; default `in` and `rec`. */
  sums?: Readonly<Record<"in" | "rec", string>>;
  /** g of the readout, default linear; classes by softmax need linear too, the loss has it. */
  outputActivation?: RateActivation;
  /** What stands for the derivative of thresholds; without it there is none. */
  surrogate?: Surrogate;
  /**
   * What is trained: `in`, `rec`, `out`, `outputBias`, and parameters of the neuron by their names, one value a unit.
   * Default those four.
   */
  train?: readonly string[];
  /** Those of the trained parameters that have one value for all units. */
  shared?: readonly string[];
  /** Least and largest value of trained parameters; those called `tau…` stay at 1 ms or above unless it says otherwise. */
  bounds?: Readonly<Record<string, readonly [least: number, most: number]>>;
  /**
   * For Ω: that the state leaks, x ← (1 − α) x + α (sum(rec) + …), with the names of the neuron's own variable and
   * parameters. Default: not stated, and Ω is refused.
   */
  leaky?: Omit<LeakyRate, "weights">;
}

const EQUATION_KEYS: KeysOf<Omit<EquationNetworkOptions, keyof WiringOptions>> = {
  neuron: true,
  parameters: true,
  read: true,
  send: true,
  sums: true,
  outputActivation: true,
  surrogate: true,
  train: true,
  shared: true,
  bounds: true,
  leaky: true,
};

/** Parts of every network, by their names in `differentiate`. */
export const EQUATION_PARTS = {
  in: "weights:in",
  rec: "weights:rec",
  out: "weights:out",
  outputBias: "out.bias",
} as const;

/** All parts of a network with these parameters, by their names in `differentiate`. */
export function equationParts(parameters: readonly string[]): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(parameters.map((name) => [name, `rec.${name}`])), ...EQUATION_PARTS };
}

/**
 * Everything that does not need weights. `where` of errors is `equationNetwork` or `equationNetwork.OPTION`.
 *
 * @returns The neuron, compiled.
 * @throws CajalError those of `compileNeuron`; `unread-target`, `unknown-variable`, `unknown-parameter`, `bad-option`,
 * `bad-range`, `unknown-activation`, `no-gradient`, `bad-leaky-rate`.
 */
export function checkEquationOptions(options: EquationNetworkOptions): PlannedModel {
  const { neuron, read = "r", send = read, units, outputActivation = "linear" } = options;
  checkWiring(options, EQUATION_KEYS, WHERE);
  checkActivations([outputActivation], WHERE);
  const model = compileNeuron(neuron);
  checkSums(model, options.sums);
  for (const [key, name] of Object.entries({ read, send })) checkVariable(model, name, key);
  checkTrained(options);
  for (const [name, given] of Object.entries(options.parameters ?? {})) {
    const where = `${WHERE}.parameters`;
    if (!Object.hasOwn(neuron.parameters, name))
      throw fail(`the neuron has no parameter "${name}"`, {
        ...{ code: "unknown-parameter", at: "parameters" },
        hint: suggest(name, Object.keys(neuron.parameters)),
      });
    checkPerUnit(given, name, { units, where });
    for (const one of typeof given === "number" ? [given] : Array.from(given))
      checkNumber(one, name, { where, least: -Number.MAX_VALUE });
  }
  checkBounds(options);
  if (options.leaky) {
    checkVariable(model, options.leaky.state, "be the state", "leaky");
    checkActivations([options.leaky.activation], `${WHERE}.leaky`);
    checkLeaky(model, options);
  }
  checkPaths(model, options);
  return model;
}

/** Least and largest value of what is trained. */
export function equationBounds({
  train = [],
  bounds = {},
}: EquationNetworkOptions): Record<string, readonly [number, number]> {
  const times = train.filter((name) => /^tau/i.test(name)).map((name) => [name, TAU_BOUNDS]);
  return Object.fromEntries([...times, ...Object.entries(bounds)]);
}

// Implementation

const WHERE = "equationNetwork";

function fail(what: string, { code, at, hint }: { code: string; at?: string; hint?: string }): CajalError {
  return new CajalError(what, { code, where: at ? `${WHERE}.${at}` : WHERE, ...(hint && { hint }) });
}

const MEANING = { in: "the inputs of the task", rec: "what the other units send" } as const;

function checkSums({ targets }: PlannedModel, sums: EquationNetworkOptions["sums"]): void {
  if (targets.includes("")) return;
  for (const part of ["in", "rec"] as const) {
    const name = sums?.[part] ?? part;
    if (targets.includes(name)) continue;
    throw fail(`the equations never read sum(${name}), ${MEANING[part]}`, {
      ...{ code: "unread-target", at: sums ? "sums" : "equations" },
      hint: `Add sum(${name}) where it belongs.`,
    });
  }
}

function checkVariable({ variables }: PlannedModel, name: string, use: string, at = use): void {
  const local = variables.filter((v) => v.locality === "unit").map((v) => v.name);
  if (local.includes(name)) return;
  const shared = variables.some((v) => v.name === name);
  const what = shared
    ? `"${name}" is one value for the whole population, units have none to be read`
    : `the equations define no "${name}" to ${use}`;
  throw fail(what, { code: "unknown-variable", at, hint: suggest(name, local) });
}

function checkTrained({ neuron, parameters = {}, train = [], shared = [] }: EquationNetworkOptions): void {
  const names = Object.keys(neuron.parameters);
  const taken = names.find((name) => Object.hasOwn(EQUATION_PARTS, name));
  if (taken !== undefined)
    throw fail(`a parameter cannot be called "${taken}", which is a part of the network`, {
      ...{ code: "bad-name", at: "parameters" },
      hint: "Choose another name.",
    });
  checkPartNames(train, equationParts(names), `${WHERE}.train`);
  for (const name of shared) {
    const own = train.includes(name) && names.includes(name);
    if (own && typeof (parameters[name] ?? 0) === "number") continue;
    const what = own
      ? `"${name}" is shared by all units and has a value for each`
      : `"${name}" is shared and is no trained parameter`;
    throw fail(what, { code: "bad-option", at: "shared" });
  }
}

function checkBounds(options: EquationNetworkOptions): void {
  const { neuron, parameters = {}, train = [] } = options;
  for (const [name, [least, most]] of Object.entries(equationBounds(options))) {
    if (!train.includes(name) || !Object.hasOwn(neuron.parameters, name))
      throw fail(`"${name}" has bounds and is no trained parameter`, {
        ...{ code: "bad-option", at: "bounds" },
        hint: suggest(
          name,
          train.filter((part) => Object.hasOwn(neuron.parameters, part)),
        ),
      });
    const given = parameters[name] ?? neuron.parameters[name];
    const values = typeof given === "number" ? [given] : Array.from(given);
    if (!(least <= most))
      throw fail(`the bounds of "${name}" are the wrong way round, ${least} … ${most}`, {
        ...{ code: "bad-range", at: "bounds" },
        hint: "Write the least value first.",
      });
    const outside = values.find((value) => !(value >= least && value <= most));
    if (outside !== undefined)
      throw fail(
        `"${name}" starts at ${outside}, outside its bounds ${least} … ${most === Number.MAX_VALUE ? "∞" : most}`,
        {
          ...{ code: "bad-range", at: "bounds" },
          hint: "Widen the bounds, or start within them.",
        },
      );
  }
}

/** What is trained and can never change, since no gradient gets there. */
function checkPaths(model: PlannedModel, options: EquationNetworkOptions): void {
  const { neuron, train = Object.keys(EQUATION_PARTS), read = "r", send = read } = options;
  const { sums = { in: "in", rec: "rec" }, surrogate } = options;
  const parameters = train.filter((name) => Object.hasOwn(neuron.parameters, name));
  const found = gradientPaths(model, [read, send], { targets: [sums.in, sums.rec], parameters, surrogate });
  const hint = surrogate
    ? "floor, ceil, round, == and the condition of an if have no derivative."
    : 'Thresholds need a surrogate, e.g. { kind: "fast-sigmoid" }; floor, ceil, round, == and the condition of an if have no derivative.';
  const reason = (from: string) =>
    `no gradient gets from "${read}" to ${from}: it would have to pass a threshold, a rounding or a condition`;
  for (const part of ["in", "rec"] as const) {
    if (!train.includes(part) || found.sums.has(sums[part])) continue;
    throw fail(reason(`sum(${sums[part]}), so that "${part}" cannot be trained`), {
      ...{ code: "no-gradient", at: "train", hint },
    });
  }
  for (const name of parameters) {
    if (found.parameters.has(name)) continue;
    if (!readsParameter(model, name))
      throw fail(`the equations never read the parameter "${name}", it cannot be trained`, {
        ...{ code: "no-gradient", at: "train", hint: "Write it into the equations, or do not train it." },
      });
    throw fail(reason(`the parameter "${name}"`), { code: "no-gradient", at: "train", hint });
  }
}
