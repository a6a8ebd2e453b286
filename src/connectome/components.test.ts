import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SparseMatrix, sparseFromEntries } from "../core/index.ts";
import { largestOf, membersOf, stronglyConnected, weaklyConnected } from "./components.ts";

function graph(size: number, edges: readonly (readonly [number, number])[]): SparseMatrix {
  return sparseFromEntries(
    { rows: size, columns: size },
    { post: edges.map(([, to]) => to), pre: edges.map(([from]) => from), values: edges.map(() => 1) },
  );
}

/** Slow and obvious: close the relation "reaches", then compare. */
function byClosure(w: SparseMatrix, strong: boolean): number[] {
  const n = w.rows;
  const reach = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => i === j));
  for (let i = 0; i < n; i++) {
    for (let k = w.rowStart[i]; k < w.rowStart[i + 1]; k++) {
      reach[w.column[k]][i] = true;
      if (!strong) reach[i][w.column[k]] = true;
    }
  }
  for (let m = 0; m < n; m++)
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) reach[i][j] ||= reach[i][m] && reach[m][j];
  const lowest = Array.from({ length: n }, (_, i) => reach[i].findIndex((r, j) => r && reach[j][i]));
  const order = [...new Set(lowest)];
  return lowest.map((l) => order.indexOf(l));
}

describe("components", () => {
  it("agree with the transitive closure on random graphs", () => {
    const arbitrary = fc
      .integer({ min: 1, max: 12 })
      .chain((n) =>
        fc.tuple(fc.constant(n), fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 20 })),
      );
    fc.assert(
      fc.property(arbitrary, ([n, edges]) => {
        const w = graph(n, edges);
        for (const [find, strong] of [
          [weaklyConnected, false],
          [stronglyConnected, true],
        ] as const) {
          const { membership, count, sizes } = find(w);
          expect([...membership]).toEqual(byClosure(w, strong));
          expect(count).toBe(new Set(membership).size);
          sizes.forEach((size, c) => {
            expect(membersOf(membership, c)).toHaveLength(size);
          });
        }
      }),
    );
  });

  it("tells weak from strong", () => {
    const w = graph(5, [
      [0, 1],
      [1, 2],
      [2, 1],
      [3, 4],
      [3, 3],
    ]);
    expect([...weaklyConnected(w).sizes]).toEqual([3, 2]);
    expect([...stronglyConnected(w).sizes]).toEqual([1, 2, 1, 1]);
  });

  it("prefers the component with the lowest node among equals", () => {
    expect([
      ...largestOf(
        weaklyConnected(
          graph(5, [
            [4, 1],
            [3, 2],
          ]),
        ),
      ),
    ]).toEqual([1, 4]);
  });

  it("does not overflow the stack on a long path", () => {
    const n = 200_000;
    const cycle = graph(
      n,
      Array.from({ length: n }, (_, i) => [i, (i + 1) % n] as const),
    );
    expect(stronglyConnected(cycle).count).toBe(1);
    expect(weaklyConnected(cycle).count).toBe(1);
  });
});
