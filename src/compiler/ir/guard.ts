/**
 * @file Which synapses does an update leave alone? If setting some variables of one side to 0 turns every update into
 * "variable = itself", then only synapses of neurons where one of them is not 0 need a visit.
 *
 * Three things are taken for granted: values are finite and no function overflows (0 · x is 0, which 0 · Inf is not);
 * the state lies within its own clamps when these are made of parameters and numbers, so that clamping an unchanged
 * value changes nothing; parameters that divide are not 0. A quotient by a variable and a logarithm are not trusted:
 * with them 0 · x stays what it is, and the synapse is visited.
 */

import type { CheckedSynapse, Variable } from "../check/model.ts";
import { planActions } from "../plan/plan.ts";
import type { Side, VisitOrder } from "../plan/synapse.ts";
import { dependsOn, type Operation, type SymbolKind, type Term } from "../term.ts";
import { SCALAR } from "./kernel.ts";
import { lowerActions, type NodeMaker } from "./lower.ts";
import { NodeTable } from "./node-table.ts";
import { simplify } from "./simplify.ts";

/** The side and the fewest of its variables that leave every synapse alone when they are 0; `post` where both would do. */
export function visitOrder(synapse: CheckedSynapse): VisitOrder {
  for (const order of ["post", "pre"] as const) {
    const guard = findGuard(synapse, order);
    if (guard.length > 0) return { order, guard };
  }
  return { order: "post", guard: [] };
}

// Implementation

function findGuard(synapse: CheckedSynapse, side: Side): string[] {
  const actions = planActions(synapse.statements, synapse.variables.map(withoutFixedClamp));
  const isUnchanged = (names: readonly string[]) => {
    const values = new ValuesAtZero(side, names);
    return [...lowerActions(actions, values)].every(
      ([name, node]) => node === values.symbol("variable", name),
    );
  };
  let guard = synapse[side];
  if (!isUnchanged(guard)) return [];
  // From the last to the first, so that the names that are read first stay.
  for (const name of [...guard].reverse()) {
    const fewer = guard.filter((other) => other !== name);
    if (fewer.length > 0 && isUnchanged(fewer)) guard = fewer;
  }
  return guard;
}

function withoutFixedClamp({ minimum, maximum, ...variable }: Variable): Variable {
  const moving = (t: Term | undefined) =>
    t && dependsOn(t, (kind) => kind !== "parameter" && kind !== "step");
  return {
    ...variable,
    ...(moving(minimum) ? { minimum } : {}),
    ...(moving(maximum) ? { maximum } : {}),
  };
}

/** Nodes of an update, simplified, with some variables of one side at 0. */
class ValuesAtZero implements NodeMaker {
  readonly #table = new NodeTable();
  readonly #side: Side;
  readonly #zero: ReadonlySet<string>;

  constructor(side: Side, zero: readonly string[]) {
    this.#side = side;
    this.#zero = new Set(zero);
  }

  constant(value: number): number {
    return this.#table.constant(value);
  }

  symbol(kind: SymbolKind, name: string): number {
    if (kind === this.#side && this.#zero.has(name)) return this.constant(0);
    return this.#table.load(`${kind}:${name}`, SCALAR, kind === "parameter" || kind === "step");
  }

  operation(name: Operation, operands: number[]): number {
    return simplify(this.#table, name, operands);
  }
}
