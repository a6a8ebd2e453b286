/**
 * @file Constant folding. Only operations that IEEE 754 rounds correctly are folded here: a transcendental folded by
 * the host would differ in its last bit from the kernel's own, and between hosts.
 */

import type { Operation } from "../term.ts";
import type { IrNode } from "./kernel.ts";

/** Value of an operation whose operands are all constants, or undefined when it must be left to the kernel. */
export function fold(operation: Operation, operands: readonly IrNode[]): number | undefined {
  const values: number[] = [];
  for (const n of operands) {
    if (n.kind !== "constant") return undefined;
    values.push(n.value);
  }
  return EXACT[operation]?.(values[0], values[1]);
}

// Implementation

const EXACT: Partial<Record<Operation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  negate: (a) => -a,
  absolute: Math.abs,
  squareRoot: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  minimum: Math.min,
  maximum: Math.max,
};
