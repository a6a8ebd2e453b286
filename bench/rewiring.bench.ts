/**
 * @file A null network by degree-preserving edge swaps that keep connectedness, 15 % density: 10 swaps an edge at three
 * sizes, and one swap an edge at a small size beside the tools that need minutes for the large ones. bctpy is what
 * conn2res calls; the directed swaps of networkx do not keep connectedness.
 */

import { rewireWeights } from "../src/connectome/index.ts";
import { createRng, type SparseMatrix, sparseFromEntries } from "../src/core/index.ts";
import { consume, cpuSeconds, interleave, type Timing } from "./measure.ts";
import { type BenchOptions, formatNumber, type Report } from "./report.ts";
import { randomReservoir, shareGraph } from "./workloads.ts";

const SUBJECT = "rewiring";

/** What a peer answers. */
interface PeerAnswer {
  seconds: number;
  swaps: number;
  degreesKept: boolean;
}

/** Rewiring at three sizes, then beside its peers. */
export async function run(report: Report, options: BenchOptions): Promise<void> {
  const repeats = options.quick ? 3 : 10;
  for (const directed of [false, true]) {
    for (const nodes of options.quick ? [250, 500] : [250, 500, 1000]) {
      const weights = graph(nodes, directed);
      // The largest takes seconds; fewer repetitions say as much.
      const runs = nodes > 500 ? Math.min(5, repeats) : repeats;
      const loop = rewiring(weights, { directed, swapsPerEdge: 10 });
      loop();
      const [{ min, median }] = await interleave([loop], runs);
      const row = { value: min, median, unit: "s", runs };
      report.row({ subject: SUBJECT, case: `${title(weights, directed)}, 10 swaps an edge`, ...row });
    }
  }
  await besidePeers(report, options);
}

// Implementation

function title(weights: SparseMatrix, directed: boolean): string {
  const edges = weights.values.length / (directed ? 1 : 2);
  return `N = ${weights.rows}, ${edges} ${directed ? "directed edges" : "undirected edges"}`;
}

function graph(nodes: number, directed: boolean): SparseMatrix {
  const weights = randomReservoir(nodes);
  if (directed) return weights;
  // The lower triangle, mirrored: the same density.
  const post: number[] = [];
  const pre: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < nodes; i++) {
    for (let k = weights.rowStart[i]; k < weights.rowStart[i + 1]; k++) {
      if (weights.column[k] > i) continue;
      post.push(i, weights.column[k]);
      pre.push(weights.column[k], i);
      values.push(weights.values[k], weights.values[k]);
    }
  }
  return sparseFromEntries({ rows: nodes, columns: nodes }, { post, pre, values });
}

function rewiring(weights: SparseMatrix, options: { directed: boolean; swapsPerEdge: number }): () => number {
  let copy = 0;
  return () =>
    cpuSeconds(() => {
      const rng = createRng(1).stream("null").stream(copy++);
      consume(rewireWeights(weights, { ...options, rng }).weights.column);
    });
}

async function besidePeers(report: Report, { quick, peers }: BenchOptions): Promise<void> {
  const nodes = quick ? 100 : 250;
  const runs = quick ? 3 : 10;
  for (const directed of [false, true]) {
    const weights = graph(nodes, directed);
    const loop = rewiring(weights, { directed, swapsPerEdge: 1 });
    for (let warmUp = 0; warmUp < 5; warmUp++) loop();
    for (const name of ["bctpy", "networkx"]) {
      const peer = peers.start("rewiring", ["numpy", name]);
      if (!peer) continue;
      try {
        await shareGraph(peer, weights);
        let answer: PeerAnswer | undefined;
        const ask = async () => {
          answer = await peer.ask<PeerAnswer>({ kind: name, directed, swapsPerEdge: 1 });
          return answer.seconds;
        };
        const [ours, theirs] = await interleave([loop, ask], runs);
        line(report, `${title(weights, directed)}, 1 swap an edge, beside ${name}`, {
          ours,
          theirs,
          name,
          runs,
        });
        const microseconds = formatNumber((1e6 * theirs.min) / answer!.swaps);
        const kept = answer!.degreesKept ? "kept" : "not kept";
        report.note(`${name}, ${directed ? "" : "un"}directed: ${microseconds} µs a swap, degrees ${kept}`);
      } catch (error) {
        // Not every version of these tools runs with every version of NumPy.
        report.note(`${name}: skipped, ${(error as Error).message}`);
      }
    }
  }
}

function line(
  report: Report,
  name: string,
  { ours, theirs, name: peerName, runs }: { ours: Timing; theirs: Timing; name: string; runs: number },
): void {
  const { min: value, median } = ours;
  report.row({ subject: SUBJECT, case: name, value, median, unit: "s", runs, peer: theirs.min, peerName });
}
