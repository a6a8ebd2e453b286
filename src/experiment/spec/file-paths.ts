/**
 * @file Where an experiment names files that it reads, in its fields and in the values of its sweep.
 */

import type { AnyExperiment } from "./experiment-kind.ts";
import { type Path, pathText, valueAt } from "./path.ts";
import { GIVEN_PROJECTIONS } from "./weights-file-schema.ts";

const FILE_PATHS: readonly Path[] = [
  ...["path", "labels", "types"].map((key) => ["connectome", key]),
  ["network", "weights", "path"],
  ...GIVEN_PROJECTIONS.map((name) => ["network", "weights", name, "path"]),
];

/**
 * The experiment with every file name passed through `change`.
 *
 * @param change - `at` is where the name stands: in the sweep where that replaces the field.
 */
export function mapFilePaths<E extends AnyExperiment>(
  experiment: E,
  change: (file: string, at: Path) => string,
): E {
  const sweep = { ...experiment.sweep };
  let out: unknown = experiment;
  for (const path of FILE_PATHS) {
    const name = pathText(path);
    const swept: Path = ["sweep", name];
    const given = valueAt(experiment, path);
    const place = Object.hasOwn(sweep, name) ? swept : path;
    if (typeof given === "string") out = replaced(out, path, change(given, place));
    const values = sweep[name];
    if (Array.isArray(values))
      sweep[name] = values.map((v) => (typeof v === "string" ? change(v, swept) : v));
  }
  return { ...(out as E), sweep };
}

// Implementation

/** A copy with one value replaced, its keys in their order. */
function replaced(data: unknown, [key, ...rest]: Path, value: string): unknown {
  const object = data as Record<string, unknown>;
  return { ...object, [key]: rest.length === 0 ? value : replaced(object[key], rest, value) };
}
