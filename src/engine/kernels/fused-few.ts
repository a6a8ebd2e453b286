/**
 * @file The products of training as C for a few instances, where lanes are columns and weights are read once, in order:
 * W x, whose lanes are summed apart and added last, and Wᵀ d from the same weights, summed over rows ascending.
 */

import { vectorType } from "../../compiler/index.ts";
import { type BatchOptions, fusedFunction, printTotal, scalarOf } from "./fused-code.ts";

/** Columns that are taken at a time: with a few instances they fit the nearest cache. */
const COLUMNS = 1024;
/** Sums in registers. */
const SUMS = 8;
/** Rows of weights that are read side by side on the way back. */
const ROWS = 4;

/** Whether instances are too few for vectors of them. */
export function areFew({ precision, stride, widest }: BatchOptions): boolean {
  return 2 * stride <= vectorType(precision, widest).lanes;
}

/** The function `name` (out, x, weights, rows, columns, add), as that of `printFusedDense`. */
export function printFusedFew(name: string, options: BatchOptions): string {
  const { stride, instances } = options;
  const type = vectorType(options.precision, options.widest);
  const { lanes } = type;
  const v = type.name;
  const scalar = scalarOf(options);
  const block = (rows: number) => {
    const all = (write: (r: number, b: number) => string) =>
      each(rows, (r) => each(instances, (b) => write(r, b)));
    const at = (r: number, b: number) => `to[${r * stride + b}]`;
    return `for (; i + ${rows} <= rows; i += ${rows}) {
const number *const w = weight + (size_t)i * columns + j0;
number *const to = (number *)out + (size_t)i * ${stride};
${all((r, b) => `${v} s${r}_${b} = {0};`)}
for (uint32_t j = 0; j < whole; j += ${lanes}) {
${each(instances, (b) => `const ${v} x${b} = *(const ${v}_at *)(packed + ${b * COLUMNS} + j);`)}
${each(rows, (r) => `{ const ${v} wr = *(const ${v}_at *)(w + ${r} * (size_t)columns + j); ${each(instances, (b) => `s${r}_${b} += wr * x${b};`)} }`)}
}
${all((r, b) => `${scalar} t${r}_${b} = total_${v}(s${r}_${b});`)}
for (uint32_t j = whole; j < here; j++) {
${all((r, b) => `t${r}_${b} += w[${r} * (size_t)columns + j] * packed[${b * COLUMNS} + j];`)}
}
if (add || j0 > 0) { ${all((r, b) => `${at(r, b)} += t${r}_${b};`)} }
else {
${all((r, b) => `${at(r, b)} = t${r}_${b};`)}
${each(rows, (r) => each(stride - instances, (b) => `${at(r, instances + b)} = 0;`))}
}
}
`;
  };
  const rows = Math.max(1, Math.floor(SUMS / instances));
  const main = fusedFunction(
    `static void ${name}(char *out, const char *x, const char *weights, uint32_t rows, uint32_t columns, int add)`,
    `typedef ${scalar} __attribute__((may_alias)) number;
static __thread number packed[${instances * COLUMNS}] __attribute__((aligned(64)));
const number *const weight = (const number *)weights;
for (uint32_t j0 = 0; j0 < columns; j0 += ${COLUMNS}) {
const uint32_t here = columns - j0 < ${COLUMNS} ? columns - j0 : ${COLUMNS};
const uint32_t whole = here / ${lanes} * ${lanes};
const number *const from = (const number *)x + (size_t)j0 * ${stride};
for (uint32_t j = 0; j < here; j++) { ${each(instances, (b) => `packed[${b * COLUMNS} + j] = from[j * ${stride} + ${b}];`)} }
uint32_t i = 0;
${block(rows)}${rows > 1 ? block(1) : ""}}
`,
  );
  return `${printTotal(type)}\n${main}`;
}

/**
 * The function `name` (out, d, weights, rows, columns): x′ += Wᵀ d with the weights as they lie forward, row-major
 * `(post, pre)`.
 */
export function printFusedFewBack(name: string, options: BatchOptions): string {
  const { stride, instances } = options;
  const type = vectorType(options.precision, options.widest);
  const { lanes } = type;
  const v = type.name;
  const block = (rows: number) => {
    const d = (r: number, b: number) => `y[${r * stride + b}]`;
    const w = (r: number, j: string) => `w[${r} * (size_t)columns + ${j}]`;
    const sum = (b: number) => `sums + ${b * COLUMNS} + j`;
    return `for (; i + ${rows} <= rows; i += ${rows}) {
const number *const w = weight + (size_t)i * columns + j0;
const number *const y = (const number *)d + (size_t)i * ${stride};
${each(rows, (r) => each(instances, (b) => `const number d${r}_${b} = ${d(r, b)};`))}
for (uint32_t j = 0; j < whole; j += ${lanes}) {
${each(instances, (b) => `${v} s${b} = *(const ${v}_at *)(${sum(b)});`)}
${each(rows, (r) => `{ const ${v} wr = *(const ${v}_at *)&${w(r, "j")}; ${each(instances, (b) => `s${b} += d${r}_${b} * wr;`)} }`)}
${each(instances, (b) => `*(${v}_at *)(${sum(b)}) = s${b};`)}
}
for (uint32_t j = whole; j < here; j++) {
${each(rows, (r) => each(instances, (b) => `*(${sum(b)}) += d${r}_${b} * ${w(r, "j")};`))}
}
}
`;
  };
  return fusedFunction(
    `static void ${name}(char *out, const char *d, const char *weights, uint32_t rows, uint32_t columns)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
static __thread number sums[${instances * COLUMNS}] __attribute__((aligned(64)));
const number *const weight = (const number *)weights;
for (uint32_t j0 = 0; j0 < columns; j0 += ${COLUMNS}) {
const uint32_t here = columns - j0 < ${COLUMNS} ? columns - j0 : ${COLUMNS};
const uint32_t whole = here / ${lanes} * ${lanes};
memset(sums, 0, sizeof sums);
uint32_t i = 0;
${block(ROWS)}${block(1)}number *const to = (number *)out + (size_t)j0 * ${stride};
for (uint32_t j = 0; j < here; j++) { ${each(instances, (b) => `to[j * ${stride} + ${b}] += sums[${b * COLUMNS} + j];`)} }
}
`,
  );
}

// Implementation

const each = (count: number, write: (k: number) => string) =>
  Array.from({ length: count }, (_, k) => write(k)).join(" ");
