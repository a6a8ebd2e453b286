/**
 * @file Small connectomes for the tests of the transforms.
 */

import fc from "fast-check";
import { denseFromRows, type SparseMatrix, sparseFromEntries, toDense } from "../../core/index.ts";
import { type Connectome, type ConnectomeParts, createConnectome } from "../connectome.ts";

/** Connectome of a dense matrix. */
export const of = (rows: number[][], extra: Partial<ConnectomeParts> = {}) =>
  createConnectome({ name: "c", weights: denseFromRows(rows), ...extra });

/** Dense matrix of a connectome. */
export const rows = ({ weights }: Connectome) =>
  Array.from({ length: weights.rows }, (_, i) => [
    ...toDense(weights).values.subarray(i * weights.rows, (i + 1) * weights.rows),
  ]);

/** Small signed graphs with self-loops, directed or not. */
export const graphs = fc
  .tuple(
    fc.integer({ min: 2, max: 8 }),
    fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.constantFrom(-2, -1, 0.5, 1, 1, 3)), {
      minLength: 1,
      maxLength: 30,
    }),
    fc.boolean(),
  )
  .map(([n, list, directed]) => {
    const seen = new Set<string>();
    const edges: [number, number, number][] = [];
    for (const [a, b, w] of list) {
      const [i, j] = [a % n, b % n];
      if (seen.has(`${i} ${j}`)) continue;
      edges.push([i, j, w]);
      seen.add(`${i} ${j}`);
      if (directed || i === j) continue;
      edges.push([j, i, w]);
      seen.add(`${j} ${i}`);
    }
    const weights: SparseMatrix = sparseFromEntries(
      { rows: n, columns: n },
      {
        post: edges.map((e) => e[0]),
        pre: edges.map((e) => e[1]),
        values: edges.map((e) => e[2]),
      },
    );
    return createConnectome({ name: "g", weights });
  });

/** Where the edges are. */
export const pattern = ({ weights }: Connectome) => [[...weights.rowStart], [...weights.column]];
