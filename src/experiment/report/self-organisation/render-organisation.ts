/**
 * @file The report of networks that organise themselves: one HTML file that holds everything and loads nothing.
 */

import { html, type Markup } from "../html.ts";
import type { ReportFigure } from "../report-figures.ts";
import {
  cautionList,
  experimentSection,
  failureSection,
  figureBlock,
  figureCounter,
  ifDrawable,
  methodsSection,
  page,
  provenanceSection,
  warningSection,
} from "../report-page.ts";
import { correlationsOf, intervalsOf, lastSteps } from "./activity-figures.ts";
import { type AvalancheSection, avalancheSection } from "./avalanche-figures.ts";
import type { OrganisationInput } from "./organisation-input.ts";
import { settingsTables } from "./organisation-tables.ts";
import { organisationAnswer, organisationCautions, organisationMethods } from "./organisation-words.ts";
import { otherSettings } from "./other-settings.ts";
import { seedView } from "./seed-view.ts";
import {
  connectionFigure,
  degreesFigure,
  survivalOf,
  turnoverOver,
  weightFigure,
} from "./structure-figures.ts";
import { scoresFigure } from "./task-figure.ts";
import { activityOf, divergenceOf, graphOf } from "./together-figures.ts";
import { weightChangeFigure } from "./weight-change-figure.ts";

/** Report as the text of an HTML file. The same input gives the same bytes. */
export async function renderOrganisation(input: OrganisationInput): Promise<string> {
  const { title, experiment, run, shown } = input;
  const views = input.records.map((records) => seedView(records, shown));
  const wanted = new Set(experiment.analyses);
  const theta = views[0]?.theta;
  const avalanches =
    wanted.has("avalanches") && views.length > 0
      ? await ifDrawable(() => avalancheSection(views, { experiment: shown, theta }))
      : undefined;
  const number = figureCounter();
  const show = async (draw: () => Promise<ReportFigure | undefined>, when = true) => {
    const figure = when && views.length > 0 ? await ifDrawable(draw) : undefined;
    return figure && figureBlock(figure, number());
  };
  const notes = organisationCautions(input, avalanches?.report);
  const body = html`<header>
<p class="kind">Cajal report · ${experiment.network.preset} · ${views.length} ${views.length === 1 ? "seed" : "seeds"}</p>
<h1>${title}</h1>
<p class="answer">${organisationAnswer(input)}</p>
${notes.length > 0 && html`<h2>What this does not show</h2>${cautionList(notes)}`}
</header>
${failureSection(input)}
${await show(() => scoresFigure(input))}
${await show(() => connectionFigure(views), wanted.has("connections"))}
${await show(() => lastSteps(views[0], theta))}
${await show(() => activityOf(views[0], theta), wanted.has("spikes"))}
${await show(async () => avalanches?.avalanches)}
${await show(async () => avalanches?.spread)}
${avalanches && verdictSection(avalanches)}
${await show(() => weightFigure(views), wanted.has("weights"))}
${await show(() => weightChangeFigure(views[0]), wanted.has("weights"))}
${await show(() => survivalOf(views), wanted.has("lifetimes"))}
${await show(() => turnoverOver(views), wanted.has("connections"))}
${await show(() => degreesFigure(views), wanted.has("weights"))}
${await show(() => intervalsOf(views[0]), wanted.has("spikes"))}
${await show(() => correlationsOf(views[0]), wanted.has("spikes"))}
${await show(() => graphOf(views[0]), wanted.has("spikes"))}
${await show(() => divergenceOf(views), wanted.has("perturbation"))}
${tablesSection(input)}
${await otherSettings(input, number)}
${warningSection(input.warnings)}
${methodsSection(organisationMethods(input))}
${provenanceSection(run)}
${experimentSection(input.experimentYaml)}`;
  return page(title, body).toString();
}

// Implementation

function verdictSection({ report }: AvalancheSection): Markup {
  const { statements } = report.verdict;
  const mark = { against: "Against: ", for: "For: ", caution: "" };
  return html`<h2>Is it critical?</h2>
<ul class="references">${statements.map(({ bearing, text }) => html`<li><b>${mark[bearing]}</b>${text}</li>\n`)}</ul>`;
}

function tablesSection(input: OrganisationInput): Markup | undefined {
  const tables = settingsTables(input);
  if (tables.length === 0) return undefined;
  const { ablations, sweep } = input.experiment;
  const parts = [
    ...(ablations.length > 1 ? ["each network without one rule"] : []),
    ...(Object.keys(sweep).length > 0 ? ["each cell of the sweep"] : []),
  ];
  const what = parts.length > 0 ? `A line for ${parts.join(" in ")}; ` : "";
  return html`<h2>${ablations.length > 1 ? "With and without each rule" : "Numbers"}</h2>
<p class="note">${what}mean ± standard deviation over seeds. Figures above show the first line.</p>
${tables}`;
}
