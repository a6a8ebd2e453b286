import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, type Matrix, type Rng, sparseFromEntries, toDense } from "../../core/index.ts";
import {
  input,
  type Network,
  network,
  neuron,
  normalisation,
  type PlasticityRule,
  population,
  projection,
  structuralPlasticity,
  synapse,
  synapticRule,
} from "../../model/index.ts";
import { digest } from "../digest.ts";
import { type Simulation, simulate } from "../simulation.ts";

/** No functions of the host: the interpreter takes those in neurons, to be independent of what it checks. */
const unit = neuron({
  parameters: { tau: 3, T: 0.2, eta: 0.02 },
  equations: `
    x_prev = x
    tau * dz/dt = x - z
    x = sum(exc) + sum(inh) + Normal(0, 0.4) - threshold > 0
    r = (sum(exc) + z) / (1 + abs(sum(exc) + z))
    threshold = threshold : init=T
  `,
  plasticity: { ip: "threshold += eta * (x - 0.3)" },
});

/** Rules of every kind: by post, by pre, all synapses; pruned, clamped, with traces, functions and time. */
const RULES: Record<string, [equations: string, parameters?: Record<string, number>]> = {
  stdp: ["w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : max=1, prune=1e-10", { eta: 0.05 }],
  floored: [
    "w -= eta * pre.x_prev * (1 - post.x * (1 + 1 / rate)) : min=0.01, max=1",
    { eta: 0.02, rate: 0.2 },
  ],
  pruned: ["w -= eta * pre.x_prev * (1 - post.x * 3) : max=0.8, prune=cut", { eta: 0.05, cut: 0.02 }],
  oja: ["w += eta * post.r * (pre.r - post.r * w)", { eta: 0.1 }],
  bcm: ["w += eta * post.z * (post.z - theta) * pre.z : min=-1, max=2", { eta: 0.3, theta: 0.2 }],
  trace: ["tau * de/dt = pre.x * post.x - e\nw += eta * (e - 0.1) : max=1.5, prune=0", { eta: 0.05, tau: 4 }],
  two: ["a = 0.9 * a + pre.x : init=0.5\nb = 0.8 * b + post.x : init=0\nw += 0.01 * (a * b - 0.3) : prune=0"],
  decay: ["w -= eta * w : prune=0.02", { eta: 0.03 }],
  function: ["w += 0.05 * exp(-w * w) * pre.x * post.r - 0.01 * post.x_prev"],
  clock: ["w += 0.02 * sin(0.5 * t) * pre.z * dt : min=-1"],
};

function rule(name: string): PlasticityRule {
  const [equations, parameters = {}] = RULES[name];
  return synapticRule(name, synapse({ equations, parameters }));
}

function randomWeights(rows: number, columns: number, rng: Rng): Matrix {
  const post: number[] = [];
  const pre: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (rng.uniform() > Math.min(0.5, 4 / columns)) continue;
      post.push(i);
      pre.push(j);
    }
  }
  return sparseFromEntries({ rows, columns }, { post, pre, values: post.map(() => rng.uniform()) });
}

/** Small, or around the 32 and 64 units whose activity the kernels read as one word. */
const sizes = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 11 }) },
  { weight: 1, arbitrary: fc.constantFrom(31, 33, 65) },
);

const networks = fc
  .record({
    sizes: fc.tuple(sizes, fc.integer({ min: 1, max: 11 })),
    rules: fc.tuple(
      fc.shuffledSubarray(Object.keys(RULES), { minLength: 1, maxLength: 3 }),
      fc.shuffledSubarray(Object.keys(RULES), { minLength: 1, maxLength: 2 }),
    ),
    scaling: fc.constantFrom(
      undefined,
      { over: "incoming", rate: 1 },
      { over: "incoming", rate: 0.3, total: 2 },
      { over: "outgoing", rate: 1 },
      { over: "both", rate: 0.2 },
    ) as fc.Arbitrary<Parameters<typeof normalisation>[1] | undefined>,
    births: fc.constantFrom(0, 0.4, 2.2),
    sameStep: fc.boolean(),
    seed: fc.nat(9999),
  })
  .map(({ sizes: [a, b], rules, scaling, births, sameStep, seed }): Network => {
    const rng = createRng(seed);
    const more = [
      ...(births > 0 ? [structuralPlasticity("sp", { births, weight: 0.1 })] : []),
      ...(scaling ? [normalisation("sn", scaling)] : []),
    ];
    const projected = (from: string, to: string, options: Partial<Parameters<typeof projection>[2]>) => {
      const size = { A: a, B: b, u: 2 } as Record<string, number>;
      const weights = randomWeights(size[to], size[from], rng.stream(`${from}${to}`));
      return projection(from, to, { weights, variable: from === "u" ? "r" : "x", ...options });
    };
    return network({
      populations: [
        population("A", { size: a, neuron: unit, initial: { x: Float64Array.from({ length: a }, () => 1) } }),
        population("B", { size: b, neuron: unit }),
      ],
      inputs: [input("u", 2)],
      projections: [
        projected("A", "A", { plasticity: [...rules[0].map(rule), ...more] }),
        projected("A", "B", { plasticity: [...rules[1].map(rule), ...more.slice(0, 1)], sameStep }),
        projected("B", "A", { target: "inh" }),
        projected("B", "B", { target: "inh" }),
        projected("u", "B", {
          plasticity: [synapticRule("hebb", synapse({ equations: "w += 0.01 * pre.r * post.r" }))],
        }),
      ],
    });
  });

const steps = 16;

/** Digest of all that a run shows of itself, states and weights of one instance, after each step. */
function history(run: Simulation, instance = 0): string[] {
  const { instances } = run;
  const drive = createRng(1).stream("u");
  return Array.from({ length: steps }, () => {
    run.run(1, { inputs: { u: [drive.normal(), drive.uniform() < 0.5 ? 0 : 1] } });
    const states = ["A.x", "A.r", "A.threshold", "B.x", "B.z"].flatMap((name) =>
      [...run.get(name)].filter((_, k) => k % instances === instance),
    );
    const weights = ["A->A", "A->B", "u->B"].flatMap((name) => {
      const { rowStart, column, values } = run.weights(name, instance);
      return [...rowStart, ...column, ...values];
    });
    return digest(new Uint8Array(Float64Array.from([...states, ...weights]).buffer));
  });
}

describe("learning by compiled kernels", () => {
  it("has the bits of the interpreter, one instance and three, with and without events", () => {
    fc.assert(
      fc.property(networks, fc.boolean(), fc.constantFrom(1, 3), (net, events, instances) => {
        const compiled = simulate(net, { instances, seed: 5, events });
        const interpreted = simulate(net, { instances, seed: 5, events, backend: "interpret" });
        expect(history(compiled, instances - 1)).toEqual(history(interpreted, instances - 1));
      }),
      { seed: 6, numRuns: 12 },
    );
  });

  it("has the same bits whether silent units are passed over or not", () => {
    fc.assert(
      fc.property(networks, (net) => {
        expect(history(simulate(net, { seed: 2, events: true }))).toEqual(
          history(simulate(net, { seed: 2, events: false })),
        );
      }),
      { seed: 7, numRuns: 10 },
    );
  });

  it("gives each instance the very bits of a run of its own", () => {
    fc.assert(
      fc.property(networks, (net) => {
        const seeds = [4, 9, 4];
        const single = new Map([4, 9].map((seed) => [seed, history(simulate(net, { seed }))]));
        seeds.forEach((seed, b) => {
          expect(history(simulate(net, { instances: 3, seed: seeds }), b)).toEqual(single.get(seed));
        });
      }),
      { seed: 8, numRuns: 5 },
    );
  });

  it("follows the interpreter in single precision as far as rounding goes", () => {
    const rng = createRng(3);
    const quiet = neuron({ equations: "r = tanh(sum(exc) + 0.2)" });
    const net = network({
      populations: [population("p", { size: 10, neuron: quiet })],
      projections: [
        projection("p", "p", {
          weights: randomWeights(10, 10, rng),
          plasticity: [rule("oja"), normalisation("sn", { over: "both", rate: 0.2 })],
        }),
      ],
    });
    const weights = (options: Parameters<typeof simulate>[1]) => {
      const run = simulate(net, options);
      run.run(50);
      return toDense(run.weights("p->p")).values;
    };
    const [single, interpreted, double] = [
      weights({ precision: "f32" }),
      weights({ precision: "f32", backend: "interpret" }),
      weights({}),
    ];
    single.forEach((w, k) => {
      expect(Math.abs(w - interpreted[k])).toBeLessThan(1e-5);
      expect(Math.abs(w - double[k])).toBeLessThan(1e-5);
    });
    expect(single).toEqual(Float64Array.from(single, Math.fround));
  });
});

describe("a step in which all die, some are born and these die too", () => {
  it.each(["wasm", "interpret"] as const)("has room to note them all, %s", (backend) => {
    const cut = (name: string) => synapticRule(name, synapse({ equations: "w *= 0.5 : prune=1" }));
    const net = network({
      populations: [population("p", { size: 4, neuron: neuron({ equations: "s = sum(exc)\nr = 1" }) })],
      projections: [
        projection("p", "p", {
          weights: dense(4, 4, new Array(16).fill(1)),
          plasticity: [cut("first"), structuralPlasticity("sp", { births: 60, autapses: true }), cut("last")],
        }),
      ],
    });
    const run = simulate(net, { backend, instances: 2 });
    const records = [0, 1].map((instance) => run.recordSynapses("p->p", { instance, events: true }));
    run.run(3);
    for (const record of records) {
      expect(record.turnover).toEqual({ births: 48, deaths: 64 });
      expect([...record.counts()]).toEqual([0, 0, 0]);
      const pairs = [...record.events()].filter((_, k) => k % 3 === 1);
      for (let pair = 0; pair < 16; pair++) expect(pairs.filter((p) => p === pair).length).toBe(7);
    }
  });
});

describe("a weight that explodes", () => {
  it.each(["wasm", "interpret"] as const)(
    "ends in a status that names projection and instance, %s",
    (backend) => {
      const net = network({
        populations: [population("p", { size: 3, neuron: neuron({ equations: "s = sum(exc)\nr = 1" }) })],
        projections: [
          projection("p", "p", {
            weights: dense(3, 3, [0, 1, 1, 1, 0, 1, 1, 1, 0]),
            plasticity: [synapticRule("grow", synapse({ equations: "w += w * w * pre.r" }))],
          }),
        ],
      });
      const run = simulate(net, { backend, instances: 2 });
      expect(run.run(8).status).toBe("done");
      const status = run.run(50);
      expect(status.status).toBe("diverged");
      expect(status.diverged.map((d) => [d.instance, d.variable])).toEqual([
        [0, "p->p.w"],
        [1, "p->p.w"],
      ]);
      const message =
        "a weight of p->p is no longer finite at t = 11 ms; lower its learning rate, or clamp it.";
      expect(status.diverged[1].message).toBe(message);
      run.reset();
      expect(run.diverged).toEqual([]);
      expect(run.run(2).status).toBe("done");
    },
  );
});
