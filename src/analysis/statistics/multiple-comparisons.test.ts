import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benjaminiHochberg, holm } from "./multiple-comparisons.ts";

const families = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 15 });
const levels = fc.double({ min: 0.001, max: 0.5, noNaN: true });

describe("holm", () => {
  it("adjusts a worked example", () => {
    expect([...holm([0.01, 0.04, 0.03, 0.005])]).toEqual(
      [0.03, 0.06, 0.06, 0.02].map((p) => expect.closeTo(p, 12)),
    );
  });
  it("rejects exactly what the step-down procedure rejects", () => {
    fc.assert(
      fc.property(families, levels, (ps, level) => {
        const order = ps.map((_, i) => i).sort((i, j) => ps[i] - ps[j]);
        const rejected = new Set<number>();
        for (let rank = 0; rank < ps.length; rank++) {
          if ((ps.length - rank) * ps[order[rank]] > level) break;
          rejected.add(order[rank]);
        }
        expect([...holm(ps)].map((p) => p <= level)).toEqual(ps.map((_, i) => rejected.has(i)));
      }),
    );
  });
  it("refuses what is no probability", () => {
    expect(() => holm([0.5, 1.5])).toThrow("holm: p value 1 is 1.5, must lie in 0 … 1");
  });
});

describe("benjaminiHochberg", () => {
  it("rejects the four smallest of the 15 p values in the 1995 paper (section 4.1) at 0.05", () => {
    const published = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    expect([...benjaminiHochberg(published)].filter((p) => p <= 0.05)).toHaveLength(4);
    // The same paper: Bonferroni-type control rejects three.
    expect([...holm(published)].filter((p) => p <= 0.05)).toHaveLength(3);
  });
  it("rejects exactly what the step-up procedure rejects", () => {
    fc.assert(
      fc.property(families, levels, (ps, level) => {
        const sorted = [...ps].sort((a, b) => a - b);
        let cut = -1;
        sorted.forEach((p, i) => {
          if ((ps.length / (i + 1)) * p <= level) cut = p;
        });
        expect([...benjaminiHochberg(ps)].map((p) => p <= level)).toEqual(ps.map((p) => p <= cut));
      }),
    );
  });
});
