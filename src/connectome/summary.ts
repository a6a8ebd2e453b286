/**
 * @file What people ask first about a connectome: its size, density, direction, parts and weights.
 */

import { spectralRadius, transpose } from "../core/index.ts";
import { type Components, stronglyConnected, weaklyConnected } from "./components.ts";
import type { Connectome } from "./connectome.ts";

/** Number of components and nodes in the largest. */
export interface ComponentSummary {
  count: number;
  largest: number;
}

/** Plain data; every field is a number a table can show. */
export interface ConnectomeSummary {
  name: string;
  nodes: number;
  /** Non-zero weights between two different nodes; an undirected link counts twice, once for each direction. */
  edges: number;
  /** edges / (N (N − 1)), 0 … 1; 0 for a single node. */
  density: number;
  directed: boolean;
  /** Share of the edges whose reverse exists too, 0 … 1; 0 without edges. */
  reciprocity: number;
  weakComponents: ComponentSummary;
  strongComponents: ComponentSummary;
  /** Edges from a node to itself, not among `edges`. */
  selfLoops: number;
  /** Nodes without an edge to or from another node. */
  isolated: number;
  /** Weights above 0, self-loops included. */
  positive: number;
  /** Weights below 0, self-loops included. */
  negative: number;
  /** Smallest, largest and mean weight of the edges and self-loops there are; 0 without any. */
  minWeight: number;
  maxWeight: number;
  meanWeight: number;
  /** max |λᵢ(W)|, self-loops included. */
  spectralRadius: number;
  /** Nodes of each type, types in alphabetical order; empty without types. */
  types: Record<string, number>;
}

/**
 * Summarise a connectome.
 *
 * @example const { nodes, density } = summarize(readConnectome(bytes, { name: "worm.npz" }));
 */
export function summarize(connectome: Connectome): ConnectomeSummary {
  const { name, weights, directed } = connectome;
  const nodes = weights.rows;
  const { edges, selfLoops, isolated, reciprocal } = countEdges(connectome);
  return {
    name,
    nodes,
    edges,
    density: nodes > 1 ? edges / (nodes * (nodes - 1)) : 0,
    directed,
    reciprocity: edges > 0 ? reciprocal / edges : 0,
    weakComponents: sizes(weaklyConnected(weights)),
    strongComponents: sizes(stronglyConnected(weights)),
    selfLoops,
    isolated,
    ...describeWeights(weights.values),
    spectralRadius: spectralRadius(weights),
    types: countTypes(connectome.types ?? []),
  };
}

// Implementation

function countEdges({ weights }: Connectome) {
  const nodes = weights.rows;
  const reverse = transpose(weights);
  const touched = new Uint8Array(nodes);
  let edges = 0;
  let selfLoops = 0;
  let reciprocal = 0;
  for (let i = 0; i < nodes; i++) {
    // Both rows ascend, so one pass side by side finds the columns they share.
    let r = reverse.rowStart[i];
    for (let k = weights.rowStart[i]; k < weights.rowStart[i + 1]; k++) {
      const j = weights.column[k];
      if (i === j) {
        selfLoops++;
        continue;
      }
      edges++;
      touched[i] = touched[j] = 1;
      while (r < reverse.rowStart[i + 1] && reverse.column[r] < j) r++;
      if (r < reverse.rowStart[i + 1] && reverse.column[r] === j) reciprocal++;
    }
  }
  return { edges, selfLoops, reciprocal, isolated: nodes - touched.reduce((sum, t) => sum + t, 0) };
}

function sizes(components: Components): ComponentSummary {
  return { count: components.count, largest: components.sizes.reduce((a, b) => Math.max(a, b), 0) };
}

function describeWeights(values: Float64Array) {
  if (values.length === 0) return { positive: 0, negative: 0, minWeight: 0, maxWeight: 0, meanWeight: 0 };
  let positive = 0;
  let minWeight = Number.POSITIVE_INFINITY;
  let maxWeight = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const v of values) {
    if (v > 0) positive++;
    minWeight = Math.min(minWeight, v);
    maxWeight = Math.max(maxWeight, v);
    sum += v;
  }
  return {
    positive,
    negative: values.length - positive,
    minWeight,
    maxWeight,
    meanWeight: sum / values.length,
  };
}

function countTypes(types: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
