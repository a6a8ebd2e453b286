/**
 * @file What the fused products of training have in common, as C.
 */

import { type Piece, type VectorType, vectorType } from "../../compiler/index.ts";
import type { NativeProductOptions } from "./native-tile.ts";
import { elementBytes } from "./options.ts";

/** What a fused product is specialised on. */
export type FusedOptions = Omit<NativeProductOptions, "accumulate">;

/** With how many instances of a row count; the others, up to the stride, are 0 in adjoints and read by nobody. */
export type BatchOptions = FusedOptions & { instances: number };

/** Begin a function in which a product and a sum become one operation. @param head - Up to the brace. */
export function fusedFunction(head: string, body: string): string {
  return `#if !defined(__clang__)
__attribute__((optimize("fp-contract=fast")))
#endif
${head} {
#if defined(__clang__)
#pragma clang fp contract(fast)
#endif
${body}}
`;
}

/** C type of a number. */
export const scalarOf = ({ precision }: FusedOptions) => (precision === "f64" ? "double" : "float");

/** C expression of a vector in memory that need not be aligned. */
export const load = ({ type }: Piece, at: string) => `*(const ${type.name}_at *)(${at})`;

/** Rows of a block, then of the smaller ones that take what is left. */
export function rowSteps(most: number): number[] {
  const sizes = [most];
  while (sizes[sizes.length - 1] > 1) sizes.push(sizes[sizes.length - 1] >> 1);
  return sizes;
}

/** The widest vectors that a row of instances is made of, one kind alone. */
export function rowType({ precision, stride, widest }: FusedOptions): VectorType {
  const bytes = stride * elementBytes(precision);
  return vectorType(precision, ([64, 32, 16] as const).find((w) => w <= widest && bytes % w === 0)!);
}

/** `total_<type>`: the sum of the lanes, halves first. Printed once, whoever asks for it. */
export function printTotal({ name, scalar, lanes, bytes }: VectorType): string {
  const guard = `TOTAL_${name}`;
  const half = vectorType(scalar === "double" ? "f64" : "f32", (bytes / 2) as 16 | 32);
  const body =
    bytes === 16
      ? `return ${lanes === 2 ? "x[0] + x[1]" : "(x[0] + x[2]) + (x[1] + x[3])"};`
      : `union { ${name} whole; ${half.name} half[2]; } u = {x};\n  return total_${half.name}(u.half[0] + u.half[1]);`;
  const narrower = bytes === 16 ? "" : `${printTotal(half)}`;
  return `${narrower}#ifndef ${guard}
#define ${guard}
static inline ${scalar} total_${name}(${name} x) {
  ${body}
}
#endif
`;
}
