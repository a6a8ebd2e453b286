/**
 * @file Sums of an input for many steps as one product, as C for a few instances and columns, which both leave vectors
 * empty: here lanes are rows, and what is loaded of the weights serves several steps.
 */

import { vectorType } from "../../compiler/index.ts";
import { type BatchOptions, fusedFunction, scalarOf } from "./fused-code.ts";
import { areFew } from "./fused-few.ts";

/** Sums in registers. */
const SUMS = 8;

/** Whether this is faster than a product in each step. */
export function areTakenAhead(columns: number, options: BatchOptions): boolean {
  return areFew(options) && columns <= vectorType(options.precision, options.widest).lanes;
}

/** Numbers that the sums of one step take: those of an instance fill whole vectors. */
export function aheadLength(rows: number, { precision, widest, instances }: BatchOptions): number {
  const { lanes } = vectorType(precision, widest);
  return instances * lanes * Math.ceil(rows / lanes);
}

/**
 * The function `name` (out, x, weights, rows, columns, steps, x_pitch), of no more columns than a vector has lanes:
 * `out` is `(step, instance, row)` as {@link aheadLength} says, `x` `(step, column, instance)` with bytes from step to
 * step; weights row-major. Sums run over columns ascending.
 */
export function printFusedAhead(name: string, options: BatchOptions): string {
  const { stride, instances, precision, widest } = options;
  const { lanes, name: vector } = vectorType(precision, widest);
  const some = (steps: number) => {
    const all = (write: (t: number, b: number) => string) =>
      each(steps, (t) => each(instances, (b) => write(t, b)));
    return `for (; s + ${steps} <= steps; s += ${steps}) {
${each(steps, (t) => `const number *const x${t} = (const number *)(x + (size_t)(s + ${t}) * x_pitch);`)}
number *const to = (number *)out + (size_t)s * ${instances} * length + i;
${all((t, b) => `${vector} s${t}_${b} = {0};`)}
for (uint32_t j = 0; j < columns; j++) {
const ${vector} w = *(const ${vector}_at *)(turned + j * ${lanes});
${all((t, b) => `s${t}_${b} += w * x${t}[j * ${stride} + ${b}];`)}
}
${all((t, b) => `*(${vector}_at *)(to + ${t * instances + b} * length) = s${t}_${b};`)}
}
`;
  };
  const together = Math.max(1, Math.floor(SUMS / instances));
  return fusedFunction(
    `static void ${name}(char *out, const char *x, const char *weights, uint32_t rows, uint32_t columns, uint32_t steps,
    uint32_t x_pitch)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
const size_t length = (rows + ${lanes - 1}) / ${lanes} * ${lanes};
for (uint32_t i = 0; i < rows; i += ${lanes}) {
const number *const weight = (const number *)weights + (size_t)i * columns;
const uint32_t here = rows - i < ${lanes} ? rows - i : ${lanes};
number turned[${lanes * lanes}] __attribute__((aligned(64))) = {0};
for (uint32_t lane = 0; lane < here; lane++)
for (uint32_t j = 0; j < columns; j++) turned[j * ${lanes} + lane] = weight[lane * columns + j];
uint32_t s = 0;
${some(together)}${together > 1 ? some(1) : ""}}
`,
  );
}

/** The function `name` (out, sums, rows): sums of one step, as {@link printFusedAhead} leaves them, to their instances. */
export function printAheadOfStep(name: string, options: BatchOptions): string {
  const { stride, instances, precision, widest } = options;
  const { lanes } = vectorType(precision, widest);
  return `static void ${name}(char *out, const char *sums, uint32_t rows) {
typedef ${scalarOf(options)} __attribute__((may_alias)) number;
const size_t length = (rows + ${lanes - 1}) / ${lanes} * ${lanes};
number *const to = (number *)out;
const number *const from = (const number *)sums;
for (uint32_t i = 0; i < rows; i++) { ${each(instances, (b) => `to[i * ${stride} + ${b}] = from[${b} * length + i];`)} }
}
`;
}

// Implementation

const each = (count: number, write: (k: number) => string) =>
  Array.from({ length: count }, (_, k) => write(k)).join(" ");
