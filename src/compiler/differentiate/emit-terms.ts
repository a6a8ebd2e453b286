/**
 * @file From nodes back to terms: what is used more than once becomes a temporary.
 */

import type { Locality } from "../check/model.ts";
import type { IrNode } from "../ir/kernel.ts";
import type { Action } from "../plan/plan.ts";
import { constant, operation, type SymbolKind, symbol, type Term } from "../term.ts";

/** A variable and the node that it takes. */
export interface Output {
  variable: string;
  node: number;
}

/**
 * Updates that store the outputs, in order, after all temporaries.
 *
 * @param options.known - Nodes whose value stands in a variable already.
 * @param options.locality - Of all temporaries.
 */
export function emitActions(
  nodes: readonly IrNode[],
  outputs: readonly Output[],
  { known, locality }: { known: ReadonlyMap<number, Term>; locality: Locality },
): Action[] {
  const uses = countUses(nodes, outputs, known);
  const actions: Action[] = [];
  const done = new Map<number, Term>();
  const termOf = (id: number): Term => {
    const before = known.get(id) ?? done.get(id);
    if (before) return before;
    const node = nodes[id];
    if (node.kind === "constant") return constant(node.value);
    if (node.kind === "load") return symbolOfSlot(node.slot);
    const term = operation(node.operation, ...node.operands.map(termOf));
    if ((uses.get(id) ?? 0) < 2) return term;
    const name = `v${id}`;
    actions.push({ kind: "temporary", name, locality, value: term });
    done.set(id, symbol("temporary", name));
    return done.get(id)!;
  };
  // A store is seen by the lines after it, so all values are named before the first.
  const stores = outputs.map(({ variable, node }): Action => {
    const value = termOf(node);
    if (value.kind === "constant") return { kind: "store", variable, value };
    const name = `new ${variable}`;
    actions.push({ kind: "temporary", name, locality, value });
    return { kind: "store", variable, value: symbol("temporary", name) };
  });
  return [...actions, ...stores];
}

/** The symbol that a slot's name stands for. */
export function symbolOfSlot(slot: string): Term {
  const colon = slot.indexOf(":");
  return symbol(slot.slice(0, colon) as SymbolKind, slot.slice(colon + 1));
}

// Implementation

function countUses(
  nodes: readonly IrNode[],
  outputs: readonly Output[],
  known: ReadonlyMap<number, Term>,
): Map<number, number> {
  const uses = new Map<number, number>();
  const visit = (id: number) => {
    const before = uses.get(id) ?? 0;
    uses.set(id, before + 1);
    const node = nodes[id];
    if (before > 0 || known.has(id) || node.kind !== "operation") return;
    for (const o of node.operands) visit(o);
  };
  for (const { node } of outputs) visit(node);
  return uses;
}
