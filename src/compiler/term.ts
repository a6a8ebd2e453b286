/**
 * @file Terms: what an equation means after its names are resolved. Plain data, built by constructors that fold
 * constants and drop `+ 0` and `* 1`, so later passes see no trivial work.
 */

import type { Span } from "../core/index.ts";

/** What a name stands for. */
export type SymbolKind =
  /** Constant during a run. */
  | "parameter"
  /** State: written by the step, kept to the next. */
  | "variable"
  /** Weighted sum that arrives under a target. */
  | "sum"
  /** Reduction of a variable over the population, as of the end of the previous step; name is `mean:x`. */
  | "reduction"
  /** One draw per step; each occurrence in the text is its own site; name is `uniform:0`, `normal:1`. */
  | "random"
  /** Variable of the neuron before a synapse. */
  | "pre"
  /** Variable of the neuron after a synapse. */
  | "post"
  /** Simulated time at the start of the step [ms]. */
  | "time"
  /** Length of a step [ms]. */
  | "step"
  /** Value named by the plan within one step. */
  | "temporary"
  /** The gradient of an ODE's variable, only before planning. */
  | "gradient";

/** Operations whose result is a number. */
export type NumberOperation =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "negate"
  | "power"
  | "absolute"
  | "squareRoot"
  | "floor"
  | "ceil"
  | "round"
  | "minimum"
  | "maximum"
  | "exp"
  | "expm1"
  | "exprel"
  | "log"
  | "tanh"
  | "sigmoid"
  | "sin"
  | "cos"
  | "asin"
  | "acos"
  | "atan"
  | "select"
  | "fromBoolean";
/** Operations whose result is a truth value. */
export type BooleanOperation = "less" | "lessEqual" | "equal" | "and" | "or" | "not";
/** Everything a kernel can do to values. */
export type Operation = NumberOperation | BooleanOperation;

/** What an expression means. */
export type Term =
  | { kind: "constant"; value: number }
  | { kind: "symbol"; symbol: SymbolKind; name: string }
  | { kind: "operation"; operation: Operation; operands: Term[]; span?: Span };

const BOOLEAN_OPERATIONS = new Set<Operation>(["less", "lessEqual", "equal", "and", "or", "not"]);

/** A number. */
export const constant = (value: number): Term => ({ kind: "constant", value });
/** What a name stands for. */
export const symbol = (kind: SymbolKind, name: string): Term => ({ kind: "symbol", symbol: kind, name });
/** An operation, without any folding. */
export const operation = (name: Operation, ...operands: Term[]): Term => ({
  kind: "operation",
  operation: name,
  operands,
});

/** Whether the result of an operation is a truth value rather than a number. */
export function isBooleanOperation(name: Operation): name is BooleanOperation {
  return BOOLEAN_OPERATIONS.has(name);
}

/** Whether a term is a truth value rather than a number. */
export function isBoolean(t: Term): boolean {
  return t.kind === "operation" && isBooleanOperation(t.operation);
}

/** Whether a term is a number, or that very number. */
export function isConstant(t: Term, value?: number): t is Extract<Term, { kind: "constant" }> {
  return t.kind === "constant" && (value === undefined || Object.is(t.value, value));
}

/** a + b, folded. */
export function add(a: Term, b: Term): Term {
  if (isConstant(a) && isConstant(b)) return constant(a.value + b.value);
  if (isConstant(a, 0)) return b;
  if (isConstant(b, 0)) return a;
  return operation("add", a, b);
}

/** a − b, folded. */
export function subtract(a: Term, b: Term): Term {
  if (isConstant(a) && isConstant(b)) return constant(a.value - b.value);
  if (isConstant(b, 0)) return a;
  if (isConstant(a, 0)) return negate(b);
  return operation("subtract", a, b);
}

/** a · b, folded. */
export function multiply(a: Term, b: Term): Term {
  if (isConstant(a) && isConstant(b)) return constant(a.value * b.value);
  // Only coefficients are zero here (an absent variable), so dropping a possible 0 * Inf is wanted.
  if (isConstant(a, 0) || isConstant(b, 0)) return constant(0);
  if (isConstant(a, 1)) return b;
  if (isConstant(b, 1)) return a;
  if (isConstant(a, -1)) return negate(b);
  if (isConstant(b, -1)) return negate(a);
  return operation("multiply", a, b);
}

/** a / b, folded. */
export function divide(a: Term, b: Term): Term {
  if (isConstant(a) && isConstant(b)) return constant(a.value / b.value);
  if (isConstant(b, 1)) return a;
  if (isConstant(a, 0)) return constant(0);
  return operation("divide", a, b);
}

/** −a, folded. */
export function negate(a: Term): Term {
  if (isConstant(a)) return constant(-a.value);
  if (a.kind === "operation" && a.operation === "negate") return a.operands[0];
  if (a.kind === "operation" && a.operation === "subtract")
    return operation("subtract", a.operands[1], a.operands[0]);
  return operation("negate", a);
}

/** Replace symbols for which `replace` returns a term. */
export function substitute(t: Term, replace: (kind: SymbolKind, name: string) => Term | undefined): Term {
  if (t.kind === "constant") return t;
  if (t.kind === "symbol") return replace(t.symbol, t.name) ?? t;
  const operands = t.operands.map((o) => substitute(o, replace));
  return operands.every((o, i) => o === t.operands[i]) ? t : { ...t, operands };
}

/** Whether `t` depends on a symbol for which `matches` holds. */
export function dependsOn(t: Term, matches: (kind: SymbolKind, name: string) => boolean): boolean {
  if (t.kind === "constant") return false;
  if (t.kind === "symbol") return matches(t.symbol, t.name);
  return t.operands.some((o) => dependsOn(o, matches));
}

/** All symbols of `t`, in order of appearance, possibly repeated. */
export function symbolsOf(t: Term): { symbol: SymbolKind; name: string }[] {
  if (t.kind === "constant") return [];
  if (t.kind === "symbol") return [t];
  return t.operands.flatMap(symbolsOf);
}
