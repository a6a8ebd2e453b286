import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { type RewireEdgesOptions, rewireEdges } from "./rewire-edges.ts";
import type { EdgeList } from "./swap-chain.ts";

/** A graph as a list of pairs; undirected ones with the larger node first. */
type Graph = [number, number][];

/** Every simple graph with the degrees of `start`, by trying all subsets of pairs. */
function allGraphs(start: Graph, nodes: number, directed: boolean): string[] {
  const pairs: Graph = [];
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < nodes; j++) if (i !== j && (directed || i > j)) pairs.push([i, j]);
  const degreesOf = (graph: Graph) => {
    const degree = new Array<number>(2 * nodes).fill(0);
    for (const [a, b] of graph) {
      degree[a]++;
      degree[directed ? nodes + b : b]++;
    }
    return degree.join();
  };
  const wanted = degreesOf(start);
  const found: string[] = [];
  const choose = (at: number, chosen: Graph) => {
    if (chosen.length === start.length) {
      if (degreesOf(chosen) === wanted) found.push(keyOf(chosen, directed));
      return;
    }
    if (pairs.length - at < start.length - chosen.length) return;
    choose(at + 1, [...chosen, pairs[at]]);
    choose(at + 1, chosen);
  };
  choose(0, []);
  return found;
}

function keyOf(graph: Graph, directed: boolean): string {
  return graph
    .map(([a, b]) => (directed || a > b ? `${a}${b}` : `${b}${a}`))
    .sort()
    .join(" ");
}

function isConnected(key: string, nodes: number): boolean {
  const reached = new Set([0]);
  const edges = key.split(" ").map((e) => [Number(e[0]), Number(e[1])]);
  for (let pass = 0; pass < nodes; pass++)
    for (const [a, b] of edges) {
      if (reached.has(a)) reached.add(b);
      if (reached.has(b)) reached.add(a);
    }
  return reached.size === nodes;
}

function toEdges(graph: Graph, nodes: number, directed: boolean): EdgeList {
  return {
    nodes,
    directed,
    from: Int32Array.from(graph, ([a]) => a),
    to: Int32Array.from(graph, ([, b]) => b),
  };
}

/** How often each graph comes out, always starting from the same one. */
function sample(
  start: Graph,
  nodes: number,
  directed: boolean,
  draws: number,
  options: Partial<RewireEdgesOptions>,
) {
  const rng = createRng(1);
  const counts = new Map<string, number>();
  for (let k = 0; k < draws; k++) {
    const edges = toEdges(start, nodes, directed);
    const wanted = 10 * start.length;
    rewireEdges(edges, { wanted, maxAttempts: 100 * wanted, connected: false, rng, ...options });
    const key = keyOf(
      Array.from(edges.from, (a, e): [number, number] => [a, edges.to[e]]),
      directed,
    );
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const cases: {
  name: string;
  nodes: number;
  directed: boolean;
  connected: boolean;
  start: Graph;
  count: number;
}[] = [
  {
    name: "undirected, degrees 3 2 2 2 2 1",
    nodes: 6,
    directed: false,
    connected: false,
    start: [
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
      [4, 3],
      [5, 2],
    ],
    count: 36,
  },
  {
    name: "undirected and connected, degrees 2 2 2 2 1 1: paths",
    nodes: 6,
    directed: false,
    connected: true,
    start: [
      [4, 0],
      [1, 0],
      [2, 1],
      [3, 2],
      [5, 3],
    ],
    count: 24,
  },
  {
    name: "directed, permutations without fixed point",
    nodes: 5,
    directed: true,
    connected: false,
    start: [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 0],
    ],
    count: 44,
  },
  {
    name: "directed and connected: cycles through all nodes",
    nodes: 5,
    directed: true,
    connected: true,
    start: [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 0],
    ],
    count: 24,
  },
  {
    name: "directed, uneven degrees",
    nodes: 4,
    directed: true,
    connected: false,
    start: [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 3],
      [3, 0],
      [3, 1],
    ],
    count: 8,
  },
  {
    name: "directed, one triangle, which no swap can turn round",
    nodes: 3,
    directed: true,
    connected: true,
    start: [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
    count: 2,
  },
];

describe("rewireEdges", () => {
  it.each(cases)("draws every graph equally often: $name", ({ nodes, directed, connected, start, count }) => {
    const all = allGraphs(start, nodes, directed).filter((key) => !connected || isConnected(key, nodes));
    expect(all.length).toBe(count);
    const draws = 120 * count;
    const counts = sample(start, nodes, directed, draws, { connected });
    expect([...counts.keys()].filter((key) => !all.includes(key))).toEqual([]);
    const chiSquare = all.reduce((sum, key) => sum + ((counts.get(key) ?? 0) - 120) ** 2 / 120, 0);
    // Mean df and variance 2 df: three standard deviations and a little for the skewness at small df.
    const freedom = count - 1;
    expect(chiSquare).toBeLessThan(freedom + 3 * Math.sqrt(2 * freedom) + 3);
  });

  it("counts swaps and steps, and stops at maxAttempts", () => {
    const start: Graph = Array.from({ length: 40 }, (_, i) => [i, (i + 1) % 40]);
    const edges = toEdges(start, 40, true);
    const rng = createRng(2);
    const report = rewireEdges(edges, { wanted: 400, maxAttempts: 1e6, connected: true, rng });
    expect(report.swaps).toBeGreaterThanOrEqual(400);
    expect(report.attempts % 64).toBe(0);
    expect(report.attempts).toBeGreaterThan(report.swaps);
    expect(rewireEdges(edges, { wanted: 400, maxAttempts: 100, connected: true, rng }).attempts).toBe(100);
    expect(rewireEdges(edges, { wanted: 0, maxAttempts: 100, connected: true, rng })).toEqual({
      swaps: 0,
      attempts: 0,
    });
  });
});
