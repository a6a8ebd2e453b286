import { existsSync, readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { toDense } from "../../core/index.ts";
import { readLabels } from "./labels.ts";
import { writeNpy } from "./npy.ts";
import { writeNpz } from "./npz.ts";
import { numpyFile } from "./numpy-files.fixture.ts";
import { type ReadConnectomeOptions, readConnectome } from "./read-connectome.ts";

const text = (s: string) => new TextEncoder().encode(s);
// Rows are sources: a drives b with 2, b drives c with 3.
const square = { shape: [3, 3], values: [0, 2, 0, 0, 0, 3, 0, 0, 0] };
const transposed = [0, 0, 0, 2, 0, 0, 0, 3, 0];
const weights = (bytes: Uint8Array, options: Partial<ReadConnectomeOptions> = {}) => [
  ...toDense(readConnectome(bytes, { name: "file", ...options }).weights).values,
];

describe("readConnectome", () => {
  const forms: [string, Uint8Array, Partial<ReadConnectomeOptions>][] = [
    ["npy", writeNpy(square), {}],
    ["npz", writeNpz({ w: square, names: { shape: [3], values: [1, 2, 3] } }), {}],
    ["npz, array chosen", writeNpz({ w: square, v: { shape: [3, 3], values: transposed } }), { array: "w" }],
    ["npz beside objects", zipSync({ "w.npy": writeNpy(square), "objects.npy": numpyFile("objects") }), {}],
    ["csv", text("0,2,0\n0,0,3\n0,0,0"), {}],
    ["csv of floats with labels", text("x a b c\na 0 2 0\nb 0 0 3\nc 0 0 0"), {}],
    ["tsv", text("0\t2\t0\n0\t0\t3\n0\t0\t0"), { format: "tsv" }],
    ["edge list", text("a,b,2\nb,c,3"), {}],
    ["edge list of numbers", text("0 1 2\n1 2 3"), {}],
    ["edge list with header", text("source,target,weight\na,b,2\nb,c,3"), {}],
    ["edge list by extension", text("0 1 2\n1 2 3\n2 1 0"), { name: "worm.edges" }],
    ["edge list by format", text("0 1 2\n1 2 3\n2 1 0"), { format: "edge-list" }],
  ];
  it.each(forms)("%s: rows are sources and are transposed, unless told otherwise", (_, bytes, options) => {
    expect(weights(bytes, options)).toEqual(transposed);
    expect(weights(bytes, { ...options, orientation: "post-pre" })).toEqual(square.values);
  });

  it("names the connectome after the file", () => {
    const named = (name: string) => readConnectome(writeNpy(square), { name }).name;
    expect(named("data/C_Macaque.npy")).toBe("C_Macaque");
    expect(named("C:\\data\\v1.0.NPY")).toBe("v1.0");
    expect(named(".npy")).toBe(".npy");
  });

  it("takes labels, types, positions and source along", () => {
    const extra = { labels: ["x", "y", "z"], types: ["t", "t", "u"], positions: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    const c = readConnectome(writeNpy(square), { name: "m.npy", ...extra, source: { citation: "Doe 2020" } });
    expect(c).toMatchObject({ labels: extra.labels, types: extra.types, source: { citation: "Doe 2020" } });
    expect([...(c.positions ?? [])]).toEqual(extra.positions);
    expect(
      readConnectome(text("a,b,c\n0,2,0\n0,0,3\n0,0,0"), { name: "m.csv", labels: extra.labels }).labels,
    ).toEqual(extra.labels);
  });

  it("sees undirected matrices and mirrors undirected edge lists", () => {
    expect(readConnectome(text("0 1\n1 0"), { name: "m" }).directed).toBe(false);
    expect(readConnectome(text("a b\nb c"), { name: "m", directed: false }).directed).toBe(false);
    expect(readConnectome(text("a b\nb c"), { name: "m" }).directed).toBe(true);
  });

  it("ignores a NaN diagonal on request", () => {
    const bytes = writeNpy({ shape: [2, 2], values: [Number.NaN, 1, 2, Number.NaN] });
    expect(weights(bytes, { diagonal: "zero" })).toEqual([0, 2, 1, 0]);
    expect(() => readConnectome(bytes, { name: "m.npy", labels: ["V1", "V2"] })).toThrow(
      'connectome "m": weight from "V1" (pre) to "V1" (post) is NaN (2 such weights in all). Put 0 where there is no edge; a reader drops such a diagonal with diagonal: "zero".',
    );
  });

  it.each([
    [
      writeNpy({ shape: [2, 3], values: [1, 2, 3, 4, 5, 6] }),
      {},
      "not-square",
      "m.npy: the array has shape (2, 3), not (unit, unit). A connectome is a matrix with one row and one column per node.",
    ],
    [
      writeNpy({ shape: [2, 2, 1], values: [1, 2, 3, 4] }),
      {},
      "not-square",
      "m.npy: the array has shape (2, 2, 1), not (unit, unit). Save one matrix of the stack, e.g. of one subject: numpy.save(path, stack[..., 0]).",
    ],
    [
      text("not numpy"),
      {},
      "npy-magic",
      "m.npy: does not start with the .npy magic. Write the file with numpy.save, or name its real format.",
    ],
    [
      text("1 2\n3 4"),
      { format: "npz" as const },
      "zip-corrupt",
      "m.npy: the archive is damaged: its directory is missing. Copy or download it again.",
    ],
    [
      writeNpz({ a: square, b: square }),
      {},
      "npz-choose-array",
      "m.npy: holds 2 square matrices. Pass array, one of: a, b.",
    ],
    [
      numpyFile("scipySparse"),
      {},
      "npz-scipy-sparse",
      "m.npy: is a SciPy sparse matrix. Save it dense: numpy.save(path, scipy.sparse.load_npz(path).toarray()).",
    ],
    [
      writeNpy(square),
      { format: "mat" as "npy", name: "m" },
      "unknown-format",
      'm: unknown format "mat". Known here: npy, npz, csv, tsv, edge-list.',
    ],
    [
      writeNpy(square),
      { orientation: "pre-pots" as "pre-post", name: "m" },
      "unknown-orientation",
      'm: unknown orientation "pre-pots". Did you mean "pre-post"? Known here: pre-post, post-pre.',
    ],
    [
      text("b,a\n0,2\n1,0"),
      { labels: ["a", "b"], name: "m.csv" },
      "label-order",
      'm.csv: label 1 is "a" in the labels given but "b" in the file. Leave labels out, or give them in the order of the file.',
    ],
    [
      writeNpy(square),
      { labels: ["a"] },
      "label-count",
      'connectome "m": 1 label for 3 nodes. Give one label per node, in the order of the rows.',
    ],
    [text("0 1\n2 0"), { directed: false, name: "m.csv" }, "not-symmetric", undefined],
  ])("refuses %#: %s", (bytes, options, code, message) => {
    const read = () => readConnectome(bytes, { name: "m.npy", ...options });
    expect(read).toThrow(expect.objectContaining({ code, ...(message && { message }) }));
  });
});

const folder = new URL("../../../../shared/data/", import.meta.url);
const golden = new URL("golden/bio2art_ref.json", folder);

interface Checksum {
  file: string;
  N: number;
  nnz: number;
  sum: number;
  max: number;
  min_positive: number;
  first_row_sum: number;
  first_col_sum: number;
  A_0_1: number;
  A_1_0: number;
  first_names: string[];
  row_is: "source" | "target" | "undirected";
}

describe.skipIf(!existsSync(golden))("published connectomes", () => {
  const checksums = existsSync(golden)
    ? Object.entries<Checksum>(JSON.parse(readFileSync(golden, "utf8")).connectome_checksums.files)
    : [];

  it.each(checksums)("%s", (name, expected) => {
    const { N, row_is, first_names, nnz, ...sums } = expected;
    const labels = readLabels(readFileSync(new URL(`connectomes/Names_${name}.lst`, folder)), { name });
    const orientation = row_is === "target" ? "post-pre" : "pre-post";
    const file = readFileSync(new URL(`connectomes/${expected.file}`, folder));
    const c = readConnectome(file, { name: expected.file, labels, orientation });
    expect(c.labels).toHaveLength(N);
    expect(c.labels.slice(0, 3)).toEqual(first_names);
    expect(c.directed).toBe(row_is !== "undirected");
    expect(c.weights.values).toHaveLength(nnz);

    const w = toDense(c.weights).values;
    // The golden numbers are of A as the file has it; ours has targets in rows.
    const a = (i: number, j: number) => (row_is === "target" ? w[i * N + j] : w[j * N + i]);
    const total = (value: (k: number) => number) =>
      Array.from({ length: N }, (_, k) => value(k)).reduce((s, v) => s + v, 0);
    expect(c.weights.values.reduce((s, v) => s + v, 0)).toBeCloseTo(sums.sum, 6);
    expect(total((k) => a(0, k))).toBeCloseTo(sums.first_row_sum, 8);
    expect(total((k) => a(k, 0))).toBeCloseTo(sums.first_col_sum, 8);
    expect(Math.max(...c.weights.values)).toBe(sums.max);
    expect(Math.min(...c.weights.values)).toBe(sums.min_positive);
    expect([a(0, 1), a(1, 0)]).toEqual([sums.A_0_1, sums.A_1_0]);
  });
});
