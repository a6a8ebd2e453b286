/**
 * @file Paths into an experiment: `network.input.gain` as text, `["network", "input", "gain"]` as data.
 */

/** Keys and places in lists, from the top of the file down; empty for the whole. */
export type Path = readonly (string | number)[];

/** Dotted text of a path; a key that holds dots itself, as under `sweep`, is kept as it is. */
export function pathText(path: Path): string {
  return path.join(".");
}

/** Path of dotted text: whole numbers become indices. Everything after `sweep.` is one key. */
export function parsePath(text: string): (string | number)[] {
  if (text.startsWith("sweep.")) return ["sweep", text.slice("sweep.".length)];
  return text.split(".").map((part) => (/^(0|[1-9]\d*)$/.test(part) ? Number(part) : part));
}

/** Value at a path of plain data; undefined when there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  let at = data;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

/**
 * A copy of plain data with the value at a path replaced; objects on the way are made where there are none.
 * `undefined` removes the key.
 *
 * @returns The copy, or the part of the path that is no object and so holds no keys.
 */
export function withValue(
  data: unknown,
  path: Path,
  value: unknown,
): { ok: true; data: unknown } | { ok: false; blocked: Path } {
  if (path.length === 0) return { ok: true, data: value };
  const [key, ...rest] = path;
  if (data !== undefined && data !== null && typeof data !== "object") return { ok: false, blocked: [] };
  if ((data === undefined || data === null) && typeof key === "number") return withValue([], path, value);
  const list = Array.isArray(data);
  if (list && (typeof key !== "number" || key > data.length)) return { ok: false, blocked: [] };
  const below = valueAt(data, [key]);
  const inner = withValue(below, rest, value);
  if (!inner.ok) return { ok: false, blocked: [key, ...inner.blocked] };
  if (list) {
    const copy = [...data];
    if (inner.data === undefined) copy.splice(key as number, 1);
    else copy[key as number] = inner.data;
    return { ok: true, data: copy };
  }
  const entries = Object.entries((data ?? {}) as object).filter(([k]) => k !== String(key));
  if (inner.data !== undefined) entries.push([String(key), inner.data]);
  return { ok: true, data: Object.fromEntries(entries) };
}

/** Whether `path` is `prefix` or lies below it. */
export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((key, i) => key === path[i]);
}
