/**
 * @file Print one update of a synapse with vector operations; the loop over synapses, and where their values lie, is
 * the caller's. Before the loop {@link prepareSynapse} may compute what all visits share.
 */

import type { IrNode } from "../../ir/kernel.ts";
import { buildSynapse, parseSlot, type SynapseKernel, type SynapseValue } from "../../ir/synapse.ts";
import type { PlannedSynapse } from "../../plan/synapse.ts";
import { BodyPrinter, FLUSH_BELOW, pushState } from "./body-printer.ts";
import type { Local } from "./function-builder.ts";
import { pushConstant, type VectorContext } from "./vector-operations.ts";

/** Where the values of one synapse come from and go to, as code. */
export interface SynapseAccess {
  /** Push a value in every lane; lanes that stand for different synapses may differ. The name of the time is `t`. */
  load(kind: SynapseValue, name: string): void;
  store(name: string, value: Local): void;
}

/** Values that code printed earlier has left in locals of the same function. */
export interface PreparedSynapse {
  nodes: ReadonlyMap<number, Local>;
  constants: ReadonlyMap<number, Local>;
}

/**
 * Print, ahead of a loop, whatever is the same at every visit of it: constants, parameters, and all that is made of
 * them, such as exp(-dt / tau).
 *
 * @param options.dt - Length of a step [ms], as given to `printSynapse`.
 * @param options.fixed - What does not change in the loop, default parameters and the time; in a loop over the synapses
 *   of one neuron also its side.
 * @param options.prepared - From around an outer loop: only what is new is computed.
 * @returns For the option `prepared` of `printSynapse`.
 */
export function prepareSynapse(
  synapse: PlannedSynapse,
  context: VectorContext,
  options: { dt: number; fixed?: readonly SynapseValue[]; prepared?: PreparedSynapse },
  access: Pick<SynapseAccess, "load">,
): PreparedSynapse {
  const { dt, fixed = ["parameter", "time"], prepared } = options;
  const kernel = buildSynapse(synapse, dt);
  const body = bodyPrinter(kernel, context, access, prepared);
  const constants = new Map(prepared?.constants);
  for (const value of [0, FLUSH_BELOW[context.precision]]) {
    if (constants.has(value)) continue;
    const local = context.code.local("v128");
    pushConstant(context, value);
    context.code.set(local);
    constants.set(value, local);
  }
  const isFixed = fixedNodes(kernel.nodes, fixed);
  body.hoist(
    kernel.stores.map((s) => s.node),
    (_, id) => isFixed[id] && !prepared?.nodes.has(id),
  );
  return { nodes: body.hoisted, constants };
}

/**
 * Print one update of a synapse. All new values are computed before any is stored, in order of `synapse.variables`;
 * values nearer to 0 than FLUSH_BELOW are stored as 0.
 *
 * @param options.dt - Length of a step [ms].
 * @param options.flag - A v128 that becomes NaN in the lanes where a stored value is not finite.
 * @param options.prepared - What {@link prepareSynapse} has computed; default: everything is computed here.
 */
export function printSynapse(
  synapse: PlannedSynapse,
  context: VectorContext,
  options: { dt: number; flag: Local; prepared?: PreparedSynapse },
  access: SynapseAccess,
): void {
  const { dt, flag, prepared } = options;
  const kernel = buildSynapse(synapse, dt);
  const body = bodyPrinter(kernel, context, access, prepared);
  const values = body.compute(kernel.stores.map((s) => s.node));
  const push = (x: number) => {
    const known = prepared?.constants.get(x);
    if (known) context.code.get(known);
    else pushConstant(context, x);
  };
  kernel.stores.forEach(({ variable }, k) => {
    pushState(context, values[k], flag, push);
    context.code.set(values[k]);
    access.store(variable, values[k]);
  });
}

// Implementation

function bodyPrinter(
  { nodes }: SynapseKernel,
  context: VectorContext,
  { load }: Pick<SynapseAccess, "load">,
  prepared: PreparedSynapse | undefined,
): BodyPrinter {
  const pushSlot = (slot: string) => {
    const { kind, name } = parseSlot(slot);
    load(kind, name);
  };
  return new BodyPrinter(nodes, context, pushSlot, prepared?.nodes);
}

/** Which nodes depend on nothing but constants and values of these kinds. */
function fixedNodes(nodes: readonly IrNode[], kinds: readonly SynapseValue[]): boolean[] {
  const fixed: boolean[] = [];
  for (const n of nodes) {
    if (n.kind === "constant") fixed.push(true);
    else if (n.kind === "load") fixed.push(kinds.includes(parseSlot(n.slot).kind));
    else fixed.push(n.operands.every((o) => fixed[o]));
  }
  return fixed;
}
