/**
 * @file The gradient of weights as C, W′ += Σ over steps and instances of d xᵀ, for dense matrices: fused multiplications and additions, so bits differ from those of WebAssembly.
 */

import { type Piece, type VectorType, vectorType } from "../../compiler/index.ts";
import {
  type BatchOptions,
  type FusedOptions,
  fusedFunction,
  load,
  printTotal,
  rowSteps,
  rowType,
  scalarOf,
} from "./fused-code.ts";
import { elementBytes } from "./options.ts";

/** Numbers of one packed column: steps and instances that are summed before anything is written. */
const DEPTH = 512;
/** Rows from which on packing is worth its time. */
const FEW_ROWS = 8;

/**
 * The function `name` (out, d, x, rows, columns, steps, d_pitch, x_pitch): `d` is `(step, post, instance)` and `x`
 * `(step, pre, instance)` with bytes from step to step, `out` row-major `(post, pre)` and added to.
 *
 * Columns of x are packed, so that neighbours in a row of `out` are neighbours in a vector, and each entry is summed
 * over steps, then instances, ascending, in one accumulator for each {@link DEPTH} of them. Columns that fill no vector,
 * and matrices of few rows, are products of rows, whose lanes are summed apart and added last.
 */
export function printFusedOuter(name: string, options: BatchOptions): string {
  const { precision, stride, instances, widest } = options;
  const type = vectorType(precision, widest);
  const { lanes } = type;
  const wide = 2 * lanes;
  const deep = Math.max(1, Math.floor(DEPTH / instances));
  const most = widest === 64 ? 12 : 6;
  const panel = (count: number) => {
    const pieces = Array.from({ length: count }, (_, i): Piece => ({ from: i * lanes, type }));
    const blocks = rowSteps((most * 2) / count).map((rows) => packedBlock(rows, { pieces, wide, options }));
    return `{\nuint32_t i = 0;\n${blocks.join("")}}\n`;
  };
  const main = fusedFunction(
    `static void ${name}(char *out, const char *d, const char *x, uint32_t rows, uint32_t columns, uint32_t steps,
    uint32_t d_pitch, uint32_t x_pitch)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
static __thread number packed[${deep * instances * wide}] __attribute__((aligned(64)));
const uint32_t whole = rows < ${FEW_ROWS} ? 0 : columns / ${lanes} * ${lanes};
for (uint32_t s0 = 0; s0 < steps; s0 += ${deep}) {
const uint32_t here = steps - s0 < ${deep} ? steps - s0 : ${deep};
const char *const ds = d + (size_t)s0 * d_pitch;
const char *const xs = x + (size_t)s0 * x_pitch;
for (uint32_t j0 = 0; j0 < whole; j0 += ${wide}) {
const uint32_t width = whole - j0 < ${wide} ? whole - j0 : ${wide};
for (uint32_t s = 0; s < here; s++) {
const number *const row = (const number *)(xs + (size_t)s * x_pitch) + (size_t)j0 * ${stride};
number *const to = packed + (size_t)s * ${instances * wide};
for (uint32_t j = 0; j < width; j += ${lanes}) {
${packing(type, wide, options)}}
}
if (width > ${lanes}) ${panel(2)} else ${panel(1)}
}
if (whole < columns) ${name}_rows(out, ds, xs, rows, columns, whole, here, d_pitch, x_pitch);
}
`,
  );
  return [printTotal(type), printTranspose(type), printRowProducts(`${name}_rows`, options), main].join("\n");
}

// Implementation

/** `transpose_<type>`: a square of numbers, by log₂ lanes rounds of interleaving halves. */
function printTranspose({ name, lanes }: VectorType): string {
  const list = (from: number) =>
    Array.from({ length: lanes }, (_, k) => (k % 2 === 0 ? 0 : lanes) + from + (k >> 1)).join(", ");
  const [low, high] = [list(0), list(lanes / 2)];
  const rounds: string[] = [];
  let [from, to] = ["a", "b"];
  for (let n = 1; n < lanes; n *= 2) {
    rounds.push(
      ...Array.from(
        { length: lanes / 2 },
        (_, k) =>
          `${to}[${2 * k}] = mix(${from}[${k}], ${from}[${k + lanes / 2}], ${low}); ${to}[${2 * k + 1}] = mix(${from}[${k}], ${from}[${k + lanes / 2}], ${high});`,
      ),
    );
    [from, to] = [to, from];
  }
  const each = (write: (k: number) => string) => Array.from({ length: lanes }, (_, k) => write(k)).join(" ");
  return `#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define mix __builtin_shufflevector
static inline void transpose_${name}(char *to, size_t to_pitch, const char *from, size_t from_pitch) {
${name} a[${lanes}], b[${lanes}];
${each((k) => `a[${k}] = *(const ${name}_at *)(from + ${k} * from_pitch);`)}
${rounds.join("\n")}
${each((k) => `*(${name}_at *)(to + ${k} * to_pitch) = ${from}[${k}];`)}
}
#endif
#endif
`;
}

/** One vector's width of columns, from rows of instances to columns of them. */
function packing(
  { name, lanes, scalar }: VectorType,
  wide: number,
  { stride, instances }: BatchOptions,
): string {
  const bytes = scalar === "double" ? 8 : 4;
  const whole = Math.floor(instances / lanes) * lanes;
  const plain = (from: number) => `for (uint32_t l = 0; l < ${lanes}; l++)
for (uint32_t b = ${from}; b < ${instances}; b++) to[b * ${wide} + j + l] = row[(j + l) * ${stride} + b];
`;
  return `#ifdef mix
for (uint32_t b = 0; b < ${whole}; b += ${lanes})
transpose_${name}((char *)(to + b * ${wide} + j), ${wide * bytes}, (const char *)(row + j * ${stride} + b), ${stride * bytes});
${plain(whole)}#else
${plain(0)}#endif
`;
}

/** The function `name` (out, d, x, rows, columns, first, …): columns from `first` on as products of rows. */
function printRowProducts(name: string, options: FusedOptions): string {
  const pitch = options.stride * elementBytes(options.precision);
  const type = rowType(options);
  const side = options.widest === 64 ? 4 : 2;
  const block = (rows: number, columns: number) => {
    const each = (count: number, write: (k: number) => string) =>
      Array.from({ length: count }, (_, k) => write(k)).join(" ");
    const all = (write: (r: number, c: number) => string) =>
      each(rows, (r) => each(columns, (c) => write(r, c)));
    const at = (from: string) => `*(const ${type.name}_at *)(${from})`;
    return `{
${all((r, c) => `${type.name} s${r}_${c} = {0};`)}
const char *y = d + (size_t)i * ${pitch}, *z = x + (size_t)j * ${pitch};
for (uint32_t s = 0; s < steps; s++, y += d_pitch, z += x_pitch)
for (uint32_t b = 0; b < ${pitch}; b += ${type.bytes}) {
${each(columns, (c) => `const ${type.name} z${c} = ${at(`z + ${c * pitch} + b`)};`)}
${each(rows, (r) => `{ const ${type.name} w = ${at(`y + ${r * pitch} + b`)}; ${each(columns, (c) => `s${r}_${c} += w * z${c};`)} }`)}
}
${all((r, c) => `to[(size_t)(i + ${r}) * columns + j + ${c}] += total_${type.name}(s${r}_${c});`)}
}
`;
  };
  const columnsOf = (rows: number) => `uint32_t j = first;
for (; j + ${side} <= columns; j += ${side}) ${block(rows, side)}for (; j < columns; j++) ${block(rows, 1)}`;
  const main = fusedFunction(
    `static void ${name}(char *out, const char *d, const char *x, uint32_t rows, uint32_t columns, uint32_t first,
    uint32_t steps, uint32_t d_pitch, uint32_t x_pitch)`,
    `${scalarOf(options)} *const to = (void *)out;
uint32_t i = 0;
for (; i + ${side} <= rows; i += ${side}) {
${columnsOf(side)}}
for (; i < rows; i++) {
${columnsOf(1)}}
`,
  );
  return `${printTotal(type)}\n${main}`;
}

/** So many rows of packed columns. */
function packedBlock(
  rows: number,
  { pieces, wide, options }: { pieces: Piece[]; wide: number; options: BatchOptions },
): string {
  const { stride, instances } = options;
  const all = (write: (r: number, i: number, p: Piece) => string) =>
    Array.from({ length: rows }, (_, r) => pieces.map((p, i) => write(r, i, p))).flat();
  const products = Array.from({ length: rows }, (_, r) => {
    const sums = pieces.map((_, i) => `s${r}_${i} += w * x${i};`);
    return `{ const number w = y[${r * stride} + b]; ${sums.join(" ")} }`;
  });
  const { name } = pieces[0].type;
  const stores = all((r, i, p) => {
    const target = `*(${name}_at *)(to + ${r} * (size_t)columns + ${p.from})`;
    return `${target} = ${target} + s${r}_${i};`;
  });
  return `for (; i + ${rows} <= rows; i += ${rows}) {
${all((r, i) => `${name} s${r}_${i} = {0};`).join(" ")}
const number *from = packed;
const char *d_row = ds + (size_t)i * ${stride * elementBytes(options.precision)};
for (uint32_t s = 0; s < here; s++, d_row += d_pitch) {
const number *const y = (const number *)d_row;
for (uint32_t b = 0; b < ${instances}; b++, from += ${wide}) {
${pieces.map((p, i) => `const ${name} x${i} = ${load(p, `from + ${p.from}`)};`).join(" ")}
${products.join("\n")}
}
}
number *const to = (number *)out + (size_t)i * columns + j0;
${stores.join("\n")}
}
`;
}
