/**
 * @file The products of training as C, for speed: register tiles of multiplications and additions that are fused and
 * rounded once, so bits differ from those of WebAssembly. Forward sums W x, and by the transposed weights adjoints
 * Wᵀ d; sums run in ascending index of what is summed over, one accumulator per (row, instance).
 */

import { cutRow, type Piece } from "../../compiler/index.ts";
import { type FusedOptions, fusedFunction, load, rowSteps, scalarOf } from "./fused-code.ts";
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
