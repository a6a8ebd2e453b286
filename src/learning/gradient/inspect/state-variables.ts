/**
 * @file What the state of a network is: the variables whose values at the end of a step matter for the next. Those that
 * follow from others, as r = f(x), are no state of their own, and are computed by the network's own equations.
 */

import { compileNeuron, type PlannedModel, parseEquations, symbolsOf } from "../../../compiler/index.ts";
import { CajalError } from "../../../core/index.ts";
import { type Network, network, neuron, type Population, population } from "../../../model/index.ts";

/** A variable of the state. */
export interface StateVariable {
  /** `"population.variable"`. */
  name: string;
  /** Values: units, or 1 for a variable of the whole population. */
  units: number;
  /** Index of its first value in a state. */
  offset: number;
}

/** How a network's state is made up. */
export interface NetworkState {
  /** In the order of populations and of their variables. */
  variables: readonly StateVariable[];
  /** Sum of all units. */
  size: number;
  /** Variables that follow from the state and are read by the next step. */
  derived: readonly string[];
  /** A network without projections that keeps the state as it is and computes `derived`; absent when there are none. */
  completion?: Network;
}

/**
 * The state of a network.
 *
 * @throws CajalError `delayed-network` or `time-dependent`: one step then depends on more than the last state.
 */
export function networkState(net: Network, { dt }: { dt: number }): NetworkState {
  checkOneStep(net, dt);
  const models = new Map(net.populations.map((p) => [p.name, compileNeuron(p.neuron)]));
  const read = new Set<string>();
  for (const { from, variable, sameStep } of net.projections)
    if (!sameStep && models.has(from)) read.add(`${from}.${variable}`);
  for (const [name, model] of models) for (const v of readBefore(model)) read.add(`${name}.${v}`);
  const variables: StateVariable[] = [];
  const derived: string[] = [];
  const completions: Population[] = [];
  let size = 0;
  for (const p of net.populations) {
    const model = models.get(p.name)!;
    const follows = followingVariables(model, p, read);
    const own = model.variables.filter((v) => read.has(`${p.name}.${v.name}`) && !follows.has(v.name));
    for (const { name, locality } of own) {
      const units = locality === "unit" ? p.size : 1;
      variables.push({ name: `${p.name}.${name}`, units, offset: size });
      size += units;
    }
    const wanted = [...follows].map((v) => `${p.name}.${v}`).filter((v) => read.has(v));
    if (wanted.length === 0) continue;
    derived.push(...wanted);
    completions.push(completion(p, own, follows));
  }
  if (size === 0) {
    throw new CajalError("no variable is read by the next step", {
      code: "no-state",
      where: "networkState",
      hint: "Fixed points need a network that remembers: an ODE, or a recurrent projection.",
    });
  }
  return {
    variables,
    size,
    derived,
    ...(completions.length > 0 && { completion: network({ populations: completions }) }),
  };
}

// Implementation

function checkOneStep(net: Network, dt: number): void {
  const where = "networkState";
  for (const { name, delay, from } of net.projections) {
    const isInput = net.inputs.some((i) => i.name === from);
    if (isInput || delay <= dt) continue;
    throw new CajalError(`projection "${name}" has a delay of ${delay} ms, a step is ${dt} ms`, {
      code: "delayed-network",
      where,
      hint: "A state would have to hold the steps in between; set the delay to 0.",
    });
  }
  for (const { neuron: n, name } of net.populations) {
    const values = compileNeuron(n).actions.map((a) => a.value);
    if (!values.some((v) => symbolsOf(v).some((s) => s.symbol === "time"))) continue;
    throw new CajalError(`the equations of "${name}" depend on the time t`, {
      code: "time-dependent",
      where,
      hint: "Give what depends on time as an input.",
    });
  }
}

/** Variables whose value of the step before is read by the equations. */
function readBefore({ actions, reductions }: PlannedModel): Set<string> {
  const read = new Set(reductions.map((r) => r.variable));
  const stored = new Set<string>();
  for (const action of actions) {
    for (const { symbol, name } of symbolsOf(action.value))
      if (symbol === "variable" && !stored.has(name)) read.add(name);
    if (action.kind === "store") stored.add(action.variable);
  }
  return read;
}

/** Variables that are a function of the final values of those that are read, and of nothing else. */
function followingVariables(
  model: PlannedModel,
  { name, neuron: n }: Population,
  read: ReadonlySet<string>,
): Set<string> {
  const stores = model.actions.filter((a) => a.kind === "store");
  const once = (v: string) => stores.filter((a) => a.variable === v).length === 1;
  const assigned = new Set(
    parseEquations({ title: n.name, text: n.equations }).flatMap((s) =>
      s.kind === "assign" ? [s.variable] : [],
    ),
  );
  const follows = new Set<string>();
  const stored = new Set<string>();
  for (const { variable, value } of stores) {
    const isFunction = symbolsOf(value).every((s) =>
      s.symbol === "variable"
        ? stored.has(s.name) && once(s.name) && (read.has(`${name}.${s.name}`) || follows.has(s.name))
        : s.symbol === "parameter" || s.symbol === "step",
    );
    if (assigned.has(variable) && once(variable) && isFunction) follows.add(variable);
    stored.add(variable);
  }
  return follows;
}

/** A population whose state stands still while the variables that follow from it are computed as in the network. */
function completion(
  p: Population,
  own: readonly PlannedModel["variables"][number][],
  follows: ReadonlySet<string>,
): Population {
  const text = p.neuron.equations;
  const kept = own.map(
    ({ name, locality }) => `${name} = ${name}${locality === "unit" ? "" : " : population"}`,
  );
  const computed = parseEquations({ title: p.neuron.name, text })
    .filter((s) => follows.has(s.variable))
    .map(({ span, flags }) => text.slice(span.start, Math.max(span.end, ...flags.map((f) => f.span.end))));
  const still = neuron({
    name: `${p.neuron.name}, standing still`,
    parameters: p.neuron.parameters,
    equations: [...kept, ...computed].join("\n"),
  });
  return population(p.name, { size: p.size, neuron: still, parameters: p.parameters });
}
