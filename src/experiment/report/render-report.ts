/**
 * @file The report of a run: one HTML file that holds everything it shows, needs no script and no network, and can be
 * read, printed or mailed as it is.
 */

import { formatCount, formatNumber } from "../../plot/index.ts";
import { html, type Markup } from "./html.ts";
import { methodsParagraph } from "./methods-paragraph.ts";
import { type MetricGrid, readMetrics } from "./metric-grid.ts";
import { nullsName } from "./names.ts";
import { drawFigures, type ReportFigure } from "./report-figures.ts";
import type { ReportInput } from "./report-input.ts";
import {
  cautionList,
  experimentSection,
  failureSection,
  figureBlock,
  figureCounter,
  methodsSection,
  page,
  provenanceSection,
} from "./report-page.ts";
import { type ReportStatistics, reportStatistics } from "./report-statistics.ts";
import { factsTable, pointwiseTable, resultsTable, settingsTable } from "./report-tables.ts";
import { answer, cautions } from "./wording.ts";

/**
 * Report as the text of an HTML file.
 *
 * The same input gives the same bytes. Whatever the rows hold — one point or a sweep, no nulls or several kinds, nothing
 * finished at all — the report says what there is.
 *
 * @example await writeFile("report.html", await renderReport(input))
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const grid = readMetrics(input);
  const statistics = reportStatistics(grid, input);
  const figures = await drawFigures(grid, statistics, input);
  const number = figureCounter();
  const show = (figure: ReportFigure | undefined) => figure && figureBlock(figure, number());
  const notes = cautions(grid, statistics, input);
  const body = html`<header>
<p class="kind">Cajal report · ${input.connectome.name}${grid.nullKinds.map((k) => ` · ${nullsName(k, nullCount(grid, k))}`)}</p>
<h1>${input.title}</h1>
<p class="answer">${answer(grid, statistics, input)}</p>
${cautionList(notes)}
</header>
${!statistics.peak && failureSection(input)}
${show(figures.capacity)}
${show(figures.nulls)}
${resultsSection(grid, statistics, input)}
${show(figures.forgetting)}
${wiringSection(input, show(figures.matrix))}
${pointwiseSection(grid, statistics)}
${statistics.peak && failureSection(input)}
${methodsSection(methodsParagraph(grid, statistics, input))}
${provenanceSection(input.run)}
${experimentSection(input.experimentYaml)}`;
  return page(input.title, body).toString();
}

// Implementation

function nullCount(grid: MetricGrid, kind: string): number {
  return grid.networks.filter((n, i) => i > 0 && n.kind === kind).length;
}

function resultsSection(
  grid: MetricGrid,
  statistics: ReportStatistics,
  input: ReportInput,
): Markup | undefined {
  const results = resultsTable(grid, statistics);
  const settings = settingsTable(grid, statistics, input);
  if (!results && !settings) return undefined;
  return html`<h2>Results</h2>
${results}
${
  results &&
  html`<p class="note">Bold: the answer above, fixed beforehand. Difference: connectome − mean of the nulls. z: the difference in standard deviations of the nulls; Cliff’s δ: share of nulls below minus share above. p: two-sided, not corrected for the number of rows.</p>`
}
${
  settings &&
  html`<h2>By setting</h2>${settings}<p class="note">Best of the sweep within each setting. p: two-sided, not corrected for the number of settings.</p>`
}`;
}

function wiringSection({ connectome }: ReportInput, figure: Markup | undefined): Markup {
  const facts = Object.entries(connectome.summary).map(
    ([name, value]) => [name, typeof value === "number" ? factNumber(value) : value] as const,
  );
  return html`<h2>Wiring</h2>
${facts.length > 0 && factsTable(facts)}
${figure}
${connectome.citation !== undefined && html`<p class="note">Data: ${connectome.citation}</p>`}`;
}

function factNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

function pointwiseSection(grid: MetricGrid, { pointwise }: ReportStatistics): Markup | undefined {
  if (pointwise.length === 0) return undefined;
  return html`<h2>Every point of the sweep</h2>
${pointwise.map((tests) => html`<p class="note">Against ${nullsName(tests.kind, nullCount(grid, tests.kind))}.</p>${pointwiseTable(grid, tests)}`)}
<p class="note">“Alone” tests one point as if it were the only one. maxT (Westfall &amp; Young) and Holm hold for all points together; maxT knows that neighbouring points move together, Holm pays for each and cannot reach small p with few nulls. Points where some network gave no value are left out.</p>`;
}
