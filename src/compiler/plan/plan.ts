/**
 * @file From checked statements to the list of updates that one step executes. What is planned here is what is
 * simulated, and what a gradient would differentiate.
 *
 * Order within a step: statements run as written. Assignments are sequential and see fresh values. Consecutive ODE
 * lines are one simultaneous block: all new values are computed from the old ones, then all are stored. A clamp acts
 * when its variable is stored. The rules of a neuron run after its equations, in order; a rule that is switched off
 * stores nothing new.
 */

import { affineIn } from "../affine.ts";
import type { CheckedModel, CheckedStatement, Locality, Method, Variable } from "../check/model.ts";
import { type Source, sourceError } from "../parse/source.ts";
import { dependsOn, operation, symbol, type Term } from "../term.ts";
import { activeParameter, whileActive } from "./active.ts";
import { binaryVariables } from "./binary.ts";
import { METHODS, type OdeLine } from "./methods/index.ts";

/** One update. */
export type Action =
  /** Name a value for later actions of the same step. */
  | { kind: "temporary"; name: string; locality: Locality; value: Term }
  /** Give a variable its new value, clamped. */
  | { kind: "store"; variable: string; value: Term };

/** How fast an explicit ODE relaxes: d(rate)/d(variable) when it is affine; Euler needs |slope| · dt well below 1. */
export interface Relaxation {
  variable: string;
  slope: Term;
  /** Whether the line says `explicit` itself: a long step is then meant. */
  stated: boolean;
}

/** A model with its updates in order. */
export interface PlannedModel extends Omit<CheckedModel, "statements"> {
  actions: Action[];
  relaxations: Relaxation[];
  /** Variables of the units that are always 0 or 1, such as `x = sum(exc) - T > 0`. */
  binary: string[];
}

type Ode = Extract<CheckedStatement, { kind: "ode" }>;

/** Plan the updates of one step. @throws CajalError `not-affine`, `mixed-methods`. */
export function planModel(model: CheckedModel): PlannedModel {
  const { statements, ...rest } = model;
  const actions = planActions(statements, model.variables);
  return {
    ...rest,
    parameters: [...model.parameters, ...model.rules.map(activeParameter)],
    actions,
    relaxations: relaxations(statements),
    binary: binaryVariables(model.variables, actions),
  };
}

/** The updates of statements in order. @throws CajalError `not-affine`, `mixed-methods`, `two-odes`. */
export function planActions(
  statements: readonly CheckedStatement[],
  variables: readonly Variable[],
): Action[] {
  const actions: Action[] = [];
  const byName = new Map(variables.map((v) => [v.name, v]));
  for (let k = 0; k < statements.length; ) {
    const { section } = statements[k];
    const planned: Action[] = [];
    const block: Ode[] = [];
    // A rule is a block of its own: freezing it must not change how the lines before it are integrated.
    for (; k < statements.length && statements[k].section === section; k++) {
      const s = statements[k];
      if (s.kind !== "ode") break;
      block.push(s);
    }
    if (block.length > 0) planned.push(...planBlock(block, byName, actions.length));
    else {
      const s = statements[k++] as Extract<CheckedStatement, { kind: "assign" }>;
      planned.push(store(byName.get(s.variable)!, s.value));
    }
    actions.push(...(section.rule === undefined ? planned : whileActive(planned, section.rule)));
  }
  return actions;
}

// Implementation

function planBlock(block: Ode[], byName: Map<string, Variable>, first: number): Action[] {
  const { source } = block[0].section;
  checkBlock(source, block);
  const actions: Action[] = [];
  let count = 0;
  const stores: Action[] = [];
  for (const method of new Set(block.map((o) => o.method))) {
    const lines = block.filter((o) => o.method === method);
    const name = (value: Term, locality: Locality): Term => {
      const temporary = `${first}.${count++}`;
      actions.push({ kind: "temporary", name: temporary, locality, value });
      return symbol("temporary", temporary);
    };
    const odes = lines.map((line): OdeLine => ({ ...line, locality: byName.get(line.variable)!.locality }));
    const next = METHODS[method](odes, name, (line, what, hint) => {
      throw sourceError(source, line.span, { code: "not-affine", what, hint });
    });
    lines.forEach((line, k) => {
      stores.push(store(byName.get(line.variable)!, name(next[k], odes[k].locality)));
    });
  }
  return [...actions, ...stores];
}

const JOINT = new Set<Method>(["implicit", "midpoint", "rk4"]);

/** Joint methods solve their lines together; two of them in one coupled block have no common meaning. */
function checkBlock(source: Source, block: Ode[]): void {
  const seen = new Set<string>();
  for (const ode of block) {
    if (seen.has(ode.variable)) {
      throw sourceError(source, ode.span, {
        code: "two-odes",
        what: `"${ode.variable}" has two ODEs in one block`,
        hint: "Add their right sides in one line.",
      });
    }
    seen.add(ode.variable);
    const clash = block.find(
      (other) =>
        other.method !== ode.method &&
        JOINT.has(other.method) &&
        JOINT.has(ode.method) &&
        dependsOn(ode.rate, (kind, name) => kind === "variable" && name === other.variable),
    );
    if (clash) {
      throw sourceError(source, ode.span, {
        code: "mixed-methods",
        what: `"${ode.variable}" (${ode.method}) is coupled to "${clash.variable}" (${clash.method})`,
        hint: "Give coupled ODEs one method, or separate them by an assignment.",
      });
    }
  }
}

function store({ name, minimum, maximum }: Variable, value: Term): Action {
  let clamped = value;
  if (minimum) clamped = operation("maximum", clamped, minimum);
  if (maximum) clamped = operation("minimum", clamped, maximum);
  return { kind: "store", variable: name, value: clamped };
}

function relaxations(statements: CheckedStatement[]): Relaxation[] {
  const found: Relaxation[] = [];
  for (const s of statements) {
    if (s.kind !== "ode" || s.method !== "explicit") continue;
    const affine = affineIn(s.rate, "variable", s.variable);
    const constantSlope =
      affine && !dependsOn(affine.slope, (kind) => kind !== "parameter" && kind !== "step");
    if (constantSlope) found.push({ variable: s.variable, slope: affine.slope, stated: s.stated });
  }
  return found;
}
