/**
 * @file Walk planned updates in order and name the node of every value, wherever nodes are kept.
 */

import type { Action } from "../plan/plan.ts";
import type { Operation, SymbolKind, Term } from "../term.ts";

/** Makes nodes; `symbol` is asked for values from before the step only. */
export interface NodeMaker {
  constant(value: number): number;
  symbol(kind: SymbolKind, name: string): number;
  operation(name: Operation, operands: number[]): number;
}

/** Node of a term that reads the values from before the step. */
export function lowerTerm(t: Term, make: NodeMaker): number {
  if (t.kind === "constant") return make.constant(t.value);
  if (t.kind === "symbol") return make.symbol(t.symbol, t.name);
  return make.operation(
    t.operation,
    t.operands.map((o) => lowerTerm(o, make)),
  );
}

/** Node of the last value that is stored to each variable, in order of the first store. */
export function lowerActions(actions: readonly Action[], make: NodeMaker): Map<string, number> {
  const current = new Map<string, number>();
  const temporaries = new Map<string, number>();
  const fresh: NodeMaker = {
    constant: (value) => make.constant(value),
    operation: (name, operands) => make.operation(name, operands),
    symbol: (kind, name) => {
      if (kind === "temporary") return temporaries.get(name)!;
      return (kind === "variable" ? current.get(name) : undefined) ?? make.symbol(kind, name);
    },
  };
  for (const action of actions) {
    const node = lowerTerm(action.value, fresh);
    if (action.kind === "temporary") temporaries.set(action.name, node);
    else current.set(action.variable, node);
  }
  return current;
}
