/**
 * @file Which variables are always 0 or 1? Decided on the planned updates; products of such variables need only the
 * units that are 1.
 */

import type { Variable } from "../check/model.ts";
import type { Term } from "../term.ts";
import type { Action } from "./plan.ts";

/** Variables of the units whose starting value and all stored values are truth values, in order of declaration. */
export function binaryVariables(variables: readonly Variable[], actions: readonly Action[]): string[] {
  // Begin with all and drop until nothing changes: variables may copy each other, as in x_prev = x.
  const candidates = new Set(variables.filter((v) => v.locality === "unit").map((v) => v.name));
  for (const v of variables) if (v.initial && !isBinary(v.initial, candidates)) candidates.delete(v.name);
  for (let before = -1; before !== candidates.size; ) {
    before = candidates.size;
    for (const action of actions) {
      if (action.kind === "store" && !isBinary(action.value, candidates)) candidates.delete(action.variable);
    }
  }
  return [...candidates];
}

// Implementation

function isBinary(t: Term, variables: ReadonlySet<string>): boolean {
  if (t.kind === "constant") return t.value === 0 || t.value === 1;
  if (t.kind === "symbol") return t.symbol === "variable" && variables.has(t.name);
  const binary = (k: number) => isBinary(t.operands[k], variables);
  switch (t.operation) {
    case "fromBoolean":
      return true;
    case "select":
      return binary(1) && binary(2);
    case "multiply":
    case "minimum":
    case "maximum":
      return binary(0) && binary(1);
    case "subtract":
      return t.operands[0].kind === "constant" && t.operands[0].value === 1 && binary(1);
    default:
      return false;
  }
}
