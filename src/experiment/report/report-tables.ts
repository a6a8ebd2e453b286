/**
 * @file The tables of a report.
 */

import { formatExact, formatNumber, formatSigned } from "../../plot/index.ts";
import { type Content, html, type Markup } from "./html.ts";
import type { MetricGrid } from "./metric-grid.ts";
import { factorName, factorWords, metricName } from "./names.ts";
import type { ReportInput } from "./report-input.ts";
import type { PointwiseTests, ReportComparison, ReportStatistics } from "./report-statistics.ts";
import { formatP, intervalWords } from "./wording.ts";

/** Results of every comparison; undefined where there is none. */
export function resultsTable(grid: MetricGrid, { comparisons }: ReportStatistics): Markup | undefined {
  if (comparisons.length === 0) return undefined;
  const several = grid.nullKinds.length > 1;
  const heads = [
    "Score",
    several ? "Null model" : "",
    "Connectome",
    "Nulls, mean ± sd",
    "Difference",
    "z",
    "Cliff’s δ",
    "p",
  ];
  const rows = comparisons.map((c, i) => comparisonCells(grid, c, { several, strong: i === 0 }));
  return table(
    heads.filter((h) => h !== ""),
    rows,
  );
}

/** The best score in each setting of the other factors; undefined where there is one setting. */
export function settingsTable(
  grid: MetricGrid,
  { bySetting }: ReportStatistics,
  { metric }: ReportInput,
): Markup | undefined {
  if (bySetting.length === 0) return undefined;
  const paths = Object.keys(grid.settings[0].values);
  const rows = bySetting.map(({ setting = 0, result }) => [
    ...paths.map((p) => formatExact(grid.settings[setting].values[p])),
    formatNumber(result.observed),
    spreadWords(result.nulls),
    formatSigned(result.difference.estimate),
    formatP(result.test.p),
  ]);
  return table(
    [...paths.map(factorName), metricName(metric).axis, "Nulls, mean ± sd", "Difference", "p"],
    rows,
    paths.length,
  );
}

/** Every point of the sweep against one null model. */
export function pointwiseTable(grid: MetricGrid, tests: PointwiseTests): Markup {
  const rows = tests.points.map((point, i) => [
    formatExact(grid.points[point]),
    formatNumber(tests.observed[i]),
    `${formatNumber(tests.nullMedian[i])} (${formatNumber(tests.nullLow[i])} – ${formatNumber(tests.nullHigh[i])})`,
    formatSigned(tests.observed[i] - tests.nullMedian[i]),
    formatP(tests.p[i]),
    formatP(tests.pMaxT[i]),
    formatP(tests.pHolm[i]),
  ]);
  const heads = [
    grid.factor ? factorName(grid.factor) : "",
    "Connectome",
    "Nulls, median (5 – 95 %)",
    "Difference from median",
    "p, alone",
    "p, maxT",
    "p, Holm",
  ];
  return table(heads, rows);
}

/** Names and values, as a list of facts. */
export function factsTable(facts: readonly (readonly [string, Content])[]): Markup {
  return html`<table class="facts"><tbody>${facts.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table>`;
}

// Implementation

function comparisonCells(
  grid: MetricGrid,
  { metric, kind, at, point, result }: ReportComparison,
  { several, strong }: { several: boolean; strong: boolean },
): Content[] {
  const { axis } = metricName(metric);
  const place =
    at === "fixed" && point !== undefined && grid.factor
      ? `at ${factorWords(grid.factor)} ${formatExact(grid.points[point])}`
      : grid.points.length > 1
        ? "best of the sweep"
        : "";
  const interval = intervalWords(result.difference, result.nullValues.length);
  const name = place ? `${axis}, ${place}` : axis;
  return [
    strong ? html`<strong>${name}</strong>` : name,
    ...(several ? [kind] : []),
    formatNumber(result.observed),
    spreadWords(result.nulls),
    html`${formatSigned(result.difference.estimate)}${interval && html`<br><small>${interval}</small>`}`,
    formatNumber(result.z),
    formatNumber(result.cliffsDelta, 2),
    formatP(result.test.p),
  ];
}

function spreadWords({
  mean,
  standardDeviation,
  count,
}: {
  mean: number;
  standardDeviation: number;
  count: number;
}): string {
  return count > 1 ? `${formatNumber(mean)} ± ${formatNumber(standardDeviation, 2)}` : formatNumber(mean);
}

/** @param names - Leading columns that hold names rather than numbers. */
function table(heads: readonly string[], rows: readonly (readonly Content[])[], names = 1): Markup {
  const cell = (c: Content, i: number) => (i < names ? html`<th scope="row">${c}</th>` : html`<td>${c}</td>`);
  return html`<div class="wide"><table><thead><tr>${heads.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}
