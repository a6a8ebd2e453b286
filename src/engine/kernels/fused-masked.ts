/**
 * @file Sparse products of training as C for matrices of which a good part is there: W x by bits that say which columns
 * a row has. An address made of bits costs less time than one that is loaded, and x is gone through in blocks that stay
 * in the nearest cache, with the sums of a row in registers.
 */

import { cutRow, type Piece } from "../../compiler/index.ts";
import { type FusedOptions, fusedFunction, load, scalarOf } from "./fused-code.ts";
import { elementBytes } from "./options.ts";

/** Which columns each row of a sparse matrix has. */
export interface ColumnMasks {
  /**
   * Shape `(block, row, 1 + 2 words)`: the place of the first of these entries, then bits of 64 columns in two numbers,
   * the lower one first.
   */
  bits: Uint32Array;
  /** Words of 64 columns in a block. */
  words: number;
  blocks: number;
}

/** Columns of a word. */
const WORD = 64;
/** Bytes of x that stay in the nearest cache beside what streams through it. */
const NEAR = 32768;
/** Entries in a word from which on bits are faster than a list of columns. */
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
  const all = Math.ceil(columns / WORD);
  if (column.length < FEW * rows * all) return undefined;
  const pitch = stride * elementBytes(precision);
  const words = Math.max(1, Math.min(all, Math.floor(NEAR / (WORD * pitch))));
  const blocks = Math.ceil(all / words);
  const length = 1 + 2 * words;
  const bits = new Uint32Array(blocks * rows * length);
  for (let row = 0; row < rows; row++) {
    let k = rowStart[row];
    for (let block = 0; block < blocks; block++) {
      const first = (block * rows + row) * length;
      const from = block * words * WORD;
      bits[first] = k;
      for (; k < rowStart[row + 1] && column[k] < (from + words * WORD) * pitch; k++) {
        const place = column[k] / pitch - from;
        bits[first + 1 + (place >> 5)] |= 1 << (place & 31);
      }
    }
  }
  return { bits, words, blocks };
}

/**
 * The function `name` (out, x, masks, words, blocks, weights, rows, add), masks as {@link columnMasks} makes them.
 * Sums run in ascending index; where a row of instances is narrow, several sums take turns and are added last.
 */
export function printFusedMasked(name: string, options: FusedOptions): string {
  const tiles = tilesOf(options).map((pieces) => printTile(pieces, options));
  return fusedFunction(
    `static void ${name}(char *out, const char *x, const uint32_t *masks, uint32_t words, uint32_t blocks,
    const char *weights, uint32_t rows, int add)`,
    `typedef ${scalarOf(options)} __attribute__((may_alias)) number;
const size_t length = 1 + 2 * (size_t)words;
${tiles.join("")}`,
  );
}

// Implementation

/** Vectors of sums in registers: as many as hide how long a sum takes. */
const SUMS = 8;

function tilesOf({ precision, stride, widest }: FusedOptions): Piece[][] {
  const pieces = cutRow(stride, precision, widest);
  return Array.from({ length: Math.ceil(pieces.length / SUMS) }, (_, k) =>
    pieces.slice(k * SUMS, (k + 1) * SUMS),
  );
}

/** All rows for some instances, block by block. */
function printTile(pieces: Piece[], options: FusedOptions): string {
  const bytes = elementBytes(options.precision);
  const pitch = options.stride * bytes;
  const sets = Math.floor(SUMS / pieces.length);
  const all = (write: (i: number, p: Piece, at: number) => string) =>
    pieces.map((p, i) => write(i, p, p.from * bytes)).join(" ");
  const entry = (set: number) => `{
const char *const from = near + (size_t)__builtin_ctzll(left) * ${pitch};
const number w = *weight++;
left &= left - 1;
${all((i, p, at) => `s${set}_${i} += w * ${load(p, `from + ${at}`)};`)}
}`;
  const each = (write: (set: number) => string) => Array.from({ length: sets }, (_, set) => write(set));
  const inTurn =
    sets === 1
      ? `while (left) ${entry(0)}`
      : `int count = __builtin_popcountll(left);
for (; count >= ${sets}; count -= ${sets}) {
${each(entry).join("\n")}
}
for (; count > 0; count--) ${entry(0)}`;
  return `for (uint32_t k = 0; k < blocks; k++) {
const uint32_t *mask = masks + (size_t)k * rows * length;
const char *const block = x + (size_t)k * words * ${WORD * pitch};
char *to = out;
for (uint32_t i = 0; i < rows; i++, mask += length, to += ${pitch}) {
${each((set) => all((n, p) => `${p.type.name} s${set}_${n} = {0};`)).join("\n")}
if (add || k > 0) { ${all((n, p, at) => `s0_${n} = ${load(p, `to + ${at}`)};`)} }
const number *weight = (const number *)weights + mask[0];
const char *near = block;
for (uint32_t q = 0; q < words; q++, near += ${WORD * pitch}) {
uint64_t left = mask[1 + 2 * q] | (uint64_t)mask[2 + 2 * q] << 32;
${inTurn}
}
${all((n, p, at) => `*(${p.type.name}_at *)(to + ${at}) = ${each((set) => `s${set}_${n}`).join(" + ")};`)}
}
}
`;
}
