/**
 * @file Masks of multi-area networks: densities within and between areas, per pair and per kind of cell, and which
 * areas get inputs and are read out. After nn4n's MultiAreaEI and the area models of Song, Yang & Wang (2016).
 */

import { CajalError, type Rng, shuffled } from "../../../core/index.ts";
import { type Area, type AreaLayout, findArea } from "./area-layout.ts";

/** Kind of a cell in a layout with signs. */
export type CellKind = "E" | "I";

/**
 * Share of possible synapses that exist, 0 … 1: one for all, by sending cell, or by both; kinds left out have none.
 *
 * @example { E: 0.1, I: 0.5 } or { "E->E": 0.2, "E->I": 0.2 }
 */
export type Density = number | Readonly<Partial<Record<CellKind | `${CellKind}->${CellKind}`, number>>>;

/** Options of {@link areaMask}. */
export interface AreaMaskOptions {
  /** Within each area, default 1. */
  within?: Density;
  /** Between areas, default 0: one for both directions, or from earlier to later areas (forward) and back. */
  between?: Density | { forward: Density; backward: Density };
  /** Exceptions by pair, `"V1->V2"` from V1 to V2, or `"V1->V1"`. */
  pairs?: Readonly<Record<string, Density>>;
  /** Whether units may contact themselves, default false. */
  autapses?: boolean;
  /** `exact` (default): the rounded number of synapses in each block; `bernoulli`: each by chance, as nn4n does. */
  draw?: "exact" | "bernoulli";
  /** Each block of cells draws from its own stream, so that changing one leaves the others. */
  rng: Rng;
}

/**
 * Which recurrent synapses exist.
 *
 * @returns Shape `(post, pre)`, 0 or 1.
 * @throws CajalError `unknown-area`, `bad-density`, `no-cell-kinds`.
 */
export function areaMask(layout: AreaLayout, options: AreaMaskOptions): Uint8Array {
  const { within = 1, between = 0, pairs = {} } = options;
  const special = readPairs(layout, pairs);
  const mask = new Uint8Array(layout.units * layout.units);
  for (const [i, post] of layout.areas.entries()) {
    for (const [j, pre] of layout.areas.entries()) {
      const name = `${pre.name}->${post.name}`;
      const density = special.get(name) ?? (i === j ? within : directed(between, i > j));
      fillBlock(mask, { layout, post, pre, density, options });
    }
  }
  return mask;
}

/** A group of input channels, or of outputs, and the cells it is connected with. */
export interface ChannelGroup {
  /** Number of channels or outputs, ≥ 1. */
  channels: number;
  /** Areas, default all. */
  areas?: readonly string[];
  /** Kind of cells, default both. */
  cells?: CellKind;
}

/**
 * Which input reaches which unit. @returns Shape `(unit, input)`, 0 or 1.
 *
 * @throws CajalError `unknown-area`, `no-cell-kinds`, `empty-group`.
 */
export function inputMask(layout: AreaLayout, groups: readonly ChannelGroup[]): Uint8Array {
  const total = groups.reduce((sum, g) => sum + g.channels, 0);
  const mask = new Uint8Array(layout.units * total);
  let first = 0;
  for (const group of groups) {
    for (const unit of groupUnits(layout, group)) {
      mask.fill(1, unit * total + first, unit * total + first + group.channels);
    }
    first += group.channels;
  }
  return mask;
}

/** Which unit each output reads. @returns Shape `(output, unit)`, 0 or 1. @throws CajalError as {@link inputMask}. */
export function readoutMask(layout: AreaLayout, groups: readonly ChannelGroup[]): Uint8Array {
  const rows: Uint8Array[] = [];
  for (const group of groups) {
    const row = new Uint8Array(layout.units);
    for (const unit of groupUnits(layout, group)) row[unit] = 1;
    for (let c = 0; c < group.channels; c++) rows.push(row);
  }
  const mask = new Uint8Array(rows.length * layout.units);
  for (const [output, row] of rows.entries()) mask.set(row, output * layout.units);
  return mask;
}

// Implementation

const KINDS = ["E", "I"] as const;
const KEYS = ["E", "I", "E->E", "E->I", "I->E", "I->I"];

function fail(what: string, code: string, hint: string): CajalError {
  return new CajalError(what, { code, where: "areas", hint });
}

function readPairs(layout: AreaLayout, pairs: Readonly<Record<string, Density>>): Map<string, Density> {
  const out = new Map<string, Density>();
  for (const [key, density] of Object.entries(pairs)) {
    const cut = key.indexOf("->");
    if (cut < 0) throw fail(`pair "${key}" is not of the form "from->to"`, "unknown-area", 'Write "V1->V2".');
    const pre = findArea(layout, key.slice(0, cut).trim());
    const post = findArea(layout, key.slice(cut + 2).trim());
    out.set(`${pre.name}->${post.name}`, density);
  }
  return out;
}

function directed(between: NonNullable<AreaMaskOptions["between"]>, forward: boolean): Density {
  if (typeof between === "object" && "forward" in between)
    return forward ? between.forward : between.backward;
  return between;
}

/** Units of an area by kind, as stretches. */
function cells({ start, units, excitatory }: Area): { kind?: CellKind; from: number; to: number }[] {
  if (excitatory === undefined) return [{ from: start, to: start + units }];
  return [
    { kind: "E", from: start, to: start + excitatory },
    { kind: "I", from: start + excitatory, to: start + units },
  ];
}

function fillBlock(
  mask: Uint8Array,
  block: { layout: AreaLayout; post: Area; pre: Area; density: Density; options: AreaMaskOptions },
): void {
  const { layout, post, pre, density, options } = block;
  const name = `${pre.name}->${post.name}`;
  checkDensity(density, { name, signed: post.excitatory !== undefined });
  for (const to of cells(post)) {
    for (const from of cells(pre)) {
      const share = typeof density === "number" ? density : shareOf(density, from.kind!, to.kind!);
      const places: number[] = [];
      for (let i = to.from; i < to.to; i++) {
        for (let j = from.from; j < from.to; j++) {
          if (i !== j || options.autapses) places.push(i * layout.units + j);
        }
      }
      const rng = options.rng.stream(`${name}/${from.kind ?? ""}->${to.kind ?? ""}`);
      for (const k of chosen(places, share, options.draw ?? "exact", rng)) mask[k] = 1;
    }
  }
}

function shareOf(density: Exclude<Density, number>, from: CellKind, to: CellKind): number {
  return density[`${from}->${to}`] ?? density[from] ?? 0;
}

function chosen(places: number[], share: number, draw: "exact" | "bernoulli", rng: Rng): number[] {
  if (share === 1) return places;
  if (draw === "bernoulli") return places.filter(() => rng.uniform() < share);
  return shuffled(places, rng).slice(0, Math.round(share * places.length));
}

function checkDensity(density: Density, { name, signed }: { name: string; signed: boolean }): void {
  const entries = typeof density === "number" ? [["density", density] as const] : Object.entries(density);
  if (typeof density !== "number" && !signed) {
    const hint = "Give the areas a share of excitatory units, or one density for all.";
    throw fail(`density of "${name}" is by kind of cell, but units have no signs`, "no-cell-kinds", hint);
  }
  for (const [key, share] of entries) {
    if (key !== "density" && !KEYS.includes(key)) {
      throw fail(`density of "${name}" names "${key}"`, "bad-density", `Known: ${KEYS.join(", ")}.`);
    }
    if (!(share >= 0 && share <= 1)) {
      throw fail(
        `density of "${name}" must be 0 … 1, got ${share}`,
        "bad-density",
        "It is a share of the possible synapses.",
      );
    }
  }
}

function groupUnits(layout: AreaLayout, { channels, areas, cells: kind }: ChannelGroup): number[] {
  if (!(Number.isInteger(channels) && channels > 0)) {
    throw fail(`a group has ${channels} channels`, "empty-group", "Give it at least one, or leave it out.");
  }
  if (kind !== undefined && !(KINDS.includes(kind) && layout.areas[0].excitatory !== undefined)) {
    const hint = "Use E or I, in a layout whose areas have a share of excitatory units.";
    throw fail(`cells "${kind}" cannot be told apart`, "no-cell-kinds", hint);
  }
  const wanted = areas ? areas.map((name) => findArea(layout, name)) : layout.areas;
  const units: number[] = [];
  for (const area of wanted) {
    for (const stretch of cells(area)) {
      if (kind !== undefined && stretch.kind !== kind) continue;
      for (let i = stretch.from; i < stretch.to; i++) units.push(i);
    }
  }
  if (units.length === 0)
    throw fail(
      "a group of channels reaches no unit",
      "empty-group",
      "Name at least one area with such cells.",
    );
  return units;
}
