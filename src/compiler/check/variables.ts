/**
 * @file The variables of a model, from the flags of all lines that assign them.
 */

import { suggest } from "../../core/index.ts";
import { sourceError } from "../parse/source.ts";
import type { Expression, Statement } from "../parse/syntax.ts";
import { dependsOn, type Term } from "../term.ts";
import type { CheckedFlags } from "./flags.ts";
import type { Section, Variable } from "./model.ts";
import { resolveNumber } from "./resolve.ts";
import { newScope, type Scope } from "./scope.ts";

/** A statement with its flags and the section it stands in. */
export interface Line {
  statement: Statement;
  flags: CheckedFlags;
  section: Section;
}

/** The variables of all lines with their starting values and clamps, in order of declaration. */
export function collectVariables(whole: Scope, lines: Line[]): Variable[] {
  return [...whole.variables].map(([name, { locality }]) => {
    const variable: Variable = { name, locality };
    for (const { statement, flags, section } of lines) {
      if (statement.variable !== name) continue;
      const scope = { ...whole, source: section.source };
      const { initial, minimum, maximum } = flags;
      const repeated = (["initial", "minimum", "maximum"] as const).find(
        (key) => flags[key] && variable[key],
      );
      if (repeated) {
        throw sourceError(scope.source, statement.span, {
          code: "repeated-flag",
          what: `"${name}" has its ${repeated} value on two lines`,
          hint: "Give it on one of them.",
        });
      }
      if (initial) variable.initial = resolveInitial(scope, initial);
      if (minimum) variable.minimum = resolveNumber(minimum, scope, locality);
      if (maximum) variable.maximum = resolveNumber(maximum, scope, locality);
    }
    return variable;
  });
}

/** The value of a prune flag. @throws CajalError `bad-prune`. */
export function resolvePrune(scope: Scope, e: Expression): Term {
  const { term } = resolveBare(scope, e);
  if (dependsOn(term, (kind) => kind !== "parameter")) {
    throw sourceError(scope.source, e.span, {
      code: "bad-prune",
      what: "the threshold of prune= is made of numbers and parameters",
      hint: "Write prune=1e-10, for example.",
    });
  }
  return term;
}

// Implementation

/** A starting value may use parameters and, in neurons, random numbers, no state. Its draws are not part of the step. */
function resolveInitial(scope: Scope, e: Expression): Term {
  const { term, bare } = resolveBare(scope, e);
  const problem = (what: string) =>
    sourceError(scope.source, e.span, {
      code: "bad-initial",
      what,
      hint: `Known here: ${suggest("", scope.parameters)}`,
    });
  if (bare.targets.length > 0) throw problem("a starting value cannot read a weighted sum");
  if (scope.owner === "synapse" && dependsOn(term, (kind) => kind !== "parameter"))
    throw problem("the starting value of a synapse's variable is made of numbers and parameters");
  return term;
}

/** A value that no state goes into, resolved beside the step: what it draws or reads is kept apart. */
function resolveBare(scope: Scope, e: Expression): { term: Term; bare: Scope } {
  const { owner, source, parameters } = scope;
  const bare = newScope(owner, source, [...parameters]);
  return { term: resolveNumber(e, bare, "unit"), bare };
}
