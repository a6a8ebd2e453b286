/**
 * @file The report of trained networks: one HTML file that holds everything and loads nothing.
 */

import type { TrainingRecord } from "../../results/training-record.ts";
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
import { choicesFigure, reactionFigure, trialsFigure } from "./behaviour-pictures.ts";
import { gridFigures, historyFigure, settingsFigure } from "./learning-curves.ts";
import {
  selectivityFigure,
  signFigure,
  spectrumFigure,
  trajectoryFigure,
  weightsFigure,
} from "./network-pictures.ts";
import { type ShownTask, shownTask } from "./shown-task.ts";
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
    const figures = await ifDrawable(draw);
    return figures && [figures].flat().map((figure) => figureBlock(figure, number()));
  };
  const detailed = settings[shown?.setting ?? ranking(settings)[0] ?? 0];
  const task = shown && shownTask(settings[shown.setting].experiment);
  const ofShown = (draw: (record: TrainingRecord, task: ShownTask) => Promise<ReportFigure | undefined>) =>
    show(async () => shown && task && draw(shown.record, task));
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
${notes.length > 0 && html`<h2>What this does not show</h2>${cautionList(notes)}`}
</header>
${failureSection({ failures: failed(input), run })}
${section("Numbers", [trainingTable(input)])}
${section("Learning", learning)}
${section("Behaviour", behaviour, shownWords(input))}
${section("Activity", activity)}
${section("Weights", [...weights, connections && html`<h3>Connections between groups</h3>${connections}`])}
${warningSection(input.warnings)}
<h2>How it was computed</h2>
<p>${backendWords(input)}</p>
${ranking(settings).length > 0 && methodsSection(trainingMethods(input))}
${provenanceSection(run)}
${experimentSection(input.experimentYaml)}`;
  return page(title, body).toString();
}

// Implementation

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

function failed({ failures }: TrainingInput): { job: string; message: string }[] {
  return failures.map(({ job, cell, message }) => ({
    job: cell === undefined || job.includes(".") ? job : `${job}, cell ${cell}`,
    message,
  }));
}
