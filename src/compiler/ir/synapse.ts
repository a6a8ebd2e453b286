/**
 * @file From the planned updates of a synapse to nodes: what one visit computes, each value once.
 */

import type { Variable } from "../check/model.ts";
import type { Action } from "../plan/plan.ts";
import { type IrNode, SCALAR } from "./kernel.ts";
import { lowerActions } from "./lower.ts";
import { NodeTable } from "./node-table.ts";

/** Where a value of a synapse comes from. */
export type SynapseValue = "variable" | "pre" | "post" | "parameter" | "time";

/** All that one visit of a synapse computes. */
export interface SynapseKernel {
  /** In topological order; the slot of a load reads `kind:name`, as {@link parseSlot} takes it apart. */
  nodes: IrNode[];
  stores: { variable: string; node: number }[];
}

/** Build the kernel of a synapse; the same synapse and step give the same nodes. @param dt - Length of a step [ms]. */
export function buildSynapse(
  synapse: { variables: readonly Variable[]; actions: readonly Action[] },
  dt: number,
): SynapseKernel {
  const table = new NodeTable();
  const current = lowerActions(synapse.actions, {
    constant: (value) => table.constant(value),
    operation: (name, operands) => table.operation(name, operands),
    symbol: (kind, name) =>
      kind === "step" ? table.constant(dt) : table.load(`${kind}:${name}`, SCALAR, kind === "parameter"),
  });
  const stores = synapse.variables.map(({ name }) => ({ variable: name, node: current.get(name)! }));
  return { nodes: table.nodes, stores };
}

/** Kind and name of a load. */
export function parseSlot(slot: string): { kind: SynapseValue; name: string } {
  const colon = slot.indexOf(":");
  return { kind: slot.slice(0, colon) as SynapseValue, name: slot.slice(colon + 1) };
}
