/**
 * @file The user's text behind each value: YAML with the place of every key and value, overlaid by `--set` options.
 */

import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseDocument,
} from "yaml";
import type { Span } from "../../core/index.ts";
import { type Path, startsWith, valueAt } from "./path.ts";
import { scalarSpan, verbatimSpan } from "./scalar-span.ts";
import { yamlData } from "./yaml-problem.ts";

/** A stretch of a text the user wrote. */
export interface Place {
  /** Name of the text: a file, or `--set`. */
  name: string;
  text: string;
  span: Span;
}

/** A text as data, with the place of every key and value in it. */
export interface Source {
  /** Name shown in front of line and column. */
  readonly name: string;
  readonly data: unknown;
  /** Where the key or the value at `path` stands; of a missing one, its nearest parent that exists. */
  locate(path: Path, on: "key" | "value"): Place;
  /** Where a stretch of the text at `path` stands; undefined where that text is not written as it reads. */
  locateWithin(path: Path, stretch: Span): Place | undefined;
}

/** A problem with the text itself, before it means anything. */
export interface SyntaxProblem {
  message: string;
  hint: string;
  place: Place;
}

/**
 * Read YAML text.
 *
 * @param options.file - Name shown in errors.
 */
export function readYaml(
  text: string,
  { file }: { file: string },
): { source: Source } | { problem: SyntaxProblem } {
  const doc = parseDocument(text, { prettyErrors: false, version: "1.2", logLevel: "error" });
  const read = yamlData(doc, text);
  if ("problem" in read) {
    const { message, hint, span } = read.problem;
    return { problem: { message, hint, place: { name: file, text, span: trimmed(text, span) } } };
  }
  const locate = (path: Path, on: "key" | "value") => ({
    name: file,
    text,
    span: trimmed(text, spanIn(doc, path, on)),
  });
  const locateWithin = (path: Path, stretch: Span) => {
    const node = nodeAt(doc, path);
    const span = isScalar(node) ? scalarSpan(text, node, stretch) : undefined;
    return span && { name: file, text, span };
  };
  return { source: { name: file, data: read.data, locate, locateWithin } };
}

/** One `--set path=value` laid over a source. */
export interface Overlay {
  path: Path;
  /** The option's own text, `path=value`. */
  text: string;
  /** Where the value begins in `text`. */
  valueStart: number;
}

/** `base` with other data, whose overridden paths stand in the options. Later overlays win. */
export function overlaid(base: Source, data: unknown, overlays: readonly Overlay[]): Source {
  const locate = (path: Path, on: "key" | "value"): Place => {
    for (const { path: at, text, valueStart } of overlays.toReversed()) {
      if (!startsWith(path, at) && !(on === "key" && startsWith(at, path))) continue;
      const whole = on === "key" && startsWith(at, path);
      const span = whole ? keySpan(text, at, path.length) : { start: valueStart, end: text.length };
      return optionPlace(text, span);
    }
    return base.locate(path, on);
  };
  const locateWithin = (path: Path, stretch: Span): Place | undefined => {
    const overlay = overlays.findLast(({ path: at }) => startsWith(path, at));
    if (!overlay) return base.locateWithin(path, stretch);
    const { text, valueStart: start } = overlay;
    const span = verbatimSpan({ text, start, end: text.length }, String(valueAt(data, path)), stretch);
    return span && optionPlace(text, span);
  };
  return { name: base.name, data, locate, locateWithin };
}

/** A stretch of the text of a `--set` option, shown as it was typed. */
export function optionPlace(text: string, span: Span): Place {
  const typed = "--set ";
  const start = span.start + typed.length;
  return {
    name: "--set",
    text: typed + text,
    span: { start, end: Math.max(start + 1, span.end + typed.length) },
  };
}

// Implementation

/** Span of the `depth`-th key within `a.b.c=value`. */
function keySpan(text: string, path: Path, depth: number): Span {
  const before = path.slice(0, depth - 1).join(".");
  const start = before ? before.length + 1 : 0;
  return { start, end: Math.min(text.length, start + String(path[depth - 1] ?? "").length) };
}

function spanIn(doc: Document.Parsed, path: Path, on: "key" | "value"): Span {
  let value: Node | null = doc.contents as ParsedNode | null;
  let span = rangeOf(value) ?? { start: 0, end: 1 };
  for (let depth = 0; depth < path.length; depth++) {
    if (isAlias(value)) value = value.resolve(doc) ?? null;
    const last = depth === path.length - 1;
    const found = child(value, path[depth]);
    // Below a plain value there is nothing, as when one label stands for a list of one: show the value.
    if (!found) return (isScalar(value) && rangeOf(value)) || span;
    const keyRange = rangeOf(found.key);
    const valueRange = rangeOf(found.value);
    // An empty value has no text of its own: show its key.
    const own = valueRange && valueRange.end > valueRange.start ? valueRange : keyRange;
    span = (last && on === "value" ? own : (keyRange ?? valueRange)) ?? span;
    value = found.value;
  }
  return span;
}

function nodeAt(doc: Document.Parsed, path: Path): Node | null | undefined {
  const resolved = (node: Node | null | undefined) => (isAlias(node) ? node.resolve(doc) : node);
  return path.reduce<Node | null | undefined>(
    (node, key) => resolved(child(node ?? null, key)?.value),
    resolved(doc.contents),
  );
}

function child(
  node: Node | null,
  key: string | number,
): { key: Node | null; value: Node | null } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { key: null, value: item as Node };
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key) || String(pair.key.value) !== String(key)) continue;
    return { key: pair.key, value: (pair.value ?? null) as Node | null };
  }
  return undefined;
}

function rangeOf(node: Node | null): Span | undefined {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}

/** A block's range runs over the line's end; a caret line must not. */
function trimmed(text: string, span: Span): Span {
  let { start, end } = span;
  while (end > start + 1 && /\s/.test(text[end - 1])) end--;
  start = Math.min(start, Math.max(0, text.length - 1));
  return { start, end: Math.max(end, start + 1) };
}
