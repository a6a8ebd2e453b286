/**
 * @file Algebra on nodes for questions about a kernel, never for its code: 0 · x is 0, x + 0 is x, x − x is 0, and so
 * on. True of finite values; the code itself must keep 0 · Inf = NaN.
 */

import type { Operation } from "../term.ts";
import { fold } from "./fold.ts";
import type { NodeTable } from "./node-table.ts";

/** The node of an operation, simplified. Truth values become the constants 1 and 0 where they are known. */
export function simplify(table: NodeTable, name: Operation, operands: number[]): number {
  const values = operands.map((o) => constantOf(table, o));
  const known = values.every((v) => v !== undefined) ? exact(table, name, operands, values) : undefined;
  if (known !== undefined) return table.constant(known === 0 ? 0 : known);
  return RULES[name]?.(operands, values, table) ?? table.operation(name, operands);
}

// Implementation

type Values = (number | undefined)[];
/** The simpler node, or undefined when there is none. */
type Rule = (operands: number[], values: Values, table: NodeTable) => number | undefined;

function constantOf(table: NodeTable, id: number): number | undefined {
  const n = table.nodes[id];
  return n.kind === "constant" ? n.value : undefined;
}

/** Functions at the arguments where their value is a whole number, so that no host rounds it differently. */
const AT_ZERO: Partial<Record<Operation, number>> = {
  exp: 1,
  expm1: 0,
  exprel: 1,
  tanh: 0,
  sigmoid: 0.5,
  sin: 0,
  cos: 1,
  asin: 0,
  atan: 0,
  round: 0,
};

const TRUTH: Partial<Record<Operation, (a: number, b: number) => boolean>> = {
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
  and: (a, b) => a !== 0 && b !== 0,
  or: (a, b) => a !== 0 || b !== 0,
  not: (a) => a === 0,
  fromBoolean: (a) => a !== 0,
};

/** Value of an operation on constants, where every host agrees on it. */
function exact(table: NodeTable, name: Operation, operands: number[], values: Values): number | undefined {
  const [a, b] = values as number[];
  const truth = TRUTH[name];
  if (truth) return Number(truth(a, b));
  if (a === 0 && name in AT_ZERO) return AT_ZERO[name];
  if (name === "power" && a === 0 && b > 0) return 0;
  return fold(
    name,
    operands.map((o) => table.nodes[o]),
  );
}

/** Whether the node cannot be infinite or 0 / 0 while its inputs are finite and no function overflows. */
function isTame(table: NodeTable, id: number, seen = new Set<number>()): boolean {
  const n = table.nodes[id];
  // What was seen before is tame, or the search would have ended there.
  if (n.kind !== "operation" || n.invariant || seen.has(id)) return true;
  seen.add(id);
  if (n.operation === "log") return false;
  if (n.operation === "divide" && !table.nodes[n.operands[1]].invariant) return false;
  return n.operands.every((o) => isTame(table, o, seen));
}

const sameBoth: Rule = ([a, b]) => (a === b ? a : undefined);

const RULES: Partial<Record<Operation, Rule>> = {
  add: ([a, b], [x, y]) => (x === 0 ? b : y === 0 ? a : undefined),
  subtract: ([a, b], [x, y], table) => {
    if (y === 0) return a;
    if (x === 0) return simplify(table, "negate", [b]);
    return a === b && isTame(table, a) ? table.constant(0) : undefined;
  },
  multiply: ([a, b], [x, y], table) => {
    if (x === 0) return isTame(table, b) ? table.constant(0) : undefined;
    if (y === 0) return isTame(table, a) ? table.constant(0) : undefined;
    if (x === 1) return b;
    if (y === 1) return a;
    if (x === -1) return simplify(table, "negate", [b]);
    return y === -1 ? simplify(table, "negate", [a]) : undefined;
  },
  divide: ([a, b], [x, y], table) => {
    if (y === 1) return a;
    return x === 0 && table.nodes[b].invariant ? table.constant(0) : undefined;
  },
  negate: ([a], _values, table) => {
    const n = table.nodes[a];
    return n.kind === "operation" && n.operation === "negate" ? n.operands[0] : undefined;
  },
  minimum: sameBoth,
  maximum: sameBoth,
  and: ([a, b], [x, y], table) => {
    if (x === 0 || y === 0) return table.constant(0);
    return x !== undefined ? b : y !== undefined ? a : sameBoth([a, b], [x, y], table);
  },
  or: ([a, b], [x, y], table) => {
    if (x === 1 || y === 1) return table.constant(1);
    return x !== undefined ? b : y !== undefined ? a : sameBoth([a, b], [x, y], table);
  },
  select: ([, a, b], [test]) => {
    if (test !== undefined) return test === 0 ? b : a;
    return a === b ? a : undefined;
  },
};
