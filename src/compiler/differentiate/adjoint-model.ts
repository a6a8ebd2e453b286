/**
 * @file The derivative of one step of a population, as two programs in the form of planned models, so that whatever
 * runs or prints a population's step runs and prints its derivative.
 *
 * What is executed is what is differentiated: the program starts from the planned actions, with clamps, integrators
 * and rules. It reads the values at the start of the step, sums and random numbers of the step, and the values at its
 * end (`next(x)`), and replaces the adjoint `d(x)` of each variable's new value by that of its old one.
 *
 * Values of the whole population (its variables and reductions) are read by all units. So the units' program runs
 * first and leaves, for each such value, every unit's share of its adjoint; the shares are summed over units, and the
 * population's program goes on from the sums.
 */

import type { Locality, Variable } from "../check/model.ts";
import { lowerTerm } from "../ir/lower.ts";
import type { Action, PlannedModel } from "../plan/plan.ts";
import { add, constant, type SymbolKind, substitute, symbol, type Term } from "../term.ts";
import { Algebra } from "./algebra.ts";
import { emitActions, type Output } from "./emit-terms.ts";
import {
  adjointName,
  nextName,
  parameterAdjointName,
  reductionAdjointName,
  sharedParameterAdjointName,
  shareName,
  sumAdjointName,
} from "./names.ts";
import { reverse } from "./reverse.ts";
import type { Surrogate } from "./surrogate.ts";

/** What is wanted of a derivative. */
export interface AdjointOptions {
  /** Targets that have projections: what `sum()` adds up. */
  targets: readonly string[];
  /** Parameters whose adjoints are summed over steps. */
  parameters: readonly string[];
  /** What stands for the derivative of thresholds; absent: they have none. */
  surrogate?: Surrogate | undefined;
}

/** The derivative of one step of a population. */
export interface AdjointModel {
  /** Per unit; sets `d(x)`, `d(sum(…))` and shares, adds to `d(parameter)`. */
  units: PlannedModel;
  /** For the population as a whole, after the shares are summed; absent when nothing is shared. */
  population?: PlannedModel;
  /**
   * Targets whose sums have an adjoint, each with the target under whose name it is set: sums that are only ever added to
   * each other have one between them. That of any other target is 0.
   */
  sums: ReadonlyMap<string, string>;
  /** Parameters with an adjoint from the units' program, and from the population's. */
  parameters: { units: string[]; population: string[] };
  /** Number of shares: variables `d(shared 0)`, … of both programs. */
  shares: number;
  /** Names of the reductions whose adjoint the population's program sets. */
  reductions: string[];
}

/** Differentiate the step of a population. */
export function adjointModel(model: PlannedModel, options: AdjointOptions): AdjointModel {
  const step = new Step(model, options);
  const units = unitsProgram(step);
  const population = step.boundary.length > 0 || step.has("population") ? populationProgram(step) : undefined;
  return {
    units: units.program,
    ...(population ? { population: population.program } : {}),
    sums: units.sums,
    parameters: { units: units.parameters, population: population?.parameters ?? [] },
    shares: step.boundary.length,
    reductions: population?.reductions ?? [],
  };
}

// Implementation

/** The nodes of a step, each line in the world it belongs to: units, or the population as a whole. */
class Step {
  readonly algebra = new Algebra();
  readonly model: PlannedModel;
  readonly options: AdjointOptions;
  readonly locality: Map<string, Locality>;
  /** Node of each variable's new value. */
  readonly current = new Map<string, number>();
  /** Values of the population that units read: node in its world, and the leaf that stands for it in theirs. */
  readonly boundary: { node: number; leaf: number }[] = [];
  readonly #temporaries = new Map<string, { node: number; locality: Locality }>();

  constructor(model: PlannedModel, options: AdjointOptions) {
    this.model = model;
    this.options = options;
    this.locality = new Map(model.variables.map((v) => [v.name, v.locality]));
    for (const action of model.actions) this.#run(action);
  }

  has(locality: Locality): boolean {
    return this.model.variables.some((v) => v.locality === locality);
  }

  variables(locality: Locality): Variable[] {
    return this.model.variables.filter((v) => v.locality === locality && this.current.has(v.name));
  }

  /** Where new values stand already, by node. Values that never change are left to be computed once per run. */
  known(locality: Locality): Map<number, Term> {
    const known = new Map<number, Term>();
    for (const v of this.variables(locality)) {
      const id = this.current.get(v.name)!;
      const node = this.algebra.nodes[id];
      if (node.kind === "operation" && !node.invariant && !known.has(id))
        known.set(id, symbol("variable", nextName(v.name)));
    }
    return known;
  }

  #run(action: Action): void {
    const own = action.kind === "temporary" ? action.locality : this.locality.get(action.variable)!;
    const node = lowerTerm(this.#withoutAll(action.value), {
      constant: (value) => this.algebra.constant(value),
      operation: (name, operands) => this.algebra.operation(name, operands),
      symbol: (kind, name) => this.#read(kind, name, own),
    });
    if (action.kind === "temporary") this.#temporaries.set(action.name, { node, locality: own });
    else this.current.set(action.variable, node);
  }

  #read(kind: SymbolKind, name: string, reader: Locality): number {
    const leaf = () => this.algebra.symbol(kind, name);
    if (kind === "temporary") {
      const { node, locality } = this.#temporaries.get(name)!;
      return locality === reader ? node : this.#share(node);
    }
    if (kind === "variable") {
      const node = this.current.get(name) ?? leaf();
      return this.locality.get(name) === reader ? node : this.#share(node);
    }
    return kind === "reduction" && reader === "unit" ? this.#share(leaf()) : leaf();
  }

  #share(node: number): number {
    const known = this.boundary.find((b) => b.node === node);
    if (known) return known.leaf;
    const leaf = this.algebra.symbol("variable", `shared ${this.boundary.length}`);
    this.boundary.push({ node, leaf });
    return leaf;
  }

  /** `sum()` written out. */
  #withoutAll(value: Term): Term {
    const all = () => this.options.targets.map((t) => symbol("sum", t)).reduce<Term>(add, constant(0));
    return substitute(value, (kind, name) => (kind === "sum" && name === "" ? all() : undefined));
  }
}

interface Found {
  outputs: Output[];
  parameters: string[];
}

function unitsProgram(step: Step): {
  program: PlannedModel;
  sums: AdjointModel["sums"];
  parameters: string[];
} {
  const { algebra, options } = step;
  const variables = step.variables("unit");
  const adjoints = reverse(algebra, seeds(step, variables), {
    surrogate: options.surrogate,
    isWanted: (slot) => isWanted(slot, options),
  });
  const of = (kind: SymbolKind, name: string) => adjoints.get(algebra.symbol(kind, name));
  const { outputs, parameters } = variableOutputs(step, { variables, of, accumulator: parameterAdjointName });
  const sums = new Map<string, string>();
  for (const t of options.targets) {
    const node = of("sum", t);
    if (node === undefined) continue;
    const same = options.targets.find((other) => of("sum", other) === node)!;
    sums.set(t, same);
    if (same === t) outputs.push({ variable: sumAdjointName(t), node });
  }
  step.boundary.forEach(({ leaf }, k) => {
    outputs.push({ variable: shareName(k), node: adjoints.get(leaf) ?? algebra.zero });
  });
  const known = step.known("unit");
  // What units share is computed where it stands, from the population's own values.
  const shared = step.boundary.map(({ node }, k): Output => ({ variable: `shared ${k}`, node }));
  const before = emitActions(algebra.nodes, shared, {
    known: step.known("population"),
    locality: "population",
  });
  step.boundary.forEach(({ leaf }, k) => {
    known.set(leaf, symbol("temporary", `shared ${k}`));
  });
  const own = emitActions(algebra.nodes, outputs, { known, locality: "unit" });
  const actions = [...before.map((a) => asShared(a)), ...own];
  return { program: programOf(step, actions, { locality: "unit", outputs }), sums, parameters };
}

/** Names in the part that computes shared values must not meet those of the rest. */
function asShared(action: Action): Action {
  const value = substitute(action.value, (kind, name) =>
    kind === "temporary" ? symbol("temporary", `shared ${name}`) : undefined,
  );
  const name = action.kind === "temporary" ? `shared ${action.name}` : action.variable;
  return { kind: "temporary", name, locality: "population", value };
}

function populationProgram(step: Step) {
  const { algebra, options, model } = step;
  const variables = step.variables("population");
  const start = seeds(step, variables);
  step.boundary.forEach(({ node }, k) => {
    const share = algebra.symbol("variable", shareName(k));
    start.set(node, algebra.add(start.get(node) ?? algebra.zero, share));
  });
  const adjoints = reverse(algebra, start, {
    surrogate: options.surrogate,
    isWanted: (slot) => isWanted(slot, options),
  });
  const of = (kind: SymbolKind, name: string) => adjoints.get(algebra.symbol(kind, name));
  const found = variableOutputs(step, { variables, of, accumulator: sharedParameterAdjointName });
  const reductions = model.reductions.map((r) => r.name).filter((r) => of("reduction", r) !== undefined);
  for (const r of reductions) {
    found.outputs.push({ variable: reductionAdjointName(r), node: of("reduction", r)! });
  }
  const actions = emitActions(algebra.nodes, found.outputs, {
    known: step.known("population"),
    locality: "population",
  });
  const program = programOf(step, actions, { locality: "population", outputs: found.outputs });
  return { program, parameters: found.parameters, reductions };
}

/** Adjoints of the new values, where the reverse pass starts. */
function seeds({ algebra, current }: Step, variables: readonly Variable[]): Map<number, number> {
  const start = new Map<number, number>();
  for (const { name } of variables) {
    const node = current.get(name)!;
    const seed = algebra.symbol("variable", adjointName(name));
    start.set(node, algebra.add(start.get(node) ?? algebra.zero, seed));
  }
  return start;
}

/** Adjoints of old values, and of parameters added to what they were. */
function variableOutputs(
  { algebra, options }: Step,
  {
    variables,
    of,
    accumulator,
  }: {
    variables: readonly Variable[];
    of(kind: SymbolKind, name: string): number | undefined;
    accumulator(parameter: string): string;
  },
): Found {
  const outputs = variables.map(
    ({ name }): Output => ({ variable: adjointName(name), node: of("variable", name) ?? algebra.zero }),
  );
  const parameters = options.parameters.filter((p) => of("parameter", p) !== undefined);
  for (const p of parameters) {
    const variable = accumulator(p);
    const sum = algebra.add(algebra.symbol("variable", variable), of("parameter", p)!);
    outputs.push({ variable, node: sum });
  }
  return { outputs, parameters };
}

function isWanted(slot: string, { parameters }: AdjointOptions): boolean {
  if (slot.startsWith("parameter:")) return parameters.includes(slot.slice("parameter:".length));
  return /^(variable|sum|reduction):/.test(slot);
}

/** A planned model that runs the actions of a program. */
function programOf(
  { model }: Step,
  actions: Action[],
  { locality, outputs }: { locality: Locality; outputs: readonly Output[] },
): PlannedModel {
  const variables = new Map<string, Locality>();
  for (const v of model.variables) {
    variables.set(v.name, v.locality);
    variables.set(nextName(v.name), v.locality);
    variables.set(adjointName(v.name), v.locality);
  }
  for (const { variable } of outputs) variables.set(variable, locality);
  // The population's program reads sums of shares.
  for (const name of symbolNames(actions)) if (!variables.has(name)) variables.set(name, locality);
  return {
    ...model,
    variables: [...variables].map(([name, own]) => ({ name, locality: own })),
    rules: [],
    relaxations: [],
    binary: [],
    actions,
  };
}

/** Names of all variables that actions read. */
function symbolNames(actions: readonly Action[]): Set<string> {
  const names = new Set<string>();
  const visit = (t: Term): void => {
    if (t.kind === "symbol" && t.symbol === "variable") names.add(t.name);
    if (t.kind === "operation") t.operands.forEach(visit);
  };
  for (const { value } of actions) visit(value);
  return names;
}
