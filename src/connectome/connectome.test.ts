import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError, dense, denseFromRows, sparseFromEntries, toDense } from "../core/index.ts";
import { createConnectome, isSymmetric, withWeights } from "./connectome.ts";

const path = denseFromRows([
  [0, 0, 0],
  [2, 0, 0],
  [0, -1, 0.5],
]);

describe("createConnectome", () => {
  it("keeps weights, the diagonal included, and names nodes by their index", () => {
    const c = createConnectome({ name: "path", weights: path });
    expect(c.labels).toEqual(["0", "1", "2"]);
    expect(toDense(c.weights)).toEqual(path);
    expect(c.directed).toBe(true);
  });

  it("is frozen and does not share arrays with its parts", () => {
    const weights = sparseFromEntries({ rows: 2, columns: 2 }, { post: [0], pre: [1], values: [3] });
    const labels = ["a", "b"];
    const positions = [0, 0, 0, 1, 2, 3];
    const c = createConnectome({
      name: "pair",
      weights,
      labels,
      positions,
      attributes: { side: ["left", "right"] },
    });
    weights.values[0] = 9;
    labels[0] = "z";
    positions[0] = 7;
    expect([c.weights.values[0], c.labels[0], c.positions?.[0]]).toEqual([3, "a", 0]);
    expect(Object.isFrozen(c) && Object.isFrozen(c.labels) && Object.isFrozen(c.weights)).toBe(true);
    expect(Object.isFrozen(c.attributes) && Object.isFrozen(c.attributes?.side)).toBe(true);
  });

  it("stores no zeros, which would count as edges", () => {
    const weights = sparseFromEntries({ rows: 2, columns: 2 }, { post: [0, 1], pre: [1, 0], values: [0, 4] });
    const c = createConnectome({ name: "z", weights });
    expect([...c.weights.values]).toEqual([4]);
    expect([...c.weights.rowStart]).toEqual([0, 0, 1]);
  });

  it("takes weights that are symmetric to 1e-12 as undirected", () => {
    const near = denseFromRows([
      [0, 1],
      [1 + 5e-13, 0],
    ]);
    const far = denseFromRows([
      [0, 1],
      [1 + 5e-12, 0],
    ]);
    expect(createConnectome({ name: "near", weights: near }).directed).toBe(false);
    expect(createConnectome({ name: "far", weights: far }).directed).toBe(true);
    expect(createConnectome({ name: "near", weights: near, directed: true }).directed).toBe(true);
  });

  const two = denseFromRows([
    [0, 1],
    [0, 0],
  ]);
  const nan = denseFromRows([
    [0, Number.NaN],
    [Number.POSITIVE_INFINITY, 0],
  ]);
  const diagonal = denseFromRows([
    [0, 1],
    [0, Number.NaN],
  ]);
  const disordered = sparseFromEntries(
    { rows: 2, columns: 2 },
    { post: [0, 0], pre: [0, 1], values: [1, 2] },
  );
  disordered.column.reverse();
  it.each([
    [
      { weights: dense(2, 3) },
      "not-square",
      'connectome "c": weights must be square, got 2 × 3. Give one row and one column per node.',
    ],
    [{ weights: dense(0, 0) }, "no-nodes", 'connectome "c": there are no nodes. Give at least one node.'],
    [
      { weights: nan, labels: ["V1", "V2"] },
      "nan-weights",
      'connectome "c": weight from "V2" (pre) to "V1" (post) is NaN (2 such weights in all). Put 0 where there is no edge.',
    ],
    [
      { weights: diagonal },
      "nan-weights",
      'connectome "c": weight from "1" (pre) to "1" (post) is NaN. Put 0 where there is no edge; a reader drops such a diagonal with diagonal: "zero".',
    ],
    [
      { weights: two, labels: ["a"] },
      "label-count",
      'connectome "c": 1 label for 2 nodes. Give one label per node, in the order of the rows.',
    ],
    [
      { weights: two, labels: ["a", "a"] },
      "duplicate-label",
      'connectome "c": label "a" names nodes 0 and 1. Labels must be unique; add a suffix such as a hemisphere.',
    ],
    [
      { weights: two, types: ["x"] },
      "type-count",
      'connectome "c": 1 type for 2 nodes. Give one type per node, in the order of the labels.',
    ],
    [
      { weights: two, attributes: { side: ["left"] } },
      "attribute-count",
      'connectome "c": attribute "side" has 1 value for 2 nodes. Give one value per node, in the order of the labels.',
    ],
    [
      { weights: two, positions: [1, 2, 3] },
      "position-count",
      'connectome "c": 3 coordinates for 2 nodes. Give x, y, z [mm] for each node, one after another.',
    ],
    [
      { weights: two, positions: [1, 2, 3, 4, Number.NaN, 6] },
      "nan-positions",
      'connectome "c": coordinate y of node 1 is NaN. Leave positions out when some are unknown.',
    ],
    [
      { weights: two, directed: false },
      "not-symmetric",
      'connectome "c": weights are not symmetric, but directed is false. Leave out directed: false, or symmetrize the connectome first.',
    ],
    [
      { weights: disordered },
      "bad-sparse-matrix",
      'connectome "c": the sparse weights are malformed. Make it with sparseFromEntries or toSparse; columns must ascend within a row.',
    ],
  ])("refuses %#: %s", (parts, code, message) => {
    expect(() => createConnectome({ name: "c", ...parts })).toThrow(
      expect.objectContaining({ code, message }),
    );
    expect(() => createConnectome({ name: "c", ...parts })).toThrow(CajalError);
  });

  it("names the right entry of a sparse matrix", () => {
    const weights = sparseFromEntries(
      { rows: 3, columns: 3 },
      { post: [0, 2, 2], pre: [1, 0, 1], values: [1, 1, NaN] },
    );
    expect(() => createConnectome({ name: "s", weights })).toThrow('from "1" (pre) to "2" (post) is NaN');
  });
});

describe("withWeights", () => {
  it("keeps the rest, and lets an undirected connectome become directed", () => {
    const weights = denseFromRows([
      [0, 1],
      [1, 0],
    ]);
    const c = createConnectome({ name: "c", weights, labels: ["a", "b"], types: ["x", "y"] });
    const d = withWeights(
      c,
      denseFromRows([
        [0, 2],
        [0, 0],
      ]),
    );
    expect([c.directed, d.directed, d.labels, d.types]).toEqual([false, true, ["a", "b"], ["x", "y"]]);
    // The reverse does not happen: a directed graph that happens to be symmetric stays directed.
    expect(withWeights(d, weights).directed).toBe(true);
  });
});

describe("isSymmetric", () => {
  it("agrees with the dense definition", () => {
    const entry = fc.tuple(fc.nat(4), fc.nat(4), fc.constantFrom(-1, 1, 2));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), fc.boolean(), (entries, mirror) => {
        const all = mirror
          ? entries.flatMap(([i, j, v]) => [
              [i, j, v],
              [j, i, v],
            ])
          : entries;
        const w = sparseFromEntries(
          { rows: 5, columns: 5 },
          {
            post: all.map((e) => e[0]),
            pre: all.map((e) => e[1]),
            values: all.map((e) => e[2]),
          },
        );
        const m = toDense(w).values;
        let symmetric = true;
        for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) symmetric &&= m[i * 5 + j] === m[j * 5 + i];
        // A sum that cancels to 0 is stored in the sparse form; createConnectome removes it first.
        const { weights } = createConnectome({ name: "w", weights: w });
        expect(isSymmetric(weights)).toBe(symmetric);
      }),
    );
  });
});
