/**
 * @file The gradient of weights as C, W′ += Σ over steps and instances of d xᵀ, dense or at the entries of a sparse
 * matrix: fused multiplications and additions, so bits differ from those of WebAssembly.
 */

import { type Piece, vectorType } from "../../compiler/index.ts";
import { type FusedOptions, fusedFunction, load, rowSteps, scalarOf } from "./fused-products.ts";
import { elementBytes } from "./options.ts";

/** Numbers of one packed column: steps and instances that are summed before anything is written. */
const DEPTH = 512;

/**
 * The function `name` (out, d, x, rows, columns, steps, d_pitch, x_pitch): `d` is `(step, post, instance)` and `x`
 * `(step, pre, instance)` with bytes from step to step, `out` row-major `(post, pre)` and added to.
 *
 * Columns of x are packed first, so that neighbours in a row of `out` are neighbours in a vector. Each entry is summed
 * over steps, then instances, ascending, in one accumulator for each {@link DEPTH} of them.
 */
export function printFusedOuter(name: string, options: FusedOptions): string {
  const { precision, stride, widest } = options;
  const bytes = elementBytes(precision);
  const type = vectorType(precision, widest);
  const vectors = 2;
  const wide = vectors * type.lanes;
  const deep = Math.max(stride, Math.floor(DEPTH / stride) * stride);
  const scalar = scalarOf(options);
  const most = widest === 64 ? 12 : 6;
  const panel = (count: number) => {
    const pieces = Array.from({ length: count }, (_, i): Piece => ({ from: i * type.lanes, type }));
    const blocks = rowSteps(count === 2 ? most : 2 * most).map((rows) =>
      outerBlock(rows, { pieces, wide, options }),
    );
    return `{\nuint32_t i = 0;\n${blocks.join("")}}\n`;
  };
  return fusedFunction(
    `static void ${name}(char *out, const char *d, const char *x, uint32_t rows, uint32_t columns, uint32_t steps,
    uint32_t d_pitch, uint32_t x_pitch)`,
    `typedef ${scalar} __attribute__((may_alias)) number;
static __thread number packed[${deep * wide}] __attribute__((aligned(64)));
for (uint32_t s0 = 0; s0 < steps; s0 += ${deep / stride}) {
const uint32_t here = steps - s0 < ${deep / stride} ? steps - s0 : ${deep / stride};
const char *const ds = d + (size_t)s0 * d_pitch;
for (uint32_t j0 = 0; j0 < columns; j0 += ${wide}) {
const uint32_t width = columns - j0 < ${wide} ? columns - j0 : ${wide};
for (uint32_t s = 0; s < here; s++) {
const number *const row = (const number *)(x + (size_t)(s0 + s) * x_pitch) + (size_t)j0 * ${stride};
number *const to = packed + (size_t)s * ${stride * wide};
if (width < ${wide}) memset(to, 0, ${stride * wide * bytes});
for (uint32_t j = 0; j < width; j++)
for (uint32_t b = 0; b < ${stride}; b++) to[b * ${wide} + j] = row[j * ${stride} + b];
}
if (width > ${type.lanes}) ${panel(2)} else ${panel(1)}
}
}
`,
  );
}

/**
 * The function `name` (out, d, x, row_start, column, rows, steps, d_pitch, x_pitch): as the dense one, for entries of
 * a matrix as `packSparse` lays it out; `out` is `(edge)`. Lanes are summed apart and added last.
 */
export function printFusedSparseOuter(name: string, options: FusedOptions): string {
  const { precision, stride } = options;
  const bytes = elementBytes(precision);
  // Instances are a multiple of four, often of the widest vectors.
  const widths = ([64, 32, 16] as const).filter((w) => w <= options.widest);
  const type = vectorType(precision, widths.find((w) => (stride * bytes) % w === 0)!);
  const v = type.name;
  const piece: Piece = { from: 0, type };
  const edges = options.widest === 64 ? 8 : 4;
  const block = (count: number) => {
    const each = (write: (e: number) => string, by = "\n") =>
      Array.from({ length: count }, (_, e) => write(e)).join(by);
    return `${each((e) => `const char *x${e} = x + column[k + ${e}]; ${v} s${e} = {0};`)}
const char *row = d + (size_t)i * ${stride * bytes};
for (uint32_t s = 0; s < steps; s++, row += d_pitch) {
for (uint32_t b = 0; b < ${stride * bytes}; b += ${type.bytes}) {
const ${v} y = ${load(piece, "row + b")};
${each((e) => `s${e} += y * ${load(piece, `x${e} + b`)};`, " ")}
}
${each((e) => `x${e} += x_pitch;`, " ")}
}
${each((e) => `to[k + ${e}] += ${lanesOf(`s${e}`, type.lanes)};`)}
`;
  };
  return fusedFunction(
    `static void ${name}(char *out, const char *d, const char *x, const int32_t *row_start, const int32_t *column,
    uint32_t rows, uint32_t steps, uint32_t d_pitch, uint32_t x_pitch)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
number *const to = (number *)out;
for (uint32_t i = 0; i < rows; i++) {
const int64_t end = row_start[i + 1];
int64_t k = row_start[i];
for (; k + ${edges} <= end; k += ${edges}) {
${block(edges)}}
for (; k < end; k++) {
${block(1)}}
}
`,
  );
}

// Implementation

/** Sum of the lanes of a vector, pairwise. */
function lanesOf(sum: string, lanes: number): string {
  const add = (from: number, count: number): string =>
    count === 1 ? `${sum}[${from}]` : `(${add(from, count / 2)} + ${add(from + count / 2, count / 2)})`;
  return add(0, lanes);
}

function outerBlock(
  rows: number,
  { pieces, wide, options }: { pieces: Piece[]; wide: number; options: FusedOptions },
): string {
  const { stride } = options;
  const bytes = elementBytes(options.precision);
  const all = (write: (r: number, i: number, p: Piece) => string) =>
    Array.from({ length: rows }, (_, r) => pieces.map((p, i) => write(r, i, p))).flat();
  const products = Array.from({ length: rows }, (_, r) => {
    const sums = pieces.map((_, i) => `s${r}_${i} += w * x${i};`);
    return `{ const number w = y[${r * stride} + b]; ${sums.join(" ")} }`;
  });
  const { lanes, name } = pieces[0].type;
  const count = pieces.length * lanes;
  return `for (; i + ${rows} <= rows; i += ${rows}) {
${all((r, i, p) => `${p.type.name} s${r}_${i} = {0};`).join(" ")}
const number *from = packed;
const number *y = (const number *)(ds + (size_t)i * ${stride * bytes});
for (uint32_t s = 0; s < here; s++, y = (const number *)((const char *)y + d_pitch)) {
for (uint32_t b = 0; b < ${stride}; b++, from += ${wide}) {
${pieces.map((p, i) => `const ${name} x${i} = ${load(p, `from + ${p.from}`)};`).join(" ")}
${products.join("\n")}
}
}
number *to = (number *)out + (size_t)i * columns + j0;
if (width >= ${count}) {
${all((r, i, p) => `${load(p, `to + ${r} * (size_t)columns + ${p.from}`).replace("const ", "")} += s${r}_${i};`).join("\n")}
} else {
${all((r, i, p) => `for (uint32_t l = ${p.from}; l < width && l < ${p.from + lanes}; l++) to[${r} * (size_t)columns + l] += s${r}_${i}[l - ${p.from}];`).join("\n")}
}
}
`;
}
