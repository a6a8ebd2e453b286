/**
 * @file Choose nodes of a connectome by label, type, index or at random.
 */

import { CajalError, type Rng, shuffled, suggest } from "../core/index.ts";
import type { Connectome } from "./connectome.ts";
import { suggestLabel } from "./suggest-label.ts";

/** Which nodes, as plain data. */
export type NodeSelector =
  | "all"
  | { labels: readonly string[] }
  | { types: readonly string[] }
  /** Nodes whose attribute, e.g. `transmitter`, has one of the values. */
  | { attribute: string; values: readonly string[] }
  | { indices: readonly number[] }
  /** So many, drawn without replacement from all nodes or from those of `from`. */
  | { random: number; from?: NodeSelector }
  | { not: NodeSelector }
  | { and: readonly NodeSelector[] };

/**
 * The nodes a selector means.
 *
 * @param rng - Needed by `random` only; the draws of one selector follow one another.
 * @returns Indices, ascending, each once.
 * @throws CajalError `unknown-label`, `unknown-type`, `no-types`, `unknown-attribute`, `unknown-attribute-value`, `bad-index`, `too-many-nodes`, `rng-missing`,
 * `bad-selector`.
 * @example selectNodes(worm, { random: 10, from: { types: ["sensory"] } }, rng.stream("inputs"))
 */
export function selectNodes(connectome: Connectome, selector: NodeSelector, rng?: Rng): Int32Array {
  const chosen = new Uint8Array(connectome.labels.length);
  for (const node of choose(connectome, selector, rng)) chosen[node] = 1;
  return ascending(chosen);
}

// Implementation

/** The key that says what kind of selector it is, and the keys that may stand beside it. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  labels: [],
  types: [],
  attribute: ["values"],
  indices: [],
  random: ["from"],
  not: [],
  and: [],
};

function choose(connectome: Connectome, selector: NodeSelector, rng?: Rng): Iterable<number> {
  const size = connectome.labels.length;
  if (selector === "all") return Array.from({ length: size }, (_, i) => i);
  checkKeys(connectome, selector);
  if ("labels" in selector) return byLabel(connectome, selector.labels);
  if ("types" in selector) return byType(connectome, selector.types);
  if ("attribute" in selector) return byAttribute(connectome, selector);
  if ("indices" in selector) return byIndex(connectome, selector.indices);
  if ("random" in selector) return atRandom(connectome, selector, rng);
  if ("not" in selector) {
    const left = new Uint8Array(size).fill(1);
    for (const node of choose(connectome, selector.not, rng)) left[node] = 0;
    return ascending(left);
  }
  const hits = new Int32Array(size);
  for (const part of selector.and) for (const node of selectNodes(connectome, part, rng)) hits[node]++;
  return ascending(Uint8Array.from(hits, (n) => (n === selector.and.length ? 1 : 0)));
}

/** Selectors come from files: a key too many would be ignored in silence, a text for a list taken letter by letter. */
function checkKeys(connectome: Connectome, selector: object): void {
  const isObject = typeof selector === "object" && selector !== null && !Array.isArray(selector);
  if (!isObject) throw badSelector(connectome, JSON.stringify(selector), String(selector));
  const keys = Object.keys(selector);
  const main = keys.find((key) => Object.hasOwn(KEYS, key));
  if (main === undefined) throw badSelector(connectome, `by "${keys[0]}"`, String(keys[0]));
  const extra = keys.find((key) => key !== main && !KEYS[main].includes(key));
  if (extra !== undefined) {
    const hint = "Write { and: [ … ] } for nodes that meet several conditions.";
    throw failure(connectome, `a selection by "${main}" cannot hold "${extra}" too`, "bad-selector", hint);
  }
  const list = main === "attribute" ? "values" : main;
  const value: unknown = (selector as Record<string, unknown>)[list];
  if (list === "random" || list === "not" || Array.isArray(value)) return;
  throw failure(connectome, `"${list}" must be a list`, "bad-selector", `Write { ${list}: [ … ] }.`);
}

function ascending(chosen: Uint8Array): Int32Array {
  const out: number[] = [];
  for (let i = 0; i < chosen.length; i++) if (chosen[i]) out.push(i);
  return Int32Array.from(out);
}

function failure(connectome: Connectome, what: string, code: string, hint: string): CajalError {
  return new CajalError(what, { code, where: `nodes of "${connectome.name}"`, hint });
}

function badSelector(connectome: Connectome, what: string, got: string): CajalError {
  return failure(
    connectome,
    `nodes cannot be selected ${what}`,
    "bad-selector",
    suggest(got, ["all", ...Object.keys(KEYS)]),
  );
}

function byLabel(connectome: Connectome, wanted: readonly string[]): number[] {
  const index = new Map(connectome.labels.map((label, i) => [label, i]));
  return wanted.map((label) => {
    const node = index.get(label);
    if (node !== undefined) return node;
    throw failure(
      connectome,
      `unknown label "${label}"`,
      "unknown-label",
      suggestLabel(label, connectome.labels),
    );
  });
}

function byType(connectome: Connectome, wanted: readonly string[]): number[] {
  if (connectome.types)
    return matching(connectome, { wanted, values: connectome.types, what: "type", code: "unknown-type" });
  throw failure(
    connectome,
    "its nodes have no types",
    "no-types",
    "Select by labels or indices, or give types.",
  );
}

function byAttribute(
  connectome: Connectome,
  { attribute, values: wanted }: { attribute: string; values: readonly string[] },
): number[] {
  const { attributes = {} } = connectome;
  if (!Object.hasOwn(attributes, attribute)) {
    const hint = suggest(attribute, Object.keys(attributes));
    throw failure(connectome, `its nodes have no attribute "${attribute}"`, "unknown-attribute", hint);
  }
  return matching(connectome, {
    wanted,
    values: attributes[attribute],
    what: attribute,
    code: "unknown-attribute-value",
  });
}

/** Nodes whose value is wanted; a wanted value that no node has is a mistake. */
function matching(
  connectome: Connectome,
  found: { wanted: readonly string[]; values: readonly string[]; what: string; code: string },
): number[] {
  const { wanted, values, what, code } = found;
  const known = new Set(values);
  const missing = wanted.find((value) => !known.has(value));
  if (missing !== undefined) {
    throw failure(connectome, `unknown ${what} "${missing}"`, code, suggestLabel(missing, [...known]));
  }
  const set = new Set(wanted);
  return values.flatMap((value, i) => (set.has(value) ? [i] : []));
}

function byIndex(connectome: Connectome, wanted: readonly number[]): readonly number[] {
  const size = connectome.labels.length;
  const bad = wanted.find((i) => !Number.isInteger(i) || i < 0 || i >= size);
  if (bad === undefined) return wanted;
  throw failure(connectome, `there is no node ${bad}`, "bad-index", `Indices are 0 … ${size - 1}.`);
}

function atRandom(
  connectome: Connectome,
  { random, from = "all" }: { random: number; from?: NodeSelector },
  rng?: Rng,
): number[] {
  if (!rng)
    throw failure(
      connectome,
      "a random selection needs an rng",
      "rng-missing",
      "Pass one as third argument.",
    );
  const pool = selectNodes(connectome, from, rng);
  if (!Number.isInteger(random) || random < 0) {
    const what = `random must be a whole number of nodes, got ${random}`;
    throw failure(connectome, what, "bad-selector", `Give 0 … ${pool.length}.`);
  }
  if (random > pool.length) {
    const what = `${random} random nodes are wanted, ${pool.length} are available`;
    throw failure(connectome, what, "too-many-nodes", `Lower random to ${pool.length} or widen from.`);
  }
  return shuffled(pool, rng).slice(0, random);
}
