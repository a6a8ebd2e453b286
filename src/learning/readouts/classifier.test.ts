import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accumulateMoments, createRng } from "../../core/index.ts";
import { ClassMoments, classMomentsOf } from "./class-moments.ts";
import { classifier, classScores, fitClassifier, predictClasses } from "./classifier.ts";
import { fitLeastSquares } from "./least-squares.ts";
import { fitRidge } from "./ridge.ts";
import { binaryRows, noisyPatterns, pack } from "./testing/binary-states.ts";
import { expectClose } from "./testing/slow-ridge.ts";

const sizes = fc.record({
  seed: fc.nat(1e6),
  units: fc.integer({ min: 1, max: 21 }),
  classes: fc.integer({ min: 2, max: 5 }),
  steps: fc.integer({ min: 2, max: 60 }),
});

describe("ClassMoments", () => {
  it("gives packed states the moments of the same numbers beside one-hot classes", () => {
    fc.assert(
      fc.property(sizes, ({ seed, units, classes, steps }) => {
        const rng = createRng(seed);
        const rows = binaryRows(rng, { steps, units });
        const labels = rows.map(() => rng.integer(classes));
        const oneHot = rows.map((row, t) => [
          ...row,
          ...Array.from({ length: classes }, (_, c) => (c === labels[t] ? 1 : 0)),
        ]);
        const wanted = accumulateMoments([oneHot.flat()], { variables: units + classes });
        for (const states of [pack(rows, units), rows.flat()]) {
          const moments = classMomentsOf({ states, labels }, { units, classes });
          expect(moments.count).toBe(steps);
          expectClose(moments.mean, [...wanted.mean], 1e-13);
          expectClose(moments.scatter, [...wanted.scatter], 1e-12);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("counts exactly: n² times the covariance of binary states is a whole number", () => {
    const rows = binaryRows(createRng(3), { steps: 97, units: 11 });
    const { scatter } = classMomentsOf(
      { states: pack(rows, 11), labels: rows.map((_, t) => t % 3) },
      { units: 11, classes: 3 },
    );
    for (const value of scatter) expect(value).toBe(Math.round(97 * value) / 97);
  });

  it("does not depend on how a run is cut into blocks, to the bit", () => {
    const rng = createRng(5);
    const rows = Array.from({ length: 700 }, () => Array.from({ length: 4 }, () => rng.normal()));
    const labels = rows.map((_, t) => t % 3);
    const cut = (lengths: number[]) => {
      const moments = new ClassMoments({ units: 4, classes: 3 });
      let from = 0;
      for (const length of lengths) {
        moments.add({
          states: rows.slice(from, from + length).flat(),
          labels: labels.slice(from, from + length),
        });
        moments.result();
        from += length;
      }
      return moments.result();
    };
    expect(cut([1, 255, 3, 300, 0, 141])).toEqual(cut([700]));
  });

  it("leaves out steps with a negative label", () => {
    const rows = binaryRows(createRng(8), { steps: 40, units: 9 });
    const labels = rows.map((_, t) => (t % 4 === 0 ? -1 : t % 2));
    const kept = rows.filter((_, t) => t % 4 !== 0);
    const options = { units: 9, classes: 2 };
    for (const form of [(r: number[][]) => pack(r, 9), (r: number[][]) => r.flat()]) {
      const all = classMomentsOf({ states: form(rows), labels }, options);
      expect(all).toEqual(
        classMomentsOf({ states: form(kept), labels: labels.filter((c) => c >= 0) }, options),
      );
    }
  });

  it("adds packed states to numbers", () => {
    const rows = binaryRows(createRng(9), { steps: 30, units: 6 });
    const labels = rows.map((_, t) => t % 2);
    const moments = new ClassMoments({ units: 6, classes: 2 });
    moments.add({ states: pack(rows.slice(0, 12), 6), labels: labels.slice(0, 12) });
    moments.add({ states: rows.slice(12).flat(), labels: labels.slice(12) });
    const wanted = classMomentsOf({ states: rows.flat(), labels }, { units: 6, classes: 2 });
    expectClose(moments.result().scatter, [...wanted.scatter], 1e-12);
    expect(moments.result().count).toBe(30);
  });

  it("says what does not fit", () => {
    const moments = new ClassMoments({ units: 9, classes: 2 });
    const add = (states: Parameters<typeof moments.add>[0]["states"], labels: number[]) => () =>
      moments.add({ states, labels });
    expect(add(new Array(18).fill(0), [0, 2])).toThrow(
      "ClassMoments.add: label of step 1 must be a class from 0 to 1, got 2. Raise classes, or give a negative label to leave the step out.",
    );
    expect(add(new Array(18).fill(0), [0])).toThrow(
      "1 labels for 2 steps. Give one class for each step; a negative one leaves the step out.",
    );
    expect(add(new Array(17).fill(0), [0])).toThrow("17 states do not hold whole rows of 9 units");
    expect(add(pack([[1]], 8), [0])).toThrow("packed states have 8 units, not 9");
    expect(add({ units: 9, steps: 3, bits: new Uint8Array(5) }, [0, 0, 0])).toThrow(
      "5 bytes do not hold 3 steps of 9 units. That takes 6: each step begins a new byte.",
    );
    expect(() => new ClassMoments({ units: 9, classes: 1 })).toThrow(
      "classes must be a whole number ≥ 2, got 1",
    );
  });
});

describe("fitClassifier without a penalty", () => {
  it("is the least-squares fit of least norm, also where states depend on each other", () => {
    fc.assert(
      fc.property(sizes, ({ seed, units, classes, steps }) => {
        const rng = createRng(seed);
        // Copies of units, a unit that never fires, and often fewer steps than units.
        const rows = binaryRows(rng, { steps, units }).map((row) => [...row, row[0], 0]);
        const labels = rows.map(() => rng.integer(classes));
        const readout = classifier({ states: rows.flat(), labels }, { units: units + 2, classes });
        const error = classScores(readout, rows.flat());
        labels.forEach((label, t) => {
          error[t * classes + label] -= 1;
        });
        const means = rows[0].map((_, u) => rows.reduce((sum, row) => sum + row[u], 0) / steps);
        const centred = rows.map((row) => row.map((x, u) => x - means[u]));
        for (let c = 0; c < classes; c++) {
          const e = rows.map((_, t) => error[t * classes + c]);
          expect(Math.abs(e.reduce((a, b) => a + b, 0))).toBeLessThan(1e-9 * steps);
          // Best fit: the error is orthogonal to the states.
          for (let u = 0; u < units + 2; u++) {
            const along = e.reduce((sum, x, t) => sum + x * centred[t][u], 0);
            expect(Math.abs(along)).toBeLessThan(1e-8 * steps);
          }
          // Least norm: the weights have no part that the states do not see.
          const w = readout.weights.slice(c * (units + 2), (c + 1) * (units + 2));
          const hidden = partOutside([...w], centred);
          expect(Math.max(...hidden.map(Math.abs))).toBeLessThan(1e-7);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("counts independent directions and is the limit of ridge for small λ", () => {
    const { rows, labels } = noisyPatterns(createRng(4), { steps: 300, units: 20, classes: 4, flip: 0.1 });
    const doubled = rows.map((row) => [...row, ...row, 1]);
    const moments = classMomentsOf({ states: doubled.flat(), labels }, { units: 41, classes: 4 });
    const exact = fitLeastSquares(moments, { units: 41, outputs: 4 });
    expect(exact.rank).toBe(20);
    const ridge = fitRidge(moments, {
      units: 41,
      outputs: 4,
      lambda: 1e-5,
      standardize: false,
      intercept: true,
    });
    expectClose(exact.weights, [...ridge.weights], 1e-5);
    expect(exact.weights[40]).toBe(0);
  });

  it("drops directions below the tolerance", () => {
    const { rows, labels } = noisyPatterns(createRng(4), { steps: 300, units: 20, classes: 4, flip: 0.1 });
    const moments = classMomentsOf({ states: rows.flat(), labels }, { units: 20, classes: 4 });
    const all = fitClassifier(moments, { units: 20, classes: 4 });
    const few = fitClassifier(moments, { units: 20, classes: 4, tolerance: 0.5 });
    if (few.kind !== "least-squares" || all.kind !== "least-squares") throw new Error("wrong kind");
    expect(few.rank).toBeLessThan(all.rank);
    expect(few.smallest).toBeGreaterThan(0.5);
    expect(() => fitClassifier(moments, { units: 20, classes: 4, tolerance: 1 })).toThrow(
      "leastSquares: tolerance must be a number from 0 up to 1, got 1",
    );
  });
});

describe("predictClasses", () => {
  it("finds the class of noisy patterns, packed states as numbers", () => {
    const { rows, labels } = noisyPatterns(createRng(1), { steps: 1200, units: 45, classes: 6, flip: 0.08 });
    const train = { states: pack(rows.slice(0, 800), 45), labels: labels.slice(0, 800) };
    const right = (kind: { lambda?: number | "gcv" }) => {
      const readout = classifier(train, { units: 45, classes: 6, ...kind });
      const packed = predictClasses(readout, pack(rows.slice(800), 45));
      expect(predictClasses(readout, rows.slice(800).flat())).toEqual(packed);
      return packed.filter((c, t) => c === labels[800 + t]).length / 400;
    };
    expect(right({})).toBeGreaterThan(0.98);
    expect(right({ lambda: 1 })).toBeGreaterThan(0.98);
    expect(right({ lambda: "gcv" })).toBeGreaterThan(0.98);
  });

  it("takes the first of equal outputs", () => {
    const readout = {
      weights: new Float64Array(6),
      intercept: Float64Array.of(0, 1, 1),
      units: 2,
      outputs: 3,
    };
    expect([...predictClasses(readout, [0, 1, 1, 0])]).toEqual([1, 1]);
  });

  it("uses one λ for all classes with GCV", () => {
    const { rows, labels } = noisyPatterns(createRng(2), { steps: 200, units: 30, classes: 5, flip: 0.2 });
    const readout = classifier({ states: rows.flat(), labels }, { units: 30, classes: 5, lambda: "gcv" });
    if (readout.kind !== "ridge") throw new Error("wrong kind");
    expect(new Set(readout.lambda).size).toBe(1);
  });
});

/** What is left of w after its projection on the rows is taken away, by Gram–Schmidt with a second pass. */
function partOutside(w: number[], rows: number[][]): number[] {
  const basis: number[][] = [];
  const strip = (v: number[]) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const q of basis) {
        const h = q.reduce((sum, x, i) => sum + x * v[i], 0);
        v = v.map((x, i) => x - h * q[i]);
      }
    }
    return v;
  };
  for (const row of rows) {
    const rest = strip(row);
    const norm = Math.hypot(...rest);
    if (norm > 1e-8) basis.push(rest.map((x) => x / norm));
  }
  return strip(w);
}
