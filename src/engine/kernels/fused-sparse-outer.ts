/**
 * @file The gradient of sparse weights as C, W′ += Σ over steps and instances of d xᵀ at the entries alone: fused
 * multiplications and additions, so bits differ from those of WebAssembly.
 */

import type { Piece } from "../../compiler/index.ts";
import { type FusedOptions, fusedFunction, load, scalarOf } from "./fused-code.ts";
import { type LanePart, laneParts } from "./lane-parts.ts";
import { printTotals, totalsName } from "./lane-totals.ts";
import { elementBytes } from "./options.ts";

/** Bytes of x that stay in the nearest cache while all rows go over them. */
const NEAR = 32768;
/** Columns of x there, as long as steps of them fit. */
const COLUMNS = 64;
/** Rows that are gone through together, so that d stays in the next cache. */
const ROWS = 256;

/**
 * The function `name` (out, d, x, row_start, column, rows, steps, d_pitch, x_pitch): `d` is `(step, post, instance)` and
 * `x` `(step, pre, instance)` with bytes from step to step, the matrix as `packSparse` lays it out, `out` is `(edge)`.
 *
 * Entries of a row are taken eight at a time, which share what is loaded of d. Each is summed over a few steps and
 * their instances; lanes are summed apart and added last.
 */
export function printFusedSparseOuter(name: string, options: FusedOptions): string {
  const pitch = options.stride * elementBytes(options.precision);
  const columns = Math.max(1, Math.min(COLUMNS, Math.floor(NEAR / pitch)));
  const deep = Math.max(1, Math.floor(NEAR / (columns * pitch)));
  const most = options.widest === 64 ? 8 : 4;
  const passes = laneParts(options);
  const names = Array.from({ length: most }, (_, k) => `${name}_${k + 1}`);
  const entries = names.map((own, k) => printEntries(own, k + 1, { passes, options }));
  const given = "ds + (size_t)i * " + `${pitch}, xs, column + k, here, d_pitch, x_pitch`;
  const main = fusedFunction(
    `static void ${name}(char *out, const char *d, const char *x, const int32_t *row_start, const int32_t *column,
    uint32_t rows, uint32_t steps, uint32_t d_pitch, uint32_t x_pitch)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
number *const to = (number *)out;
int32_t next[${ROWS}];
for (uint32_t s0 = 0; s0 < steps; s0 += ${deep}) {
const uint32_t here = steps - s0 < ${deep} ? steps - s0 : ${deep};
const char *const ds = d + (size_t)s0 * d_pitch;
const char *const xs = x + (size_t)s0 * x_pitch;
for (uint32_t i0 = 0; i0 < rows; i0 += ${ROWS}) {
const uint32_t i1 = rows - i0 < ${ROWS} ? rows : i0 + ${ROWS};
int64_t last = 0;
for (uint32_t i = i0; i < i1; i++) {
next[i - i0] = row_start[i];
if (row_start[i + 1] > row_start[i] && column[row_start[i + 1] - 1] > last) last = column[row_start[i + 1] - 1];
}
for (int64_t limit = ${columns * pitch};; limit += ${columns * pitch}) {
for (uint32_t i = i0; i < i1; i++) {
const int32_t end = row_start[i + 1];
int32_t k = next[i - i0];
for (; k + ${most} <= end && column[k] < limit; k += ${most}) ${names[most - 1]}(to + k, ${given});
next[i - i0] = k;
if (limit <= last) continue;
switch (end - k) {
${names
  .slice(0, -1)
  .map((own, k) => `case ${k + 1}: ${own}(to + k, ${given}); break;`)
  .join("\n")}
}
}
if (limit > last) break;
}
}
}
`,
  );
  return [...passes.map(({ type }) => printTotals(type, most)), ...entries, main].join("\n");
}

// Implementation

/** Some entries of one row. */
function printEntries(
  name: string,
  count: number,
  { passes, options }: { passes: LanePart[]; options: FusedOptions },
): string {
  const each = (write: (e: number) => string) => Array.from({ length: count }, (_, e) => write(e)).join(" ");
  const sums = passes.map(({ type, from, to }) => {
    const piece: Piece = { from: 0, type };
    const list = Array.from({ length: count }, (_, e) => `s${e}`).join(", ");
    const most = options.widest === 64 ? 8 : 4;
    return `{
${each((e) => `${type.name} s${e} = {0};`)}
const char *y = d;
size_t from = 0;
for (uint32_t s = 0; s < steps; s++, y += d_pitch, from += x_pitch)
for (uint32_t b = ${from}; b < ${to}; b += ${type.bytes}) {
const ${type.name} z = ${load(piece, "y + b")};
${each((e) => `s${e} += z * ${load(piece, `x${e} + from + b`)};`)}
}
${count === most ? `${totalsName(type, most)}(out, ${list});` : each((e) => `out[${e}] += total_${type.name}(s${e});`)}
}
`;
  });
  return fusedFunction(
    `INLINE void ${name}(${scalarOf(options)} *out, const char *d, const char *x, const int32_t *column,
    uint32_t steps, uint32_t d_pitch, uint32_t x_pitch)`,
    `${each((e) => `const char *const x${e} = x + column[${e}];`)}
${sums.join("")}`,
  );
}
