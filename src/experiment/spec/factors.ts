/**
 * @file The values a sweep runs through: a list as it is, `linspace`, `logspace` and `geomspace` spelt out.
 */

import { pow, pow10 } from "../../core/index.ts";
import type { ResolvedExperiment } from "./experiment-schema.ts";
import { type Path, parsePath } from "./path.ts";

/** What stands behind one path of the sweep: a list, or a range still to be spelt out. */
export type SweepValues = ResolvedExperiment["sweep"][string];
/** Value of a factor in a table: numbers and texts as they are, anything else as JSON. */
export type FactorValue = number | string;

/** One line of the sweep. */
export interface Factor {
  /** Dotted path, e.g. `network.spectralRadius`. */
  name: string;
  path: Path;
  /** Plain data, in the file's order. */
  values: readonly unknown[];
  /** Whether the values stand in the file one by one, so that an error can point at one. */
  listed: boolean;
}

/** The factors of a sweep, in the file's order. */
export function factorsOf(sweep: ResolvedExperiment["sweep"]): Factor[] {
  return Object.entries(sweep).map(([name, values]) => ({
    name,
    path: parsePath(name),
    values: sweepValues(values),
    listed: Array.isArray(values),
  }));
}

/**
 * Values of one line of a sweep. Ranges are rounded to 15 significant digits, so that tables show 0.3 and not
 * 0.30000000000000004; both ends are exact.
 */
export function sweepValues(values: SweepValues): readonly unknown[] {
  if (Array.isArray(values)) return values;
  if ("linspace" in values) {
    const [first, last, count] = values.linspace;
    return range(first, last, count, (part) => first + (last - first) * part);
  }
  if ("logspace" in values) {
    const [a, b, count] = values.logspace;
    return range(tenTo(a), tenTo(b), count, (part) => tenTo(a + (b - a) * part));
  }
  const [first, last, count] = values.geomspace;
  return range(first, last, count, (part) => first * pow(last / first, part));
}

/** How a value stands in tables and job names. */
export function factorValue(value: unknown): FactorValue {
  return typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
}

// Implementation

function range(first: number, last: number, count: number, at: (part: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return first;
    if (i === count - 1) return last;
    return Number(at(i / (count - 1)).toPrecision(15));
  });
}

const tenTo = (x: number): number => (Number.isInteger(x) ? pow10(x) : pow(10, x));
