/**
 * @file The products out = W x as C. The sums are those of the WebAssembly kernels: ascending pre, one accumulator per
 * (post, instance), from +0, product and sum rounded each; so the bits are too.
 */

import { cutRow, type Piece, vectorType } from "../../compiler/index.ts";
import {
  eachTile,
  type NativeProductOptions,
  scalarOf,
  spreadWeight,
  storeSum,
  WIDEST_TILE,
  weightGroups,
} from "./native-tile.ts";
import { elementBytes, panelRows } from "./options.ts";

/**
 * The function `name` (out, x, weights, rows, columns) of byte pointers and counts, weights as `packDense` makes them.
 * With one instance `out` is written up to the next multiple of 16 rows.
 */
export function printDenseProduct(name: string, options: NativeProductOptions): string {
  const head = `static void ${name}(char *out, const char *x, const char *weights, uint32_t rows, uint32_t columns)`;
  return options.stride > 1 ? `${head} {\n${denseWide(options)}}\n` : `${head} {\n${denseNarrow(options)}}\n`;
}

/** The function `name` (out, x, row_start, column, weights, rows), arrays as `packSparse` makes them. */
export function printSparseProduct(name: string, options: NativeProductOptions): string {
  const head = `static void ${name}(char *out, const char *x, const int32_t *row_start, const int32_t *column,
    const char *weights, uint32_t rows)`;
  return `${head} {\n${options.stride > 1 ? sparseWide(options) : sparseNarrow(options)}}\n`;
}

// Implementation

/** Edges of one turn of the loop: fewer spend too much on counting. */
const UNROLL = 8;

function sparseWide(options: NativeProductOptions): string {
  const bytes = elementBytes(options.precision);
  const tile = (pieces: Piece[], first: string) => {
    const offset = (p: Piece) => p.from * bytes;
    const edge = (at: string, weight: string) => {
      const sums = pieces.map(
        (p, i) => `s${i} += w_${p.type.lanes} * load_${p.type.name}(source + ${offset(p)});`,
      );
      return `{ const char *source = from + column[${at}]; ${weight} ${sums.join(" ")} }`;
    };
    const weights = weightGroups(options);
    const unrolled = Array.from(
      { length: UNROLL },
      (_, e) => `${weights.load(e, `weight + k + ${e}`)}${edge(`k + ${e}`, weights.spread(e, pieces))}`,
    );
    const stores = pieces.map((p, i) =>
      storeSum(p, { at: `to + ${offset(p)}`, sum: `s${i}` }, options.accumulate),
    );
    return `const char *const from = x + ${bytes} * ${first};
char *const to = out + ${bytes} * ${first};
${pieces.map((p, i) => `${p.type.name} s${i} = {0};`).join(" ")}
int64_t k = row_start[i];
for (; k + ${UNROLL} <= end; k += ${UNROLL}) {
${unrolled.join("\n")}
}
for (; k < end; k++) ${edge("k", spreadWeight(pieces, "weight[k]", "w"))}
${stores.join("\n")}
`;
  };
  return `const ${scalarOf(options)} *const weight = (const ${scalarOf(options)} *)weights;
for (uint32_t i = 0; i < rows; i++, out += ${options.stride * bytes}) {
const int64_t end = row_start[i + 1];
${eachTile(options, tile)}}
`;
}

/** Rows of one instance side by side: the sums of one row wait for each other. */
const ROWS_TOGETHER = 8;

function sparseNarrow(options: NativeProductOptions): string {
  const scalar = scalarOf(options);
  const each = (write: (r: number) => string) =>
    Array.from({ length: ROWS_TOGETHER }, (_, r) => write(r)).join("\n");
  // Nothing, but loops that hold it stay scalar: some compilers gather vectors of floats, at several times the cost.
  const scalarOnly = '__asm__ volatile("");';
  const edge = (sum: string, at: string) => `${sum} += weight[${at}] * *(const number *)(x + column[${at}]);`;
  const alone = (sum: string, at: string) => `{ ${scalarOnly} ${edge(sum, at)} }`;
  const store = (row: string, sum: string) =>
    `to[${row}] = ${options.accumulate ? `to[${row}] + ${sum}` : sum};`;
  return `typedef ${scalar} __attribute__((may_alias)) number;
const ${scalar} *const weight = (const ${scalar} *)weights;
number *const to = (number *)out;
uint32_t i = 0;
for (; i + ${ROWS_TOGETHER} <= rows; i += ${ROWS_TOGETHER}) {
int64_t shortest = INT64_MAX;
${each(
  (r) => `const int64_t k${r} = row_start[i + ${r}], n${r} = row_start[i + ${r + 1}] - k${r};
if (n${r} < shortest) shortest = n${r};
${scalar} s${r} = 0;`,
)}
for (int64_t e = 0; e < shortest; e++) {
${scalarOnly}
${each((r) => edge(`s${r}`, `k${r} + e`))}
}
${each((r) => `for (int64_t e = shortest; e < n${r}; e++) ${alone(`s${r}`, `k${r} + e`)}\n${store(`i + ${r}`, `s${r}`)}`)}
}
for (; i < rows; i++) {
${scalar} s = 0;
for (int64_t k = row_start[i]; k < row_start[i + 1]; k++) ${alone("s", "k")}
${store("i", "s")}
}
`;
}

function denseWide(options: NativeProductOptions): string {
  const bytes = elementBytes(options.precision);
  const pitch = options.stride * bytes;
  const { length } = cutRow(options.stride, options.precision, options.widest);
  const together = Math.max(1, Math.floor(WIDEST_TILE / Math.min(length, WIDEST_TILE)));
  const block = (rows: number) =>
    eachTile(options, (pieces, first) => {
      const sum = (r: number, i: number) => `s${r}_${i}`;
      const all = <T>(write: (p: Piece, i: number, r: number) => T): T[] =>
        Array.from({ length: rows }, (_, r) => pieces.map((p, i) => write(p, i, r))).flat();
      const weights = Array.from({ length: rows }, (_, r) =>
        spreadWeight(pieces, `weight[(size_t)(i + ${r}) * columns + j]`, `w${r}`),
      );
      return `const char *source = x + ${bytes} * ${first};
char *const to = out + (size_t)i * ${pitch} + ${bytes} * ${first};
${all((p, i, r) => `${p.type.name} ${sum(r, i)} = {0};`).join(" ")}
for (uint32_t j = 0; j < columns; j++, source += ${pitch}) {
${pieces.map((p, i) => `const ${p.type.name} x${i} = load_${p.type.name}(source + ${p.from * bytes});`).join(" ")}
${weights.join("\n")}
${all((p, i, r) => `${sum(r, i)} += w${r}_${p.type.lanes} * x${i};`).join("\n")}
}
${all((p, i, r) => storeSum(p, { at: `to + ${r * pitch + p.from * bytes}`, sum: sum(r, i) }, options.accumulate)).join("\n")}
`;
    });
  return `const ${scalarOf(options)} *const weight = (const ${scalarOf(options)} *)weights;
uint32_t i = 0;
for (; i + ${together} <= rows; i += ${together}) {
${block(together)}}
for (; i < rows; i++) {
${block(1)}}
`;
}

function denseNarrow({ precision, accumulate, widest }: NativeProductOptions): string {
  const bytes = elementBytes(precision);
  const type = vectorType(precision, widest);
  const vectors = panelRows / type.lanes;
  const columnBytes = panelRows * bytes;
  const scalar = precision === "f64" ? "double" : "float";
  const group = (panels: number) => {
    const all = (write: (sum: string, panel: number, offset: number) => string) =>
      Array.from({ length: panels * vectors }, (_, k) =>
        write(`s${k}`, Math.floor(k / vectors), (k % vectors) * type.bytes),
      ).join("\n");
    const at = (panel: number, offset: number) => `out + ${panel * columnBytes + offset}`;
    return `${all((sum) => `${type.name} ${sum} = {0};`)}
const char *w = weights;
for (uint32_t j = 0; j < columns; j++, w += ${columnBytes}) {
const ${type.name} xj = splat_${type.name}(((const ${scalar} *)x)[j]);
${all((sum, panel, offset) => `${sum} += xj * load_${type.name}(w + ${panel} * pitch + ${offset});`)}
}
${all((sum, panel, offset) => storeSum({ from: 0, type }, { at: at(panel, offset), sum }, accumulate))}
out += ${panels * columnBytes};
weights += ${panels} * pitch;
`;
  };
  const together = Math.max(1, Math.floor(WIDEST_TILE / vectors));
  return `const size_t pitch = (size_t)columns * ${columnBytes};
uint32_t left = (rows + ${panelRows - 1}) / ${panelRows};
for (; left >= ${together}; left -= ${together}) {
${group(together)}}
for (; left > 0; left--) {
${group(1)}}
`;
}
