/**
 * @file From the text of a neuron or a synapse to a checked model: names resolved, gradients solved for, flags placed.
 */

import { affineIn } from "../affine.ts";
import { parseEquations } from "../parse/parser.ts";
import { type Source, sourceError } from "../parse/source.ts";
import type { Statement } from "../parse/syntax.ts";
import { add, divide, multiply, negate, subtract, symbol, type Term } from "../term.ts";
import { type CheckedFlags, checkFlags, type Owner } from "./flags.ts";
import type { CheckedModel, CheckedStatement, CheckedSynapse, Method, Section } from "./model.ts";
import { resolveNumber } from "./resolve.ts";
import { newScope, RESERVED, type Scope } from "./scope.ts";
import { collectVariables, type Line, resolvePrune } from "./variables.ts";

/**
 * Parse and check the equations of a neuron.
 *
 * @param parameters - Names that are constant during a run.
 * @param options.method - Method of ODEs without a flag, default `explicit` (forward Euler).
 * @param options.rules - Further lines that run after the equations and can be switched off, in order.
 * @throws CajalError with line, caret and mend.
 */
export function checkNeuron(
  source: Source,
  parameters: readonly string[],
  options: { method?: Method; rules?: readonly Required<Section>[] } = {},
): CheckedModel {
  const { method = "explicit", rules = [] } = options;
  const scope = newScope("neuron", source, parameters);
  const lines = readLines(scope, [{ source }, ...rules]);
  const statements = lines.map((line) => checkLine(scope, line, method));
  const variables = collectVariables(scope, lines);
  const { targets, reductions, randoms } = scope;
  return {
    source,
    parameters: [...parameters],
    variables,
    targets,
    reductions,
    randoms,
    rules: rules.map((r) => r.rule),
    statements,
  };
}

/**
 * Parse and check the equations of a synapse.
 *
 * @param parameters - Names that are constant during a run, one value for the whole projection.
 * @param options.method - Method of ODEs without a flag, default `explicit` (forward Euler).
 * @throws CajalError with line, caret and mend.
 */
export function checkSynapse(
  source: Source,
  parameters: readonly string[],
  options: { method?: Method } = {},
): CheckedSynapse {
  const { method = "explicit" } = options;
  const scope = newScope("synapse", source, parameters);
  scope.variables.set("w", { locality: "unit" });
  const lines = readLines(scope, [{ source }]);
  const weightLines = lines.filter(({ statement }) => statement.variable === "w");
  if (weightLines.length === 0) {
    throw sourceError(source, lines[0].statement.span, {
      code: "no-weight-update",
      what: `the equations never change the weight "w"`,
      hint: `Add a line such as "w += eta * pre.r * post.r"; weights that stay need no synapse equations.`,
    });
  }
  const statements = lines.map((line) => checkLine(scope, line, method));
  const variables = collectVariables(scope, lines);
  const prunes = weightLines.flatMap(({ flags }) => (flags.prune ? [flags.prune] : []));
  if (prunes.length > 1) {
    throw sourceError(source, prunes[1].span, {
      code: "repeated-flag",
      what: `"w" has its prune value on two lines`,
      hint: "Give it on one of them.",
    });
  }
  const { pre, post } = scope;
  return {
    source,
    parameters: [...parameters],
    variables,
    pre,
    post,
    ...(prunes.length === 0 ? {} : { prune: resolvePrune(scope, prunes[0]) }),
    statements,
  };
}

// Implementation

/** Parse all sections and declare their variables. */
function readLines(scope: Scope, sections: readonly Section[]): Line[] {
  const home = new Map<string, Section>();
  return sections.flatMap((section) => {
    const { source } = section;
    const statements = parseEquations(source);
    if (statements.length === 0) throw noEquations(scope.owner, section);
    return statements.map((statement): Line => {
      const flags = checkFlags(source, statement, scope.owner);
      declare({ ...scope, source }, statement, flags);
      const first = home.get(statement.variable) ?? section;
      home.set(statement.variable, first);
      if (first.rule !== undefined && first !== section) {
        throw sourceError(source, statement.variableSpan, {
          code: "foreign-variable",
          what: `"${statement.variable}" belongs to the rule "${first.rule}"`,
          hint: "Rules share the variables of the equations only; declare it there, or choose another name.",
        });
      }
      return { statement, flags, section };
    });
  });
}

function noEquations(owner: Owner, { source, rule }: Section) {
  const example = owner === "neuron" ? "r = tanh(sum(exc))" : "w += eta * pre.r * post.r";
  return sourceError(
    source,
    { start: 0, end: 0 },
    {
      code: "no-equations",
      what: `the ${rule === undefined ? "model" : "rule"} has no equations`,
      hint: `Write at least one line, e.g. "${example}".`,
    },
  );
}

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

function checkLine(whole: Scope, { statement: s, flags, section }: Line, fallback: Method): CheckedStatement {
  const scope = { ...whole, source: section.source };
  const { variable, span } = s;
  const { locality } = scope.variables.get(s.variable)!;
  if (s.kind === "ode") {
    const { method = fallback } = flags;
    const stated = flags.method !== undefined;
    return { kind: "ode", variable, rate: solveGradient(scope, s), method, stated, span, section };
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
  return { kind: "assign", variable, value: build[s.operator](), span, section };
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
