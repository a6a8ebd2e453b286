/**
 * @file Random topologies to compare a connectome with, of the same density and, unless told otherwise, the same
 * spectral radius: without that the initial spectrum decides, not the topology (see `rank-remap.ts`).
 */

import {
  CajalError,
  type Rng,
  type SparseMatrix,
  sparseFromEntries,
  spectralRadius,
  suggest,
} from "../../core/index.ts";
import { type Connectome, withWeights } from "../connectome.ts";

/**
 * What is kept, beside the number of edges and the weights as a set.
 *
 * - `permuted`: nothing; off-diagonal entries change places at random, pairs of them in an undirected connectome. The
 *   control of bio_rnn_mem.
 * - `blocks`: the number of edges, and the weights, of each pair of areas (attribute `area`).
 * - `shuffled-weights`: every edge; only the weights change places.
 *
 * Degrees are kept by `rewire`.
 */
export type ControlKind = "permuted" | "blocks" | "shuffled-weights";

/** Kinds of controls, for schemas and messages. */
export const CONTROL_KINDS = ["permuted", "blocks", "shuffled-weights"] as const;

/** Options of {@link randomControl}. */
export interface ControlOptions {
  /** Default `permuted`. */
  kind?: ControlKind;
  /** Scale the weights to the radius of the original (default), or to this number, > 0; false leaves them. */
  spectralRadius?: "matched" | number | false;
  rng: Rng;
}

/** A control and how it was matched. */
export interface RandomControl {
  readonly connectome: Connectome;
  /** ρ of the original, of the control as drawn, and as returned. */
  readonly spectralRadius: { readonly original: number; readonly drawn: number; readonly after: number };
}

/**
 * A random topology of the same nodes. Self-connections stay as they are.
 *
 * @throws CajalError `unknown-control`, `no-areas`, `zero-spectral-radius`.
 * @example randomControl(expanded.connectome, { kind: "permuted", rng: rng.stream("control").stream(k) })
 */
export function randomControl(connectome: Connectome, options: ControlOptions): RandomControl {
  const { kind = "permuted", spectralRadius: wanted = "matched", rng } = options;
  const where = `control of "${connectome.name}"`;
  if (!CONTROL_KINDS.includes(kind)) {
    const hint = suggest(String(kind), CONTROL_KINDS);
    throw new CajalError(`unknown kind "${kind}"`, { code: "unknown-control", where, hint });
  }
  const drawn = permute(connectome, kind, rng);
  const original = spectralRadius(connectome.weights);
  const radius = spectralRadius(drawn);
  const target = wanted === "matched" ? original : wanted === false ? radius : wanted;
  if (target > 0 && !(radius > 0)) {
    throw new CajalError(`its spectral radius is 0, it cannot be made ${target}`, {
      code: "zero-spectral-radius",
      where,
      hint: "Too few edges for a loop: draw again, or pass spectralRadius: false.",
    });
  }
  const factor = radius > 0 ? target / radius : 1;
  const weights = { ...drawn, values: drawn.values.map((w) => w * factor) };
  return {
    connectome: withWeights(connectome, weights),
    spectralRadius: { original, drawn: radius, after: target },
  };
}

// Implementation

function permute(connectome: Connectome, kind: ControlKind, rng: Rng): SparseMatrix {
  const { weights, directed, labels } = connectome;
  const size = labels.length;
  const areas = kind === "blocks" ? areaNumbers(connectome) : new Int32Array(size);
  const count = areas.reduce((most, a) => Math.max(most, a), 0) + 1;
  const entries = { post: [] as number[], pre: [] as number[], values: [] as number[] };
  const add = (post: number, pre: number, value: number) => {
    entries.post.push(post);
    entries.pre.push(pre);
    entries.values.push(value);
    if (!directed && post !== pre) {
      entries.post.push(pre);
      entries.pre.push(post);
      entries.values.push(value);
    }
  };
  const edges = edgesByBlock(weights, { directed, areas, count, keep: add });
  const places = kind === "shuffled-weights" ? undefined : placesByBlock(size, { directed, areas, count });
  for (const [block, list] of edges) {
    const free = places ? places.get(block)! : list.map(({ place }) => place);
    draw(free, list.length, rng.stream(block));
    for (const [k, { value }] of list.entries()) add(Math.floor(free[k] / size), free[k] % size, value);
  }
  return sparseFromEntries({ rows: size, columns: size }, entries);
}

function areaNumbers({ attributes, name }: Connectome): Int32Array {
  const areas = attributes?.area;
  if (!areas) {
    throw new CajalError('nodes have no attribute "area"', {
      code: "no-areas",
      where: `control of "${name}"`,
      hint: 'Expand areas with expandAreas, or use the kind "permuted".',
    });
  }
  const numbers = new Map<string, number>();
  return Int32Array.from(areas, (a) => numbers.get(a) ?? numbers.set(a, numbers.size).size - 1);
}

interface BlockOptions {
  directed: boolean;
  areas: Int32Array;
  count: number;
}

/** In an undirected connectome a link is one edge, above the diagonal, and a block that of two areas in either order. */
function blockOf(i: number, j: number, { directed, areas, count }: BlockOptions): number {
  const [a, b] = [areas[i], areas[j]];
  return directed || a <= b ? a * count + b : b * count + a;
}

function edgesByBlock(
  w: SparseMatrix,
  options: BlockOptions & { keep: (post: number, pre: number, value: number) => void },
): Map<number, { place: number; value: number }[]> {
  const out = new Map<number, { place: number; value: number }[]>();
  for (let i = 0; i < w.rows; i++) {
    for (let k = w.rowStart[i]; k < w.rowStart[i + 1]; k++) {
      const j = w.column[k];
      if (i === j) options.keep(i, j, w.values[k]);
      else if (options.directed || i < j) {
        const block = blockOf(i, j, options);
        if (!out.has(block)) out.set(block, []);
        out.get(block)!.push({ place: i * w.rows + j, value: w.values[k] });
      }
    }
  }
  return out;
}

function placesByBlock(size: number, options: BlockOptions): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    for (let j = options.directed ? 0 : i + 1; j < size; j++) {
      if (i === j) continue;
      const block = blockOf(i, j, options);
      if (!out.has(block)) out.set(block, []);
      out.get(block)!.push(i * size + j);
    }
  }
  return out;
}

/** The first `count` become a random choice of all, in random order. */
function draw(items: number[], count: number, rng: Rng): void {
  for (let k = 0; k < count; k++) {
    const other = k + rng.integer(items.length - k);
    [items[k], items[other]] = [items[other], items[k]];
  }
}
