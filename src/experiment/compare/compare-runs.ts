/**
 * @file Compare runs, or parts of runs: read them, form groups, sum up, test.
 */

import { sortedQuantile } from "../../analysis/index.ts";
import { CajalError, suggest } from "../../core/index.ts";
import { shownPath } from "../shown-path.ts";
import { cautions } from "./cautions.ts";
import { type ComparedRun, type Curve, readComparedRun } from "./compared-run.ts";
import type { Comparison, CurveBand, GroupCurves, GroupSummary } from "./comparison.ts";
import { parseGroupChoice } from "./group-choice.ts";
import { groupMetric, unitsOf } from "./group-values.ts";
import { type ComparedGroup, groupsOf, settingsOf } from "./groups.ts";
import { curveUntil, learningNumbers } from "./learning-numbers.ts";
import { pairTests } from "./pair-tests.ts";

/** What is compared. */
export interface CompareOptions {
  /** Metrics by name; default those of learning, or all the runs have. */
  metrics?: readonly string[];
  /** Updates after this one do not count. */
  until?: number;
  /** Makes an argument's folder absolute. */
  resolve?: (folder: string) => string;
}

/**
 * Compare groups.
 *
 * @param choices - Run directories, each with or without conditions: `DIR`, `DIR:topology=random`, `DIR:topology`.
 * @throws CajalError `no-run`, `unfinished-run`, `damaged-run`, `no-such-factor`, `no-such-value`, `no-such-metric`,
 * `empty-group`, `one-group`, `different-kinds`, `no-common-updates`.
 */
export async function compareRuns(
  choices: readonly string[],
  { metrics: wanted, until = Number.POSITIVE_INFINITY, resolve = (folder) => folder }: CompareOptions = {},
): Promise<Comparison> {
  const runs = new Map<string, ComparedRun>();
  const chosen = [];
  for (const { folder, where } of choices.map(parseGroupChoice)) {
    const path = resolve(folder);
    const run = runs.get(path) ?? (await readComparedRun(path));
    runs.set(path, run);
    chosen.push({ run, where });
  }
  const groups = groupsOf(chosen).map((group) => withLearningNumbers(group, until));
  const hasCurves = groups.every(({ cells }) => cells.some(({ curves }) => curves));
  if (hasCurves) checkCommonUpdates(groups, until);
  const { shown, further } = metricsOf(groups, wanted);
  const summaries = groups.map((group) => groupSummary(group, shown));
  const samples = (metric: string) =>
    summaries.map(({ label, metrics }) => ({ label, values: metrics[metric].values }));
  const tests = shown.flatMap((metric) => pairTests(metric, samples(metric)));
  return {
    kind: groups[0].run.kind,
    metrics: shown,
    further,
    groups: summaries,
    tests,
    curves: hasCurves ? groups.map(groupCurves) : [],
    validated: groups.every(({ cells }) => cells.every(({ curves }) => curves?.validated !== false)),
    cautions: cautions(groups, summaries, { metrics: shown, tests }),
  };
}

// Implementation

/** Metrics of learning, as far as runs have them; what the curves say stands first. */
const LEARNING = [
  ...["minimumLoss", "updateOfMinimum", "updateNearMinimum"],
  ...["bestFractionCorrect", "testFractionCorrect", "updatesToTarget"],
];
/** A hash is a number, but not one to compare. */
const NOT_COMPARED = new Set(["recordsHash"]);
/** Metrics of runs without learning curves that are shown unless others are asked for. */
const SHOWN = 8;

function withLearningNumbers(group: ComparedGroup, until: number): ComparedGroup {
  const cells = group.cells.map((cell) => {
    if (!cell.curves) return cell;
    const { loss, correct } = cell.curves;
    const curves = {
      ...cell.curves,
      loss: curveUntil(loss, until),
      ...(correct && { correct: curveUntil(correct, until) }),
    };
    return { ...cell, curves, metrics: { ...cell.metrics, ...learningNumbers(curves.loss) } };
  });
  return { ...group, cells };
}

function checkCommonUpdates(groups: readonly ComparedGroup[], until: number): void {
  const ranges = groups.map(({ label, cells }) => {
    const all = cells.flatMap(({ curves }) => (curves ? Array.from(curves.loss.updates) : []));
    return { label, from: all.reduce((a, b) => Math.min(a, b), Infinity), to: Math.max(0, ...lastOf(cells)) };
  });
  const late = ranges.reduce((a, b) => (b.from > a.from ? b : a));
  const early = ranges.reduce((a, b) => (b.to < a.to ? b : a));
  if (late.from <= early.to) return;
  const said = Number.isFinite(until) ? ` up to update ${until}` : "";
  const first = Number.isFinite(late.from)
    ? `${late.label} begins at update ${late.from}`
    : `${late.label} has no update`;
  throw new CajalError(
    `the groups have no updates in common${said}: ${first}, ${early.label} ends at ${early.to}`,
    {
      code: "no-common-updates",
      hint: "Train for as many updates, and validate as often.",
    },
  );
}

function lastOf(cells: ComparedGroup["cells"]): number[] {
  return cells.flatMap(({ curves }) => (curves ? Array.from(curves.loss.updates).slice(-1) : []));
}

function metricsOf(groups: readonly ComparedGroup[], wanted: readonly string[] | undefined) {
  const known = new Set<string>();
  for (const { cells } of groups)
    for (const { metrics } of cells) for (const name of Object.keys(metrics)) known.add(name);
  for (const name of NOT_COMPARED) known.delete(name);
  for (const name of wanted ?? []) {
    if (known.has(name)) continue;
    throw new CajalError(`no run has the metric "${name}"`, {
      code: "no-such-metric",
      hint: suggest(name, known),
    });
  }
  const usual = LEARNING.filter((name) => known.has(name));
  const shown = wanted?.length ? [...wanted] : usual.length > 0 ? usual : [...known].slice(0, SHOWN);
  return { shown, further: [...known].filter((name) => !shown.includes(name)) };
}

function groupSummary(group: ComparedGroup, metrics: readonly string[]): GroupSummary {
  const { label, run, where, cells } = group;
  const curves = cells.flatMap((cell) => (cell.curves ? [cell.curves] : []));
  const correct = curves.flatMap((own) => (own.correct ? [own.correct] : []));
  return {
    label,
    folder: shownPath(run.folder),
    where,
    jobs: cells.length,
    repeats: unitsOf(group),
    settings: [...settingsOf(group).keys()].filter((words) => words !== ""),
    failures: run.failures,
    ...(curves.length > 0 && { loss: bandOf(curves.map(({ loss }) => loss)) }),
    ...(correct.length > 0 && { correct: bandOf(correct) }),
    metrics: Object.fromEntries(metrics.map((metric) => [metric, groupMetric(group, metric)])),
  };
}

/** Median and quartiles; a job that stopped early goes on with its last value, or only slow ones would be left. */
function bandOf(curves: readonly Curve[]): CurveBand {
  const updates = [...new Set(curves.flatMap((curve) => Array.from(curve.updates)))].sort((a, b) => a - b);
  const places = curves.map(() => -1);
  const band: CurveBand = { updates, median: [], q25: [], q75: [] };
  for (const update of updates) {
    const values = curves.flatMap((curve, c) => {
      while (places[c] + 1 < curve.updates.length && curve.updates[places[c] + 1] <= update) places[c]++;
      return places[c] >= 0 && Number.isFinite(curve.values[places[c]]) ? [curve.values[places[c]]] : [];
    });
    values.sort((a, b) => a - b);
    band.median.push(sortedQuantile(values, 0.5));
    band.q25.push(sortedQuantile(values, 0.25));
    band.q75.push(sortedQuantile(values, 0.75));
  }
  return band;
}

function groupCurves(group: ComparedGroup): GroupCurves[] {
  return [...settingsOf(group)].map(([setting, cells]) => {
    const curves = cells.flatMap((cell) => (cell.curves ? [cell.curves] : []));
    const correct = curves.flatMap((own) => (own.correct ? [own.correct] : []));
    return { setting, loss: curves.map(({ loss }) => loss), ...(correct.length > 0 && { correct }) };
  });
}
