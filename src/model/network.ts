/**
 * @file A network: populations of neurons, arrays of inputs, and projections between them. Plain data that can be
 * stored and compared; what is done with it (simulate, reservoir, …) is decided elsewhere.
 */

import { CajalError, type Matrix, suggest } from "../core/index.ts";
import type { Neuron } from "./neuron.ts";
import type { PlasticityRule } from "./plasticity.ts";

/** n neurons of one kind. */
export interface Population {
  kind: "population";
  name: string;
  size: number;
  neuron: Neuron;
  /** Values that differ from the neuron's defaults: one number, or shape `(unit)`. */
  parameters: Readonly<Record<string, number | Float64Array>>;
  /** Starting values of variables: one number, or shape `(unit)`; others start at their `init`, or 0. */
  initial: Readonly<Record<string, number | Float64Array>>;
}

/** n values set from outside, read by projections as `r`. */
export interface InputArray {
  kind: "input";
  name: string;
  size: number;
}

/** Connectivity from one group to another; the weighted sum arrives as `sum(target)`. */
export interface Projection {
  kind: "projection";
  /** What messages, recorders and switches call it, e.g. `E->E`. */
  name: string;
  from: string;
  to: string;
  target: string;
  /** Shape `(post, pre)`. */
  weights: Matrix;
  /** Uniform delay [ms]. A population acts on others one step later at the earliest; inputs act at once. */
  delay: number;
  /** Presynaptic variable that is summed. */
  variable: string;
  /** Whether the sum is of the presynaptic state of the same step; the presynaptic population then runs first. */
  sameStep: boolean;
  /** Learning rules, in the order in which they act after each step. */
  plasticity: readonly PlasticityRule[];
  /** Room for incoming synapses of each unit, when births may add some; absent means chosen from the sizes. */
  incomingCapacity?: number;
}

/** Populations, inputs and what connects them. */
export interface Network {
  kind: "network";
  populations: readonly Population[];
  inputs: readonly InputArray[];
  projections: readonly Projection[];
}

/** Define a population. @throws CajalError `bad-size`, `unknown-parameter`, `shape`. */
export function population(
  name: string,
  definition: {
    size: number;
    neuron: Neuron;
    parameters?: Record<string, number | ArrayLike<number>>;
    initial?: Record<string, number | ArrayLike<number>>;
  },
): Population {
  const { size, neuron, parameters = {}, initial = {} } = definition;
  const where = `population "${name}"`;
  checkName(name, where);
  checkSize(size, where);
  for (const parameter of Object.keys(parameters)) {
    if (parameter in neuron.parameters) continue;
    throw new CajalError(`neuron "${neuron.name}" has no parameter "${parameter}"`, {
      code: "unknown-parameter",
      where,
      hint: suggest(parameter, Object.keys(neuron.parameters)),
    });
  }
  return {
    kind: "population",
    name,
    size,
    neuron,
    parameters: copyValues(parameters, size, `${where}, parameter`),
    initial: copyValues(initial, size, `${where}, initial value`),
  };
}

/** Define an array of inputs. */
export function input(name: string, size: number): InputArray {
  checkName(name, `input "${name}"`);
  checkSize(size, `input "${name}"`);
  return { kind: "input", name, size };
}

/**
 * Define a projection.
 *
 * @param definition.weights - Shape `(post, pre)`: row i holds what unit i of `to` receives.
 * @param definition.target - Name under which the sum arrives, default `exc`.
 * @param definition.delay - [ms], default 0.
 * @param definition.name - Default `from->to`.
 * @param definition.variable - Presynaptic variable that is summed, default `r`.
 * @param definition.sameStep - Let the sum see the presynaptic state of the same step instead of the one before, e.g.
 *   for fast inhibition; default false.
 * @param definition.plasticity - Learning rules in order; the weights are then private to each instance.
 * @param definition.incomingCapacity - Most incoming synapses a unit can have, for projections with births.
 * @throws CajalError `bad-delay`, `nan-weights`, `bad-rule`.
 */
export function projection(
  from: string,
  to: string,
  definition: {
    weights: Matrix;
    target?: string;
    delay?: number;
    variable?: string;
    name?: string;
    sameStep?: boolean;
    plasticity?: readonly PlasticityRule[];
    incomingCapacity?: number;
  },
): Projection {
  const { weights, target = "exc", delay = 0, variable = "r", sameStep = false } = definition;
  const { name = `${from}->${to}`, plasticity = [], incomingCapacity } = definition;
  const where = `projection ${from} → ${to}`;
  checkRules(plasticity, where);
  if (sameStep && delay > 0) {
    throw new CajalError(`a sum of the same step has no delay, got ${delay} ms`, {
      code: "bad-delay",
      where,
      hint: "Leave out delay, or sameStep.",
    });
  }
  if (!(delay >= 0) || !Number.isFinite(delay)) {
    throw new CajalError(`delay must be ≥ 0 ms, got ${delay}`, { code: "bad-delay", where });
  }
  const bad = weights.values.findIndex((w) => !Number.isFinite(w));
  if (bad >= 0) {
    const column = weights.kind === "dense" ? bad % weights.columns : weights.column[bad];
    const row =
      weights.kind === "dense"
        ? Math.floor(bad / weights.columns)
        : weights.rowStart.findLastIndex((start) => start <= bad);
    throw new CajalError(`weight [post ${row}, pre ${column}] is ${weights.values[bad]}`, {
      code: "nan-weights",
      where,
      hint: "Weights must be finite; write 0 for absent edges.",
    });
  }
  const capacity = incomingCapacity === undefined ? {} : { incomingCapacity };
  return {
    kind: "projection",
    name,
    from,
    to,
    target,
    weights,
    delay,
    variable,
    sameStep,
    plasticity,
    ...capacity,
  };
}

/** Put parts together. @throws CajalError `duplicate-name`, `unknown-population`, `shape`, `input-as-target`. */
export function network(parts: {
  populations: readonly Population[];
  inputs?: readonly InputArray[];
  projections?: readonly Projection[];
}): Network {
  const { populations, inputs = [], projections = [] } = parts;
  const groups = new Map<string, Population | InputArray>();
  for (const group of [...populations, ...inputs]) {
    if (groups.has(group.name)) {
      throw new CajalError(`two groups are called "${group.name}"`, {
        code: "duplicate-name",
        where: "network",
        hint: "Give every population and input its own name.",
      });
    }
    groups.set(group.name, group);
  }
  for (const p of projections) checkProjection(p, groups);
  checkProjectionNames(projections);
  return { kind: "network", populations, inputs, projections };
}

// Implementation

function checkRules(rules: readonly PlasticityRule[], where: string): void {
  const names = new Set<string>();
  for (const { name } of rules) {
    if (names.has(name)) {
      throw new CajalError(`two rules are called "${name}"`, {
        code: "duplicate-name",
        where,
        hint: "Give every rule of a projection its own name.",
      });
    }
    names.add(name);
  }
}

/** Names matter where rules are switched and weights are read: plastic projections need names of their own. */
function checkProjectionNames(projections: readonly Projection[]): void {
  for (const p of projections) {
    if (p.plasticity.length === 0 || projections.every((q) => q === p || q.name !== p.name)) continue;
    throw new CajalError(`two projections are called "${p.name}"`, {
      code: "duplicate-name",
      where: "network",
      hint: 'Give the plastic one a name of its own: projection(from, to, { name: "…", … }).',
    });
  }
}

function checkProjection(p: Projection, groups: Map<string, Population | InputArray>): void {
  const where = `projection ${p.from} → ${p.to}`;
  const find = (name: string) => {
    const group = groups.get(name);
    if (group) return group;
    throw new CajalError(`there is no population or input "${name}"`, {
      code: "unknown-population",
      where,
      hint: suggest(name, groups.keys()),
    });
  };
  const pre = find(p.from);
  const post = find(p.to);
  if (post.kind === "input") {
    throw new CajalError(`"${p.to}" is an input and receives nothing`, { code: "input-as-target", where });
  }
  if (p.weights.rows === post.size && p.weights.columns === pre.size) return;
  const swapped = p.weights.rows === pre.size && p.weights.columns === post.size;
  throw new CajalError(
    `weights are ${p.weights.rows} × ${p.weights.columns}, wanted (post, pre) = ${post.size} × ${pre.size}`,
    {
      code: "shape",
      where,
      hint: swapped ? "Transpose them: rows are post, columns are pre." : "Rows are post, columns are pre.",
    },
  );
}

function checkName(name: string, where: string): void {
  if (/^[A-Za-z_][\w-]*$/.test(name)) return;
  throw new CajalError(`"${name}" is no name`, {
    code: "bad-name",
    where,
    hint: "Use letters, digits, _ and -, starting with a letter.",
  });
}

function checkSize(size: number, where: string): void {
  if (Number.isInteger(size) && size >= 1) return;
  throw new CajalError(`size must be a whole number ≥ 1, got ${size}`, { code: "bad-size", where });
}

function copyValues(
  values: Record<string, number | ArrayLike<number>>,
  size: number,
  where: string,
): Record<string, number | Float64Array> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const copy = typeof value === "number" ? value : Float64Array.from(value);
      if (typeof copy !== "number" && copy.length !== size) {
        throw new CajalError(`${copy.length} values for ${size} units`, {
          code: "shape",
          where: `${where} "${name}"`,
        });
      }
      const bad = typeof copy === "number" ? (Number.isNaN(copy) ? 0 : -1) : copy.findIndex(Number.isNaN);
      if (bad >= 0)
        throw new CajalError(`value of unit ${bad} is NaN`, {
          code: "nan-value",
          where: `${where} "${name}"`,
        });
      return [name, copy];
    }),
  );
}
