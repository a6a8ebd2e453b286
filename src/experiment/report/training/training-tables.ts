/**
 * @file Tables of the settings of a run, or of the repeats where there is one setting, and of connections by group.
 */

import { groupConnectivity, groupNames } from "../../../analysis/index.ts";
import { formatExact, formatFixed, formatNumber } from "../../../plot/index.ts";
import type { TrainingRecord } from "../../results/training-record.ts";
import { type Content, html, type Markup } from "../html.ts";
import { factorName } from "../names.ts";
import { type MetricKind, meanWords, repeatMean } from "../repeat-mean.ts";
import type { TrainingInput, TrainingRun } from "./training-input.ts";
import { finishedRuns, meaningful } from "./training-numbers.ts";

/** A column of the table. */
export interface TrainingColumn {
  metric: string;
  head: string;
  meaning: string;
  kind: MetricKind;
}

/** What a training is summed up by. */
const TRAINING_COLUMNS: readonly TrainingColumn[] = [
  {
    metric: "minimumLoss",
    head: "Lowest loss",
    meaning: "lowest loss of a validation, or of a batch where there are none",
    kind: "number",
  },
  { metric: "updateOfMinimum", head: "at update", meaning: "update of the lowest loss", kind: "count" },
  {
    metric: "bestFractionCorrect",
    head: "Best correct",
    meaning: "largest share of right answers in a validation",
    kind: "percent",
  },
  {
    metric: "testFractionCorrect",
    head: "Test correct",
    meaning: "share of right answers to fresh trials, with the parameters of the best validation",
    kind: "percent",
  },
  { metric: "testError", head: "Test error", meaning: "mean squared error in fresh trials", kind: "number" },
  {
    metric: "updatesToTarget",
    head: "To target",
    meaning: "updates until the target was reached, mean over the repeats that reached it",
    kind: "count",
  },
  { metric: "updates", head: "Updates", meaning: "updates made", kind: "count" },
  {
    metric: "spectralRadiusInitial",
    head: "ρ before",
    meaning: "spectral radius of the recurrent weights before training",
    kind: "number",
  },
  {
    metric: "spectralRadiusLast",
    head: "ρ after",
    meaning: "the same after the last update",
    kind: "number",
  },
];

/** Columns that were measured; those that say less than another that is there are left out. */
export function shownColumns(runs: readonly TrainingRun[]): TrainingColumn[] {
  const sameUpdates = new Set(runs.flatMap(({ metrics }) => metrics.updates ?? [])).size < 2;
  const has = (metric: string) => repeatMean(runs, metric).count > 0;
  const lesser: readonly (readonly [metric: string, than: string])[] = [
    ["bestFractionCorrect", "testFractionCorrect"],
    ["testError", "testFractionCorrect"],
    ["updates", "updatesToTarget"],
  ];
  return TRAINING_COLUMNS.filter(
    ({ metric }) =>
      has(metric) &&
      !(metric === "updates" && sameUpdates) &&
      !lesser.some(([one, than]) => one === metric && has(than)),
  );
}

/** A line for each setting; with one setting, a line for each repeat and one for all. */
export function trainingTable({ settings, experiment }: TrainingInput): Markup | undefined {
  const all = settings.flatMap(({ runs }) => runs);
  const columns = shownColumns(all);
  if (columns.length === 0) return undefined;
  const paths = Object.keys(experiment.sweep);
  const one = settings.length === 1;
  const heads = [
    ...(one ? ["Repeat"] : paths.map((path) => factorName(meaningful(path)))),
    ...(one ? [] : ["Repeats"]),
    ...columns.map(({ head }) => head),
  ];
  const rows: Content[][] = one
    ? [
        ...settings[0].runs.map((run) => [String(run.repeat + 1), ...valueCells([run], columns)]),
        ...(settings[0].runs.length > 1
          ? [[html`<b>mean</b>`, ...valueCells(settings[0].runs, columns)]]
          : []),
      ]
    : settings.map(({ factors, runs }) => [
        ...paths.map((path) => formatExact(factors[path] ?? "–")),
        finishedWords(runs),
        ...valueCells(runs, columns),
      ]);
  const spread = settings.every(({ runs }) => runs.length < 2)
    ? ""
    : "Mean ± standard deviation over repeats. ";
  return html`${table(heads, rows, one ? 1 : paths.length)}
<p class="note">${spread}${columns.map(({ head, meaning }, k) => html`${k > 0 && "; "}<b>${head}</b>: ${meaning}`)}.</p>`;
}

/** Connections between areas and signs, before and after; undefined where nothing tells units apart. */
export function connectionTable({ signs, areas, facts, weights }: TrainingRecord): Markup | undefined {
  const [before, after] = [weights.initial.rec, weights.best.rec ?? weights.last.rec];
  const isMany = facts.areaNames.length > 1;
  const names = groupNames({
    ...(isMany && { areas, areaNames: facts.areaNames }),
    ...(signs.some((s) => s !== 0) && { signs }),
  });
  const groups = new Set(names).size;
  if (!before || !after || names.length !== after.rows || groups < 2 || groups > MOST_GROUPS)
    return undefined;
  const [old, now] = [before, after].map((w) => groupConnectivity(w, { post: names }));
  const rows = now.flatMap(({ post, pre, density, mean, perUnit }, k): Content[][] => {
    // Many areas have few synapses between them: lines of zeros would hide those there are.
    if (density === 0 && old[k].density === 0) return [];
    return [
      [
        `${pre} → ${post}`,
        `${formatFixed(100 * density, 1)} %`,
        ...[old[k].mean, mean, old[k].perUnit, perUnit].map((value) => formatNumber(value)),
      ],
    ];
  });
  const without = now.length - rows.length;
  const left =
    without === 0
      ? ""
      : ` ${without} of ${now.length} pairs of groups ${without === 1 ? "has no synapse, before or after, and is" : "have no synapse, before or after, and are"} left out.`;
  const heads = ["Connection", "Density", "Weight before", "after", "Input before", "after"];
  return html`${table(heads, rows, 1)}
<p class="note"><b>Density</b>: share of possible synapses whose weight is not 0, after training; <b>Weight</b>: mean of those weights; <b>Input</b>: sum of them onto one unit, on average.${left}</p>`;
}

/** A table whose first columns hold names. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly Content[])[],
  names: number,
): Markup {
  const cell = (c: Content, i: number) => (i < names ? html`<th scope="row">${c}</th>` : html`<td>${c}</td>`);
  return html`<div class="wide"><table><thead><tr>${heads.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

// Implementation

/** Groups whose pairs fit a table. */
const MOST_GROUPS = 6;

function valueCells(runs: readonly TrainingRun[], columns: readonly TrainingColumn[]): Content[] {
  return columns.map(({ metric, kind }) => {
    const found = repeatMean(runs, metric);
    const words = meanWords(found, kind);
    // Repeats that never reached the target are not part of the mean: say how many are.
    if (metric !== "updatesToTarget" || runs.length === 1) return words;
    return html`${words} <small>(${found.count} of ${runs.length})</small>`;
  });
}

function finishedWords(runs: readonly TrainingRun[]): string {
  const done = finishedRuns(runs).length;
  return done === runs.length ? String(done) : `${done} of ${runs.length}`;
}
