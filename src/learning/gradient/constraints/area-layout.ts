/**
 * @file Units in areas, excitatory ones first within each: the layout that block masks, signs and per-area parameters
 * are made from.
 */

import { CajalError, suggest } from "../../../core/index.ts";

/** One area of a layout. */
export interface Area {
  readonly name: string;
  /** First unit. */
  readonly start: number;
  readonly units: number;
  /** How many of its units, the first ones, are excitatory; missing when units have no sign. */
  readonly excitatory?: number;
}

/** Areas one after another. */
export interface AreaLayout {
  readonly units: number;
  readonly areas: readonly Area[];
}

/** What an area is described by. */
export interface AreaOptions {
  name: string;
  /** Whole number ≥ 1. */
  units: number;
  /** Share of excitatory units, 0 … 1, rounded to whole units. Left out, units have no sign. */
  excitatory?: number;
}

/**
 * Areas one after another, in the order given.
 *
 * @throws CajalError `no-areas`, `empty-area`, `duplicate-area`, `bad-range`, `mixed-signs`.
 * @example createAreaLayout([{ name: "sensory", units: 75, excitatory: 0.8 }, { name: "motor", units: 75, excitatory: 0.8 }])
 */
export function createAreaLayout(areas: readonly AreaOptions[]): AreaLayout {
  if (areas.length === 0) throw fail("there are no areas", "no-areas", "Give at least one: { name, units }.");
  let start = 0;
  const done: Area[] = [];
  for (const { name, units, excitatory } of areas) {
    if (!(Number.isInteger(units) && units > 0)) {
      throw fail(
        `area "${name}" has ${units} units`,
        "empty-area",
        "Give it at least one unit, or leave it out.",
      );
    }
    if (done.some((area) => area.name === name)) {
      throw fail(`two areas are called "${name}"`, "duplicate-area", "Names must be unique.");
    }
    if (excitatory !== undefined && !(excitatory >= 0 && excitatory <= 1)) {
      const hint = "It is the share of excitatory units, 0 … 1.";
      throw fail(`excitatory of area "${name}" is ${excitatory}`, "bad-range", hint);
    }
    if ((excitatory === undefined) !== (areas[0].excitatory === undefined)) {
      const hint = "Give excitatory for every area, 1 for one without inhibition.";
      throw fail(`some areas have signs, "${name}" and "${areas[0].name}" differ`, "mixed-signs", hint);
    }
    done.push({
      name,
      start,
      units,
      ...(excitatory !== undefined && { excitatory: Math.round(units * excitatory) }),
    });
    start += units;
  }
  return { units: start, areas: done };
}

/** Sign of each unit for Dale's law, shape `(unit)`: 1, −1, or 0 in a layout without signs. */
export function layoutSigns({ units, areas }: AreaLayout): Int8Array {
  const signs = new Int8Array(units);
  for (const { start, units: size, excitatory } of areas) {
    if (excitatory === undefined) continue;
    signs.fill(1, start, start + excitatory);
    signs.fill(-1, start + excitatory, start + size);
  }
  return signs;
}

/** One value per unit from one per area, e.g. tau, shape `(unit)`. @throws CajalError `unknown-area`, `area-missing`. */
export function valuesByArea(layout: AreaLayout, values: Readonly<Record<string, number>>): Float64Array {
  for (const name of Object.keys(values)) findArea(layout, name);
  const out = new Float64Array(layout.units);
  for (const { name, start, units } of layout.areas) {
    if (!Object.hasOwn(values, name)) {
      throw fail(`no value for area "${name}"`, "area-missing", "Give one per area.");
    }
    out.fill(values[name], start, start + units);
  }
  return out;
}

/** The area of this name. @throws CajalError `unknown-area`. */
export function findArea({ areas }: AreaLayout, name: string): Area {
  const area = areas.find((a) => a.name === name);
  if (area) return area;
  throw fail(
    `there is no area "${name}"`,
    "unknown-area",
    suggest(
      name,
      areas.map((a) => a.name),
    ),
  );
}

// Implementation

function fail(what: string, code: string, hint: string): CajalError {
  return new CajalError(what, { code, where: "areas", hint });
}
