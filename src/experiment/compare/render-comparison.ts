/**
 * @file A comparison as one page: learning curves with their bands, a table of the groups, a table of the tests.
 */

import {
  formatCount,
  formatFixed,
  formatNumber,
  formatSigned,
  groupValues,
  lossComparison,
} from "../../plot/index.ts";
import { type Content, html, type Markup } from "../report/html.ts";
import type { ReportFigure } from "../report/report-figures.ts";
import { cautionList, figureBlock, figureCounter, page } from "../report/report-page.ts";
import { formatP } from "../report/wording.ts";
import type { Curve } from "./compared-run.ts";
import type { Comparison, GroupCurves, PairTest } from "./comparison.ts";
import { metricAxis, metricHead, metricMeaning } from "./metric-words.ts";

/** Facts that are printed under a page. */
export interface PageFacts {
  /** The command as it was typed. */
  command?: string;
  version?: string;
}

/** The page. */
export async function renderComparison(
  comparison: Comparison,
  { command, version }: PageFacts = {},
): Promise<string> {
  const { groups, cautions, tests, metrics } = comparison;
  const title = `Comparison of ${groups.length} groups`;
  const number = figureCounter();
  const figures = [...(await curveFigures(comparison)), ...(await valueFigures(comparison))];
  const bySetting = await settingFigures(comparison);
  const body = html`<header><p class="kind">Cajal comparison</p>
<h1>${title}</h1></header>
${cautionList(cautions)}
${figures.map((one) => figureBlock(one, number()))}
<h2>Groups</h2>
${groupTable(comparison)}
<p class="note">Median and quartiles over repeats; ${metrics.map(meaningWords).join("; ")}.</p>
${
  tests.length > 0 &&
  html`<h2>Differences</h2>
${testTable(tests)}
<p class="note">Difference of means, first group less second; Hedges’ g with its 95 % interval from the noncentral t distribution; Cliff’s δ: how much more often the first group is above than below; p of Mann and Whitney’s test, two-sided${tests.every(({ exact }) => exact) ? ", exact" : ""}; p Holm: corrected for all pairs of a metric.</p>`
}
${bySetting.length > 0 && html`<h2>By setting</h2>${bySetting.map((one) => figureBlock(one, number()))}`}
${(command || version) && html`<p class="note">${command && html`<code>${command}</code> `}${version && `Cajal ${version}`}</p>`}
`;
  return page(title, body).toString();
}

// Implementation

/** Metrics that get a figure. */
const MOST_VALUES = 4;
/** Settings that get a figure of their own. */
const MOST_SETTINGS = 12;

async function curveFigures({ groups, curves, validated }: Comparison): Promise<ReportFigure[]> {
  if (curves.length === 0) return [];
  const what = validated ? "validations" : "the batches trained on";
  const label = (i: number) => groups[i].label;
  const loss = await lossFigure(
    curves.map((settings, i) => ({ label: label(i), curves: settings.flatMap((own) => own.loss) })),
    { caption: `Loss of ${what}: ${bandWords(groups)}` },
  );
  const right = curves.map((settings) => settings.flatMap(({ correct = [] }) => correct));
  const correct = right.every((own) => own.length > 0)
    ? await lossFigure(
        right.map((own, i) => ({ label: label(i), curves: own })),
        { yLabel: "Fraction correct", caption: `Fraction correct of ${what}.` },
      )
    : undefined;
  return [loss, correct].filter((one) => one !== undefined);
}

function bandWords(groups: Comparison["groups"]): string {
  const over = groups.some(({ settings }) => settings.length > 1) ? "the repeats of all settings" : "repeats";
  return `the median and its quartiles over ${over}, with a dot at the minimum of each. Those that stopped early go on with the value they had reached.`;
}

/** A figure for each setting that all groups have, as far as they are few. */
async function settingFigures({ groups, curves }: Comparison): Promise<ReportFigure[]> {
  if (curves.length === 0) return [];
  const [first, ...rest] = curves;
  const common = first.filter(({ setting }) =>
    rest.every((other) => other.some((own) => own.setting === setting)),
  );
  if (common.length < 2) return [];
  const of = (settings: GroupCurves[], setting: string) => settings.find((own) => own.setting === setting)!;
  const drawn = common.slice(0, MOST_SETTINGS).map(({ setting }) =>
    lossFigure(
      curves.map((settings, i) => ({ label: groups[i].label, curves: of(settings, setting).loss })),
      { title: setting, caption: `Loss at ${setting}.` },
    ),
  );
  return (await Promise.all(drawn)).filter((one) => one !== undefined);
}

async function lossFigure(
  groups: readonly { label: string; curves: readonly Curve[] }[],
  {
    title = "Learning curves",
    yLabel = "Loss",
    caption,
  }: { title?: string; yLabel?: string; caption: string },
): Promise<ReportFigure | undefined> {
  const isLoss = yLabel === "Loss";
  const shown = groups
    .map(({ label, curves }) => ({ label, repeats: curves.filter(({ values }) => hasFinite(values)) }))
    .filter(({ repeats }) => repeats.length > 0);
  if (shown.length === 0) return undefined;
  // Losses of classes reach 0, which has no logarithm.
  const log =
    isLoss &&
    shown.every(({ repeats }) => repeats.every(({ values }) => Array.from(values).every((v) => !(v <= 0))));
  const svg = await lossComparison({ groups: shown }, { title, yLabel, log, minima: isLoss });
  return { svg, caption, width: 17 };
}

/** A strip of dots for each group, of the metrics with the widest use. */
async function valueFigures({ groups, metrics }: Comparison): Promise<ReportFigure[]> {
  const figures: ReportFigure[] = [];
  for (const metric of metrics.slice(0, MOST_VALUES)) {
    const shown = groups.flatMap(({ label, metrics: own }) =>
      own[metric].values.length > 0 ? [{ label, values: own[metric].values, ...own[metric].summary }] : [],
    );
    const all = shown.flatMap(({ values }) => values);
    // One value of one group, or the same for all, is no picture.
    if (new Set(all).size < 2) continue;
    const log = all.every((v) => v > 0) && Math.max(...all) / Math.min(...all) > 20;
    const xLabel = metricAxis(metric);
    const caption = `${xLabel} of every repeat, with the median and the quartiles of each group.`;
    figures.push({ svg: await groupValues(shown, { xLabel, log }), caption, width: 17 });
  }
  return figures;
}

function hasFinite(values: ArrayLike<number>): boolean {
  return Array.from(values).some(Number.isFinite);
}

function groupTable({ groups, metrics }: Comparison): Markup {
  const heads = ["Group", "Repeats", "Jobs", ...metrics.map(metricHead)];
  const rows = groups.map(({ label, repeats, jobs, metrics: own }): Content[] => [
    label,
    String(repeats),
    String(jobs),
    ...metrics.map((metric) => {
      const { median, q25, q75, count } = own[metric].summary;
      if (count === 0) return "–";
      return html`${shortNumber(median)}${count > 1 && html`<br><small>${shortNumber(q25)} – ${shortNumber(q75)}</small>`}`;
    }),
  ]);
  return table(heads, rows, 1);
}

function testTable(tests: readonly PairTest[]): Markup {
  const heads = ["Metric", "First", "Second", "Difference", "Hedges’ g", "Cliff’s δ", "p", "p Holm"];
  const rows = tests.map((test): Content[] => [
    metricHead(test.metric),
    test.a,
    test.b,
    formatSigned(test.difference),
    html`${formatFixed(test.g, 2)}${Number.isFinite(test.low) && html`<br><small>${formatFixed(test.low, 2)} to ${formatFixed(test.high, 2)}</small>`}`,
    formatFixed(test.cliffsDelta, 2),
    formatP(test.p),
    formatP(test.pHolm),
  ]);
  return table(heads, rows, 3);
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

function meaningWords(metric: string): string {
  const meaning = metricMeaning(metric);
  return meaning ? `${metricHead(metric)}: ${meaning}` : metricHead(metric);
}

/** @param names - Leading columns that hold names rather than numbers. */
function table(heads: readonly string[], rows: readonly (readonly Content[])[], names: number): Markup {
  const head = (words: string, i: number) =>
    i < names
      ? html`<th scope="col" style="text-align:left">${words}</th>`
      : html`<th scope="col">${words}</th>`;
  const cell = (c: Content, i: number) => (i < names ? html`<th scope="row">${c}</th>` : html`<td>${c}</td>`);
  return html`<div class="wide"><table><thead><tr>${heads.map(head)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}
