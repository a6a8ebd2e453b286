/**
 * @file Lesions: units that send nothing, and connections that are cut, for good.
 */

import { CajalError, type Matrix, suggest } from "../../../core/index.ts";
import type { Network, Projection } from "../../../model/index.ts";

/** What is taken out. `remaining` is the share of each weight that stays, default 0. */
export type Lesion =
  /** Units of a population (default all) send nothing, to whatever they project. An area is a list of its units. */
  | { kind: "units"; population: string; units?: ArrayLike<number>; remaining?: number }
  /** A projection is cut, or the part of it from units `pre` onto units `post`, e.g. from one area to another. */
  | {
      kind: "projection";
      projection: string;
      post?: ArrayLike<number>;
      pre?: ArrayLike<number>;
      remaining?: number;
    };

/**
 * The network with lesions; `network` stays as it is, and the activity of lesioned units is still there to be seen.
 *
 * @throws CajalError `unknown-population`, `unknown-projection`, `bad-unit`, `bad-range`.
 * @example lesionNetwork(trained, { kind: "units", population: "rec", units: [3, 7] })
 */
export function lesionNetwork(network: Network, lesions: Lesion | readonly Lesion[]): Network {
  const all: readonly Lesion[] = "kind" in lesions ? [lesions] : lesions;
  return all.reduce(applyLesion, network);
}

/** A lesion of each unit by itself, named `POPULATION INDEX`, for `lesionSweep`. */
export function singleUnitLesions(
  { populations }: Network,
  population: string,
): { name: string; lesion: Lesion }[] {
  const { size } = find(populations, population, "population");
  return Array.from({ length: size }, (_, i) => ({
    name: `${population} ${i}`,
    lesion: { kind: "units", population, units: [i] },
  }));
}

// Implementation

function applyLesion(network: Network, lesion: Lesion): Network {
  const { remaining = 0 } = lesion;
  if (!Number.isFinite(remaining)) {
    throw new CajalError(`the remaining share must be a finite number, got ${remaining}`, {
      code: "bad-range",
      where: "lesion",
    });
  }
  if (lesion.kind === "units") {
    const { size } = find(network.populations, lesion.population, "population");
    const pre = isIn(lesion.units, size);
    const projections = network.projections.map((p) =>
      p.from === lesion.population ? scaled(p, (_, j) => pre(j), remaining) : p,
    );
    return { ...network, projections };
  }
  const { weights } = find(network.projections, lesion.projection, "projection");
  const [post, pre] = [isIn(lesion.post, weights.rows), isIn(lesion.pre, weights.columns)];
  const projections = network.projections.map((p) =>
    p.name === lesion.projection ? scaled(p, (i, j) => post(i) && pre(j), remaining) : p,
  );
  return { ...network, projections };
}

function find<T extends { name: string }>(groups: readonly T[], name: string, kind: string): T {
  const found = groups.find((g) => g.name === name);
  if (found) return found;
  throw new CajalError(`the network has no ${kind} "${name}"`, {
    code: `unknown-${kind}`,
    where: "lesion",
    hint: suggest(
      name,
      groups.map((g) => g.name),
    ),
  });
}

function isIn(units: ArrayLike<number> | undefined, size: number): (unit: number) => boolean {
  if (units === undefined) return () => true;
  const chosen = new Set(Array.from(units));
  const bad = [...chosen].find((u) => !(Number.isInteger(u) && u >= 0 && u < size));
  if (bad === undefined) return (unit) => chosen.has(unit);
  throw new CajalError(`unit ${bad} is not one of 0 … ${size - 1}`, { code: "bad-unit", where: "lesion" });
}

/** Sparse weights keep their structure, so that equal lesions of equal networks sum in the same order. */
function scaled(p: Projection, isCut: (post: number, pre: number) => boolean, share: number): Projection {
  const weights: Matrix = { ...p.weights, values: p.weights.values.slice() };
  const { rows, columns, values } = weights;
  for (let i = 0; i < rows; i++) {
    const [from, to] =
      weights.kind === "dense"
        ? [i * columns, (i + 1) * columns]
        : [weights.rowStart[i], weights.rowStart[i + 1]];
    for (let k = from; k < to; k++) {
      const j = weights.kind === "dense" ? k - from : weights.column[k];
      if (isCut(i, j)) values[k] *= share;
    }
  }
  return { ...p, weights };
}
