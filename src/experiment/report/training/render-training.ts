/**
 * @file The report of trained networks: one HTML file that holds everything and loads nothing.
 */

import { CajalError } from "../../../core/index.ts";
import { html, type Markup } from "../html.ts";
import type { ReportFigure } from "../report-figures.ts";
import { failureSection, figureBlock, figureCounter, page, provenanceSection } from "../report-page.ts";
import { choicesFigure, reactionFigure, trialsFigure } from "./behaviour-pictures.ts";
import { gridFigures, historyFigure, settingsFigure } from "./learning-curves.ts";
import {
  selectivityFigure,
  signFigure,
  spectrumFigure,
  trajectoryFigure,
  weightsFigure,
} from "./network-pictures.ts";
import type { TrainingInput } from "./training-input.ts";
import { trainingMethods } from "./training-methods.ts";
import { ranking } from "./training-numbers.ts";
import { connectionTable, trainingTable } from "./training-tables.ts";
import { backendWords, shownWords, taskWords, trainingAnswer, trainingCautions } from "./training-words.ts";

/** Report as the text of an HTML file. The same input gives the same bytes. */
export async function renderTraining(input: TrainingInput): Promise<string> {
  const { title, experiment, run, settings, shown } = input;
  const number = figureCounter();
  const show = async (draw: () => Promise<ReportFigure | readonly ReportFigure[] | undefined>) => {
    const figures = await attempt(draw);
    return figures && [figures].flat().map((figure) => figureBlock(figure, number()));
  };
  const detailed = settings[shown?.setting ?? ranking(settings)[0] ?? 0];
  const ofShown = (
    draw: (record: NonNullable<typeof shown>["record"]) => Promise<ReportFigure | undefined>,
  ) => show(async () => shown && draw(shown.record));
  const notes = trainingCautions(input);
  const repeats = Math.max(0, ...settings.map(({ runs }) => runs.length));
  const learning = [
    await show(() => settingsFigure(input)),
    await show(() => gridFigures(input)),
    await show(async () => detailed && historyFigure(detailed)),
  ];
  const behaviour = [
    await ofShown(trialsFigure),
    await ofShown(choicesFigure),
    await ofShown(reactionFigure),
  ];
  const activity = [await ofShown(trajectoryFigure), await ofShown(selectivityFigure)];
  const weights = [await ofShown(weightsFigure), await ofShown(spectrumFigure), await ofShown(signFigure)];
  const connections = shown && connectionTable(shown.record);
  const body = html`<header>
<p class="kind">Cajal report · training on ${taskWords(experiment.task.name)} · ${settings.length > 1 && `${settings.length} settings · `}${repeats} ${repeats === 1 ? "repeat" : "repeats"}</p>
<h1>${title}</h1>
<p class="answer">${trainingAnswer(input)}</p>
${notes.length > 0 && html`<h2>What this does not show</h2><ul class="cautions">${notes.map((n) => html`<li>${n}</li>\n`)}</ul>`}
</header>
${failureSection({ failures: failed(input), run })}
${section("Numbers", [trainingTable(input)])}
${section("Learning", learning)}
${section("Behaviour", behaviour, shownWords(input))}
${section("Activity", activity)}
${section("Weights", [...weights, connections && html`<h3>Connections between groups</h3>${connections}`])}
${warningSection(input)}
<h2>How it was computed</h2>
<p>${backendWords(input)}</p>
${ranking(settings).length > 0 && methodsSection(input)}
${provenanceSection(run)}
<h2>Experiment</h2>
<p class="note">The file as resolved: every default is written out.</p>
<pre>${input.experimentYaml}</pre>`;
  return page(title, body).toString();
}

// Implementation

/** Warnings listed; the rest is counted. */
const MOST_WARNINGS = 20;

/** A picture that cannot be drawn is left out: too little data is no reason to have no report. */
async function attempt<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof CajalError) return undefined;
    throw error;
  }
}

/** A heading with what belongs under it; nothing where there is nothing. */
function section(
  title: string,
  parts: readonly (Markup | readonly Markup[] | undefined)[],
  note?: string,
): Markup | undefined {
  const present = parts.flat().filter((part) => part !== undefined);
  if (present.length === 0) return undefined;
  return html`<h2>${title}</h2>
${note && html`<p class="note">${note}</p>`}
${present}`;
}

function methodsSection(input: TrainingInput): Markup {
  const { text, references } = trainingMethods(input);
  return html`<h2>Methods, ready to paste</h2>
<p class="methods">${text}</p>
${references.length > 0 && html`<ul class="references">${references.map((r) => html`<li>${r}</li>\n`)}</ul>`}`;
}

function failed({ failures }: TrainingInput): { job: string; message: string }[] {
  return failures.map(({ job, cell, message }) => ({
    job: cell === undefined || job.includes(".") ? job : `${job}, cell ${cell}`,
    message,
  }));
}

function warningSection({ warnings }: TrainingInput): Markup | undefined {
  if (warnings.length === 0) return undefined;
  const rest = warnings.length - MOST_WARNINGS;
  return html`<h2>What to doubt</h2>
<ul class="references">${warnings.slice(0, MOST_WARNINGS).map((w) => html`<li>${w}</li>\n`)}${rest > 0 && html`<li>… and ${rest} more, see run.json.</li>`}</ul>`;
}
