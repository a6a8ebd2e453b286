/**
 * @file Wᵀ from W as C. A square at a time goes through a buffer, so that of each row that is read or written whole
 * stretches of the cache are used while they are near; rows a power of two apart would drive each other out.
 */

import { type FusedOptions, scalarOf } from "./fused-code.ts";

/** Side of a square: a stretch of 64 bytes of numbers in single precision. */
const SIDE = 16;

/** The function `name` (out, weights, rows, columns): byte pointers, `weights` row-major, `out` column-major. */
export function printTurn(name: string, options: FusedOptions): string {
  const scalar = scalarOf(options);
  return `static void ${name}(char *out, const char *weights, uint32_t rows, uint32_t columns) {
typedef ${scalar} __attribute__((may_alias)) number;
const number *const from = (const number *)weights;
number *const to = (number *)out;
number square[${SIDE * SIDE}] __attribute__((aligned(64)));
for (uint32_t i0 = 0; i0 < rows; i0 += ${SIDE}) {
const uint32_t high = rows - i0 < ${SIDE} ? rows - i0 : ${SIDE};
for (uint32_t j0 = 0; j0 < columns; j0 += ${SIDE}) {
const uint32_t wide = columns - j0 < ${SIDE} ? columns - j0 : ${SIDE};
if (high == ${SIDE} && wide == ${SIDE}) {
for (int i = 0; i < ${SIDE}; i++) for (int j = 0; j < ${SIDE}; j++)
square[j * ${SIDE} + i] = from[(size_t)(i0 + i) * columns + j0 + j];
for (int j = 0; j < ${SIDE}; j++) for (int i = 0; i < ${SIDE}; i++)
to[(size_t)(j0 + j) * rows + i0 + i] = square[j * ${SIDE} + i];
} else {
for (uint32_t j = 0; j < wide; j++) for (uint32_t i = 0; i < high; i++)
to[(size_t)(j0 + j) * rows + i0 + i] = from[(size_t)(i0 + i) * columns + j0 + j];
}
}
}
}
`;
}

/** The function `name` (out, values, order, count): out[k] = values[order[k]]. */
export function printReorder(name: string, options: FusedOptions): string {
  return `static void ${name}(char *out, const char *values, const uint32_t *order, uint32_t count) {
typedef ${scalarOf(options)} __attribute__((may_alias)) number;
const number *const from = (const number *)values;
number *const to = (number *)out;
for (uint32_t k = 0; k < count; k++) to[k] = from[order[k]];
}
`;
}
