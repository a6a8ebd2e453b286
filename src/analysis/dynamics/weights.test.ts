import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, toSparse } from "../../core/index.ts";
import { groupConnectivity, groupNames, inputBalance } from "./group-connectivity.ts";
import { groupCurrents } from "./group-currents.ts";
import { compareWeights, summarizeMatrix } from "./weight-learning.ts";

describe("groupConnectivity", () => {
  it("counts and sums each block, dense and sparse alike", () => {
    const rng = createRng(2);
    const weights = dense(6, 6);
    weights.values.forEach((_, k) => {
      if (rng.uniform() < 0.6) weights.values[k] = rng.normal();
    });
    const names = ["V1 E", "V1 E", "V1 I", "PFC E", "PFC I", "PFC I"];
    const table = groupConnectivity(weights, { post: names });
    expect(groupConnectivity(toSparse(weights), { post: names })).toEqual(table);
    expect(table.map((r) => r.post).filter((_, k) => k % 4 === 0)).toEqual([...new Set(names)]);
    for (const row of table) {
      const block: number[] = [];
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j < 6; j++)
          if (names[i] === row.post && names[j] === row.pre) block.push(weights.values[i * 6 + j]);
      }
      const present = block.filter((v) => v !== 0);
      const sum = present.reduce((s, v) => s + v, 0);
      const negative = present.filter((v) => v < 0).reduce((s, v) => s - v, 0);
      expect(row.pairs).toBe(block.length);
      expect(row.synapses).toBe(present.length);
      expect(row.density).toBe(present.length / block.length);
      expect(row.sum).toBeCloseTo(sum, 12);
      expect(row.perUnit).toBeCloseTo(sum / names.filter((n) => n === row.post).length, 12);
      if (present.length === 0) continue;
      expect(row.mean).toBeCloseTo(sum / present.length, 12);
      expect(row.inhibition).toBeCloseTo(negative / present.reduce((s, v) => s + Math.abs(v), 0), 12);
    }
  });

  it("names groups by what is known", () => {
    const areas = [0, 1, 1];
    expect(groupNames({ areas, areaNames: ["V1", "PFC"], signs: [1, -1, 0] })).toEqual([
      "V1 E",
      "PFC I",
      "PFC",
    ]);
    expect(groupNames({ areas })).toEqual(["area 1", "area 2", "area 2"]);
    expect(groupNames({ signs: [1, 0] })).toEqual(["E", "all"]);
    expect(() => groupNames({ areas, signs: [1] })).toThrow("1 signs for 3 units with an area");
    expect(() => groupConnectivity(dense(2, 3), { post: ["a", "b"] })).toThrow(
      "groups of 2 and 2 units for weights of 2 × 3",
    );
  });

  it("splits what each unit receives", () => {
    const { excitation, inhibition } = inputBalance(dense(2, 3, [1, -2, 3, 0, -1, 0]));
    expect(Array.from(excitation)).toEqual([4, 0]);
    expect(Array.from(inhibition)).toEqual([-2, -1]);
  });
});

describe("groupCurrents", () => {
  it("is the mean current into each group from each group, by the sign of the weights", () => {
    const rng = createRng(9);
    const weights = dense(
      4,
      3,
      Array.from({ length: 12 }, () => rng.normal()),
    );
    const activity = { rows: 2, steps: 2, units: 3, values: Array.from({ length: 12 }, () => rng.normal()) };
    const groups = { post: ["a", "b", "a", "a"], pre: ["x", "y", "x"] };
    const { excitation, inhibition, post, pre } = groupCurrents(activity, weights, groups);
    expect([post, pre]).toEqual([
      ["a", "b"],
      ["x", "y"],
    ]);
    for (let k = 0; k < 4; k++) {
      post.forEach((to, a) => {
        pre.forEach((from, b) => {
          const rows = [0, 1, 2, 3].filter((i) => groups.post[i] === to);
          const columns = [0, 1, 2].filter((j) => groups.pre[j] === from);
          const sum = (sign: number) =>
            rows.flatMap((i) =>
              columns.map(
                (j) => Math.max(0, sign * weights.values[i * 3 + j]) * sign * activity.values[k * 3 + j],
              ),
            );
          const at = (k * 2 + a) * 2 + b;
          const mean = (v: number[]) => v.reduce((x, y) => x + y, 0) / rows.length;
          expect(excitation[at]).toBeCloseTo(mean(sum(1)), 12);
          expect(inhibition[at]).toBeCloseTo(mean(sum(-1)), 12);
        });
      });
    }
    expect(() => groupCurrents(activity, weights, { post: ["a"] })).toThrow(
      "activity of 3 units and groups of 1 and 1 for weights of 4 × 3",
    );
  });
});

describe("compareWeights", () => {
  it("finds an outer product to be one direction", () => {
    const rng = createRng(5);
    const n = 7;
    const before = dense(n, n);
    before.values.forEach((_, k) => {
      before.values[k] = rng.normal();
    });
    const [u, v] = [0, 1].map(() => Float64Array.from({ length: n }, () => rng.normal()));
    const after = dense(
      n,
      n,
      before.values.map((w, k) => w + u[Math.floor(k / n)] * v[k % n]),
    );
    const { change, relativeDistance, cosine } = compareWeights(before, after);
    expect(change.rank).toBe(1);
    expect(change.effectiveRank).toBeCloseTo(1, 10);
    const size = (w: Float64Array) => Math.sqrt(w.reduce((s, x) => s + x * x, 0));
    expect(change.singularValues[0]).toBeCloseTo(size(u) * size(v), 10);
    expect(relativeDistance).toBeCloseTo((size(u) * size(v)) / size(before.values), 12);
    const dot = before.values.reduce((s, w, k) => s + w * after.values[k], 0);
    expect(cosine).toBeCloseTo(dot / size(before.values) / size(after.values), 12);
  });

  it("has the singular values of a diagonal, whatever the shape", () => {
    const wide = summarizeMatrix(dense(2, 3, [3, 0, 0, 0, -4, 0]));
    const tall = summarizeMatrix(dense(3, 2, [3, 0, 0, -4, 0, 0]));
    for (const found of [wide, tall]) {
      expect(Array.from(found.singularValues)).toEqual([4, 3]);
      expect(found.effectiveRank).toBeCloseTo(625 / (81 + 256), 12);
      expect(found.spectralRadius).toBeNaN();
    }
    const square = summarizeMatrix(dense(2, 2, [0, 2, 0.5, 0]));
    expect(square).toMatchObject({ synapses: 2, mean: 1.25, deviation: 0.75, rank: 2 });
    expect(square.spectralRadius).toBeCloseTo(1, 12);
    expect(() => compareWeights(dense(2, 3), dense(3, 2))).toThrow("2 × 3 before, 3 × 2 after");
  });

  it("agrees with the Frobenius norm", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (rows, columns) => {
        const rng = createRng(rows * 10 + columns);
        const m = dense(
          rows,
          columns,
          Array.from({ length: rows * columns }, () => rng.normal()),
        );
        const { norm, singularValues } = summarizeMatrix(m);
        expect(Math.sqrt(singularValues.reduce((s, v) => s + v * v, 0))).toBeCloseTo(norm, 10);
      }),
      { seed: 2, numRuns: 30 },
    );
  });
});
