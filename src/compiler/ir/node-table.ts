/**
 * @file The nodes of a graph under construction, each value once: equal operations on equal operands are one node.
 */

import { isBooleanOperation, type Operation } from "../term.ts";
import { fold } from "./fold.ts";
import { type IrNode, SCALAR, type Shape, type SlotName } from "./kernel.ts";

/** Nodes in topological order; every method returns the index of a node, new or known. */
export class NodeTable {
  readonly nodes: IrNode[] = [];
  readonly #known = new Map<string, number>();

  constant(value: number): number {
    return this.#unique(`constant ${Object.is(value, -0) ? "-0" : value}`, () => ({
      kind: "constant",
      value,
      shape: SCALAR,
      invariant: true,
      boolean: false,
    }));
  }

  /** @param invariant - Whether the slot keeps its value during a run. */
  load(slot: SlotName, shape: Shape, invariant: boolean): number {
    return this.#unique(`load ${slot}`, () => ({ kind: "load", slot, shape, invariant, boolean: false }));
  }

  operation(name: Operation, operands: number[]): number {
    const nodes = operands.map((o) => this.nodes[o]);
    const folded = fold(name, nodes);
    if (folded !== undefined) return this.constant(folded);
    return this.#unique(`${name} ${operands.join(" ")}`, () => ({
      kind: "operation",
      operation: name,
      operands,
      shape: nodes.reduce<number>((axes, n) => axes | n.shape, SCALAR) as Shape,
      invariant: nodes.every((n) => n.invariant),
      boolean: isBooleanOperation(name),
    }));
  }

  #unique(key: string, make: () => IrNode): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.nodes.push(make());
    this.#known.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }
}
