import { describe, expect, it } from "vitest";
import { createConnectome } from "../../../connectome/index.ts";
import { createRng, dense, spectralRadius, toDense } from "../../../core/index.ts";
import { trainedNetworkSchema } from "../../spec/trained-network-schema.ts";
import { trainedTaskSchema } from "../../spec/trained-task-schema.ts";
import { wiringSchema } from "../../spec/wiring-schema.ts";
import { buildTrainedNetwork, recurrent } from "./build-network.ts";
import { buildTask } from "./build-task.ts";

const rng = createRng(5);
const random = rng.stream("test");
const AREAS = 12;
/** Twelve areas, a third of all connections, weights of all sizes. */
const connectome = createConnectome({
  name: "areas",
  weights: dense(
    AREAS,
    AREAS,
    Array.from({ length: AREAS * AREAS }, (_, k) =>
      k % (AREAS + 1) !== 0 && random.uniform() < 0.4 ? random.uniform() : 0,
    ),
  ),
  types: Array.from({ length: AREAS }, (_, i) => (i < 4 ? "sensory" : "motor")),
});

function build(network: object, wiring?: object, taskName = "n-back") {
  const task = trainedTaskSchema.parse({ name: taskName });
  return buildTrainedNetwork(
    { network: trainedNetworkSchema.parse(network), wiring: wiringSchema.parse(wiring ?? {}), task },
    { task: buildTask(task, rng), connectome: wiring ? connectome : undefined, rng },
  );
}
const weightsOf = (built: ReturnType<typeof build>) => toDense(recurrent(built.rate)).values;
const radiusOf = (built: ReturnType<typeof build>) => spectralRadius(recurrent(built.rate));
const pattern = (values: ArrayLike<number>) => Array.from(values, (w) => (w === 0 ? 0 : 1));

describe("buildTrainedNetwork", () => {
  it("has synapses where the connectome has them", () => {
    const built = build({}, {});
    expect(built.units).toBe(AREAS);
    expect(pattern(weightsOf(built))).toEqual(pattern(toDense(connectome.weights).values));
    expect(built.areas.names).toEqual(["sensory", "motor"]);
  });

  it("puts drawn weights in the order of the connectome's, at their radius", () => {
    const drawn = build({}, {});
    const ranked = build({}, { use: "ranks" });
    expect(radiusOf(ranked)).toBeCloseTo(radiusOf(drawn), 12);
    const measured = toDense(connectome.weights).values;
    const places = [...measured.keys()].filter((k) => measured[k] !== 0);
    const order = places.toSorted((a, b) => measured[a] - measured[b]);
    const weights = weightsOf(ranked);
    for (let k = 1; k < order.length; k++)
      expect(weights[order[k]]).toBeGreaterThanOrEqual(weights[order[k - 1]]);
    // The same numbers but for a factor.
    const sorted = (values: Float64Array) => places.map((k) => values[k]).sort((a, b) => a - b);
    const [before, after] = [sorted(weightsOf(drawn)), sorted(weights)];
    const factor = after[0] / before[0];
    after.forEach((w, k) => {
      expect(w).toBeCloseTo(factor * before[k], 12);
    });
  });

  it("starts from the connectome's own weights when asked to", () => {
    const weights = weightsOf(build({}, { use: "weights", spectralRadius: 0.7 }));
    const measured = toDense(connectome.weights).values;
    const factor = 0.7 / spectralRadius(connectome.weights);
    weights.forEach((w, k) => {
      expect(w).toBeCloseTo(factor * measured[k], 12);
    });
  });

  it.each(["random", "shuffled-weights"])("matches a %s topology in density and radius", (topology) => {
    for (const use of ["mask", "ranks", "weights"]) {
      const own = build({ initial: { rec: { distribution: { kind: "xavier" } } } }, { use });
      const other = build({ initial: { rec: { distribution: { kind: "xavier" } } } }, { use, topology });
      const count = (b: typeof own) => pattern(weightsOf(b)).filter((w) => w === 1).length;
      expect(count(other)).toBe(count(own));
      expect(radiusOf(other)).toBeCloseTo(radiusOf(own), 12);
      expect(weightsOf(other)).not.toEqual(weightsOf(own));
    }
  });

  it("expands areas to neurons, and keeps synapses of pairs of areas when shuffling within them", () => {
    const expand = { neurons: 3, density: 0.5, intrinsic: false };
    const own = build({}, { expand });
    expect([own.units, own.areas.names.length]).toEqual([3 * AREAS, AREAS]);
    expect([...own.areas.index.slice(0, 4)]).toEqual([0, 0, 0, 1]);
    const blocks = (b: typeof own) => {
      const counts = new Array<number>(AREAS * AREAS).fill(0);
      weightsOf(b).forEach((w, k) => {
        const [post, pre] = [Math.floor(k / b.units), k % b.units];
        if (w !== 0) counts[b.areas.index[post] * AREAS + b.areas.index[pre]]++;
      });
      return counts;
    };
    expect(blocks(build({}, { expand, topology: "random-in-areas" }))).toEqual(blocks(own));
    expect(blocks(build({}, { expand, topology: "random" }))).not.toEqual(blocks(own));
  });

  it("gives inputs to the nodes chosen, and reads those chosen", () => {
    const { rate } = build(
      {},
      { input: { nodes: { types: "sensory" } }, output: { nodes: { not: "input" } } },
    );
    const [input, output] = ["in", "out"].map((name) =>
      toDense(rate.network.projections.find((p) => p.name === name)!.weights),
    );
    const rows = Array.from({ length: AREAS }, (_, i) =>
      input.values.slice(2 * i, 2 * i + 2).some((w) => w !== 0),
    );
    expect(rows).toEqual(Array.from({ length: AREAS }, (_, i) => i < 4));
    const columns = Array.from({ length: AREAS }, (_, j) =>
      [0, 1, 2].some((i) => output.values[i * AREAS + j] !== 0),
    );
    expect(columns).toEqual(Array.from({ length: AREAS }, (_, i) => i >= 4));
  });

  it("obeys Dale's law in every use of a connectome, a share of excitatory units in each area", () => {
    for (const use of ["mask", "ranks", "weights"]) {
      const built = build({ dale: 0.5 }, { use });
      const { signs } = built.rate;
      expect([...signs.slice(0, 4)].filter((s) => s > 0).length).toBe(2);
      expect([...signs.slice(4)].filter((s) => s > 0).length).toBe(4);
      weightsOf(built).forEach((w, k) => {
        expect(w * signs[k % AREAS]).toBeGreaterThanOrEqual(0);
      });
    }
  });

  it("holds a share of the synapses at the weights they had", () => {
    const free = build({ units: 20, density: 0.5, dale: 0.8 });
    const held = build({ units: 20, density: 0.5, dale: 0.8, fixed: 0.3 });
    expect(weightsOf(held)).toEqual(weightsOf(free));
    const { plastic, fixed } = held.rate.constraints!["weights:rec"];
    const synapses = pattern(weightsOf(free)).filter((w) => w === 1).length;
    expect(fixed!.filter((w) => w !== 0).length).toBe(Math.round(0.3 * synapses));
    expect(plastic.filter((p) => p === 1).length).toBe(synapses - Math.round(0.3 * synapses));
  });

  it("wires areas with their own signs, time constants, inputs and readouts", () => {
    const built = build({
      tau: 80,
      areas: {
        list: [
          { name: "a", units: 10, excitatory: 0.8 },
          { name: "b", units: 5, excitatory: 0.6, tau: 30 },
        ],
        between: { forward: { E: 1 }, backward: 0 },
        inputs: [{ areas: ["a"] }],
        outputs: [{ areas: ["b"], cells: "E" }],
      },
    });
    expect([...built.rate.signs]).toEqual([...new Array(8).fill(1), -1, -1, 1, 1, 1, -1, -1]);
    const { tau } = built.rate.network.populations[0].parameters;
    expect([(tau as Float64Array)[9], (tau as Float64Array)[10]]).toEqual([80, 30]);
    const weights = weightsOf(built);
    const block = (post: number, pre: number) => weights[post * 15 + pre];
    expect([block(10, 0) > 0, block(10, 9), block(0, 10), block(0, 9) < 0]).toEqual([true, 0, 0, true]);
    const out = toDense(built.rate.network.projections.find((p) => p.name === "out")!.weights).values;
    expect(pattern(out.slice(0, 15))).toEqual([...new Array(10).fill(0), 1, 1, 1, 0, 0]);
  });

  it.each(["rate", "elman", "current", "spiking"])("makes the model %s", (model) => {
    const { rate } = build({ model, units: 8 });
    expect(rate.network.populations.map(({ name, size }) => [name, size])).toEqual([
      ["rec", 8],
      ["out", 3],
    ]);
    expect(build({ model, units: 8 })).toEqual(build({ model, units: 8 }));
  });
});
