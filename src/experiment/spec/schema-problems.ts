/**
 * @file What zod finds wrong, in our words: the value that was given, the nearest legal name, the mend.
 * Zod's own messages say neither what was written nor what was probably meant.
 */

import type { z } from "zod";
import { plural } from "../../core/index.ts";
import { constantsAgree, descriptionAt, type JsonSchema, keysAt, optionsAt } from "./json-schema.ts";
import { type Path, pathText, valueAt } from "./path.ts";
import { describeValue, named, type Problem } from "./problem.ts";

/**
 * Problems of data that a schema refused.
 *
 * @param data - What was validated, needed to say what was given.
 */
export function problemsOf(error: z.ZodError, data: unknown): Problem[] {
  const problems = tightest(error.issues as RawIssue[]).flatMap((issue) => fromIssue(issue, data));
  // A misspelt key is also a missing one: the misspelling is what the user can see.
  const misspelt = new Set(
    problems.filter((p) => p.code === "unknown-key" && p.note).map((p) => pathText(p.path.slice(0, -1))),
  );
  return problems
    .filter((p) => p.code !== "missing-key" || !misspelt.has(pathText(p.path)))
    .map((p) => (p.hint || p.on === "key" ? p : withDescription(p, data)));
}

// Implementation

/** The fields of every zod issue code that we read. */
interface RawIssue {
  code: string;
  path: Path;
  message: string;
  keys?: string[];
  expected?: string;
  values?: unknown[];
  options?: unknown[];
  origin?: string;
  minimum?: number;
  maximum?: number;
  inclusive?: boolean;
  errors?: RawIssue[][];
}

/** Of the bounds that one value breaks the narrowest: whole numbers have a second one, what a double can hold. */
function tightest(issues: readonly RawIssue[]): RawIssue[] {
  const isSame = (a: RawIssue, b: RawIssue) => a.code === b.code && pathText(a.path) === pathText(b.path);
  const room = ({ code, maximum, minimum }: RawIssue) =>
    code === "too_big" ? Number(maximum) : -Number(minimum);
  return issues.filter((issue, k) => {
    if (issue.code !== "too_big" && issue.code !== "too_small") return true;
    return issues.every(
      (other, j) =>
        !isSame(issue, other) || room(issue) < room(other) || (room(issue) === room(other) && k <= j),
    );
  });
}

/** What the schema says a value is, ranges included: the best hint when there is no better one. */
function withDescription(problem: Problem, data: unknown): Problem {
  // There the description is that of the swept value.
  if (problem.path[0] === "sweep") return { ...problem, hint: SWEEP_HINT };
  const hint = descriptionAt(problem.path, data);
  return hint ? { ...problem, hint } : problem;
}

const SWEEP_HINT = "Write a list such as [0.5, 1], or { linspace: [first, last, n] }, logspace or geomspace.";

function fromIssue(issue: RawIssue, data: unknown): Problem[] {
  const { path, code } = issue;
  const given = valueAt(data, path);
  if (code === "unrecognized_keys") return (issue.keys ?? []).map((key) => unknownKey(path, key, data));
  if (given === undefined) return [missing(issue, data)];
  const name = pathText(path) || "the file";
  if (given === null) {
    const hint = `Give it ${wanted(issue)}, or remove the key.`;
    return [onValue(path, "empty-value", `${name} has no value`, hint)];
  }
  if (code === "invalid_union" && issue.errors?.length) return fromUnion(issue, given, data);
  if (code === "too_small" || code === "too_big") return [outOfRange(issue, name, given)];
  const legal = issue.values ?? issue.options;
  if (legal) return [notOneOf(path, name, given, legal.map(String))];
  if (code === "invalid_type") {
    const finite = typeof given === "number" && !Number.isFinite(given);
    const what = `${name} must be ${finite ? "a finite number" : wanted(issue)}, got ${describeValue(given)}`;
    return [onValue(path, "wrong-type", what, typeHint(issue.expected, given))];
  }
  if (code === "invalid_format")
    return [onValue(path, "bad-name", `${name} cannot be ${describeValue(given)}`)];
  return [onValue(path, "bad-value", `${name}: ${issue.message}`)];
}

function onValue(path: Path, code: string, what: string, hint?: string): Problem {
  return { code, path, on: "value", what, ...(hint && { hint }) };
}

function unknownKey(path: Path, key: string, data: unknown): Problem {
  const rival = rivalOf(path, key, data);
  if (rival !== undefined) {
    const what = `"${rival}" and "${key}" exclude each other${inside(path)}`;
    const meaning = descriptionAt(path, data) ?? "";
    const hint = `Keep one of the two.${meaning.includes(`\`${key}\``) ? ` ${meaning}` : ""}`;
    return { code: "exclusive-keys", path: [...path, key], on: "key", what, hint };
  }
  const what = `unknown key "${key}"${inside(path)}`;
  return { code: "unknown-key", path: [...path, key], on: "key", what, ...named(key, keysAt(path, data)) };
}

/** The key beside `key` that only another form has, where `key` is unknown to this form alone. */
function rivalOf(path: Path, key: string, data: unknown): string | undefined {
  const here = valueAt(data, path) as object;
  const knows = ({ properties = {} }: JsonSchema, name: string) => Object.hasOwn(properties, name);
  const forms = optionsAt(path, data).filter((form) => knows(form, key) && constantsAgree(form, here));
  const known = keysAt(path, data);
  const given = Object.keys(here).filter((name) => known.includes(name));
  const rivals = forms.map((form) => given.filter((name) => !knows(form, name)));
  return rivals.some((names) => names.length === 0) ? undefined : rivals[0]?.[0];
}

function missing(issue: RawIssue, data: unknown): Problem {
  const { path } = issue;
  const parent = path.slice(0, -1);
  const known = keysAt(parent, data);
  const keys = known.length > 0 ? ` Keys here: ${known.join(", ")}.` : "";
  const meaning = issue.code === "invalid_union" && !issue.options ? descriptionAt(path, data) : undefined;
  const hint = `${meaning ?? `It must be ${wanted(issue)}.`}${keys}`;
  const what = `"${path.at(-1)}" is missing${inside(parent)}`;
  return { code: "missing-key", path: parent, on: "key", what, hint };
}

const inside = (path: Path): string => (path.length > 0 ? ` in ${pathText(path)}` : "");

function notOneOf(path: Path, name: string, given: unknown, legal: string[]): Problem {
  const one = legal.length > 1 ? "one of the known names" : `"${legal[0]}"`;
  const what = `${name} must be ${one}, got ${describeValue(given)}`;
  return { ...onValue(path, "unknown-name", what), ...named(String(given), legal, "Known") };
}

function outOfRange(issue: RawIssue, name: string, given: unknown): Problem {
  const { path, inclusive, origin } = issue;
  const low = issue.code === "too_small";
  const bound = low ? issue.minimum : issue.maximum;
  if (Array.isArray(given)) {
    if (given.length === 0 && path[0] === "sweep") {
      const what = `the sweep over ${path[1]} has no values`;
      return onValue(path, "empty-sweep", what, "Give it at least one.");
    }
    const what = `${name} must have ${low ? "at least" : "at most"} ${plural(Number(bound), "value")}, got ${given.length}`;
    return onValue(path, "wrong-length", what, path[0] === "sweep" ? "It is [first, last, n]." : undefined);
  }
  if (origin === "string") {
    const long = `${name} must have at ${low ? "least" : "most"} ${plural(Number(bound), "letter")}`;
    return onValue(path, "wrong-length", given === "" ? `${name} is an empty text` : long);
  }
  const sign = low ? (inclusive ? "≥" : ">") : inclusive ? "≤" : "<";
  return onValue(path, "out-of-range", `${name} must be ${sign} ${bound}, got ${given}`);
}

/**
 * The problems of the option the user most likely meant. When all options refuse the value as a whole, one problem
 * that lists them.
 */
function fromUnion(issue: RawIssue, given: unknown, data: unknown): Problem[] {
  const { path } = issue;
  const options = (issue.errors ?? []).map((errors) =>
    errors.map((inner) => ({ ...inner, path: [...path, ...inner.path] })),
  );
  const refusesWhole = (e: RawIssue) =>
    e.path.length === path.length && (e.code === "invalid_type" || e.values !== undefined);
  const meant = options.filter((errors) => !errors.some(refusesWhole));
  if (meant.length > 0) {
    const best = meant.reduce((a, b) => (penalty(b, path) < penalty(a, path) ? b : a));
    return tightest(best).flatMap((inner) => fromIssue(inner, data));
  }
  const legal = options.flat().flatMap((e) => (e.path.length === path.length ? (e.values ?? []) : []));
  const what = `${pathText(path)} must be ${unionWords(options)}, got ${describeValue(given)}`;
  const near =
    typeof given === "string" && legal.length > 0 ? named(given, legal.map(String), "Names known here") : {};
  return [{ ...onValue(path, "wrong-type", what, typeHint("number", given)), ...near }];
}

/** Keys that this option does not know, or that it misses, count most: they tell which option was meant. */
function penalty(errors: RawIssue[], path: Path): number {
  let sum = 0;
  for (const e of errors) {
    const own = e.path.length === path.length + 1;
    if (e.code === "unrecognized_keys" && e.path.length === path.length) sum += 10 * (e.keys?.length ?? 1);
    else if (own && e.code === "invalid_type" && /undefined$/.test(e.message)) sum += 11;
    else if (own && e.path.at(-1) === "kind") sum += 5;
    else sum += 1;
  }
  return sum;
}

function unionWords(options: RawIssue[][]): string {
  const words = options
    .flat()
    .filter((e) => e.code === "invalid_type" || e.values)
    .flatMap((e) => (e.values ? e.values.map((v) => `"${v}"`) : [wanted(e)]));
  const distinct = [...new Set(words)];
  const last = distinct.pop() ?? "something else";
  return distinct.length > 0 ? `${distinct.join(", ")} or ${last}` : last;
}

const TYPE_WORDS: Record<string, string> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

function wanted({ expected, values, options, code }: RawIssue): string {
  const legal = values ?? options;
  if (legal) return legal.map((v) => `"${v}"`).join(" or ");
  if (code === "invalid_union") return "one of the forms the schema lists";
  return TYPE_WORDS[expected ?? ""] ?? "a value";
}

function typeHint(expected: string | undefined, given: unknown): string | undefined {
  if (typeof given !== "string" || (expected !== "number" && expected !== "int")) return undefined;
  if (given.trim() !== "" && Number.isFinite(Number(given))) return "Remove the quotes.";
  if (/^-?\d+,\d+$/.test(given)) return `Write it with a point: ${given.replace(",", ".")}.`;
  return undefined;
}
