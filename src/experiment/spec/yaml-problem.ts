/**
 * @file What is wrong with YAML before it means anything, in the words of people who write experiments, not parsers.
 */

import { type Document, isAlias, isCollection, type Node, visit, type YAMLError } from "yaml";
import type { Span } from "../../core/index.ts";

/** A mistake in the text itself. */
export interface YamlProblem {
  message: string;
  span: Span;
  hint: string;
}

/** Deeper than any experiment; a chain of aliases that contains itself has no end. */
const DEEPEST = 64;
/** An alias may stand for many values, but not for so many that reading them never ends. */
const MOST_ALIASED = 1000;

/**
 * Plain data of a parsed document, or the first mistake in it.
 *
 * @param text - What `doc` was parsed from.
 */
export function yamlData(doc: Document.Parsed, text: string): { data: unknown } | { problem: YamlProblem } {
  const problem = syntaxProblem(doc, text) ?? aliasProblem(doc);
  if (problem) return { problem };
  try {
    const data: unknown = doc.toJS({ maxAliasCount: MOST_ALIASED });
    return isDeeper(data, DEEPEST) ? { problem: tooDeep(text) } : { data };
  } catch (error) {
    if (error instanceof RangeError) return { problem: tooDeep(text) };
    if (error instanceof ReferenceError) return { problem: tooManyAliased(doc) };
    throw error;
  }
}

// Implementation

function syntaxProblem(doc: Document.Parsed, text: string): YamlProblem | undefined {
  // One missing bracket gives several errors; only the first is the user's.
  const error = doc.errors[0];
  if (error) return inWords(error, doc, text);
  // A tag that is not known would be dropped and leave a text where a number was meant.
  const tag = doc.warnings.find(({ code }) => code === "TAG_RESOLVE_FAILED");
  if (!tag) return undefined;
  const span = spanOf(tag);
  const message = `the tag ${text.slice(span.start, span.end).trim()} means nothing here`;
  return { message, span, hint: "Remove it: an experiment is plain data." };
}

function inWords(error: YAMLError, doc: Document.Parsed, text: string): YamlProblem {
  const span = spanOf(error);
  switch (error.code) {
    case "DUPLICATE_KEY": {
      const key = /^("[^"]*"|'[^']*'|[^\s:,{}[\]]+)/.exec(text.slice(span.start))?.[0] ?? "?";
      const whole = { start: span.start, end: span.start + key.length };
      return {
        message: `the key ${key} stands here twice`,
        span: whole,
        hint: "Merge the two, or remove one.",
      };
    }
    case "MULTIPLE_DOCS":
      return { message: "a second document begins here", span, hint: "Keep one experiment in a file." };
    case "TAB_AS_INDENT":
      return { message: "a tab is used to indent", span, hint: "Indent with blanks." };
    case "RESOURCE_EXHAUSTION":
      return tooDeep(text);
  }
  const open = /^Flow .* end with a [\]}]$/.test(error.message) ? lastOpen(doc, text) : undefined;
  if (open !== undefined) {
    const [opening, closing] = text[open] === "[" ? ["[", "]"] : ["{", "}"];
    const hint = `Close it with ${closing} where it ends.`;
    return { message: `the ${opening} is never closed`, span: { start: open, end: open + 1 }, hint };
  }
  const message = error.message.replace(/\s+/g, " ").replace(/[.:]$/, "");
  return { message, span, hint: "Check the indentation, colons and brackets around this place." };
}

/** Where the last bracket opens that nothing closes. */
function lastOpen(doc: Document.Parsed, text: string): number | undefined {
  let open: number | undefined;
  visit(doc, (_, node) => {
    if (!isCollection(node) || !node.flow || !node.range) return;
    const [start, end] = node.range;
    const closing = text[start] === "[" ? "]" : "}";
    if (text.slice(start, end).trimEnd().at(-1) !== closing) open = start;
  });
  return open;
}

function aliasProblem(doc: Document.Parsed): YamlProblem | undefined {
  let problem: YamlProblem | undefined;
  const known = new Set<string>();
  visit(doc, {
    Node(_, node: Node) {
      if ("anchor" in node && typeof node.anchor === "string") known.add(node.anchor);
      if (!isAlias(node) || known.has(node.source)) return undefined;
      const message = `the alias *${node.source} has no anchor &${node.source} before it`;
      problem = { message, span: rangeOf(node), hint: "Set the anchor, or write the value itself." };
      return visit.BREAK;
    },
  });
  return problem;
}

function tooManyAliased(doc: Document.Parsed): YamlProblem {
  let span: Span = { start: 0, end: 1 };
  visit(doc, {
    Alias(_, node) {
      span = rangeOf(node);
    },
  });
  const message = "aliases of aliases stand for too many values";
  return { message, span, hint: "Write the values themselves." };
}

function tooDeep(text: string): YamlProblem {
  // The place where it became too deep is of no use: the whole is odd.
  const start = Math.max(0, text.search(/\S/));
  const hint = "No experiment is: check the brackets, the indentation, and aliases that contain themselves.";
  return { message: `it is nested more than ${DEEPEST} levels deep`, span: { start, end: start + 1 }, hint };
}

function isDeeper(data: unknown, most: number): boolean {
  if (typeof data !== "object" || data === null) return false;
  return most === 0 || Object.values(data).some((value) => isDeeper(value, most - 1));
}

const spanOf = ({ pos: [start, end] }: YAMLError): Span => ({ start, end: Math.max(end, start + 1) });
const rangeOf = ({ range }: Node): Span =>
  range ? { start: range[0], end: range[1] } : { start: 0, end: 1 };
