/**
 * @file From text and `--set` options to data with places: the first stage, before anything is validated.
 */

import { assign } from "./assign.ts";
import { type Issue, issuesError } from "./issue.ts";
import { parsePath, pathText, valueAt } from "./path.ts";
import { describeValue } from "./problem.ts";
import { type Overlay, optionPlace, overlaid, readYaml, type Source, type SyntaxProblem } from "./source.ts";

/**
 * Read the text of an experiment file and lay `--set path=value` options over it.
 *
 * @param options.file - Name shown in errors.
 * @param options.set - `path=value`; the value is YAML, an empty one removes the key.
 * @throws CajalError with every problem of the text and of the options, each with its place.
 * @example parseExperiment(text, { file: "experiment.yaml", set: ["network.spectralRadius=0.9"] })
 */
export function parseExperiment(text: string, options: { file: string; set?: readonly string[] }): Source {
  const { file, set = [] } = options;
  const read = readYaml(text, { file });
  if ("problem" in read) {
    const { message, hint, place } = read.problem;
    throw issuesError([{ code: "bad-yaml", what: `not valid YAML: ${message}`, place, hint }]);
  }
  const { source } = read;
  if (typeof source.data !== "object" || source.data === null || Array.isArray(source.data)) {
    const empty = source.data === null || source.data === undefined;
    const what = empty
      ? `${file} is empty`
      : `${file} must hold keys such as "connectome:", got ${describeValue(source.data)}`;
    const hint = "Start from a working file: cajal new";
    throw issuesError([
      { code: "not-an-experiment", what, hint, ...(!empty && { place: source.locate([], "value") }) },
    ]);
  }
  return set.length === 0 ? source : withOverrides(source, set);
}

// Implementation

function withOverrides(source: Source, set: readonly string[]): Source {
  const issues: Issue[] = [];
  const overlays: Overlay[] = [];
  let data = source.data;
  for (const text of set) {
    const place = optionPlace(text, { start: 0, end: text.length });
    const equals = text.indexOf("=");
    if (equals < 1) {
      const hint = "Write it as path=value, e.g. --set network.spectralRadius=0.9";
      issues.push({ code: "bad-set", what: `--set needs path=value, got "${text}"`, hint });
      continue;
    }
    const path = parsePath(text.slice(0, equals));
    const overlay = { path, text, valueStart: Math.min(equals + 1, text.length - 1) };
    const value = parseValue(text.slice(equals + 1));
    if (!value.ok) {
      const { message, hint, place: at } = value.problem;
      const { start, end } = at.span;
      const span = { start: equals + 1 + start, end: equals + 1 + end };
      const what = `the value is not valid YAML: ${message}`;
      issues.push({ code: "bad-set", what, hint, place: optionPlace(text, span) });
      continue;
    }
    const swept = sweptBy(data, pathText(path));
    if (swept !== undefined) {
      const hint = `Set the sweep instead, --set sweep.${swept}=0.9, or remove its line with --set sweep.${swept}=`;
      const what = `${pathText(path)} is swept, --set would have no effect`;
      issues.push({ code: "swept-path", what, place, hint });
      continue;
    }
    const assigned = assign(data, path, value.value);
    if (!assigned.ok)
      issues.push({ ...assigned.problem, place: optionPlace(text, { start: 0, end: equals }) });
    else {
      data = assigned.data;
      overlays.push(overlay);
    }
  }
  if (issues.length > 0) throw issuesError(issues);
  return overlaid(source, data, overlays);
}

function parseValue(text: string): { ok: true; value: unknown } | { ok: false; problem: SyntaxProblem } {
  const read = readYaml(text, { file: "--set" });
  return "problem" in read ? { ok: false, problem: read.problem } : { ok: true, value: read.source.data };
}

/** The sweep's line that decides the value at `path`, if any. */
function sweptBy(data: unknown, path: string): string | undefined {
  const sweep = valueAt(data, ["sweep"]);
  if (typeof sweep !== "object" || sweep === null) return undefined;
  return Object.keys(sweep).find((key) => path === key || path.startsWith(`${key}.`));
}
