/**
 * @file From a connectome of areas to one of neurons. After bio2art (Goulas, Damicelli & Hilgetag 2021, Neural
 * Networks 142:608). Departures: weights are `w[post, pre]` from the start, so that no network runs backwards; the
 * weight of every block is kept and no synapse is lost to rounding; a connection of an area with itself is its
 * intrinsic weight; an area without neurons is an error.
 */

import { CajalError, type Rng, type SparseMatrix, transpose, warn } from "../../core/index.ts";
import { type Connectome, createConnectome } from "../connectome.ts";
import { blockDegree, blockEdges } from "./block-edges.ts";
import { checkPartition, type Partition, splitTotal } from "./partition.ts";

/** Options of {@link expandAreas}. */
export interface ExpandOptions {
  /** Neurons of each area, one number or shape `(area)`, whole, ≥ 1. */
  neurons: number | ArrayLike<number>;
  /** Share of the receiving area's neurons that each sending neuron contacts, 0 … 1, default 0.2. */
  density?: number;
  /**
   * Connections within areas, which tracing leaves out: `share` of all input an area gets is its own, 0 … < 1, default
   * 0.8 (Markov et al. 2011), over synapses of `density`, default 1. False for none. Where the connectome has a
   * connection of an area with itself, that is taken instead.
   */
  intrinsic?: { share?: number; density?: number } | false;
  /** Whether neurons may contact themselves, default false. */
  autapses?: boolean;
  /** How a block's weight is split between synapses, default equal. */
  partition?: Partition;
  /** Which number of synapses is the same for all neurons of a block: made (`out`, default) or received (`in`). */
  fixedDegree?: "out" | "in";
  /** Let areas have 0 neurons; their connections are lost, with a warning. Default false. */
  allowEmpty?: boolean;
  /** Each pair of areas draws from its own stream. */
  rng: Rng;
}

/** Where an area's neurons are. */
export interface ExpandedArea {
  readonly name: string;
  /** First neuron. */
  readonly start: number;
  readonly units: number;
}

/** What {@link expandAreas} makes. */
export interface ExpandedAreas {
  /** Neurons `V1/0`, `V1/1`, …, with the attribute `area`; positions and types are those of their area. */
  readonly connectome: Connectome;
  /** In the order of the areas. */
  readonly areas: readonly ExpandedArea[];
  /** Weight between areas, intrinsic included, that had no place, by `pre->post`; empty when all is kept. */
  readonly lost: Readonly<Record<string, number>>;
  /** Synapses whose weight is 0 in single precision; 0 unless the connectome's own weights are as small. */
  readonly lostInSingle: number;
}

/**
 * Expand each area to neurons and each connection to synapses. The sum of a block's weights is the area connection's.
 *
 * @param areas - Weights ≥ 0.
 * @throws CajalError `neuron-count`, `empty-area`, `negative-weights`, `bad-range`, `bad-partition`, `no-synapses`.
 * @example expandAreas(marmoset, { neurons: 4, density: 0.8, partition: { kind: "dirichlet" }, rng: createRng(1) })
 */
export function expandAreas(areas: Connectome, options: ExpandOptions): ExpandedAreas {
  const layout = layoutOf(areas, options);
  checkOptions(areas, options);
  const { density = 0.2, intrinsic = {}, autapses = false, partition = { kind: "equal" } } = options;
  const { fixedDegree = "out", rng } = options;
  const total = layout.at(-1)!.start + layout.at(-1)!.units;
  const rows: { post: number[]; values: number[] }[] = Array.from({ length: total }, () => ({
    post: [],
    values: [],
  }));
  const lost: Record<string, number> = {};
  for (const { pre, post, weight, own } of blocks(areas, intrinsic)) {
    const [from, to] = [layout[pre], layout[post]];
    const name = `${from.name}->${to.name}`;
    const share = own && intrinsic !== false ? (intrinsic.density ?? 1) : density;
    const self = autapses || !own;
    const degree = blockDegree(from.units, to.units, { share, self, fixedDegree });
    const stream = rng.stream(name);
    const edges = blockEdges(from.units, to.units, {
      degree,
      self,
      fixedDegree,
      rng: stream.stream("targets"),
    });
    if (edges.pre.length === 0) {
      lost[name] = weight;
      continue;
    }
    const parts = splitTotal(weight, edges.pre.length, { how: partition, rng: stream.stream("weights") });
    for (let e = 0; e < parts.length; e++) {
      const row = rows[from.start + edges.pre[e]];
      row.post.push(to.start + edges.post[e]);
      row.values.push(parts[e]);
    }
  }
  return result(areas, layout, { rows, lost });
}

// Implementation

interface Block {
  pre: number;
  post: number;
  weight: number;
  /** Within one area. */
  own: boolean;
}

function fail(areas: Connectome, what: string, code: string, hint: string): CajalError {
  return new CajalError(what, { code, where: `expandAreas of "${areas.name}"`, hint });
}

function layoutOf(areas: Connectome, { neurons, allowEmpty = false }: ExpandOptions): ExpandedArea[] {
  const count = areas.labels.length;
  if (typeof neurons !== "number" && neurons.length !== count) {
    const hint = "Give one number for all, or one per area in the order of the labels.";
    throw fail(areas, `${neurons.length} numbers of neurons for ${count} areas`, "neuron-count", hint);
  }
  let start = 0;
  return areas.labels.map((name, i) => {
    const units = typeof neurons === "number" ? neurons : neurons[i];
    if (!(Number.isInteger(units) && units >= 0)) {
      throw fail(areas, `area "${name}" has ${units} neurons`, "neuron-count", "Give whole numbers ≥ 1.");
    }
    if (units === 0 && !allowEmpty) {
      const hint =
        "Give it at least one, drop it with keepNodes, or pass allowEmpty: true to lose its connections.";
      throw fail(areas, `area "${name}" has 0 neurons`, "empty-area", hint);
    }
    const area = { name, start, units };
    start += units;
    return area;
  });
}

function checkOptions(areas: Connectome, { density = 0.2, intrinsic = {}, partition }: ExpandOptions): void {
  const shares = { density, ...(intrinsic && { "intrinsic.density": intrinsic.density ?? 1 }) };
  for (const [name, share] of Object.entries(shares)) {
    if (share >= 0 && share <= 1) continue;
    throw fail(
      areas,
      `${name} must be 0 … 1, got ${share}`,
      "bad-range",
      "Every pair gets at least one synapse per neuron.",
    );
  }
  const share = intrinsic ? (intrinsic.share ?? 0.8) : 0;
  if (!(share >= 0 && share < 1)) {
    const hint = "At 1 all input would be an area's own, and its weight without bound.";
    throw fail(areas, `intrinsic.share must be 0 … below 1, got ${share}`, "bad-range", hint);
  }
  if (partition) checkPartition(partition);
  if (areas.weights.values.some((w) => w < 0)) {
    const hint = "Expand first; signs belong to neurons (assign-signs).";
    throw fail(areas, "there are weights below 0", "negative-weights", hint);
  }
}

/** Connections between areas and the intrinsic ones. An area's own input is in proportion to what it gets from others. */
function blocks(
  { weights, labels }: Connectome,
  intrinsic: NonNullable<ExpandOptions["intrinsic"]>,
): Block[] {
  const out: Block[] = [];
  const { share = 0.8 } = intrinsic || { share: 0 };
  for (let post = 0; post < labels.length; post++) {
    let input = 0;
    let measured = 0;
    for (let k = weights.rowStart[post]; k < weights.rowStart[post + 1]; k++) {
      const pre = weights.column[k];
      if (pre === post) measured = weights.values[k];
      else {
        input += weights.values[k];
        out.push({ pre, post, weight: weights.values[k], own: false });
      }
    }
    const own = measured > 0 ? measured : (input * share) / (1 - share);
    if (own > 0) out.push({ pre: post, post, weight: own, own: true });
  }
  return out;
}

function result(
  areas: Connectome,
  layout: readonly ExpandedArea[],
  { rows, lost }: { rows: readonly { post: number[]; values: number[] }[]; lost: Record<string, number> },
): ExpandedAreas {
  const weights = transpose(bySender(rows));
  if (weights.values.length === 0) {
    throw fail(areas, "no synapse came about", "no-synapses", "The connectome has no connections.");
  }
  const names = Object.keys(lost);
  if (names.length > 0) {
    const sum = names.reduce((s, name) => s + lost[name], 0);
    warn(
      "lost-weight",
      `expandAreas: weight ${sum} of ${names.length} blocks of "${areas.name}" had no place, first "${names[0]}": one neuron cannot contact another of its area, none cannot contact any. Raise neurons, or pass intrinsic: false.`,
    );
  }
  const owner = layout.flatMap(({ units }, i) => new Array<number>(units).fill(i));
  const labels = layout.flatMap(({ name, units }) => Array.from({ length: units }, (_, k) => `${name}/${k}`));
  const { name, positions, types, attributes = {}, source } = areas;
  const spread = (values: readonly string[]) => owner.map((i) => values[i]);
  const connectome = createConnectome({
    name,
    weights,
    labels,
    ...(positions && { positions: owner.flatMap((i) => [...positions.subarray(3 * i, 3 * i + 3)]) }),
    ...(types && { types: spread(types) }),
    attributes: {
      ...Object.fromEntries(Object.entries(attributes).map(([key, values]) => [key, spread(values)])),
      area: spread(areas.labels),
    },
    ...(source && { source }),
  });
  const lostInSingle = weights.values.reduce((n, w) => n + (Math.fround(w) === 0 ? 1 : 0), 0);
  return { connectome, areas: layout, lost, lostInSingle };
}

/** Rows by sending neuron, in order of the receiving one. */
function bySender(rows: readonly { post: number[]; values: number[] }[]): SparseMatrix {
  const rowStart = new Int32Array(rows.length + 1);
  for (let j = 0; j < rows.length; j++) rowStart[j + 1] = rowStart[j] + rows[j].post.length;
  const column = new Int32Array(rowStart[rows.length]);
  const values = new Float64Array(column.length);
  for (let j = 0; j < rows.length; j++) {
    const { post, values: own } = rows[j];
    const order = post.map((_, e) => e).sort((a, b) => post[a] - post[b]);
    for (let e = 0; e < order.length; e++) {
      column[rowStart[j] + e] = post[order[e]];
      values[rowStart[j] + e] = own[order[e]];
    }
  }
  return { kind: "sparse", rows: rows.length, columns: rows.length, rowStart, column, values };
}
