import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createRng,
  dense,
  multiplyVector,
  onWarning,
  type SparseMatrix,
  toDense,
  toSparse,
  transpose,
} from "../../core/index.ts";
import { weaklyConnected } from "../components.ts";
import { createConnectome, isSymmetric } from "../connectome.ts";
import { rewire, rewireWeights } from "./rewire.ts";

const shared = fileURLToPath(new URL("../../../../shared/data/connectomes/", import.meta.url));

interface Sketch {
  n: number;
  density: number;
  seed: number;
  directed: boolean;
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  n: fc.integer({ min: 1, max: 14 }),
  density: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
  seed: fc.nat(99_999),
  directed: fc.boolean(),
});

/** Random signed weights, some self-loops; symmetric when undirected. */
function build({ n, density, seed, directed }: Sketch): SparseMatrix {
  const rng = createRng(seed);
  const m = dense(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const draw = () => (rng.uniform() < density ? rng.normal() : 0);
      m.values[i * n + j] = draw();
      m.values[j * n + i] = directed ? draw() : m.values[i * n + j];
    }
  return toSparse(m);
}

const degrees = (w: SparseMatrix) =>
  Array.from({ length: w.rows }, (_, i) => w.rowStart[i + 1] - w.rowStart[i]);
const sums = (w: SparseMatrix) => [...multiplyVector(w, new Float64Array(w.columns).fill(1))];
const diagonal = (w: SparseMatrix) => {
  const { values, rows } = toDense(w);
  return Array.from({ length: rows }, (_, i) => values[i * rows + i]);
};

function expectSameDegrees(actual: SparseMatrix, wanted: SparseMatrix) {
  expect(degrees(actual)).toEqual(degrees(wanted));
  expect(degrees(transpose(actual))).toEqual(degrees(transpose(wanted)));
}

describe("rewireWeights", () => {
  it("keeps in- and out-degree of every node, the weights, self-loops, symmetry and the number of pieces", () => {
    fc.assert(
      fc.property(sketch, fc.boolean(), (s, connected) => {
        const before = build(s);
        const { directed } = s;
        const rng = createRng(s.seed).stream("swaps");
        const { weights: after } = rewireWeights(before, { rng, connected, directed });
        expectSameDegrees(after, before);
        expect([...after.values].sort()).toEqual([...before.values].sort());
        expect(diagonal(after)).toEqual(diagonal(before));
        for (let i = 0; i < after.rows; i++)
          for (let k = after.rowStart[i] + 1; k < after.rowStart[i + 1]; k++)
            expect(after.column[k]).toBeGreaterThan(after.column[k - 1]);
        if (!directed) expect(isSymmetric(after)).toBe(true);
        if (connected)
          expect(weaklyConnected(after).count).toBeLessThanOrEqual(weaklyConnected(before).count);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps the outgoing weights of every node of a directed graph: weights travel with their edge", () => {
    const before = build({ n: 40, density: 0.2, seed: 4, directed: true });
    const { weights: after } = rewireWeights(before, { rng: createRng(5) });
    const outgoing = (w: SparseMatrix, node: number) => {
      const out = transpose(w);
      return [...out.values.subarray(out.rowStart[node], out.rowStart[node + 1])].sort();
    };
    for (let node = 0; node < 40; node++) expect(outgoing(after, node)).toEqual(outgoing(before, node));
    expect(sums(after)).not.toEqual(sums(before)); // incoming ones do change
  });

  it("leaves few edges where they were: no more than chance", () => {
    for (const directed of [true, false]) {
      const n = 100;
      const before = build({ n, density: 0.1, seed: 6, directed });
      const { weights: after, swaps, wanted } = rewireWeights(before, { rng: createRng(7), directed });
      const [a, b] = [toDense(before).values, toDense(after).values];
      let same = 0;
      for (let k = 0; k < a.length; k++) if (k % (n + 1) !== 0 && a[k] !== 0 && b[k] !== 0) same++;
      expect(same / before.values.length).toBeLessThan(0.15);
      expect(swaps).toBeGreaterThanOrEqual(wanted);
    }
  });

  it("keeps a tree in one piece, where almost every window of swaps breaks it", () => {
    const n = 60;
    const rng = createRng(8);
    const m = dense(n, n);
    for (let i = 1; i < n; i++) {
      const j = rng.integer(i);
      m.values[i * n + j] = m.values[j * n + i] = i;
    }
    const tree = toSparse(m);
    const { weights, swaps, wanted } = rewireWeights(tree, { rng, directed: false });
    expect(weaklyConnected(weights).count).toBe(1);
    expectSameDegrees(weights, tree);
    expect(swaps).toBeGreaterThanOrEqual(wanted);
    expect(weaklyConnected(rewireWeights(tree, { rng, connected: false }).weights).count).toBeGreaterThan(1);
  });

  it("gives the same result for the same stream and another for another", () => {
    const w = build({ n: 30, density: 0.2, seed: 9, directed: true });
    const draw = (name: number) => [...rewireWeights(w, { rng: createRng(1).stream(name) }).weights.column];
    expect(draw(0)).toEqual(draw(0));
    expect(draw(0)).not.toEqual(draw(1));
  });

  it("takes graphs without freedom as they are", () => {
    const complete = toSparse(dense(4, 4, new Array(16).fill(1)));
    for (const w of [toSparse(dense(0, 0)), toSparse(dense(3, 3)), complete]) {
      const { weights, swaps } = rewireWeights(w, { rng: createRng(1) });
      expect(weights).toEqual(w);
      expect(swaps).toBe(0);
    }
  });

  it("says which option it cannot take", () => {
    const w = build({ n: 4, density: 0.5, seed: 1, directed: true });
    const rng = createRng(1);
    expect(() => rewireWeights(w, { rng, swapsPerEdge: -1 })).toThrow(
      "rewire: swapsPerEdge must be a number of at least 0, got -1. 10 is usual.",
    );
    expect(() => rewireWeights(w, { rng, maxAttempts: 0.5 })).toThrow(
      "rewire: maxAttempts must be a whole number of at least 1, got 0.5. Leave it out for 100 attempts per swap.",
    );
    expect(() => rewireWeights(w, { rng, directed: false })).toThrow(
      "rewire: weights are not symmetric, but directed is false. Leave out directed: false, or symmetrize first.",
    );
    expect(() => rewireWeights(toSparse(dense(2, 3)), { rng })).toThrow(
      "rewire: weights must be square, got 2 × 3",
    );
  });
});

describe("rewire", () => {
  it("keeps labels, types and direction", () => {
    for (const directed of [true, false]) {
      const weights = build({ n: 12, density: 0.4, seed: 3, directed });
      const types = Array.from({ length: 12 }, (_, i) => (i % 2 ? "sensory" : "motor"));
      const before = createConnectome({ name: "toy", weights, types });
      const after = rewire(before, { rng: createRng(2) });
      expect(after.labels).toEqual(before.labels);
      expect(after.types).toEqual(types);
      expect(after.directed).toBe(directed);
      expect(after.weights.column).not.toEqual(before.weights.column);
    }
  });

  it("warns when the degrees leave no freedom, and not when no swaps were asked for", () => {
    const heard: string[] = [];
    const restore = onWarning((code, message) => heard.push(`${code}: ${message}`));
    const star = dense(4, 4, [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    const connectome = createConnectome({ name: "star", weights: star });
    rewire(connectome, { rng: createRng(1), swapsPerEdge: 0 });
    expect(heard).toEqual([]);
    rewire(connectome, { rng: createRng(1) });
    restore();
    expect(heard).toEqual([
      'few-swaps: rewire: no swap was possible in connectome "star": its degrees leave little freedom. Raise maxAttempts, or lower swapsPerEdge (0 for none).',
    ]);
  });

  it.skipIf(!existsSync(shared))("keeps every degree of six connectomes and changes them all", () => {
    const heard: string[] = [];
    const restore = onWarning((_, message) => heard.push(message));
    for (const file of readdirSync(shared).filter((f) => f.startsWith("C_"))) {
      const bytes = readFileSync(shared + file);
      const at = 10 + bytes.readUInt16LE(8);
      const values = Array.from({ length: (bytes.length - at) / 8 }, (_, k) =>
        bytes.readDoubleLE(at + 8 * k),
      );
      const n = Math.sqrt(values.length);
      const before = createConnectome({ name: file, weights: dense(n, n, values) });
      const after = rewire(before, { rng: createRng(1), swapsPerEdge: 1 });
      expectSameDegrees(after.weights, before.weights);
      expect(after.weights.column).not.toEqual(before.weights.column);
      expect(weaklyConnected(after.weights).count).toBe(weaklyConnected(before.weights).count);
    }
    restore();
    // This mouse has 329 of 342 possible edges: swaps are hard to come by.
    expect(heard).toEqual([
      'rewire: fewer than the 329 swaps wanted came about in connectome "C_Mouse_Gamanut_Normalized.npy": its degrees leave little freedom. Raise maxAttempts, or lower swapsPerEdge (0 for none).',
    ]);
  });
});
