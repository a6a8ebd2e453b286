/**
 * @file Runs whose states must have the same bits wherever they are computed; loaded by Node and by a browser.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  ACTIVATIONS,
  createRng,
  delpapa2017,
  dense,
  evaluateReservoir,
  hartmann2015,
  input,
  largestComponent,
  lasso,
  lazar2009,
  leakyEchoState,
  loadConnectome,
  memoryCapacityTask,
  type Network,
  type Neuron,
  network,
  neuron,
  normalizeSpectralRadius,
  perceptualDecision,
  population,
  projection,
  rateNetwork,
  type SimulationOptions,
  simulate,
  sorn073,
  spikingNetwork,
  toSparse,
  train,
  zheng2013,
} from "../../src/index.ts";

/** SHA-256 of the bytes of all recorded numbers, and a few of them to see what differs. */
export interface Bits {
  hash: string;
  last: number[];
}

type Numbers = Float64Array | Float32Array | Int32Array;

/** Every case by its name. @param read - Bytes of a file of the folder `data`. */
export async function allBits(read: (path: string) => Promise<Uint8Array>): Promise<Record<string, Bits>> {
  const cases = {
    ...echoStates(),
    ...methods(),
    ...functions(),
    ...chaos(),
    ...draws(),
    ...readouts(),
    ...plastic(),
    ...trained(),
  };
  const bits: Record<string, Bits> = {};
  for (const [name, run] of Object.entries({ ...cases, ...worm(read) })) bits[name] = bitsOf(await run());
  return bits;
}

// Implementation

type Cases = Record<string, () => Numbers[] | Promise<Numbers[]>>;

const FORMS = (["f64", "f32"] as const).flatMap((precision) =>
  [1, 5].map((instances) => ({ precision, instances, title: `${precision}, ${instances} instances` })),
);

function bitsOf(arrays: Numbers[]): Bits {
  const hash = sha256.create();
  for (const a of arrays) hash.update(new Uint8Array(a.buffer, a.byteOffset, a.byteLength));
  const all = arrays[arrays.length - 1];
  return { hash: bytesToHex(hash.digest()), last: Array.from(all.slice(-4)) };
}

/** Networks that organise themselves: activity, weights and thresholds after some thousand plastic steps. */
function plastic(): Cases {
  const cases: Cases = {};
  const presets = { delpapa2017, zheng2013, lazar2009, hartmann2015, sorn073 };
  for (const [name, preset] of Object.entries(presets)) {
    for (const { precision, instances, title } of FORMS) {
      cases[`self-organising, ${name}, ${title}`] = () => {
        const run = simulate(preset({ units: 50 }, createRng(3)), { seed: 5, precision, instances });
        const spikes = run.recordSpikes("E.x", { raster: true, instance: instances - 1 });
        run.run(3000);
        const { values, column } = run.weights("E->E", instances - 1);
        return [Int32Array.from(spikes.raster().bits), column, values, run.get("E.T")];
      };
    }
  }
  return cases;
}

/** Trained networks: all parameters after some updates, with noise, a penalty on vanishing gradients, and spikes. */
function trained(): Cases {
  const task = perceptualDecision();
  const shape = { inputs: task.inputs.length, outputs: task.outputs.length, rng: createRng(2) };
  const networks = {
    rate: rateNetwork({ ...shape, units: 21, dale: 0.8, noise: 0.15 }),
    sparse: rateNetwork({ ...shape, units: 30, activation: "softplus", density: 0.15, noise: 0.1 }),
    spiking: spikingNetwork({ ...shape, units: 20 }),
  };
  const cases: Cases = {};
  for (const [name, net] of Object.entries(networks)) {
    for (const precision of ["f64", "f32"] as const) {
      cases[`trained, ${name}, ${precision}`] = () => {
        const { last } = train({
          network: net,
          task,
          updates: 5,
          batchSize: 6,
          seed: 3,
          run: { precision },
          validation: false,
          ...(net.leaky && { regularisers: [{ kind: "omega", weight: 2 }] }),
        });
        return Object.values(last).map((values) => Float64Array.from(values));
      };
    }
  }
  return cases;
}

/** Random weights for n units, about a third of them 0, of spectral radius near `gain`. */
function randomWeights(n: number, gain: number) {
  const rng = createRng(11).stream(`weights ${n}`);
  const scale = gain / Math.sqrt((n * 2) / 3);
  const draw = () => (rng.uniform() < 1 / 3 ? 0 : scale * rng.normal());
  return dense(n, n, Float64Array.from({ length: n * n }, draw));
}

/** One population that drives itself and takes one input. */
function recurrent(
  own: Neuron,
  {
    size = 37,
    gain = 1.2,
    delay = 0,
    sparse = false,
    target = "exc",
    parameters = {},
  }: {
    size?: number;
    gain?: number;
    delay?: number;
    sparse?: boolean;
    target?: string;
    parameters?: Record<string, Float64Array>;
  },
): Network {
  const rng = createRng(12).stream("input");
  const weights = randomWeights(size, gain);
  return network({
    populations: [population("p", { size, neuron: own, parameters })],
    inputs: [input("u", 1)],
    projections: [
      projection("u", "p", {
        target: "in",
        weights: dense(
          size,
          1,
          Float64Array.from({ length: size }, () => rng.normal()),
        ),
      }),
      projection("p", "p", { target, weights: sparse ? toSparse(weights) : weights, delay }),
    ],
  });
}

function states(net: Network, steps: number, options: SimulationOptions, names = ["p.r"]): Numbers[] {
  const run = simulate(net, { seed: 5, ...options });
  const monitors = names.map((name) => run.monitor(name));
  const rng = createRng(13).stream("series");
  const u = Float64Array.from({ length: steps }, () => 2 * rng.uniform() - 1);
  run.run(steps * run.dt, { inputs: { u } });
  return monitors.map((m) => m.data().values);
}

function echoStates(): Cases {
  const cases: Cases = {};
  for (const activation of Object.keys(ACTIVATIONS)) {
    for (const { precision, instances, title } of FORMS) {
      for (const sparse of [false, true]) {
        cases[`echo state, ${activation}, ${title}, ${sparse ? "sparse" : "dense"}`] = () => {
          const own = leakyEchoState({ activation, leakRate: 0.7, bias: 0.1, noise: 0.01 });
          const gains = { "p.rec": Array.from({ length: instances }, (_, b) => 0.3 + b / 10) };
          return states(recurrent(own, { sparse, target: "rec" }), 200, { precision, instances, gains });
        };
      }
    }
  }
  return cases;
}

function methods(): Cases {
  const cases: Cases = {};
  for (const method of ["explicit", "exponential", "implicit", "midpoint", "rk4"] as const) {
    for (const { precision, instances, title } of FORMS) {
      cases[`ODEs, ${method}, ${title}`] = () => {
        const own = neuron({
          parameters: { tau: 20, g: 1.5, noise: 0.1 },
          equations: `
            calm = mean(r) + max(r) - min(r) : population
            tau * dx/dt + x = g * sum(exc) + sum(in) - 0.3 * a + noise * Normal(0, 1) : init=Uniform(-1, 1)
            50 * da/dt = x - a - 0.01 * calm + noise * Uniform(-1, 1) : min=-5
            r = tanh(x)`,
        });
        const tau = Float64Array.from({ length: 37 }, (_, i) => 10 + i);
        const net = recurrent(own, { delay: 1.5, parameters: { tau } });
        const names = ["p.x", "p.a", "p.r", "p.calm"];
        return states(net, 300, { dt: 0.5, method, precision, instances }, names);
      };
    }
  }
  return cases;
}

/** Each function of the language over arguments of all sizes, one unit an argument. */
function functions(): Cases {
  const size = 4000;
  const rng = createRng(14).stream("arguments");
  const z = Float64Array.from({ length: size }, (_, i) => {
    const sign = i % 2 === 0 ? 1 : -1;
    const powerOfTwo = Math.floor(i / 40) - 50;
    let x = sign * (1 + rng.uniform());
    for (let k = 0; k < Math.abs(powerOfTwo); k++) x *= powerOfTwo < 0 ? 0.5 : 2;
    return x;
  });
  const rows = {
    "exp, expm1, sigmoid, tanh": "exp(clip(z, -80, 80)) + expm1(clip(z, -80, 80)) * sigmoid(z) + tanh(z)",
    "sin, cos, tan": "sin(z) + 2 * cos(z) + sin(z) * tan(cos(z))",
    "log, sqrt": "log(abs(z)) + log10(abs(z)) * sqrt(abs(z))",
    pow: "abs(z) ^ 0.3 + (1.5 + tanh(z)) ^ clip(z, -20, 20) + tanh(z) ^ 7",
    "sinh, cosh, asin, acos, atan": "sinh(tanh(z)) * cosh(tanh(z)) + asin(tanh(z)) + acos(tanh(z)) + atan(z)",
    "round, floor, ceil, modulo":
      "round(z) + floor(z) - ceil(z) + modulo(z, 0.7) + (if z > 1: 1 / z else: z)",
  };
  const cases: Cases = {};
  for (const [title, text] of Object.entries(rows)) {
    for (const precision of ["f64", "f32"] as const) {
      cases[`functions ${title}, ${precision}`] = () => {
        const own = neuron({ parameters: { z: 0 }, equations: `r = ${text}` });
        const net = network({ populations: [population("p", { size, neuron: own, parameters: { z } })] });
        const run = simulate(net, { precision });
        run.run(1);
        return [run.get("p.r")];
      };
    }
  }
  cases["initial values"] = () => {
    const own = neuron({
      equations: "r = r : init=exp(Normal(0, 1)) + sin(Uniform(0, 9)) + tanh(Uniform(-1, 1)) ^ 3",
    });
    const net = network({ populations: [population("p", { size, neuron: own })] });
    return [simulate(net, { seed: 6 }).get("p.r")];
  };
  return cases;
}

/** A last-bit difference anywhere would be everywhere after some hundred steps. */
function chaos(): Cases {
  const cases: Cases = {};
  const own = neuron({
    parameters: { tau: 10, g: 1.8 },
    equations: `
      tau * dx/dt + x = g * sum(exc) + sum(in) + 0.01 * Normal(0, 1)
      r = tanh(x) + 0.1 * sin(3 * x) * exp(-x ^ 2) + 0.05 * log(1 + abs(x) ^ 1.5)`,
  });
  for (const precision of ["f64", "f32"] as const) {
    cases[`chaos, 2000 steps, ${precision}`] = () =>
      states(recurrent(own, { size: 100, gain: 1 }), 2000, { precision }, ["p.x", "p.r"]);
  }
  return cases;
}

function draws(): Cases {
  const rng = () => createRng(15).stream("draws");
  const take = (draw: (r: ReturnType<typeof rng>) => number) => () => {
    const r = rng();
    return [Float64Array.from({ length: 2000 }, () => draw(r))];
  };
  return {
    "rng.uniform": take((r) => r.uniform()),
    "rng.normal": take((r) => r.normal()),
    "rng.integer": take((r) => r.integer(1e9)),
  };
}

function readouts(): Cases {
  const task = memoryCapacityTask({ steps: 1200, maxDelay: 10, rng: createRng(16).stream("task") });
  const simulation = { instances: 3, gains: { "p.rec": [0.5, 0.9, 1.3] } };
  const net = recurrent(leakyEchoState(), { target: "rec" });
  const evaluate = (lambda: number | "gcv") => () =>
    evaluateReservoir(net, task, { input: "u", record: "p.r", readout: { lambda }, simulation }).flatMap(
      (result) => {
        if (result.status === "diverged") throw new Error(result.divergence.message);
        const { readout, scores } = result;
        return [readout.weights, readout.intercept, readout.lambda, scores.r, scores.nrmse];
      },
    );
  return {
    "ridge, λ by generalised cross-validation": evaluate("gcv"),
    "ridge, λ = 1": evaluate(1),
    Lasso: () => {
      const [r] = states(net, 400, {});
      const target = Float64Array.from({ length: 400 }, (_, t) => (t > 100 && t < 200 ? 1 : 0));
      return [lasso(r as Float64Array, target, { units: 37, outputs: 1, lambda: 0.01 }).weights];
    },
  };
}

/** The main job: a real connectome, its spectral radius, its memory. */
function worm(read: (path: string) => Promise<Uint8Array>): Cases {
  return {
    "C. elegans": async () => {
      const { weights } = normalizeSpectralRadius(
        largestComponent(await loadConnectome("celegans", { read })),
      );
      const own = leakyEchoState();
      const size = weights.rows;
      const rng = createRng(17).stream("input");
      const wIn = dense(
        size,
        1,
        Float64Array.from({ length: size }, () => rng.uniform() - 0.5),
      );
      const net = network({
        populations: [population("p", { size, neuron: own })],
        inputs: [input("u", 1)],
        projections: [
          projection("u", "p", { target: "in", weights: wIn }),
          projection("p", "p", { target: "rec", weights }),
        ],
      });
      const task = memoryCapacityTask({ steps: 1000, maxDelay: 20, rng: createRng(18).stream("task") });
      const [result] = evaluateReservoir(net, task, { input: "u", record: "p.r" });
      if (result.status === "diverged") throw new Error(result.divergence.message);
      const values = weights.kind === "sparse" ? weights.values : new Float64Array();
      return [values, result.readout.weights, result.scores.r];
    },
  };
}
