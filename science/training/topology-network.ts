/**
 * @file The recurrent network of bio_rnn_mem (Goulas, Damicelli & Hilgetag 2021, Neural Networks 142:608) on a topology:
 * r = tanh(W r + V u + b), z = U r + c, all uniform up to 1/√N, synapses only where the topology has them.
 */

import { type Connectome, expandAreas, randomControl, rankRemap } from "../../src/connectome/index.ts";
import { createRng, dense, spectralRadius, toDense } from "../../src/core/index.ts";
import { createConstraint, type TrainableNetwork } from "../../src/learning/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";

/** How recurrent weights start. */
export interface TopologyOptions {
  /** Areas, `w[post, pre]`. */
  areas: Connectome;
  /** Neurons of each area. */
  neurons: number;
  /** `bio`: the connectome's; `random`: its entries in other places, so of the same density. */
  topology: "bio" | "random";
  /** Give the largest weight to the strongest connection, and so on down. Default false. */
  remap?: boolean;
  /** Scale the weights to this spectral radius. Default left. */
  radius?: number;
  outputs: number;
  seed: number;
}

/** A network with what its topology is. */
export interface TopologyNetwork {
  network: TrainableNetwork;
  /** Shape `(post, pre)`. */
  mask: Uint8Array;
  density: number;
  /** ρ of the recurrent weights before training. */
  radius: number;
}

/** Areas to neurons, a topology, weights on it. The same seed gives both topologies the same draws. */
export function topologyNetwork(options: TopologyOptions): TopologyNetwork {
  const { areas, neurons, topology, remap = false, outputs, seed } = options;
  const rng = createRng(seed).stream("network");
  const expanded = expandAreas(areas, {
    neurons,
    density: 0.8,
    partition: { kind: "stick-breaking" },
    rng: rng.stream("expand"),
  }).connectome;
  const control = () =>
    randomControl(expanded, { spectralRadius: false, rng: rng.stream("control") }).connectome;
  const template = (topology === "bio" ? expanded : control()).weights;
  const units = template.rows;
  const places = toDense(template).values;
  const mask = Uint8Array.from(places, (w) => (w === 0 ? 0 : 1));
  const most = 1 / Math.sqrt(units);
  const draw = rng.stream("weights");
  const uniform = (n: number) => Float64Array.from({ length: n }, () => most * (2 * draw.uniform() - 1));
  const drawn = uniform(units * units);
  const weights = remap
    ? toDense(rankRemap(template, dense(units, units, drawn)).weights).values
    : drawn.map((w, k) => w * mask[k]);
  const before = spectralRadius(dense(units, units, weights));
  const factor = options.radius === undefined ? 1 : options.radius / before;
  const parts = {
    rec: weights.map((w) => factor * w),
    in: uniform(2 * units),
    out: uniform(outputs * units),
  };
  const bias = { rec: uniform(units), out: uniform(outputs) };
  return {
    network: elman({ units, outputs, parts, bias, mask }),
    mask,
    density: mask.reduce((sum, m) => sum + m, 0) / mask.length,
    radius: factor * before,
  };
}

// Implementation

function elman({ units, outputs, parts, bias, mask }: ElmanParts): TrainableNetwork {
  const hidden = neuron({
    name: "tanh",
    parameters: { bias: 0 },
    equations: "r = tanh(sum(rec) + sum(in) + bias)",
  });
  const reader = neuron({ name: "readout", parameters: { bias: 0 }, equations: "z = sum(rec) + bias" });
  return {
    network: network({
      populations: [
        population("rec", { size: units, neuron: hidden, parameters: { bias: bias.rec } }),
        population("out", { size: outputs, neuron: reader, parameters: { bias: bias.out } }),
      ],
      inputs: [input("u", 2)],
      projections: [
        projection("u", "rec", { name: "in", target: "in", weights: dense(units, 2, parts.in) }),
        projection("rec", "rec", { name: "rec", target: "rec", weights: dense(units, units, parts.rec) }),
        projection("rec", "out", {
          name: "out",
          target: "rec",
          weights: dense(outputs, units, parts.out),
          sameStep: true,
        }),
      ],
    }),
    input: "u",
    output: "out.z",
    trainable: ["weights:in", "weights:rec", "weights:out", "rec.bias", "out.bias"],
    constraints: { "weights:rec": createConstraint({ name: "rec", post: units, pre: units, mask }) },
    sources: { z: "out.z" },
  };
}

interface ElmanParts {
  units: number;
  outputs: number;
  parts: Record<"rec" | "in" | "out", Float64Array>;
  bias: Record<"rec" | "out", Float64Array>;
  mask: Uint8Array;
}
