import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createConnectome, expandAreas } from "../../../connectome/index.ts";
import { createRng, dense, spectralRadius, toDense } from "../../../core/index.ts";
import { countViolations } from "../constraints/enforce.ts";
import { ENFORCEMENTS } from "../constraints/weight-constraint.ts";
import type { OptimiserSpec } from "../optimisers/optimiser.ts";
import { fixedTask } from "../testing/fixed-task.ts";
import { expectAll } from "../testing/rows.ts";
import { connectomeWiring } from "./connectome-wiring.ts";
import { elmanNetwork } from "./elman-network.ts";
import { areaWiring, type MultiAreaOptions, multiAreaNetwork } from "./multi-area-network.ts";
import { type RateNetwork, rateNetwork } from "./rate-network.ts";
import { Trainer } from "./trainer.ts";

const OPTIMISERS: OptimiserSpec[] = [
  { kind: "sgd", learningRate: 0.3, weightDecay: 0.01 },
  { kind: "sgd", learningRate: 0.2, momentum: 0.9, nesterov: true },
  { kind: "rmsprop", learningRate: 0.05, momentum: 0.5 },
  { kind: "adam", learningRate: 0.1, weightDecay: 0.01 },
  { kind: "adamw", learningRate: 0.1, weightDecay: 0.1 },
];
const NONE = { offMask: 0, wrongSign: 0, movedFixed: 0 };
const rng = () => createRng(5).stream("network");

const weightsOf = (made: RateNetwork, name: string) =>
  toDense(made.network.projections.find((p) => p.name === name)!.weights).values;

/** Trains with noise for a target and checks the weights as they act after every step. */
function checkEveryStep(made: RateNetwork, optimiser: OptimiserSpec): void {
  const [time, batch] = [6, 3];
  const draw = createRng(2);
  const channels = made.network.inputs[0].size;
  const outputs = made.network.populations[1].size;
  const random = (n: number) => Float64Array.from({ length: n }, () => 4 * draw.uniform() - 2);
  const { task, conditions } = fixedTask({
    dt: 20,
    time,
    batch,
    inputs: random(time * channels * batch),
    targets: random(time * outputs * batch),
  });
  const trainer = new Trainer({
    network: made,
    task,
    updates: 6,
    batchSize: batch,
    curriculum: [{ update: 0, conditions }],
    optimiser,
    validation: false,
  });
  const before = trainer.parameters();
  while (trainer.step()) {
    const now = trainer.parameters();
    for (const [name, constraint] of Object.entries(made.constraints!)) {
      const w = now[name];
      expect([name, countViolations(constraint, w)]).toEqual([name, NONE]);
      // Bitwise: what is absent is +0, what is fixed has the bits it was given.
      const { plastic, fixed } = constraint;
      expect(w.some((x, k) => plastic[k] === 0 && !Object.is(x, fixed?.[k] ?? 0))).toBe(false);
    }
  }
  expect(trainer.status).toBe("done");
  for (const name of made.trainable)
    expect([name, trainer.parameters()[name]]).not.toEqual([name, before[name]]);
}

const AREAS: MultiAreaOptions = {
  areas: [
    { name: "sensory", units: 20, excitatory: 0.8 },
    { name: "motor", units: 10, excitatory: 0.7, tau: 200 },
  ],
  inputs: [{ channels: 2, areas: ["sensory"] }],
  outputs: [{ channels: 1, areas: ["motor"] }, { channels: 1 }],
  within: 0.5,
  between: { forward: { E: 0.3 }, backward: { "E->E": 0.2 } },
  tau: 50,
  rng: rng(),
};

describe("multiAreaNetwork", () => {
  const made = multiAreaNetwork(AREAS);
  const block = (post: [number, number], pre: [number, number]) => {
    let count = 0;
    const w = weightsOf(made, "rec");
    for (let i = post[0]; i < post[1]; i++)
      for (let j = pre[0]; j < pre[1]; j++) if (w[i * 30 + j] !== 0) count++;
    return count;
  };

  it("has exact numbers of synapses in every block of areas and kinds", () => {
    const [sE, sI, mE, mI] = [
      [0, 16],
      [16, 20],
      [20, 27],
      [27, 30],
    ] as [number, number][];
    // Within: half of the possible ones, autapses left out.
    expect(block(sE, sE)).toBe(0.5 * 16 * 15);
    expect(block(sI, sE)).toBe(0.5 * 4 * 16);
    expect(block(sE, sI)).toBe(0.5 * 16 * 4);
    expect(block(sI, sI)).toBe(0.5 * 4 * 3);
    expect(block(mE, mE)).toBe(0.5 * 7 * 6);
    expect(block(mI, mI)).toBe(0.5 * 3 * 2);
    // Forward from all excitatory cells, back from excitatory to excitatory alone.
    expect(block(mE, sE)).toBe(Math.round(0.3 * 7 * 16));
    expect(block(mI, sE)).toBe(Math.round(0.3 * 3 * 16));
    expect(block([20, 30], sI)).toBe(0);
    expect(block(sE, mE)).toBe(Math.round(0.2 * 16 * 7));
    expect(block(sI, mE)).toBe(0);
    expect(block([0, 20], mI)).toBe(0);
  });

  it("has the signs, time constants, inputs and readouts of its areas", () => {
    expect([...made.signs]).toEqual([...ones(16, 1), ...ones(4, -1), ...ones(7, 1), ...ones(3, -1)]);
    expect([...(made.network.populations[0].parameters.tau as Float64Array)]).toEqual([
      ...ones(20, 50),
      ...ones(10, 200),
    ]);
    const heard = weightsOf(made, "in").map((w) => (w !== 0 ? 1 : 0));
    expect([...heard]).toEqual([...ones(40, 1), ...ones(20, 0)]);
    const read = [...weightsOf(made, "out")].map((w) => (w !== 0 ? 1 : 0));
    expect(read.slice(0, 30)).toEqual([...ones(20, 0), ...ones(7, 1), ...ones(3, 0)]);
    expect(read.slice(30)).toEqual([...ones(16, 1), ...ones(4, 0), ...ones(7, 1), ...ones(3, 0)]);
    expect(made.layout.areas.map((a) => a.name)).toEqual(["sensory", "motor"]);
    expect(spectralRadius(dense(30, 30, weightsOf(made, "rec")))).toBeCloseTo(1.5, 10);
  });

  it("takes any sizes and densities exactly", () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 2, maxLength: 4 });
    const share = fc.integer({ min: 1, max: 10 }).map((n) => n / 10);
    fc.assert(
      fc.property(sizes, share, share, share, (units, within, forward, backward) => {
        const areas = units.map((n, k) => ({ name: `a${k}`, units: n }));
        const { masks, layout } = areaWiring({
          areas,
          inputs: 1,
          outputs: 1,
          within,
          between: { forward, backward },
          rng: rng(),
        });
        for (const [i, post] of layout.areas.entries()) {
          for (const [j, pre] of layout.areas.entries()) {
            let count = 0;
            for (let a = 0; a < post.units; a++)
              for (let b = 0; b < pre.units; b++)
                count += masks.rec[(post.start + a) * layout.units + pre.start + b];
            const possible = post.units * pre.units - (i === j ? post.units : 0);
            const density = i === j ? within : i > j ? forward : backward;
            expect(count).toBe(Math.round(density * possible));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each(OPTIMISERS.flatMap((o) => ENFORCEMENTS.map((e) => [e, o] as const)))(
    "keeps masks and signs through %s and %j",
    (enforce, optimiser) => {
      checkEveryStep(multiAreaNetwork({ ...AREAS, enforce }), optimiser);
    },
  );

  it("wires other networks too", () => {
    const { tau: _tau, layout: _layout, ...wiring } = areaWiring(AREAS);
    checkEveryStep(elmanNetwork({ ...wiring, rng: rng() }), { kind: "adam", learningRate: 0.1 });
  });

  it.each([
    [{ areas: [{ name: "a", units: 0 }] }, 'area "a" has 0 units'],
    [{ areas: [{ name: "a", units: 3, tau: 0 }] }, 'area "a": tau must be > 0, got 0'],
    [{ inputs: [{ channels: 1, areas: ["sensor"] }] }, 'no area "sensor"'],
    [
      { inputs: [{ channels: 1, areas: ["sensory"] }], pairs: { "motor->motor": 0 }, between: 0 },
      "can get no input",
    ],
  ] as [Partial<MultiAreaOptions>, string][])("refuses %j", (options, message) => {
    expect(() => multiAreaNetwork({ ...AREAS, ...options })).toThrow(message);
  });
});

function ones(count: number, value: number): number[] {
  return new Array<number>(count).fill(value);
}

describe("connectomeWiring", () => {
  const areas = createConnectome({
    name: "three",
    weights: dense(3, 3, [0, 0.5, 0.2, 1, 0, 0, 0.3, 0.7, 0]),
    labels: ["A", "B", "C"],
  });
  const { connectome } = expandAreas(areas, { neurons: 8, density: 0.5, rng: createRng(1) });
  const sizes = { inputs: 2, outputs: 1 };
  const pattern = toDense(connectome.weights).values;

  it("trains exactly the synapses there are", () => {
    const made = rateNetwork({ ...sizes, ...connectomeWiring(connectome), rng: rng() });
    expect(weightsOf(made, "rec").map((w) => (w !== 0 ? 1 : 0))).toEqual(
      pattern.map((w) => (w !== 0 ? 1 : 0)),
    );
  });

  it("starts from the connectome's weights, at a radius", () => {
    const wiring = connectomeWiring(connectome, { use: "weights", spectralRadius: 0.9 });
    const made = rateNetwork({ ...sizes, ...wiring, rng: rng() });
    const w = weightsOf(made, "rec");
    expect(spectralRadius(dense(24, 24, w))).toBeCloseTo(0.9, 10);
    const k = pattern.findIndex((x) => x !== 0);
    expectAll(w, [...pattern.map((x) => (w[k] / pattern[k]) * x)], 1e-12);
  });

  it("keeps an exact share of synapses as they are", () => {
    const synapses = pattern.filter((w) => w !== 0).length;
    const wiring = connectomeWiring(connectome, { use: "weights", fixed: 0.4, rng: rng() });
    const { rec } = wiring.fixed!;
    const kept = Array.from(rec!).filter((w) => w !== 0).length;
    expect(kept).toBe(Math.round(0.4 * synapses));
    expect(Array.from(rec!).every((w, k) => w === 0 || w === pattern[k])).toBe(true);
  });

  it.each(OPTIMISERS)("keeps mask, signs and fixed weights through %j", (optimiser) => {
    const dale = Int8Array.from({ length: 24 }, (_, k) => (k % 8 < 6 ? 1 : -1));
    const wiring = connectomeWiring(connectome, {
      use: "weights",
      fixed: 0.3,
      dale,
      spectralRadius: 1,
      rng: rng(),
    });
    checkEveryStep(rateNetwork({ ...sizes, ...wiring, rng: rng() }), optimiser);
    // Sparse ones are kept as a list of edges.
    const few = expandAreas(areas, {
      neurons: 8,
      density: 0.15,
      intrinsic: { density: 0.3 },
      rng: createRng(1),
    });
    const sparse = rateNetwork({
      ...sizes,
      ...connectomeWiring(few.connectome, { fixed: 0.2, rng: rng() }),
      rng: rng(),
    });
    expect(sparse.network.projections.find((p) => p.name === "rec")!.weights.kind).toBe("sparse");
    checkEveryStep(sparse, optimiser);
  });

  it("takes signs from a signed connectome, and refuses mixed ones", () => {
    const signed = createConnectome({ name: "signed", weights: dense(3, 3, [0, -1, 2, 3, 0, 1, 0, -2, 0]) });
    expect(connectomeWiring(signed, { dale: "connectome" }).dale).toEqual([1, -1, 1]);
    const mixed = createConnectome({ name: "mixed", weights: dense(2, 2, [0, 1, 1, -1]) });
    expect(() => connectomeWiring(mixed, { dale: "connectome" })).toThrow(
      'unit "1" sends weights of both signs',
    );
  });

  it.each([
    [{ use: "ranks" }, 'there is no use "ranks"'],
    [{ fixed: 0.5 }, "there is no rng"],
    [{ fixed: [1, 2] }, "fixed has 2 values, wanted 576"],
    [{ dale: [1, 2] }, "dale has 2 signs for 24 units"],
    [{ spectralRadius: 0 }, "spectralRadius must be > 0"],
  ] as [object, string][])("refuses %j", (options, message) => {
    expect(() => connectomeWiring(connectome, options)).toThrow(message);
  });
});
