/**
 * @file Arithmetic on nodes for derivatives: every value once, and no work for what is known to be 0 or 1.
 *
 * Unlike the terms of a user, 0 · x may be dropped here: a factor that is the constant 0 means that there is no path.
 */

import { type IrNode, SCALAR } from "../ir/kernel.ts";
import { NodeTable } from "../ir/node-table.ts";
import type { Operation, SymbolKind } from "../term.ts";

/** Nodes of a step and of its derivative, in topological order. */
export class Algebra {
  readonly #table = new NodeTable();
  /** The constants 0 and 1. */
  readonly zero = this.#table.constant(0);
  readonly one = this.#table.constant(1);

  get nodes(): readonly IrNode[] {
    return this.#table.nodes;
  }

  constant(value: number): number {
    return this.#table.constant(value);
  }

  symbol(kind: SymbolKind, name: string): number {
    return this.#table.load(`${kind}:${name}`, SCALAR, kind === "parameter" || kind === "step");
  }

  operation(name: Operation, operands: number[]): number {
    return this.#table.operation(name, operands);
  }

  /** An operation on nodes, written flat. */
  apply(name: Operation, ...operands: number[]): number {
    return this.#table.operation(name, operands);
  }

  add(a: number, b: number): number {
    if (a === this.zero) return b;
    return b === this.zero ? a : this.apply("add", a, b);
  }

  subtract(a: number, b: number): number {
    if (b === this.zero) return a;
    return a === this.zero ? this.negate(b) : this.apply("subtract", a, b);
  }

  negate(a: number): number {
    if (a === this.zero) return a;
    const node = this.nodes[a];
    return node.kind === "operation" && node.operation === "negate"
      ? node.operands[0]
      : this.apply("negate", a);
  }

  multiply(a: number, b: number): number {
    if (a === this.zero || b === this.zero) return this.zero;
    if (a === this.one) return b;
    return b === this.one ? a : this.apply("multiply", a, b);
  }

  divide(a: number, b: number): number {
    return a === this.zero || b === this.one ? a : this.apply("divide", a, b);
  }

  select(condition: number, a: number, b: number): number {
    return a === b ? a : this.apply("select", condition, a, b);
  }

  /** `value`, but 0 where `g` is 0, even if `value` is infinite or NaN there. */
  unlessZero(g: number, value: number): number {
    if (value === this.zero) return value;
    return this.select(this.apply("equal", g, this.zero), this.zero, value);
  }

  /** c₀ + c₁ x + c₂ x² + …, by Horner's rule. */
  polynomial(x: number, coefficients: readonly number[]): number {
    return coefficients
      .map((c) => this.constant(c))
      .reduceRight((sum, c) => this.add(c, this.multiply(x, sum)));
  }
}
