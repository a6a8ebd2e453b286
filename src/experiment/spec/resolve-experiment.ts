/**
 * @file From data to a valid experiment: defaults filled in, file paths made absolute, and every cell of the sweep
 * checked against the schema before anything runs.
 */

import { isAbsolute, resolve as resolvePath } from "node:path";
import type { ZodType } from "zod";
import { assign } from "./assign.ts";
import { type AnyExperiment, kindOf } from "./experiment-kind.ts";
import { experimentSchema, type ResolvedExperiment } from "./experiment-schema.ts";
import { type Factor, factorsOf, factorValue } from "./factors.ts";
import { mapFilePaths } from "./file-paths.ts";
import { cellCount, cellData, cellIndices, MOST_CELLS } from "./grid.ts";
import { type Issue, issuesError } from "./issue.ts";
import { UNSWEPT } from "./json-schema.ts";
import { type Path, pathText, startsWith, valueAt, withValue } from "./path.ts";
import type { Problem } from "./problem.ts";
import { problemsOf } from "./schema-problems.ts";
import { type SelfOrganisationExperiment, selfOrganisationSchema } from "./self-organisation-schema.ts";
import type { Place, Source } from "./source.ts";
import { sweepSchema } from "./task-schema.ts";
import { type TrainingExperiment, trainingSchema } from "./training-schema.ts";

/** A valid experiment with what is needed to speak about it in the user's own text. */
export interface Resolved<E extends AnyExperiment = ResolvedExperiment> {
  experiment: E;
  factors: readonly Factor[];
  /** The experiment of one cell of the grid: the factors at their values, the sweep itself left as it is. */
  cell(indices: readonly number[]): E;
  /** Place a problem in the user's text; with `indices`, values of the sweep are shown where they stand. */
  issue(problem: Problem, indices?: readonly number[]): Issue;
}

/** Problems collected before looking at further cells stops. */
const ENOUGH = 20;

/**
 * Validate an experiment and fill in its defaults.
 *
 * @param options.folder - Folder that file names in the experiment are relative to.
 * @param options.workingFolder - Folder for file names given by `--set`; default `folder`.
 * @throws CajalError with every problem found, each with its place.
 */
export function resolveExperiment(
  source: Source,
  options: { folder: string; workingFolder?: string },
): Resolved {
  const withFiles = (experiment: ResolvedExperiment) => absoluteFiles(experiment, source, options);
  return resolve(source, experimentSchema, withFiles);
}

/** The same for a file of kind `self-organisation`. @throws CajalError with every problem found, each with its place. */
export function resolveSelfOrganisation(
  source: Source,
  options: { folder: string; workingFolder?: string },
): Resolved<SelfOrganisationExperiment> {
  return resolve(source, selfOrganisationSchema, (experiment) => absoluteFiles(experiment, source, options));
}

/** The same for a file of kind `training`. @throws CajalError with every problem found, each with its place. */
export function resolveTrainingExperiment(
  source: Source,
  options: { folder: string; workingFolder?: string },
): Resolved<TrainingExperiment> {
  const named = { ...source, data: withKinds(source.data) };
  return resolve(named, trainingSchema, (experiment) => absoluteFiles(experiment, source, options));
}

// Implementation

/** Optimiser and schedule of the usual kind where the file names none, so that it may give or sweep single options. */
function withKinds(data: unknown): unknown {
  const sweep = valueAt(data, ["sweep"]);
  let out = data;
  for (const [key, kind] of [
    ["optimiser", "adam"],
    ["schedule", "constant"],
  ]) {
    const given = valueAt(data, [key, "kind"]) ?? valueAt(sweep, [`${key}.kind`]) ?? valueAt(sweep, [key]);
    const named = given === undefined && withValue(out, [key, "kind"], kind);
    if (named !== false && named.ok) out = named.data;
  }
  return out;
}

function resolve<E extends AnyExperiment>(
  source: Source,
  schema: ZodType<E>,
  withFiles: (experiment: E) => E,
): Resolved<E> {
  const base = schema.safeParse(source.data);
  const problems = base.success ? [] : problemsOf(base.error, source.data);
  const sweepBroken = problems.some(({ path }) => path[0] === "sweep");
  if (sweepBroken) throw issuesError(problems.map((p) => placed(source, [], p)));
  const sweep = sweepSchema.default({}).parse((source.data as { sweep?: unknown }).sweep);
  const factors = factorsOf(sweep);
  const issue = (problem: Problem, indices?: readonly number[]) => placed(source, factors, problem, indices);
  const sweepProblems = checkFactors(factors, source.data);
  if (sweepProblems.length > 0) throw issuesError([...problems, ...sweepProblems].map((p) => issue(p)));
  const issues = checkCells(source, schema, { factors, issue });
  // What the sweep replaces everywhere is still a mistake in the file, unless it is only missing.
  const told = new Set(issues.map(({ what }) => what));
  const own = problems.filter(({ code, what }) => code !== "missing-key" && !told.has(what));
  issues.push(...own.map((p) => issue(p)));
  if (issues.length > 0) throw issuesError(issues);

  const dataOf = cellData(source.data, factors);
  const cell = (indices: readonly number[]) => withFiles(schema.parse(dataOf(indices)));
  // A required key may stand in the sweep alone; then the first cell supplies it.
  const experiment = base.success ? withFiles(base.data) : cell(factors.map(() => 0));
  return { experiment, factors, cell, issue };
}

function checkFactors(factors: readonly Factor[], data: unknown): Problem[] {
  const problems: Problem[] = [];
  for (const [i, { name, path, values }] of factors.entries()) {
    const at = { path: ["sweep", name], on: "key" as const };
    const top = String(path[0]);
    if (UNSWEPT.has(top)) {
      problems.push({
        code: "unsweepable",
        ...at,
        what: `${name} cannot be swept`,
        hint: unsweptHint(top, data),
      });
      continue;
    }
    const assigned = assign(data, path, values[0]);
    if (!assigned.ok) problems.push({ ...assigned.problem, ...at });
    const other = factors.slice(0, i).find((f) => startsWith(path, f.path) || startsWith(f.path, path));
    if (other) {
      const what = `the sweep over ${name} and the one over ${other.name} set the same value`;
      problems.push({ code: "overlapping-sweep", ...at, what, hint: "Keep one of them." });
    }
    const seen = new Set<string>();
    const twice = values.findIndex((v) => seen.size === seen.add(JSON.stringify(v)).size);
    if (twice >= 0) {
      const what = `the sweep over ${name} has ${factorValue(values[twice])} twice`;
      problems.push({
        code: "repeated-value",
        path: ["sweep", name, twice],
        on: "value",
        what,
        hint: "Name each value once; `repeat:` repeats with fresh randomness.",
      });
    }
  }
  const count = cellCount(factors);
  if (count > MOST_CELLS) {
    const what = `the sweep has ${count} cells, more than ${MOST_CELLS}`;
    problems.push({
      code: "too-many-cells",
      path: ["sweep"],
      on: "key",
      what,
      hint: "The grid is the product of all lines: shorten some.",
    });
  }
  return problems;
}

/** Something that a sweep can run over. */
const SWEPT_EXAMPLES = {
  memory: "network.spectralRadius",
  "self-organisation": "network.change.noise",
  training: "optimiser.learningRate",
} as const;

function unsweptHint(top: string, data: unknown): string {
  if (top === "seed" || top === "repeat") return "To run with fresh randomness, write `repeat: n`.";
  if (top === "nullModels") return "List several null models instead, each with its own `name`.";
  const example = SWEPT_EXAMPLES[kindOf(data)];
  return `Sweep over something the network depends on, such as ${example}.`;
}

function checkCells(
  source: Source,
  schema: ZodType,
  options: {
    factors: readonly Factor[];
    issue: (problem: Problem, indices: readonly number[]) => Issue;
  },
): Issue[] {
  const { factors, issue } = options;
  const found = new Map<string, Issue>();
  const count = cellCount(factors);
  const dataOf = cellData(source.data, factors);
  for (let cell = 0; cell < count && found.size < ENOUGH; cell++) {
    const indices = cellIndices(factors, cell);
    const data = dataOf(indices);
    const parsed = schema.safeParse(data);
    if (parsed.success) continue;
    for (const problem of problemsOf(parsed.error, data)) {
      const key = `${pathText(problem.path)}\n${problem.what}`;
      if (!found.has(key)) found.set(key, issue(problem, indices));
    }
  }
  return [...found.values()];
}

function placed(
  source: Source,
  factors: readonly Factor[],
  problem: Problem,
  indices?: readonly number[],
): Issue {
  const { code, path, what, note } = problem;
  const f = indices ? factors.findIndex((factor) => startsWith(path, factor.path)) : -1;
  if (f < 0 || !indices) {
    const { place, hint } = shown(source, path, problem);
    return { code, what, place, ...(note && { note }), ...(hint && { hint }) };
  }
  const factor = factors[f];
  const at: Path = ["sweep", factor.name, ...(factor.listed ? [indices[f]] : [])];
  const cell = indices.reduce((number, index, k) => number * factors[k].values.length + index, 0);
  const values = factors.map((g, k) => `${g.name} = ${factorValue(g.values[indices[k]])}`).join(", ");
  const where = `In cell ${cell + 1} of ${cellCount(factors)}: ${values}.`;
  const { place, hint } = shown(source, at, { ...problem, on: "value" });
  return { code, what, place, ...(note && { note }), hint: hint ? `${hint}\n${where}` : where };
}

/** The wrong stretch in the user's text or, where it has no place of its own there, the key and the stretch below. */
function shown(
  source: Source,
  path: Path,
  { on, hint, within }: Problem,
): { place: Place; hint: string | undefined } {
  const inside = within && source.locateWithin(path, within.span);
  if (inside) return { place: inside, hint };
  const hints = [within?.frame, hint].filter((part) => part !== undefined);
  return { place: source.locate(path, on), hint: hints.length > 0 ? hints.join("\n") : undefined };
}

/** The files that are read, as absolute names; those given by `--set` are relative to the shell's folder. */
function absoluteFiles<E extends AnyExperiment>(
  experiment: E,
  source: Source,
  { folder, workingFolder = folder }: { folder: string; workingFolder?: string },
): E {
  return mapFilePaths(experiment, (file, at) => {
    const byOption = source.locate(at, "value").name === "--set";
    return isAbsolute(file) ? file : resolvePath(byOption ? workingFolder : folder, file);
  });
}
