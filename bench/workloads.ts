/**
 * @file The networks that are measured, the same in every run: reservoirs like those of conn2res, and the echo-state
 * notebook of ANNarchy.
 */

import {
  createRng,
  type DenseMatrix,
  dense,
  exp,
  type SparseMatrix,
  spectralRadius,
} from "../src/core/index.ts";
import {
  input,
  leakyEchoState,
  type Network,
  type Neuron,
  network,
  neuron,
  population,
  projection,
} from "../src/model/index.ts";
import type { Peer } from "./peers.ts";

/** A directed random graph with log-normal weights and no self-loops, `w[post, pre]`, of spectral radius 1. */
export function randomReservoir(nodes: number, density = 0.15): SparseMatrix {
  const rng = createRng(nodes).stream("bench");
  const rowStart = new Int32Array(nodes + 1);
  const column: number[] = [];
  const values: number[] = [];
  for (let post = 0; post < nodes; post++) {
    for (let pre = 0; pre < nodes; pre++) {
      if (pre === post || rng.uniform() >= density) continue;
      column.push(pre);
      values.push(exp(rng.normal()));
    }
    rowStart[post + 1] = column.length;
  }
  const raw: SparseMatrix = {
    kind: "sparse",
    rows: nodes,
    columns: nodes,
    rowStart,
    column: Int32Array.from(column),
    values: Float64Array.from(values),
  };
  const radius = spectralRadius(raw);
  return { ...raw, values: raw.values.map((w) => w / radius) };
}

/** Give a peer a graph, with what else its `setup` takes. */
export async function shareGraph(
  peer: Peer,
  weights: SparseMatrix,
  rest: Record<string, unknown> = {},
): Promise<void> {
  const post = new Int32Array(weights.column.length);
  for (let i = 0; i < weights.rows; i++) post.fill(i, weights.rowStart[i], weights.rowStart[i + 1]);
  peer.share("pre", weights.column);
  peer.share("post", post);
  peer.share("values", weights.values);
  await peer.ask({ kind: "setup", nodes: weights.rows, ...rest });
}

/** The sweep of conn2res: 11 spectral radii. */
export const ALPHAS = Float64Array.from({ length: 11 }, (_, k) => (5 + k) / 10);

/** A tanh echo-state network with one input into every tenth node. */
export function reservoirNetwork(weights: SparseMatrix): { net: Network; inputWeights: DenseMatrix } {
  const nodes = weights.rows;
  const rng = createRng(nodes).stream("input-weights");
  const inputWeights = dense(nodes, 1);
  for (let i = 0; i < nodes; i += 10) inputWeights.values[i] = 2 * rng.uniform() - 1;
  const net = network({
    populations: [population("reservoir", { size: nodes, neuron: leakyEchoState() })],
    inputs: [input("input", 1)],
    projections: [
      projection("input", "reservoir", { target: "in", weights: inputWeights }),
      projection("reservoir", "reservoir", { target: "rec", weights }),
    ],
  });
  return { net, inputWeights };
}

/** Uniform input, as the memory-capacity task has it, shape `(time)`. */
export function uniformInput(steps: number): Float64Array {
  const rng = createRng(1).stream("input");
  return Float64Array.from({ length: steps }, () => 2 * rng.uniform() - 1);
}

/** The notebook's neuron: a leaky rate neuron with noise. */
export const NOTEBOOK_NEURON: Neuron = neuron({
  name: "echo-state",
  parameters: { tau: 30, g: 1.5, noise: 0.01 },
  equations: `
    tau * dx/dt + x = sum(in) + g * sum(exc) + noise * Uniform(-1, 1)
    r = tanh(x)
  `,
});

/** A neuron of ten equations, each coupled to its neighbours: what a detailed model costs to compile. */
export const LARGE_NEURON: Neuron = neuron({
  name: "large",
  parameters: {
    tau: 30,
    g: 1.5,
    noise: 0.01,
    ...Object.fromEntries(Array.from({ length: 10 }, (_, k) => [`a${k}`, 0.1 * k])),
  },
  equations: [
    "drive = sum(in) + g * sum(exc) + noise * Uniform(-1, 1)",
    ...Array.from({ length: 10 }, (_, k) => {
      const [left, right] = [`x${(k + 9) % 10}`, `x${(k + 1) % 10}`];
      return `tau * dx${k}/dt + x${k} = drive * a${k} + tanh(${left} - ${right}) * exp(-a${k} * x${k}^2)`;
    }),
    "r = tanh(x0 + x5)",
  ].join("\n"),
});

/** The notebook's network: dense normal weights without self-connections, dt = 1 ms. */
export function notebookNetwork(nodes: number, model: Neuron = NOTEBOOK_NEURON): Network {
  const rng = createRng(nodes).stream("notebook");
  const weights = dense(nodes, nodes);
  const deviation = 1 / Math.sqrt(nodes);
  for (let i = 0; i < nodes; i++) {
    for (let j = 0; j < nodes; j++) if (i !== j) weights.values[i * nodes + j] = deviation * rng.normal();
  }
  const inputWeights = dense(nodes, 1);
  for (let i = 0; i < nodes; i++) inputWeights.values[i] = 2 * rng.uniform() - 1;
  return network({
    populations: [population("reservoir", { size: nodes, neuron: model })],
    inputs: [input("input", 1)],
    projections: [
      projection("input", "reservoir", { target: "in", weights: inputWeights }),
      projection("reservoir", "reservoir", { target: "exc", weights }),
    ],
  });
}
