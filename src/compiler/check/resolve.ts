/**
 * @file Syntax to terms: every name becomes what it stands for, truth values and numbers are kept apart.
 */

import { suggest } from "../../core/index.ts";
import { sourceError } from "../parse/source.ts";
import type { Expression } from "../parse/syntax.ts";
import {
  add,
  constant,
  divide,
  isBoolean,
  multiply,
  negate,
  operation,
  subtract,
  symbol,
  type Term,
} from "../term.ts";
import { FUNCTIONS, power } from "./functions.ts";
import { refuseInSynapse, resolveMember } from "./member.ts";
import type { Locality, RandomSite, ReductionKind } from "./model.ts";
import type { Scope } from "./scope.ts";

const REDUCTIONS: ReductionKind[] = ["mean", "min", "max"];
const RANDOM: Record<string, RandomSite["distribution"]> = { Uniform: "uniform", Normal: "normal" };

/**
 * The number an expression means, in a line that updates something of `locality`.
 *
 * @throws CajalError `unknown-name`, `unknown-function`, `argument-count`, `wrong-locality`, …
 */
export function resolveNumber(e: Expression, scope: Scope, locality: Locality): Term {
  const t = resolve(e, scope, locality);
  return isBoolean(t) ? operation("fromBoolean", t) : t;
}

// Implementation

function resolveCondition(e: Expression, scope: Scope, locality: Locality): Term {
  const t = resolve(e, scope, locality);
  if (isBoolean(t)) return t;
  return operation("not", operation("equal", t, constant(0)));
}

function resolve(e: Expression, scope: Scope, locality: Locality): Term {
  const number = (x: Expression) => resolveNumber(x, scope, locality);
  const condition = (x: Expression) => resolveCondition(x, scope, locality);
  switch (e.kind) {
    case "number":
      return constant(e.value);
    case "boolean":
      return operation("equal", constant(e.value ? 1 : 0), constant(1));
    case "gradient":
      return symbol("gradient", e.variable);
    case "name":
      return resolveName(e, scope, locality);
    case "member":
      return resolveMember(e, scope);
    case "unary":
      return e.operator === "-" ? negate(number(e.operand)) : operation("not", condition(e.operand));
    case "binary":
      return arithmetic(e.operator, number(e.left), number(e.right));
    case "compare":
      return compare(e.operator, number(e.left), number(e.right));
    case "logical":
      return operation(e.operator, condition(e.left), condition(e.right));
    case "conditional":
      return operation("select", condition(e.test), number(e.then), number(e.otherwise));
    case "call":
      return resolveCall(e, scope, locality);
  }
}

function arithmetic(operator: string, a: Term, b: Term): Term {
  // A product with a literal 0 is kept as the user wrote it: 0 * Inf is NaN.
  const literal = (x: Term, y: Term) => x.kind === "constant" && x.value === 0 && y.kind !== "constant";
  if (operator === "+") return add(a, b);
  if (operator === "-") return subtract(a, b);
  if (operator === "*") return literal(a, b) || literal(b, a) ? operation("multiply", a, b) : multiply(a, b);
  if (operator === "/") return literal(a, b) ? operation("divide", a, b) : divide(a, b);
  return power(a, b);
}

function compare(operator: string, a: Term, b: Term): Term {
  switch (operator) {
    case "<":
      return operation("less", a, b);
    case "<=":
      return operation("lessEqual", a, b);
    case ">":
      return operation("less", b, a);
    case ">=":
      return operation("lessEqual", b, a);
    case "==":
      return operation("equal", a, b);
    default:
      return operation("not", operation("equal", a, b));
  }
}

function resolveName(e: Extract<Expression, { kind: "name" }>, scope: Scope, locality: Locality): Term {
  if (e.name === "t") return symbol("time", "t");
  if (e.name === "dt") return symbol("step", "dt");
  if (e.name === "pi") return constant(Math.PI);
  if (scope.parameters.has(e.name)) return symbol("parameter", e.name);
  const variable = scope.variables.get(e.name);
  if (variable === undefined) {
    const known = [...scope.parameters, ...scope.variables.keys(), "t", "dt", "pi"];
    const hint =
      e.name in FUNCTIONS ? `"${e.name}" is a function: write ${e.name}(…).` : suggest(e.name, known);
    const neurons = `A variable of the neurons is written pre.${e.name} or post.${e.name}. `;
    throw sourceError(scope.source, e.span, {
      code: "unknown-name",
      what: `unknown name "${e.name}"`,
      hint: scope.owner === "synapse" ? neurons + hint : hint,
    });
  }
  if (locality === "population" && variable.locality === "unit") {
    throw sourceError(scope.source, e.span, {
      code: "wrong-locality",
      what: `a population variable reads "${e.name}", which has one value per unit`,
      hint: `Reduce it: mean(${e.name}), min(${e.name}) or max(${e.name}).`,
    });
  }
  return symbol("variable", e.name);
}

type Call = Extract<Expression, { kind: "call" }>;

function resolveCall(e: Call, scope: Scope, locality: Locality): Term {
  if (scope.owner === "synapse") refuseInSynapse(e, scope);
  if (e.callee === "sum") return resolveSum(e, scope, locality);
  if (e.callee in RANDOM) return resolveRandom(e, scope, locality);
  if ((REDUCTIONS as string[]).includes(e.callee) && e.arguments.length === 1)
    return resolveReduction(e, scope);
  if ((e.callee === "min" || e.callee === "max") && e.arguments.length === 2) {
    const [a, b] = e.arguments.map((x) => resolveNumber(x, scope, locality));
    return operation(e.callee === "min" ? "minimum" : "maximum", a, b);
  }
  const known = Object.hasOwn(FUNCTIONS, e.callee) ? FUNCTIONS[e.callee] : undefined;
  if (known === undefined) {
    const ofNeurons = ["sum", "mean", ...Object.keys(RANDOM)];
    const names = [...Object.keys(FUNCTIONS), "min", "max", ...(scope.owner === "neuron" ? ofNeurons : [])];
    throw sourceError(scope.source, e.calleeSpan, {
      code: "unknown-function",
      what: `unknown function "${e.callee}"`,
      hint: scope.parameters.has(e.callee)
        ? `Write ${e.callee} * (…) for a product.`
        : suggest(e.callee, names),
    });
  }
  expectArguments(e, scope, known.parameters);
  const operands = e.arguments.map((x, k) =>
    known.firstIsCondition && k === 0
      ? resolveCondition(x, scope, locality)
      : resolveNumber(x, scope, locality),
  );
  return known.build(...operands);
}

function expectArguments(e: Call, scope: Scope, parameters: string[]): void {
  if (e.arguments.length === parameters.length) return;
  throw sourceError(scope.source, e.span, {
    code: "argument-count",
    what: `${e.callee} takes ${parameters.length} argument${parameters.length === 1 ? "" : "s"}, got ${e.arguments.length}`,
    hint: `Write ${e.callee}(${parameters.join(", ")}).`,
  });
}

function resolveSum(e: Call, scope: Scope, locality: Locality): Term {
  const argument = e.arguments[0];
  if (e.arguments.length > 1 || (argument && argument.kind !== "name")) {
    throw sourceError(scope.source, e.span, {
      code: "bad-target",
      what: "sum takes the name of one target",
      hint: "Write sum(exc), or sum() for all targets.",
    });
  }
  if (locality === "population") {
    throw sourceError(scope.source, e.span, {
      code: "wrong-locality",
      what: "a population variable reads a weighted sum, which has one value per unit",
      hint: "Store it in a variable of the units and take its mean.",
    });
  }
  const target = argument?.kind === "name" ? argument.name : "";
  if (!scope.targets.includes(target)) scope.targets.push(target);
  return symbol("sum", target);
}

function resolveReduction(e: Call, scope: Scope): Term {
  const [argument] = e.arguments;
  const variable = argument.kind === "name" ? scope.variables.get(argument.name) : undefined;
  if (argument.kind !== "name" || variable?.locality !== "unit") {
    throw sourceError(scope.source, argument.span, {
      code: "bad-reduction",
      what: `${e.callee} of one argument reduces a variable of the units over the population`,
      hint: `Known here: ${unitVariables(scope).join(", ") || "none"}. Assign an expression to a variable first.`,
    });
  }
  const name = `${e.callee}:${argument.name}`;
  if (!scope.reductions.some((r) => r.name === name)) {
    scope.reductions.push({ name, kind: e.callee as ReductionKind, variable: argument.name });
  }
  return symbol("reduction", name);
}

function unitVariables(scope: Scope): string[] {
  return [...scope.variables].filter(([, v]) => v.locality === "unit").map(([name]) => name);
}

function resolveRandom(e: Call, scope: Scope, locality: Locality): Term {
  const distribution = RANDOM[e.callee];
  const parameters = distribution === "uniform" ? ["low", "high"] : ["mean", "standard deviation"];
  expectArguments(e, scope, parameters);
  const [a, b] = e.arguments.map((x) => resolveNumber(x, scope, locality));
  const name = `${distribution}:${scope.randoms.length}`;
  scope.randoms.push({ name, distribution, locality });
  const draw = symbol("random", name);
  return add(a, multiply(distribution === "uniform" ? subtract(b, a) : b, draw));
}
