/**
 * @file What an integrator is to the planner: from the rates of its lines to their values one step later.
 */

import type { Span } from "../../../core/index.ts";
import type { Locality } from "../../check/model.ts";
import { add, multiply, substitute, symbol, type Term } from "../../term.ts";

/** d(variable)/dt = rate. */
export interface OdeLine {
  variable: string;
  rate: Term;
  locality: Locality;
  span: Span;
}

/** Give a value a name, so that it is computed once; returns its symbol. */
export type Name = (value: Term, locality: Locality) => Term;
/** Report that a method cannot treat a line. */
export type Refuse = (line: OdeLine, what: string, hint: string) => never;

/** The value of each line's variable at the end of the step, from values at its start. */
export type Integrator = (lines: OdeLine[], name: Name, refuse: Refuse) => Term[];

/** h, the length of a step [ms]. */
export const stepLength: Term = symbol("step", "dt");
/** A line's variable at the start of the step. */
export const oldValue = (line: OdeLine): Term => symbol("variable", line.variable);

/** value + factor · change */
export const advance = (value: Term, factor: Term, change: Term): Term =>
  add(value, multiply(factor, change));

/** Rates of all lines with each line's variable replaced by its value in `state`; all else is held constant. */
export function ratesAt(lines: OdeLine[], state: Term[]): Term[] {
  const values = new Map(lines.map((line, k) => [line.variable, state[k]]));
  return lines.map((line) =>
    substitute(line.rate, (kind, name) => (kind === "variable" ? values.get(name) : undefined)),
  );
}
