/**
 * @file Values that a file gives by unit, by kind of cell or by area, as one number or one a unit.
 */

import { CajalError, suggest } from "../../../core/index.ts";
import type { PerUnitChoice } from "../../spec/own-unit-schema.ts";
import type { UnitAreas } from "./area-options.ts";

/** The units that values are for. */
export interface Units {
  /** 1 or −1, 0 without Dale's law, shape `(unit)`. */
  signs: Int8Array;
  areas: UnitAreas;
}

/**
 * One number, or one a unit.
 *
 * @param where - Path of the value in the experiment, e.g. `network.tau`.
 * @throws CajalError `unit-count`, `no-cells`, `unknown-area`, `missing-value`.
 */
export function perUnit(given: PerUnitChoice, where: string, { signs, areas }: Units): number | Float64Array {
  if (typeof given === "number") return given;
  const units = signs.length;
  const fail = (code: string, what: string, hint: string) => new CajalError(what, { code, where, hint });
  if (isList(given)) {
    if (given.length === units) return Float64Array.from(given);
    const what = `${where} has ${given.length} values for ${units} units`;
    throw fail("unit-count", what, "Give one number, or one a unit.");
  }
  const keys = Object.keys(given);
  const byCell = keys.every((key) => key === "E" || key === "I");
  if (byCell && !signs.some((sign) => sign !== 0)) {
    const what = `${where} is given by kind of cell, and without Dale's law units have none`;
    throw fail("no-cells", what, "Set network.dale, e.g. 0.8, or give one number.");
  }
  const names = byCell ? ["E", "I"] : areas.names;
  const of = (unit: number) => (byCell ? (signs[unit] < 0 ? 1 : 0) : areas.index[unit]);
  const unknown = keys.find((key) => !names.includes(key));
  if (unknown !== undefined)
    throw fail("unknown-area", `there is no area "${unknown}"`, suggest(unknown, names));
  const missing = new Set(
    Array.from(signs, (_, unit) => names[of(unit)]).filter((name) => !Object.hasOwn(given, name)),
  );
  if (missing.size > 0) {
    const what = `${where} has no value for ${[...missing].join(", ")}`;
    throw fail("missing-value", what, "Give one for each that has units.");
  }
  return Float64Array.from(signs, (_, unit) => given[names[of(unit)]]);
}

// Implementation

const isList = (given: PerUnitChoice): given is readonly number[] => Array.isArray(given);
