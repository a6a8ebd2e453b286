/**
 * @file Tables of all settings: each network in each cell of the sweep, a line each, mean ± standard deviation over
 * seeds.
 */

import { formatExact, formatNumber } from "../../../plot/index.ts";
import { choicePercent } from "../../jobs/self-organisation/choice-metric.ts";
import { html, type Markup } from "../html.ts";
import { factorName } from "../names.ts";
import { type RepeatMean, repeatMean } from "../repeat-mean.ts";
import { METRIC_GROUPS, metricMeaning } from "./metric-meanings.ts";
import type { OrganisationInput } from "./organisation-input.ts";

/** A number with its spread: `0.101 ± 0.002`. */
export function spreadWords({ mean, spread }: RepeatMean): string {
  if (Number.isNaN(mean)) return "–";
  return spread === null ? formatNumber(mean) : `${formatNumber(mean)} ± ${formatNumber(spread, 2)}`;
}

/** A table for each group of metrics that was measured. */
export function settingsTables({ settings, experiment }: OrganisationInput): Markup[] {
  const paths = Object.keys(experiment.sweep);
  const known = new Set(
    settings.flatMap(({ seeds }) => seeds.flatMap(({ metrics }) => Object.keys(metrics))),
  );
  const percent = (metric: string) => choicePercent(metric) ?? 0;
  const choices = [...known].filter((metric) => choicePercent(metric) !== undefined);
  choices.sort((a, b) => percent(a) - percent(b));
  return [...METRIC_GROUPS, { title: "Mixed cues", metrics: choices }].flatMap(({ title, metrics }) => {
    const shown = metrics.filter((metric) => known.has(metric));
    if (shown.length === 0) return [];
    const heads = ["Network", ...paths.map(factorName), ...shown.map((metric) => metricMeaning(metric).head)];
    const rows = settings.map(({ network, factors, seeds }) => ({
      names: [network, ...paths.map((path) => formatExact(factors[path]))],
      values: shown.map((metric) => spreadWords(repeatMean(seeds, metric))),
    }));
    return [
      html`<h3>${title}</h3>
<div class="wide"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
        ({ names, values }) =>
          html`<tr>${names.map((name) => html`<th scope="row">${name}</th>`)}${values.map((value) => html`<td>${value}</td>`)}</tr>\n`,
      )}</tbody></table></div>
<p class="note">${shown.map((metric, k) => {
        const { head, meaning } = metricMeaning(metric);
        return html`${k > 0 && "; "}<b>${head}</b>: ${meaning}`;
      })}.</p>`,
    ];
  });
}
