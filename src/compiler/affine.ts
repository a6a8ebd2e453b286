/**
 * @file Is a term affine in a symbol? Decided on the tree, without computer algebra: t = a · s + b with a, b free of s.
 */

import {
  add,
  constant,
  dependsOn,
  divide,
  multiply,
  negate,
  operation,
  type SymbolKind,
  subtract,
  type Term,
} from "./term.ts";

/** Coefficients of t = slope · s + offset. */
export interface Affine {
  slope: Term;
  offset: Term;
}

/**
 * Coefficients of `t` as an affine function of one symbol, or undefined when it is not affine in it.
 *
 * @example affineIn(parse("(i - x) / tau"), "variable", "x") → { slope: -1 / tau, offset: i / tau }
 */
export function affineIn(t: Term, kind: SymbolKind, name: string): Affine | undefined {
  const isTarget = (k: SymbolKind, n: string) => k === kind && n === name;
  if (!dependsOn(t, isTarget)) return { slope: constant(0), offset: t };
  if (t.kind === "symbol") return { slope: constant(1), offset: constant(0) };
  if (t.kind !== "operation") return undefined;
  const parts = t.operands.map((o) => affineIn(o, kind, name));
  if (parts.some((p) => p === undefined)) return undefined;
  const rule = RULES[t.operation];
  return rule?.(parts as Affine[], t.operands);
}

// Implementation

const isFree = (a: Affine) => a.slope.kind === "constant" && a.slope.value === 0;

const RULES: Partial<Record<string, (parts: Affine[], operands: Term[]) => Affine | undefined>> = {
  add: ([a, b]) => ({ slope: add(a.slope, b.slope), offset: add(a.offset, b.offset) }),
  subtract: ([a, b]) => ({ slope: subtract(a.slope, b.slope), offset: subtract(a.offset, b.offset) }),
  negate: ([a]) => ({ slope: negate(a.slope), offset: negate(a.offset) }),
  multiply: ([a, b], [x, y]) => {
    if (isFree(a)) return { slope: multiply(x, b.slope), offset: multiply(x, b.offset) };
    if (isFree(b)) return { slope: multiply(a.slope, y), offset: multiply(a.offset, y) };
    return undefined;
  },
  divide: ([a, b], [, y]) =>
    isFree(b) ? { slope: divide(a.slope, y), offset: divide(a.offset, y) } : undefined,
  select: ([test, a, b], [condition]) => {
    if (!isFree(test)) return undefined;
    return {
      slope: operation("select", condition, a.slope, b.slope),
      offset: operation("select", condition, a.offset, b.offset),
    };
  },
};
