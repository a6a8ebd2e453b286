/**
 * @file Reverse mode on a graph: from the adjoints of some nodes to those of the leaves.
 */

import type { IrNode } from "../ir/kernel.ts";
import type { Operation } from "../term.ts";
import type { Algebra } from "./algebra.ts";
import { backward, SINGULAR } from "./derivatives.ts";
import type { Surrogate } from "./surrogate.ts";

/** What a reverse pass works on. */
export interface ReverseOptions {
  surrogate: Surrogate | undefined;
  /** Whether an adjoint of this leaf is wanted, by slot (`variable:x`). */
  isWanted(slot: string): boolean;
}

/**
 * Adjoints of the wanted leaves behind `seeds`.
 *
 * An adjoint of exactly 0 hands on exactly 0, even where a derivative is infinite or an untaken branch is NaN: the
 * value is then selected, not multiplied. So `if x > 0: sqrt(x) else: 0` is safe at x = −1, and trials past their end
 * add nothing.
 *
 * @param seeds - Adjoint node of each node to start from; both belong to `algebra`.
 * @returns Adjoint node of each leaf that has one.
 */
export function reverse(
  algebra: Algebra,
  seeds: ReadonlyMap<number, number>,
  options: ReverseOptions,
): Map<number, number> {
  const nodes = algebra.nodes;
  const count = nodes.length;
  const active = activeNodes(nodes, count, options);
  const risky = riskyNodes(nodes, count);
  const adjoints = new Map(seeds);
  const gated = new Set<number>();
  for (let id = count - 1; id >= 0; id--) {
    const g = adjoints.get(id);
    const node = nodes[id];
    if (g === undefined || node.kind !== "operation") continue;
    const { operation, operands } = node;
    const inGate = gated.has(id);
    const handed = backward(operation, { algebra, g, y: id, operands, surrogate: options.surrogate });
    const guard = SINGULAR.has(operation) || (inGate && [id, ...operands].some((n) => risky.has(n)));
    operands.forEach((operand, k) => {
      if (inGate || GATES.has(operation)) gated.add(operand);
      if (!active.has(operand) || handed[k] === algebra.zero) return;
      const safe = guard && handed[k] !== g ? algebra.unlessZero(g, handed[k]) : handed[k];
      adjoints.set(operand, algebra.add(adjoints.get(operand) ?? algebra.zero, safe));
    });
    adjoints.delete(id);
  }
  for (const [id] of adjoints) {
    const node = nodes[id];
    if (node.kind !== "load" || !options.isWanted(node.slot)) adjoints.delete(id);
  }
  return adjoints;
}

// Implementation

/** Operations behind which an adjoint may be exactly 0 while values are not finite. */
const GATES = new Set<Operation>(["select", "minimum", "maximum"]);

/** Operations that can be infinite or NaN while their operands are finite. */
const RISKY = new Set<Operation>(["log", "power", "exp", "expm1", "exprel", "squareRoot", "asin", "acos"]);

/** Nodes that depend on a wanted leaf. */
function activeNodes(nodes: readonly IrNode[], count: number, { isWanted }: ReverseOptions): Set<number> {
  const active = new Set<number>();
  for (let id = 0; id < count; id++) {
    const n = nodes[id];
    if (
      n.kind === "load" ? isWanted(n.slot) : n.kind === "operation" && n.operands.some((o) => active.has(o))
    )
      active.add(id);
  }
  return active;
}

/** Nodes that may not be finite. */
function riskyNodes(nodes: readonly IrNode[], count: number): Set<number> {
  const risky = new Set<number>();
  for (let id = 0; id < count; id++) {
    const n = nodes[id];
    if (n.kind !== "operation") continue;
    const byItself = RISKY.has(n.operation) || (n.operation === "divide" && !nodes[n.operands[1]].invariant);
    if (byItself || n.operands.some((o) => risky.has(o))) risky.add(id);
  }
  return risky;
}
