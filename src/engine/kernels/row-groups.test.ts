import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, toSparse } from "../../core/index.ts";
import { packSparse } from "./pack.ts";
import { groupRows, type RowGroups, turnEdges } from "./row-groups.ts";

const LAYOUT = { precision: "f64", stride: 4 } as const;
const PITCH = 32;

/** A matrix whose rows have very different lengths, some none. */
function uneven(rows: number, columns: number, seed: number) {
  const rng = createRng(seed);
  const density = Array.from({ length: rows }, () => rng.uniform() ** 2);
  const values = Float64Array.from({ length: rows * columns }, (_, k) =>
    rng.uniform() < density[Math.floor(k / columns)] ? rng.uniform() - 0.5 : 0,
  );
  return packSparse(toSparse(dense(rows, columns, values)), LAYOUT);
}

/** The edges of each row, by byte offset of its sums, in the order in which a product takes them. */
function edgesByRow(g: RowGroups): Map<number, [column: number, weight: number][]> {
  const found = new Map<number, [number, number][]>();
  const note = (row: number, k: number) => {
    found.set(row, [...(found.get(row) ?? []), [g.column[k], g.values[k]]]);
  };
  let [turned, rest] = [0, g.turned];
  const width = 2 * g.together + 1;
  for (let s = 0; s < g.count; s++) {
    const segment = g.segments.subarray(s * width, (s + 1) * width);
    const rows = segment.subarray(0, g.together);
    for (const row of rows) {
      expect(found.has(row)).toBe(s >= g.begun);
      found.set(row, found.get(row) ?? []);
    }
    for (let e = 0; e < segment[g.together] * turnEdges; e++) note(rows[e % g.together], turned++);
    rows.forEach((row, r) => {
      for (let n = segment[g.together + 1 + r]; n > 0; n--) note(row, rest++);
    });
  }
  const singles = g.segments.subarray(g.count * width);
  for (let s = 0; s < g.singles; s++) {
    found.set(singles[2 * s], []);
    for (let n = singles[2 * s + 1]; n > 0; n--) note(singles[2 * s], rest++);
  }
  expect([turned, rest]).toEqual([g.turned, g.column.length]);
  return found;
}

describe("groupRows", () => {
  it("takes every edge of every row once, in the order of the columns", () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.nat(200),
        fc.nat(1e6),
        fc.constantFrom(2, 4, 8),
        fc.constantFrom(1, 2, 5),
        (rows, columns, seed, together, blocks) => {
          const m = uneven(rows, columns, seed);
          const found = edgesByRow(groupRows(m, { ...LAYOUT, together, blocks }));
          const wanted = Array.from({ length: rows }, (_, i) => {
            const places = Array.from(
              { length: m.rowStart[i + 1] - m.rowStart[i] },
              (_, e) => m.rowStart[i] + e,
            );
            return [i * PITCH, places.map((k) => [m.column[k], m.values[k]])];
          });
          expect([...found].sort(([a], [b]) => a - b)).toEqual(wanted);
        },
      ),
      { seed: 8, numRuns: 60 },
    );
  });

  it("leaves few edges outside of the turns, where rows are alike, and cuts long rows alone into blocks", () => {
    const rows = 64;
    const full = packSparse(toSparse(dense(rows, 80, new Float64Array(rows * 80).fill(0.5))), LAYOUT);
    const long = groupRows(full, { ...LAYOUT, together: 4, blocks: 3 });
    expect([long.count, long.begun, long.singles, long.turned]).toEqual([48, 16, 0, rows * 80]);
    const short = packSparse(toSparse(dense(rows, 9, new Float64Array(rows * 9).fill(0.5))), LAYOUT);
    const one = groupRows(short, { ...LAYOUT, together: 4, blocks: 3 });
    expect([one.count, one.turned]).toEqual([16, rows * 8]);
  });

  it("rounds weights to the precision", () => {
    const m = packSparse(toSparse(dense(2, 1, [0.1, 0.2])), { precision: "f32", stride: 4 });
    expect(groupRows(m, { precision: "f32", stride: 4, together: 2, blocks: 1 }).values).toEqual(
      Float32Array.of(0.1, 0.2),
    );
  });
});
