import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import {
  createRng,
  dense,
  denseFromRows,
  type Matrix,
  type SparseMatrix,
  spectralRadius,
  toDense,
  toSparse,
} from "../../core/index.ts";
import { createConnectome } from "../connectome.ts";
import { expandAreas } from "./expand-areas.ts";
import { CONTROL_KINDS, randomControl } from "./random-control.ts";
import { rankRemap } from "./rank-remap.ts";

const rng = createRng(2);
const size = 12;
const template = denseFromRows(
  Array.from({ length: size }, () =>
    Array.from({ length: size }, () => (rng.uniform() < 0.5 ? 0 : rng.uniform())),
  ),
);
const weights = dense(
  size,
  size,
  Array.from({ length: size * size }, () => rng.normal()),
);
const rows = (m: Matrix) =>
  Array.from({ length: m.rows }, (_, i) => [
    ...toDense(m).values.subarray(i * m.columns, (i + 1) * m.columns),
  ]);

function sparse(rowStart: number[], column: number[], values: number[]): SparseMatrix {
  const size = rowStart.length - 1;
  const arrays = { rowStart: Int32Array.from(rowStart), column: Int32Array.from(column) };
  return { kind: "sparse", rows: size, columns: size, ...arrays, values: Float64Array.from(values) };
}

describe("rankRemap", () => {
  it("orders weights as the template, keeping them as a set", () => {
    const { weights: w } = rankRemap(template, weights);
    const t = toSparse(template);
    const order = (v: Float64Array) => Array.from(v.keys()).sort((a, b) => v[a] - v[b]);
    expect(order(w.values)).toEqual(order(t.values));
    const used = weights.values.filter((_, k) => template.values[k] !== 0);
    expect([...w.values].sort()).toEqual([...used].sort());
  });

  it("by magnitude gives strong connections strong weights of either sign", () => {
    const { weights: w } = rankRemap(template, weights, { by: "magnitude" });
    const order = (v: Float64Array) => Array.from(v.keys()).sort((a, b) => v[a] - v[b]);
    expect(order(w.values.map(Math.abs))).toEqual(order(toSparse(template).values));
    expect(w.values.some((v) => v < 0)).toBe(true);
  });

  it("breaks ties row by row", () => {
    const tied = denseFromRows([
      [0, 1, 1],
      [1, 0, 2],
      [1, 1, 0],
    ]);
    const w = denseFromRows([
      [9, 5, 4],
      [3, 9, 2],
      [1, 0.5, 9],
    ]);
    expect(rows(rankRemap(tied, w).weights)).toEqual([
      [0, 4, 3],
      [2, 0, 5],
      [1, 0.5, 0],
    ]);
  });

  it("takes a stored 0 for no connection", () => {
    const stored = sparse([0, 2, 3], [0, 1, 0], [3, 0, 1]);
    const w = denseFromRows([
      [1, 9],
      [2, 9],
    ]);
    expect(rows(rankRemap(stored, w).weights)).toEqual([
      [2, 0],
      [1, 0],
    ]);
  });

  it("refuses what has no rank", () => {
    const odd = denseFromRows([
      [1, Number.NaN],
      [2, 0],
    ]);
    const fine = denseFromRows([
      [1, 4],
      [2, 0],
    ]);
    expect(() => rankRemap(odd, fine)).toThrow("rankRemap: NaN of the template has no rank. Put 0");
    expect(() => rankRemap(fine, odd)).toThrow("rankRemap: NaN of the weights has no rank");
  });

  it("reports the spectral radius and matches it", () => {
    const before = spectralRadius(
      dense(
        size,
        size,
        weights.values.map((w, k) => (template.values[k] ? w : 0)),
      ),
    );
    const plain = rankRemap(template, weights);
    expect(plain.spectralRadius.before).toBeCloseTo(before, 12);
    expect(plain.spectralRadius.remapped).toBeCloseTo(spectralRadius(plain.weights), 12);
    const matched = rankRemap(template, toSparse(weights), { spectralRadius: "before" });
    expect(spectralRadius(matched.weights)).toBeCloseTo(before, 10);
    expect(spectralRadius(rankRemap(template, weights, { spectralRadius: 0.9 }).weights)).toBeCloseTo(
      0.9,
      10,
    );
  });

  it("refuses what cannot be", () => {
    const pair = (a: number) =>
      denseFromRows([
        [0, a],
        [0, 0],
      ]);
    expect(() => rankRemap(template, pair(1))).toThrow(
      "rankRemap: the template is 12 × 12, the weights 2 × 2",
    );
    expect(() => rankRemap(pair(1), pair(2), { spectralRadius: 1 })).toThrow(
      "the spectral radius is 0, it cannot be made 1",
    );
    expect(() => rankRemap(template, weights, { spectralRadius: -1 })).toThrow(
      "the spectral radius cannot be made -1",
    );
  });
});

describe("randomControl", () => {
  const names = Array.from({ length: size }, (_, i) => (i < 5 ? "A" : "B"));
  const directed = createConnectome({ name: "d", weights: template, attributes: { area: names } });
  const mirror = template.values.map(
    (_, k) => template.values[Math.max(k, (k % size) * size + Math.floor(k / size))],
  );
  const undirected = createConnectome({
    name: "u",
    weights: dense(size, size, mirror),
    attributes: { area: names },
  });
  const places = (w: SparseMatrix) => [...toDense(w).values].map((v) => v !== 0);
  const ratio = (w: SparseMatrix, by: number) => [...w.values].map((v) => (v / by).toFixed(10)).sort();

  it.each(CONTROL_KINDS.flatMap((kind) => [[kind, directed] as const, [kind, undirected] as const]))(
    "%s keeps density, weights, self-connections, symmetry, and matches the radius",
    (kind, original) => {
      const { connectome, spectralRadius: radius } = randomControl(original, { kind, rng: rng.stream(kind) });
      expect(radius.original).toBeCloseTo(spectralRadius(original.weights), 12);
      expect(spectralRadius(connectome.weights)).toBeCloseTo(radius.original, 10);
      expect(connectome.directed).toBe(original.directed);
      expect(ratio(connectome.weights, radius.after / radius.drawn)).toEqual(ratio(original.weights, 1));
      for (let i = 0; i < size; i++) {
        const k = i * (size + 1);
        const own = (toDense(original.weights).values[k] * radius.after) / radius.drawn;
        expect(toDense(connectome.weights).values[k]).toBeCloseTo(own, 12);
      }
      const same = places(connectome.weights).every((p, k) => p === places(original.weights)[k]);
      expect(same).toBe(kind === "shuffled-weights");
      expect(rows(connectome.weights)).not.toEqual(rows(original.weights));
    },
  );

  it("blocks keep what each pair of areas has", () => {
    const three = createConnectome({
      name: "t",
      weights: denseFromRows([
        [0, 0.2, 0],
        [0.7, 0, 0.1],
        [0.4, 0, 0],
      ]),
    });
    const { connectome } = expandAreas(three, { neurons: [5, 3, 4], density: 0.5, rng });
    const control = randomControl(connectome, { kind: "blocks", spectralRadius: false, rng }).connectome;
    const sums = (w: SparseMatrix) => {
      const all = toDense(w).values;
      const area = connectome.attributes!.area;
      const table: Record<string, number> = {};
      for (let k = 0; k < all.length; k++) {
        const key = `${area[k % 12]}->${area[Math.floor(k / 12)]}`;
        table[key] = (table[key] ?? 0) + all[k];
      }
      return table;
    };
    for (const [key, sum] of Object.entries(sums(connectome.weights)))
      expect(sums(control.weights)[key]).toBeCloseTo(sum, 12);
    expect(rows(control.weights)).not.toEqual(rows(connectome.weights));
  });

  it("permutes uniformly: every place is as likely", () => {
    const one = createConnectome({
      name: "1",
      weights: denseFromRows([
        [0, 1, 0],
        [0, 0, 0],
        [0, 0, 0],
      ]),
    });
    const counts = new Array(9).fill(0);
    for (let n = 0; n < 1200; n++) {
      const { connectome } = randomControl(one, { spectralRadius: false, rng: rng.stream(n) });
      counts[toDense(connectome.weights).values.indexOf(1)]++;
    }
    for (let k = 0; k < 9; k++) expect(Math.abs(counts[k] - (k % 4 === 0 ? 0 : 200))).toBeLessThan(60);
  });

  it("refuses what cannot be", () => {
    const loop = createConnectome({
      name: "loop",
      weights: denseFromRows([
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 0],
      ]),
      directed: true,
    });
    expect(() => randomControl(loop, { kind: "blocks", rng })).toThrow(
      'control of "loop": nodes have no attribute "area"',
    );
    expect(() => randomControl(loop, { kind: "permutted" as never, rng })).toThrow(
      'unknown kind "permutted". Did you mean',
    );
    const drawSome = () => {
      for (let n = 0; n < 20; n++) randomControl(loop, { rng: rng.stream(n) });
    };
    expect(drawSome).toThrow("its spectral radius is 0, it cannot be made 1");
  });
});

const path = resolve(import.meta.dirname, "../../../../shared/data/golden", "bio2art_ref.json");
const golden = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
describe.skipIf(!golden)("rank remap of bio_rnn_mem", () => {
  it("is the same without ties", () => {
    const { template, to_map, mapped } = golden.rank_remap.n8_no_ties;
    expect(rows(rankRemap(denseFromRows(template), denseFromRows(to_map)).weights)).toEqual(mapped);
  });

  it("agrees on every group of ties, as a set", () => {
    const {
      template,
      to_map,
      mapped_torch_default_sort: theirs,
      dense_rank_of_template: ranks,
    } = golden.rank_remap.tie_case;
    const ours = rows(rankRemap(denseFromRows(template), denseFromRows(to_map)).weights).flat();
    for (const rank of new Set<number>(ranks.flat())) {
      const group = (values: number[]) =>
        values.filter((_, k) => ranks.flat()[k] === rank).sort((a, b) => a - b);
      expect(group(ours)).toEqual(group(theirs.flat()));
    }
  });
});
