import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createRng,
  denseFromRows,
  type SparseMatrix,
  sparseFromEntries,
  spectralRadius,
  toDense,
} from "../../core/index.ts";
import { type Connectome, createConnectome } from "../connectome.ts";
import { summarize } from "../summary.ts";
import { applyTransforms, TRANSFORM_KINDS, type Transform } from "./apply-transforms.ts";
import { assignSigns } from "./assign-signs.ts";
import { binarize } from "./binarize.ts";
import { keepNodes } from "./keep-nodes.ts";
import { largestComponent } from "./largest-component.ts";
import { normalizeSpectralRadius } from "./normalize-spectral-radius.ts";
import { removeSelfLoops } from "./remove-self-loops.ts";
import { scaleWeights } from "./scale-weights.ts";
import { symmetrize } from "./symmetrize.ts";
import { thresholdDensity } from "./threshold-density.ts";

const of = (rows: number[][], extra = {}) =>
  createConnectome({ name: "c", weights: denseFromRows(rows), ...extra });
const rows = ({ weights }: Connectome) =>
  Array.from({ length: weights.rows }, (_, i) => [
    ...toDense(weights).values.subarray(i * weights.rows, (i + 1) * weights.rows),
  ]);

/** Small signed graphs with self-loops, directed or not. */
const graphs = fc
  .tuple(
    fc.integer({ min: 2, max: 8 }),
    fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.constantFrom(-2, -1, 0.5, 1, 1, 3)), {
      minLength: 1,
      maxLength: 30,
    }),
    fc.boolean(),
  )
  .map(([n, list, directed]) => {
    const seen = new Set<string>();
    const edges: [number, number, number][] = [];
    for (const [a, b, w] of list) {
      const [i, j] = [a % n, b % n];
      if (seen.has(`${i} ${j}`)) continue;
      edges.push([i, j, w]);
      seen.add(`${i} ${j}`);
      if (directed || i === j) continue;
      edges.push([j, i, w]);
      seen.add(`${j} ${i}`);
    }
    const weights: SparseMatrix = sparseFromEntries(
      { rows: n, columns: n },
      {
        post: edges.map((e) => e[0]),
        pre: edges.map((e) => e[1]),
        values: edges.map((e) => e[2]),
      },
    );
    return createConnectome({ name: "g", weights });
  });

const pattern = ({ weights }: Connectome) => [[...weights.rowStart], [...weights.column]];

describe("largestComponent", () => {
  // 3 → 1, 0 ⇄ 2, 2 → 4 → 4
  const c = of(
    [
      [0, 0, 2, 0, 0],
      [0, 0, 0, 1, 0],
      [3, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 4, 0, 5],
    ],
    {
      types: ["a", "b", "c", "d", "e"],
      positions: Array.from({ length: 15 }, (_, k) => k),
      attributes: { x: ["0", "1", "2", "3", "4"] },
    },
  );

  it("keeps nodes in order, with everything known of them", () => {
    const weak = largestComponent(c);
    expect(weak.labels).toEqual(["0", "2", "4"]);
    expect(rows(weak)).toEqual([
      [0, 2, 0],
      [3, 0, 0],
      [0, 4, 5],
    ]);
    expect(weak.types).toEqual(["a", "c", "e"]);
    expect(weak.attributes).toEqual({ x: ["0", "2", "4"] });
    expect([...(weak.positions ?? [])]).toEqual([0, 1, 2, 6, 7, 8, 12, 13, 14]);
    const strong = largestComponent(c, { connection: "strong" });
    expect(strong.labels).toEqual(["0", "2"]);
    // The graph was directed and stays so, although what is left could be undirected.
    expect(
      largestComponent(
        of([
          [0, 1, 0],
          [1, 0, 0],
          [1, 0, 0],
        ]),
        { connection: "strong" },
      ).directed,
    ).toBe(true);
  });
});

describe("keepNodes", () => {
  it("keeps a selection, not an empty one", () => {
    expect(
      rows(
        keepNodes(
          of([
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
          ]),
          { indices: [2, 0] },
        ),
      ),
    ).toEqual([
      [1, 3],
      [7, 9],
    ]);
    expect(() => keepNodes(of([[1]]), { indices: [] })).toThrow(
      "keepNodes: the selection holds no node. Keep at least one node.",
    );
  });
});

describe("scaleWeights", () => {
  it("keeps ratios and signs, and absent edges absent", () => {
    expect(
      rows(
        scaleWeights(
          of([
            [0, 4],
            [-2, 1],
          ]),
        ),
      ),
    ).toEqual([
      [0, 1],
      [-0.5, 0.25],
    ]);
    expect(
      rows(
        scaleWeights(
          of([
            [0, 4],
            [-2, 1],
          ]),
          { max: 8 },
        ),
      ),
    ).toEqual([
      [0, 8],
      [-4, 2],
    ]);
  });

  it("stretches magnitudes between min and max", () => {
    expect(
      rows(
        scaleWeights(
          of([
            [0, 5],
            [-3, 1],
          ]),
          { min: 0.5, max: 2.5 },
        ),
      ),
    ).toEqual([
      [0, 2.5],
      [-1.5, 0.5],
    ]);
    expect(
      rows(
        scaleWeights(
          of([
            [0, 5],
            [-5, 0],
          ]),
          { min: 0.5 },
        ),
      ),
    ).toEqual([
      [0, 1],
      [-1, 0],
    ]);
  });

  it("never makes, loses or turns an edge", () => {
    fc.assert(
      fc.property(
        graphs,
        fc.constantFrom({}, { min: 0.1 }, { min: 2, max: 2 }, { max: 1e-3 }),
        (c, options) => {
          const scaled = scaleWeights(c, options);
          expect(pattern(scaled)).toEqual(pattern(c));
          expect([...scaled.weights.values].map(Math.sign)).toEqual([...c.weights.values].map(Math.sign));
          const { min = 0, max = 1 } = options as { min?: number; max?: number };
          const sizes = [...scaled.weights.values].map(Math.abs);
          expect(Math.abs(Math.max(...sizes) / max - 1)).toBeLessThan(1e-15);
          expect(Math.min(...sizes)).toBeGreaterThanOrEqual(min);
          expect(scaled.directed).toBe(c.directed);
        },
      ),
    );
  });

  it.each([
    { min: -1 },
    { min: 2, max: 1 },
    { max: 0 },
    { max: Number.NaN },
    { max: Number.POSITIVE_INFINITY },
  ])("refuses %j", (options) => {
    expect(() => scaleWeights(of([[1]]), options)).toThrow(expect.objectContaining({ code: "bad-range" }));
  });

  it("says what is wrong", () => {
    expect(() => scaleWeights(of([[1]]), { min: 2, max: 1 })).toThrow(
      "scaleWeights: magnitudes cannot be scaled to 2 … 1. Give 0 ≤ min ≤ max and max > 0; signs are kept.",
    );
  });

  it("leaves a graph without edges alone", () => {
    expect(
      rows(
        scaleWeights(
          of([
            [0, 0],
            [0, 0],
          ]),
        ),
      ),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe("binarize, removeSelfLoops, symmetrize", () => {
  const c = of([
    [4, -2],
    [0.5, 0],
  ]);
  it("do what they say", () => {
    expect(rows(binarize(c))).toEqual([
      [1, -1],
      [1, 0],
    ]);
    expect(rows(removeSelfLoops(c))).toEqual([
      [0, -2],
      [0.5, 0],
    ]);
    expect(rows(symmetrize(c))).toEqual([
      [4, -0.75],
      [-0.75, 0],
    ]);
    expect(symmetrize(c).directed).toBe(false);
    expect(
      rows(
        symmetrize(
          of([
            [0, -1],
            [1, 0],
          ]),
        ),
      ),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("leaves undirected connectomes as they are", () => {
    fc.assert(
      fc.property(graphs, (c) => {
        const s = symmetrize(c);
        expect(symmetrize(s)).toEqual(s);
        expect(summarize(removeSelfLoops(c)).selfLoops).toBe(0);
      }),
    );
  });
});

describe("normalizeSpectralRadius", () => {
  it("is exact on a directed cycle with a known radius", () => {
    // 0 → 1 → 2 → 0 with product 8: all eigenvalues have magnitude 2.
    const cycle = of([
      [0, 0, 4],
      [1, 0, 0],
      [0, 2, 0],
    ]);
    const half = normalizeSpectralRadius(cycle, 0.5);
    expect(spectralRadius(half.weights)).toBeCloseTo(0.5, 14);
    expect(rows(half)[0][2]).toBeCloseTo(1, 14);
  });

  it("gives any graph with cycles the radius wanted", () => {
    fc.assert(
      fc.property(graphs, (g) => {
        // Without inhibition the largest eigenvalue is simple in each component, so rounding stays small.
        const c = assignSigns(g, { inhibitory: { indices: [] } });
        fc.pre(spectralRadius(c.weights) > 0);
        expect(Math.abs(spectralRadius(normalizeSpectralRadius(c, 0.9).weights) / 0.9 - 1)).toBeLessThan(
          1e-10,
        );
      }),
    );
  });

  it("refuses a graph without cycles and one without edges", () => {
    const chain = (n: number) =>
      of(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (j < i ? 1 : 0))));
    expect(() => normalizeSpectralRadius(chain(9), 0.9)).toThrow(
      expect.objectContaining({
        code: "zero-spectral-radius",
        message:
          'normalizeSpectralRadius: the spectral radius of "c" is 0 (it has no cycles that add up), so it cannot be scaled to 0.9. Use scale (weights to a range), keep the strong largest component, or check that edges were read at all.',
      }),
    );
    expect(() => normalizeSpectralRadius(of([[0]]))).toThrow(
      'the spectral radius of "c" is 0 (it has no edges)',
    );
    expect(() => normalizeSpectralRadius(of([[1]]), -1)).toThrow(
      "normalizeSpectralRadius: the spectral radius cannot be made -1. Give a positive number, usually 0.5 … 1.5.",
    );
  });
});

describe("thresholdDensity", () => {
  it("keeps the strongest by magnitude, ties by lower post then pre, self-loops always", () => {
    const c = of([
      [9, 1, -3],
      [1, 0, 1],
      [2, 0, 0],
    ]);
    expect(rows(thresholdDensity(c, 0.5))).toEqual([
      [9, 1, -3],
      [0, 0, 0],
      [2, 0, 0],
    ]);
    expect(rows(thresholdDensity(c, 1))).toEqual(rows(c));
  });

  it("keeps both directions of undirected links", () => {
    const c = of([
      [0, 1, -3],
      [1, 0, 2],
      [-3, 2, 0],
    ]);
    const t = thresholdDensity(c, 0.7);
    expect(rows(t)).toEqual([
      [0, 0, -3],
      [0, 0, 2],
      [-3, 2, 0],
    ]);
    expect(t.directed).toBe(false);
  });

  it("hits the count exactly and never keeps a weaker edge than it drops", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 100 }), (c, percent) => {
        const n = c.labels.length;
        const links = (n * (n - 1)) / (c.directed ? 1 : 2);
        const wanted = Math.floor((percent * links) / 100);
        fc.pre(wanted > 0);
        const t = thresholdDensity(c, percent / 100);
        const per = c.directed ? 1 : 2;
        const before = summarize(c);
        expect(summarize(t).edges).toBe(Math.min(before.edges, wanted * per));
        expect(summarize(t).selfLoops).toBe(before.selfLoops);
        const kept = toDense(t.weights).values;
        const all = toDense(c.weights).values;
        const off = [...all.keys()].filter((k) => k % (n + 1) !== 0);
        const weakest = Math.min(...off.filter((k) => kept[k] !== 0).map((k) => Math.abs(all[k])));
        const strongest = Math.max(0, ...off.filter((k) => kept[k] === 0).map((k) => Math.abs(all[k])));
        expect(weakest).toBeGreaterThanOrEqual(strongest);
      }),
    );
  });

  it.each([
    [
      0,
      "bad-range",
      "thresholdDensity: density must be above 0 and at most 1, got 0. 0.1 keeps a tenth of all possible edges.",
    ],
    [
      0.1,
      "density-too-low",
      "thresholdDensity: density 0.1 leaves no edge among 3 nodes. Give at least 0.16666666666666666.",
    ],
  ])("refuses %d", (density, code, message) => {
    const c = of([
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(() => thresholdDensity(c, density)).toThrow(expect.objectContaining({ code, message }));
  });
});

describe("assignSigns", () => {
  const c = of(
    [
      [1, -2],
      [3, 0],
    ],
    { types: ["e", "i"] },
  );

  it("turns whole columns, whatever the signs were", () => {
    expect(rows(assignSigns(c, { inhibitory: { types: ["i"] } }))).toEqual([
      [1, -2],
      [3, 0],
    ]);
    expect(rows(assignSigns(c, { inhibitory: { types: ["e"] } }))).toEqual([
      [-1, 2],
      [-3, 0],
    ]);
    expect(rows(assignSigns(c, { inhibitory: { indices: [] } }))).toEqual([
      [1, 2],
      [3, 0],
    ]);
  });

  it("draws the wanted share, and keeps magnitudes and Dale's law", () => {
    fc.assert(
      fc.property(graphs, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (g, fraction, seed) => {
        const signed = assignSigns(g, { inhibitory: { fraction }, rng: createRng(seed) });
        expect(pattern(signed)).toEqual(pattern(g));
        expect([...signed.weights.values].map(Math.abs)).toEqual([...g.weights.values].map(Math.abs));
        const signs = new Map<number, number>();
        signed.weights.values.forEach((w, k) => {
          const pre = signed.weights.column[k];
          expect(signs.get(pre) ?? Math.sign(w)).toBe(Math.sign(w));
          signs.set(pre, Math.sign(w));
        });
        const negative = [...signs.values()].filter((s) => s < 0).length;
        expect(negative).toBeLessThanOrEqual(Math.round(fraction * g.labels.length));
      }),
    );
    const full = of(Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 1)));
    const signed = assignSigns(full, { inhibitory: { fraction: 0.25 }, rng: createRng(1) });
    expect(rows(signed)[0].filter((w) => w < 0)).toHaveLength(3);
    expect([full.directed, signed.directed]).toEqual([false, true]);
  });

  it("refuses a share that is none", () => {
    expect(() => assignSigns(c, { inhibitory: { fraction: 20 }, rng: createRng(1) })).toThrow(
      "assignSigns: fraction must be between 0 and 1, got 20. 0.2 makes a fifth of the nodes inhibitory.",
    );
  });
});

describe("applyTransforms", () => {
  const c = of([
    [1, 2, 0],
    [3, 0, 0],
    [0, 0, 0],
  ]);
  const examples: { [K in Transform["kind"]]: Extract<Transform, { kind: K }> } = {
    "largest-component": { kind: "largest-component" },
    "keep-nodes": { kind: "keep-nodes", nodes: { random: 2 } },
    scale: { kind: "scale", max: 2 },
    "spectral-radius": { kind: "spectral-radius", value: 0.9 },
    binarize: { kind: "binarize" },
    "remove-self-loops": { kind: "remove-self-loops" },
    symmetrize: { kind: "symmetrize" },
    "threshold-density": { kind: "threshold-density", density: 0.2 },
    "assign-signs": { kind: "assign-signs", inhibitory: { fraction: 0.5 } },
  };
  const rng = createRng(7);
  const direct: Record<Transform["kind"], () => Connectome> = {
    "largest-component": () => largestComponent(c),
    "keep-nodes": () => keepNodes(c, { random: 2 }, rng.stream("keep-nodes").stream(0)),
    scale: () => scaleWeights(c, { max: 2 }),
    "spectral-radius": () => normalizeSpectralRadius(c, 0.9),
    binarize: () => binarize(c),
    "remove-self-loops": () => removeSelfLoops(c),
    symmetrize: () => symmetrize(c),
    "threshold-density": () => thresholdDensity(c, 0.2),
    "assign-signs": () =>
      assignSigns(c, { inhibitory: { fraction: 0.5 }, rng: rng.stream("assign-signs").stream(0) }),
  };

  it.each(TRANSFORM_KINDS)("%s", (kind) => {
    expect(applyTransforms(c, [examples[kind]], rng)).toEqual(direct[kind]());
    expect(applyTransforms(c, [examples[kind]], rng)).not.toEqual(c);
  });

  it("applies in order and leaves the input alone", () => {
    const before = structuredClone(c.weights);
    const list: Transform[] = [
      { kind: "largest-component" },
      { kind: "remove-self-loops" },
      { kind: "scale" },
    ];
    expect(rows(applyTransforms(c, list, rng))).toEqual([
      [0, 2 / 3],
      [1, 0],
    ]);
    expect(c.weights).toEqual(before);
    expect(applyTransforms(c, [], rng)).toBe(c);
  });

  it("draws the same whatever other steps stand around", () => {
    const signs = examples["assign-signs"];
    const alone = applyTransforms(c, [signs], rng);
    expect(rows(binarize(alone))).toEqual(
      rows(applyTransforms(c, [{ kind: "scale" }, signs, { kind: "binarize" }], rng)),
    );
  });

  it("says which step failed", () => {
    const list: Transform[] = [{ kind: "binarize" }, { kind: "threshold-density", density: 2 }];
    expect(() => applyTransforms(c, list, rng)).toThrow(
      expect.objectContaining({
        code: "bad-range",
        message:
          "transforms[1] (threshold-density): density must be above 0 and at most 1, got 2. 0.1 keeps a tenth of all possible edges.",
      }),
    );
    expect(() => applyTransforms(c, [{ kind: "binarise" } as unknown as Transform], rng)).toThrow(
      'transforms[0]: unknown transform "binarise". Did you mean "binarize"?',
    );
  });
});

const golden = new URL("../../../../shared/data/golden/conn2res_ref.json", import.meta.url);

describe.skipIf(!existsSync(golden))("conn2res", () => {
  const conn = existsSync(golden) ? JSON.parse(readFileSync(golden, "utf8")).conn : {};
  const load = (m: number[][]) => createConnectome({ name: "golden", weights: denseFromRows(m) });
  const near = (c: Connectome, expected: number[][]) => {
    const found = rows(c).flat();
    expected.flat().forEach((value, k) => {
      expect(Math.abs(found[k] - value)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value)));
    });
    expect(found).toHaveLength(expected.length ** 2);
  };
  const mask = (kept: number[]) => kept.flatMap((k, i) => (k ? [String(i)] : []));

  it("keeps the same component, counts and density", () => {
    const c = largestComponent(load(conn.sym_in));
    const { nodes, edges, density } = summarize(c);
    expect(c.labels).toEqual(mask(conn.sym_idx_node_after_largest_component));
    expect([nodes, edges]).toEqual([conn.sym_n_nodes, conn.sym_n_edges]);
    expect(density).toBeCloseTo(conn.sym_density, 11);
    expect(largestComponent(load(conn.dir_in)).labels).toEqual(mask(conn.dir_idx_node));
  });

  it("scales and normalises symmetric matrices the same", () => {
    const scaled = scaleWeights(largestComponent(load(conn.sym_in)));
    near(scaled, conn.sym_scaled);
    expect(spectralRadius(scaled.weights)).toBeCloseTo(conn.sym_spectral_radius_before_normalize, 10);
    near(normalizeSpectralRadius(scaled), conn.sym_scaled_normalized);
  });

  it("divides directed matrices by their true spectral radius, where conn2res does not", () => {
    const scaled = scaleWeights(load(conn.dir_in));
    expect(spectralRadius(scaled.weights)).toBeCloseTo(conn.dir_true_spectral_radius_scaled, 11);
    const normalized = normalizeSpectralRadius(scaled);
    expect(spectralRadius(normalized.weights)).toBeCloseTo(1, 12);
    const factor = conn.dir_conn2res_divisor_eigh_lower_triangle / conn.dir_true_spectral_radius_scaled;
    near(
      normalized,
      conn.dir_normalized_by_conn2res.map((row: number[]) => row.map((w) => w * factor)),
    );
  });

  it("thresholds to a density the same", () => {
    const c = largestComponent(thresholdDensity(load(conn.sym_in), 0.25));
    expect(c.labels).toEqual(mask(conn["sym_density_0.25_idx_node"]));
    near(c, conn["sym_density_0.25"]);
  });
});
