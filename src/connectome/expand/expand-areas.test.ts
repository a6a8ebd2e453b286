import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, denseFromRows, onWarning, toDense } from "../../core/index.ts";
import { createConnectome } from "../connectome.ts";
import { type ExpandOptions, expandAreas } from "./expand-areas.ts";
import { scaleNeuronCounts } from "./neuron-counts.ts";
import { breakStick, PARTITION_KINDS, splitTotal } from "./partition.ts";

/** `w[post, pre]`: B gets 0.5 from A, C 0.25 from A and 0.75 from B, A 0.125 from C. */
const three = createConnectome({
  name: "three",
  weights: denseFromRows([
    [0, 0, 0.125],
    [0.5, 0, 0],
    [0.25, 0.75, 0],
  ]),
  labels: ["A", "B", "C"],
  types: ["sensory", "motor", "motor"],
  positions: [0, 0, 0, 1, 1, 1, 2, 2, 2],
});
const rng = createRng(1);

/** Sum, synapses made by each neuron and received by each, of the block from `pre` to `post`. */
function block(expanded: ReturnType<typeof expandAreas>, pre: number, post: number) {
  const w = toDense(expanded.connectome.weights);
  const [from, to] = [expanded.areas[pre], expanded.areas[post]];
  const out = new Array(from.units).fill(0);
  const into = new Array(to.units).fill(0);
  let sum = 0;
  for (let i = 0; i < to.units; i++) {
    for (let j = 0; j < from.units; j++) {
      const value = w.values[(to.start + i) * w.columns + from.start + j];
      sum += value;
      if (value !== 0) {
        out[j]++;
        into[i]++;
      }
    }
  }
  return { sum, out, into };
}

const quietly = <T>(run: () => T): T => {
  const restore = onWarning(() => {});
  try {
    return run();
  } finally {
    restore();
  }
};

describe("expandAreas", () => {
  const options = fc.record({
    seed: fc.nat(99),
    neurons: fc.tuple(
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 2, max: 9 }),
    ),
    density: fc.double({ min: 0, max: 1, noNaN: true }),
    share: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    kind: fc.constantFrom(...PARTITION_KINDS),
    autapses: fc.boolean(),
    fixedDegree: fc.constantFrom("out" as const, "in" as const),
  });

  it("keeps the weight of every block, the fixed degree and the diagonal, for every way to split", () => {
    fc.assert(
      fc.property(options, ({ seed, kind, share, ...rest }) => {
        const expanded = expandAreas(three, {
          ...rest,
          intrinsic: { share, density: 0.7 },
          partition: { kind },
          rng: createRng(seed),
        });
        const areas = toDense(three.weights).values;
        for (let post = 0; post < 3; post++) {
          const input = areas[3 * post] + areas[3 * post + 1] + areas[3 * post + 2];
          for (let pre = 0; pre < 3; pre++) {
            const { sum, out, into } = block(expanded, pre, post);
            const wanted = pre === post ? (input * share) / (1 - share) : areas[3 * post + pre];
            expect(Math.abs(sum - wanted)).toBeLessThan(1e-12);
            expect(new Set(rest.fixedDegree === "out" ? out : into).size).toBe(1);
          }
        }
        const w = toDense(expanded.connectome.weights);
        if (!rest.autapses) for (let i = 0; i < w.rows; i++) expect(w.values[i * (w.rows + 1)]).toBe(0);
        expect(expanded.lostInSingle).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("names neurons, and gives them what their area has", () => {
    const { connectome, areas } = expandAreas(three, { neurons: [1, 2, 3], rng, autapses: true });
    expect(connectome.labels).toEqual(["A/0", "B/0", "B/1", "C/0", "C/1", "C/2"]);
    expect(connectome.attributes?.area).toEqual(["A", "B", "B", "C", "C", "C"]);
    expect(connectome.types?.[1]).toBe("motor");
    expect([...connectome.positions!.subarray(3, 9)]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(areas[2]).toEqual({ name: "C", start: 3, units: 3 });
  });

  it("takes a connection of an area with itself as its intrinsic weight", () => {
    const w = denseFromRows([
      [3, 1],
      [1, 0],
    ]);
    const expanded = expandAreas(createConnectome({ name: "own", weights: w, labels: ["A", "B"] }), {
      neurons: 3,
      rng,
    });
    expect(block(expanded, 0, 0).sum).toBeCloseTo(3, 13);
    expect(block(expanded, 1, 1).sum).toBeCloseTo(4, 13);
  });

  it("keeps every synapse of a broken stick in single precision, where bio2art loses half", () => {
    const expanded = expandAreas(three, {
      neurons: 24,
      density: 0.8,
      partition: { kind: "stick-breaking" },
      rng,
    });
    expect(expanded.lostInSingle).toBe(0);
    expect(Math.min(...expanded.connectome.weights.values)).toBeGreaterThan(0);
    expect(expanded.connectome.weights.values.length).toBe(24 * (3 * 23 + 4 * 19));
  });

  it("reports weight without a place", () => {
    const one = quietly(() => expandAreas(three, { neurons: 1, rng }));
    expect(one.lost["A->A"]).toBeCloseTo(0.5, 14);
    expect(
      quietly(() => expandAreas(three, { neurons: [2, 0, 2], allowEmpty: true, rng })).lost["A->B"],
    ).toBe(0.5);
  });

  const refuse: [Partial<ExpandOptions>, string][] = [
    [{ neurons: [1, 2] }, 'expandAreas of "three": 2 numbers of neurons for 3 areas'],
    [{ neurons: [1, 0, 2] }, 'area "B" has 0 neurons. Give it at least one'],
    [{ neurons: 1.5 }, 'area "A" has 1.5 neurons'],
    [{ density: 2 }, "density must be 0 … 1, got 2"],
    [{ intrinsic: { share: 1 } }, "intrinsic.share must be 0 … below 1, got 1"],
    [{ partition: { kind: "lognormal", cv: 0 } }, "expandAreas: cv must be above 0, got 0"],
    [{ partition: { kind: "pareto" } as never }, 'unknown partition "pareto"'],
  ];
  it.each(refuse)("refuses %j", (change, message) => {
    expect(() => expandAreas(three, { neurons: 2, rng, ...change })).toThrow(message);
  });

  it("refuses weights below 0, and a connectome without connections", () => {
    const make = (w: number) =>
      createConnectome({
        name: "c",
        weights: denseFromRows([
          [0, w],
          [0, 0],
        ]),
      });
    expect(() => expandAreas(make(-1), { neurons: 2, rng })).toThrow(
      'expandAreas of "c": there are weights below 0',
    );
    expect(() => expandAreas(make(0), { neurons: 2, rng })).toThrow(
      'expandAreas of "c": no synapse came about',
    );
  });
});

describe("splitTotal", () => {
  it("spreads log-normal and Dirichlet parts as asked", () => {
    const spread = (how: Parameters<typeof splitTotal>[2]["how"]) => {
      const parts = splitTotal(20_000, 20_000, { how, rng: rng.stream(how.kind) }); // mean 1
      return Math.sqrt(parts.reduce((s, p) => s + (p - 1) * (p - 1), 0) / parts.length);
    };
    expect(spread({ kind: "equal" })).toBe(0);
    expect(Math.abs(spread({ kind: "lognormal", cv: 0.5 }) - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(spread({ kind: "dirichlet", concentration: 4 }) - 0.5)).toBeLessThan(0.02);
  });

  it("survives parts that all underflow", () => {
    const parts = splitTotal(1, 3, { how: { kind: "dirichlet", concentration: 1e-5 }, rng });
    expect(parts.reduce((s, p) => s + p, 0)).toBeCloseTo(1, 14);
    expect(Math.min(...parts)).toBeGreaterThan(0);
  });
});

describe("scaleNeuronCounts", () => {
  it("shares ranks among equals and asks for what is missing", () => {
    expect([...scaleNeuronCounts([5, 2, 5, 9], { by: "rank" })]).toEqual([2, 1, 2, 3]);
    expect([...scaleNeuronCounts([4, NaN, 2, 8], { missing: "median" })]).toEqual([2, 2, 1, 4]);
    expect(() => scaleNeuronCounts([1, NaN])).toThrow(
      "scaleNeuronCounts: density of area 1 is NaN. Give it, leave",
    );
    expect(() => scaleNeuronCounts([1, 0])).toThrow("density of area 1 is 0");
    expect(() => scaleNeuronCounts([1], { least: 0 })).toThrow("least must be a whole number ≥ 1, got 0");
  });
});

const path = resolve(import.meta.dirname, "../../../../shared/data/golden", "bio2art_ref.json");
const golden = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
describe.skipIf(!golden)("bio2art", () => {
  const cases = Object.fromEntries(
    (golden?.toy_conversion.cases ?? []).map((c: { case: string }) => [c.case, c]),
  );

  it.each(Object.keys(cases))(
    "%s: block sums, synapses and degrees, and the matrix where nothing is drawn",
    (name) => {
      const c = cases[name];
      const p = c.params;
      // bio2art's rows are senders.
      const transposed = (rows: number[][]) => rows[0].map((_, j) => rows.map((row) => row[j]));
      const areas = createConnectome({ name, weights: denseFromRows(transposed(c.connectome)) });
      const expanded = quietly(() =>
        expandAreas(areas, {
          neurons: c.neuron_density,
          density: p.target_sparsity ?? 0.2,
          intrinsic: (p.intrinsic_conn ?? true) && {
            share: p.intrinsic_wei ?? 0.8,
            density: p.target_sparsity_intrinsic ?? 1,
          },
          autapses: p.keep_diag ?? true,
          partition: { kind: p.rand_partition ? "stick-breaking" : "equal" },
          allowEmpty: true,
          rng,
        }),
      );
      // Here an area contacts itself; bio2art lays that over part of the intrinsic synapses, we take it in their place.
      const own = (pre: number, post: number) => pre === post && c.connectome[pre][pre] > 0;
      for (let pre = 0; pre < c.connectome.length; pre++) {
        for (let post = 0; post < c.connectome.length; post++) {
          if (own(pre, post)) continue;
          const { sum, out } = block(expanded, pre, post);
          expect(Math.abs(sum - c.block_sum[pre][post])).toBeLessThan(1e-12);
          expect(out.reduce((s, k) => s + k, 0)).toBe(c.block_nnz[pre][post]);
          const degrees = expanded.areas[post].units > 0 ? [...new Set(out)] : [];
          expect(degrees).toEqual(c.out_degree_per_source_in_block[pre][post]);
        }
      }
      expect([expanded.connectome.labels.length, expanded.connectome.labels.length]).toEqual(c.shape);
      if (!c.matrix || c.connectome.some((_: unknown, i: number) => own(i, i))) return;
      const w = toDense(expanded.connectome.weights);
      for (const [j, row] of (c.matrix as number[][]).entries()) {
        for (const [i, value] of row.entries())
          expect(Math.abs(w.values[i * w.columns + j] - value)).toBeLessThan(1e-12);
      }
    },
  );

  it("breaks sticks and scales densities the same way", () => {
    const { f, u, parts } = golden.float_partition;
    expect([...breakStick(f, u)]).toEqual(parts);
    const { input, ...counts } = golden.scale_neuron_density;
    for (const [key, expected] of Object.entries(counts)) {
      const [by, least] = key.split("_") as ["rank" | "ratio", string];
      expect([...scaleNeuronCounts(input, { by, least: Number(least) })]).toEqual(expected);
    }
  });
});
