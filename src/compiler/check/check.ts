/**
 * @file From the text of a neuron to a checked model: names resolved, gradients solved for, flags placed.
 */

import { suggest } from "../../core/index.ts";
import { affineIn } from "../affine.ts";
import { parseEquations } from "../parse/parser.ts";
import { type Source, sourceError } from "../parse/source.ts";
import type { Statement } from "../parse/syntax.ts";
import { add, divide, multiply, negate, subtract, symbol, type Term } from "../term.ts";
import { type CheckedFlags, checkFlags } from "./flags.ts";
import type { CheckedModel, CheckedStatement, Method, Variable } from "./model.ts";
import { RESERVED, resolveNumber, type Scope } from "./resolve.ts";

/**
 * Parse and check the equations of a neuron.
 *
 * @param parameters - Names that are constant during a run.
 * @param options.method - Method of ODEs without a flag, default `explicit` (forward Euler).
 * @throws CajalError with line, caret and mend.
 */
export function checkNeuron(
  source: Source,
  parameters: readonly string[],
  options: { method?: Method } = {},
): CheckedModel {
  const { method = "explicit" } = options;
  const statements = parseEquations(source);
  const flags = statements.map((s) => checkFlags(source, s));
  const scope: Scope = {
    source,
    parameters: new Set(parameters),
    variables: new Map(),
    targets: [],
    reductions: [],
    randoms: [],
  };
  statements.forEach((s, k) => {
    declare(scope, s, flags[k]);
  });
  if (scope.variables.size === 0) {
    throw sourceError(
      source,
      { start: 0, end: 0 },
      {
        code: "no-equations",
        what: "the model has no equations",
        hint: `Write at least one line, e.g. "r = tanh(sum(exc))".`,
      },
    );
  }
  const checked = statements.map((s, k) => checkStatement(scope, s, flags[k].method ?? method));
  const variables = collectVariables(scope, statements, flags);
  const { targets, reductions, randoms } = scope;
  return {
    source,
    parameters: [...parameters],
    variables,
    targets,
    reductions,
    randoms,
    statements: checked,
  };
}

// Implementation

function declare(scope: Scope, s: Statement, flags: CheckedFlags): void {
  const { source } = scope;
  if (RESERVED.has(s.variable)) {
    throw sourceError(source, s.variableSpan, {
      code: "reserved-name",
      what: `"${s.variable}" is reserved by the language`,
      hint: `Choose another name, e.g. "${s.variable}_0".`,
    });
  }
  if (scope.parameters.has(s.variable)) {
    throw sourceError(source, s.variableSpan, {
      code: "assigned-parameter",
      what: `"${s.variable}" is a parameter and cannot be assigned`,
      hint: "Parameters are constant during a run; rename the variable or drop the parameter.",
    });
  }
  const known = scope.variables.get(s.variable);
  const locality = flags.locality ?? known?.locality ?? "unit";
  if (known && known.locality !== locality) {
    throw sourceError(source, s.variableSpan, {
      code: "wrong-locality",
      what: `"${s.variable}" is ${known.locality === "unit" ? "local" : "of the population"} in an earlier line`,
      hint: "Give all its lines the same locality.",
    });
  }
  scope.variables.set(s.variable, { locality });
}

function checkStatement(scope: Scope, s: Statement, method: Method): CheckedStatement {
  const { locality } = scope.variables.get(s.variable)!;
  if (s.kind === "ode") {
    return { kind: "ode", variable: s.variable, rate: solveGradient(scope, s), method, span: s.span };
  }
  const value = resolveNumber(s.value, scope, locality);
  const old = symbol("variable", s.variable);
  const build: Record<string, () => Term> = {
    "=": () => value,
    "+=": () => add(old, value),
    "-=": () => subtract(old, value),
    "*=": () => multiply(old, value),
    "/=": () => divide(old, value),
  };
  return { kind: "assign", variable: s.variable, value: build[s.operator](), span: s.span };
}

/** Solve left = right for the gradient, which must stand linearly on the left. */
function solveGradient(scope: Scope, s: Extract<Statement, { kind: "ode" }>): Term {
  const { locality } = scope.variables.get(s.variable)!;
  const left = resolveNumber(s.left, scope, locality);
  const right = resolveNumber(s.right, scope, locality);
  const affine = affineIn(left, "gradient", s.variable);
  if (affine === undefined) {
    throw sourceError(scope.source, s.left.span, {
      code: "nonlinear-gradient",
      what: `d${s.variable}/dt must stand linearly on the left side`,
      hint: `Bring the line to the form "tau * d${s.variable}/dt = …".`,
    });
  }
  return divide(negate(subtract(affine.offset, right)), affine.slope);
}

function collectVariables(scope: Scope, statements: Statement[], flags: CheckedFlags[]): Variable[] {
  return [...scope.variables].map(([name, { locality }]) => {
    const variable: Variable = { name, locality };
    statements.forEach((s, k) => {
      if (s.variable !== name) return;
      const { initial, minimum, maximum } = flags[k];
      const repeated = (["initial", "minimum", "maximum"] as const).find(
        (key) => flags[k][key] && variable[key],
      );
      if (repeated) {
        throw sourceError(scope.source, s.span, {
          code: "repeated-flag",
          what: `"${name}" has its ${repeated} value on two lines`,
          hint: "Give it on one of them.",
        });
      }
      if (initial) variable.initial = resolveInitial(scope, initial);
      if (minimum) variable.minimum = resolveNumber(minimum, scope, locality);
      if (maximum) variable.maximum = resolveNumber(maximum, scope, locality);
    });
    return variable;
  });
}

/** A starting value may use parameters and random numbers, no state. Its draws are not part of the step. */
function resolveInitial(scope: Scope, e: Parameters<typeof resolveNumber>[0]): Term {
  const bare: Scope = { ...scope, variables: new Map(), targets: [], reductions: [], randoms: [] };
  const term = resolveNumber(e, bare, "unit");
  if (bare.targets.length > 0) {
    throw sourceError(scope.source, e.span, {
      code: "bad-initial",
      what: "a starting value cannot read a weighted sum",
      hint: `Known here: ${suggest("", scope.parameters)}`,
    });
  }
  return term;
}
