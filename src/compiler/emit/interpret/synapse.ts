/**
 * @file One update of a synapse by walking its plan, with the same bits on every engine: the reference of the printed
 * kernel, and good enough for small runs.
 */

import type { SynapseValue } from "../../ir/synapse.ts";
import type { PlannedSynapse } from "../../plan/synapse.ts";
import { evaluate, type Lookup, PORTABLE } from "./evaluate.ts";

/** Value of a synapse's name; the name of the time is `t`. */
export type ReadSynapse = (kind: SynapseValue, name: string) => number;
/** Takes the new value of a variable of a synapse. */
export type WriteSynapse = (name: string, value: number) => void;

/**
 * A function that updates one synapse: all new values are computed before any is written, in order of
 * `synapse.variables`.
 *
 * @param options.dt - Length of a step [ms].
 * @param options.flushBelow - Values nearer to 0 are written as 0, as the compiled kernels do.
 * @returns The function; it returns whether all values written are finite.
 */
export function interpretSynapse(
  synapse: PlannedSynapse,
  options: { dt: number; flushBelow: number },
): (read: ReadSynapse, write: WriteSynapse) => boolean {
  const { actions, variables } = synapse;
  const { dt, flushBelow } = options;
  const fresh = new Map<string, number>();
  const temporaries = new Map<string, number>();
  return (read, write) => {
    fresh.clear();
    temporaries.clear();
    const lookup: Lookup = (kind, name) => {
      if (kind === "step") return dt;
      if (kind === "temporary") return temporaries.get(name)!;
      return (kind === "variable" ? fresh.get(name) : undefined) ?? read(kind as SynapseValue, name);
    };
    for (const action of actions) {
      const value = evaluate(action.value, lookup, PORTABLE);
      if (action.kind === "temporary") temporaries.set(action.name, value);
      else fresh.set(action.variable, value);
    }
    let finite = true;
    for (const { name } of variables) {
      const value = fresh.get(name)!;
      finite &&= Number.isFinite(value);
      write(name, Math.abs(value) < flushBelow ? 0 : value);
    }
    return finite;
  };
}
