/**
 * @file Put a value at a path of an experiment, as `--set` and sweeps do. Where the file offers a choice of forms
 * (a connectome by `name` or by `path`), a key of one form replaces the other form.
 */

import { plural } from "../../core/index.ts";
import { kindOf } from "./experiment-kind.ts";
import {
  constantsAgree,
  experimentJsonSchema,
  type JsonSchema,
  optionsAt,
  schemasAt,
  sweepPaths,
} from "./json-schema.ts";
import { type Path, pathText, valueAt, withValue } from "./path.ts";
import { describeValue, named, type Problem } from "./problem.ts";

/** The changed copy, or why the path leads nowhere. */
export type Assigned = { ok: true; data: unknown } | { ok: false; problem: Omit<Problem, "path" | "on"> };

/** @param value - Plain data; null removes the key. */
export function assign(data: unknown, path: Path, value: unknown): Assigned {
  const given = value === null ? undefined : value;
  let changed = withValue(data, path, given);
  if (!changed.ok) {
    // A short form such as `nodes: all` gives way to the long one the path names, where the schema has one.
    const { blocked } = changed;
    const cleared = withValue(data, blocked, undefined);
    const retried = cleared.ok ? withValue(cleared.data, path, given) : cleared;
    const list = typeof path[blocked.length] === "number";
    if (list || !retried.ok || schemasAt(path, retried.data).length === 0)
      return { ok: false, problem: blockedProblem(data, path, blocked) };
    changed = retried;
  }
  let next = changed.data;
  for (let depth = 0; depth < path.length; depth++)
    next = withoutOtherForms(next, path.slice(0, depth), path[depth]);
  if (schemasAt(path, next).length === 0) return { ok: false, problem: unknownPath(path, data) };
  return { ok: true, data: next };
}

// Implementation

function withoutOtherForms(data: unknown, at: Path, key: string | number): unknown {
  const object = valueAt(data, at);
  if (typeof object !== "object" || object === null || Array.isArray(object)) return data;
  const options = optionsAt(at, data).filter((option) => option.properties && key in option.properties);
  if (options.length === 0 || options.some((option) => foreignKeys(option, object).length === 0)) return data;
  const best = options.reduce((a, b) =>
    foreignKeys(b, object).length < foreignKeys(a, object).length ? b : a,
  );
  let next = data;
  for (const foreign of foreignKeys(best, object)) {
    // A misspelt key belongs to no form: leave it for the schema to report.
    if (foreign === key || !optionsAt(at, data).some((option) => foreign in (option.properties ?? {})))
      continue;
    const removed = withValue(next, [...at, foreign], undefined);
    if (removed.ok) next = removed.data;
  }
  return next;
}

function foreignKeys(option: JsonSchema, object: object): string[] {
  const properties = option.properties ?? {};
  return Object.entries(object)
    .filter(([key, value]) => !(key in properties) || !constantsAgree(option, { [key]: value }))
    .map(([key]) => key);
}

function blockedProblem(data: unknown, path: Path, blocked: Path): Omit<Problem, "path" | "on"> {
  // A list that is not there is an empty one.
  const at = valueAt(data, blocked) ?? [];
  const name = pathText(blocked);
  const what = Array.isArray(at)
    ? `${name} has ${at.length === 0 ? "no entries" : plural(at.length, "entry", "entries")}, there is no ${pathText(path)}`
    : `${name} is ${describeValue(at)}, it holds no ${path[blocked.length]}`;
  return { code: "unknown-path", what, hint: "Lists are counted from 0, e.g. transforms.0.density." };
}

function unknownPath(path: Path, data: unknown): Omit<Problem, "path" | "on"> {
  const text = pathText(path);
  const known = sweepPaths(experimentJsonSchema(kindOf(data))).map((p) => p.path);
  const sameLeaf = known.find((p) => p.split(".").at(-1) === path.at(-1));
  const what = `there is no "${text}" in an experiment`;
  if (sameLeaf) return { code: "unknown-path", what, note: `did you mean "${sameLeaf}"?` };
  const { note, hint } = named(text, known, "Paths");
  return { code: "unknown-path", what, ...(note ? { note } : { hint }) };
}
