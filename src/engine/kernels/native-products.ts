/**
 * @file The products out = W x as C. The sums are those of the WebAssembly kernels: ascending pre, one accumulator per
 * (post, instance), from +0, product and sum rounded each; so the bits are too.
 */

import { cutRow, type Piece, type VectorBytes, vectorType } from "../../compiler/index.ts";
import { elementBytes, type ProductOptions, panelRows } from "./options.ts";

/** What a product in C is specialised on. */
export interface NativeProductOptions extends ProductOptions {
  /** Bytes of the machine's widest vectors. */
  widest: VectorBytes;
}

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

/** Vectors of sums kept in registers at once: half of the 32 of AVX-512, the rest holds operands. */
const WIDEST_TILE = 8;
/** Edges of one turn of the loop: fewer spend too much on counting. */
const UNROLL = 8;
/** Weights loaded at once: 8 took longer to take apart. */
const WEIGHTS_LOADED = 4;

const scalarOf = ({ precision }: ProductOptions) => (precision === "f64" ? "double" : "float");

/** Rows of instances, tile by tile; what starts a tile is its first instance as a C expression. */
function eachTile(options: NativeProductOptions, print: (pieces: Piece[], first: string) => string): string {
  const { precision, stride, widest } = options;
  const pieces = cutRow(stride, precision, widest);
  const { lanes } = pieces[0].type;
  const tileLanes = WIDEST_TILE * lanes;
  const whole = Math.floor(stride / tileLanes);
  const rest = pieces
    .filter((p) => p.from >= whole * tileLanes)
    .map((p) => ({ ...p, from: p.from - whole * tileLanes }));
  let text = "";
  if (whole > 0) {
    const tile = pieces.slice(0, WIDEST_TILE);
    text += `for (uint32_t b = 0; b < ${whole * tileLanes}; b += ${tileLanes}) {\n${print(tile, "b")}}\n`;
  }
  return rest.length > 0 ? `${text}{\n${print(rest, `${whole * tileLanes}`)}}\n` : text;
}

/** One weight in every lane of each vector type of a tile. */
function spreadWeight(pieces: readonly Piece[], value: string, name: string): string {
  return inEachType(pieces, `splat_${pieces[0].type.name}(${value})`, name);
}

/** A vector of the widest type under a name for each vector type of a tile; narrow ones are its first part. */
function inEachType(pieces: readonly Piece[], vector: string, name: string): string {
  const [{ type: widest }] = pieces;
  const types = new Map(pieces.map(({ type }) => [type.name, type]));
  return [...types.values()]
    .map((type) => {
      const target = `${name}_${type.lanes}`;
      return type.name === widest.name
        ? `${type.name} ${target} = ${vector};`
        : `${type.name} ${target}; memcpy(&${target}, &${name}_${widest.lanes}, ${type.bytes});`;
    })
    .join(" ");
}

function storeSum({ type }: Piece, { at, sum }: { at: string; sum: string }, accumulate: boolean): string {
  const { name } = type;
  return `store_${name}(${at}, ${accumulate ? `load_${name}(${at}) + ${sum}` : sum});`;
}

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
    // Loads bind: weights are loaded side by side, and each is spread from there.
    const group = vectorType(
      options.precision,
      Math.min(options.widest, WEIGHTS_LOADED * bytes) as VectorBytes,
    );
    const unrolled = Array.from({ length: UNROLL }, (_, e) => {
      const [g, lane] = [Math.floor(e / group.lanes), e % group.lanes];
      const load = `const ${group.name} g${g} = load_${group.name}(weight + k + ${e});\n`;
      const weight = inEachType(pieces, `spread_${pieces[0].type.name}(g${g}, ${lane})`, "w");
      return `${lane === 0 ? load : ""}${edge(`k + ${e}`, weight)}`;
    });
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
  const edge = (sum: string, at: string) => `${sum} += weight[${at}] * *(const number *)(x + column[${at}]);`;
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
${each((r) => edge(`s${r}`, `k${r} + e`))}
}
${each((r) => `for (int64_t e = shortest; e < n${r}; e++) ${edge(`s${r}`, `k${r} + e`)}\n${store(`i + ${r}`, `s${r}`)}`)}
}
for (; i < rows; i++) {
${scalar} s = 0;
for (int64_t k = row_start[i]; k < row_start[i + 1]; k++) ${edge("s", "k")}
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
