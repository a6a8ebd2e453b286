/**
 * @file The sparse product in groups of rows as C; row-groups.ts says why and in which order. The bits are those of
 * `printSparseProduct`.
 */

import { cutRow, type Piece } from "../../compiler/index.ts";
import {
  type NativeProductOptions,
  scalarOf,
  spreadWeight,
  storeSum,
  WIDEST_TILE,
  weightGroups,
} from "./native-tile.ts";
import { elementBytes } from "./options.ts";
import { turnEdges } from "./row-groups.ts";

/** Rows whose sums fit into the registers together; below 2 there is no use in groups. */
export function rowsTogether({ precision, stride, widest }: NativeProductOptions): number {
  if (stride === 1) return 1;
  const vectors = cutRow(stride, precision, widest).length;
  for (let rows = turnEdges; rows > 1; rows /= 2) if (rows * vectors <= WIDEST_TILE) return rows;
  return 1;
}

/** Blocks of columns of which each one's states leave room in a small first-level cache. @param bytes - Of all states. */
export function columnBlocks(bytes: number): number {
  return Math.max(1, Math.round(bytes / BLOCK_BYTES));
}

/**
 * The function `name` (out, x, segment, segments, begun, singles, column, weights, turned), arrays as `groupRows` makes
 * them. Sums that are added to what is in `out` must have one block.
 */
export function printGroupedProduct(name: string, options: NativeProductOptions): string {
  const scalar = scalarOf(options);
  const rows = Array.from({ length: rowsTogether(options) }, (_, r) => r);
  const sums = new RowSums(options);
  const each = (print: (r: number) => string) => rows.map(print).join("\n");
  const resume = `if (s >= begun) {\n${each((r) => sums.resume(r))}\n}`;
  return `static void ${name}(char *out, const char *x, const int32_t *segment, uint32_t segments, uint32_t begun,
    uint32_t singles, const int32_t *column, const char *weights, uint32_t turned) {
const ${scalar} *weight = (const ${scalar} *)weights, *rest = weight + turned;
const int32_t *rest_column = column + turned;
for (uint32_t s = 0; s < segments; s++, segment += ${2 * rows.length + 1}) {
${each((r) => `char *const to${r} = out + segment[${r}];\n${sums.begin(r)}`)}
${options.accumulate ? "" : resume}
for (const int32_t *const end = column + ${turnEdges} * segment[${rows.length}]; column != end;) {
${turn(options, sums)}
column += ${turnEdges};
weight += ${turnEdges};
}
${each((r) => sums.rest(r, `segment[${rows.length + 1 + r}]`))}
${each((r) => sums.store(r))}
}
for (uint32_t s = 0; s < singles; s++, segment += 2) {
char *const to0 = out + segment[0];
${sums.begin(0)}
${sums.rest(0, "segment[1]")}
${sums.store(0)}
}
}
`;
}

// Implementation

/** Bytes of states of one block of columns. */
const BLOCK_BYTES = 24 * 1024;

/** What happens to the sums of each of the rows of a group. */
class RowSums {
  readonly #options: NativeProductOptions;
  readonly #pieces: Piece[];
  readonly #bytes: number;

  constructor(options: NativeProductOptions) {
    const { stride, precision, widest } = options;
    this.#options = options;
    this.#pieces = cutRow(stride, precision, widest);
    this.#bytes = elementBytes(precision);
  }

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  begin(r: number): string {
    return this.#each((p, i) => `${p.type.name} s${r}_${i} = {0};`);
  }

  resume(r: number): string {
    return this.#each((p, i) => `s${r}_${i} = load_${p.type.name}(to${r} + ${this.#offset(p)});`);
  }

  /** Add what stands at `source`, times the weights `w`. */
  add(r: number): string {
    return this.#each(
      (p, i) => `s${r}_${i} += w_${p.type.lanes} * load_${p.type.name}(source + ${this.#offset(p)});`,
    );
  }

  /** So many edges one after the other. */
  rest(r: number, count: string): string {
    return `for (int32_t n = ${count}; n > 0; n--) {
const char *const source = x + *rest_column++; ${spreadWeight(this.#pieces, "*rest++", "w")} ${this.add(r)}
}`;
  }

  store(r: number): string {
    const { accumulate } = this.#options;
    return this.#each((p, i) =>
      storeSum(p, { at: `to${r} + ${this.#offset(p)}`, sum: `s${r}_${i}` }, accumulate),
    );
  }

  #offset(p: Piece): number {
    return p.from * this.#bytes;
  }

  #each(print: (p: Piece, i: number) => string): string {
    return this.#pieces.map(print).join(" ");
  }
}

/** The edges of one turn; two columns a load, for loads bind. */
function turn(options: NativeProductOptions, sums: RowSums): string {
  const rows = rowsTogether(options);
  const weights = weightGroups(options);
  return Array.from({ length: turnEdges }, (_, e) => {
    const columns = e % 2 === 0 ? `uint64_t c${e};\nmemcpy(&c${e}, column + ${e}, 8);\n` : "";
    const offset = e % 2 === 0 ? `(uint32_t)c${e}` : `(c${e - 1} >> 32)`;
    const load = weights.load(e, `weight + ${e}`);
    const source = `const char *const source = x + ${offset};`;
    return `${columns}${load}{ ${source} ${weights.spread(e, sums.pieces)} ${sums.add(e % rows)} }`;
  }).join("\n");
}
