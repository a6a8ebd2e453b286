import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dense, toDense, toSparse } from "../matrix.ts";
import { principalBlock, strongComponents } from "./strong-components.ts";

const graph = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc.tuple(fc.constant(n), fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: n * n, maxLength: n * n })),
  );

describe("strongComponents", () => {
  it("puts two nodes together exactly when each can reach the other", () => {
    fc.assert(
      fc.property(graph, ([n, values]) => {
        const reach = values.map((v, k) => v !== 0 || k % n === Math.floor(k / n));
        for (let via = 0; via < n; via++)
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++) if (reach[i * n + via] && reach[via * n + j]) reach[i * n + j] = true;
        const component = new Array<number>(n).fill(-1);
        strongComponents(toSparse(dense(n, n, values))).forEach((nodes, c) => {
          for (const node of nodes) {
            expect(component[node]).toBe(-1);
            component[node] = c;
          }
        });
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++)
            expect(component[i] === component[j]).toBe(reach[i * n + j] && reach[j * n + i]);
      }),
    );
  });

  it("goes down a path of 200 000 nodes without running out of stack, and a stored 0 is no edge", () => {
    const n = 200_000;
    const rowStart = Int32Array.from({ length: n + 1 }, (_, i) => i);
    const column = Int32Array.from({ length: n }, (_, i) => (i + 1) % n);
    const values = new Float64Array(n).fill(1);
    const ring = { kind: "sparse" as const, rows: n, columns: n, rowStart, column, values };
    expect(strongComponents(ring).length).toBe(1);
    values[17] = 0;
    expect(strongComponents(ring).length).toBe(n);
  });
});

describe("principalBlock", () => {
  it("takes rows and columns in the order given", () => {
    const m = toSparse(dense(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]));
    const block = toDense(principalBlock(m, Int32Array.of(0, 2)));
    expect([...block.values]).toEqual([1, 3, 7, 9]);
  });
});
