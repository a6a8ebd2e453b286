/**
 * @file Sparse weights in the order in which a native product reads them: several rows side by side, for the sums of
 * one row wait for each other, and block by block of columns, so that the states a block reads stay in the first-level
 * cache. Within a row the order is that of the columns, so every sum has the bits it has row by row.
 */

import { elementBytes, type FloatArray, floatArray, type Layout } from "./options.ts";
import type { PackedSparse } from "./pack.ts";

/** Edges of one turn of the product's loop: those of a group's rows in turn, row after row. */
export const turnEdges = 8;

/** Sparse weights in groups of rows. */
export interface RowGroups {
  /** Rows of a group: a power of 2, at most 8. */
  together: number;
  /**
   * First the segments, shape `(segment, 2 together + 1)`: byte offset of each row's sums, turns, and edges of each row
   * that come after them. Then the rows that fill no group, shape `(row, 2)`: byte offset of the sums, and edges.
   */
  segments: Int32Array<ArrayBuffer>;
  /** Number of segments; the first `begun` of them begin their rows, the others go on with the sums. */
  count: number;
  begun: number;
  /** Rows that fill no group. */
  singles: number;
  /** Edges that are taken in turns. The others follow them, in the order of the segments, row after row. */
  turned: number;
  /** Shape `(edge)`: byte offset of the presynaptic state. */
  column: Int32Array<ArrayBuffer>;
  /** Shape `(edge)`. */
  values: FloatArray;
}

/**
 * Group the rows of `m`, as `packSparse` makes it, by their length.
 *
 * @param options.together - Rows of a group.
 * @param options.blocks - Blocks of columns, ≥ 1; where rows are short there are fewer.
 */
export function groupRows(
  m: PackedSparse,
  { together, blocks, ...layout }: Layout & { together: number; blocks: number },
): RowGroups {
  const pitch = layout.stride * elementBytes(layout.precision);
  const { singles, groups } = rowsByLength(m, together, blocks);
  const steps = turnEdges / together;
  const edges = new EdgeOrder(
    m,
    groups.reduce((sum, { turns }) => sum + turns * turnEdges, 0),
  );
  const segments: number[] = [];
  for (let block = 0; block < blocks; block++) {
    for (const { rows, turns, blocks: own } of groups) {
      if (block >= own) continue;
      const [from, to] = [block, block + 1].map((b) => Math.floor((turns * b) / own));
      for (let e = from * steps; e < to * steps; e++) for (const row of rows) edges.turn(row, e);
      const rest = rows.map((row) => (block === own - 1 ? edges.rest(row, to * steps) : 0));
      segments.push(...rows.map((row) => row * pitch), to - from, ...rest);
    }
  }
  const count = segments.length / (2 * together + 1);
  for (const row of singles) segments.push(row * pitch, edges.rest(row, 0));
  return {
    together,
    segments: Int32Array.from(segments),
    count,
    begun: groups.length,
    singles: singles.length,
    turned: edges.turned,
    column: edges.order.map((k) => m.column[k]),
    values: floatArray(layout.precision, edges.order.length).map((_, at) => m.values[edges.order[at]]),
  };
}

// Implementation

/** Turns of a segment that are worth its beginning and end. */
const FEWEST_TURNS = 4;

/** Rows of similar length side by side; those left over are the shortest. */
function rowsByLength(m: PackedSparse, together: number, blocks: number) {
  const length = (row: number) => m.rowStart[row + 1] - m.rowStart[row];
  const order = Array.from({ length: m.rowStart.length - 1 }, (_, row) => row);
  order.sort((a, b) => length(a) - length(b) || a - b);
  const singles = order.splice(0, order.length % together);
  const groups = Array.from({ length: order.length / together }, (_, g) => {
    const rows = order.slice(g * together, (g + 1) * together);
    const turns = Math.floor((length(rows[0]) * together) / turnEdges);
    return { rows, turns, blocks: Math.max(1, Math.min(blocks, Math.floor(turns / FEWEST_TURNS))) };
  });
  return { singles, groups };
}

/** The places of edges in their new order: those taken in turns, then the rest. */
class EdgeOrder {
  readonly order: Int32Array<ArrayBuffer>;
  /** Edges taken in turns. */
  readonly turned: number;
  readonly #rowStart: Int32Array;
  #nextTurned = 0;
  #nextRest: number;

  constructor({ rowStart, column }: PackedSparse, turned: number) {
    this.order = new Int32Array(column.length);
    this.turned = turned;
    this.#rowStart = rowStart;
    this.#nextRest = turned;
  }

  /** An edge of a row is taken in the next place of a turn. */
  turn(row: number, edge: number): void {
    this.order[this.#nextTurned++] = this.#rowStart[row] + edge;
  }

  /** A row's edges from one on come after its turns. @returns Their number. */
  rest(row: number, from: number): number {
    const [start, end] = [this.#rowStart[row] + from, this.#rowStart[row + 1]];
    for (let k = start; k < end; k++) this.order[this.#nextRest++] = k;
    return end - start;
  }
}
