import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createRng, sparseFromEntries } from "../core/index.ts";
import { parseSvg } from "./parse-svg.fixture.ts";
import { weightMatrix } from "./weight-matrix.ts";
import { blocksOf } from "./weight-matrix-guides.ts";
import { weightScale } from "./weight-scale.ts";

const matrix = (n: number, edges: [post: number, pre: number, w: number][]) =>
  sparseFromEntries(
    { rows: n, columns: n },
    { post: edges.map((e) => e[0]), pre: edges.map((e) => e[1]), values: edges.map((e) => e[2]) },
  );

/** The cells of a figure: palette index at (row, column) of the matrix. */
function cellsOf(svg: string, n: number) {
  const href = parseSvg(svg).all("image")[0].getAttribute("href") ?? "";
  const png = Buffer.from(href.split(",")[1], "base64");
  const side = png.readUInt32BE(16);
  const at = png.indexOf("IDAT");
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const zoom = side / n;
  return (i: number, j: number) =>
    raw[Math.floor((i + 0.5) * zoom) * (side + 1) + 1 + Math.floor((j + 0.5) * zoom)];
}

describe("weightMatrix", () => {
  it("shows w[post, pre] at row post, column pre; absent edges white", async () => {
    const at = cellsOf(
      await weightMatrix({
        weights: matrix(3, [
          [0, 2, 1],
          [2, 1, 100],
        ]),
      }),
      3,
    );
    expect(at(0, 2)).toBe(1);
    expect(at(2, 1)).toBe(64);
    expect(at(2, 0)).toBe(0);
    expect(at(1, 2)).toBe(0);
  });

  it("draws nodes of one type together and names the types with their numbers", async () => {
    const weights = matrix(4, [[1, 3, 5]]);
    const types = ["inter", "motor", "inter", "motor"];
    const svg = await weightMatrix({ weights, types });
    // Order: 0, 2, 1, 3, so the edge 3 → 1 stands at row 2, column 3.
    expect(cellsOf(svg, 4)(2, 3)).toBeGreaterThan(0);
    const figure = parseSvg(svg);
    expect(figure.texts).toEqual(expect.arrayContaining(["inter (2)", "motor (2)"]));
    expect(figure.texts.indexOf("inter (2)")).toBeLessThan(figure.texts.indexOf("motor (2)"));
    const ordered = parseSvg(await weightMatrix({ weights, types }, { typeOrder: ["motor", "inter"] }));
    expect(ordered.texts.indexOf("motor (2)")).toBeLessThan(ordered.texts.indexOf("inter (2)"));
  });

  it("names nodes where they fit, and both axes", async () => {
    const figure = parseSvg(
      await weightMatrix(
        { weights: matrix(2, [[0, 1, 1]]), labels: ["AVAL", "<AVAR>"] },
        { nodeName: "neuron" },
      ),
    );
    expect(figure.texts.filter((t) => t === "AVAL")).toHaveLength(2);
    expect(figure.texts).toContain("<AVAR>");
    expect(figure.texts).toEqual(
      expect.arrayContaining(["Presynaptic neuron (2)", "Postsynaptic neuron (2)"]),
    );
  });

  it("stays below 500 kB for 1000 nodes at 15 % density", async () => {
    const rng = createRng(3).stream("matrix");
    const edges: [number, number, number][] = [];
    for (let i = 0; i < 1000; i++) {
      for (let j = 0; j < 1000; j++) if (rng.uniform() < 0.15) edges.push([i, j, 10 ** rng.normal()]);
    }
    const svg = await weightMatrix({ weights: matrix(1000, edges) });
    expect(svg.length).toBeLessThan(500_000);
    expect(svg).toBe(await weightMatrix({ weights: matrix(1000, edges) }));
  });

  it("pools matrices larger than the picture: the strongest weight of a group shows", async () => {
    const svg = await weightMatrix({
      weights: matrix(2400, [
        [0, 0, 1],
        [1, 1, 100],
        [2399, 0, 1],
      ]),
    });
    const at = cellsOf(svg, 1200);
    expect(at(0, 0)).toBe(64);
    expect(at(1199, 0)).toBe(1);
  });

  it("says so when there is no edge, and refuses what is no matrix of weights", async () => {
    expect(parseSvg(await weightMatrix({ weights: matrix(3, []) })).texts).toContain("no edges");
    await expect(weightMatrix({ weights: matrix(0, []) })).rejects.toThrow(
      "weightMatrix: the matrix is empty",
    );
    await expect(weightMatrix({ weights: { ...matrix(3, []), columns: 4 } })).rejects.toThrow(
      "is 3 × 4, not square",
    );
    await expect(weightMatrix({ weights: matrix(2, []), labels: ["a"] })).rejects.toThrow(
      "weightMatrix: 1 labels for 2 nodes. Give one for each node.",
    );
    await expect(weightMatrix({ weights: matrix(2, [[0, 1, Number.NaN]]) })).rejects.toThrow(
      "weight 0 is NaN",
    );
  });
});

describe("weightScale", () => {
  it("is logarithmic: equal ratios are equal steps", () => {
    const scale = weightScale([1, 10, 100]);
    expect(scale && [1, 10, 100].map(scale.index)).toEqual([1, 33, 64]);
  });
  it("gives negative weights the other hue, same lightness for same size", () => {
    const scale = weightScale([-100, -1, 1, 100]);
    expect(scale && [-1, -100, 1, 100].map(scale.index)).toEqual([65, 128, 1, 64]);
    expect(scale?.palette).toHaveLength(129);
  });
  it("is not stretched by one tiny weight", () => {
    const scale = weightScale([1e-12, 0.5, 1]);
    expect(scale).toMatchObject({ low: 1e-4, clipped: true });
    expect(scale?.index(1e-12)).toBe(1);
  });
  it("has one colour for equal weights and none for no weight", () => {
    expect(weightScale([2, 2])?.index(2)).toBe(64);
    expect(weightScale([0])).toBeUndefined();
  });
});

describe("blocksOf", () => {
  it("keeps the order of nodes within a type and puts untyped ones last", () => {
    expect(blocksOf(["a", null, "b", "a", ""], 5)).toEqual([
      { type: "a", members: [0, 3] },
      { type: "b", members: [2] },
      { type: undefined, members: [1, 4] },
    ]);
    expect(blocksOf(undefined, 2)).toEqual([{ type: undefined, members: [0, 1] }]);
  });
});
