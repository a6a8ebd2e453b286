/**
 * @file The products of training as C, for speed: register tiles of multiplications and additions that are fused and
 * rounded once, so bits differ from those of WebAssembly. Forward sums W x, and by the transposed weights adjoints
 * Wᵀ d; sums run in ascending index of what is summed over, one accumulator per (row, instance).
 */

import { cutRow, type Piece, vectorType } from "../../compiler/index.ts";
import { type FusedOptions, fusedFunction, load, printTotal, rowSteps, scalarOf } from "./fused-code.ts";
import { elementBytes } from "./options.ts";

/** Vectors of sums in registers: 24 of 32, or 12 of the 16 of older processors; the rest hold operands. */
const sumsAtOnce = ({ widest }: FusedOptions) => (widest === 64 ? 24 : 12);
/** Most vectors of one row of a tile. */
const mostVectors = ({ widest }: FusedOptions) => (widest === 64 ? 4 : 2);

/**
 * The function `name` (out, x, weights, rows, columns, add) of byte pointers, counts, and whether sums are added to
 * `out`; weights row-major.
 */
export function printFusedDense(name: string, options: FusedOptions): string {
  const { precision, stride } = options;
  if (2 * stride <= vectorType(precision, options.widest).lanes) return printFewInstances(name, options);
  const pitch = stride * elementBytes(precision);
  const scalar = scalarOf(options);
  const tiles = tilesOf(options).map(({ pieces, first }) => {
    const sizes = rowSteps(Math.floor(sumsAtOnce(options) / pieces.length));
    const blocks = sizes.map(
      (rows) =>
        `for (; i + ${rows} <= rows; i += ${rows}) {
${denseBlock(rows, pieces, options)}}
`,
    );
    return `{
const char *const from = x + ${first};
char *const into = out + ${first};
uint32_t i = 0;
${blocks.join("")}}
`;
  });
  return fusedFunction(
    `static void ${name}(char *out, const char *x, const char *weights, uint32_t rows, uint32_t columns, int add)`,
    `typedef ${scalar} __attribute__((may_alias)) number;
const number *const weight = (const number *)weights;
const size_t pitch = ${pitch};
${tiles.join("")}`,
  );
}

/** The function `name` (out, x, row_start, column, weights, rows, add), arrays as `packSparse` makes them. */
export function printFusedSparse(name: string, options: FusedOptions): string {
  const tiles = tilesOf(options).map(({ pieces, first }) => {
    const edges = Math.max(1, Math.floor(8 / pieces.length));
    const sum = (e: number, i: number) => `s${e}_${i}`;
    const all = (write: (e: number, i: number, p: Piece) => string) =>
      Array.from({ length: edges }, (_, e) => pieces.map((p, i) => write(e, i, p))).flat();
    const edge = (e: number, at: string) => {
      const sums = pieces.map((p, i) => `${sum(e, i)} += w * ${load(p, `source + ${offset(p, options)}`)};`);
      return `{ const char *const source = from + column[${at}]; const number w = weight[${at}]; ${sums.join(" ")} }`;
    };
    const total = (i: number) => Array.from({ length: edges }, (_, e) => sum(e, i)).join(" + ");
    return `{
const char *const from = x + ${first};
char *to = out + ${first};
for (uint32_t i = 0; i < rows; i++, to += ${options.stride * elementBytes(options.precision)}) {
${all((e, i, p) => `${p.type.name} ${sum(e, i)} = {0};`).join(" ")}
const int64_t end = row_start[i + 1];
int64_t k = row_start[i];
for (; k + ${edges} <= end; k += ${edges}) {
${Array.from({ length: edges }, (_, e) => edge(e, `k + ${e}`)).join("\n")}
}
for (; k < end; k++) ${edge(0, "k")}
${pieces.map((p, i) => storeSum(p, { at: `to + ${offset(p, options)}`, sum: `(${total(i)})` })).join("\n")}
}
}
`;
  });
  return fusedFunction(
    `static void ${name}(char *out, const char *x, const int32_t *row_start, const int32_t *column,
    const char *weights, uint32_t rows, int add)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
const number *const weight = (const number *)weights;
${tiles.join("")}`,
  );
}

// Implementation

const offset = (p: Piece, { precision }: FusedOptions) => p.from * elementBytes(precision);

/** A row of instances in tiles of a few vectors; `first` is the byte a tile starts at. */
function tilesOf(options: FusedOptions): { pieces: Piece[]; first: number }[] {
  const { precision, stride, widest } = options;
  const pieces = cutRow(stride, precision, widest);
  const tiles: { pieces: Piece[]; first: number }[] = [];
  for (let k = 0; k < pieces.length; k += mostVectors(options)) {
    const [{ from }] = pieces.slice(k);
    tiles.push({
      pieces: pieces.slice(k, k + mostVectors(options)).map((p) => ({ ...p, from: p.from - from })),
      first: from * elementBytes(precision),
    });
  }
  return tiles;
}

/** Columns of x that are packed at a time: with a few instances they fit the nearest cache. */
const PACKED_COLUMNS = 1024;

/**
 * With fewer instances than half a vector has lanes, lanes are columns: x is turned round, and each row of weights read
 * once, in order. Lanes are summed apart and added last.
 */
function printFewInstances(name: string, options: FusedOptions): string {
  const { stride } = options;
  const type = vectorType(options.precision, options.widest);
  const { lanes } = type;
  const v = type.name;
  const scalar = scalarOf(options);
  const each = (count: number, write: (k: number) => string) =>
    Array.from({ length: count }, (_, k) => write(k)).join(" ");
  const block = (rows: number) => {
    const all = (write: (r: number, b: number) => string) =>
      each(rows, (r) => each(stride, (b) => write(r, b)));
    return `for (; i + ${rows} <= rows; i += ${rows}) {
const number *const w = weight + (size_t)i * columns + j0;
number *const to = (number *)out + (size_t)i * ${stride};
${all((r, b) => `${v} s${r}_${b} = {0};`)}
for (uint32_t j = 0; j < whole; j += ${lanes}) {
${each(stride, (b) => `const ${v} x${b} = *(const ${v}_at *)(packed + ${b * PACKED_COLUMNS} + j);`)}
${each(rows, (r) => `{ const ${v} wr = *(const ${v}_at *)(w + ${r} * (size_t)columns + j); ${each(stride, (b) => `s${r}_${b} += wr * x${b};`)} }`)}
}
${all((r, b) => `${scalar} t${r}_${b} = total_${v}(s${r}_${b});`)}
for (uint32_t j = whole; j < here; j++) {
${all((r, b) => `t${r}_${b} += w[${r} * (size_t)columns + j] * packed[${b * PACKED_COLUMNS} + j];`)}
}
${all((r, b) => `to[${r * stride + b}] = add || j0 > 0 ? to[${r * stride + b}] + t${r}_${b} : t${r}_${b};`)}
}
`;
  };
  const main = fusedFunction(
    `static void ${name}(char *out, const char *x, const char *weights, uint32_t rows, uint32_t columns, int add)`,
    `typedef ${scalar} __attribute__((may_alias)) number;
static __thread number packed[${stride * PACKED_COLUMNS}] __attribute__((aligned(64)));
const number *const weight = (const number *)weights;
for (uint32_t j0 = 0; j0 < columns; j0 += ${PACKED_COLUMNS}) {
const uint32_t here = columns - j0 < ${PACKED_COLUMNS} ? columns - j0 : ${PACKED_COLUMNS};
const uint32_t whole = here / ${lanes} * ${lanes};
const number *const from = (const number *)x + (size_t)j0 * ${stride};
for (uint32_t j = 0; j < here; j++) { ${each(stride, (b) => `packed[${b * PACKED_COLUMNS} + j] = from[j * ${stride} + ${b}];`)} }
uint32_t i = 0;
${block(Math.max(1, Math.floor(16 / stride)))}${stride < 16 ? block(1) : ""}}
`,
  );
  return `${printTotal(type)}\n${main}`;
}

function storeSum(p: Piece, { at, sum }: { at: string; sum: string }): string {
  const { name } = p.type;
  return `{ ${name} t = ${sum}; if (add) t += ${load(p, at)}; *(${name}_at *)(${at}) = t; }`;
}

function denseBlock(rows: number, pieces: Piece[], options: FusedOptions): string {
  const all = (write: (r: number, i: number, p: Piece) => string) =>
    Array.from({ length: rows }, (_, r) => pieces.map((p, i) => write(r, i, p))).flat();
  const products = Array.from({ length: rows }, (_, r) => {
    const sums = pieces.map((_, i) => `s${r}_${i} += w * x${i};`);
    return `{ const number w = w0[${r} * columns]; ${sums.join(" ")} }`;
  });
  return `const char *source = from;
char *const to = into + i * pitch;
const number *w0 = weight + (size_t)i * columns;
${all((r, i, p) => `${p.type.name} s${r}_${i} = {0};`).join(" ")}
for (uint32_t j = 0; j < columns; j++, source += pitch, w0++) {
${pieces.map((p, i) => `const ${p.type.name} x${i} = ${load(p, `source + ${offset(p, options)}`)};`).join(" ")}
${products.join("\n")}
}
${all((r, i, p) => storeSum(p, { at: `to + ${r} * pitch + ${offset(p, options)}`, sum: `s${r}_${i}` })).join("\n")}
`;
}
