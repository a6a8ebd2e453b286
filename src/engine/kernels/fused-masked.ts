/**
 * @file Sparse products of training as C for matrices of which a good part is there: W x by bits that say which columns
 * a row has. An address made of bits costs less time than one that is loaded, x is gone through in blocks that stay in
 * the nearest cache, and two rows share what is loaded of x where both have a column.
 */

import { cutRow, type Piece } from "../../compiler/index.ts";
import { type FusedOptions, fusedFunction, load, scalarOf } from "./fused-code.ts";
import { elementBytes } from "./options.ts";

/** Which columns each row of a sparse matrix has. */
export interface ColumnMasks {
  /**
   * Shape `(block, row, 3)`, a block being 64 columns: the place of the row's first entry there, then the bits of the
   * columns, the lower ones first.
   */
  records: Uint32Array;
  blocks: number;
}

/** Columns of a block: those of a word of bits. Their x stays in the nearest cache. */
export const BLOCK = 64;
/** Numbers of a record. */
export const RECORD = 3;
/** Entries of a row in a block from which on bits are faster than a list of columns. */
const FEW = 4;

/**
 * Masks of a matrix as `packSparse` lays it out; undefined where a list of columns is better.
 *
 * @param options - Those the product is printed with.
 */
export function columnMasks(
  { rowStart, column }: { rowStart: Int32Array; column: Int32Array },
  { rows, columns }: { rows: number; columns: number },
  { precision, stride }: Pick<FusedOptions, "precision" | "stride">,
): ColumnMasks | undefined {
  const blocks = Math.ceil(columns / BLOCK);
  if (column.length < FEW * rows * blocks) return undefined;
  const pitch = stride * elementBytes(precision);
  const records = new Uint32Array(blocks * rows * RECORD);
  for (let row = 0; row < rows; row++) {
    let k = rowStart[row];
    for (let block = 0; block < blocks; block++) {
      const record = (block * rows + row) * RECORD;
      records[record] = k;
      for (; k < rowStart[row + 1] && column[k] < (block + 1) * BLOCK * pitch; k++) {
        const place = column[k] / pitch - block * BLOCK;
        records[record + 1 + (place >> 5)] |= 1 << (place & 31);
      }
    }
  }
  return { records, blocks };
}

/**
 * The function `name` (out, x, records, blocks, weights, rows, add), records as {@link columnMasks} makes them.
 *
 * The sums of a row run block by block, in each first over the columns that its neighbour has too; where a row of
 * instances is narrow, several sums take turns and are added last.
 */
export function printFusedMasked(name: string, options: FusedOptions): string {
  return fusedFunction(
    `static void ${name}(char *out, const char *x, const uint32_t *records, uint32_t blocks, const char *weights,
    uint32_t rows, int add)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
${tilesOf(options)
  .map((pieces) => printTile(pieces, options))
  .join("")}`,
  );
}

/** C that reads a record: where its entries begin, and the bits of its columns. */
export const readRecord = (record: string, first: string, bits: string): string =>
  `const size_t ${first} = (${record})[0];
const uint64_t ${bits} = (${record})[1] | (uint64_t)(${record})[2] << 32;`;

// Implementation

/** Vectors of sums of a row in registers: as many as hide how long a sum takes, and as two rows have room for. */
const most = ({ widest }: FusedOptions) => (widest === 64 ? 8 : 4);

/** Vectors of a row of instances from which on two rows share them: what both have costs more than one has to look up. */
const SHARED = 3;

function tilesOf(options: FusedOptions): Piece[][] {
  const pieces = cutRow(options.stride, options.precision, options.widest);
  const sums = most(options);
  return Array.from({ length: Math.ceil(pieces.length / sums) }, (_, k) =>
    pieces.slice(k * sums, (k + 1) * sums),
  );
}

/** All rows for some instances, block by block: two together where that saves more than it costs, and a last one alone. */
function printTile(pieces: Piece[], options: FusedOptions): string {
  const pitch = options.stride * elementBytes(options.precision);
  const two = `for (; i + 2 <= rows; i += 2, record += ${2 * RECORD}, to += ${2 * pitch}) {
${printRows(2, pieces, options)}
}
`;
  return `for (uint32_t k = 0; k < blocks; k++) {
const char *const near = x + (size_t)k * ${BLOCK * pitch};
const uint32_t *record = records + (size_t)k * rows * ${RECORD};
char *to = out;
uint32_t i = 0;
${pieces.length < SHARED ? "" : two}for (; i < rows; i++, record += ${RECORD}, to += ${pitch}) {
${printRows(1, pieces, options)}
}
}
`;
}

/** Some rows: what they share, then what each has alone. */
function printRows(count: number, pieces: Piece[], options: FusedOptions): string {
  const bytes = elementBytes(options.precision);
  const pitch = options.stride * bytes;
  const rows = Array.from({ length: count }, (_, r) => r);
  const sets = Math.floor(most(options) / pieces.length);
  const all = (write: (sum: string, p: Piece, at: number) => string, row: number, set: number) =>
    pieces.map((p, n) => write(`s${row}_${set}_${n}`, p, p.from * bytes)).join(" ");
  const each = (write: (row: number, set: number) => string) =>
    rows.flatMap((row) => Array.from({ length: sets }, (_, set) => write(row, set))).join("\n");
  const entry = (own: number[], set: number) => `{
const char *const from = near + (size_t)__builtin_ctzll(left) * ${pitch};
${count === 1 ? "const number w0 = *weights0++;" : own.map((row) => `const number w${row} = weights${row}[__builtin_popcountll(bits${row} & (left - 1) & ~left)];`).join("\n")}
left &= left - 1;
${pieces.map((p, n) => `const ${p.type.name} v${n} = ${load(p, `from + ${p.from * bytes}`)};`).join(" ")}
${own.map((row) => pieces.map((_, n) => `s${row}_${set}_${n} += w${row} * v${n};`).join(" ")).join("\n")}
}
`;
  const pass = (own: number[], columns: string) => {
    const inTurn = Array.from({ length: sets }, (_, set) => entry(own, set)).join("");
    const several = `int count = __builtin_popcountll(left);
for (; count >= ${sets}; count -= ${sets}) {
${inTurn}}
for (; count > 0; count--) ${entry(own, 0)}`;
    return `{
uint64_t left = ${columns};
${sets === 1 ? `while (left) ${inTurn}` : several}}
`;
  };
  const passes =
    count === 1
      ? [pass([0], "bits0")]
      : [pass([0, 1], "bits0 & bits1"), ...rows.map((row) => pass([row], `bits${row} & ~bits${1 - row}`))];
  const sum = (row: number, n: number) =>
    Array.from({ length: sets }, (_, set) => `s${row}_${set}_${n}`).join(" + ");
  const place = (p: Piece, row: number) => `to + ${row * pitch + p.from * bytes}`;
  return `${rows
    .map(
      (row) => `${readRecord(`record + ${row * RECORD}`, `first${row}`, `bits${row}`)}
const number *${count === 1 ? "" : "const "}weights${row} = (const number *)weights + first${row};`,
    )
    .join("\n")}
${each((row, set) => all((s, p) => `${p.type.name} ${s} = {0};`, row, set))}
if (add || k > 0) { ${rows.map((row) => all((s, p) => `${s} = ${load(p, place(p, row))};`, row, 0)).join(" ")} }
${passes.join("")}${rows
  .map((row) => pieces.map((p, n) => `*(${p.type.name}_at *)(${place(p, row)}) = ${sum(row, n)};`).join(" "))
  .join("\n")}`;
}
